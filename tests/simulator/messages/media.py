"""What a phone fetches from the bot's own server to show a message, and what that may be (LINE_PLATFORM 4, 3.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulator.messages import imagemaps

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Rule:
    """formats: as pictures are really made, empty for films and sounds; width, height: at most so many pixels."""

    most_bytes: int
    content_types: tuple[str, ...]
    formats: tuple[str, ...] = ()
    width: int | None = None
    height: int | None = None
    square: bool = False


PHOTO_TYPES = ("image/jpeg", "image/png")
PHOTO = Rule(10 * MEGABYTE, PHOTO_TYPES, ("JPEG", "PNG"))
PREVIEW = Rule(MEGABYTE, PHOTO_TYPES, ("JPEG", "PNG"))
THUMBNAIL = Rule(10 * MEGABYTE, PHOTO_TYPES, ("JPEG", "PNG"), width=1024)
FLEX_IMAGE = Rule(10 * MEGABYTE, PHOTO_TYPES, ("JPEG", "PNG"), width=1024, height=1024)
ICON = Rule(MEGABYTE, ("image/png",), ("PNG",), square=True)
VIDEO = Rule(200 * MEGABYTE, ("video/mp4",))
AUDIO = Rule(200 * MEGABYTE, ("audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/aac"))


@dataclass(frozen=True, slots=True)
class Medium:
    """place is the path of the property in the message object."""

    place: str
    url: str
    rule: Rule


def media_in(message: dict[str, Any]) -> Iterator[Medium]:
    kind = message.get("type")
    if kind in ("image", "video", "audio"):
        yield from plain(message, "", {"image": PHOTO, "video": VIDEO, "audio": AUDIO}[str(kind)])
    elif kind == "imagemap":
        yield Medium("baseUrl", f"{message.get('baseUrl')}/{imagemaps.WIDTH}", PHOTO)
        if message.get("video"):
            yield from plain(message["video"], "video.", VIDEO)
    elif kind == "template":
        yield from named(message.get("template"), "template", {"thumbnailImageUrl": THUMBNAIL, "imageUrl": THUMBNAIL})
    elif kind == "flex":
        yield from flex(message.get("contents"), "contents")
    yield from named(message.get("sender"), "sender", {"iconUrl": ICON})
    yield from named(message.get("quickReply"), "quickReply", {"imageUrl": ICON})


def plain(holder: dict[str, Any], place: str, rule: Rule) -> Iterator[Medium]:
    for name, fitting in (("originalContentUrl", rule), ("previewImageUrl", PREVIEW)):
        if isinstance(holder.get(name), str):
            yield Medium(f"{place}{name}", holder[name], fitting)


def named(value: Any, place: str, rules: dict[str, Rule]) -> Iterator[Medium]:
    """Properties with these names, wherever they stand."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from named(item, f"{place}[{index}]", rules)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in rules and isinstance(item, str):
                yield Medium(f"{place}.{key}", item, rules[key])
            else:
                yield from named(item, f"{place}.{key}", rules)


def flex(value: Any, place: str) -> Iterator[Medium]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from flex(item, f"{place}[{index}]")
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in ("image", "icon", "video") and isinstance(value.get("url"), str):
            yield Medium(f"{place}.url", value["url"], VIDEO if kind == "video" else FLEX_IMAGE)
        if kind == "video" and isinstance(value.get("previewUrl"), str):
            yield Medium(f"{place}.previewUrl", value["previewUrl"], PREVIEW)
        for key, item in value.items():
            yield from flex(item, f"{place}.{key}")
