"""What one transaction wants sent: gathered in order, then written as replies, multicasts and pushes in bulk."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from jobs import action_lists, configuration, facts, messages, notices, personal
from storage import clock, delayed, friend_events, friends, segments, sends
from storage.links import clicks

REPLY_OBJECTS = 5  # LINE_PLATFORM 3.1: message objects in one request
MULTICAST_PEOPLE = 500
SHORT_DELAYS = 12  # in a row: as many as there are rounds in one transaction
TOKEN_LIFE = timedelta(seconds=50)  # LINE promises a minute (LINE_PLATFORM 2); the call itself takes time too


@dataclass(frozen=True, slots=True)
class Token:
    """An event's reply token, and whose talk it belongs to."""

    friend: int
    inbox_id: int
    text: str
    received_at: datetime


@dataclass(slots=True)
class Cause:
    """Why something is sent: `delivery` is unique per friend, `row` what the claim looks at, `klass` the class.

    What is `quiet` makes no sound on the phone; a reply to what somebody has just done always does.
    """

    delivery: str
    row: str
    klass: str
    quiet: bool = False


@dataclass(slots=True)
class Send:
    friend: friends.Known
    messages: messages.Compiled
    cause: Cause
    token: Token | None


@dataclass(slots=True)
class Plan:
    """One transaction's moment, rules, locked friends and reply tokens, and what has been planned so far."""

    moment: clock.Moment
    cache: configuration.Cache
    config: configuration.Configuration
    people: dict[int, friends.Known]
    tokens: dict[int, Token] = field(default_factory=dict)  # by inbox id
    wanted: list[Send] = field(default_factory=list)
    events: list[friend_events.Entry] = field(default_factory=list)
    done: list[sends.NewDelivery] = field(default_factory=list)
    later: list[delayed.New] = field(default_factory=list)
    worn_out: list[int] = field(default_factory=list)  # friends whose delays followed each other too often
    told: list[notices.Notice] = field(default_factory=list)
    links: list[clicks.Sent] = field(default_factory=list)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    # walks whose next step is due, but comes after what the last one's actions bring about; with their events
    resting: dict[int, int | None] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.moment.now

    @property
    def sight(self) -> segments.Sight:
        """Conditions as they are judged at this moment, of all friends."""
        return segments.Sight(self.now, self.config.zone, meaning=self.config.meaning)

    def record(self, friend: int, kind: str, subject: int | None, at: datetime, data: object = None) -> None:
        self.events.append(friend_events.Entry(friend, kind, subject, at, data))

    def send(self, friend: int, content: messages.Compiled, cause: Cause, event: int | None) -> None:
        """Plan `content` for a friend; inside the reply of `event` while there is room in it."""
        self.wanted.append(Send(self.people[friend], content, cause, self.living_token(friend, event)))

    def send_by_action(
        self, friend: int, content: messages.Compiled, origin: facts.Origin, *, quiet: bool = False
    ) -> None:
        """The same for what an action list sends: the nth such send of its origin to this friend."""
        number = self.numbers[origin.root, friend] = self.numbers.get((origin.root, friend), 0) + 1
        klass = "transactional" if origin.event is not None or origin.answers else "promotion"
        self.send(friend, content, Cause(f"{origin.root}:{number}", origin.row, klass, quiet), origin.event)

    def put_off(self, friend: int, action: action_lists.Action, origin: facts.Origin) -> None:
        """Let an action with a delay wait in the database; not for somebody whom nothing of ours reaches.

        One short delay after the other is no more than SHORT_DELAYS: what brings itself about again would do so, and
        might send, every minute for ever. From one day to the next staff see what goes on.
        """
        if action.after is None or not self.people[friend].reachable:
            return
        at = action_lists.due(action.after, friend, origin.root, self.now, self.config.zone)
        delays = origin.delays + 1 if at - self.now < timedelta(days=1) else 0
        if delays > SHORT_DELAYS:
            self.worn_out.append(friend)
            return
        waiting = orjson.dumps([action.at_last().stored()]).decode()
        self.later.append(delayed.New(friend, waiting, at, origin.deed or origin.root, origin.row, delays))

    async def words(self, friends: Sequence[int], content: messages.Compiled) -> dict[int, str]:
        """The text that content of one text is for each of these friends, to tell staff; private values are stars."""
        told = await personal.of(
            content.variables, friends, self.now, self.config.zone, links=self.config.links, discreet=True
        )
        return {one: str(content.render(told(one, self.people[one].name))[0]["text"]) for one in friends}

    def nothing_to_send(self, friend: int, delivery: str) -> None:
        """A step without messages is kept as a delivery too, so that it cannot be carried out twice."""
        self.done.append(sends.NewDelivery(delivery, friend, None, "none"))

    def pass_over(self, friend: int, delivery: str) -> None:
        """A step that is for others is kept as well: it does not come back when the scenario changes."""
        self.done.append(sends.NewDelivery(delivery, friend, None, "skipped"))

    def living_token(self, friend: int, event: int | None) -> Token | None:
        token = self.tokens.get(event) if event is not None else None
        if token is None or token.friend != friend or self.now - token.received_at > TOKEN_LIFE:
            return None
        return token

    async def write(self) -> list[int]:
        """Write everything; ids of the new outbox rows in the order they shall leave."""
        rows, deliveries = await self._rows()
        if self.later:
            await delayed.put_off(self.later, self.now)
        if self.told:
            await notices.write(self.told, self.sight)
        await sends.write(rows, deliveries + self.done, self.events)
        if self.links:
            await clicks.sent(self.links)
        return [row.id for row in rows]

    async def _rows(self) -> tuple[list[sends.NewRow], list[sends.NewDelivery]]:
        going = [send for send in self.wanted if _may_go(send)]
        deliveries = [
            sends.NewDelivery(send.cause.delivery, send.friend.id, None, "cancelled")
            for send in self.wanted
            if not _may_go(send)
        ]
        if not going:
            return [], deliveries
        replies, rest = _packed(going)
        said = {id(send.messages): send.messages.variables for send in going}
        variables = frozenset().union(*said.values())
        told = await personal.of(
            variables,
            [send.friend.id for send in going],
            self.now,
            self.config.zone,
            links=self.config.links,
            as_typed=self.config.as_typed,
            key=self.config.key,
        )
        calls = _calls(rest, told)
        numbered = sum(map(len, replies)) + sum(len(call.sends) == 1 for call in calls)
        row_ids, numbers_free = await sends.reserve(len(replies) + len(calls), numbered)
        delivery_ids = iter(numbers_free)
        earlier = await sends.unfinished(sorted({send.friend.id for send in rest}))
        last: dict[int, int] = {}
        rows: list[sends.NewRow] = []
        for row_id, pack in zip(row_ids, replies, strict=False):
            numbers = [next(delivery_ids) for _ in pack]
            contents = [send.messages.render(told(send.friend.id, send.friend.name)) for send in pack]
            rows.append(_reply(row_id, pack, contents, numbers))
            last[pack[0].friend.id] = row_id
            deliveries += _deliveries(pack, row_id, numbers)
            self._note_links(pack, numbers)
        for row_id, call in zip(row_ids[len(replies) :], calls, strict=True):
            people = [send.friend.id for send in call.sends]
            after = sorted(
                {last[one] for one in people if one in last}
                | {one for friend in people for one in earlier.get((friend, call.sends[0].cause.klass), ())}
            )
            number = next(delivery_ids) if len(call.sends) == 1 else None
            users = [send.friend.line_user_id for send in call.sends]
            first = call.sends[0]
            rows.append(push_or_multicast(row_id, call.body, users, first.messages.count, first.cause, after, number))
            last |= dict.fromkeys(people, row_id)
            deliveries += _deliveries(call.sends, row_id, [number] * len(call.sends))
            self._note_links(call.sends, [number] * len(call.sends))
        return rows, deliveries

    def _note_links(self, going: Sequence[Send], numbers: Sequence[int | None]) -> None:
        """Who gets which measured link; an address of one's own never leaves together with others'."""
        for send, number in zip(going, numbers, strict=True):
            if number is not None and self.config.key:
                links = personal.links_in(send.messages.variables, self.config.as_typed)
                self.links += [clicks.Sent(one, send.friend.id, number) for one in links]


