"""The desk a command is carried out at: who asks, where, when, what they have confirmed, and what is to be recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from admin_commands import cards
from admin_commands.grammar import normalise
from admin_commands.grammar.reading import SESSION_WORDS
from jobs import configuration, heard
from jobs import coupons as offered
from storage import audit, changes, clock, dialogues, errors, named, quotable, segments, staff

ROLES: dict[staff.Role, str] = {"viewer": "閲覧", "operator": "オペレーター", "manager": "管理者", "owner": "オーナー"}
RANK: dict[staff.Role, int] = {role: rank for rank, role in enumerate(ROLES)}

Level = Literal[0, 1, 2, 3]
Mentions = Sequence[heard.Mention]

# Said of friends somebody may not see, whether they exist or not.
OUTSIDE = "🔒 担当の友だちの中に見つかりません。ほかの友だちは担当外です。"

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
    # what addresses of the web answered (None: nothing); None as a whole: they can be asked, with Unasked
    opened: Mapping[str, int | None] | None = field(default_factory=dict)
    coupons: offered.Told | None = None  # None: LINE has not been asked; whoever needs them raises CouponsWanted


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. Somebody whose id LINE withholds can read but never act: `user_id` and `staff_id` are None."""

    staff_id: int | None
    user_id: str | None
    name: str
    role: staff.Role  # what they may do here: the lower of their own role and the group's
    own: staff.Role = "viewer"
    suspended: bool = False


class Declined(errors.Refused):
    """A refusal that offers a way on."""

    def __init__(self, message: str, *taps: cards.Tap) -> None:
        super().__init__(message)
        self.taps = taps


class CouponsWanted(Exception):
    """The shop's coupons are needed: the porch asks LINE outside the transaction, and hands the event in again."""


class Unknown(Declined):
    """A name that fits nothing; `likeness` is that of the best guess, 0 to 1."""

    def __init__(self, message: str, likeness: float, *taps: cards.Tap) -> None:
        super().__init__(message, *taps)
        self.likeness = likeness


class Forbidden(Declined):
    """A refusal for lack of a role; whoever has `needs` can be asked to do it."""

    def __init__(self, message: str, needs: staff.Role) -> None:
        super().__init__(message)
        self.needs = needs


@dataclass(slots=True)
class Unconfirmed(Exception):
    """Nothing has been done: it has to be confirmed first, by a press or by typing `typed`."""

    key: str  # under which a press finds what was shown: the place of the command, and the stage of the question
    title: str
    lines: Sequence[cards.Line]
    holds: Mapping[str, Any]
    label: str
    warnings: Sequence[str]
    before: Sequence[cards.Message]
    typed: str | None
    taps: Sequence[cards.Tap]
    stale: bool
    choices: Sequence[cards.Choice] = ()


class Unasked(Exception):
    """Nothing has been done: addresses of the web have to be asked first, while no transaction waits for them."""

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__(f"{len(addresses)} addresses to be asked")
        self.addresses = addresses


@dataclass(frozen=True, slots=True)
class Deed:
    """A change as the audit keeps it."""

    verb: str
    arguments: dict[str, Any]
    sentence: str
    inverse: Sequence[changes.Change]


