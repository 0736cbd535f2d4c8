"""The variables in a message, `{名前}` and `{名前|お客様}`: where they stand and which there are."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from jobs.messages import naming

# Each variable's name and what stands in its place when a friend has no value and no default was written.
KNOWN: Mapping[str, str] = {"名前": "お客様"}

WORDS = frozenset({"text", "altText", "title", "label", "displayText", "fillInText", "address", "clipboardText"})
ADDRESSES = frozenset(
    {"uri", "url", "linkUri", "desktop", "originalContentUrl", "previewUrl", "previewImageUrl"}
    | {"thumbnailImageUrl", "imageUrl", "iconUrl"}
)

_INSIDE = r"[ \u3000]*([\w#＃][\w・:：+＋\-－−./／()（）]{0,59})[ \u3000]*(?:[|｜]([^{}｛｝|｜\n]*))?"
_PLACES = re.compile(rf"[{{｛]{{2}}{_INSIDE}[}}｝]{{2}}|[{{｛]{_INSIDE}[}}｝]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a string as written (`raw`) and what it says.

    `words` is plain text; `value` a variable, whose `text` is its default; `literal` a doubled `{{名前}}`, whose
    `text` is `{名前}`; `unknown` a name in braces that is no variable and stands for itself.
    """

    kind: Literal["words", "value", "literal", "unknown"]
    raw: str
    text: str
    name: str = ""


class Place(NamedTuple):
    """A string that may hold variables: `holder[key]`, found at `path`; in Flex braces are `loose`."""

    holder: dict[str, Any]
    key: str
    path: str
    text: str
    loose: bool


def parse(text: str, known: Mapping[str, str] = KNOWN, *, loose: bool = False) -> list[Piece]:
    """Split a string at its variables; the raws joined give `text` again.

    Loose, as in Flex from elsewhere, only braces around a known name mean anything.
    """
    if "{" not in text and "｛" not in text:
        return [Piece("words", text, text)] if text else []
    pieces: list[Piece] = []
    end = 0
    for found in _PLACES.finditer(text):
        if found.start() > end:
            pieces.append(_words(text[end : found.start()]))
        pieces.append(_piece(found, known, loose))
        end = found.end()
    if end < len(text):
        pieces.append(_words(text[end:]))
    return pieces


def places(tree: object, path: str = "messages", *, loose: bool = False) -> Iterator[Place]:
    """Every string of a message, or a list of them, in which variables are replaced."""
    if isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from places(item, f"{path}[{index}]", loose=loose)
    elif isinstance(tree, dict):
        loose = loose or tree.get("type") == "flex"
        for key, value in tree.items():
            inner = f"{path}.{key}"
            if isinstance(value, str):
                if key in WORDS or key in ADDRESSES:
                    yield Place(tree, key, inner, value, loose)
            else:
                yield from places(value, inner, loose=loose)


def variables(messages: object, known: Mapping[str, str] = KNOWN) -> set[str]:
    """The names of the known variables that messages use."""
    return {
        piece.name
        for place in places(messages)
        for piece in parse(place.text, known, loose=place.loose)
        if piece.kind == "value"
    }


def is_personal(messages: object, known: Mapping[str, str] = KNOWN) -> bool:
    """Whether messages differ from friend to friend, so that they cannot leave by multicast."""
    return bool(variables(messages, known))


def _words(text: str) -> Piece:
    return Piece("words", text, text)


def _piece(found: re.Match[str], known: Mapping[str, str], loose: bool) -> Piece:
    raw = found.group()
    doubled = found.group(1) is not None
    written = found.group(1) if doubled else found.group(3)
    name = lookup(written, known)
    if name is None and loose:
        return _words(raw)
    if doubled:
        return Piece("literal", raw, raw[1:-1], written)
    if name is None:
        return Piece("unknown", raw, raw, written)
    default = found.group(4) or ""
    return Piece("value", raw, default if default.strip() else known.get(name, ""), name)


def lookup(name: str, known: Mapping[str, str]) -> str | None:
    """The known name that a written one means, however wide or large it was typed; days and numbers are known."""
    if name in known:
        return name
    folded = _fold(name)
    return next((each for each in known if _fold(each) == folded), None) or naming.canonical(name)


def exchanged(text: str, by: Callable[[str], str | None]) -> str:
    """The text with other names in its variables; `by` gives None for what stays."""
    if "{" not in text and "｛" not in text:
        return text
    pieces: list[str] = []
    end = 0
    for found in _PLACES.finditer(text):
        name = by(found[3]) if found[3] is not None else None
        if name is not None:
            pieces += [text[end : found.start(3)], name]
            end = found.end(3)
    return "".join([*pieces, text[end:]])


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
