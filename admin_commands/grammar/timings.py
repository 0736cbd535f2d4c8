"""Step timings (すぐ, 1日後 12:00, 次の金曜 18:00, 12/24 18:00) and delivery windows, read from a title."""

import re
from dataclasses import replace
from datetime import date, time

from admin_commands.grammar import numbers
from admin_commands.grammar.schedules import Problem, dates
from jobs import hours, timing
from jobs.hours import Hours, Opening
from jobs.timing import Timing, Unit, Window

EXAMPLES = ("▼すぐ", "▼3時間後", "▼1日後 12:00", "▼次の金曜 18:00", "▼12/24 18:00")
WINDOW_EXAMPLES = ("配信可能: 9:00〜20:00", "配信可能: 平日 9:00〜20:00", "配信可能: 火-日", "配信可能: いつでも")
NEEDS_CLOCK = "に時刻がありません"
UNREADABLE = "の時間が読めません"

BASE = re.compile(r"(?:(前の通(?:から|の)?|前回から|prev(?:ious)?)|(開始から|登録から))\s?", re.IGNORECASE)
NOW = re.compile(r"すぐ(?:に)?|今すぐ|即時|開始直後|直後|now|immediately", re.IGNORECASE)
AFTER = re.compile(rf"({numbers.NUMBER}|半)\s?(分|時間|日|週間)(半)?\s?後(?:の|に)?")
DAY = re.compile(r"(当日|同日|翌々日|翌日|次の日(?!曜))(?:の)?")
NEXT = re.compile(r"(?:次の|次に来る|next )\s?(?:([月火水木金土日])曜日?(?:の)?|(mon|tue|wed|thu|fri|sat|sun)\w*)?")
PLUS = re.compile(r"\+\s?(\d{1,9})\s?(m|min|h|d|w)\b", re.IGNORECASE)
MONTHS = re.compile(rf"({numbers.NUMBER})\s?(?:か|カ|ヵ|ケ|ヶ|箇)月後")  # no unit of ours: days are offered
MIDNIGHT = re.compile(r"24(?::00|時)(?:まで)?")
WINDOW = re.compile(r"\s?(?:~|-|から)\s?")
ANY_TIME = ("いつでも", "24時間", "終日", "毎日", "always", "any time")
BOTH = re.compile(r"\s?(?:[,、]|と)\s?(?=[月火水木金土日平休祝毎0-9])")
SOME_DAYS = re.compile(
    r"(?P<work>平日|weekdays)|(?P<free>土日祝日?|休日)|(?P<end>土日(?!祝)|週末|weekends)|(?P<all>毎日)"
    r"|(?P<first>[月火水木金土日])曜?日?\s?(?:~|-|から)\s?(?P<last>[月火水木金土日])(?:曜日?)?"
    r"|(?P<named>[月火水木金土日](?:曜日?)?(?:[・/]?[月火水木金土日](?:曜日?)?)*)",
    re.IGNORECASE,
)

DAYS = {"当日": 0, "同日": 0, "翌日": 1, "次の日": 1, "翌々日": 2}
LETTERS = {"m": "分", "min": "分", "h": "時間", "d": "日", "w": "週間"}
ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPELLED: dict[str, Unit] = {"分": "minute", "時間": "hour", "日": "day"}
SLIPS = (
    ("じかん", "時間"),
    ("にち", "日"),
    ("ふん", "分"),
    ("ぷん", "分"),
    ("のお昼", " 12:00"),
    ("お昼", " 12:00"),
    ("とうじつ", "当日"),
    ("よくじつ", "翌日"),
    ("つぎの", "次の"),
    ("まえの", "前の"),
    ("あと", "後"),
    ("御", "後"),
    ("ご", "後"),
    ("語", "後"),
)


def read(text: str, position: int = 0) -> tuple[Timing, int] | str:
    """The timing at `position` of a levelled text and the index after it, or what is wrong with it."""
    base = BASE.match(text, position)
    previous = bool(base and base[1])
    found = _read(text, base.end() if base else position)
    if isinstance(found, str) or not previous or found[0].kind in ("immediate", "date"):
        return found
    return replace(found[0], base="previous"), found[1]


def _read(text: str, position: int) -> tuple[Timing, int] | str:
    now = NOW.match(text, position)
    if now:
        return timing.IMMEDIATE, now.end()
    after = AFTER.match(text, position)
    if after:
        return _after(text, after.end(), after[1], after[2], bool(after[3]))
    plus = PLUS.match(text, position)
    if plus:
        return _after(text, plus.end(), plus[1], LETTERS[plus[2].lower()], False)
    day = DAY.match(text, position)
    if day:
        return _day(text, day.end(), DAYS[day[1]])
    following = NEXT.match(text, position)
    if following:
        return _next(text, following)
    return _date(text, position)


def _after(text: str, end: int, amount: str, unit: str, and_a_half: bool) -> tuple[Timing, int] | str:
    minutes_or_hours = _halves(amount, unit, and_a_half)
    if minutes_or_hours is not None:
        return _limited(*minutes_or_hours, end)
    count = numbers.number(amount)
    if count is None or and_a_half:
        return UNREADABLE
    if unit in ("日", "週間"):
        return _day(text, end, count * (7 if unit == "週間" else 1))
    return _limited(count, SPELLED[unit], end)


