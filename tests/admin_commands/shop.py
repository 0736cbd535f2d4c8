"""A small shop for the tests of staff's door: its group, its staff, its friends; words said, answers read."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from admin_commands import book, cards, desk, segments
from admin_commands.grammar import Context, read, words
from admin_commands.grammar import segments as grammar
from admin_commands.grammar.commands import Command
from admin_commands.grammar.readings import Batch, Menu, SessionWord
from jobs import configuration, heard, messages
from jobs import coupons as offered
from storage import clock, database, friends, quotable, staff

TOKYO = ZoneInfo("Asia/Tokyo")
GROUP = "C" + "0" * 31 + "1"
YAMADA, SATO, SUZUKI, TAKAHASHI = (f"U{n:032x}" for n in range(0xA1, 0xA5))
NOBODY_ASKED: Mapping[str, int | None] = {}
NAMES = {YAMADA: "山田", SATO: "佐藤", SUZUKI: "鈴木", TAKAHASHI: "高橋"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: all words of it, the taps under it, the tokens of its buttons, and the raw messages."""

    messages: list[dict[str, Any]]
    rows: list[int]
    about: quotable.About | None = None

    @property
    def text(self) -> str:
        return "\n".join(told for message in self.messages for told in _words(message))

    @property
    def taps(self) -> dict[str, str]:
        """What can be pressed on and under the last message, by label; やめる of a card is left out."""
        found = _actions(self.messages[-1]) if self.messages else []
        typed: dict[str, str] = {
            one["label"]: one.get("text") or one.get("clipboardText") or one["data"] for one in found
        }
        return {label: says for label, says in typed.items() if says != "/やめる"}

    @property
    def presses(self) -> dict[str, str]:
        """Of these the ones that type nothing: label -> data."""
        found = _actions(self.messages[-1]) if self.messages else []
        return {one["label"]: one["data"] for one in found if one["type"] == "postback"}

    @property
    def tokens(self) -> list[str]:
        return [data.removeprefix("t=") for message in self.messages for data in _data(message)]


def _words(tree: Any) -> list[str]:
    """The words of a message as they are read: what stands side by side on a card is one line."""
    if isinstance(tree, list):
        return [word for one in tree for word in _words(one)]
    if not isinstance(tree, dict):
        return []
    own = (
        [tree["text"]]
        if isinstance(tree.get("text"), str) and tree.get("type") in ("text", "buttons", "confirm")
        else []
    )
    told = own + [word for key, one in tree.items() if key not in ("quickReply", "action") for word in _words(one)]
    if tree.get("layout") == "baseline":
        return [": ".join(told)]
    return [" ".join(told)] if tree.get("layout") == "horizontal" and told else told


def _actions(tree: Any) -> list[dict[str, Any]]:
    """What can be pressed without deciding anything, rows of lists left out: they are numbered."""
    if isinstance(tree, list):
        return [action for one in tree for action in _actions(one)]
    if not isinstance(tree, dict):
        return []
    own = [tree["action"]] if tree.get("type") in ("button", "action") and not _decides(tree) else []
    return own + [action for one in tree.values() for action in _actions(one)]


def _decides(part: dict[str, Any]) -> bool:
    """Whether a button confirms a card, turns it down, or is one of its ways to go on."""
    data = part["action"].get("data", "")
    return part["type"] == "button" and bool(data) and (part["style"] != "secondary" or cards.CHOSEN in data)


def _typed(tree: Any) -> list[str]:
    """All texts that a tap would type, rows of lists too."""
    if isinstance(tree, list):
        return [text for one in tree for text in _typed(one)]
    if not isinstance(tree, dict) or tree.get("type") == "imagemap":  # a preview: customers press that
        return []
    own = [tree["text"]] if tree.get("type") == "message" and isinstance(tree.get("text"), str) else []
    return own + [text for one in tree.values() for text in _typed(one)]


