"""The rules of a scenario's head: who may begin and how often, when steps may come, what ends it, what follows it."""

import asyncio
from datetime import datetime, time, timedelta

import pytest

from jobs import configuration, due
from storage import account, clock, database, settings
from tests.jobs import engine, statements
from tests.jobs.test_branches import begin, told, wears
from tests.jobs.test_triggers import IN_AN_HOUR, IN_TWO_HOURS, NOW, pass_time

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def until(cache: configuration.Cache, hour: int, weekday: int | None = None) -> None:
    """Move to the next time the clock in Tokyo shows this hour, on this weekday."""
    now = (await clock.now()).astimezone(engine.TOKYO)
    day = now.date() + timedelta(days=1)
    while weekday is not None and day.weekday() != weekday:
        day += timedelta(days=1)
    await clock.move(datetime.combine(day, time(hour), engine.TOKYO))
    await pass_time(cache)


async def reasons() -> list[tuple[int, str]]:
    """(friend, why) of all who were refused or taken off."""
    found = await database.rows(
        "SELECT friend_id, kind FROM friend_events WHERE kind LIKE 'refused%' OR kind IN ('scenario_ended',"
        " 'scenario_left') ORDER BY id"
    )
    return [(row["friend_id"], row["kind"]) for row in found]


async def test_it_lets_no_more_begin_than_there_are_places(cache: configuration.Cache) -> None:
    """200 friends at once, by ten workers: exactly 70 begin, the others get what is for those beyond."""
    people = await engine.add_friends(200)
    begins, full = await engine.add_tag("開始"), await engine.add_tag("満員")
    scenario = await engine.add_scenario(
        "先着",
        [engine.step("a", NOW, "当選です")],
        start=[{"on": "tag", "tag": begins}],
        cap=70,
        over=[engine.say("満員です"), {"do": "tag_on", "tags": [full]}],
    )
    parts = [people[place::10] for place in range(10)]
    await asyncio.gather(*(begin(configuration.Cache(engine.TOKYO), part, begins) for part in parts))
    assert await database.value("SELECT count(*) FROM subscriptions WHERE scenario_id = $1", scenario) == 70
    assert await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", full) == 130
    texts = await told()
    assert sorted(map(tuple, texts.values())) == [("当選です",)] * 70 + [("満員です",)] * 130
    assert await database.value("SELECT count(*) FROM friend_events WHERE kind = 'refused_cap'") == 130


async def test_it_counts_a_friend_once_however_often_they_begin(cache: configuration.Cache) -> None:
    one, other = await engine.add_friends(2)
    begins = await engine.add_tag("開始")
    await engine.add_scenario(
        "先着", [engine.step("a", NOW, "はい")], start=[{"on": "tag", "tag": begins}], cap=1, restart="finished"
    )
    await begin(cache, [one], begins)
    await begin(cache, [one, other], begins)
    assert await told() == {one: ["はい", "はい"]}


