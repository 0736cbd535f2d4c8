"""What staff's door hears: one event of a group or of a staff member's own talk, and what LINE told about it before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Mention:
    """`offset` and `length` count UTF-16 units of the text."""

    offset: int
    length: int
    user_id: str | None
    is_self: bool


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    mentions: tuple[Mention, ...] = ()
    quoted_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    data: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot came into the group."""


@dataclass(frozen=True, slots=True)
class Left:
    """The bot is out of the group."""


@dataclass(frozen=True, slots=True)
class MembersJoined:
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MembersLeft:
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Stickers, pictures and the like: conversation, but a free slot for what waits to be told."""


What = Said | Pressed | Joined | Left | MembersJoined | MembersLeft | Other


@dataclass(frozen=True, slots=True)
class Heard:
    chat: str  # the lane: a group's or a user's LINE id
    group: str | None  # LINE group (or room) id; None in a talk of two
    person: str | None  # LINE user id; absent in some group events: such a person can read but never act
    what: What
    at: datetime  # when it happened
    now: datetime
    inbox_id: int
    names: Mapping[str, str] = field(default_factory=dict)  # LINE user id -> name, as far as LINE was asked
    group_name: str | None = None
    members: int | None = None  # people in the group without the bot, as far as LINE was asked
