"""Numbers and times of day as people write them: 12:30, 午後6時半, 十時, 二十, 1万."""

import re
from datetime import time

DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "両": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
NUMBER = r"(?:\d{1,9}(?:[万千](?!\d))?|[〇零一二三四五六七八九十百千万]{1,9})"
NTH = re.compile(rf"(?:第)?({NUMBER})(?:通目|番目|つ目|番)?(?:から)?$")
CLOCK = re.compile(
    rf"(?P<half>午前|午後|朝|昼|夕方|夜|am|pm)?(?:の)?\s?"
    rf"(?:(?P<hour>{NUMBER})(?::(?P<colon>\d{{2}})|時(?:(?P<semi>半)|(?P<minute>{NUMBER})分)?)"
    rf"(?:\s?(?P<after>am|pm))?|(?P<noon>正午))",
    re.IGNORECASE,
)


def number(text: str) -> int | None:
    """The value of digits or kanji numerals, None when it is neither."""
    match = re.fullmatch(r"(\d{1,9})([万千]?)", text)
    if match:
        return int(match[1]) * {"": 1, "千": 1000, "万": 10_000}[match[2]]
    if not text or any(c not in DIGITS and c not in TENS and c != "万" for c in text):
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    high, separator, low = text.partition("万")
    if not separator:
        return _below_ten_thousand(text)
    return _below_ten_thousand(high or "一") * 10_000 + _below_ten_thousand(low)


def _below_ten_thousand(text: str) -> int:
    total = current = 0
    for character in text:
        if character in TENS:
            total, current = total + (current or 1) * TENS[character], 0
        else:
            current = current * 10 + DIGITS.get(character, 0)
    return total + current


def nth(text: str) -> int | None:
    """`3通目から`, `3通目`, `三番目`, `3` -> 3."""
    match = NTH.match(text)
    return number(match[1]) if match else None


def clock(text: str, position: int = 0) -> tuple[time, int] | None:
    """The time of day at `position` of a levelled text and the index after it; None when there is none.

    夜12時 and the like, which two people may read differently, are none.
    """
    match = CLOCK.match(text, position)
    if match is None:
        return None
    if match["noon"]:
        return time(12), match.end()
    hour = number(match["hour"])
    minute = 30 if match["semi"] else number(match["colon"] or match["minute"] or "0")
    if hour is None or minute is None:
        return None
    hour = _hour(hour, (match["half"] or match["after"] or "").lower())
    if hour is None or minute > 59:
        return None
    return time(hour, minute), match.end()


def _hour(hour: int, half: str) -> int | None:
    """The hour of the 24-hour clock, None where there is no such hour in that half of the day."""
    first, last, added = {
        "": (0, 23, 0),
        "午前": (0, 11, 0),
        "am": (0, 11, 0),
        "朝": (4, 11, 0),
        "午後": (0, 11, 12),
        "pm": (0, 11, 12),
        "昼": (1, 4, 12),
        "夕方": (3, 7, 12),
        "夜": (5, 11, 12),
    }[half]
    if half in ("午後", "pm") and hour == 12:
        return 12
    if half in ("午前", "am") and hour == 12:
        return 0
    if half == "昼" and hour in (11, 12):
        return hour
    if half in ("夕方", "夜", "午後") and first + 12 <= hour <= last + 12:
        return hour
    return hour + added if first <= hour <= last else None
