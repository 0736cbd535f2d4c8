"""When a schedule runs: weeks, months, holidays, periods; pure calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import recurrence
from jobs.recurrence import LAST, Daily, Hourly, Monthly, NthWeekday, Once, Schedule, Weekly, Yearly
from tests.examples import many

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 23, 13, 5, tzinfo=TOKYO)  # a Monday, and a holiday
TEN = time(10)


def next_days(schedule: Schedule, after: datetime = NOW, most: int = 3) -> list[str]:
    return [f"{run.astimezone(TOKYO):%Y-%m-%d}" for run in recurrence.runs(schedule, after, TOKYO, most)]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Once(date(2026, 12, 24), TEN), ["2026-12-24"]),
        (Once(date(2026, 11, 23), TEN), []),
        (Daily(TEN), ["2026-11-24", "2026-11-25", "2026-11-26"]),
        (Daily(time(18)), ["2026-11-23", "2026-11-24", "2026-11-25"]),
        (Daily(time(18), "workdays"), ["2026-11-24", "2026-11-25", "2026-11-26"]),
        (Daily(TEN, "weekend"), ["2026-11-28", "2026-11-29", "2026-12-05"]),
        (Weekly((0, 2), TEN), ["2026-11-25", "2026-11-30", "2026-12-02"]),
        (Monthly(31, TEN), ["2026-11-30", "2026-12-31", "2027-01-31"]),
        (Monthly(LAST, TEN), ["2026-11-30", "2026-12-31", "2027-01-31"]),
        (NthWeekday((1,), 3, TEN), ["2026-12-03", "2027-01-07", "2027-02-04"]),
        (NthWeekday((2, 4), 1, TEN), ["2026-11-24", "2026-12-08", "2026-12-22"]),
        (NthWeekday((5,), 0, TEN), ["2026-11-30", "2027-03-29", "2027-05-31"]),
        (NthWeekday((LAST,), 4, TEN), ["2026-11-27", "2026-12-25", "2027-01-29"]),
        (Yearly(4, 1, TEN), ["2027-04-01", "2028-04-01", "2029-04-01"]),
        (Yearly(2, 29, TEN), ["2027-02-28", "2028-02-29", "2029-02-28"]),
    ],
)
def test_it_knows_the_next_runs(rule: Once | recurrence.Rule, days: list[str]) -> None:
    assert next_days(Schedule(rule)) == days


def test_it_runs_every_other_week_from_its_first_day_on() -> None:
    fortnightly = Weekly((1, 3), TEN, 2)
    assert next_days(Schedule(fortnightly, since=date(2026, 11, 24)), most=4) == [
        *("2026-11-24", "2026-11-26", "2026-12-08", "2026-12-10")
    ]
    assert next_days(Schedule(fortnightly, since=date(2026, 11, 17)), most=2) == ["2026-12-01", "2026-12-03"]


def test_it_keeps_to_the_hours_of_an_hourly_rule_through_the_night() -> None:
    found = recurrence.runs(Schedule(Hourly(5, time(9)), since=date(2026, 11, 23)), NOW, TOKYO, 4)
    assert [f"{run.astimezone(TOKYO):%d %H:%M}" for run in found] == ["23 14:00", "23 19:00", "24 00:00", "24 05:00"]


@pytest.mark.parametrize(
    ("holiday", "days"),
    [
        ("run", ["2027-05-03", "2027-05-10"]),
        ("skip", ["2027-05-10", "2027-05-17"]),
        ("after", ["2027-05-06", "2027-05-10"]),
        ("before", ["2027-04-30", "2027-05-10"]),
    ],
)
def test_it_moves_what_falls_on_a_holiday(holiday: recurrence.Holiday, days: list[str]) -> None:
    after = datetime(2027, 4, 29, 12, tzinfo=TOKYO)
    assert next_days(Schedule(Weekly((0,), TEN), holiday=holiday), after, 2) == days


def test_it_runs_once_on_a_day_to_which_several_holidays_are_moved() -> None:
    after = datetime(2027, 5, 1, 12, tzinfo=TOKYO)
    assert next_days(Schedule(Daily(TEN), holiday="after"), after, 3) == ["2027-05-02", "2027-05-06", "2027-05-07"]


def test_it_keeps_to_its_period() -> None:
    period = Schedule(Daily(TEN), since=date(2026, 12, 30), until=date(2026, 12, 31))
    assert next_days(period, most=5) == ["2026-12-30", "2026-12-31"]


def test_it_says_the_next_runs_with_weekdays() -> None:
    assert recurrence.echo(Schedule(NthWeekday((1,), 3, time(9))), NOW, TOKYO) == "次回 12/3(木) 9:00、1/7(木)、2/4(木)"
    assert recurrence.echo(Schedule(Yearly(4, 1, TEN)), NOW, TOKYO, 2) == "次回 4/1(木) 10:00、2028/4/1(土)"
    assert recurrence.echo(Schedule(Once(date(2026, 11, 1), TEN)), NOW, TOKYO) == "この先は動きません"


def test_it_says_what_the_words_leave_open() -> None:
    assert recurrence.notes(Schedule(Monthly(31, TEN))) == ["31日がない月は、月末に動きます。"]
    assert recurrence.notes(Schedule(Monthly(28, TEN))) == []
    assert recurrence.notes(Schedule(Yearly(2, 29, TEN))) == ["2月29日がない年は、2月28日に動きます。"]
    assert recurrence.notes(Schedule(Daily(TEN, "workdays"))) == ["平日は月〜金で、祝日をのぞきます。"]


TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
RULES: st.SearchStrategy[recurrence.Rule] = st.one_of(
    st.builds(Daily, TIMES, st.sampled_from(["all", "workdays", "weekend"])),
    st.builds(
        lambda days, at, every: Weekly(tuple(sorted(days)), at, every),
        st.sets(st.integers(0, 6), min_size=1),
        TIMES,
        st.sampled_from([1, 2]),
    ),
    st.builds(Monthly, st.integers(0, 31), TIMES),
    st.builds(lambda n, day, at: NthWeekday((n,), day, at), st.integers(0, 5), st.integers(0, 6), TIMES),
    st.builds(Yearly, st.integers(1, 12), st.integers(1, 28), TIMES),
    st.builds(Hourly, st.integers(1, 240), TIMES),
)
SCHEDULES = st.builds(
    Schedule,
    RULES,
    since=st.none() | st.dates(date(2025, 1, 1), date(2028, 12, 31)),
    until=st.none() | st.dates(date(2029, 1, 1), date(2030, 12, 31)),
    holiday=st.sampled_from(["run", "skip", "after", "before"]),
)


@given(SCHEDULES, st.datetimes(datetime(2025, 1, 1), datetime(2031, 12, 31)))
@settings(max_examples=many(60), deadline=None)
def test_it_runs_in_order_later_than_now_and_goes_on_from_any_run(schedule: Schedule, now: datetime) -> None:
    after = now.replace(tzinfo=TOKYO)
    found = recurrence.runs(schedule, after, TOKYO, 4)
    assert found == sorted(set(found))
    assert all(run > after.astimezone(UTC) for run in found)
    if schedule.since is not None and found:
        again = recurrence.runs(schedule, found[0], TOKYO, 3)
        assert again == found[1:]
    if schedule.holiday != "run":
        assert not any(recurrence.is_holiday(run.astimezone(TOKYO).date()) for run in found)
    if schedule.until is not None and found:
        assert found[-1].astimezone(TOKYO).date() <= schedule.until + timedelta(days=14)


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(Once(date(2026, 12, 24), TEN)),
        Schedule(Daily(TEN, "workdays"), holiday="skip"),
        Schedule(Weekly((0, 2), TEN, 2), since=date(2026, 12, 1), until=date(2027, 1, 31)),
        Schedule(Monthly(LAST, time(9, 30)), holiday="before"),
        Schedule(NthWeekday((1, LAST), 3, TEN)),
        Schedule(Yearly(2, 29, TEN)),
        Schedule(Hourly(3, TEN), since=date(2026, 12, 1)),
    ],
    ids=lambda schedule: type(schedule.rule).__name__,
)
def test_it_is_kept_as_json_and_read_back(schedule: Schedule) -> None:
    kept = orjson.loads(orjson.dumps(recurrence.to_json(schedule)))
    assert recurrence.from_json(kept) == schedule
