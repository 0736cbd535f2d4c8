"""When something was, as conditions say it: 7日以内, 30日以上前, 今月, 11/1〜11/30, within 7d."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from admin_commands.grammar import normalise, numbers

Comparison = Literal["=", "!=", ">", ">=", "<", "<="]
Unit = Literal["minute", "hour", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Day:
    """A date; without a year it is the one that the sentence must mean."""

    year: int | None
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Within:
    """7日以内: at most so long ago."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Before:
    """30日以上前: so long ago or longer."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Ahead:
    """7日後: on the day that is so far away; only of a field."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class In:
    """今日, 今週, 今月, 誕生月."""

    period: Literal["today", "week", "month", "birth_month"]


@dataclass(frozen=True, slots=True)
class Between:
    """From one day to another, both included; either may be left out, not both."""

    first: Day | None
    last: Day | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """`> 30日前` can be read as 30日以内 and as 30日以上前: whoever wrote it is asked."""

    sign: Comparison | None
    count: int
    unit: Unit


When = Within | Before | Ahead | In | Between | Unclear

EXAMPLES = ("最終反応 7日以内", "最終反応 30日以上前", "友だち追加 今月", "友だち追加 11/1〜11/30")
UNREADABLE = "がいつのことか読めません"

UNITS: Mapping[Unit, str] = {
    "minute": "分",
    "hour": "時間",
    "day": "日",
    "week": "週間",
    "month": "か月",
    "year": "年",
}
LIMITS: Mapping[Unit, int] = {
    "minute": 100_000,
    "hour": 100_000,
    "day": 36_500,
    "week": 5_000,
    "month": 1_200,
    "year": 100,
}
SPELLED: Mapping[str, Unit] = {
    "分": "minute",
    "時": "hour",
    "日": "day",
    "週": "week",
    "年": "year",
    "h": "hour",
    "d": "day",
    "w": "week",
    "y": "year",
}
PERIODS = {"今日": "today", "今週": "week", "今月": "month", "誕生月": "birth_month"}
ENGLISH = {"today": "today", "this week": "week", "this month": "month", "birth month": "birth_month"}
SIGNS: Mapping[str, Comparison] = {
    ">=": ">=",
    "=>": ">=",
    "<=": "<=",
    "=<": "<=",
    "!=": "!=",
    "<>": "!=",
    "≠": "!=",
    "==": "=",
    "=": "=",
    ">": ">",
    "<": "<",
}
SIGN = r"(?:>=|=>|<=|=<|!=|<>|≠|==|=|>|<)"
# A word may end here: before a space, a sign of the language, or a negation that clings to it.
END = r"(?=[ ,()&|]|$|ではない|でない|じゃない|以外|かつ|または|又は)"

_MONTHS = normalise.fold("[かけゕゖ箇ヶヵ]")
SPAN = rf"(?P<count>{numbers.NUMBER}) ?(?P<unit>分|時間|日|週間?|{_MONTHS}月|年)間?"
SHORT = (
    r"(?P<count>\d{1,9}) ?(?P<unit>min(?:ute)?s?|mo(?:nth)?s?|h(?:ours?)?|d(?:ays?)?|w(?:eeks?)?|y(?:ears?)?)(?![a-z])"
)
PERIOD = re.compile(rf"(?:(?P<japanese>{'|'.join(PERIODS)})|(?P<english>{'|'.join(ENGLISH)})){END}")
WITHIN = re.compile(rf"(?:(?:過去|直近|この){SPAN}(?: ?以内)?|{SPAN.replace('?P<', '?P<b_')} ?以内){END}")
BEFORE = re.compile(rf"{SPAN} ?(?:以上前|以上経過|より前|前以前|以前|以上){END}")
AHEAD = re.compile(rf"{SPAN} ?後{END}")
IN_ENGLISH = re.compile(rf"(?P<how>within|(?:in )?(?:the )?last|older(?: than)?) {SHORT}")
UNCLEAR = re.compile(rf"(?P<sign>{SIGN})? ?{SPAN} ?(?P<ago>前)?{END}")
DATE = r"(?:(?P<year>\d{4})[-/年])?(?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?(?:\([月火水木金土日]\))?"
FROM = re.compile(rf"{DATE} ?(?P<range>~|から)? ?")
UNTIL = re.compile(rf"{DATE}(?:まで)?{END}")
ONLY_UNTIL = re.compile(rf"~ ?{DATE}(?:まで)?{END}")
SIGNED = re.compile(rf"(?P<sign>{SIGN}) ?{DATE}{END}")


def read(text: str, at: int, end: int, *, field: bool = False) -> tuple[When, int] | str | None:
    """The moment at `at` of a folded text and the index behind it; what is wrong with it; None when there is none.

    Behind the name of a field only what cannot be a value to compare with counts as a moment.
    """
    period = PERIOD.match(text, at, end)
    if period:
        which = PERIODS[period["japanese"]] if period["japanese"] else ENGLISH[period["english"]]
        return In(which), period.end()  # type: ignore[arg-type] # the tables hold no other periods
    found = _span(text, at, end, field)
    return found if found is not None else _dates(text, at, end, field)


def _span(text: str, at: int, end: int, field: bool) -> tuple[When, int] | str | None:
    match = IN_ENGLISH.match(text, at, end)
    if match:
        kind: type[Within | Before] = Before if match["how"].startswith("older") else Within
        return _limited(kind, match["count"], match["unit"], match.end())
    match = WITHIN.match(text, at, end)
    if match:
        return _limited(Within, match["count"] or match["b_count"], match["unit"] or match["b_unit"], match.end())
    match = BEFORE.match(text, at, end)
    if match:
        return _limited(Before, match["count"], match["unit"], match.end())
    match = AHEAD.match(text, at, end) if field else None
    if match:
        return _limited(Ahead, match["count"], match["unit"], match.end())
    match = UNCLEAR.match(text, at, end)
    if match and (match["ago"] or not field):
        found = _limited(Within, match["count"], match["unit"], match.end())
        if isinstance(found, str):
            return found
        return Unclear(SIGNS[match["sign"]] if match["sign"] else None, found[0].count, found[0].unit), found[1]
    return None


