"""Deeds on many friends: each friend once, whatever fails, whoever else works, and nobody waits in vain."""

import asyncio
import contextvars
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from jobs import configuration, operations
from storage import database, friends
from storage import operations as deeds
from tests.jobs import engine
from tests.jobs.elsewhere import held, somebody_waits

pytestmark = pytest.mark.usefixtures("db")

NOW = {"kind": "immediate"}


@pytest.fixture
def cache() -> configuration.Cache:
    return configuration.Cache(engine.TOKYO)


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


async def ends(operation: int) -> list[dict[str, Any]]:
    return await database.rows(
        "SELECT friend_id AS friend, state FROM operation_friends WHERE operation_id = $1 ORDER BY 1", operation
    )


async def run_all(cache: configuration.Cache) -> None:
    while await operations.run_chunk(cache) is not None:
        pass


async def test_it_leaves_out_the_one_friend_at_fault_and_does_the_others(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(5)
    operation = await operations.begin(people, [{"do": "tag_on", "tags": [tag]}], None)
    async with faulty(people[2]):
        await run_all(cache)
    assert [one["state"] for one in await ends(operation)] == ["done", "done", "parked", "done", "done"]
    assert await database.value("SELECT state FROM operations") == "done"
    assert await database.value("SELECT count(*) FROM friend_tags") == 4


async def test_it_does_nobody_twice_whom_another_worker_has_done_meanwhile(cache: configuration.Cache) -> None:
    """A set that failed has let its friends go before its halves are tried."""
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(4)
    scenario = await engine.add_scenario("A", [engine.step("a", NOW, "一通目")])
    action: list[dict[str, Any]] = [
        {"do": "scenario_start", "scenario": scenario, "by_hand": True},
        {"do": "tag_on", "tags": [tag]},
    ]
    operation = await operations.begin(people, action, None)
    async with faulty(people[3]):
        first, second = asyncio.create_task(operations.run_chunk(cache)), asyncio.create_task(run_all(cache))
        await asyncio.gather(first, second)
        await run_all(cache)
    assert [one["state"] for one in await ends(operation)] == ["done", "done", "done", "parked"]
    assert await database.value("SELECT count(*) FROM subscriptions") == 3


async def test_it_asks_who_is_left_after_it_has_the_locks_again(cache: configuration.Cache) -> None:
    """Between a set that failed and its halves another worker may have done some of them."""
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(4)
    operation = await operations.begin(people, [{"do": "tag_on", "tags": [tag]}], None)
    await database.run(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7);"
        f" IF NEW.friend_id = {people[3]} THEN RAISE 'broken'; END IF; RETURN NEW; END $$"
    )
    await database.run("CREATE TRIGGER fault BEFORE INSERT ON friend_tags FOR EACH ROW EXECUTE FUNCTION fault()")

    async def another_worker() -> None:
        """Its lock on the table queues behind the failing set's, so that it comes before the halves."""
        async with database.transaction():
            await database.run("LOCK TABLE friends IN EXCLUSIVE MODE")
            await friends.lock(people[:1])
            await deeds.done(operation, people[:1])

    try:
        async with held(lambda: database.run("SELECT pg_advisory_xact_lock(7)")):
            chunk = asyncio.create_task(operations.run_chunk(cache))
            await somebody_waits(1)
            other = asyncio.create_task(another_worker())
            await somebody_waits(2)
        await asyncio.gather(chunk, other)
    finally:
        await database.run("DROP FUNCTION fault CASCADE")
    assert [one["state"] for one in await ends(operation)] == ["done", "done", "done", "parked"]
    tagged = await database.rows("SELECT friend_id AS friend FROM friend_tags ORDER BY 1")
    assert [one["friend"] for one in tagged] == people[1:3]


async def test_it_looks_whether_it_has_been_stopped_after_its_locks(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(2)
    operation = await operations.begin(people, [{"do": "tag_on", "tags": [tag]}], None)
    now = await database.value("SELECT now()")
    async with held(lambda: deeds.stop(operation, now)):
        chunk = asyncio.create_task(operations.run_chunk(cache))
        await somebody_waits()
    assert await chunk == []
    assert await database.value("SELECT count(*) FROM friend_tags") == 0
    assert [one["state"] for one in await ends(operation)] == ["open", "open"]


async def test_it_rests_while_others_hold_the_friends_that_are_left(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(2)
    await operations.begin(people, [{"do": "tag_on", "tags": [tag]}], None)
    async with database.transaction():
        await friends.lock(people)
        elsewhere = contextvars.Context()  # another worker's connection
        assert await asyncio.create_task(operations.run_chunk(cache), context=elsewhere) is None
    assert await operations.run_chunk(cache) == []
    assert await operations.run_chunk(cache) == []
    assert await operations.run_chunk(cache) is None
    assert await database.value("SELECT state FROM operations") == "done"


async def test_it_starts_nothing_when_a_deed_is_taken_back(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("VIP")
    [friend] = await engine.add_friends(1)
    await engine.add_scenario("A", [engine.step("a", NOW, "一通目")], start=[{"on": "tag", "tag": tag}])
    await operations.begin([friend], [{"do": "tag_on", "tags": [tag], "quietly": True}], None)
    await run_all(cache)
    assert await database.value("SELECT count(*) FROM friend_tags") == 1
    assert await engine.outgoing() == []


async def test_it_counts_nobody_done_after_a_stop(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(2)
    operation = await operations.begin(people, [{"do": "tag_on", "tags": [tag]}], None)
    assert await deeds.stop(operation, await database.value("SELECT now()")) == 2
    assert await operations.run_chunk(cache) is None
    assert await database.value("SELECT count(*) FROM friend_tags") == 0


async def test_it_lets_no_small_deed_wait_until_a_large_one_is_over(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(operations.CHUNK + 3)
    large = await operations.begin(people, [{"do": "tag_on", "tags": [tag]}], None)
    assert await operations.run_chunk(cache) == []
    small = await operations.begin(people[:2], [{"do": "tag_off", "tags": [tag]}], None)
    await operations.run_chunk(cache)
    assert {one["state"] for one in await ends(small)} == {"done"}
    assert [one["state"] for one in await ends(large)].count("open") == 3


async def test_it_works_on_another_deed_while_somebody_holds_the_friends_of_one(cache: configuration.Cache) -> None:
    tag = await engine.add_tag("VIP")
    people = await engine.add_friends(4)
    kept_waiting = await operations.begin(people[:2], [{"do": "tag_on", "tags": [tag]}], None)
    other = await operations.begin(people[2:], [{"do": "tag_on", "tags": [tag]}], None)
    async with held(lambda: friends.lock(people[:2])):
        assert await operations.run_chunk(cache) == []
    assert {one["state"] for one in await ends(other)} == {"done"}
    assert {one["state"] for one in await ends(kept_waiting)} == {"open"}
