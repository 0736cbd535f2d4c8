"""LINE's words into ours: one event's JSON becomes what was heard; pure, and unknown things pass harmlessly."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from jobs import heard

LAST_MS = 253_402_300_799_999  # the end of the year 9999, which is as far as a datetime goes
PLAIN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL's text and UTF-8 know neither
# The console's Verify button of former years sent these as reply tokens.
DUMMY_TOKENS = frozenset({"0" * 32, "f" * 32})


@dataclass(frozen=True, slots=True)
class Heard:
    """One event. In a talk of two only `user_id` is set; in a group or room it may be missing."""

    kind: str  # LINE's event type
    what: heard.What
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
        return Heard("", heard.Other(""))
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


def _what(kind: str, event: dict[str, Any]) -> heard.What:
    reader = READERS.get(kind)
    return reader(event) if reader else heard.Other(kind)


def _followed(event: dict[str, Any]) -> heard.What:
    return heard.Followed(_object(event, "follow").get("isUnblocked") is True)


def _unsent(event: dict[str, Any]) -> heard.What:
    return heard.Unsent(_text(_object(event, "unsend"), "messageId") or "")


def _video_played(event: dict[str, Any]) -> heard.What:
    return heard.VideoPlayed(_text(_object(event, "videoPlayComplete"), "trackingId") or "")


def _message(event: dict[str, Any]) -> heard.What:
    message = _object(event, "message")
    kind = _text(message, "type") or ""
    message_id = _text(message, "id") or ""
    quote_token = _text(message, "quoteToken")
    text = _text(message, "text")
    if kind == "text" and text is not None:
        quoted = _text(message, "quotedMessageId")
        return heard.Said(text, message_id, quote_token, quoted, _mentions(message), _emojis(message))
    if kind == "sticker":
        return heard.SentSticker(
            message_id,
            _text(message, "packageId") or "",
            _text(message, "stickerId") or "",
            quote_token,
            _text(message, "quotedMessageId"),
            text,
        )
    provider = _text(_object(message, "contentProvider"), "type")
    external, file_name = provider == "external", _text(message, "fileName")
    duration = _milliseconds(message.get("duration"))
    place = " ".join(filter(None, [_text(message, "title"), _text(message, "address")])) if kind == "location" else ""
    return heard.SentMedia(kind, message_id, quote_token, external, file_name, duration, place or None)


def _milliseconds(given: Any) -> int | None:
    return given if type(given) is int and 0 < given <= LAST_MS else None


def _edited(event: dict[str, Any]) -> heard.What:
    message = _object(event, "message")
    text = _text(message, "text")
    if text is None:
        return heard.Other("messageEdited")
    return heard.Edited(
        text,
        _text(message, "id") or "",
        _text(message, "quoteToken"),
        _mentions(message),
        _emojis(message),
    )


def _pressed(event: dict[str, Any]) -> heard.What:
    postback = _object(event, "postback")
    params = _object(postback, "params")
    known = {name: text for name in params if PLAIN_ID.fullmatch(name) and (text := _text(params, name)) is not None}
    return heard.Pressed(_text(postback, "data") or "", known)


def _mentions(message: dict[str, Any]) -> tuple[heard.Mention, ...]:
    return tuple(
        heard.Mention(place[0], place[1], _id(mentionee, "userId"), mentionee.get("isSelf") is True)
        for mentionee in _objects(_object(message, "mention"), "mentionees")
        if (place := _place(mentionee))
    )


def _emojis(message: dict[str, Any]) -> tuple[heard.Emoji, ...]:
    return tuple(
        heard.Emoji(place[0], place[1], _text(emoji, "productId") or "", _text(emoji, "emojiId") or "")
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


READERS: dict[str, Callable[[dict[str, Any]], heard.What]] = {
    "message": _message,
    "messageEdited": _edited,
    "follow": _followed,
    "unfollow": lambda _: heard.Unfollowed(),
    "postback": _pressed,
    "join": lambda _: heard.Joined(),
    "leave": lambda _: heard.Left(),
    "memberJoined": lambda event: heard.MembersJoined(_members(_object(event, "joined"))),
    "memberLeft": lambda event: heard.MembersLeft(_members(_object(event, "left"))),
    "unsend": _unsent,
    "videoPlayComplete": _video_played,
}
