"""A single moment: 今すぐ, 3日後 12:00, 今夜 19時半, 次の金曜 18:00, 12/24(木) 18:00."""

import re
from typing import Literal

from admin_commands.grammar import numbers
from admin_commands.grammar.schedules import dates, printing
from admin_commands.grammar.schedules.dates import ENGLISH_DAY, NUMBER, WEEKDAY
from admin_commands.grammar.schedules.said import UNREADABLE, After, Ahead, At, Day, Found, OnWeekday, Problem
from jobs import timing
from jobs.timing import Unit

AHEAD = re.compile(
    r"(?:(?P<half>今夜|今晩|今朝|明朝|明晩|tonight)|(?P<word>今日|本日|明日|あした|あす|明後日|あさって|明々後日|しあさって|today|tomorrow))"
    r"(?:の|、|は)?",
    re.IGNORECASE,
)
AHEAD_DAYS = {
    **dict.fromkeys(("今日", "本日", "today"), 0),
    **dict.fromkeys(("明日", "あした", "あす", "tomorrow"), 1),
    **dict.fromkeys(("明後日", "あさって"), 2),
    **dict.fromkeys(("明々後日", "しあさって"), 3),
}
HALVES = {
    "今夜": (0, "夜"),
    "今晩": (0, "夜"),
    "tonight": (0, "夜"),
    "今朝": (0, "朝"),
    "明朝": (1, "朝"),
    "明晩": (1, "夜"),
}
ON_WEEKDAY = re.compile(rf"(?P<week>次|今週|来週|今度|next )の? ?(?P<days>{WEEKDAY}|{ENGLISH_DAY})の?", re.IGNORECASE)
NOW = re.compile(r"今すぐ|すぐ(?:に)?|now\b|immediately", re.IGNORECASE)
AFTER = re.compile(rf"(?P<amount>{NUMBER}|半) ?(?P<unit>分|時間|日|週間)(?P<semi>半)? ?後(?:の|に)?")
AFTER_ENGLISH = re.compile(r"(?:after|in) (?P<amount>\d{1,9}) ?(?P<unit>m|min|h|d|w)\w*", re.IGNORECASE)
LETTERS = {"m": "分", "min": "分", "h": "時間", "d": "日", "w": "週間"}
UNITS: dict[str, Unit] = {"分": "minute", "時間": "hour", "日": "day", "週間": "day"}


def now(text: str, position: int) -> Found | None:
    found = NOW.match(text, position)
    return (After(0), found.end()) if found else None


def after(text: str, position: int) -> Found | None:
    found = AFTER.match(text, position)
    english = None if found else AFTER_ENGLISH.match(text, position)
    if found is not None:
        unit, amount, semi, end = found["unit"], found["amount"], bool(found["semi"]), found.end()
    elif english is not None:
        unit, amount, semi, end = LETTERS[english["unit"].lower()], english["amount"], False, english.end()
    else:
        return None
    return _elapsed(text, end, amount, unit, semi)


def _elapsed(text: str, end: int, amount: str, unit: str, semi: bool) -> Found:
    count = numbers.number(amount)
    match amount, unit, semi:
        case "半", "時間", False:
            return After(30, "minute"), end
        case "半", "日", False:
            return After(12, "hour"), end
        case _, "時間", True if count is not None:
            return After(count * 60 + 30, "minute"), end
    if count is None or semi:
        return Problem(UNREADABLE)
    count *= 7 if unit == "週間" else 1
    kind = UNITS[unit]
    if count > timing.LIMITS[kind]:
        return Problem(f"は長すぎます（{timing.LIMITS[kind]:,}{timing.UNITS[kind]}後まで）")
    at = dates.clock(text, end) if kind == "day" else None
    return (After(count, kind, at[0]), at[1]) if at else (After(count, kind), end)


def ahead(text: str, position: int) -> Found | None:
    """今夜 is looked for before 夜, which is only a part of the day."""
    found = AHEAD.match(text, position)
    if found is None:
        return None
    if found["half"]:
        days, half = HALVES[found["half"].lower()]
        return _timed(text, found.end(), Ahead(days), half)
    return _timed(text, found.end(), Ahead(AHEAD_DAYS[found["word"].lower()]))


def on_weekday(text: str, position: int) -> Found | None:
    found = ON_WEEKDAY.match(text, position)
    if found is None:
        return None
    weeks: dict[str, Literal[0, 1]] = {"今週": 0, "来週": 1}
    return _timed(text, found.end(), OnWeekday(dates.weekdays(found["days"])[0], weeks.get(found["week"])))


def on_day(text: str, position: int) -> Found | None:
    found = dates.day(text, position)
    if found is None or isinstance(found, Problem):
        return found
    return _timed(text, found[1], found[0])


def _timed(text: str, end: int, day: Day | Ahead | OnWeekday, half: str = "") -> Found:
    at = dates.clock(text, end, half)
    return (At(day, at[0]), at[1]) if at else dates.needs_clock(printing.show_day(day))
