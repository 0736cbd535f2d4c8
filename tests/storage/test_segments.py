"""The friends who fit a condition, as PostgreSQL finds them and as a plain judge would pick them by hand."""

import itertools
import os
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from storage import friends, names, segments
from tests.storage import noted
from tests.storage.judge import NOW, SEGMENTS, SIGHT, SIGHTS, TOKYO, Person, drawn, fitting, judged, people, settle

CASES = 10_000 if os.environ.get("AYUMI_TEST_EVERY_FAULT") else 500  # random conditions, judged twice
AT_ONCE = 50  # in one statement


@pytest.fixture
async def shop(db: str) -> list[Person]:
    everybody = people(seed=20261123)
    await settle(everybody)
    return everybody


@pytest.mark.timeout(1_200)  # 10,000 cases on a busy machine
async def test_it_judges_whom_a_judge_would_pick(shop: list[Person]) -> None:
    """Random conditions, joined at random, many in a statement, over a shop that has every kind of friend."""
    everybody = [one.id for one in shop]
    chosen = drawn(SEGMENTS, CASES)
    for place in range(0, CASES, AT_ONCE):
        some = chosen[place : place + AT_ONCE]
        sight = SIGHTS[place // AT_ONCE % len(SIGHTS)]
        found = await segments.fitting_each([(segment, everybody) for segment in some], sight)
        for segment, fit in zip(some, found, strict=True):
            assert fit == {one.id for one in shop if judged(segment, one, sight)}, (segment, sight.now)


async def test_it_finds_and_counts_whom_a_judge_would_pick(shop: list[Person]) -> None:
    chosen = drawn(SEGMENTS, 60)
    for segment in chosen:
        expected = fitting(segment, shop)
        assert await segments.ids(segment, SIGHT) == expected, segment
    counted = await segments.counts(chosen, SIGHT)
    assert counted == [len(fitting(segment, shop)) for segment in chosen]


@pytest.mark.parametrize(
    ("today", "fits"),
    [
        (date(2027, 2, 28), True),  # there is no 29th to wait for
        (date(2028, 2, 28), False),
        (date(2028, 2, 29), True),
        (date(2027, 3, 1), False),
    ],
)
@pytest.mark.usefixtures("shop")
async def test_it_lets_the_29th_of_february_come_round_every_year(today: date, fits: bool) -> None:
    await noted.settle({1: {noted.BIRTHDAY: "2000-02-29"}}, NOW)
    sight = segments.Sight(datetime.combine(today, time(12), TOKYO), TOKYO)
    born: dict[str, Any] = {"field": noted.BIRTHDAY}
    assert (await segments.fitting(born | {"yearly": {"in": "today"}}, [1], sight) == {1}) == fits
    week_before = segments.Sight(sight.now - timedelta(days=7), TOKYO)
    assert (await segments.fitting(born | {"yearly": {"ahead": [7, "day"]}}, [1], week_before) == {1}) == fits


async def test_it_counts_many_conditions_at_once(shop: list[Person]) -> None:
    asked: list[dict[str, Any]] = [{"tag": 1}, {"all": [{"tag": 1}, {"not": {"tag": 2}}]}, {"blocked": True}]
    counted = await segments.counts(asked, SIGHT, ["hidden"])
    assert counted == [sum(judged(one, person) is True and not person.hidden for person in shop) for one in asked]


async def test_it_leaves_out_the_blocked_the_hidden_and_test_friends_unless_named(shop: list[Person]) -> None:
    assert segments.left_out({"tag": 1}) == ("blocked", "hidden", "test")
    assert segments.left_out({"all": [{"tag": 1}, {"not": {"blocked": True}}]}) == ("hidden", "test")
    assert segments.left_out({"tag": 1}, promotion=True) == ("blocked", "hidden", "opted_out", "capped", "test")
    found = await segments.survey([{"everyone": True}], SIGHT, promotion=True)
    marks = ("blocked", "hidden", "opted_out", "test")
    assert found.left_out == {mark: sum(getattr(one, mark) for one in shop) for mark in marks} | {"capped": 0}


async def test_it_judges_given_friends_whatever_their_marks(shop: list[Person]) -> None:
    asked = list(range(1, 21))
    found = await segments.fitting({"tag": 1}, asked, SIGHT)
    assert found == {one.id for one in shop if one.id in asked and 1 in one.tags}


async def test_it_lists_pages_in_order(shop: list[Person]) -> None:
    """However many fit, and whichever way the database goes for that."""
    latest = {one.id: max(at for at in (one.reacted, one.followed, one.created) if at) for one in shop}
    asked: list[dict[str, Any]] = [
        {"everyone": True},
        {"tag": 1},
        {"all": [{"tag": 1}, {"tag": 2}, {"not": {"tag": 3}}]},
        {"all": [{"tag": 1}, {"not": {"tag": 1}}]},
    ]
    for segment in asked:
        everybody = sorted(fitting(segment, shop), key=lambda one: (latest[one], one), reverse=True)
        for most, size in itertools.product((0, 1000), (1, 10)):
            found = await segments.survey([segment], SIGHT, most=most)
            pages = [
                await segments.page(segment, found, SIGHT, size, offset)
                for offset in range(0, min(len(everybody), 3 * size) + size, size)
            ]
            assert [one for page in pages for one in page] == everybody[: 4 * size]
        by_name = await segments.page(segment, found, SIGHT, 1000, order="name")
        key = {one.id: names.name_key(f" {one.name or ''}") for one in shop}
        assert by_name == sorted(everybody, key=lambda one: (key[one], one))
        assert await segments.page(segment, found, SIGHT, 1000, order="id") == sorted(everybody)


async def test_it_lists_friends_by_their_last_sign_of_life(shop: list[Person]) -> None:
    latest = {one.id: max(at for at in (one.reacted, one.followed, one.created) if at) for one in shop}
    listed = sorted(
        (one.id for one in shop if not one.blocked and not one.hidden), key=lambda one: (latest[one], one), reverse=True
    )
    assert [one.id for one in await friends.page(1000, 0, SIGHT)] == listed
    assert [one.id for one in await friends.page(10, 20, SIGHT)] == listed[20:30]
    found, total = await friends.search("たなか", 10, SIGHT, 10)
    hits = sorted(
        (one for one in shop if names.name_key("たなか") in names.name_key(one.name or "")),
        key=lambda one: (one.hidden, one.blocked, -latest[one.id].timestamp(), -one.id),
    )
    assert total == len(hits)
    assert [one.id for one in found] == [one.id for one in hits[10:20]]


async def test_it_surveys_stage_by_stage_as_a_judge_would(shop: list[Person]) -> None:
    """Random stages, and conditions asked beside them."""
    chosen = drawn(st.lists(SEGMENTS, min_size=2, max_size=5), 200)
    scopes: list[dict[str, Any] | None] = [None, None, {"tag": 2}, {"any": [{"tag": 1}, {"blocked": True}]}]
    for number, (*stages, beside) in enumerate(chosen):
        scope = scopes[number % 4]
        seen = [one for one in shop if scope is None or judged(scope, one)]
        out = segments.left_out({"all": stages})
        fits = [one for one in seen if all(judged(stage, one) for stage in stages)]
        kept = [one for one in seen if not any(getattr(one, mark) for mark in out)]
        asked = [(), (0, len(stages)), (len(stages) - 1,)][number % 3]
        found = await segments.survey(
            stages, segments.Sight(NOW, TOKYO, scope), parts=[(place, beside) for place in asked], most=number % 20
        )
        assert found.total == sum(one in fits for one in kept)
        assert found.ids == ([one.id for one in kept if one in fits] if found.total <= number % 20 else None)
        left = [
            [one for one in kept if all(judged(stage, one) for stage in stages[:place])]
            for place in range(len(stages) + 1)
        ]
        assert found.stages == [len(people) for people in left[1:]]
        assert found.parts == [sum(judged(beside, one) is True for one in left[place]) for place in asked]
        assert found.left_out == {mark: sum(getattr(one, mark) for one in fits) for mark in out}


async def test_it_gives_every_friend_to_one_part_of_a_split(shop: list[Person]) -> None:
    parts = [await segments.ids({"split": [part, 3]}, SIGHT) for part in (1, 2, 3)]
    assert sorted(one for part in parts for one in part) == await segments.ids({"everyone": True}, SIGHT)
    assert min(map(len, parts)) > 0


@pytest.mark.usefixtures("db")
async def test_it_counts_months_on_the_shops_calendar() -> None:
    """A month before 31 March is 28 February at the same time of day."""
    end, month_ago = datetime(2026, 3, 31, 3, tzinfo=UTC), datetime(2026, 2, 28, 3, tzinfo=UTC)
    followed = (month_ago - timedelta(seconds=1), month_ago, month_ago + timedelta(seconds=1))
    await settle(
        [Person(place, None, False, False, False, False, at, None, end) for place, at in enumerate(followed, 1)]
    )
    assert await segments.ids({"followed": {"before": [1, "month"]}}, segments.Sight(end, TOKYO)) == [1, 2]
    assert await segments.ids({"followed": {"within": [1, "month"]}}, segments.Sight(end, TOKYO)) == [3]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("segment", [{}, {"tagg": 3}, {"scenario": 1, "is": "gone"}, {"followed": {}}])
async def test_it_raises_for_what_is_no_condition(segment: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no such"):
        await segments.count(segment, SIGHT)
