"""What actions put off: done in its time, ended with what it belongs to, bounded, and forgotten when it is over."""

from dataclasses import replace
from typing import Any

import pytest

from jobs import action_lists, configuration, due, facts, parked, plans
from storage import account, changes, clock, database, delayed, fields, pauses
from storage import parked as heaps
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")

IN_AN_HOUR = engine.IN_AN_HOUR
NOW = {"kind": "immediate"}


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def texts() -> list[tuple[str, list[str]]]:
    return [(row["chat"][-1:], row["texts"]) for row in await engine.outgoing()]


async def states() -> list[str]:
    return [row["state"] for row in await database.rows("SELECT state FROM delayed_actions ORDER BY id")]


async def test_it_puts_off_what_has_a_delay_and_judges_it_only_then(cache: configuration.Cache) -> None:
    people = await engine.add_friends(2)
    tag = await engine.add_tag("買った")
    nag = engine.say("お忘れではありませんか") | {
        "after": IN_AN_HOUR,
        "if": {"not": {"tag": tag}},
        "once": "nag",
    }
    await engine.press(cache, people, [nag, engine.say("ありがとうございます")])
    assert [row["texts"] for row in await engine.outgoing()] == [["ありがとうございます"]] * 2
    assert await due.next_at() == (await delayed.waiting(people[0]))[0]
    await engine.do(cache, people[:1], [{"do": "tag_on", "tags": [tag]}])
    assert await engine.pass_time(cache, minutes=59) == 0
    assert await engine.pass_time(cache, minutes=1) == 2
    later = (await engine.outgoing())[2:]
    assert [(row["kind"], row["class"], row["chat"][-1:], row["texts"]) for row in later] == [
        ("push", "promotion", "2", ["お忘れではありませんか"])
    ]
    assert [row["cause"] for row in await database.rows("SELECT cause FROM deliveries ORDER BY id DESC LIMIT 1")] == [
        "later:2:1"
    ]
    assert await due.next_at() is None
    assert await database.value("SELECT count(*) FROM done_once") == 1


