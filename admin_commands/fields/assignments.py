"""`誕生日=5/3 来店回数 +1 メモ=前髪は短め`: what is to be noted, cut into fields, signs and values."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from admin_commands.grammar import words

_NAME = r"(?:「(?P<quoted>[^」]+)」|(?P<bare>[^\s=＝:：+＋\-－−「」,、]{1,60}))"
_SET = re.compile(rf"{_NAME}[ \u3000]*(?P<sign>[=＝:：])[ \u3000]*")
_COUNT = re.compile(rf"{_NAME}[ \u3000]*(?P<sign>[+＋\-－−])[ \u3000]*(?=[\d０-９一二三四五六七八九十百千万])")
_SPACED = re.compile(rf"{_NAME}[ \u3000]+(?=\S)")
_SPACES = re.compile(r"[\s\u3000,、]+")
_DIGITS = re.compile(r"[\d０-９]+\Z")


@dataclass(frozen=True, slots=True)
class Assignment:
    """`sign` is =, + or -; the value as it was typed, without quotes."""

    name: str
    sign: str
    value: str


def read(text: str, known: Callable[[str], bool]) -> list[Assignment]:
    """All of them; empty where the text is none. A value goes on until the next name with a sign behind it.

    A name that is not `known` ends a value only before a =, lest 「A 1+1」 be cut.
    """
    found: list[Assignment] = []
    position = _behind(text, 0)
    while position < len(text):
        head = _head(text, position, known)
        if head is None:
            return []
        value, end = _value(text, head.end(), known)
        sign = head.groupdict().get("sign") or "="
        sign = "=" if sign in "=＝:：" else "+" if sign in "+＋" else "-"
        found.append(Assignment(head["quoted"] or head["bare"], sign, value))
        position = _behind(text, end)
    return found


def _behind(text: str, position: int) -> int:
    spaces = _SPACES.match(text, position)
    return spaces.end() if spaces else position


def _head(text: str, position: int, known: Callable[[str], bool]) -> re.Match[str] | None:
    for pattern in (_SET, _COUNT):
        found = pattern.match(text, position)
        if found:
            return found
    found = _SPACED.match(text, position)
    return found if found and known(found["quoted"] or found["bare"]) else None


def _value(text: str, begin: int, known: Callable[[str], bool]) -> tuple[str, int]:
    opener = text[begin : begin + 1]
    if opener and opener in words.OPENERS:
        end = text.find(words.OPENERS[opener], begin + 1)
        if end >= 0 and (end + 1 == len(text) or _SPACES.match(text, end + 1)):
            return text[begin + 1 : end], end + 1
    for spaces in _SPACES.finditer(text, begin):
        if _begins(text, spaces.end(), known):
            return text[begin : spaces.start()].strip(), spaces.start()
    return text[begin:].strip(), len(text)


def _begins(text: str, position: int, known: Callable[[str], bool]) -> bool:
    head = _SET.match(text, position)
    if head and head["sign"] in "=＝" and not _DIGITS.match(head["quoted"] or head["bare"]):
        return True
    count = _COUNT.match(text, position) or head
    return count is not None and known(count["quoted"] or count["bare"])
