"""How action lists run: conditions judged in their turn, once for ever, delays; and in how few statements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from jobs import action_lists, configuration, due, facts, parked
from storage import buttons, changes, clock, database, delayed, erasure
from storage import parked as heaps
from tests.jobs import engine, statements

pytestmark = pytest.mark.usefixtures("db")

IN_AN_HOUR = engine.IN_AN_HOUR


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


async def texts() -> list[tuple[str, list[str]]]:
    return [(row["chat"][-1:], row["texts"]) for row in await engine.outgoing()]


async def states() -> list[str]:
    return [row["state"] for row in await database.rows("SELECT state FROM delayed_actions ORDER BY id")]


# ---- if ----


async def test_it_judges_a_condition_after_what_stands_above_it_and_before_what_stands_below(
    cache: configuration.Cache,
) -> None:
    people = await engine.add_friends(3)
    above, below = await engine.add_tag("上"), await engine.add_tag("下")
    await engine.do(cache, people[:1], [{"do": "tag_on", "tags": [below]}])
    await engine.do(
        cache,
        people,
        [
            {"do": "tag_on", "tags": [above]},
            engine.say("上が付いた") | {"if": {"tag": above}},
            engine.say("下も付いている") | {"if": {"tag": below}},
            {"do": "tag_on", "tags": [below]},
            engine.say("今は付いている") | {"if": {"all": [{"tag": below}, {"tag": above}]}},
            engine.say("付いていない") | {"if": {"not": {"tag": below}}},
        ],
        "command:2:0",
    )
    sent = [(row["heads"] or 1, row["texts"]) for row in await engine.outgoing()]
    assert sent == [(3, ["上が付いた"]), (1, ["下も付いている"]), (1, ["今は付いている"]), (2, ["今は付いている"])]


async def test_it_judges_each_friends_own_conditions_where_lists_differ(cache: configuration.Cache) -> None:
    first, second = await engine.add_friends(2)
    tag = await engine.add_tag("VIP")
    await engine.do(cache, [second], [{"do": "tag_on", "tags": [tag]}])
    for_vip, for_others = engine.say("VIP") | {"if": {"tag": tag}}, engine.say("ほか") | {"if": {"not": {"tag": tag}}}
    made = [buttons.Wanted("甲", [for_vip, for_others]), buttons.Wanted("乙", [for_others, for_vip])]
    one, other = await buttons.make("test:1", made, await clock.now())
    await engine.let_happen(cache, [(first, facts.Pressed(one)), (second, facts.Pressed(other))])
    assert sorted(await texts()) == [("1", ["ほか"]), ("2", ["VIP"])]


# ---- once ----


async def test_it_does_once_for_ever_what_is_to_be_done_once(cache: configuration.Cache) -> None:
    first, second = await engine.add_friends(2)
    tag = await engine.add_tag("VIP")
    gift = engine.say("はじめての方へ") | {"once": "button:1 " + "送る" * 3_000, "if": {"tag": tag}}
    await engine.press(cache, [first], [gift])  # the condition is not true: that does not count
    await engine.do(cache, [first, second], [{"do": "tag_on", "tags": [tag]}])
    for _ in range(2):
        await engine.press(cache, [first], [gift, gift, engine.say("毎回")])
    await engine.press(cache, [second], [gift])
    assert await texts() == [("1", ["はじめての方へ", "毎回"]), ("1", ["毎回"]), ("2", ["はじめての方へ"])]
    assert await database.value("SELECT count(*) FROM done_once") == 2


async def test_it_reads_back_what_it_stores_of_an_action() -> None:
    for after in (IN_AN_HOUR, {"kind": "clock", "at": "18:46"}, {"spread": [15, 20]}):
        stored = {"do": "tag_on", "tags": [3], "if": {"tag": 4}, "once": "x", "after": after}
        [action] = action_lists.load([stored])
        assert action.stored() == stored
        assert action.at_last().stored() == {key: one for key, one in stored.items() if key != "after"}


# ---- what fails ----


@asynccontextmanager
async def faulty(friend: int) -> AsyncIterator[None]:
    """Whatever is written about this friend's tags fails."""
    await database.run(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.friend_id = {friend} THEN RAISE 'broken'; END IF; RETURN NEW; END $$"
    )
    await database.run("CREATE TRIGGER fault BEFORE INSERT ON friend_tags FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        yield
    finally:
        await database.run("DROP FUNCTION fault CASCADE")


async def test_it_parks_the_one_action_that_fails_alone_and_does_it_after_all(cache: configuration.Cache) -> None:
    people = await engine.add_friends(5)
    tag = await engine.add_tag("VIP")
    await engine.do(
        cache,
        people,
        [
            {"do": "tag_on", "tags": [tag], "after": IN_AN_HOUR},
            engine.say("そして") | {"after": IN_AN_HOUR},
        ],
    )
    async with faulty(people[2]):
        await engine.pass_time(cache, hours=1)
    assert (await states()).count("parked") == 1
    assert sum(row["heads"] or 1 for row in await engine.outgoing()) == 5
    [heap], _ = await heaps.page(10, 0)
    assert (heap.kind, heap.id, heap.friends, heap.name) == ("delayed", 0, 1, None)

    async def clear() -> list[changes.Change]:
        return await parked.clear([heap], await clock.now())

    [back] = await database.repeated(clear)
    assert await heaps.count() == 0
    await engine.undo(back)
    assert await heaps.count() == 1

    async def again() -> None:
        await parked.again([heap], await clock.now())

    await database.repeated(again)
    assert await engine.work_off(cache) == 1
    assert await database.value("SELECT count(*) FROM friend_tags") == 5
    assert await states() == ["done"] * 10


async def test_it_leaves_to_staff_what_fell_due_before_a_restore(cache: configuration.Cache) -> None:
    people = await engine.add_friends(2)
    await engine.do(cache, people, [engine.say("1時間後") | {"after": IN_AN_HOUR}])
    await clock.move(await clock.now() + timedelta(hours=2))
    await engine.do(cache, people, [engine.say("まだ先") | {"after": IN_AN_HOUR}], "command:2:0")
    await delayed.doubt_due()
    assert await delayed.doubted() == 2
    assert await engine.work_off(cache) == 0
    [heap], _ = await heaps.page(10, 0)
    assert (heap.friends, heap.doubted) == (2, 2)


async def test_it_erases_what_waits_for_a_friend(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    await engine.do(cache, [friend], [engine.say("すぐ") | {"once": "x"}, engine.say("後で") | {"after": IN_AN_HOUR}])
    await erasure.erase(friend, f"U{1:032x}", ())
    assert await database.value("SELECT count(*) FROM delayed_actions") == 0
    assert await database.value("SELECT count(*) FROM done_once") == 0


# ---- how many statements ----


async def test_it_does_a_due_set_of_five_hundred_with_conditions_in_few_statements(cache: configuration.Cache) -> None:
    people = await engine.add_friends(500)
    even, odd, met = [await engine.add_tag(name) for name in ("偶数", "奇数", "会った")]
    await database.run(
        "INSERT INTO friend_tags (friend_id, tag_id, at)"
        " SELECT id, CASE id % 2 WHEN 0 THEN $1::bigint ELSE $2::bigint END, now() FROM friends",
        even,
        odd,
    )
    both = [
        {"do": "tag_on", "tags": [met], "if": {"tag": even}},
        engine.say("奇数の方へ") | {"if": {"tag": odd}},
    ]
    scenario = await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "一通目", both)])
    await engine.do(cache, people, [{"do": "scenario_start", "scenario": scenario}])
    await clock.move(await clock.now() + timedelta(hours=1))
    with statements.counted() as said:
        assert (await due.run_set(cache)).friends == 500
    assert 0 < len(said) <= 25, said
    assert await database.value("SELECT count(*) FROM friend_tags WHERE tag_id = $1", met) == 250
    assert sum(row["heads"] for row in await engine.outgoing()) == 750


async def test_it_does_as_much_for_what_was_put_off(cache: configuration.Cache) -> None:
    people = await engine.add_friends(500)
    tag = await engine.add_tag("VIP")
    delay = {"after": IN_AN_HOUR}
    actions = [engine.say("後で") | delay | {"once": "x", "if": {"everyone": True}}, {"do": "tag_on", "tags": [tag]}]
    await engine.do(cache, people[:1], [], "command:0:0")  # the rules are in memory
    with statements.counted() as said:
        await engine.do(cache, people, actions)
    assert 0 < len(said) <= 8, said
    await clock.move(await clock.now() + timedelta(hours=1))
    with statements.counted() as said:
        assert (await due.run_set(cache)).friends == 500
    assert 0 < len(said) <= 20, said
    assert sum(row["heads"] for row in await engine.outgoing()) == 500
