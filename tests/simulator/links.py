"""The web addresses in a message object: in its words and behind its buttons."""

import re
from collections.abc import Iterator
from typing import Any

ADDRESS = re.compile(r"https?://[^\s<>\"'（）「」]+")


def links_in(message: dict[str, Any]) -> list[str]:
    """Each once, in order."""
    return list(dict.fromkeys(found(message, top=True)))


def found(value: Any, *, top: bool) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from found(item, top=False)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("uri", "linkUri") and isinstance(item, str):
                if ADDRESS.match(item):
                    yield item
            elif top and key == "text" and isinstance(item, str) and value.get("type") in ("text", "textV2"):
                yield from ADDRESS.findall(item)
            elif key != "quickReply":
                yield from found(item, top=False)
