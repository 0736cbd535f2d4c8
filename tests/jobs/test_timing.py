"""Timings fall on the right moment, whatever the hour, the weekday or the zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs import timing
from jobs.timing import IMMEDIATE, Timing

TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo(month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=TOKYO)


MONDAY = tokyo(11, 23, 9, 41, 7)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (IMMEDIATE, MONDAY),
        (Timing("elapsed", 30, "minute"), tokyo(11, 23, 10, 11, 7)),
        (Timing("elapsed", 15, "hour"), tokyo(11, 24, 0, 41, 7)),
        (Timing("elapsed", 1, "day"), tokyo(11, 24, 9, 41, 7)),
        (Timing("day", 1, "day", at=time(12)), tokyo(11, 24, 12)),
        (Timing("day", 0, "day", at=time(19)), tokyo(11, 23, 19)),
        (Timing("day", 0, "day", at=time(8)), MONDAY),
        (Timing("weekday", weekday=4, at=time(18)), tokyo(11, 27, 18)),
        (Timing("weekday", weekday=0, at=time(18)), tokyo(11, 30, 18)),
        (Timing("clock", at=time(18, 46)), tokyo(11, 23, 18, 46)),
        (Timing("clock", at=time(9, 41)), tokyo(11, 24, 9, 41)),
    ],
)
def test_it_counts_from_the_start(when: Timing, expected: datetime) -> None:
    moment = timing.due(when, MONDAY, None, TOKYO)
    assert moment == expected
    assert moment.tzinfo is UTC


def test_it_counts_from_the_step_before() -> None:
    previous = tokyo(11, 25, 23, 50)
    step = Timing("day", 2, "day", at=time(12), base="previous")
    assert timing.due(step, MONDAY, previous, TOKYO) == tokyo(11, 27, 12)
    assert timing.due(step, MONDAY, None, TOKYO) == tokyo(11, 25, 12)


def test_it_takes_the_shops_day_and_not_utcs() -> None:
    late = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 24th, 0:30 in Tokyo
    assert timing.due(Timing("day", 1, "day", at=time(9)), late, None, TOKYO) == tokyo(11, 25, 9)


NEW_YORK = ZoneInfo("America/New_York")
NOON = Timing("day", 1, "day", at=time(12))
DAY_LATER = Timing("elapsed", 1, "day")
NIGHT = Timing("day", 1, "day", at=time(2, 30))
TWICE = Timing("day", 1, "day", at=time(1, 30))


@pytest.mark.parametrize(
    ("when", "start", "expected"),
    [
        # clocks go forward in the night of 8 March 2026 (no 2:00 to 3:00) and back on 1 November (1:00 to 2:00 twice)
        (NOON, "2026-03-07T12:00-05:00", "2026-03-08T12:00-04:00"),
        (DAY_LATER, "2026-03-07T12:00-05:00", "2026-03-08T12:00-04:00"),
        (Timing("elapsed", 24, "hour"), "2026-03-07T12:00-05:00", "2026-03-08T13:00-04:00"),
        (NIGHT, "2026-03-07T12:00-05:00", "2026-03-08T03:30-04:00"),
        (DAY_LATER, "2026-03-07T02:30-05:00", "2026-03-08T03:30-04:00"),
        (Timing("elapsed", 30, "minute"), "2026-03-08T01:45-05:00", "2026-03-08T03:15-04:00"),
        (Timing("clock", at=time(2, 30)), "2026-03-08T00:30-05:00", "2026-03-08T03:30-04:00"),
        (Timing("date", at=time(2, 30), day=date(2026, 3, 8)), "2026-03-01T12:00-05:00", "2026-03-08T03:30-04:00"),
        (Timing("date", at=time(1, 30), day=date(2026, 11, 1)), "2026-10-01T12:00-04:00", "2026-11-01T01:30-04:00"),
        (Timing("weekday", weekday=6, at=time(12)), "2026-03-07T12:00-05:00", "2026-03-08T12:00-04:00"),
        (NOON, "2026-10-31T12:00-04:00", "2026-11-01T12:00-05:00"),
        (DAY_LATER, "2026-10-31T12:00-04:00", "2026-11-01T12:00-05:00"),
        (Timing("elapsed", 24, "hour"), "2026-10-31T12:00-04:00", "2026-11-01T11:00-05:00"),
        (TWICE, "2026-10-31T12:00-04:00", "2026-11-01T01:30-04:00"),
        (Timing("elapsed", 1, "hour"), "2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00"),
        (Timing("clock", at=time(1, 45)), "2026-11-01T01:50-04:00", "2026-11-01T01:45-05:00"),
        (Timing("clock", at=time(1, 45)), "2026-11-01T01:30-05:00", "2026-11-01T01:45-05:00"),
        (Timing("clock", at=time(1, 45)), "2026-11-01T01:50-05:00", "2026-11-02T01:45-05:00"),
        (DAY_LATER, "2026-11-01T01:30-05:00", "2026-11-02T01:30-05:00"),
    ],
)
def test_it_goes_by_new_yorks_clocks_when_they_are_changed(when: Timing, start: str, expected: str) -> None:
    moment = timing.due(when, datetime.fromisoformat(start), None, NEW_YORK)
    assert moment == datetime.fromisoformat(expected)
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("when", "start", "expected"),
    [
        (NOON, "2026-01-31T10:00", "2026-02-01T12:00"),
        (Timing("day", 30, "day", at=time(12)), "2026-01-31T10:00", "2026-03-02T12:00"),
        (NOON, "2026-02-28T23:59", "2026-03-01T12:00"),
        (NOON, "2028-02-28T23:59", "2028-02-29T12:00"),
        (NOON, "2028-02-29T00:00", "2028-03-01T12:00"),
        (Timing("day", 365, "day", at=time(12)), "2028-02-29T10:00", "2029-02-28T12:00"),
        (Timing("day", 366, "day", at=time(12)), "2027-02-28T10:00", "2028-02-29T12:00"),
        (Timing("clock", at=time(0)), "2026-12-31T23:59", "2027-01-01T00:00"),
        (Timing("weekday", weekday=1, at=time(9)), "2028-02-28T10:00", "2028-02-29T09:00"),
        (DAY_LATER, "2100-02-28T10:00", "2100-03-01T10:00"),
        (Timing("date", at=time(18), day=date(2028, 2, 29)), "2026-11-23T10:00", "2028-02-29T18:00"),
        (Timing("date", at=time(18), day=date(2026, 12, 24)), "2026-12-25T10:00", "2026-12-25T10:00"),
    ],
)
def test_it_counts_over_the_ends_of_months_and_years(when: Timing, start: str, expected: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=TOKYO)
    assert timing.due(when, begun, None, TOKYO) == datetime.fromisoformat(expected).replace(tzinfo=TOKYO)


def test_it_keeps_the_clock_when_summer_time_ends() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    saturday = datetime(2026, 10, 24, 12, tzinfo=berlin)
    moment = timing.due(Timing("elapsed", 1, "day"), saturday, None, berlin)
    assert moment - saturday.astimezone(UTC) == timedelta(hours=25)


@pytest.mark.parametrize(
    ("when", "printed"),
    [
        (IMMEDIATE, "すぐ"),
        (Timing("elapsed", 30, "minute"), "30分後"),
        (Timing("elapsed", 3, "hour"), "3時間後"),
        (Timing("elapsed", 1, "day"), "1日後"),
        (Timing("day", 1, "day", at=time(12)), "1日後 12:00"),
        (Timing("day", 0, "day", at=time(19)), "当日 19:00"),
        (Timing("weekday", weekday=4, at=time(18)), "次の金曜 18:00"),
        (Timing("clock", at=time(18, 46)), "次の 18:46"),
        (Timing("day", 2, "day", at=time(12), base="previous"), "前の通から2日後 12:00"),
        (Timing("date", at=time(18), day=date(2026, 12, 24)), "2026-12-24(木) 18:00"),
    ],
)
def test_it_prints_and_stores_what_it_means(when: Timing, printed: str) -> None:
    assert timing.describe(when) == printed
    assert timing.from_json(timing.to_json(when)) == when
