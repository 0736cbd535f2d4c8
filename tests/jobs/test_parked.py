"""What failed is put aside, told, and done after all exactly once; or cleared away, and put back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from jobs import configuration, due, operations, parked
from storage import audit, changes, clock, database, scenarios
from storage import parked as heaps
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")

IN_AN_HOUR = {"kind": "elapsed", "amount": 1, "unit": "hour"}


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


@asynccontextmanager
async def faulty(table: str, friend: int) -> AsyncIterator[None]:
    """Whatever is written about this friend in a table fails."""
    await database.run(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.friend_id = {friend} THEN RAISE 'broken'; END IF; RETURN NEW; END $$"
    )
    await database.run(f"CREATE TRIGGER fault BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        yield
    finally:
        await database.run("DROP FUNCTION fault CASCADE")


async def run_steps(cache: configuration.Cache) -> None:
    while (await due.run_set(cache)).friends:
        pass


async def run_operations(cache: configuration.Cache) -> None:
    while await operations.run_chunk(cache) is not None:
        pass


async def parked_step(cache: configuration.Cache, count: int = 3) -> tuple[int, list[int]]:
    """A scenario whose step has failed for the first of these friends; its id and theirs."""
    people = await engine.add_friends(count)
    scenario = await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "一通目")])
    action = [{"do": "scenario_start", "scenario": scenario, "by_hand": True}]
    await database.repeated(lambda: operations.apply(cache, people, action, "command:1"))
    await clock.move(await clock.now() + timedelta(hours=1))
    async with faulty("deliveries", people[0]):
        await run_steps(cache)
    return scenario, people


async def test_it_puts_aside_the_step_that_failed_and_none_of_a_scenario_that_rests(cache: configuration.Cache) -> None:
    [friend] = await engine.add_friends(1)
    resting = await engine.add_scenario("休み", [engine.step("a", IN_AN_HOUR, "休み")])
    failing = await engine.add_scenario("案内", [engine.step("a", IN_AN_HOUR, "案内")])
    for number in (resting, failing):
        start = [{"do": "scenario_start", "scenario": number}]
        await engine.do(cache, [friend], start, f"command:{number}:0")
    await database.run("UPDATE scenarios SET state = 'paused' WHERE id = $1", resting)
    async with faulty("deliveries", friend):
        await engine.pass_time(cache, hours=1)
    found = await database.rows("SELECT scenario_id, state FROM subscriptions ORDER BY id")
    assert [(row["scenario_id"], row["state"]) for row in found] == [(resting, "active"), (failing, "parked")]


async def the_heap() -> heaps.Heap:
    [heap], total = await heaps.page(10, 0)
    assert total == await heaps.count() == 1
    return heap


async def again() -> None:
    async def work() -> None:
        await parked.again((await heaps.page(10, 0))[0], await clock.now())

    await database.repeated(work)


async def clear() -> list[changes.Change]:
    async def work() -> list[changes.Change]:
        return await parked.clear((await heaps.page(10, 0))[0], await clock.now())

    return await database.repeated(work)


async def take_back(inverse: list[changes.Change]) -> None:
    async def work() -> None:
        await changes.apply(inverse, await clock.now())

    await database.repeated(work)


async def states() -> list[str]:
    return [row["state"] for row in await database.rows("SELECT state FROM subscriptions ORDER BY friend_id")]


async def left_out(operation: int) -> list[int]:
    found = await database.rows(
        "SELECT friend_id FROM operation_friends WHERE operation_id = $1 AND state = 'parked'", operation
    )
    return [row["friend_id"] for row in found]


async def heads() -> int:
    return sum(max(1, row["heads"]) for row in await engine.outgoing())


async def test_it_carries_out_a_parked_step_after_all_and_nobodys_twice(cache: configuration.Cache) -> None:
    scenario, people = await parked_step(cache)
    heap = await the_heap()
    assert (heap.kind, heap.id, heap.name, heap.friends, heap.error) == ("scenario", scenario, "案内", 1, "RaiseError")
    assert await heads() == 2
    await again()
    await run_steps(cache)
    assert await states() == ["finished"] * 3
    assert await heads() == 3
    assert await heaps.count() == 0
    sent = await database.rows("SELECT friend_id FROM deliveries ORDER BY friend_id")
    assert [row["friend_id"] for row in sent] == people


async def test_it_lets_a_friend_who_has_blocked_us_meanwhile_wait_for_the_return(cache: configuration.Cache) -> None:
    await parked_step(cache)
    await database.run("UPDATE friends SET blocked_us = true WHERE id = (SELECT min(id) FROM friends)")
    await again()
    assert await states() == ["paused", "finished", "finished"]
    await run_steps(cache)
    assert await heads() == 2


async def test_it_trusts_no_friend_into_being_written_to_who_has_blocked_us(cache: configuration.Cache) -> None:
    scenario, _ = await parked_step(cache)
    await database.run("UPDATE subscriptions SET error = 'restored' WHERE state = 'parked'")
    await database.run("UPDATE friends SET blocked_us = true WHERE id = (SELECT min(id) FROM friends)")
    await scenarios.trust(scenario)
    assert await states() == ["paused", "finished", "finished"]


async def test_it_says_how_many_steps_may_have_left_before_a_restore(cache: configuration.Cache) -> None:
    await parked_step(cache)
    await database.run("UPDATE subscriptions SET error = 'restored' WHERE state = 'parked'")
    assert (await the_heap()).doubted == 1


async def test_it_takes_the_friends_of_steps_that_are_cleared_away_off_and_puts_them_back(
    cache: configuration.Cache,
) -> None:
    await parked_step(cache)
    inverse = await clear()
    assert await states() == ["stopped", "finished", "finished"]
    assert await database.value("SELECT count(*) FROM friend_events WHERE kind = 'scenario_stopped'") == 1
    assert await heaps.count() == 0
    await take_back(inverse)
    assert (await the_heap()).error == "RaiseError"
    await again()
    await run_steps(cache)
    assert await heads() == 3


async def tagged(cache: configuration.Cache, entry: int | None = None) -> int:
    """An operation that has put a tag on all friends but one."""
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(3)
    action: list[dict[str, Any]] = [{"do": "tag_on", "tags": [tag]}]
    operation = await operations.begin(people, action, entry)
    async with faulty("friend_tags", people[0]):
        await run_operations(cache)
    return operation


async def test_it_does_an_operation_after_all_for_whom_it_has_left_out(cache: configuration.Cache) -> None:
    operation = await tagged(cache)
    heap = await the_heap()
    assert (heap.kind, heap.id, heap.friends, heap.running) == ("operation", operation, 1, False)
    await again()
    await run_operations(cache)
    assert await database.value("SELECT count(*) FROM friend_tags") == 3
    assert await database.row("SELECT state, done, total FROM operations") == {"state": "done", "done": 3, "total": 3}
    assert await heaps.count() == 0


async def test_it_repeats_nothing_of_an_operation_that_staff_have_taken_back(cache: configuration.Cache) -> None:
    async def written() -> int:
        entry = await audit.reserve()
        await audit.write(entry, None, "C1", await clock.now(), "tag.many", {}, "タグを付けた")
        return entry

    entry = await database.repeated(written)
    operation = await tagged(cache, entry)
    chosen = [await the_heap()]
    await audit.mark_undone(entry, None, await clock.now())
    assert await heaps.count() == 0

    async def late() -> None:
        await parked.again(chosen, await clock.now())

    await database.repeated(late)
    assert len(await left_out(operation)) == 1
    assert await operations.run_chunk(cache) is None


async def test_it_waits_for_the_end_of_an_operation_that_is_still_going_on(cache: configuration.Cache) -> None:
    operation = await tagged(cache)
    await database.run("UPDATE operations SET state = 'running'")
    assert (await the_heap()).running
    await again()
    assert len(await left_out(operation)) == 1


async def test_it_puts_back_whom_an_operation_was_to_leave_out(cache: configuration.Cache) -> None:
    operation = await tagged(cache)
    inverse = await clear()
    assert (await left_out(operation), await heaps.count()) == ([], 0)
    await take_back(inverse)
    assert len(await left_out(operation)) == 1


async def test_it_tells_staff_of_what_it_puts_aside_once_for_many(cache: configuration.Cache) -> None:
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ('C1', '会議', 'claimed', now())"
    )
    await tagged(cache)
    await database.run("DELETE FROM friends")
    await parked_step(cache)
    [notice] = await database.rows(
        "SELECT cause, state, convert_from(body, 'UTF8') AS body FROM outbox WHERE chat = 'C1'"
    )
    assert (notice["cause"], notice["state"]) == ("notice:parked", "waiting")
    assert "エラー 一覧" in notice["body"]
