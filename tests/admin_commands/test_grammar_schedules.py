"""Moments and schedules as people write them: read, printed, dated, and refused with a way on."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from admin_commands.grammar import normalise, schedules
from admin_commands.grammar.schedules import After, Ahead, At, Day, OnWeekday, Problem, Schedule
from jobs import recurrence
from jobs.recurrence import Daily, Hourly, Monthly, NthWeekday, Weekly, Yearly
from tests.examples import many

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 23, 13, 5, 30, tzinfo=TOKYO)  # a Monday

# (as written, as printed, the first runs as echoed)
WRITTEN = [
    ("毎週水曜 10:00", "毎週水曜 10:00", "次回 11/25(水) 10:00、12/2(水)、12/9(水)"),
    ("毎週 月・水・金 19時半", "毎週月・水・金曜 19:30", "次回 11/23(月) 19:30、11/25(水)、11/27(金)"),
    ("毎週月水金 十時", "毎週月・水・金曜 10:00", "次回 11/25(水) 10:00、11/27(金)、11/30(月)"),
    ("毎週月曜日と木曜日の10時", "毎週月・木曜 10:00", "次回 11/26(木) 10:00、11/30(月)、12/3(木)"),
    ("毎週日曜日 10:00", "毎週日曜 10:00", "次回 11/29(日) 10:00、12/6(日)、12/13(日)"),
    ("隔週火曜 9:00", "隔週火曜 9:00", "次回 11/24(火) 9:00、12/8(火)、12/22(火)"),
    ("第1木曜 9:00", "第1木曜 9:00", "次回 12/3(木) 9:00、1/7(木)、2/4(木)"),
    ("毎月第2・4火曜 10:00", "第2・4火曜 10:00", "次回 11/24(火) 10:00、12/8(火)、12/22(火)"),
    ("最終金曜 17:00", "最終金曜 17:00", "次回 11/27(金) 17:00、12/25(金)、1/29(金)"),
    ("毎月最終金曜日の１７時", "最終金曜 17:00", "次回 11/27(金) 17:00、12/25(金)、1/29(金)"),
    ("月末 18:00", "月末 18:00", "次回 11/30(月) 18:00、12/31(木)、1/31(日)"),
    ("毎月25日 10:00 祝日は前営業日", "毎月25日 10:00 祝日は前営業日", "次回 11/25(水) 10:00、12/25(金)、1/25(月)"),
    ("毎月３１日　１０時", "毎月31日 10:00", "次回 11/30(月) 10:00、12/31(木)、1/31(日)"),
    ("毎年 4/1 9:00", "毎年4/1 9:00", "次回 4/1(木) 9:00、2028/4/1(土)、2029/4/1(日)"),
    ("平日 8:00", "平日 8:00", "次回 11/24(火) 8:00、11/25(水)、11/26(木)"),
    ("土日の9時", "土日 9:00", "次回 11/28(土) 9:00、11/29(日)、12/5(土)"),
    ("3時間ごと 9:00", "3時間ごと 9:00", "次回 11/23(月) 15:00、11/23(月) 18:00、11/23(月) 21:00"),
    ("2026-12-24 18:00", "2026-12-24 18:00", "次回 12/24(木) 18:00"),
    ("12月24日 午後6時", "12/24 18:00", "次回 12/24(木) 18:00"),
    ("2026年12月24日（木）18時", "2026-12-24(木) 18:00", "次回 12/24(木) 18:00"),
    ("十二月二十四日 十時半", "12/24 10:30", "次回 12/24(木) 10:30"),
    ("1/6(水) 18:00", "1/6(水) 18:00", "次回 1/6(水) 18:00"),
    ("明日 10時", "明日 10:00", "次回 11/24(火) 10:00"),
    ("あさっての朝9時", "明後日 9:00", "次回 11/25(水) 9:00"),
    ("今夜 19時半", "今日 19:30", "次回 11/23(月) 19:30"),
    ("今夜7時半", "今日 19:30", "次回 11/23(月) 19:30"),
    ("明朝 8時", "明日 8:00", "次回 11/24(火) 8:00"),
    ("次の金曜 18:00", "次の金曜 18:00", "次回 11/27(金) 18:00"),
    ("来週の金曜 18:00", "来週の金曜 18:00", "次回 12/4(金) 18:00"),
    ("30分後", "30分後", "次回 11/23(月) 13:36"),
    ("1時間半後", "90分後", "次回 11/23(月) 14:36"),
    ("3日後 12:00", "3日後 12:00", "次回 11/26(木) 12:00"),
    ("1万分後", "10000分後", "次回 11/30(月) 11:46"),
    ("毎日 10時 期間 12/20〜1/10", "毎日 10:00 期間 12/20〜1/10", "次回 12/20(日) 10:00、12/21(月)、12/22(火)"),
    ("毎日10:00 祝日は休む 期間12/1〜", "毎日 10:00 期間 12/1〜 祝日は休む", "次回 12/1(火) 10:00、12/2(水)、12/3(木)"),
    ("weekly wed 10:00", "毎週水曜 10:00", "次回 11/25(水) 10:00、12/2(水)、12/9(水)"),
    ("monthly 1st thu 9:00", "第1木曜 9:00", "次回 12/3(木) 9:00、1/7(木)、2/4(木)"),
    ("monthly last 18:00", "月末 18:00", "次回 11/30(月) 18:00、12/31(木)、1/31(日)"),
    ("monthly last fri 18:00", "最終金曜 18:00", "次回 11/27(金) 18:00、12/25(金)、1/29(金)"),
    ("daily 9:00", "毎日 9:00", "次回 11/24(火) 9:00、11/25(水)、11/26(木)"),
]


def read(text: str) -> Schedule | Problem:
    return schedules.whole(normalise.lookup(text).text)


def settled(text: str) -> recurrence.Schedule | Problem:
    found = read(text)
    return found if isinstance(found, Problem) else schedules.settle(found, NOW, TOKYO)


@pytest.mark.parametrize(("text", "printed", "echoed"), WRITTEN)
def test_it_reads_prints_and_dates_a_schedule(text: str, printed: str, echoed: str) -> None:
    found = read(text)
    assert isinstance(found, Schedule)
    assert schedules.show(found) == printed
    assert read(printed) == found
    dated = schedules.settle(found, NOW, TOKYO)
    assert isinstance(dated, recurrence.Schedule)
    assert recurrence.echo(dated, NOW, TOKYO) == echoed
    assert settled(recurrence.describe(dated)) == dated


def test_it_dates_this_very_moment() -> None:
    dated = settled("今すぐ")
    assert isinstance(dated, recurrence.Schedule)
    assert dated.rule == recurrence.Once(NOW.date(), NOW.time())


@pytest.mark.parametrize(
    ("text", "says", "offers"),
    [
        ("毎週水曜", "時刻がありません", ["毎週水曜 10:00", "毎週水曜 12:00", "毎週水曜 18:00", "毎週水曜 20:00"]),
        ("12/24", "時刻がありません", ["12/24 10:00", "12/24 12:00", "12/24 18:00", "12/24 20:00"]),
        ("今夜", "時刻がありません", ["今日 10:00", "今日 12:00", "今日 18:00", "今日 20:00"]),
        ("12/24(水) 18:00", "12/24は木曜日です", ["2026-12-24 18:00", "2026-12-23 18:00"]),
        ("2027-12-24(木) 18:00", "12/24は金曜日です", ["2027-12-24 18:00", "2027-12-23 18:00"]),
        ("4/1 9:00", "過ぎています", ["2026-11-24 9:00", "2027-04-01 9:00"]),
        ("2020-02-29 9:00", "過ぎています", ["2026-11-24 9:00", "2027-02-28 9:00"]),
        ("今日 9:00", "過ぎています", ["2026-11-24 9:00", "2026-11-30 9:00"]),
        ("2027/2/30 10:00", "2月30日はありません", ["2027-02-28 10:00"]),
        ("2/29 10:00", "2027年2月29日はありません", ["2027-02-28 10:00", "2027-03-01 10:00"]),
        ("毎年4/31 9:00", "4月31日はありません", ["毎年4/30 9:00"]),
        ("毎月32日 9:00", "1〜31", ["月末 9:00"]),
        ("毎日 9:00 期間 12/31〜2026-12-01", "終わりが始まりより前", []),
        ("毎日 9:00 期間 2025-01-01〜2025-12-31", "期間は過ぎています", []),
        ("999999日後", "長すぎます", []),
        ("1999-01-01 9:00", "1999年は使えません", []),
        ("12/24 夜12時", "時刻がありません", ["12/24 10:00", "12/24 12:00", "12/24 18:00", "12/24 20:00"]),
        ("第6木曜 9:00", "1〜5", []),
        ("そのうち", "読めません", []),
        ("毎週水曜 10:00 かも", "読めません", []),
    ],
)
def test_it_refuses_with_a_way_on(text: str, says: str, offers: list[str]) -> None:
    found = settled(text)
    assert isinstance(found, Problem)
    assert says in found.what
    assert [offer.text for offer in found.offers] == offers
    assert all(
        isinstance(settled(offer.text), recurrence.Schedule) for offer in found.offers if "今日 1" not in offer.text
    )


TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DAYS = st.builds(
    Day, st.integers(1, 12), st.integers(1, 28), st.none() | st.integers(2000, 2100), st.none() | st.integers(0, 6)
)
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
MOMENTS = st.one_of(
    st.builds(
        At,
        st.one_of(
            DAYS,
            st.builds(Ahead, st.integers(0, 3)),
            st.builds(OnWeekday, st.integers(0, 6), st.sampled_from([None, 0, 1])),
        ),
        TIMES,
    ),
    st.builds(After, st.integers(0, 1000), st.just("minute")),
    st.builds(After, st.integers(1, 1000), st.sampled_from(["minute", "hour", "day"])),
    st.builds(After, st.integers(1, 1000), st.just("day"), TIMES),
    st.builds(Daily, TIMES, st.sampled_from(["all", "workdays", "weekend"])),
    st.builds(Weekly, WEEKDAYS, TIMES, st.sampled_from([1, 2])),
    st.builds(Monthly, st.integers(0, 31), TIMES),
    st.builds(
        NthWeekday, st.sets(st.integers(1, 5), min_size=1).map(lambda n: tuple(sorted(n))), st.integers(0, 6), TIMES
    ),
    st.builds(NthWeekday, st.just((2, recurrence.LAST)), st.integers(0, 6), TIMES),
    st.builds(NthWeekday, st.just((recurrence.LAST,)), st.integers(0, 6), TIMES),
    st.builds(Yearly, st.integers(1, 12), st.integers(1, 28), TIMES),
    st.builds(Hourly, st.integers(1, 240), TIMES),
)
SCHEDULES = st.builds(
    Schedule, MOMENTS, st.none() | DAYS, st.none() | DAYS, st.sampled_from(["run", "skip", "after", "before"])
)


@given(SCHEDULES)
@settings(max_examples=many(250), deadline=None)
def test_it_reads_back_what_it_prints(schedule: Schedule) -> None:
    assert read(schedules.show(schedule)) == schedule


PIECES = [
    *(
        "毎週",
        "毎月",
        "隔週",
        "第",
        "最終",
        "月末",
        "毎年",
        "期間",
        "〜",
        "祝日は休む",
        "月",
        "日",
        "曜",
        "水・金",
        "(木)",
        "/",
        "-",
    ),
    *(
        "12",
        "31",
        "2/30",
        "9999",
        "0",
        "999999999",
        "十",
        "半",
        "時",
        ":",
        "00",
        "分後",
        "日後",
        "今夜",
        "明日",
        "夜",
        "午後",
        " ",
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=many(250), deadline=None)
def test_it_takes_any_text_without_raising(text: str) -> None:
    found = settled(text)
    if isinstance(found, recurrence.Schedule):
        assert recurrence.describe(found)
        assert isinstance(found.since or date.min, date)
