"""LINE message objects and actions as plain dicts, from what staff and the other rooms say."""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal
from urllib.parse import quote

import orjson

from jobs.messages import emojis, limits, naming, placeholders
from storage import errors

Message = dict[str, Any]
Action = dict[str, Any]

IMAGEMAP_WIDTH = 1040  # the only one that LINE takes
_ORIGIN = re.compile(r"(https?)://([^/?#]*)(.*)\Z", re.IGNORECASE | re.DOTALL)
_SAFE = "%/:?#@!$&'()*+,;=-._~[]"


def web_address(raw: str, most: int = limits.ADDRESS_ROOM) -> str:
    """An http(s) address as LINE takes it: Japanese percent-encoded, the domain in ASCII, variables kept."""
    pieces = placeholders.parse(raw.strip())
    origin = _ORIGIN.match(pieces[0].raw) if pieces else None
    if origin is None or not origin[2] or "@" in origin[2]:
        raise errors.Refused(f"「{raw.strip()[:60]}」はアドレスとして読めません。https:// から書いてください")
    if not origin[3] and len(pieces) > 1:
        raise errors.Refused("アドレスのドメインに差し込みは使えません。/ より後に書いてください")
    rest = [_encoded(origin[3])]
    rest += [piece.raw if piece.kind in ("value", "unknown") else _encoded(piece.text) for piece in pieces[1:]]
    address = f"{origin[1].lower()}://{_ascii_host(origin[2])}{''.join(rest)}"
    if len(address) > most:
        raise errors.Refused(f"アドレスは{most:,}字までです（今 {len(address):,}字。日本語は1字が9字になります）")
    return address


def media_address(raw: str) -> str:
    """The https address of a picture, film or sound."""
    address = web_address(raw)
    if not address.startswith("https://"):
        raise errors.Refused("画像・動画・音声のアドレスは https:// で始めてください")
    return address


def text(body: str) -> Message:
    return {"type": "text", "text": body}


def customers_text(body: str) -> Message:
    """A text as a block has it, LINE's emojis in it (`{絵文字:…}`) as LINE takes them."""
    words, found = emojis.for_line(body)
    return {"type": "text", "text": words} | ({"emojis": found} if found else {})


def image(address: str, preview: str | None = None) -> Message:
    return {
        "type": "image",
        "originalContentUrl": media_address(address),
        "previewImageUrl": media_address(preview or address),
    }


def video(address: str, preview: str, tracking_id: str | None = None) -> Message:
    message = {
        "type": "video",
        "originalContentUrl": media_address(address),
        "previewImageUrl": media_address(preview),
    }
    return message | ({"trackingId": tracking_id} if tracking_id else {})


def audio(address: str, milliseconds: int) -> Message:
    return {"type": "audio", "originalContentUrl": media_address(address), "duration": milliseconds}


def sticker(package: str, number: str) -> Message:
    return {"type": "sticker", "packageId": package, "stickerId": number}


def coupon(number: str) -> Message:
    return {"type": "coupon", "couponId": number}


def postback(label: str, data: str) -> Action:
    """A button that reports back; the customer sees its label as said by themselves."""
    return {"type": "postback", "label": label, "data": data, "displayText": label}


def pick(
    label: str,
    data: str,
    mode: Literal["date", "datetime"],
    least: date | None = None,
    most: date | None = None,
    first: str | None = None,
) -> Action:
    """A button that lets the customer choose a day or a moment, from one day to another; `first` is shown first."""
    action: Action = {"type": "datetimepicker", "label": label, "data": data, "mode": mode}
    clock = ("", "") if mode == "date" else ("t00:00", "t23:59")
    if least is not None:
        action["min"] = least.isoformat() + clock[0]
    if most is not None:
        action["max"] = most.isoformat() + clock[1]
    if first is not None:
        action["initial"] = first + clock[0]
    return action


def location(title: str, address: str, latitude: float, longitude: float) -> Message:
    return {"type": "location", "title": title, "address": address, "latitude": latitude, "longitude": longitude}


