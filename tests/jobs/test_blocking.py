"""Friends whom we block: what had not left goes to others only, walks rest, and a return does not change our mind."""

import asyncio
from datetime import timedelta

import pytest

from jobs import configuration, due, facts, operations
from storage import blocking, clock, database, friends
from tests.jobs import engine
from tests.jobs.elsewhere import held, somebody_waits

pytestmark = pytest.mark.usefixtures("db")

IN_AN_HOUR = engine.IN_AN_HOUR


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def block(people: list[int]) -> None:
    async def work() -> None:
        await friends.lock(people)
        await blocking.block(people)

    await database.repeated(work)


async def send(cache: configuration.Cache, people: list[int], text: str, root: str) -> None:
    await database.repeated(lambda: operations.apply(cache, people, [engine.say(text)], root))


async def test_it_leaves_the_blocked_out_of_what_has_not_begun(cache: configuration.Cache) -> None:
    people = await engine.add_friends(4)
    await send(cache, people[:3], "皆さまへ", "command:1:0")
    await send(cache, people[:2], "お二人へ", "command:2:0")
    await send(cache, people[:1], "あなたへ", "command:3:0")
    await send(cache, people[2:], "もう始まった", "command:4:0")
    await database.run("UPDATE outbox SET attempts = 1, ambiguous_at = now() WHERE id = 4")
    await block(people[:2])
    await block(people[2:3])
    rows = await database.rows("SELECT state, cost, recipients FROM outbox ORDER BY id")
    assert [(row["state"], row["cost"], len(row["recipients"])) for row in rows] == [
        ("cancelled", 0, 0),
        ("cancelled", 0, 0),
        ("cancelled", 1, 0),
        ("open", 2, 2),
    ]
    left = await database.rows("SELECT cause, state FROM deliveries WHERE friend_id = $1 ORDER BY id", people[2])
    assert [(row["cause"], row["state"]) for row in left] == [("command:1:0:1", "cancelled"), ("command:4:0:1", None)]


async def test_it_leaves_the_others_of_a_call_as_they_were(cache: configuration.Cache) -> None:
    people = await engine.add_friends(4)
    await send(cache, people, "皆さまへ", "command:1:0")
    before = await database.value("SELECT recipients FROM outbox")
    await block(people[1:2])
    [row] = await database.rows("SELECT state, cost, recipients FROM outbox")
    assert (row["state"], row["cost"], row["recipients"]) == ("open", 3, [before[0], *before[2:]])


async def test_it_takes_them_out_of_a_call_that_line_was_too_busy_for(cache: configuration.Cache) -> None:
    people = await engine.add_friends(3)
    await send(cache, people, "皆さまへ", "command:1:0")
    await database.run("UPDATE outbox SET attempts = 1, error = '429 Too Many Requests'")
    before = await database.value("SELECT retry_key FROM outbox")
    await block(people[1:2])
    [row] = await database.rows("SELECT state, cost, recipients, retry_key FROM outbox")
    assert (row["state"], row["cost"], len(row["recipients"])) == ("open", 2, 2)
    assert row["retry_key"] != before


async def test_it_takes_two_out_of_one_call_who_are_blocked_at_once(cache: configuration.Cache) -> None:
    people = await engine.add_friends(4)
    await send(cache, people, "皆さまへ", "command:1:0")
    async with held(lambda: blocking.block(people[:1])):
        other = asyncio.create_task(block(people[1:2]))
        await somebody_waits()
    await other
    lines = await database.rows("SELECT line_user_id FROM friends WHERE NOT shut")
    assert sorted(await database.value("SELECT recipients FROM outbox")) == sorted(row["line_user_id"] for row in lines)


