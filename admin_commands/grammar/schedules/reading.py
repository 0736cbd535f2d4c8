"""A whole schedule: when, within which 期間, and what becomes of holidays."""

import re
from collections.abc import Callable
from dataclasses import replace

from admin_commands.grammar.schedules import dates, moments, printing, rules
from admin_commands.grammar.schedules.said import UNREADABLE, Found, Offer, Problem, Schedule
from admin_commands.grammar.schedules.spans import UNTIL
from jobs.recurrence import Holiday

PERIOD = re.compile(r"(?:期間|period) ?[:=]? ?", re.IGNORECASE)
HOLIDAYS = re.compile(
    r"祝日(?:は|なら|の場合は?)? ?"
    r"(?:(?P<skip>休む|休み|お休み|なし|除く)|(?P<after>翌営業日|次の営業日)|(?P<before>前営業日|前の営業日))(?:に|へ)?"
    r"|(?P<e_skip>skip holidays)|(?P<e_after>holidays after)|(?P<e_before>holidays before)",
    re.IGNORECASE,
)
READERS: tuple[Callable[[str, int], Found | None], ...] = (
    moments.now,
    moments.after,
    moments.ahead,
    moments.on_weekday,
    rules.read,
    moments.on_day,
)


def read(text: str, position: int = 0) -> tuple[Schedule, int] | Problem:
    """The schedule at `position` of a levelled text and the index after it, or what is wrong with it."""
    found = _when(text, dates.behind_space(text, position))
    if isinstance(found, Problem):
        return found
    when, end = found
    schedule = Schedule(when)
    while True:
        at = dates.behind_space(text, end)
        more = _period(schedule, text, at) or _holiday(schedule, text, at)
        if more is None:
            return schedule, end
        if isinstance(more, Problem):
            return more
        schedule, end = more


def whole(text: str) -> Schedule | Problem:
    """The schedule that a whole levelled text is."""
    found = read(text)
    if isinstance(found, Problem):
        return found
    return found[0] if not text[found[1] :].strip() else Problem(UNREADABLE)


def _when(text: str, position: int) -> Found:
    for reader in READERS:
        found = reader(text, position)
        if found is not None:
            return found
    return Problem(UNREADABLE)


def _period(schedule: Schedule, text: str, position: int) -> tuple[Schedule, int] | Problem | None:
    found = PERIOD.match(text, position)
    if found is None:
        return None
    since = dates.day(text, found.end())
    if isinstance(since, Problem):
        return since
    to = UNTIL.match(text, since[1] if since else found.end())
    until = dates.day(text, to.end()) if to else None
    if isinstance(until, Problem):
        return until
    if (since is None and until is None) or schedule.since or schedule.until:
        return Problem(
            "の期間が読めません", (Offer("期間 12/1〜12/31", f"{printing.show(schedule)} 期間 12/1〜12/31"),)
        )
    end = until[1] if until else to.end() if to else since[1] if since else position
    return replace(schedule, since=since[0] if since else None, until=until[0] if until else None), end


def _holiday(schedule: Schedule, text: str, position: int) -> tuple[Schedule, int] | None:
    found = HOLIDAYS.match(text, position)
    if found is None:
        return None
    named = next(name for name, said in found.groupdict().items() if said).removeprefix("e_")
    holidays: dict[str, Holiday] = {"skip": "skip", "after": "after", "before": "before"}
    return replace(schedule, holiday=holidays[named]), found.end()
