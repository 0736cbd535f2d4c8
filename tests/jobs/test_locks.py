"""Locks: who waits for whom, who passes whom, and who keeps nobody waiting for ever."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot import wiring
from storage import clock, database, friends, scenarios
from tests.jobs import engine
from tests.jobs.elsewhere import held, somebody_waits
from tests.simulator import control


async def free() -> list[int]:
    """The friends nobody has locked at this moment."""
    found = await database.rows("SELECT id FROM friends FOR NO KEY UPDATE SKIP LOCKED")
    return sorted(row["id"] for row in found)


async def test_two_sets_of_the_same_friends_in_other_orders_never_block_each_other(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 3: friends are locked by id, however they are named and wherever their rows lie."""
    for way in ("enable_indexscan", "enable_bitmapscan"):
        monkeypatch.setitem(database.SESSION, way, "off")  # the table is read as it lies on the disk
    await database.disconnect()
    await database.connect(db)
    first, second, third = await engine.add_friends(3)
    await database.run("UPDATE friends SET line_name = 'いま最後の行' WHERE id = $1", first)

    async def lock() -> None:
        async with database.transaction():
            await friends.lock([third, second, first])

    async with held(lambda: friends.lock([second])):
        waiting = asyncio.create_task(lock())
        await somebody_waits()
        assert await free() == [third]
    await waiting


async def test_a_second_worker_finds_what_the_first_has_not_taken(db: str) -> None:
    """Rule 9: the limit counts friends locked, not rows looked at."""
    people = await engine.add_friends(5)
    scenario = await engine.add_scenario(
        "案内", [engine.step("a", {"kind": "elapsed", "amount": 1, "unit": "hour"}, "一")]
    )
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at)"
        f" SELECT f.id, s.id, s.live_version_id, 'active', 0, {clock.NOW}, now() FROM friends f, scenarios s"
    )
    taken: list[int] = []

    async def take() -> None:
        taken.extend(await scenarios.claim_due(scenario, 2))

    async with held(take):
        async with database.transaction():
            others = list(await scenarios.claim_due(scenario, 2))
        assert len(taken) == len(others) == 2
        assert set(taken).isdisjoint(others)
        assert set(taken + others) <= set(people)


async def test_a_frozen_process_keeps_nobody_locked(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 1: the database ends a transaction whose process has gone silent."""
    patience = await database.value("SELECT current_setting('idle_in_transaction_session_timeout')")
    assert patience == "20s"
    monkeypatch.setitem(database.SESSION, "idle_in_transaction_session_timeout", "300")
    await database.disconnect()
    await database.connect(db)
    [friend] = await engine.add_friends(1)
    locked: list[int] = []

    async def lock() -> None:
        async with held(lambda: friends.lock([friend])), asyncio.timeout(10), database.transaction():
            locked.extend(await friends.lock([friend]))

    with pytest.raises(ExceptionGroup, match="unhandled"):  # what the silent one finds when it wakes up
        await lock()
    assert locked == [friend]


async def test_waiting_lanes_do_not_stall_the_webhook(bot: wiring.House, channel: control.Channel) -> None:
    """Rule 6: every connection of the lanes is taken, and LINE gets its 200 all the same."""
    anna = await channel.user("杏奈")
    async with AsyncExitStack() as stack:
        for _ in range(wiring.POOL):
            await stack.enter_async_context(held(lambda: database.run("SELECT 1")))
        assert (await anna.follow()).status == 200
    await bot.lanes.settle()
    assert await database.value("SELECT count(*) FROM friends") == 1
