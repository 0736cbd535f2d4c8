"""What comes round: 毎日, 毎週月水金, 第2・4火曜, 毎月25日, 月末, 毎年 12/24, 3時間ごと."""

import re
from dataclasses import replace
from datetime import time
from typing import Literal

from admin_commands.grammar import numbers
from admin_commands.grammar.schedules import dates
from admin_commands.grammar.schedules.dates import DAYS, ENGLISH_DAY, NUMBER, WEEKDAY
from admin_commands.grammar.schedules.said import UNREADABLE, Found, Offer, Problem
from jobs import recurrence
from jobs.recurrence import Daily, Hourly, Monthly, NthWeekday, Rule, Weekly, Yearly

EVERY_DAY = re.compile(
    r"(?:(?P<all>毎日|daily|every ?day)|(?P<work>平日|weekdays)|(?P<weekend>土日|週末|weekends))の?", re.IGNORECASE
)
EVERY_WEEK = re.compile(rf"(?P<every>毎週|隔週|weekly|biweekly) ?の? ?(?P<days>{DAYS})の?", re.IGNORECASE)
NTH = re.compile(
    rf"(?:毎月 ?の? ?)?第 ?(?P<nths>{NUMBER}(?: ?[・,と] ?第? ?{NUMBER})*) ?(?P<last>[・,と] ?最終 ?)?"
    rf"の?(?P<days>{WEEKDAY})の?"
)
NTH_ENGLISH = re.compile(
    rf"monthly (?P<nths>\d(?:st|nd|rd|th)(?: ?, ?\d(?:st|nd|rd|th))*) (?P<days>{ENGLISH_DAY})", re.IGNORECASE
)
LAST_DAY = re.compile(
    rf"(?:毎月 ?の? ?)?(?:最終|最後) ?の?(?P<days>{WEEKDAY})の?|monthly last (?P<english>{ENGLISH_DAY})", re.IGNORECASE
)
MONTH_END = re.compile(r"(?:毎月 ?の? ?)?月末の?|毎月末の?|毎月 ?最終日|monthly last(?! [a-z])", re.IGNORECASE)
EVERY_MONTH = re.compile(
    rf"(?:毎月 ?の? ?(?P<day>{NUMBER})日|monthly (?P<english>\d{{1,2}})(?:st|nd|rd|th)?)の?", re.IGNORECASE
)
EVERY_YEAR = re.compile(r"(?:毎年|yearly|annually) ?の? ?", re.IGNORECASE)
EVERY_HOURS = re.compile(
    rf"(?P<hours>{NUMBER}) ?時間(?:ごと|毎|おき)(?:に)?|every (?P<english>\d{{1,2}}) ?h\w*", re.IGNORECASE
)
UNKNOWN = time(0)


def read(text: str, position: int) -> Found | None:
    found = _rule(text, position)
    if found is None or isinstance(found, Problem):
        return found
    rule, end = found
    at = dates.clock(text, end)
    return (replace(rule, at=at[0]), at[1]) if at else dates.needs_clock(recurrence.rule_text(rule))


def _rule(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    """The rule at `position`, its time of day still unknown."""
    for reader in (_daily, _weekly, _nth, _last_weekday, _month_end, _monthly, _yearly, _hourly):
        found = reader(text, position)
        if found is not None:
            return found
    return None


def _daily(text: str, position: int) -> tuple[Rule, int] | None:
    found = EVERY_DAY.match(text, position)
    if found is None:
        return None
    return Daily(UNKNOWN, "all" if found["all"] else "workdays" if found["work"] else "weekend"), found.end()


def _weekly(text: str, position: int) -> tuple[Rule, int] | None:
    found = EVERY_WEEK.match(text, position)
    if found is None:
        return None
    every: Literal[1, 2] = 1 if found["every"].lower() in ("毎週", "weekly") else 2
    return Weekly(dates.weekdays(found["days"]), UNKNOWN, every), found.end()


def _nth(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    found = NTH.match(text, position) or NTH_ENGLISH.match(text, position)
    if found is None:
        return None
    nths = [numbers.number(one) for one in re.findall(NUMBER, found["nths"])]
    if not all(nth is not None and 1 <= nth <= 5 for nth in nths):
        return Problem("の「第」の後は1〜5で書いてください")
    last = [recurrence.LAST] if "last" in found.groupdict() and found["last"] else []
    counted = sorted({nth for nth in nths if nth is not None})
    return NthWeekday((*counted, *last), dates.weekdays(found["days"])[0], UNKNOWN), found.end()


def _last_weekday(text: str, position: int) -> tuple[Rule, int] | None:
    found = LAST_DAY.match(text, position)
    if found is None:
        return None
    weekday = dates.weekdays(found["days"] or found["english"])[0]
    return NthWeekday((recurrence.LAST,), weekday, UNKNOWN), found.end()


def _month_end(text: str, position: int) -> tuple[Rule, int] | None:
    found = MONTH_END.match(text, position)
    return (Monthly(recurrence.LAST, UNKNOWN), found.end()) if found else None


def _monthly(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    found = EVERY_MONTH.match(text, position)
    if found is None:
        return None
    day = numbers.number(found["day"] or found["english"])
    if day is None or not 1 <= day <= 31:
        return Problem("の日は1〜31で書いてください", (Offer("月末", f"月末{text[found.end() : found.end() + 16]}"),))
    return Monthly(day, UNKNOWN), found.end()


def _yearly(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    every = EVERY_YEAR.match(text, position)
    if every is None:
        return None
    found = dates.day(text, every.end())
    if found is None:
        return Problem(UNREADABLE)
    if isinstance(found, Problem):
        return replace(found, offers=tuple(replace(one, text=f"毎年{one.text}") for one in found.offers))
    day, end = found
    return Yearly(day.month, day.day, UNKNOWN), end


def _hourly(text: str, position: int) -> tuple[Rule, int] | Problem | None:
    found = EVERY_HOURS.match(text, position)
    if found is None:
        return None
    hours = numbers.number(found["hours"] or found["english"])
    if hours is None or not 1 <= hours <= 240:
        return Problem("の間隔は1〜240時間で書いてください")
    return Hourly(hours, UNKNOWN), found.end()