@dataclass(slots=True)
class Call:
    body: bytes
    sends: list[Send]


def _may_go(send: Send) -> bool:
    """LINE would deliver it, and it is no promotion for somebody who wants none."""
    return send.friend.reachable and not (send.friend.opted_out and send.cause.klass == "promotion")


def _packed(going: Sequence[Send]) -> tuple[list[list[Send]], list[Send]]:
    """Each event's sends while they fit into one reply, in order; and all the others."""
    packs: dict[int, list[Send]] = {}
    full: set[int] = set()
    rest: list[Send] = []
    for send in going:
        event = send.token.inbox_id if send.token else None
        if event is None or event in full:
            rest.append(send)
        elif sum(one.messages.count for one in packs.get(event, [])) + send.messages.count > REPLY_OBJECTS:
            full.add(event)
            rest.append(send)
        else:
            packs.setdefault(event, []).append(send)
    return list(packs.values()), rest


def _calls(going: Sequence[Send], told: personal.Of) -> list[Call]:
    """Identical messages of one cause together, in the order of the first; personal ones alone."""
    calls: list[Call] = []
    open_calls: dict[tuple[bytes, str, str, int, bool], Call] = {}
    turn: dict[int, int] = defaultdict(int)
    for send in going:
        body = send.messages.render_bytes(told(send.friend.id, send.friend.name) if send.messages.personal else None)
        # a friend's second message must not jump into a call that leaves before the first one
        key = (body, send.cause.row, send.cause.klass, turn[send.friend.id], send.cause.quiet)
        turn[send.friend.id] += 1
        call = open_calls.get(key)
        if call is None or len(call.sends) == MULTICAST_PEOPLE:
            call = open_calls[key] = Call(body, [])
            calls.append(call)
        call.sends.append(send)
    return calls


