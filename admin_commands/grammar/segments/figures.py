"""How much and how often, as conditions say it: >=50, 50点以上, 3回以上."""

import re

from admin_commands.grammar import numbers
from admin_commands.grammar.segments.moments import END, SIGN, SIGNS, Comparison
from admin_commands.grammar.segments.places import Place, Wrong

COMPARED: dict[str, Comparison] = {
    "以上": ">=",
    "以下": "<=",
    "未満": "<",
    "より大きい": ">",
    "より小さい": "<",
    "超": ">",
}

COMPARES = re.compile(rf" ?(?P<sign>{SIGN}) ?")
FIGURE = r"-?(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d{1,9})"
SIGNED = re.compile(rf" ?(?P<sign>{SIGN}) ?(?P<figure>{FIGURE}) ?点?{END}")
WORDED = re.compile(rf" ?(?P<figure>{FIGURE}) ?(?:点|歳|回|人|円|個)?(?P<word>{'|'.join(COMPARED)}){END}")


def amount(place: Place, at: int) -> tuple[tuple[Comparison, int], int] | None:
    """`>=50`, `50点以上`."""
    signed = place.match(SIGNED, at)
    if signed:
        return (SIGNS[signed["sign"]], int(figure(signed))), signed.end()
    worded = place.match(WORDED, at)
    return ((COMPARED[worded["word"]], int(figure(worded))), worded.end()) if worded else None


def figure(match: re.Match[str]) -> str:
    return match["figure"].replace(",", "")


TIMES = re.compile(rf" ?(?:>=|=>)? ?({numbers.NUMBER}) ?(?:回以上|回|times)?{END}")


def times(place: Place, at: int, end: int, missing: int = 1) -> tuple[int, int]:
    match = place.match(TIMES, end)
    if match is None:
        return missing, end
    number = numbers.number(match[1])
    if not number:
        raise Wrong(at, match.end(), "の回数は1以上で書いてください", examples=("リンク:春クーポン クリック 3回以上",))
    return number, match.end()
