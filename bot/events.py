"""LINE's words into ours: one event's JSON becomes what was heard; pure, and unknown things pass harmlessly."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

LAST_MS = 253_402_300_799_999  # the end of the year 9999, which is as far as a datetime goes
PLAIN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL's text and UTF-8 know neither
# The console's Verify button of former years sent these as reply tokens.
DUMMY_TOKENS = frozenset({"0" * 32, "f" * 32})


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
    message_id: str
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
    params: dict[str, str]  # date, time, datetime, newRichMenuAliasId, status


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
    type: str  # LINE's event type; "" when it has none


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


@dataclass(frozen=True, slots=True)
class Heard:
    """One event. In a talk of two only `user_id` is set; in a group or room it may be missing."""

    kind: str  # LINE's event type
    what: What
    user_id: str | None = None
    group_id: str | None = None
    room_id: str | None = None
    reply_token: str | None = None  # None when there is none to use
    at: datetime | None = None
    event_id: str | None = None
    mode: str = "active"


def read(body: bytes) -> Heard:
    """What an event's JSON says; never raises. What is missing or of a wrong type counts as not said."""
    try:
        event = parse(body)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        return Heard("", Other(""))
    source = _object(event, "source")
    kind = _text(event, "type") or ""
    mode = _text(event, "mode") or "active"
    return Heard(
        kind=kind,
        what=_what(kind, event),
        user_id=_id(source, "userId"),
        group_id=_id(source, "groupId"),
        room_id=_id(source, "roomId"),
        reply_token=_reply_token(event, mode),
        at=happened_at(event),
        event_id=_id(event, "webhookEventId"),
        mode=mode,
    )


def parse(body: bytes) -> Any:
    """JSON as LINE may send it, lone surrogates included. Raises ValueError."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(body.decode("utf-8", "surrogatepass"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def serialise(value: Any) -> bytes:
    """The bytes of a parsed value, lone surrogates included. Raises ValueError."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        pass
    try:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None


def happened_at(event: dict[str, Any]) -> datetime | None:
    at = event.get("timestamp")
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at <= LAST_MS:
        return None
    return datetime.fromtimestamp(int(at) / 1000, UTC)


def event_id(event: dict[str, Any]) -> str | None:
    return _id(event, "webhookEventId")


def chat(event: dict[str, Any]) -> str:
    """The lane of an event: its group, room or user; "" when it names none."""
    source = _object(event, "source")
    return _id(source, "groupId") or _id(source, "roomId") or _id(source, "userId") or ""


def is_redelivery(event: dict[str, Any]) -> bool:
    return _object(event, "deliveryContext").get("isRedelivery") is True


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _reply_token(event: dict[str, Any], mode: str) -> str | None:
    token = _text(event, "replyToken")
    if not token or mode == "standby" or token.lower() in DUMMY_TOKENS:
        return None
    return token


def _what(kind: str, event: dict[str, Any]) -> What:
    reader = READERS.get(kind)
    return reader(event) if reader else Other(kind)


def _followed(event: dict[str, Any]) -> What:
    return Followed(_object(event, "follow").get("isUnblocked") is True)


def _unsent(event: dict[str, Any]) -> What:
    return Unsent(_text(_object(event, "unsend"), "messageId") or "")


def _video_played(event: dict[str, Any]) -> What:
    return VideoPlayed(_text(_object(event, "videoPlayComplete"), "trackingId") or "")


def _message(event: dict[str, Any]) -> What:
    message = _object(event, "message")
    kind = _text(message, "type") or ""
    message_id = _text(message, "id") or ""
    quote_token = _text(message, "quoteToken")
    text = _text(message, "text")
    if kind == "text" and text is not None:
        quoted = _text(message, "quotedMessageId")
        return Said(text, message_id, quote_token, quoted, _mentions(message), _emojis(message))
    if kind == "sticker":
        return SentSticker(
            message_id,
            _text(message, "packageId") or "",
            _text(message, "stickerId") or "",
            quote_token,
            _text(message, "quotedMessageId"),
            text,
        )
    provider = _text(_object(message, "contentProvider"), "type")
    return SentMedia(kind, message_id, quote_token, provider == "external", _text(message, "fileName"))


def _edited(event: dict[str, Any]) -> What:
    message = _object(event, "message")
    text = _text(message, "text")
    if text is None:
        return Other("messageEdited")
    return Edited(
        text,
        _text(message, "id") or "",
        _text(message, "quoteToken"),
        _mentions(message),
        _emojis(message),
    )


def _pressed(event: dict[str, Any]) -> What:
    postback = _object(event, "postback")
    params = _object(postback, "params")
    known = {name: text for name in params if PLAIN_ID.fullmatch(name) and (text := _text(params, name)) is not None}
    return Pressed(_text(postback, "data") or "", known)


def _mentions(message: dict[str, Any]) -> tuple[Mention, ...]:
    return tuple(
        Mention(place[0], place[1], _id(mentionee, "userId"), mentionee.get("isSelf") is True)
        for mentionee in _objects(_object(message, "mention"), "mentionees")
        if (place := _place(mentionee))
    )


def _emojis(message: dict[str, Any]) -> tuple[Emoji, ...]:
    return tuple(
        Emoji(place[0], place[1], _text(emoji, "productId") or "", _text(emoji, "emojiId") or "")
        for emoji in _objects(message, "emojis")
        if (place := _place(emoji))
    )


def _place(part: dict[str, Any]) -> tuple[int, int] | None:
    """Where in a text something stands, as (offset, length)."""
    offset, length = part.get("index"), part.get("length")
    if type(offset) is int and type(length) is int and offset >= 0 and length > 0:
        return offset, length
    return None


def _members(change: dict[str, Any]) -> tuple[str, ...]:
    return tuple(user_id for member in _objects(change, "members") if (user_id := _id(member, "userId")))


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    found = parent.get(name)
    return found if isinstance(found, dict) else {}


def _objects(parent: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = parent.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(parent: dict[str, Any], name: str) -> str | None:
    """A text fit to be stored: what PostgreSQL cannot hold becomes U+FFFD, one UTF-16 unit for another."""
    found = parent.get(name)
    return UNSTORABLE.sub("\ufffd", found) if isinstance(found, str) else None


def _id(parent: dict[str, Any], name: str) -> str | None:
    found = parent.get(name)
    return found if isinstance(found, str) and PLAIN_ID.fullmatch(found) else None


READERS: dict[str, Callable[[dict[str, Any]], What]] = {
    "message": _message,
    "messageEdited": _edited,
    "follow": _followed,
    "unfollow": lambda _: Unfollowed(),
    "postback": _pressed,
    "join": lambda _: Joined(),
    "leave": lambda _: Left(),
    "memberJoined": lambda event: MembersJoined(_members(_object(event, "joined"))),
    "memberLeft": lambda event: MembersLeft(_members(_object(event, "left"))),
    "unsend": _unsent,
    "videoPlayComplete": _video_played,
}
