"""A schedule in canonical Japanese, which reads back the same."""

from admin_commands.grammar.schedules.said import After, Ahead, At, Day, OnWeekday, Schedule
from jobs import recurrence, timing
from jobs.recurrence import Rule

AHEAD_WORDS = ("今日", "明日", "明後日", "明々後日")


def show(schedule: Schedule) -> str:
    """Canonical Japanese; reading it gives the same schedule."""
    pieces = [_show_when(schedule.when)]
    if schedule.since or schedule.until:
        pieces.append(f"期間 {show_span(schedule.since, schedule.until)}")
    if schedule.holiday != "run":
        pieces.append(recurrence.holiday_text(schedule.holiday))
    return " ".join(pieces)


def _show_when(when: At | After | Rule) -> str:
    match when:
        case At(day, at):
            return f"{show_day(day)} {timing.clock_text(at)}"
        case After(0):
            return "今すぐ"
        case After(amount, unit, at):
            clock = f" {timing.clock_text(at)}" if at else ""
            return f"{amount}{timing.UNITS[unit]}後{clock}"
        case _:
            return f"{recurrence.rule_text(when)} {timing.clock_text(when.at)}"


def show_span(since: Day | None, until: Day | None) -> str:
    first, last = (show_day(day) if day else "" for day in (since, until))
    return f"{first}〜{last}"


def show_day(day: Day | Ahead | OnWeekday) -> str:
    match day:
        case Ahead(days):
            return AHEAD_WORDS[days]
        case OnWeekday(weekday, week):
            return f"{'次の' if week is None else ('今週の', '来週の')[week]}{timing.WEEKDAYS[weekday]}曜"
        case Day(month, number, year, weekday):
            written = f"{year}-{month:02d}-{number:02d}" if year else f"{month}/{number}"
            return written + (f"({timing.WEEKDAYS[weekday]})" if weekday is not None else "")