@dataclass(frozen=True, slots=True)
class Asked:
    """On whose wish a command is carried out; `token` is that of the request, `chat` where they asked.

    `staff_id` is None while they are no staff yet. `needs` is the role that can grant it.
    """

    token: str
    staff_id: int | None
    user_id: str
    name: str
    chat: str
    needs: staff.Role


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
    put_off: list[str] = field(default_factory=list)  # the roots of deeds of which something is still to come
    found_something: bool = False  # an object was recognised, so the message was meant for us
    entry: int | None = None
    undoes: int | None = None  # the entry that is taken back
    needed: staff.Role = "viewer"  # the role that all of it has taken
    room: staff.Room | None = None  # the group this is said in
    scope: segments.Segment | None = None  # the friends whom this person may see here; None: all
    asked: Asked | None = None  # the request that is granted
    mentioned: Mentions = ()  # in a message that was kept with a card
    then: str = ""  # to be read next, in a turn of its own, as if whoever asks had sent it
    quoted: quotable.About | None = None  # what the message is about that is quoted
    listed: dict[str, Any] | None = None  # the list that is shown
    subjects: dict[int, tuple[str, str] | None] = field(default_factory=dict)  # what each command is about

    @property
    def chat(self) -> str:
        return self.heard.chat

    def may(self, role: staff.Role) -> bool:
        return RANK[self.actor.role] >= RANK[role]

    @property
    def sight(self) -> segments.Sight:
        """Whom this person may see, and when and where that is judged: every look at friends asks for it."""
        return segments.Sight(self.now, self.zone, self.scope, self.config.meaning, self.config.cap)

    async def look_again(self) -> None:
        """What has been changed in this message holds for the rest of it."""
        self.config = await self.cache.at(await clock.read())

    async def sees(self, friends: Sequence[int]) -> bool:
        """Whether all of these friends are within the scope of whoever asks."""
        return self.scope is None or await segments.fitting(segments.EVERYONE, friends, self.sight) == set(friends)

    def permit(self, role: staff.Role, what: str) -> None:
        """Refuse whoever has less than this role here, and say who can."""
        if self.may(role):
            self.needed = max(self.needed, role, key=RANK.__getitem__)
            return
        if RANK[self.actor.own] >= RANK[role]:
            raise Declined(
                f"🔒 「{what}」はこのグループではできません（ここでは{ROLES[self.actor.role]}まで）。"
                "管理グループか、ボットとの1対1で送ってください。"
            )
        raise Forbidden(f"🔒 「{what}」ができるのは{who(role)}の方です（あなた: {ROLES[self.actor.role]}）。", role)

    def web(self, addresses: Sequence[str]) -> dict[str, int | None]:
        """What these addresses of the web answer, as far as they were asked: a status, None for nothing at all.

        Raises Unasked: the lane asks, outside of its transaction, and has the whole event carried out anew.
        """
        if self.heard.opened is None:
            if addresses:
                raise Unasked(addresses)
            return {}
        return {one: self.heard.opened[one] for one in addresses if one in self.heard.opened}

    async def entry_id(self) -> int:
        """The number of the audit entry that all deeds of this message will share."""
        if self.entry is None:
            self.entry = await audit.reserve()
        return self.entry

    def record(
        self, verb: str, arguments: dict[str, Any], sentence: str, inverse: Sequence[changes.Change] = ()
    ) -> None:
        self.deeds.append(Deed(verb, arguments, sentence, inverse))

    def concerns(self, noun: str, object: str = "") -> None:
        """What the command that is being carried out is about: the first that it names, as one would type it."""
        self.subjects.setdefault(self.place, (noun, object))

    @property
    def about(self) -> quotable.About | None:
        """What the answer is about, for whoever quotes it."""
        subjects = set(self.subjects.values())
        subject = subjects.pop() if len(subjects) == 1 else None
        told: quotable.About = {"noun": subject[0], "object": subject[1]} if subject is not None else {}
        if self.deeds and self.entry is not None:
            told["entry"] = self.entry
        if self.listed is not None:
            told["list"] = self.listed
        return told or None

    def held_as(self, kind: named.Kind, thing: named.Named) -> list[Any]:
        """How a card holds a thing: number and version. What this very message makes, a press makes once more."""
        inverse = [change for deed in self.deeds for change in deed.inverse if changes.unmakes(change)]
        made = [change["key"] for change in inverse if change["table"] == kind]
        return ["new", made.index(thing.id)] if thing.id in made else [thing.id, thing.version]

    def forget(self) -> None:
        """What the savepoint has undone was never done."""
        self.rows.clear()
        self.deeds.clear()
        self.put_off.clear()
        self.entry = self.undoes = None

    def confirm(
        self,
        title: str,
        lines: Sequence[cards.Line],
        *,
        holds: Mapping[str, Any],
        label: str = "実行する",
        warnings: Sequence[str] = (),
        before: Sequence[cards.Message] = (),
        typed: str | None = None,
        taps: Sequence[cards.Tap] = (),
        stage: str = "",
    ) -> None:
        """Go on only when just this has been shown and confirmed; otherwise show it (again).

        `holds` is what must not have changed between card and press: versions, counts. `taps` are other ways to go;
        `stage` names the question where a command may ask more than one.
        """
        key = self._key(stage)
        shown = self.held.get(key)
        if shown == holds:
            return
        stale = shown is not None
        if typed is not None and normalise.fold(normalise.lookup(typed).text) in SESSION_WORDS:
            typed = f"「{typed}」"  # a thing called 中止 is not to be deleted by who says 中止
        raise Unconfirmed(key, title, lines, holds, label, warnings, before, typed, taps, stale)

    def choose(
        self,
        stage: str,
        title: str,
        lines: Sequence[cards.Line],
        choices: Sequence[cards.Choice],
        *,
        holds: Mapping[str, Any],
        warnings: Sequence[str] = (),
        notes: Sequence[str] = (),
    ) -> str:
        """The way to go on that was pressed when just this was shown; otherwise show it (again)."""
        key = self._key(stage)
        shown = dict(self.held.get(key, {}))
        chosen = shown.pop("choice", None)
        if shown == holds and chosen in [one.key for one in choices]:
            return str(chosen)
        stale = key in self.held
        told = [*lines, *notes]
        raise Unconfirmed(key, title, told, holds, "", warnings, (), None, (), stale, choices)

    def _key(self, stage: str) -> str:
        return f"{self.place}:{stage}" if stage else str(self.place)

    async def ask(
        self,
        command: str,
        held: Mapping[str, Mapping[str, Any]],
        *,
        typed: str | None = None,
        policy: dialogues.Policy = "asker",
        key: str | None = None,
        choices: Sequence[cards.Choice] = (),
    ) -> tuple[str, str]:
        """Keep what was shown, to be confirmed by whoever asks; the token and the time until which it holds.

        `choices` are the ways to go on from what is held under `key`.
        """
        life = TYPED_LIFE if typed else PRESSED_LIFE
        shown: dict[str, Any] = {"held": held, "typed": typed, "mentions": self.mentions(command)}
        if choices:
            shown |= {"key": key, "choices": [one.key for one in choices]}
        if self.asked is not None:
            shown["asked"] = asdict(self.asked)
        token = await dialogues.ask(
            self.chat, self.actor.user_id or "", policy, command, shown, self.now, self.now + life
        )
        return token, self.clock(self.now + life)

    def mentions(self, command: str) -> list[dict[str, Any]]:
        """Who is mentioned in the message that is being carried out, as a card keeps it."""
        what = self.heard.what
        mentions = what.mentions if isinstance(what, heard.Said) and what.text == command else self.mentioned
        return [asdict(mention) for mention in mentions]

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


def who(role: staff.Role) -> str:
    """管理者以上, オーナー."""
    return ROLES[role] if role == "owner" else f"{ROLES[role]}以上"


def lower(one: staff.Role, other: staff.Role) -> staff.Role:
    """The lower of two roles."""
    return min(one, other, key=RANK.__getitem__)