def _limited(
    kind: type[Within | Before | Ahead], count: str, unit: str, end: int
) -> tuple[Within | Before | Ahead, int] | str:
    number = numbers.number(count)
    which: Unit = "minute" if unit.startswith("min") else "month" if unit.startswith("mo") else _unit(unit)
    if not number:
        return UNREADABLE
    if number > LIMITS[which]:
        return f"は長すぎます（{LIMITS[which]:,}{UNITS[which]}まで）"
    return kind(number, which), end


def _unit(unit: str) -> Unit:
    return SPELLED.get(unit[0], "month")


def _dates(text: str, at: int, end: int, field: bool) -> tuple[When, int] | str | None:
    match = ONLY_UNTIL.match(text, at, end)
    if match:
        return _between(None, match, match.end())
    match = FROM.match(text, at, end)
    if match:
        last = UNTIL.match(text, match.end(), end) if match["range"] else match
        behind = last.end() if last and match["range"] else match.end()
        behind -= text[behind - 1] == " "
        return _between(match, last, behind)
    match = None if field else SIGNED.match(text, at, end)
    if match is None:
        return None
    sign = SIGNS[match["sign"]]
    if sign in ("<", ">", "!="):
        return "の日付は「11/1〜」「〜11/30」「11/1〜11/30」のように書いてください"
    return _between(match if sign != "<=" else None, match if sign != ">=" else None, match.end())


def _between(first: re.Match[str] | None, last: re.Match[str] | None, end: int) -> tuple[When, int] | str:
    days = [_day(match) if match else None for match in (first, last)]
    if any(match is not None and day is None for match, day in zip((first, last), days, strict=True)):
        return "の日付はありません"
    return Between(*days), end


def _day(match: re.Match[str]) -> Day | None:
    """None where there is no such day; without a year, February has 29."""
    year, month, day = match["year"], int(match["month"]), int(match["day"])
    try:
        date(int(year) if year else 2000, month, day)
    except ValueError:
        return None
    return Day(int(year) if year else None, month, day)


def show(when: When) -> str:
    match when:
        case Within(count, unit):
            return f"{count}{UNITS[unit]}以内"
        case Before(count, unit):
            return f"{count}{UNITS[unit]}以上前"
        case Ahead(count, unit):
            return f"{count}{UNITS[unit]}後"
        case In(period):
            return next(word for word, which in PERIODS.items() if which == period)
        case Unclear(sign, count, unit):
            return f"{sign}{count}{UNITS[unit]}前" if sign else f"{count}{UNITS[unit]}前"
        case Between(first, last):
            if first == last and first is not None:
                return show_day(first)
            return f"{show_day(first) if first else ''}〜{show_day(last) if last else ''}"


def show_day(day: Day) -> str:
    return f"{day.year:04}-{day.month:02}-{day.day:02}" if day.year else f"{day.month}/{day.day}"


def told(when: When) -> str:
    """The same in a sentence: 30日以上 instead of 30日以上前."""
    return f"{when.count}{UNITS[when.unit]}以上" if isinstance(when, Before) else show(when)


# ---- as it is kept ----


def stored(when: When, today: date) -> dict[str, Any]:
    """Days without a year get the one they must mean today. Raises ValueError for what reads two ways."""
    match when:
        case Within(count, unit):
            return {"within": [count, unit]}
        case Before(count, unit):
            return {"before": [count, unit]}
        case Ahead(count, unit):
            return {"ahead": [count, unit]}
        case In(period):
            return {"in": period}
        case Between(first, last):
            days = _days(first, last, today)
            return {key: day.isoformat() for key, day in zip(("from", "to"), days, strict=True) if day is not None}
    raise ValueError(when)


def back(when: Mapping[str, Any]) -> When:
    match when:
        case {"within": [count, unit]}:
            return Within(count, unit)
        case {"before": [count, unit]}:
            return Before(count, unit)
        case {"ahead": [count, unit]}:
            return Ahead(count, unit)
        case {"in": period}:
            return In(period)
    first, last = (_kept_day(when[key]) if key in when else None for key in ("from", "to"))
    return Between(first, last)


def settled(when: When, today: date) -> When:
    """A range of days with its years."""
    return back(stored(when, today)) if isinstance(when, Between) else when


def _kept_day(iso: str) -> Day:
    day = date.fromisoformat(iso)
    return Day(day.year, day.month, day.day)


def _days(first: Day | None, last: Day | None, today: date) -> tuple[date | None, date | None]:
    """A range of days that has begun; a last day without a year is the next one after the first."""
    if first is None:
        return None, _dated(last, today.year, -1) if last else None
    ends = _dated(last, today.year, -1) if last and last.year else None
    begins = _dated(first, (ends or today).year, -1)
    if first.year is None and begins > (ends or today):
        begins = _dated(first, begins.year - 1, -1)
    if last is None or ends is not None:
        return begins, ends
    ends = _dated(last, begins.year, 1)
    return begins, ends if ends >= begins else _dated(last, begins.year + 1, 1)


def _dated(day: Day, year: int, step: int) -> date:
    """The day in this year, or for 29 February the nearest year that has one."""
    year = day.year or year
    while True:
        try:
            return date(year, day.month, day.day)
        except ValueError:
            year += step
