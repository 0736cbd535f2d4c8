"""From one day to another, either of which may be open: 12/1〜12/31, 〜2026-12-31, 12/1から."""

import re
from datetime import UTC, date, datetime, time

from admin_commands.grammar.schedules import dates, settling
from admin_commands.grammar.schedules.said import UNREADABLE, Day, Offer, Problem

UNTIL = re.compile(r" ?(?:~|から|-) ?")


def span(text: str) -> tuple[Day | None, Day | None] | Problem:
    """`12/1〜12/31`, `〜2026-12-31`, `12/1から`: a first and a last day, one of which may be open."""
    since = dates.day(text, 0)
    to = UNTIL.match(text, since[1]) if isinstance(since, tuple) else UNTIL.match(text)
    until = dates.day(text, to.end()) if to else None
    for one in (since, until):
        if isinstance(one, Problem):
            return one
    first, last = (one[0] if isinstance(one, tuple) else None for one in (since, until))
    end = until[1] if isinstance(until, tuple) else to.end() if to else 0
    if (first is None and last is None) or to is None or text[end:].removeprefix("まで").strip():
        return Problem("の期間が読めません", (Offer("12/1〜12/31", "12/1〜12/31"),))
    return first, last


def settled_span(since: Day | None, until: Day | None, today: date) -> tuple[date | None, date | None] | Problem:
    """The same with their years: a day without one is this year's, or the next one's when the span would be over."""
    noon = datetime.combine(today, time(12), UTC)
    first, last = (settling.dated(day, noon) if day else None for day in (since, until))
    if isinstance(first, Problem) or isinstance(last, Problem):
        return first if isinstance(first, Problem) else last if isinstance(last, Problem) else Problem(UNREADABLE)
    over = last is not None and (last < today or (first is not None and last < first))
    if over and last is not None and until is not None and until.year is None and (last.month, last.day) != (2, 29):
        later = first is not None and since is not None and since.year is None and first < last
        last = last.replace(year=last.year + 1)
        if later and first is not None and (first.month, first.day) != (2, 29):
            first = first.replace(year=first.year + 1)
    if first and last and last < first:
        return Problem("の期間は、終わりが始まりより前です")
    return first, last


def day_of(given: date) -> Day:
    return Day(given.month, given.day, given.year)