def _reply(row_id: int, pack: list[Send], contents: list[list[dict[str, object]]], numbers: list[int]) -> sends.NewRow:
    token = pack[0].token
    if token is None:
        raise ValueError("only sends with a token are packed into a reply")
    return sends.NewRow(
        id=row_id,
        kind="reply",
        klass="reply",
        priority=1,
        cause=f"event:{token.inbox_id}",
        chat=pack[0].friend.line_user_id,
        body=orjson.dumps([one for content in contents for one in content]),
        parts=[[number, len(content)] for number, content in zip(numbers, contents, strict=True)],
        inbox_id=token.inbox_id,
        reply_token=token.text,
    )


def push_or_multicast(
    row_id: int, body: bytes, users: list[str], count: int, cause: Cause, after: list[int], number: int | None
) -> sends.NewRow:
    """One call with `count` messages for these users; for one alone with the number of its delivery."""
    alone = len(users) == 1
    return sends.NewRow(
        id=row_id,
        kind="push" if alone else "multicast",
        klass=cause.klass,
        priority=2 if cause.klass == "transactional" else 5,
        cause=cause.row,
        chat=users[0] if alone else "",
        recipients=[] if alone else users,
        body=body,
        parts=[[number, count]] if alone else None,
        retry_key=uuid.uuid4(),
        cost=len(users),
        after=after,
        quiet=cause.quiet,
    )


def _deliveries(together: Sequence[Send], row_id: int, numbers: Sequence[int | None]) -> list[sends.NewDelivery]:
    return [
        sends.NewDelivery(send.cause.delivery, send.friend.id, row_id, id=number)
        for send, number in zip(together, numbers, strict=True)
    ]
