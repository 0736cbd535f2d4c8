"""LINE's own emojis as they stand in text of ours, `{絵文字:5ac1bfd5040ab15980c9b435.001}`, and as LINE takes them."""

import re
from collections.abc import Mapping
from typing import Any

from jobs.messages import counting

WRITTEN = re.compile(r"[{｛]絵文字[:：](?P<product>[0-9A-Za-z]{1,28})\.(?P<emoji>[0-9A-Za-z]{1,6})[}｝]")
PRODUCT = re.compile(r"[0-9A-Za-z]{1,28}")
EMOJI = re.compile(r"[0-9A-Za-z]{1,6}")
SIGN = "$"
TOLD = "[絵文字]"
NOT_HERE = (
    "差し込み {絵文字:…}（LINEの絵文字）は、ここでは使えません。使えるのは、ボタンの文字やカードの外の本文だけです"
)


def written(product: str, emoji: str) -> str | None:
    """How an emoji is written in our text; None for ids that LINE does not give."""
    if not PRODUCT.fullmatch(product) or not EMOJI.fullmatch(emoji):
        return None
    return f"{{絵文字:{product}.{emoji}}}"


def for_line(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with a `$` where each emoji stands, and the list that tells LINE which; only texts can have them."""
    pieces: list[str] = []
    found: list[dict[str, Any]] = []
    end = index = 0
    for one in WRITTEN.finditer(text):
        before = text[end : one.start()]
        index += counting.utf16_len(before)
        pieces += [before, SIGN]
        found.append({"index": index, "productId": one["product"], "emojiId": one["emoji"]})
        index += 1
        end = one.end()
    return "".join([*pieces, text[end:]]), found


def told(message: Mapping[str, Any]) -> Any:
    """The words of a text message to be read by people: what stands for its emojis is not LINE's sign of them."""
    text, places = message.get("text"), message.get("emojis")
    if not isinstance(text, str) or not isinstance(places, list):
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    pieces: list[str] = []
    end = 0
    for index in sorted(one["index"] for one in places if isinstance(one, dict) and isinstance(one.get("index"), int)):
        if index >= end and units[2 * index : 2 * index + 2] == SIGN.encode("utf-16-le"):
            pieces += [units[2 * end : 2 * index].decode("utf-16-le", "surrogatepass"), TOLD]
            end = index + 1
    return "".join([*pieces, units[2 * end :].decode("utf-16-le", "surrogatepass")])