def _understood(text: str) -> bool:
    """Whether what a tap types is a command that exists, or a word that answers."""
    match read(text, Context(recent=True, waiting=True)):
        case Batch(commands=commands, faults=()) | Batch(commands=commands, faults=[]):
            return bool(commands) and all(map(_exists, commands))
        case SessionWord() | Menu():
            return True
    return False


def _exists(said: Command) -> bool:
    noun = next((one for one in book.NOUNS if one.key == said.noun), None)
    return noun is not None and (noun.command(said.verb) is not None or noun.begins_wizard(said))


def _data(tree: Any) -> list[str]:
    if isinstance(tree, list):
        return [data for one in tree for data in _data(one)]
    if not isinstance(tree, dict):
        return []
    own = [tree["data"]] if isinstance(tree.get("data"), str) and tree["data"].startswith("t=") else []
    return own + [data for one in tree.values() for data in _data(one)]


@dataclass(slots=True)
class Shop:
    """The shop's own group; everybody says things there unless told otherwise."""

    cache: configuration.Cache = field(default_factory=lambda: configuration.Cache(TOKYO))
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    coupons: offered.Told = ()  # what LINE says when it is asked

    async def hear(
        self,
        what: heard.What,
        who: str | None = YAMADA,
        *,
        chat: str = GROUP,
        private: bool = False,
        members: int | None = None,
        names: Mapping[str, str] = NAMES,
        at: datetime | None = None,
        opened: Mapping[str, int | None] | None = NOBODY_ASKED,
    ) -> Answer | None:
        """One event in a transaction of its own, as a lane would hand it on."""

        async def work() -> book.Answer | None:
            now = await clock.now()
            return await book.answer(
                desk.Heard(
                    chat=who or "" if private else chat,
                    group=None if private else chat,
                    person=who,
                    what=what,
                    at=at or now,
                    now=now,
                    inbox_id=next(self.numbers),
                    names=names,
                    group_name="スタッフ会議",
                    members=members,
                    opened=opened,
                    coupons=self.coupons,
                ),
                self.cache,
            )

        found = await database.repeated(work)
        if found is None:
            return None
        faults = messages.check(found.messages)
        # staff are sent their answers as they are, so that {…} in one may well be a faulty word quoted back
        assert [one for one in faults if not one.message_ja.startswith("差し込み")] == []
        assert [one for one in _typed(found.messages) if not _understood(one)] == []
        return Answer(found.messages, found.rows, found.about)

    async def say(self, text: str, who: str | None = YAMADA, **rest: Any) -> Answer | None:
        return await self.hear(heard.Said(text), who, **rest)

    async def ask(self, text: str, who: str | None = YAMADA, **rest: Any) -> Answer:
        """The same, and an answer must come."""
        found = await self.say(text, who, **rest)
        assert found is not None, f"silence to {text!r}"
        return found

    async def quote(self, answer: Answer, text: str, who: str | None = YAMADA, **rest: Any) -> Answer | None:
        """The same under a quote of an answer, which LINE has given an id."""
        message = f"{next(self.numbers)}"
        if answer.about is not None:
            await quotable.Quotable.create(
                message_id=message, chat=rest.get("chat", GROUP), about=answer.about, at=await clock.now()
            )
        return await self.hear(heard.Said(text, quoted_message_id=message), who, **rest)

    async def press(self, answer: Answer, who: str | None = YAMADA, way: str = "", **rest: Any) -> Answer:
        """The last card's button; of several ways to go on the one of this key, else the first."""
        token = answer.tokens[-1]
        if cards.CHOSEN in token:
            card = token.partition(cards.CHOSEN)[0]
            token = next(one for one in answer.tokens if one.startswith(f"{card}{cards.CHOSEN}{way}"))
        found = await self.hear(heard.Pressed(f"t={token}"), who, **rest)
        assert found is not None
        return found

    async def tap_typed(self, answer: Answer, label: str, who: str | None = YAMADA, **rest: Any) -> Answer:
        """What the button of this name types."""
        return await self.ask(answer.taps[label], who, **rest)

    async def tap(self, answer: Answer, label: str, who: str | None = YAMADA, **rest: Any) -> Answer:
        """The button of this name under an answer."""
        found = await self.hear(heard.Pressed(answer.presses[label]), who, **rest)
        assert found is not None
        return found

    async def mention(self, text: str, name: str, user: str, who: str = YAMADA) -> Answer:
        """`text` with @name in it, which LINE says is `user`."""
        start = text.index(f"@{name}")
        mention = heard.Mention(start, len(name) + 1, user, False)
        found = await self.hear(heard.Said(text, mentions=(mention,)), who)
        assert found is not None
        return found

    async def claim(self, who: str = YAMADA, chat: str = GROUP) -> Answer:
        """The group joined and claimed; `who` is its owner."""
        await self.hear(heard.Joined(), None, chat=chat, members=5)
        code = await database.repeated(self._code)
        return await self.ask(f"登録 {code[:4]}-{code[4:]}", who, chat=chat)

    async def _code(self) -> str:
        return await staff.new_code("owner", await clock.now())

    async def employ(self, who: str, role: staff.Role) -> None:
        async def work() -> None:
            await staff.appoint(who, NAMES[who], role, await clock.now())

        await database.repeated(work)

    async def linked(self, condition: str) -> dict[str, Any]:
        """The stored form of a condition."""

        async def work() -> dict[str, Any]:
            moment = await clock.read()
            config = await self.cache.at(moment)
            said = desk.Heard(GROUP, GROUP, YAMADA, heard.Said(condition), moment.now, moment.now, 1)
            actor = desk.Actor(1, YAMADA, NAMES[YAMADA], "owner")
            at = desk.Desk(said, actor, self.cache, moment.now, config.zone, config)
            segment, faults = grammar.read(words.line_of(condition))
            assert segment.tree is not None, faults
            return (await segments.link(at, segment.tree, lambda _: "")).stored

        return await database.repeated(work)

    async def pass_time(self, **much: float) -> None:
        async def work() -> None:
            await clock.move(await clock.now() + timedelta(**much))

        await database.repeated(work)


