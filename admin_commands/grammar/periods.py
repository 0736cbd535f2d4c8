"""The days between which a friend may choose: 2026-12-01〜2026-12-31, 今日〜30日後, 明日〜."""

import re
from datetime import date

DATE = re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$")
AFTER = re.compile(r"(?P<days>\d{1,4})日(?P<before>前)?後?$")
WORDS = {"昨日": -1, "今日": 0, "本日": 0, "明日": 1, "明後日": 2, "あさって": 2}
Day = date | int | None


def days(text: str) -> tuple[Day, Day]:
    """Both ends, dates or days from now, None where there is none; both None for what cannot be read."""
    first, sign, last = text.partition("~")
    if not sign:
        return None, None
    ends = [_day(one) if one else None for one in (first, last)]
    unread = any(one and end is None for one, end in zip((first, last), ends, strict=True))
    return (None, None) if unread else (ends[0], ends[1])


def turned(least: Day, most: Day) -> bool:
    """Whether the end does not come after the beginning."""
    if isinstance(least, date) and isinstance(most, date):
        return least >= most
    return isinstance(least, int) and isinstance(most, int) and least >= most


def _day(text: str) -> Day:
    if text in WORDS:
        return WORDS[text]
    after = AFTER.match(text)
    if after:
        return int(after["days"]) * (-1 if after["before"] else 1)
    found = DATE.match(text)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def show(least: Day, most: Day) -> str:
    return f"{_shown(least)}〜{_shown(most)}"


def _shown(day: Day) -> str:
    if day is None:
        return ""
    if isinstance(day, date):
        return day.isoformat()
    known = {-1: "昨日", 0: "今日", 1: "明日"}
    return known.get(day, f"{day}日後" if day > 0 else f"{-day}日前")
