"""The lookup copy: what staff typed, levelled for reading, with the way back to every raw character."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from storage import names

LONGEST_CLUSTER = 32  # a letter with more marks than this is cut, so that no input makes NFKC sort for long
LEVELLED = {"〜": "~", "、": ",", "､": ",", "≧": ">=", "≦": "<="} | dict.fromkeys("‐‑‒–—―−﹣－", "-")
Key = TypeVar("Key")
NEW_LINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Lookup:
    """One line twice: `raw` as typed, `text` levelled; `folded` is `text` in hiragana and small letters.

    `starts[i]` and `ends[i]` bound the raw characters that `text[i]` came from.
    """

    raw: str
    text: str
    folded: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def carve(self, start: int, end: int) -> str:
        """The raw text behind `text[start:end]`, verbatim."""
        if start >= end:
            return ""
        return self.raw[self.starts[start] : self.ends[end - 1]]

    def carve_from(self, start: int) -> str:
        """The raw text from `text[start]` to the end of the line, verbatim."""
        return self.raw[self.starts[start] :] if start < len(self.text) else ""


def lines_of(text: str) -> list[str]:
    """The lines as LINE sends them; unlike str.splitlines it leaves all other separators in the text."""
    return NEW_LINE.split(text)


def fold(text: str) -> str:
    """Hiragana and small letters, character for character, for comparing with the lexicon."""
    lowered = "".join(small if len(small := c.casefold()) == 1 else c for c in text)
    return names.kana_fold(lowered)


def key_of(known: Mapping[Key, Sequence[str]], text: str) -> Key | None:
    """The key that is spelled like this, by its folded spellings."""
    folded = fold(text)
    return next((key for key, spelled in known.items() if folded in _folded(tuple(spelled))), None)


@cache
def _folded(spelled: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, spelled))


def lookup(raw: str) -> Lookup:
    """The lookup copy of one line: NFKC, levelled dashes and commas, single spaces, nothing invisible."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while position < len(raw):
        after = _cluster_end(raw, position)
        for character in _levelled(raw[position:after]):
            if character == " " and (not text or text[-1] == " "):
                continue
            text.append(character)
            starts.append(position)
            ends.append(after)
        position = after
    if text and text[-1] == " ":
        del text[-1], starts[-1], ends[-1]
    levelled = re.sub(r"(?<=\d)ー(?=\d)", "-", "".join(text))
    return Lookup(raw, levelled, fold(levelled), tuple(starts), tuple(ends))


def _levelled(cluster: str) -> str:
    return "".join(map(_level, unicodedata.normalize("NFKC", cluster)))


def _level(character: str) -> str:
    if character.isspace() or unicodedata.category(character) == "Zs":
        return " "
    if names.invisible(character):
        return ""
    return LEVELLED.get(character, character)


def _cluster_end(raw: str, start: int) -> int:
    """The index after the character at `start` and the marks that NFKC may melt into it."""
    end = start + 1
    if not raw[start].isalnum():
        return end
    while end < len(raw) and end - start < LONGEST_CLUSTER and _melts(raw[end]):
        end += 1
    return end


def _melts(character: str) -> bool:
    if character < "\u0300" or "\u3400" <= character <= "\u9fff":
        return False
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.combining(first) != 0 or "\u1160" <= first < "\u1200"


def from_utf16(text: str, offset: int, length: int) -> tuple[int, int] | None:
    """LINE counts in UTF-16 units; the same span in characters, or None when it does not lie in the text."""
    start = end = None
    units = 0
    for index, character in enumerate(text):
        if units == offset:
            start = index
        if units == offset + length:
            end = index
        units += 2 if character > "\uffff" else 1
    if units == offset + length:
        end = len(text)
    if start is None or end is None or end <= start:
        return None
    return start, end
