"""A schedule gets its dates: what it means today, or why it can mean nothing."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from admin_commands.grammar.schedules import dates
from admin_commands.grammar.schedules.said import UNREADABLE, After, Ahead, At, Day, Offer, OnWeekday, Problem, Schedule
from jobs import recurrence, timing
from jobs.recurrence import Hourly, Weekly


def settle(schedule: Schedule, now: datetime, tz: ZoneInfo) -> recurrence.Schedule | Problem:
    """The schedule with its dates as of `now`; what lies in the past or contradicts itself is a Problem."""
    local = now.astimezone(tz)
    since = dated(schedule.since, local) if schedule.since else None
    until = dated(schedule.until, local) if schedule.until else None
    if isinstance(since, Problem) or isinstance(until, Problem):
        return since if isinstance(since, Problem) else until if isinstance(until, Problem) else Problem(UNREADABLE)
    if since and until and until < since and schedule.until and not schedule.until.year:
        until = until.replace(year=since.year + 1) if (until.month, until.day) != (2, 29) else until
    if since and until and until < since:
        return Problem("の期間は、終わりが始まりより前です")
    found = _settled(schedule, local, tz, since, until)
    if isinstance(found, Problem) or schedule.when == After(0):
        return found
    if not recurrence.runs(found, now, tz, 1):
        return _past(found, local)
    return found


def _settled(
    schedule: Schedule, local: datetime, tz: ZoneInfo, since: date | None, until: date | None
) -> recurrence.Schedule | Problem:
    when = schedule.when
    if isinstance(when, After):
        once = _once_after(when, local)
        return recurrence.Schedule(once, since, until, schedule.holiday)
    if isinstance(when, At):
        day = dated(when.day, local, when.at)
        if isinstance(day, Problem):
            return day
        return recurrence.Schedule(recurrence.Once(day, when.at), since, until, schedule.holiday)
    if since is None and (isinstance(when, Hourly) or (isinstance(when, Weekly) and when.every > 1)):
        since = local.date()
        if isinstance(when, Weekly):
            weekly = recurrence.Schedule(replace(when, every=1))
            first = recurrence.runs(weekly, local, tz, 1)
            since = first[0].astimezone(tz).date() if first else since
    return recurrence.Schedule(when, since, until, schedule.holiday)


def _once_after(when: After, local: datetime) -> recurrence.Once:
    """A moment so and so long from now, on the full minute (今すぐ: this very moment)."""
    if when.at is not None:
        return recurrence.Once(local.date() + timedelta(days=when.amount), when.at)
    moment = local + timedelta(**{f"{when.unit}s": when.amount})
    if when.amount and (moment.second or moment.microsecond):
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return recurrence.Once(moment.date(), moment.time())


def dated(day: Day | Ahead | OnWeekday, local: datetime, at: time | None = None) -> date | Problem:
    today = local.date()
    match day:
        case Ahead(days):
            return today + timedelta(days=days)
        case OnWeekday(weekday, None):
            return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
        case OnWeekday(weekday, week):
            return today + timedelta(days=weekday - today.weekday() + 7 * (week or 0))
        case Day():
            return _on_calendar(day, local, at)


def _on_calendar(day: Day, local: datetime, at: time | None) -> date | Problem:
    years = [day.year] if day.year else [local.year, local.year + 1]
    found = [date(year, day.month, day.day) for year in years if day.day <= dates.length(year, day.month)]
    if not found:
        offers = [date(years[-1], 2, 28), date(years[-1], 3, 1)]
        return Problem(f"の{years[-1]}年2月29日はありません", tuple(_on(one, at) for one in offers))
    if day.weekday is None:
        return found[0]
    fitting = [one for one in found if one.weekday() == day.weekday and (day.year or one >= local.date())]
    return fitting[0] if fitting else _contradiction(found[0], day.weekday, at)


def _contradiction(found: date, weekday: int, at: time | None) -> Problem:
    """A weekday that is not the date's: either may be the slip, so both are offered."""
    nearest = min((found + timedelta(days=n) for n in range(-3, 4)), key=lambda one: one.weekday() != weekday)
    what = f"の{found.month}/{found.day}は{timing.WEEKDAYS[found.weekday()]}曜日です。どちらですか"
    return Problem(what, (_on(found, at), _on(nearest, at)))


def _on(day: date, at: time | None) -> Offer:
    label = f"{day.month}/{day.day}({timing.WEEKDAYS[day.weekday()]})"
    clock = f" {timing.clock_text(at)}" if at else ""
    return Offer(label + clock, f"{day.isoformat()}{clock}")


def _past(schedule: recurrence.Schedule, local: datetime) -> Problem:
    """What is over is refused: tomorrow and a year later are offered, for one of today a week later."""
    rule = schedule.rule
    if not isinstance(rule, recurrence.Once):
        return Problem("の期間は過ぎています" if schedule.until else "は、この先に当てはまる日がありません")
    tomorrow = local.date() + timedelta(days=1)
    if rule.day == local.date():
        later, label = rule.day + timedelta(days=7), "来週の同じ時刻"
    else:
        year = local.year + (rule.day.replace(year=2000) <= local.date().replace(year=2000))
        later, label = date(year, rule.day.month, min(rule.day.day, dates.length(year, rule.day.month))), "来年"
    clock = timing.clock_text(rule.at)
    offers = (Offer("明日の同じ時刻", f"{tomorrow.isoformat()} {clock}"), Offer(label, f"{later.isoformat()} {clock}"))
    return Problem("は過ぎています", offers)
