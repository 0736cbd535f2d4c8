"""When customers may be written to: a scenario's own days and hours, else those outside the shop's quiet ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jobs import recurrence, timing
from jobs.timing import WEEKDAYS, Window

Holidays = Literal["as_weekdays", "never", "always"]

EVERY_DAY = frozenset(range(7))
ALL_HOURS: Window = (time(0), time(0))
AHEAD = recurrence.LONGEST_BREAK.days + 2  # days within which the next opening lies
QUIET = ["21:00", "08:00"]  # 設定 静音 until the shop chooses something else


@dataclass(frozen=True, slots=True)
class Hours:
    """From `window[0]` to the end of the minute `window[1]` on these weekdays (0 = Monday); equal ends: all day.

    `holidays`: those of Japan count as the weekdays they fall on, or are never or always among the days.
    """

    window: Window = ALL_HOURS
    days: frozenset[int] = EVERY_DAY
    holidays: Holidays = "as_weekdays"

    def on(self, day: date) -> bool:
        if self.holidays != "as_weekdays" and recurrence.is_holiday(day):
            return self.holidays == "always"
        return day.weekday() in self.days

    def open_at(self, local: datetime) -> bool:
        """A window over midnight belongs to the day on which it begins."""
        (start, end), day = self.window, local.date()
        minute = local.time().replace(second=0, microsecond=0)
        if start == end:
            return self.on(day)
        if start < end:
            return start <= minute <= end and self.on(day)
        return (minute >= start and self.on(day)) or (minute <= end and self.on(day - timedelta(days=1)))

    def opens_after(self, local: datetime, zone: ZoneInfo) -> datetime:
        """The first opening behind a moment (UTC)."""
        for ahead in range(AHEAD):
            day = local.date() + timedelta(days=ahead)
            at = timing.on_the_clock(day, self.window[0], zone)
            if self.on(day) and at > local.astimezone(UTC):
                return at
        raise ValueError("hours that never come")


Opening = tuple[Hours, ...]  # open as soon as one of them is; never empty


@lru_cache(maxsize=1024)  # all friends of a set ask the same
def next_open(opening: Opening, when: datetime, zone: ZoneInfo) -> datetime:
    """`when` itself where it lies within the hours, else the moment they begin next (UTC)."""
    local = when.astimezone(zone)
    if any(one.open_at(local) for one in opening):
        return when.astimezone(UTC)
    return min(one.opens_after(local, zone) for one in opening)


def quiet(chosen: Mapping[str, Any]) -> Window | None:
    """設定 静音 out of the settings: the hours in which customers sleep, their end not included."""
    value = chosen.get("quiet", QUIET)
    return (time.fromisoformat(value[0]), time.fromisoformat(value[1])) if value else None


def awake(chosen: Mapping[str, Any]) -> Opening | None:
    """All other hours; None where the shop wants no quiet ones."""
    asleep = quiet(chosen)
    if asleep is None:
        return None
    return (Hours(_before((asleep[1], asleep[0]))),)


def business(chosen: Mapping[str, Any]) -> Opening | None:
    """設定 営業時間 out of the settings, to the minute at which the shop closes; None where it is not said."""
    opening = from_json(chosen.get("opening"))
    if opening is None:
        return None
    return tuple(one if one.window[0] == one.window[1] else replace(one, window=_before(one.window)) for one in opening)


def _before(window: Window) -> Window:
    """The same hours, their end not included."""
    last = datetime.combine(date.min + timedelta(days=1), window[1]) - timedelta(minutes=1)
    return window[0], last.time()


def show(opening: Opening) -> str:
    """Canonical Japanese: `9:00〜20:00`, `平日 9:00〜20:00, 土日 10:00〜18:00`, `火-日`, `いつでも`."""
    return ", ".join(_show(one) for one in opening)


def _show(one: Hours) -> str:
    days = "" if one.days == EVERY_DAY and one.holidays == "as_weekdays" else _days(one)
    clock = "" if one.window[0] == one.window[1] else timing.window_text(one.window)
    return f"{days} {clock}".strip() or "いつでも"


def _days(one: Hours) -> str:
    if one.holidays == "never":
        return "平日"
    if one.holidays == "always":
        return "土日祝"
    days = sorted(one.days)
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return "土日" if days == [5, 6] else "・".join(WEEKDAYS[day] for day in days)


def to_json(opening: Opening | None) -> list[Any] | None:
    """`["09:00", "20:00"]` where every day is the same, else an object for each of the hours."""
    if opening is None:
        return None
    if len(opening) == 1 and opening[0].days == EVERY_DAY and opening[0].holidays == "as_weekdays":
        return _clocks(opening[0].window)
    return [{"days": sorted(one.days), "holidays": one.holidays, "window": _clocks(one.window)} for one in opening]


def from_json(data: Sequence[Any] | None) -> Opening | None:
    """The inverse of `to_json`. KeyError, TypeError or ValueError when the data was not written by it."""
    if not data:
        return None
    if isinstance(data[0], str):
        return (Hours(_window(data)),)
    return tuple(Hours(_window(one["window"]), frozenset(one["days"]), one["holidays"]) for one in data)


def _clocks(window: Window) -> list[str]:
    return [at.strftime("%H:%M") for at in window]


def _window(data: Sequence[str]) -> Window:
    return time.fromisoformat(data[0]), time.fromisoformat(data[1])
