"""The hours in which customers may be written to open on the right day, and nothing that waits for them is lost."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_commands.grammar import normalise, timings
from jobs import hours
from jobs.hours import Hours
from jobs.timing import Window

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
NINE_TO_EIGHT = (time(9), time(20))
EVENING_TO_TWO = (time(18), time(2))
WORKDAYS = Hours(NINE_TO_EIGHT, frozenset(range(5)), "never")


def tokyo(month: int, day: int, hour: int, minute: int = 0, second: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("one", "when", "expected"),
    [
        (Hours(NINE_TO_EIGHT), tokyo(11, 23, 12), tokyo(11, 23, 12)),
        (Hours(NINE_TO_EIGHT), tokyo(11, 23, 9), tokyo(11, 23, 9)),
        (Hours(NINE_TO_EIGHT), tokyo(11, 23, 20, 0, 30), tokyo(11, 23, 20, 0, 30)),
        (Hours(NINE_TO_EIGHT), tokyo(11, 23, 20, 1), tokyo(11, 24, 9)),
        (Hours(NINE_TO_EIGHT), tokyo(11, 23, 8, 59), tokyo(11, 23, 9)),
        (Hours(EVENING_TO_TWO), tokyo(11, 23, 1), tokyo(11, 23, 1)),
        (Hours(EVENING_TO_TWO), tokyo(11, 23, 3), tokyo(11, 23, 18)),
        (Hours(EVENING_TO_TWO), tokyo(11, 23, 23), tokyo(11, 23, 23)),
        (Hours((time(9), time(0))), tokyo(11, 23, 23, 59), tokyo(11, 23, 23, 59)),
        (Hours(), tokyo(11, 23, 3), tokyo(11, 23, 3)),
        # 23 November is a holiday, a Monday
        (WORKDAYS, tokyo(11, 23, 12), tokyo(11, 24, 9)),
        (WORKDAYS, tokyo(11, 27, 21), tokyo(11, 30, 9)),
        (WORKDAYS, tokyo(12, 31, 21), tokyo(1, 4, 9, year=2027)),
        (WORKDAYS, tokyo(4, 26, 12, year=2019), tokyo(4, 26, 12, year=2019)),
        (WORKDAYS, tokyo(4, 26, 21, year=2019), tokyo(5, 7, 9, year=2019)),  # ten days without a workday
        (Hours(NINE_TO_EIGHT, frozenset((5, 6)), "always"), tokyo(11, 23, 12), tokyo(11, 23, 12)),
        (Hours(NINE_TO_EIGHT, frozenset((5, 6)), "always"), tokyo(11, 24, 12), tokyo(11, 28, 9)),
        (Hours(NINE_TO_EIGHT, frozenset((1, 2, 3, 4, 5, 6))), tokyo(11, 23, 12), tokyo(11, 24, 9)),
        # Friday night belongs to Friday until two
        (Hours(EVENING_TO_TWO, frozenset((4,))), tokyo(11, 28, 1), tokyo(11, 28, 1)),
        (Hours(EVENING_TO_TWO, frozenset((4,))), tokyo(11, 27, 1), tokyo(11, 27, 18)),
        # months and years end
        (Hours(NINE_TO_EIGHT), tokyo(2, 28, 21), tokyo(3, 1, 9)),
        (Hours(NINE_TO_EIGHT), tokyo(2, 28, 21, year=2028), tokyo(2, 29, 9, year=2028)),
        (Hours(NINE_TO_EIGHT), tokyo(12, 31, 21), tokyo(1, 1, 9, year=2027)),
    ],
)
def test_it_waits_for_the_hours_to_begin(one: Hours, when: datetime, expected: datetime) -> None:
    assert hours.next_open((one,), when, TOKYO) == expected


def test_it_opens_with_whichever_of_several_hours_comes_first() -> None:
    weekend = Hours((time(10), time(18)), frozenset((5, 6)))
    friday = tokyo(11, 27, 21)
    assert hours.next_open((WORKDAYS, weekend), friday, TOKYO) == tokyo(11, 28, 10)
    assert hours.next_open((WORKDAYS,), friday, TOKYO) == tokyo(11, 30, 9)


@pytest.mark.parametrize(
    ("window", "when", "expected"),
    [
        # the night of 8 March 2026 has no 2:00 to 3:00, that of 1 November has 1:00 to 2:00 twice
        ((time(8), time(20)), "2026-03-07T21:00-05:00", "2026-03-08T08:00-04:00"),
        ((time(2, 30), time(20)), "2026-03-08T01:00-05:00", "2026-03-08T03:30-04:00"),
        ((time(8), time(20)), "2026-10-31T21:00-04:00", "2026-11-01T08:00-05:00"),
        ((time(1), time(1, 30)), "2026-11-01T01:15-04:00", "2026-11-01T01:15-04:00"),
        ((time(1), time(1, 30)), "2026-11-01T01:15-05:00", "2026-11-01T01:15-05:00"),
        ((time(1, 45), time(20)), "2026-11-01T01:50-04:00", "2026-11-01T01:50-04:00"),
    ],
)
def test_it_knows_the_nights_on_which_clocks_are_changed(window: Window, when: str, expected: str) -> None:
    opened = hours.next_open((Hours(window),), datetime.fromisoformat(when), NEW_YORK)
    assert opened == datetime.fromisoformat(expected)


DAYS = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
WINDOWS = st.sampled_from([NINE_TO_EIGHT, EVENING_TO_TWO, (time(0), time(0)), (time(9), time(0))])


@given(
    st.datetimes(datetime(2019, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.lists(st.builds(Hours, WINDOWS, DAYS), min_size=1, max_size=2).map(tuple),
    st.sampled_from([TOKYO, NEW_YORK]),
)
def test_it_opens_within_a_week_and_stays_open(when: datetime, opening: hours.Opening, zone: ZoneInfo) -> None:
    opened = hours.next_open(opening, when, zone)
    assert when <= opened <= when + timedelta(days=7, hours=1)
    assert hours.next_open(opening, opened, zone) == opened


def test_it_leaves_the_quiet_hours_alone() -> None:
    awake = hours.awake({})
    assert awake is not None
    assert hours.next_open(awake, tokyo(11, 23, 20, 59, 59), TOKYO) == tokyo(11, 23, 20, 59, 59)
    assert hours.next_open(awake, tokyo(11, 23, 21), TOKYO) == tokyo(11, 24, 8)
    assert hours.next_open(awake, tokyo(11, 24, 7, 59), TOKYO) == tokyo(11, 24, 8)
    midday = hours.awake({"quiet": ["12:00", "13:00"]})
    assert midday is not None
    assert hours.next_open(midday, tokyo(11, 23, 12, 30), TOKYO) == tokyo(11, 23, 13)
    assert hours.next_open(midday, tokyo(11, 23, 3), TOKYO) == tokyo(11, 23, 3)
    assert hours.awake({"quiet": []}) is None


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("9時から20時", "9:00〜20:00"),
        ("平日 9:00-20:00", "平日 9:00〜20:00"),
        ("平日の9時〜夜8時", "平日 9:00〜20:00"),
        ("火〜日 9:00〜20:00", "火-日 9:00〜20:00"),
        ("金-月", "月・金・土・日"),
        ("月曜日だけ 9:00〜12:00", "月 9:00〜12:00"),
        ("月水金 10:00〜18:00", "月・水・金 10:00〜18:00"),
        ("土日祝", "土日祝"),
        ("平日 9:00〜20:00、土日 10:00〜18:00", "平日 9:00〜20:00, 土日 10:00〜18:00"),
        ("24時間", "いつでも"),
    ],
)
def test_it_reads_prints_and_stores_hours(typed: str, printed: str) -> None:
    opening = timings.opening(normalise.lookup(typed).text)
    assert opening is not None
    assert hours.show(opening) == printed
    assert timings.opening(normalise.lookup(printed).text) == opening
    assert hours.from_json(hours.to_json(opening)) == opening


@pytest.mark.parametrize("typed", ["あさって", "平日 あとで", "9:00", "平日, そのうち"])
def test_it_does_not_guess_hours(typed: str) -> None:
    assert timings.opening(normalise.lookup(typed).text) is None
