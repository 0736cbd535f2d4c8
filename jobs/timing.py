"""When a step is due: its timing as data, and the moment it falls on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

Kind = Literal["immediate", "elapsed", "day", "weekday", "clock", "date"]
Unit = Literal["minute", "hour", "day"]
Base = Literal["start", "previous"]
Window = tuple[time, time]

WEEKDAYS = "月火水木金土日"
UNITS: dict[Unit, str] = {"minute": "分", "hour": "時間", "day": "日"}
LIMITS: dict[Unit, int] = {"minute": 100_000, "hour": 10_000, "day": 1_000}
NO_YEAR = 4  # a leap year: that of a date whose year has not been said


@dataclass(frozen=True, slots=True)
class Timing:
    """One step's timing, counted from the start of the scenario or from the step before.

    immediate: at once. elapsed: `amount` minutes, hours or days later (days keep the hour of the base).
    day: `amount` days later at `at` (0 = the same day). weekday: at `at` on the first such `weekday`
    (0 = Monday) after the base's own day. clock: the next time the clock shows `at`. date: `at` on the calendar's
    `day`, whatever the base; `weekday` is what was said beside it, as far as that is not simply its own.
    """

    kind: Kind
    amount: int = 0
    unit: Unit = "minute"
    weekday: int | None = None
    at: time | None = None
    base: Base = "start"
    day: date | None = None


IMMEDIATE = Timing("immediate")


def due(timing: Timing, started_at: datetime, previous_at: datetime | None, tz: ZoneInfo) -> datetime:
    """The moment (UTC) a step falls on; one that the clock has already passed at its base is the base itself.

    `previous_at` is when the step before was carried out; a first step counts from the start instead.
    """
    base = previous_at if timing.base == "previous" and previous_at is not None else started_at
    base = base.astimezone(UTC)
    if timing.kind == "immediate":
        return base
    if timing.kind == "elapsed" and timing.unit != "day":
        return base + timedelta(**{f"{timing.unit}s": timing.amount})
    return max(base, _falls(timing, base.astimezone(tz), tz))


def appointed(timing: Timing, tz: ZoneInfo) -> datetime | None:
    """The one moment (UTC) of a date, the same for everybody; None for all other kinds."""
    return on_the_clock(timing.day, timing.at or time(0), tz) if timing.day is not None else None


def _falls(timing: Timing, local: datetime, tz: ZoneInfo) -> datetime:
    day, at = local.date(), timing.at or local.time()
    if timing.day is not None:
        return on_the_clock(timing.day, at, tz)
    if timing.kind == "weekday":
        ahead = ((timing.weekday or 0) - local.weekday()) % 7 or 7
        return on_the_clock(day + timedelta(days=ahead), at, tz)
    if timing.kind == "clock":
        now = local.astimezone(UTC)
        shown = (on_the_clock(day, at, tz), on_the_clock(day, at.replace(fold=1), tz))
        return next((one for one in shown if one > now), None) or on_the_clock(day + timedelta(days=1), at, tz)
    return on_the_clock(day + timedelta(days=timing.amount), at, tz)


def on_the_clock(day: date, at: time, tz: ZoneInfo) -> datetime:
    """The moment (UTC) the clock shows `at`; the first of two (with `fold` the second); of none, as much later."""
    return datetime.combine(day, at, tzinfo=tz).astimezone(UTC)


def describe(timing: Timing) -> str:
    """Canonical Japanese, as a block prints it: `すぐ`, `3時間後`, `1日後 12:00`, `次の金曜 18:00`."""
    if timing.kind == "immediate":
        return "すぐ"
    if timing.day is not None:
        return f"{_day_text(timing.day, timing.weekday)} {clock_text(timing.at or time(0))}"
    prefix = "前の通から" if timing.base == "previous" else ""
    clock = f" {clock_text(timing.at)}" if timing.at else ""
    if timing.kind == "weekday":
        return f"{prefix}次の{WEEKDAYS[timing.weekday or 0]}曜{clock}"
    if timing.kind == "clock":
        return f"{prefix}次の{clock}"
    if timing.kind == "day" and timing.amount == 0:
        return f"{prefix}当日{clock}"
    return f"{prefix}{timing.amount}{UNITS[timing.unit]}後{clock}"


def _day_text(day: date, said: int | None) -> str:
    """`2026-12-24(木)`; without a year `12/24`, and the weekday only where it was said."""
    if day.year == NO_YEAR:
        return f"{day.month}/{day.day}" + (f"({WEEKDAYS[said]})" if said is not None else "")
    return f"{day.isoformat()}({WEEKDAYS[day.weekday() if said is None else said]})"


def to_json(timing: Timing) -> dict[str, Any]:
    """Only what differs from the defaults, so that stored definitions stay readable."""
    data: dict[str, Any] = {"kind": timing.kind}
    if timing.kind in ("elapsed", "day"):
        data |= {"amount": timing.amount, "unit": timing.unit}
    if timing.kind == "weekday":
        data["weekday"] = timing.weekday
    if timing.day is not None:
        data["day"] = timing.day.isoformat()
    if timing.at:
        data["at"] = timing.at.strftime("%H:%M")
    if timing.base != "start":
        data["base"] = timing.base
    return data


def from_json(data: Mapping[str, Any]) -> Timing:
    """The inverse of `to_json`; KeyError or ValueError when the data was not written by it."""
    return Timing(
        kind=data["kind"],
        amount=data.get("amount", 0),
        unit=data.get("unit", "minute"),
        weekday=data.get("weekday"),
        at=time.fromisoformat(data["at"]) if "at" in data else None,
        base=data.get("base", "start"),
        day=date.fromisoformat(data["day"]) if "day" in data else None,
    )


def clock_text(at: time) -> str:
    return f"{at.hour}:{at.minute:02d}"


def window_text(window: Window) -> str:
    """`9:00〜20:00`; an end at midnight is printed as 24:00."""
    start, end = window
    return f"{clock_text(start)}〜{'24:00' if end == time(0) else clock_text(end)}"