async def test_it_keeps_the_order_of_what_is_put_off_and_lets_things_follow_from_it(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    tag = await engine.add_tag("体験")
    await engine.add_scenario("後", [engine.step("a", NOW, "シナリオの一通")], start=[{"on": "tag", "tag": tag}])
    half = {"kind": "elapsed", "amount": 30, "unit": "minute"}
    await engine.press(
        cache,
        [friend],
        [
            engine.say("1時間後") | {"after": IN_AN_HOUR},
            {"do": "tag_on", "tags": [tag], "after": half},
            engine.say("30分後") | {"after": half},
        ],
    )
    await engine.pass_time(cache, hours=2)  # nobody was there in time
    assert [row["texts"] for row in await engine.outgoing()] == [["30分後"], ["1時間後"], ["シナリオの一通"]]


async def test_it_gives_each_friend_a_minute_of_their_own_within_the_span(cache: configuration.Cache) -> None:
    people = await engine.add_friends(40)
    began = await clock.now()
    await engine.do(cache, people, [engine.say("そろそろ") | {"after": {"spread": [15, 20]}}])
    minutes = {
        round((row["due_at"] - began).total_seconds()) // 60
        for row in await database.rows("SELECT due_at FROM delayed_actions")
    }
    assert minutes == {15, 16, 17, 18, 19, 20}
    spread = action_lists.Spread(15, 20)
    once, again = (action_lists.due(spread, people[0], engine.ROOT, began, engine.TOKYO) for _ in range(2))
    assert once == again


async def test_it_drops_what_waits_for_a_friend_who_blocks_us(cache: configuration.Cache) -> None:
    leaving, staying = await engine.add_friends(2)
    await engine.press(cache, [leaving, staying], [engine.say("1時間後") | {"after": IN_AN_HOUR}])
    await engine.let_happen(cache, [(leaving, facts.Unfollowed("e1"))])
    assert await delayed.waiting(leaving) == []
    await engine.let_happen(cache, [(leaving, facts.Followed("e2"))])
    await engine.do(cache, [leaving], [engine.say("もう一度") | {"after": IN_AN_HOUR}])
    await engine.let_happen(cache, [(leaving, facts.Unfollowed("e3"))])
    await engine.do(cache, [leaving], [engine.say("届かない") | {"after": IN_AN_HOUR}])
    assert await engine.pass_time(cache, hours=2) == 1
    assert (await texts()) == [("2", ["1時間後"])]
    assert await states() == ["dropped", "done", "dropped"]


async def scenario_with_delay(cache: configuration.Cache, friend: int) -> int:
    later = engine.say("1時間後") | {"after": IN_AN_HOUR}
    steps = [
        engine.step("a", NOW, "一通目", [later]),
        engine.step("b", {"kind": "elapsed", "amount": 9, "unit": "hour"}, "二通目"),
    ]
    scenario = await engine.add_scenario("案内", steps)
    await engine.do(cache, [friend], [{"do": "scenario_start", "scenario": scenario}])
    return scenario


async def test_it_holds_what_a_step_has_put_off_while_its_scenario_rests(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    await scenario_with_delay(cache, friend)
    await database.run("UPDATE scenarios SET state = 'paused'")
    assert await due.next_at() is None
    assert await delayed.waiting(friend) == []
    assert await engine.pass_time(cache, hours=2) == 0
    await database.run("UPDATE scenarios SET state = 'live'")
    assert await engine.work_off(cache) == 1
    assert [(row["cause"], row["texts"]) for row in await engine.outgoing()] == [
        ("scenario:1", ["一通目"]),
        ("scenario:1", ["1時間後"]),
    ]


async def test_it_ends_what_a_step_has_put_off_with_the_walk(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await scenario_with_delay(cache, friend)
    await engine.do(cache, [friend], [{"do": "scenario_stop", "scenario": scenario}], "command:2:0")
    assert await delayed.waiting(friend) == []
    await engine.pass_time(cache, hours=2)
    assert await texts() == [("1", ["一通目"])]
    assert await states() == ["dropped"]


async def test_it_calls_off_what_a_deed_has_put_off_and_takes_that_back(cache: configuration.Cache) -> None:
    people = await engine.add_friends(3)
    assert (await engine.do(cache, people, [engine.say("1時間後") | {"after": IN_AN_HOUR}])).delayed == 3
    await engine.do(cache, people, [engine.say("ほかの件") | {"after": IN_AN_HOUR}], "command:10:0")
    assert await changes.friends_of([changes.call_off(engine.ROOT)]) == people
    applied = await engine.undo(changes.call_off(engine.ROOT))
    assert (applied.done, applied.kept) == (3, 0)
    await database.run("UPDATE friends SET blocked_us = true WHERE id = $1", people[0])
    back = await engine.undo(applied.reverse[0])
    assert (back.done, back.kept) == (2, 1)
    await engine.pass_time(cache, hours=1)
    assert sorted(await states()) == ["called_off"] + ["done"] * 5


async def test_it_ends_with_its_deed_also_what_waits_behind_a_second_delay(cache: configuration.Cache) -> None:
    people = await engine.add_friends(2)
    inner = await engine.add_set("続き", [engine.say("2時間後") | {"after": IN_AN_HOUR}])
    await engine.do(cache, people, [{"do": "run", "set": inner, "after": IN_AN_HOUR}])
    await engine.pass_time(cache, hours=1)
    assert await states() == ["done", "done", "open", "open"]
    assert (await engine.undo(changes.call_off(engine.ROOT))).done == 2
    await engine.pass_time(cache, hours=1)
    assert await engine.outgoing() == []


async def test_it_ends_with_its_walk_also_what_waits_behind_a_second_delay(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    inner = await engine.add_set("続き", [engine.say("2時間後") | {"after": IN_AN_HOUR}])
    later = [{"do": "run", "set": inner, "after": IN_AN_HOUR}]
    last = engine.step("b", {"kind": "elapsed", "amount": 9, "unit": "hour"}, "二通目")
    scenario = await engine.add_scenario("案内", [engine.step("a", NOW, "一通目", later), last])
    await engine.do(cache, [friend], [{"do": "scenario_start", "scenario": scenario}])
    await engine.pass_time(cache, hours=1)
    assert len(await delayed.waiting(friend)) == 1
    await engine.do(cache, [friend], [{"do": "scenario_stop", "scenario": scenario}], "command:2:0")
    assert await delayed.waiting(friend) == []
    await engine.pass_time(cache, hours=1)
    assert await texts() == [("1", ["一通目"])]


async def test_it_lets_nothing_wait_again_that_would_come_more_than_a_day_late(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    in_two_days = {"kind": "elapsed", "amount": 2, "unit": "day"}
    actions = [engine.say("1時間後") | {"after": IN_AN_HOUR}, engine.say("2日後") | {"after": in_two_days}]
    await engine.do(cache, [friend], actions)
    blocked = await engine.undo(changes.block([friend]))
    await engine.pass_time(cache, hours=26)
    await engine.undo(blocked.reverse[0])
    assert await states() == ["called_off", "open"]
    await engine.pass_time(cache, days=1)
    assert await texts() == [("1", ["2日後"])]


async def counting(cache: configuration.Cache, delay: dict[str, Any]) -> int:
    """A field that counts itself up again and again, once somebody has begun; the friend for whom it does."""
    [friend] = await engine.add_friends(1)
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ('C1', '本部', 'claimed', now())"
    )
    more = {"do": "field", "field": 1, "change": {"sign": "+", "value": "1"}}
    assert await fields.make("回数", "number", await clock.now()) == 1
    kept = (await fields.get([1]))[1]
    await fields.change(1, replace(kept, on_change=[more | {"after": delay}]))
    await account.configuration_changed()
    await engine.do(cache, [friend], [more])
    return friend


async def test_it_ends_what_calls_itself_again_and_again_within_a_day(cache: configuration.Cache) -> None:
    friend = await counting(cache, {"kind": "elapsed", "amount": 5, "unit": "minute"})
    for _ in range(20):
        await engine.pass_time(cache, minutes=5)
    assert await delayed.waiting(friend) == []
    assert await database.value("SELECT number::int FROM field_values") == 1 + plans.SHORT_DELAYS
    [told] = await database.rows("SELECT body FROM outbox WHERE state = 'waiting' AND cause = 'notice:delays'")
    assert "項目「回数」が変わる" in told["body"].decode()


async def test_it_lets_go_on_what_comes_from_day_to_day(cache: configuration.Cache) -> None:
    friend = await counting(cache, {"kind": "elapsed", "amount": 1, "unit": "day"})
    for _ in range(2 + plans.SHORT_DELAYS):
        await engine.pass_time(cache, days=1)
    assert len(await delayed.waiting(friend)) == 1
    assert await database.value("SELECT number::int FROM field_values") == 3 + plans.SHORT_DELAYS


async def test_it_forgets_what_was_over_thirty_days_ago_and_nothing_that_waits(cache: configuration.Cache) -> None:
    one, other = await engine.add_friends(2)
    far = {"kind": "elapsed", "amount": 90, "unit": "day"}
    await engine.do(cache, [one, other], [engine.say("1時間後") | {"after": IN_AN_HOUR}])
    await engine.do(cache, [one], [engine.say("90日後") | {"after": far}], "command:2:0")
    await engine.do(cache, [one], [engine.say("失敗") | {"after": IN_AN_HOUR}], "command:3:0")
    await database.run("UPDATE delayed_actions SET state = 'parked', error = 'KeyError' WHERE root = 'command:3:0'")
    await engine.pass_time(cache, hours=1)
    await engine.pass_time(cache, days=29)
    [heap], _ = await heaps.page(10, 0)

    async def clear() -> None:
        await parked.clear([heap], await clock.now())

    await database.repeated(clear)
    assert await delayed.purge(await clock.now(), 1) == 0
    await engine.pass_time(cache, days=1, minutes=1)
    assert [await delayed.purge(await clock.now(), 1) for _ in range(3)] == [1, 1, 0]
    assert await states() == ["open", "called_off"]
    await engine.pass_time(cache, days=30)
    assert await delayed.purge(await clock.now(), 10) == 1
    assert await states() == ["open"]


async def test_it_calls_off_also_what_a_stop_of_all_sending_holds_back(cache: configuration.Cache) -> None:
    people = await engine.add_friends(2)
    await pauses.hold("all", "staff")
    await engine.do(cache, people, [engine.say("1時間後") | {"after": IN_AN_HOUR}])
    await engine.do(cache, people, [engine.say("ほかの件")], "command:10:0")
    await engine.pass_time(cache, hours=1)
    await engine.undo(changes.call_off(engine.ROOT))
    sent = await engine.outgoing()
    assert sorted((row["texts"][0], row["state"]) for row in sent) == [("1時間後", "cancelled"), ("ほかの件", "open")]
