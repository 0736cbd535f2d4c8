"""What somebody did in a talk, as the roof has read it from LINE: followed, said, pressed, came, left."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Followed:
    returning_hint: bool  # LINE's isUnblocked, which is not guaranteed: our own history beats it


@dataclass(frozen=True, slots=True)
class Unfollowed:
    pass


@dataclass(frozen=True, slots=True)
class Mention:
    """`offset` and `length` count UTF-16 units of the text; `user_id` is None for everybody (@All) and strangers."""

    offset: int
    length: int
    user_id: str | None
    is_self: bool  # the bot itself


@dataclass(frozen=True, slots=True)
class Emoji:
    """One of LINE's own emojis; `offset` and `length` count UTF-16 units of the text."""

    offset: int
    length: int
    product_id: str
    emoji_id: str


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    message_id: str = ""
    quote_token: str | None = None
    quoted_message_id: str | None = None
    mentions: tuple[Mention, ...] = ()
    emojis: tuple[Emoji, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """A text of a group was changed; `message_id` is the original's."""

    text: str
    message_id: str
    quote_token: str | None = None
    mentions: tuple[Mention, ...] = ()
    emojis: tuple[Emoji, ...] = ()


@dataclass(frozen=True, slots=True)
class SentMedia:
    kind: str  # image | video | audio | file | location, or one that LINE has invented since
    message_id: str
    quote_token: str | None = None
    external: bool = False  # its content is not with LINE
    file_name: str | None = None
    duration_ms: int | None = None  # of a film or sound
    place: str | None = None  # name and address of a location


@dataclass(frozen=True, slots=True)
class SentSticker:
    message_id: str
    package_id: str
    sticker_id: str
    quote_token: str | None = None
    quoted_message_id: str | None = None
    text: str | None = None  # what is written on a message sticker


@dataclass(frozen=True, slots=True)
class Pressed:
    data: str
    params: Mapping[str, str] = field(default_factory=dict)  # date, time, datetime, newRichMenuAliasId, status


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot came into a group or room."""


@dataclass(frozen=True, slots=True)
class Left:
    """The bot is out of a group or room."""


@dataclass(frozen=True, slots=True)
class MembersJoined:
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MembersLeft:
    user_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsent:
    message_id: str


@dataclass(frozen=True, slots=True)
class VideoPlayed:
    tracking_id: str


@dataclass(frozen=True, slots=True)
class Other:
    type: str = ""  # LINE's event type, when it has one


What = (
    Followed
    | Unfollowed
    | Said
    | Edited
    | SentMedia
    | SentSticker
    | Pressed
    | Joined
    | Left
    | MembersJoined
    | MembersLeft
    | Unsent
    | VideoPlayed
    | Other
)