async def open_in_the_morning() -> None:
    """Go to the next time it is eight o'clock, when the quiet hours end."""
    now = (await clock.now()).astimezone(TOKYO)
    eight = now.replace(hour=8, minute=0, second=0, microsecond=0)
    await clock.move(eight if now < eight else eight + timedelta(days=1))


async def befriend(*names: str) -> list[int]:
    """Friends of these names, who follow the account."""
    known: int = await database.value("SELECT count(*) FROM friends")
    users = [f"U{known + place:032x}" for place in range(1, len(names) + 1)]
    await friends.register([(user, name, None, None) for user, name in zip(users, names, strict=True)], clock.NOW)
    found = await database.rows(
        f"UPDATE friends SET following = true, followed_at = {clock.NOW} WHERE line_user_id = ANY($1::text[])"
        " RETURNING id",
        users,
    )
    return sorted(row["id"] for row in found)


async def crowd(count: int, tag: str | None = None) -> None:
    """Many friends at once, wearing a tag if one is named."""
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT 'Uc' || lpad(to_hex(n), 31, '0'), '客' || n, true, now() FROM generate_series(1, $1::int) AS n",
        count,
    )
    if tag is not None:
        await database.run(
            "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT f.id, t.id, now() FROM friends f, tags t"
            " WHERE f.line_user_id LIKE 'Uc%' AND t.name = $1",
            tag,
        )


async def worn(friend: int) -> list[str]:
    return await friends.tags_of(friend)


async def walks() -> Sequence[dict[str, Any]]:
    return await database.rows(
        "SELECT friend_id, scenario_id, version_id, state, position FROM subscriptions ORDER BY id"
    )
