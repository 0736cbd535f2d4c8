"""What stands behind the kind of a question: 必須, 500字まで, 0〜120, 今日以降, 2個まで, 5点; read and printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from admin_commands.grammar import periods
from admin_commands.grammar.definitions import Bound, FormQuestion
from jobs.forms.kinds import KINDS, Kind

NUMERAL = r"-?\d{1,9}(?:\.\d{1,4})?"
UNITS: Mapping[str, str] = {"chars": "(?:字|文字)", "choices": "(?:個|つ|件)", "value": r"[^\d\s~]{0,3}?", "size": "MB"}
FLAGS: Mapping[str, tuple[str, bool]] = {
    "必須": ("required", True),
    "required": ("required", True),
    "任意": ("required", False),
    "非表示": ("hidden", True),
    "hidden": ("hidden", True),
}
POINTS = re.compile(r"(?P<points>-?\d{1,6})点")


@dataclass(frozen=True, slots=True)
class Found:
    """What the words behind a kind say; `unknown` is the first that says nothing."""

    required: bool = False
    hidden: bool = False
    least: Bound | None = None
    most: Bound | None = None
    points: int | None = None
    unknown: str = ""


def read(text: str, kind: Kind) -> Found:
    found = Found()
    for word in text.replace(",", " ").split():
        points = POINTS.fullmatch(word)
        if (flag := FLAGS.get(word)) is not None:
            found = replace(found, required=flag[1]) if flag[0] == "required" else replace(found, hidden=flag[1])
        elif points is not None:
            found = replace(found, points=int(points["points"]))
        elif (ends := _ends(word, kind)) is not None:
            least, most = ends
            found = replace(
                found,
                least=least if least is not None else found.least,
                most=most if most is not None else found.most,
            )
        elif not found.unknown:
            found = replace(found, unknown=word)
    return found


def _ends(word: str, kind: Kind) -> tuple[Bound | None, Bound | None] | None:
    """The least and the most that a word names."""
    if kind.counts == "days":
        return _days(word)
    unit = UNITS.get(kind.counts or "")
    if unit is None:
        return None
    both = re.fullmatch(rf"(?P<least>{NUMERAL}){unit}~(?P<most>{NUMERAL}){unit}(?:まで)?", word, re.IGNORECASE)
    if both is None and kind.counts != "value":
        both = re.fullmatch(rf"(?P<least>{NUMERAL})~(?P<most>{NUMERAL}){unit}(?:まで)?", word, re.IGNORECASE)
    if both is not None:
        return _number(both["least"]), _number(both["most"])
    most = re.fullmatch(rf"(?P<most>{NUMERAL}){unit}(?:まで|以内|以下)", word, re.IGNORECASE)
    if most is not None:
        return None, _number(most["most"])
    least = re.fullmatch(rf"(?P<least>{NUMERAL}){unit}(?:以上|から)", word, re.IGNORECASE)
    return (_number(least["least"]), None) if least is not None else None


def _days(word: str) -> tuple[Bound | None, Bound | None] | None:
    least, most = periods.days(word)
    if (least, most) != (None, None):
        return least, most
    ahead = re.fullmatch(r"(?P<day>.+?)(?P<side>以降|から|以前|まで)", word)
    if ahead is None:
        return None
    since = ahead["side"] in ("以降", "から")
    least, most = periods.days(f"{ahead['day']}~" if since else f"~{ahead['day']}")
    return (least, most) if (least, most) != (None, None) else None


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


def show(one: FormQuestion) -> list[str]:
    """The words behind the kind of a question."""
    kind = KINDS[one.kind]
    told = [word for word, so in (("必須", one.required), ("非表示", one.hidden)) if so]
    told += _shown(kind, one.least, one.most)
    return told + ([f"{one.points}点"] if one.points is not None else [])


def _shown(kind: Kind, least: Bound | None, most: Bound | None) -> list[str]:
    if (least is None and most is None) or kind.counts in (None, "top"):
        return []
    if kind.counts == "days":
        days = [one if isinstance(one, date | int) else None for one in (least, most)]
        return [periods.show(days[0], days[1])]
    if kind.counts == "value" and least is not None and most is not None:
        return [f"{least}〜{most}"]
    sign = {"chars": "字", "choices": "個", "size": "MB"}.get(kind.counts, "")
    up, down = ("以上", "以下") if kind.counts == "value" else ("以上", "まで")
    return [f"{one}{sign}{side}" for one, side in ((least, up), (most, down)) if one is not None]