async def test_it_holds_a_promotion_over_the_shops_quiet_hours(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    begins, seen = await engine.add_tag("開始"), await engine.add_tag("見た")
    await engine.add_scenario(
        "道",
        [
            engine.step("a", NOW, "お返事"),
            engine.step("b", IN_AN_HOUR, None, [{"do": "tag_on", "tags": [seen]}]),
            engine.step("c", IN_AN_HOUR, "宣伝"),
        ],
        start=[{"on": "tag", "tag": begins}],
        window=None,
    )
    await until(cache, 22)
    await begin(cache, [friend], begins)
    assert await told() == {friend: ["お返事"]}, "what answers a customer's own deed is not held"
    await pass_time(cache, hours=1)
    assert await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", seen) == 1, "nobody is woken"
    await pass_time(cache, hours=8.9)
    assert await told() == {friend: ["お返事"]}
    await pass_time(cache, hours=0.1)
    assert await told() == {friend: ["お返事", "宣伝"]}


async def test_it_sends_at_night_where_the_shop_wants_no_quiet_hours(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    begins = await engine.add_tag("開始")
    await engine.add_scenario(
        "道", [engine.step("a", IN_AN_HOUR, "夜です")], start=[{"on": "tag", "tag": begins}], window=None
    )
    await settings.choose("quiet", [])
    await account.configuration_changed()
    await until(cache, 22)
    await begin(cache, [friend], begins)
    await pass_time(cache, hours=1)
    assert await told() == {friend: ["夜です"]}


async def test_it_waits_for_a_weekday_of_the_scenario(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    begins = await engine.add_tag("開始")
    midweek = [{"days": [1, 2], "holidays": "as_weekdays", "window": ["09:00", "20:00"]}]
    await engine.add_scenario(
        "道", [engine.step("a", IN_AN_HOUR, "火曜です")], start=[{"on": "tag", "tag": begins}], window=midweek
    )
    await until(cache, 12, weekday=3)
    await begin(cache, [friend], begins)
    await pass_time(cache, days=4, hours=20.9)
    assert await told() == {}
    await pass_time(cache, hours=0.1)
    assert await told() == {friend: ["火曜です"]}
    assert (await clock.now()).astimezone(engine.TOKYO).weekday() == 1


async def test_it_takes_off_whoever_an_end_is_true_for_when_a_step_is_due(cache: configuration.Cache) -> None:
    one, other, third = await engine.add_friends(3)
    begins, bought = await engine.add_tag("開始"), await engine.add_tag("購入済")
    await engine.add_scenario(
        "道",
        [engine.step("a", IN_AN_HOUR, "一"), engine.step("b", IN_TWO_HOURS, "二", when={"not": {"blocked": True}})],
        start=[{"on": "tag", "tag": begins}],
        end=[{"on": "when", "when": {"tag": bought}}],
    )
    await wears(third, bought)
    await begin(cache, [one, other, third], begins)
    await pass_time(cache, hours=1)
    await wears(one, bought)
    await pass_time(cache, hours=1)
    assert await told() == {one: ["一"], other: ["一", "二"]}
    assert await reasons() == [(third, "refused_end"), (one, "scenario_ended")]
    states = await database.rows("SELECT state FROM subscriptions ORDER BY friend_id")
    assert [row["state"] for row in states] == ["stopped", "finished"]


async def test_it_begins_only_within_its_period_and_for_friends_of_the_right_days(cache: configuration.Cache) -> None:
    old, new = await engine.add_friends(2)
    begins = await engine.add_tag("開始")
    today = (await clock.now()).astimezone(engine.TOKYO).date()
    await database.run(
        "UPDATE friends SET followed_at = now() - CASE WHEN id = $1 THEN '9 days' ELSE '0' END::interval", old
    )
    await engine.add_scenario(
        "道",
        [engine.step("a", NOW, "はい")],
        start=[{"on": "tag", "tag": begins}],
        added={"from": (today - timedelta(days=3)).isoformat()},
        period={"from": today.isoformat(), "to": (today + timedelta(days=1)).isoformat()},
        restart="always",
    )
    await begin(cache, [old, new], begins)
    assert await told() == {new: ["はい"]}
    await pass_time(cache, days=2)
    await begin(cache, [new], begins)
    assert await told() == {new: ["はい"]}
    assert await reasons() == [(old, "refused_target"), (new, "refused_period")]


async def test_it_leaves_all_others_for_one_that_goes_alone(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    first, second = await engine.add_tag("先"), await engine.add_tag("後")
    await engine.add_scenario("先", [engine.step("a", IN_AN_HOUR, "先")], start=[{"on": "tag", "tag": first}])
    await engine.add_scenario(
        "後", [engine.step("a", IN_AN_HOUR, "後")], start=[{"on": "tag", "tag": second}], exclusive=True
    )
    await begin(cache, [friend], first)
    await begin(cache, [friend], second)
    await pass_time(cache, hours=1)
    assert await told() == {friend: ["後"]}
    assert await reasons() == [(friend, "scenario_left")]


async def test_it_goes_on_where_it_had_stopped(cache: configuration.Cache) -> None:
    one, other = await engine.add_friends(2)
    begins, leaves, comes = [await engine.add_tag(name) for name in ("開始", "外す", "再開")]
    scenario = await engine.add_scenario(
        "道",
        [engine.step("a", NOW, "一"), engine.step("b", IN_AN_HOUR, "二"), engine.step("c", IN_TWO_HOURS, "三")],
        start=[{"on": "tag", "tag": begins}],
        restart="resume",
    )
    await engine.add_scenario(
        "止める",
        [engine.step("a", NOW, None, [{"do": "scenario_stop", "scenario": scenario}])],
        start=[{"on": "tag", "tag": leaves}],
    )
    await engine.add_scenario(
        "続ける",
        [engine.step("a", NOW, None, [{"do": "scenario_resume", "scenario": scenario}])],
        start=[{"on": "tag", "tag": comes}],
    )
    await begin(cache, [one, other], begins)
    await begin(cache, [one, other], leaves)
    await pass_time(cache, hours=1.5)
    assert await told() == {one: ["一"], other: ["一"]}
    await begin(cache, [one], begins)
    await begin(cache, [other], comes)
    await pass_time(cache)
    assert await told() == {one: ["一", "二"], other: ["一", "二"]}, "the step whose time has passed comes at once"
    await pass_time(cache, hours=0.9)
    assert await told() == {one: ["一", "二"], other: ["一", "二"]}, "the next one as long after it as always"
    await pass_time(cache, hours=0.1)
    assert await told() == {one: ["一", "二", "三"], other: ["一", "二", "三"]}
    assert await database.value("SELECT count(*) FROM subscriptions WHERE scenario_id = $1", scenario) == 2


async def test_it_does_what_follows_the_last_step(cache: configuration.Cache) -> None:
    one, other = await engine.add_friends(2)
    begins, through, ends = [await engine.add_tag(name) for name in ("開始", "完了", "終了")]
    following = await engine.add_scenario("次", [engine.step("a", IN_AN_HOUR, "次の一通")])
    await engine.add_scenario(
        "道",
        [engine.step("a", IN_AN_HOUR, "一"), engine.step("b", IN_TWO_HOURS, "二")],
        start=[{"on": "tag", "tag": begins}],
        end=[{"on": "tag", "tag": ends}],
        finish=[{"do": "tag_on", "tags": [through]}, {"do": "scenario_start", "scenario": following}],
    )
    await begin(cache, [one, other], begins)
    await pass_time(cache, hours=1)
    await begin(cache, [other], ends)
    await pass_time(cache, hours=1)
    await pass_time(cache, hours=1)
    assert await told() == {one: ["一", "二", "次の一通"], other: ["一"]}
    assert await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", through) == 1
    assert await reasons() == [(other, "scenario_ended")]


async def test_it_does_a_branching_set_of_five_hundred_in_few_statements(cache: configuration.Cache) -> None:
    people = await engine.add_friends(500)
    begins, even, seen, bought = [await engine.add_tag(name) for name in ("開始", "偶数", "見た", "購入済")]
    await database.run(
        "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT id, $1, now() FROM friends WHERE id % 2 = 0", even
    )
    mark = [{"do": "tag_on", "tags": [seen]}]
    both = {"all": [{"tag": even}, {"not": {"tag": seen}}]}
    await engine.add_scenario(
        "道",
        [
            engine.step("a", IN_AN_HOUR, "偶数の方へ", mark, when=both),
            engine.step("b", IN_AN_HOUR, "奇数の方へ", mark, otherwise=True),
        ],
        start=[{"on": "tag", "tag": begins}],
        end=[{"on": "when", "when": {"tag": bought}}],
        window=["00:00", "00:00"],
    )
    await begin(cache, people, begins)
    await clock.move(await clock.now() + timedelta(hours=1))
    with statements.counted() as said:
        assert (await due.run_set(cache)).friends == 500
    assert 0 < len(said) <= 25, said
    assert sorted(len(texts) for texts in (await told()).values()) == [1] * 500
    assert await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", seen) == 500
    lacking = await database.rows(
        "SELECT data ->> 'missing' AS parts, count(*) AS friends FROM friend_events WHERE kind = 'left_out' GROUP BY 1"
    )
    assert [(row["parts"], row["friends"]) for row in lacking] == [("[0]", 250)]