def _halves(amount: str, unit: str, and_a_half: bool) -> tuple[int, Unit] | None:
    """半日後 and 1時間半後 in whole hours or minutes."""
    if amount == "半" and unit == "日" and not and_a_half:
        return 12, "hour"
    if amount == "半" and unit == "時間" and not and_a_half:
        return 30, "minute"
    count = numbers.number(amount)
    if and_a_half and unit == "時間" and count is not None:
        return count * 60 + 30, "minute"
    return None


def _limited(amount: int, unit: Unit, end: int) -> tuple[Timing, int] | str:
    if amount > timing.LIMITS[unit]:
        return f"は長すぎます（{timing.LIMITS[unit]:,}{timing.UNITS[unit]}後まで）"
    return (Timing("elapsed", amount, unit) if amount else timing.IMMEDIATE), end


def _day(text: str, end: int, days: int) -> tuple[Timing, int] | str:
    if days > timing.LIMITS["day"]:
        return f"は長すぎます（{timing.LIMITS['day']:,}日後まで）"
    at = _clock(text, end)
    if at:
        return Timing("day", days, "day", at=at[0]), at[1]
    return NEEDS_CLOCK if days == 0 else (Timing("elapsed", days, "day"), end)


def _next(text: str, following: re.Match[str]) -> tuple[Timing, int] | str:
    at = _clock(text, following.end())
    if following[1] or following[2]:
        if not at:
            return NEEDS_CLOCK
        kanji, english = following[1], (following[2] or "").lower()
        weekday = timing.WEEKDAYS.index(kanji) if kanji else ENGLISH_DAYS.index(english)
        return Timing("weekday", weekday=weekday, at=at[0]), at[1]
    return (Timing("clock", at=at[0]), at[1]) if at else UNREADABLE


def _date(text: str, position: int) -> tuple[Timing, int] | str:
    """`12/24 18:00`, `2026-12-24(木) 18:00`: a day of the calendar; its year may be said later (`timing.NO_YEAR`)."""
    found = dates.day(text, position)
    if found is None or isinstance(found, Problem):
        return UNREADABLE if found is None else found.what
    said, end = found
    at = dates.clock(text, end)
    if at is None:
        return NEEDS_CLOCK
    day = date(said.year or timing.NO_YEAR, said.month, said.day)
    known = said.year is not None and said.weekday == day.weekday()
    return Timing("date", weekday=None if known else said.weekday, at=at[0], day=day), at[1]


def _clock(text: str, position: int) -> tuple[time, int] | None:
    return numbers.clock(text, position + text.startswith(" ", position))


def mended(text: str) -> str | None:
    """The timing that a slip of the conversion was meant to be (1日ご -> 1日後), canonical; None if unclear."""
    for slip, right in SLIPS:
        text = text.replace(slip, right, 1)
    text = MONTHS.sub(lambda found: f"{(numbers.number(found[1]) or 0) * 30}日後", text, count=1)
    text = re.sub(r"(\d{1,2})[.;](\d{2})$", r"\1:\2", text)
    day = dates.day(text, 0)
    if isinstance(day, Problem) and len(day.offers) == 1:
        text = day.offers[0].text  # 2/30 was meant to be the last of the month
    found = read(text)
    if isinstance(found, str) or text[found[1] :].strip():
        return None
    return timing.describe(found[0])


def window(text: str) -> Window | None:
    """`9:00〜20:00`, 9時から夜8時; 24:00 may close it. None when it cannot be read."""
    start = numbers.clock(text)
    if start is None:
        return None
    separator = WINDOW.match(text, start[1])
    if separator is None:
        return None
    end = numbers.clock(text, separator.end())
    closes, rest = end if end else (time(0), len(text))
    if end is None and not MIDNIGHT.fullmatch(text, separator.end()):
        return None
    if text[rest:] not in ("", "まで") or (closes == start[0] and closes != time(0)):
        return None
    return start[0], closes


def opening(text: str) -> Opening | None:
    """`平日 9:00〜20:00, 土日 10:00〜18:00`, 火-日, いつでも; one of hours alone holds every day."""
    if text.strip().lower() in ANY_TIME:
        return (Hours(),)
    found = [_hours(one.strip()) for one in BOTH.split(text)]
    return tuple(one for one in found if one is not None) if None not in found else None


def _hours(text: str) -> Hours | None:
    days = SOME_DAYS.match(text)
    rest = text[days.end() :].strip().removeprefix("の").removeprefix("だけ").removeprefix("のみ") if days else text
    clocks = window(rest.strip()) if rest.strip() else hours.ALL_HOURS
    if clocks is None:
        return None
    if days is None or days["all"]:
        return Hours(clocks)
    if days["work"]:
        return Hours(clocks, frozenset(range(5)), "never")
    if days["free"]:
        return Hours(clocks, frozenset((5, 6)), "always")
    if days["end"]:
        return Hours(clocks, frozenset((5, 6)))
    return Hours(clocks, _weekdays(days))


def _weekdays(days: re.Match[str]) -> frozenset[int]:
    """火-日 and 月・水・金; a row of days goes over the end of the week where it must."""
    if days["first"]:
        first, last = (timing.WEEKDAYS.index(days[one]) for one in ("first", "last"))
        return frozenset((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))
    return frozenset(
        timing.WEEKDAYS.index(one)
        for one in days["named"].replace("曜日", "").replace("曜", "")
        if one in timing.WEEKDAYS
    )