async def test_it_lets_nobody_in_again_who_only_follows_anew(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "一通目")])
    await engine.add_greeting("returning", [engine.say("おかえりなさい"), {"do": "scenario_resume", "scenario": None}])
    start = [{"do": "scenario_start", "scenario": scenario}]
    await database.repeated(lambda: operations.apply(cache, [friend], start, "command:1:0"))
    await block([friend])
    now = await clock.now()
    await engine.let_happen(cache, [(friend, facts.Unfollowed("e1"))], at=now)
    await engine.let_happen(cache, [(friend, facts.Followed("e2"))], at=now + timedelta(seconds=1), with_tokens=True)
    await clock.move(now + timedelta(hours=2))
    assert (await due.run_set(cache)).friends == 0
    assert await engine.outgoing() == []

    async def release() -> None:
        await friends.lock([friend])
        assert await blocking.release([friend], await clock.now()) == {friend: True}

    await database.repeated(release)
    assert (await due.run_set(cache)).friends == 1
    assert [row["texts"] for row in await engine.outgoing()] == [["一通目"]]


async def test_it_sends_what_stands_above_a_block_with_the_free_reply_and_never_as_a_push(
    cache: configuration.Cache,
) -> None:
    people = await engine.add_friends(3)
    farewell = [engine.say("さようなら"), {"do": "block"}, engine.say("届かない")]
    await engine.press(cache, people[:1], farewell)
    await engine.do(cache, people[1:], farewell)
    assert [(row["kind"], row["texts"]) for row in await engine.outgoing()] == [("reply", ["さようなら"])]
    closed = await database.rows("SELECT friend_id FROM deliveries WHERE state = 'cancelled' ORDER BY id")
    assert [row["friend_id"] for row in closed].count(people[1]) == 2


DAILY = [engine.step(f"k{day}", {"kind": "elapsed", "amount": day, "unit": "day"}, f"{day}日目") for day in range(1, 6)]


async def heard(cache: configuration.Cache, days: float) -> list[str]:
    """What has been sent by so many days later."""
    await engine.pass_time(cache, days=days)
    return [row["texts"][0] for row in await engine.outgoing()]


async def test_it_sends_no_heap_of_messages_when_we_block_nobody_any_more(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario("毎日", DAILY)
    await engine.do(cache, [friend], [{"do": "scenario_start", "scenario": scenario}])
    assert await heard(cache, 1.5) == ["1日目"]
    await engine.do(cache, [friend], [{"do": "block"}], "command:2:0")
    assert await heard(cache, 10.5) == ["1日目"]
    await engine.do(cache, [friend], [{"do": "unblock"}], "command:3:0")
    assert await heard(cache, 0) == ["1日目", "2日目"]
    assert await heard(cache, 0.9) == ["1日目", "2日目"]
    assert await heard(cache, 0.1) == ["1日目", "2日目", "3日目"]
    assert await heard(cache, 1) == ["1日目", "2日目", "3日目", "4日目"]


async def test_it_brings_no_heap_of_messages_to_whoever_comes_back(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario("毎日", DAILY)
    await engine.add_greeting("returning", [{"do": "scenario_resume", "scenario": None}])
    await engine.do(cache, [friend], [{"do": "scenario_start", "scenario": scenario}])
    for number in (1, 3):
        await engine.let_happen(cache, [(friend, facts.Unfollowed(f"e{number}"))])
        await engine.pass_time(cache, days=3)
        await engine.let_happen(cache, [(friend, facts.Followed(f"e{number + 1}"))])
    assert await heard(cache, 0) == ["1日目"]
    assert await heard(cache, 1) == ["1日目", "2日目"]


async def test_it_keeps_the_timetable_of_whoever_has_missed_nothing(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    scenario = await engine.add_scenario("毎日", DAILY)
    await engine.do(cache, [friend], [{"do": "scenario_start", "scenario": scenario}])
    await engine.do(cache, [friend], [{"do": "block"}], "command:2:0")
    await engine.pass_time(cache, hours=20)
    await engine.do(cache, [friend], [{"do": "unblock"}], "command:3:0")
    assert await heard(cache, 0.1) == []
    assert await heard(cache, 0.1) == ["1日目"]
