"""The desk a command is carried out at: who asks, where, when, what they have confirmed, and what is to be recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from admin_commands import cards
from jobs import configuration, heard
from storage import audit, changes, dialogues, errors, staff

ROLES: dict[staff.Role, str] = {"viewer": "閲覧", "operator": "オペレーター", "manager": "管理者", "owner": "オーナー"}
RANK: dict[staff.Role, int] = {role: rank for rank, role in enumerate(ROLES)}

Level = Literal[0, 1, 2, 3]

PRESSED_LIFE = timedelta(minutes=30)  # COMMANDS 3.3
TYPED_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a group or of a staff member's own talk, and what LINE told about it before."""

    chat: str  # the lane: a group's or a user's LINE id
    group: str | None  # LINE group (or room) id; None in a talk of two
    person: str | None  # LINE user id; absent in some group events: such a person can read but never act
    what: heard.What
    at: datetime  # when it happened
    now: datetime
    inbox_id: int
    names: Mapping[str, str] = field(default_factory=dict)  # LINE user id -> name, as far as LINE was asked
    group_name: str | None = None
    members: int | None = None  # people in the group without the bot, as far as LINE was asked


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. Somebody whose id LINE withholds can read but never act: `user_id` and `staff_id` are None."""

    staff_id: int | None
    user_id: str | None
    name: str
    role: staff.Role
    suspended: bool = False


class Declined(errors.Refused):
    """A refusal that offers a way on."""

    def __init__(self, message: str, *taps: cards.Tap) -> None:
        super().__init__(message)
        self.taps = taps


class Unknown(Declined):
    """A name that fits nothing; `likeness` is that of the best guess, 0 to 1."""

    def __init__(self, message: str, likeness: float, *taps: cards.Tap) -> None:
        super().__init__(message, *taps)
        self.likeness = likeness


@dataclass(slots=True)
class Unconfirmed(Exception):
    """Nothing has been done: it has to be confirmed first, by a press or by typing `typed`."""

    place: int
    title: str
    lines: Sequence[str]
    holds: Mapping[str, Any]
    label: str
    warnings: Sequence[str]
    before: Sequence[cards.Message]
    typed: str | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """A change as the audit keeps it."""

    verb: str
    arguments: dict[str, Any]
    sentence: str
    inverse: Sequence[changes.Change]


@dataclass(slots=True)
class Desk:
    heard: Heard
    actor: Actor
    cache: configuration.Cache
    now: datetime
    zone: ZoneInfo
    config: configuration.Configuration
    held: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # place of the command -> what was shown
    place: int = 0  # which command of the message is being carried out
    deeds: list[Deed] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    found_something: bool = False  # an object was recognised, so the message was meant for us
    entry: int | None = None
    undoes: int | None = None  # the entry that is taken back

    @property
    def chat(self) -> str:
        return self.heard.chat

    def may(self, role: staff.Role) -> bool:
        return RANK[self.actor.role] >= RANK[role]

    async def entry_id(self) -> int:
        """The number of the audit entry that all deeds of this message will share."""
        if self.entry is None:
            self.entry = await audit.reserve()
        return self.entry

    def record(
        self, verb: str, arguments: dict[str, Any], sentence: str, inverse: Sequence[changes.Change] = ()
    ) -> None:
        self.deeds.append(Deed(verb, arguments, sentence, inverse))

    def forget(self) -> None:
        """What the savepoint has undone was never done."""
        self.rows.clear()
        self.deeds.clear()
        self.entry = self.undoes = None

    def confirm(
        self,
        title: str,
        lines: Sequence[str],
        *,
        holds: Mapping[str, Any],
        label: str = "実行する",
        warnings: Sequence[str] = (),
        before: Sequence[cards.Message] = (),
        typed: str | None = None,
    ) -> None:
        """Go on only when just this has been shown and confirmed; otherwise show it (again).

        `holds` is what must not have changed between card and press: versions, counts.
        """
        shown = self.held.get(str(self.place))
        if shown == holds:
            return
        raise Unconfirmed(self.place, title, lines, holds, label, warnings, before, typed, stale=shown is not None)

    async def ask(
        self,
        command: str,
        held: Mapping[str, Mapping[str, Any]],
        *,
        typed: str | None = None,
        policy: dialogues.Policy = "asker",
    ) -> tuple[str, str]:
        """Keep what was shown, to be confirmed by whoever asks; the token and the time until which it holds."""
        life = TYPED_LIFE if typed else PRESSED_LIFE
        what = self.heard.what
        mentions = what.mentions if isinstance(what, heard.Said) and what.text == command else ()
        token = await dialogues.ask(
            self.chat,
            self.actor.user_id or "",
            policy,
            command,
            {"held": held, "typed": typed, "mentions": [asdict(mention) for mention in mentions]},
            self.now,
            self.now + life,
        )
        return token, self.clock(self.now + life)

    async def request(self, user_id: str, name: str, role: staff.Role) -> tuple[str, str]:
        """A wish to be let in, for an owner to approve; its token and the time until which it holds."""
        wish = {"user": user_id, "name": name, "role": role}
        token = await dialogues.ask(
            self.chat,
            user_id,
            "anyone_registered",
            "スタッフ 承認",
            {"held": {"wish": wish}},
            self.now,
            self.now + PRESSED_LIFE,
        )
        return token, self.clock(self.now + PRESSED_LIFE)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> str:
        """11/24(火), with the year when it is another one."""
        local = self.local(at)
        year = "" if local.year == self.local(self.now).year else f"{local.year}/"
        return f"{year}{local.month}/{local.day}({'月火水木金土日'[local.weekday()]})"

    def clock(self, at: datetime) -> str:
        local = self.local(at)
        return f"{local.hour}:{local.minute:02d}"

    def moment(self, at: datetime) -> str:
        return f"{self.day(at)} {self.clock(at)}"
