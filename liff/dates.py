"""Days and moments as people write them, in the visitor's language."""

from datetime import date, datetime
from typing import Final

from liff import words

WEEKDAYS: Final = "月火水木金土日"
SHORT_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(given: date, language: str) -> str:
    """`2026年12月24日(木)`, `Thu, Dec 24, 2026`."""
    if language == words.JA:
        return f"{given.year}年{given.month}月{given.day}日({WEEKDAYS[given.weekday()]})"
    return f"{SHORT_WEEKDAYS[given.weekday()]}, {MONTHS[given.month - 1]} {given.day}, {given.year}"


def moment(given: datetime, language: str) -> str:
    """By the clock it is given in: `2026年12月24日(木) 9:00`."""
    return f"{day(given, language)} {given.hour}:{given:%M}"
