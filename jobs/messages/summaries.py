"""Messages told in one short line of Japanese, for notifications and staff's lists."""

from collections.abc import Iterator
from typing import Any

from jobs.messages import counting, emojis, placeholders

_NAMES = {
    "sticker": "[スタンプ]",
    "image": "[画像]",
    "video": "[動画]",
    "audio": "[音声]",
    "location": "[位置情報]",
    "imagemap": "[画像]",
    "coupon": "[クーポン]",
}


def alt_text(messages: object, most: int = 100) -> str:
    """What messages say, cut to `most` characters without breaking a variable; never empty."""
    told = [_told(each) for each in messages if isinstance(each, dict)] if isinstance(messages, list) else []
    return _shortened(" / ".join(filter(None, told)), most) or "メッセージ"


def _told(message: dict[str, Any]) -> str:
    kind = message.get("type")
    if kind == "text":
        return _line(emojis.told(message))
    if kind == "template":
        return _template(message.get("template")) or _line(message.get("altText"))
    if kind == "flex":
        return _line(message.get("altText")) or " ".join(_texts(message.get("contents")))
    return _NAMES.get(kind, "") if isinstance(kind, str) else ""


def _template(template: object) -> str:
    if not isinstance(template, dict):
        return ""
    columns = template.get("columns")
    panels = columns if isinstance(columns, list) else [template]
    return "・".join(filter(None, (_panel(panel) for panel in panels if isinstance(panel, dict))))


def _panel(panel: dict[str, Any]) -> str:
    actions = panel.get("actions") or [panel.get("action")]
    shown = [each for each in actions if isinstance(each, dict)] if isinstance(actions, list) else []
    labels = "".join(f"［{_line(action.get('label'))}］" for action in shown)
    words = _line(panel.get("title")) or _line(panel.get("text"))
    return words + labels or ("[画像]" if panel.get("imageUrl") else "")


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        if part.get("type") in ("text", "span") and _line(part.get("text")):
            yield _line(part.get("text"))
        for value in part.values():
            yield from _texts(value)


def _line(words: object) -> str:
    return " ".join(words.split()) if isinstance(words, str) else ""


def _shortened(line: str, most: int) -> str:
    if counting.graphemes(line) <= most:
        return line
    kept: list[str] = []
    room = most - 1
    for piece in placeholders.parse(line):
        parts = counting.clusters(piece.raw) if piece.kind == "words" else iter([piece.raw])
        for part in parts:
            room -= counting.graphemes(part)
            if room < 0:
                return "".join(kept) + "…"
            kept.append(part)
    return "".join(kept)