def imagemap(
    address: str,
    alt: str,
    shape: float,
    columns: int,
    rows: int,
    actions: Sequence[Action],
    areas: Sequence[tuple[int, int, int, int]] = (),
) -> Message:
    """A picture, `shape` times as high as wide; its fields are `areas` (left, top, width, height in columns and rows),
    else all of equal size, from left to right and top to bottom."""
    height = round(IMAGEMAP_WIDTH * shape)
    fields = []
    for place, action in enumerate(actions):
        column, row, wide, high = areas[place] if areas else (place % columns, place // columns, 1, 1)
        left, top = IMAGEMAP_WIDTH * column // columns, height * row // rows
        right, bottom = IMAGEMAP_WIDTH * (column + wide) // columns, height * (row + high) // rows
        area = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        does = {"linkUri": action["uri"]} if action["type"] == "uri" else {"text": action["text"]}
        fields.append({"type": action["type"], "label": action["label"], **does, "area": area})
    size = {"width": IMAGEMAP_WIDTH, "height": height}
    return {"type": "imagemap", "baseUrl": media_address(address), "altText": alt, "baseSize": size, "actions": fields}


def say(label: str, words: str) -> Action:
    return {"type": "message", "label": label, "text": words}


def link(label: str, address: str) -> Action:
    """A button that opens an http(s), line:// or tel: address, or a measured link (`{#L3|https://…}`)."""
    pieces = placeholders.parse(address)
    if len(pieces) == 1 and pieces[0].kind == "value" and naming.leads(pieces[0].name):
        return {"type": "uri", "label": label, "uri": address}
    scheme, mark, rest = address.strip().partition(":")
    address = f"{scheme.lower()}{mark}{rest}"
    if not address.startswith(("line://", "tel:")):
        address = web_address(address, limits.LINK_ROOM)
    return {"type": "uri", "label": label, "uri": address}


def buttons(body: str, actions: Sequence[Action], *, title: str = "", picture: str = "", alt: str = "") -> Message:
    return _template({"type": "buttons"} | card(body, actions, title=title, picture=picture), alt or body)


def confirm(body: str, yes: Action, no: Action, *, alt: str = "") -> Message:
    return _template({"type": "confirm", "text": body, "actions": [yes, no]}, alt or body)


def card(body: str, actions: Sequence[Action], *, title: str = "", picture: str = "") -> dict[str, Any]:
    """One column of a carousel."""
    column: dict[str, Any] = {"text": body, "actions": list(actions)}
    if title:
        column["title"] = title
    if picture:
        column["thumbnailImageUrl"] = media_address(picture)
    return column


def carousel(columns: Sequence[dict[str, Any]], *, alt: str = "") -> Message:
    first = columns[0]["text"] if columns else ""
    return _template({"type": "carousel", "columns": list(columns)}, alt or first)


def image_carousel(columns: Sequence[tuple[str, Action]], alt: str) -> Message:
    """Pictures side by side, each an address with what pressing it does."""
    shown = [{"imageUrl": media_address(picture), "action": action} for picture, action in columns]
    return _template({"type": "image_carousel", "columns": shown}, alt)


def flex(alt: str, contents: str | dict[str, Any]) -> Message:
    """A Flex message from its container, as JSON text or read; a whole Flex message's JSON is taken too."""
    container = _read_json(contents) if isinstance(contents, str) else contents
    if container.get("type") == "flex" and isinstance(container.get("contents"), dict):
        written = container.get("altText")
        alt = alt or (written if isinstance(written, str) else "")
        container = container["contents"]
    return {"type": "flex", "altText": alt, "contents": container}


def _template(template: dict[str, Any], alt: str) -> Message:
    return {"type": "template", "altText": alt, "template": template}


def _read_json(written: str) -> dict[str, Any]:
    try:
        found = orjson.loads(written)
    except json.JSONDecodeError as problem:
        raise errors.Refused(
            f"FlexのJSONが{problem.lineno}行目の{problem.colno}文字目で読めません。"
            '引用符が " か、カンマの過不足がないか見てください'
        ) from None
    if not isinstance(found, dict):
        raise errors.Refused('FlexのJSONは {"type": "bubble", …} の形で書いてください')
    return found


def _encoded(part: str) -> str:
    try:
        return quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part), safe=_SAFE)
    except UnicodeEncodeError:
        raise errors.Refused("アドレスに使えない文字が入っています") from None


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise errors.Refused(f"ドメイン「{host[:60]}」が読めません") from None
