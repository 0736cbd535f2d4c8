"""A day of the calendar, days of the week and a time of day, wherever they stand in a schedule."""

import re
from datetime import date, time, timedelta

from admin_commands.grammar import numbers
from admin_commands.grammar.schedules.said import Day, Offer, Problem
from jobs import timing

NO_CLOCK = "に時刻がありません"
CLOCKS = (time(10), time(12), time(18), time(20))
YEARS = range(2000, 2101)
NUMBER = numbers.NUMBER
WEEKDAY = r"(?:[月火水木金土日](?:曜日?)?)"
ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ENGLISH_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?"
DAYS = rf"(?:{WEEKDAY}(?: ?[・,と&/] ?)?)*{WEEKDAY}|{ENGLISH_DAY}(?:(?: ?, ?| and | ?& ?){ENGLISH_DAY})*"
DAY = re.compile(
    rf"(?:(?:(?P<year>\d{{4}}) ?[-/年] ?)?(?P<month>{NUMBER}) ?[-/月] ?(?P<day>{NUMBER})日?)"
    rf"(?: ?\( ?(?P<weekday>[月火水木金土日])(?:曜日?)? ?\))?",
    re.IGNORECASE,
)
FROM_TIME = re.compile(r"(?:から|より|at |に)")


def day(text: str, position: int) -> tuple[Day, int] | Problem | None:
    found = DAY.match(text, position)
    if found is None:
        return None
    month, number = numbers.number(found["month"]), numbers.number(found["day"])
    year = int(found["year"]) if found["year"] else None
    if month is None or number is None or not 1 <= month <= 12:
        return None
    if year is not None and year not in YEARS:
        return Problem(f"の{year}年は使えません（{YEARS[0]}〜{YEARS[-1]}年）")
    weekday = timing.WEEKDAYS.index(found["weekday"]) if found["weekday"] else None
    most = length(year or 2000, month)
    if not 1 <= number <= most:
        most = min(most, 28) if year is None and month == 2 else most
        written = f"{year}-{month:02d}-" if year else f"{month}/"
        rest = text[found.end() : found.end() + 16].split("期間")[0].strip()
        offers = (Offer(f"{month}月{most}日", f"{written}{most} {rest}".strip()),) if number else ()
        return Problem(f"の{month}月{number}日はありません", offers)
    return Day(month, number, year, weekday), found.end()


def length(year: int, month: int) -> int:
    """How many days a month has."""
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


def weekdays(text: str) -> tuple[int, ...]:
    """`月水金`, `月・水・金曜日`, `mon, wed` -> 0, 2, 4; the 日 of 曜日 is no Sunday."""
    english = re.findall(ENGLISH_DAY, text, re.IGNORECASE)
    if english:
        return tuple(sorted({ENGLISH_DAYS.index(one[:3].lower()) for one in english}))
    return tuple(sorted({timing.WEEKDAYS.index(one) for one in re.sub("曜日?", "", text) if one in timing.WEEKDAYS}))


def clock(text: str, position: int, half: str = "") -> tuple[time, int] | None:
    """The time of day behind a day; `half` is the part of the day that the day's word has named (今夜)."""
    position = behind_space(text, position)
    position = ((found := FROM_TIME.match(text, position)) and found.end()) or position
    if half:
        at = numbers.clock(f"{half}{text[position : position + 24]}")
        if at is not None:
            return at[0], position + at[1] - len(half)
    return numbers.clock(text, position)


def needs_clock(before: str) -> Problem:
    """A time of day is never guessed; four usual ones are offered."""
    clocks = [timing.clock_text(at) for at in CLOCKS]
    return Problem(NO_CLOCK, tuple(Offer(clock, f"{before} {clock}") for clock in clocks))


def behind_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in " ,":
        position += 1
    return position
