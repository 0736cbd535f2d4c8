"""Timings fall on the right moment, whatever the hour, the weekday or the zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    ],
)
def test_it_prints_and_stores_what_it_means(when: Timing, printed: str) -> None:
    assert timing.describe(when) == printed
    assert timing.from_json(timing.to_json(when)) == when


NINE_TO_EIGHT = (time(9), time(20))
EVENING_TO_TWO = (time(18), time(2))


@pytest.mark.parametrize(
    ("window", "when", "expected"),
    [
        (NINE_TO_EIGHT, tokyo(11, 23, 12), tokyo(11, 23, 12)),
        (NINE_TO_EIGHT, tokyo(11, 23, 9), tokyo(11, 23, 9)),
        (NINE_TO_EIGHT, tokyo(11, 23, 20, 0, 30), tokyo(11, 23, 20, 0, 30)),
        (NINE_TO_EIGHT, tokyo(11, 23, 20, 1), tokyo(11, 24, 9)),
        (NINE_TO_EIGHT, tokyo(11, 23, 8, 59), tokyo(11, 23, 9)),
        (EVENING_TO_TWO, tokyo(11, 23, 1), tokyo(11, 23, 1)),
        (EVENING_TO_TWO, tokyo(11, 23, 3), tokyo(11, 23, 18)),
        (EVENING_TO_TWO, tokyo(11, 23, 23), tokyo(11, 23, 23)),
        ((time(9), time(0)), tokyo(11, 23, 23, 59), tokyo(11, 23, 23, 59)),
        ((time(0), time(0)), tokyo(11, 23, 3), tokyo(11, 23, 3)),
    ],
)
def test_it_waits_for_the_window_to_open(window: tuple[time, time], when: datetime, expected: datetime) -> None:
    assert timing.next_open(window, when, TOKYO) == expected


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.sampled_from([NINE_TO_EIGHT, EVENING_TO_TWO, (time(0), time(0)), (time(9), time(0))]),
)
def test_it_opens_within_a_day_and_stays_open(when: datetime, window: tuple[time, time]) -> None:
    opened = timing.next_open(window, when, TOKYO)
    assert when <= opened < when + timedelta(days=1)
    assert timing.next_open(window, opened, TOKYO) == opened
