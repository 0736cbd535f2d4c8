"""Lanes: each chat's events one at a time, oldest first, many chats in one transaction; the porch of the inbox."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from admin_commands import book, cards, desk
from bot import coupons, events
from jobs import configuration, facts, heard, media, parked, plans, ports, triggers
from jobs import coupons as offered
from storage import clock, database, friends, inbox, outbox, staff
from storage.media import received

SET = 100  # chats planned in one transaction
RUNNERS = 3  # transactions at a time in one process
LOCKED_PAUSE = 0.05  # a lane somebody else works on is tried again after this (DELIVERY 6)
RETRY_PAUSE = 1.0
PATIENCE = 8.0  # seconds with a database in trouble, before the lanes are given back
ASKING = 1.0  # seconds LINE may take to tell names, before the transaction
INTERRUPTIONS = 4  # an event that was begun this often and never ended is taken for a killer

LATE = cards.text("さきほどの結果です。")  # said before an answer whose own reply did not arrive (COMMANDS 3.13)

BUTTON = re.compile(r"b=([0-9]{1,18})")
COMMAND_LIKE = re.compile(r"[/／■#＃【@＠]|登録|とうろく|claim|スタッフ|申請", re.IGNORECASE)

log = structlog.get_logger()

Told = tuple[inbox.Event, events.Heard]  # an event, and what it says


class Sender(Protocol):
    """What a lane asks of delivery: send the rows just committed, now."""

    def send_soon(self, ids: Sequence[int]) -> None: ...


@dataclass(slots=True)
class Asked:
    """What was found out before the transaction began: what events say, by id, and what LINE told of names."""

    read: dict[int, events.Heard] = field(default_factory=dict)
    profiles: dict[str, ports.Profile] = field(default_factory=dict)
    group_names: dict[str, str] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    opened: Mapping[str, int | None] | None = None  # addresses of the web, once a turn has wanted to know
    coupons: offered.Told | None = None  # asked for only when an event has turned out to need them


class Lanes:
    """Works off the inbox; any number of processes may, since a lane is locked in the database."""

    def __init__(
        self,
        line: ports.Line,
        cache: configuration.Cache,
        sender: Sender,
        web: ports.Web,
        patience: float = PATIENCE,
    ) -> None:
        self._web = web
        self._patience = patience
        self._line = line
        self._cache = cache
        self._sender = sender
        self._waiting: dict[str, None] = {}
        self._busy: set[str] = set()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self, chats: Iterable[str]) -> None:
        """These chats have open events."""
        self._waiting |= dict.fromkeys(chats)
        if self._waiting:
            self._idle.clear()
            self._arrived.set()

    async def start(self) -> None:
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._run(), name=f"lanes {number}") for number in range(RUNNERS)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def settle(self) -> None:
        """Work off everything that is open now, to the last event (for the sandbox's clock)."""
        while chats := await inbox.open_chats(0, SET):
            self.wake(chats)
            await self._idle.wait()
            await asyncio.sleep(LOCKED_PAUSE)  # another process may hold what is left

    async def sweep(self, older_than: float) -> int:
        """Take up events that nobody has worked off: their process died, or the database was away."""
        chats = await inbox.open_chats(older_than, SET, tried=False)
        counted: dict[str, tuple[int, int]] = {}
        if chats:
            counted = await database.repeated(lambda: _count(chats))
            await self._work([chat for chat, (_, attempts) in counted.items() if attempts < INTERRUPTIONS])
            for chat in [chat for chat, (_, attempts) in counted.items() if attempts >= INTERRUPTIONS]:
                await self._park(chat, "interrupted each time")
            await database.repeated(lambda: inbox.survived([event for event, _ in counted.values()]))
        return len(counted)

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            chats = [chat for chat in self._waiting if chat not in self._busy][:SET]
            if not chats:
                self._arrived.clear()
                continue
            for chat in chats:
                del self._waiting[chat]
            self._busy |= set(chats)
            try:
                await self._work(chats)
            finally:
                self._busy -= set(chats)
                if self._waiting:
                    self._arrived.set()
                elif not self._busy:
                    self._idle.set()

    async def _work(self, chats: Sequence[str]) -> None:
        """One turn of these lanes; trouble between the transactions puts it off, and never ends whoever works here."""
        try:
            await self._turns(chats)
        except Exception as error:
            if not database.transient(error):
                log.error("lanes failed", chats=len(chats), exc_info=error)
            self._later(chats, RETRY_PAUSE)

    async def _turns(self, chats: Sequence[str]) -> None:
        """Customers' talks as one set, every other chat by itself."""
        peeked = await _oldest(chats, {})
        asked = await self._ask(peeked)
        alone = [event.chat for event, one in peeked if not _is_customers(one)]
        together = [event.chat for event, one in peeked if _is_customers(one)]
        if together:
            await self._turn(together, asked)
        for chat in alone:
            await self._turn([chat], asked)

    async def _turn(self, chats: Sequence[str], asked: Asked) -> None:
        """One transaction; a set that fails is halved until the one event at fault stands alone."""
        try:
            locked, ids = await database.repeated(lambda: self._transaction(chats, asked), self._patience)
        except desk.Unasked as wanted:
            await self._turn(chats, replace(asked, opened=await self._web.ask(wanted.addresses)))
            return
        except desk.CouponsWanted:
            asked.coupons = await coupons.told(self._line)
            await self._turn(chats, asked)
            return
        except Exception as error:  # noqa: BLE001 - the lane's door: one event's fault must hold up nobody else
            if not database.failed(error):
                self._later(chats, RETRY_PAUSE)
            elif len(chats) > 1:
                half = len(chats) // 2
                await self._turn(chats[:half], asked)
                await self._turn(chats[half:], asked)
            else:
                await self._failed(chats[0], error)
            return
        self._sender.send_soon(ids)
        self.wake(locked)
        self._later([chat for chat in chats if chat not in locked], LOCKED_PAUSE)

    def _later(self, chats: Sequence[str], pause: float) -> None:
        if chats:
            asyncio.get_running_loop().call_later(pause, self.wake, list(chats))

    async def _failed(self, chat: str, error: Exception) -> None:
        found = await inbox.oldest([chat])
        if not found:
            return
        log.error(
            "event failed", inbox_id=found[0].id, attempts=found[0].attempts, error=type(error).__name__, exc_info=error
        )
        if found[0].error is not None:
            await self._park(chat, type(error).__name__)
        else:
            await database.repeated(lambda: inbox.failed(found[0].id, type(error).__name__))
            self._later([chat], RETRY_PAUSE)

    async def _park(self, chat: str, reason: str) -> None:
        async def work() -> None:
            if await inbox.lock([chat]):
                for event in await inbox.oldest([chat]):
                    await inbox.park(event.id, reason, type(events.read(event.body).what).__name__)
                    await parked.tell()
                    log.error("event parked", inbox_id=event.id, reason=reason)

        await database.repeated(work)
        self.wake([chat])

    async def _transaction(self, chats: Sequence[str], asked: Asked) -> tuple[set[str], list[int]]:
        locked = await inbox.lock(chats)
        told = await _oldest(locked, asked.read)
        if len(chats) > 1:
            # an earlier event may have come in since the lanes were looked at: staff's gets a turn of its own
            told = [(event, one) for event, one in told if _is_customers(one)]
        if not told:
            return set(), []
        awaited = await _note(told)
        if all(_is_customers(one) for _, one in told) or await self._is_strangers(told[0][1]):
            ids = await self._customers(told, asked)
        else:
            ids = [row for event, one in told if event.id not in awaited for row in await self._desk(event, one, asked)]
        await inbox.done([event.id for event, _ in told])
        return locked, ids

    async def _is_strangers(self, one: events.Heard) -> bool:
        """Whether what looks like a command in a talk of two comes from somebody who is not staff."""
        return one.group_id is None and one.room_id is None and not await staff.is_active(one.user_id or "")

    async def _customers(self, told: Sequence[Told], asked: Asked) -> list[int]:
        users = sorted({one.user_id for _, one in told if one.user_id})
        if not users:
            return []
        people = await self._people(users, asked)
        moment = await clock.read()
        plan = plans.Plan(
            moment=moment,
            cache=self._cache,
            config=await self._cache.at(moment),
            people={friend.id: friend for friend in people.values()},
        )
        given: list[facts.Fact] = []
        for event, one in told:
            what = _fact(event, one)
            if what is None or one.user_id is None or one.mode != "active":
                continue
            friend = people[one.user_id].id
            given.append(facts.Fact(friend, event.event_at, what, facts.of_event(event.id)))
            if one.reply_token:
                plan.tokens[event.id] = plans.Token(friend, event.id, one.reply_token, event.received_at)
        await triggers.happened(given, plan)
        return await plan.write()

    async def _people(self, users: Sequence[str], asked: Asked) -> dict[str, friends.Known]:
        """The friends' rows, locked; whoever is new gets one."""
        told = [(one.user_id, one.name, one.picture_url, one.language) for one in asked.profiles.values()]
        if told:
            await friends.register([person for person in told if person[0] in set(users)], clock.NOW)
        people = await friends.lock_users(users)
        strangers = [user for user in users if user not in people]
        if strangers:
            await friends.register([(user, None, None, None) for user in strangers], clock.NOW)
            people |= await friends.lock_users(strangers)
        return people

    async def _desk(self, event: inbox.Event, one: events.Heard, asked: Asked) -> list[int]:
        """Staff's door; what waits to be told there rides on its answer, or on any word said in the group."""
        moment = await clock.read()
        group = one.group_id or one.room_id
        answer = await book.answer(
            desk.Heard(
                chat=event.chat,
                group=group,
                person=one.user_id,
                what=one.what,
                at=event.event_at,
                now=moment.now,
                inbox_id=event.id,
                names={user: profile.name for user, profile in asked.profiles.items()},
                group_name=asked.group_names.get(group or ""),
                members=asked.members.get(group or ""),
                opened=asked.opened,
                coupons=asked.coupons,
            ),
            self._cache,
        )
        rows = list(answer.rows) if answer else []
        if one.reply_token:
            said = answer.messages if answer else []
            about = answer.about if answer else None
            row = await outbox.answer(event.chat, one.user_id, said, event.id, one.reply_token, about, LATE)
            rows = [row, *rows] if row is not None else rows
        return rows

    async def _ask(self, peeked: Sequence[Told]) -> Asked:
        """Names LINE knows and we do not, within a second; what does not come in time is asked for another day."""
        asked = Asked({event.id: one for event, one in peeked})
        told = list(asked.read.values())
        customers = [one.user_id for one in told if one.user_id and not (one.group_id or one.room_id)]
        unknown = await friends.unknown(customers) if customers else []
        calls = [self._ask_profile(asked, user) for user in unknown]
        for one in told:
            if one.group_id and isinstance(one.what, heard.Joined | heard.MembersJoined | heard.MembersLeft):
                calls.append(self._ask_group(asked, one.group_id))
            if one.group_id:
                calls += [self._ask_member(asked, one.group_id, user) for user in _people_named(one)]
        if calls:
            tasks = [asyncio.create_task(call) for call in calls]
            _, late = await asyncio.wait(tasks, timeout=ASKING)
            for task in late:
                task.cancel()
        return asked

    async def _ask_profile(self, asked: Asked, user: str) -> None:
        try:
            asked.profiles[user] = await self._line.profile(user)
        except (ports.Later, ports.Never):
            pass

    async def _ask_member(self, asked: Asked, group: str, user: str) -> None:
        try:
            asked.profiles[user] = await self._line.member(group, user)
        except (ports.Later, ports.Never):
            pass

    async def _ask_group(self, asked: Asked, group: str) -> None:
        try:
            asked.group_names[group] = await self._line.group_name(group)
            asked.members[group] = await self._line.member_count(group)
        except (ports.Later, ports.Never):
            pass


async def _oldest(chats: Iterable[str], read: Mapping[int, events.Heard]) -> list[Told]:
    """Each chat's oldest open event, oldest first; what has been `read` before is not read again."""
    return [(event, read.get(event.id) or events.read(event.body)) for event in await inbox.oldest(chats)]


async def _count(chats: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Count an attempt for the oldest event of each lane that is free; in a commit of its own, before the work.

    The chats whose event was counted, with its id and its attempts.
    """
    found = await inbox.oldest(await inbox.lock(chats))
    counted = await inbox.count_attempt([event.id for event in found])
    return {event.chat: (event.id, counted[event.id]) for event in found if event.id in counted}


async def _note(told: Sequence[Told]) -> set[int]:
    """What staff have sent is wanted, and what they take back is erased; the events to be answered once it has come."""
    sent = [
        received.Arrival(one.what.message_id, event.chat, one.user_id, one.what.kind, one.what.duration_ms, event.id)
        for event, one in told
        if isinstance(one.what, heard.SentMedia) and one.what.kind in media.MOST and not one.what.external
    ]
    unsent = [(one.what.message_id, event.chat) for event, one in told if isinstance(one.what, heard.Unsent)]
    if unsent:
        await received.take_back(unsent)
    return await received.note(sent) if sent else set()


def _is_customers(one: events.Heard) -> bool:
    """Whether this belongs to a customer's talk; groups and staff's commands go to their own door."""
    if one.group_id or one.room_id:
        return False
    if isinstance(one.what, heard.Said):
        return not one.what.text.lstrip().startswith(("/", "／"))
    return not (isinstance(one.what, heard.Pressed) and one.what.data.startswith("t="))


def _fact(event: inbox.Event, one: events.Heard) -> facts.What | None:
    match one.what:
        case heard.Followed():
            return facts.Followed(event.webhook_event_id)
        case heard.Unfollowed():
            return facts.Unfollowed(event.webhook_event_id)
        case heard.Said(text=text):
            return facts.Said("text", text)
        case heard.SentMedia(kind=kind, file_name=file_name, place=place):
            return facts.Said(kind, file_name or place or "")
        case heard.SentSticker(text=text, package_id=package, sticker_id=sticker):
            return facts.Said("sticker", text or "", f"{package}/{sticker}")
        case heard.Pressed(data=data, params=params) if "newRichMenuAliasId" not in params:
            found = BUTTON.fullmatch(data)
            return facts.Pressed(int(found[1]) if found else None, params.get("date") or params.get("datetime"))
        case heard.VideoPlayed(tracking_id=tracking_id):
            found = BUTTON.fullmatch(tracking_id)
            return facts.VideoCompleted(int(found[1])) if found else None
    return None


def _people_named(one: events.Heard) -> list[str]:
    """Whose names a group's event may need: newcomers, and speaker and mentioned people of what may be a command."""
    if isinstance(one.what, heard.MembersJoined):
        return list(one.what.user_ids[:10])
    if isinstance(one.what, heard.Said) and COMMAND_LIKE.search(one.what.text):
        mentioned = [m.user_id for m in one.what.mentions if m.user_id and not m.is_self]
        return [user for user in [one.user_id, *mentioned] if user][:10]
    return []
