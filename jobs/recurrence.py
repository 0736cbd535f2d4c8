"""When a schedule runs: its rule as data, Japanese holidays, and the moments it falls on."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any, Literal
from zoneinfo import ZoneInfo

import jpholiday

from jobs import timing

Holiday = Literal["run", "skip", "after", "before"]

LAST = 0  # the last day of a month
HORIZON = timedelta(days=12 * 366)  # the longest way from one 29th of February to the next, with room
LONGEST_BREAK = timedelta(days=14)  # no row of holidays and weekends is longer (ten days in 2019)


@dataclass(frozen=True, slots=True)
class Once:
    day: date
    at: time


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day, on 平日 (Monday to Friday without holidays) or on 土日 (Saturday and Sunday)."""

    at: time
    days: Literal["all", "workdays", "weekend"] = "all"


@dataclass(frozen=True, slots=True)
class Weekly:
    """On `weekdays` (0 = Monday) of every week, or with `every` = 2 of every other one, from `Schedule.since` on."""

    weekdays: tuple[int, ...]
    at: time
    every: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Monthly:
    """On the `day` of every month, its last day where it has no such day; `LAST` is 月末."""

    day: int
    at: time


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """On the first, second … `weekday` of every month; `LAST` among `nths` is 最終."""

    nths: tuple[int, ...]
    weekday: int
    at: time


@dataclass(frozen=True, slots=True)
class Yearly:
    """Every year; the 29th of February is the 28th where there is none."""

    month: int
    day: int
    at: time


@dataclass(frozen=True, slots=True)
class Hourly:
    """Every `hours` hours from `at` on `Schedule.since` on."""

    hours: int
    at: time


Rule = Daily | Weekly | Monthly | NthWeekday | Yearly | Hourly


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule within a period; what falls on a holiday runs, is left out, or goes to the business day beside it.

    A business day is a Monday to Friday that is no holiday. `since` and `until` belong to the period.
    """

    rule: Once | Rule
    since: date | None = None
    until: date | None = None
    holiday: Holiday = "run"


KINDS: dict[str, Callable[..., Once | Rule]] = {
    "once": Once,
    "daily": Daily,
    "weekly": Weekly,
    "monthly": Monthly,
    "nth": NthWeekday,
    "yearly": Yearly,
    "hourly": Hourly,
}


def to_json(schedule: Schedule) -> dict[str, Any]:
    """As it is stored: {"kind": "weekly", "weekdays": [0], "at": "10:00", "every": 1, "holiday": "run"}."""
    rule = {key: _plain(value) for key, value in asdict(schedule.rule).items()}
    kind = next(key for key, of in KINDS.items() if of is type(schedule.rule))
    ends = {key: _plain(getattr(schedule, key)) for key in ("since", "until") if getattr(schedule, key) is not None}
    return {"kind": kind, **rule, **ends, "holiday": schedule.holiday}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else list(value) if isinstance(value, tuple) else value


def from_json(stored: Mapping[str, Any]) -> Schedule:
    """The inverse of `to_json`. KeyError, TypeError or ValueError for what it has not written."""
    given = dict(stored)
    ends = {key: date.fromisoformat(given.pop(key)) for key in ("since", "until") if key in given}
    of, holiday = KINDS[given.pop("kind")], given.pop("holiday")
    given["at"] = time.fromisoformat(given["at"])
    if of is Once:
        given["day"] = date.fromisoformat(given["day"])
    rule = of(**{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()})
    return Schedule(rule, **ends, holiday=holiday)


def runs(schedule: Schedule, after: datetime, tz: ZoneInfo, most: int = 3) -> list[datetime]:
    """The next moments (UTC) later than `after`, fewer than `most` where the schedule ends."""
    return list(islice(_coming(schedule, after, tz), most))


def count(schedule: Schedule, after: datetime, until: datetime, tz: ZoneInfo) -> int:
    """How many of its moments are later than `after` and before `until`."""
    return sum(1 for _ in takewhile(lambda one: one < until, _coming(schedule, after, tz)))


def _coming(schedule: Schedule, after: datetime, tz: ZoneInfo) -> Iterator[datetime]:
    moments = (one.astimezone(UTC) for one in _moments(schedule, after.astimezone(tz), tz))
    return (one for one in moments if one > after)


def _moments(schedule: Schedule, local: datetime, tz: ZoneInfo) -> Iterator[datetime]:
    rule = schedule.rule
    if isinstance(rule, Hourly):
        yield from _hourly(schedule, rule, local, tz)
        return
    for day in _in_order(schedule, rule, local.date() - LONGEST_BREAK):
        yield datetime.combine(day, rule.at, tzinfo=tz)


def _in_order(schedule: Schedule, rule: Once | Rule, start: date) -> Iterator[date]:
    """Each day of the schedule once; one that a holiday moves may pass others, which wait until none can."""
    waiting: set[date] = set()
    for day in _days(schedule, rule, start):
        ready = {one for one in waiting if one < day - LONGEST_BREAK}
        yield from sorted(ready)
        waiting -= ready
        moved = _moved(day, schedule.holiday)
        if moved is not None:
            waiting.add(moved)
        if schedule.holiday == "run":
            yield from waiting
            waiting.clear()
    yield from sorted(waiting)


def _hourly(schedule: Schedule, rule: Hourly, local: datetime, tz: ZoneInfo) -> Iterator[datetime]:
    first = datetime.combine(schedule.since or local.date(), rule.at, tzinfo=tz).astimezone(UTC)
    step = timedelta(hours=rule.hours)
    place = max(0, (local.astimezone(UTC) - first) // step)
    for turn in range(place, place + HORIZON // step):
        moment = (first + turn * step).astimezone(tz)
        if schedule.until is not None and moment.date() > schedule.until:
            return
        if schedule.holiday == "run" or not is_holiday(moment.date()):
            yield moment


def _days(schedule: Schedule, rule: Once | Rule, start: date) -> Iterator[date]:
    """The days of the rule within the period, in order, before holidays are looked at."""
    if isinstance(rule, Once):
        yield rule.day
        return
    day = max(start, schedule.since) if schedule.since else start
    end = min(day + HORIZON, schedule.until) if schedule.until else day + HORIZON
    while day <= end:
        if _falls_on(rule, day, schedule.since):
            yield day
        day += timedelta(days=1)


def _falls_on(rule: Rule, day: date, since: date | None) -> bool:
    length = monthrange(day.year, day.month)[1]
    match rule:
        case Daily(days="workdays"):
            return is_business_day(day)
        case Daily(days=days):
            return days == "all" or day.weekday() >= 5
        case Weekly(weekdays, _, every):
            return day.weekday() in weekdays and (every == 1 or _weeks_between(since, day) % every == 0)
        case Monthly(wanted):
            return day.day == (min(wanted, length) if wanted != LAST else length)
        case NthWeekday(nths, weekday):
            last = LAST in nths and day.day + 7 > length
            return day.weekday() == weekday and (last or (day.day + 6) // 7 in nths)
        case Yearly(month, wanted):
            return day.month == month and day.day == min(wanted, length)
    return False


def _weeks_between(since: date | None, day: date) -> int:
    """Weeks, Monday to Sunday, from the first one to that of `day`."""
    monday = (since or day) - timedelta(days=(since or day).weekday())
    return (day - monday).days // 7


def _moved(day: date, holiday: Holiday) -> date | None:
    if holiday == "run" or not is_holiday(day):
        return day
    if holiday == "skip":
        return None
    step = timedelta(days=1 if holiday == "after" else -1)
    while not is_business_day(day):
        day += step
    return day


def is_holiday(day: date) -> bool:
    """Whether it is a national holiday of Japan, as far as the cabinet's calendar is known or can be reckoned."""
    return bool(jpholiday.is_holiday(day))


