"""Text messages: LINE emoji at their $, and textV2 with its substitutions [R#text-message, #text-message-v2]."""

import re
from typing import Any

from tests.simulator.messages.places import Place

TEXT = 5000
EMOJIS = 20
MENTIONS = 20
SUBSTITUTIONS = 100
KEY = re.compile(r"[0-9a-zA-Z_]{1,20}", re.ASCII)
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def check(message: Place) -> None:
    text = message.string("text", TEXT)
    message.string("quoteToken", required=False, least=1)
    for emoji in message.items("emojis", 0, EMOJIS, required=False):
        emoji.string("productId")
        emoji.string("emojiId")
        emoji.number("index", 0, TEXT, whole=True)
        if isinstance(text, str) and not stands_at(text, emoji.value.get("index")):
            emoji.wrong("index", "the text has no $ there")


def stands_at(text: str, index: Any) -> bool:
    """A $ at that UTF-16 code unit."""
    units = text.encode("utf-16-le", "surrogatepass")
    return isinstance(index, int) and units[2 * index : 2 * index + 2] == b"$\x00"


def check_v2(message: Place) -> None:
    text = message.string("text", TEXT)
    message.string("quoteToken", required=False, least=1)
    known = substitutions(message)
    if text is None:
        return
    keys = placeholders(text)
    if keys is None:
        message.wrong("text", "{ and } must be used in pairs")
        return
    for key in dict.fromkeys(keys):
        if known is not None and key not in known:
            message.wrong("text", f"no substitution is specified for {{{key}}}")
    kinds = [(known or {}).get(key) for key in keys]
    for kind, most in (("mention", MENTIONS), ("emoji", EMOJIS)):
        if kinds.count(kind) > most:
            message.wrong("substitution", f"at most {most} of type {kind}")


def placeholders(text: str) -> list[str] | None:
    """The keys in braces in their order, doubled braces being letters; None when a brace stands alone."""
    keys = []
    for found in _BRACES.finditer(text):
        if found[0] in ("{", "}"):
            return None
        if found[1] is not None:
            keys.append(found[1])
    return keys


def substitutions(message: Place) -> dict[str, str | None] | None:
    """The type of each substitution by key; None when there is something else in their place."""
    place = message.inner("substitution", required=False)
    if place is None:
        return {} if message.value.get("substitution") is None else None
    if len(place.value) > SUBSTITUTIONS:
        message.wrong("substitution", f"Size must be between 0 and {SUBSTITUTIONS}")
        return None
    return {key: check_substitution(place, key) for key in place.value}


def check_substitution(place: Place, key: str) -> str | None:
    if not KEY.fullmatch(key):
        place.wrong(key, "invalid property")
    inner = place.inner(key)
    if inner is None:
        return None
    kind = inner.choice("type", ("mention", "emoji"))
    if kind == "emoji":
        inner.string("productId")
        inner.string("emojiId")
    elif kind == "mention":
        mentionee = inner.inner("mentionee")
        if mentionee is not None and mentionee.choice("type", ("user", "all")) == "user":
            mentionee.string("userId")
    return kind