def is_business_day(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def describe(schedule: Schedule) -> str:
    """Canonical Japanese: `毎週水曜 10:00`, `第2・4火曜 10:00 祝日は休む`."""
    return " ".join([f"{_rule(schedule.rule)} {timing.clock_text(schedule.rule.at)}", *_ends(schedule)])


def _ends(schedule: Schedule) -> Iterator[str]:
    if schedule.since or schedule.until:
        since, until = (day.isoformat() if day else "" for day in (schedule.since, schedule.until))
        yield f"期間 {since}〜{until}"
    if schedule.holiday != "run":
        yield holiday_text(schedule.holiday)


def holiday_text(holiday: Holiday) -> str:
    return {"run": "", "skip": "祝日は休む", "after": "祝日は翌営業日", "before": "祝日は前営業日"}[holiday]


def _rule(rule: Once | Rule) -> str:
    match rule:
        case Once(day):
            return day.isoformat()
        case _:
            return rule_text(rule)


def rule_text(rule: Rule) -> str:
    """The rule without its time of day."""
    match rule:
        case Daily(_, days):
            return {"all": "毎日", "workdays": "平日", "weekend": "土日"}[days]
        case Weekly(weekdays, _, every):
            return f"{'毎週' if every == 1 else '隔週'}{'・'.join(timing.WEEKDAYS[one] for one in weekdays)}曜"
        case Monthly(day):
            return f"毎月{day}日" if day != LAST else "月末"
        case NthWeekday(nths, weekday):
            counted = "・".join(str(nth) for nth in nths if nth != LAST)
            named = [f"第{counted}"] if counted else []
            named += ["最終"] if LAST in nths else []
            return f"{'・'.join(named)}{timing.WEEKDAYS[weekday]}曜"
        case Yearly(month, day):
            return f"毎年{month}/{day}"
        case Hourly(hours):
            return f"{hours}時間ごと"


def notes(schedule: Schedule) -> list[str]:
    """What the words do not say by themselves, to be told when a schedule is taken."""
    match schedule.rule:
        case Monthly(day) if day > 28:
            return [f"{day}日がない月は、月末に動きます。"]
        case Yearly(2, 29):
            return ["2月29日がない年は、2月28日に動きます。"]
        case Daily(_, "workdays"):
            return ["平日は月〜金で、祝日をのぞきます。"]
    return []


def echo(schedule: Schedule, now: datetime, tz: ZoneInfo, most: int = 3) -> str:
    """`次回 12/3(木) 9:00、1/7(木)、2/4(木)`: the next runs, the time of day where it is not that of the run before."""
    told: list[str] = []
    before: datetime | None = None
    for run in runs(schedule, now, tz, most):
        local = run.astimezone(tz)
        told.append(
            _told(local, before or now.astimezone(tz), with_clock=before is None or local.time() != before.time())
        )
        before = local
    return f"次回 {'、'.join(told)}" if told else "この先は動きません"


def _told(local: datetime, before: datetime, *, with_clock: bool) -> str:
    far = (local.date() - before.date()).days > 300
    year = f"{local.year}/" if far else ""
    clock = f" {timing.clock_text(local.time())}" if with_clock else ""
    return f"{year}{local.month}/{local.day}({timing.WEEKDAYS[local.weekday()]}){clock}"
