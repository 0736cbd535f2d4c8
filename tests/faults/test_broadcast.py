"""LINE, Valkey, audience or clock change in the middle of a broadcast: everybody meant gets it once, nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from storage import database, quota
from tests.faults import broadcast, rounds, scenes
from tests.faults import house as houses
from tests.faults.points import EVERY, Point
from tests.faults.stores import Stores
from tests.faults.test_calls import TROUBLE
from tests.simulator import control

pytestmark = pytest.mark.faults

ZONE = "Asia/Tokyo"
SECOND_CALL = Point(broadcast.NAME, "", "line", "before", 2)
SOON = 30.0  # seconds
ONE_LEFT = """
SELECT (SELECT count(*) FROM outbox WHERE state IN ('open', 'sending')) = 1 AND (SELECT done FROM operations) = $1
"""
PAUSED = "SELECT count(*) FROM pauses WHERE scope = $1"


async def until(sql: str, *arguments: object) -> None:
    """Until the database counts something."""
    async with asyncio.timeout(SOON):
        while not await database.value(sql, *arguments):
            await asyncio.sleep(houses.LOOK)


@pytest.mark.parametrize("kind", [*TROUBLE, "each in turn"] if EVERY else ["each in turn"])
async def test_it_sends_a_broadcast_exactly_once_though_line_fails(
    stores: Stores, channel: control.Channel, tmp_path: Path, kind: str
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)
        for one in TROUBLE if kind == "each in turn" else [kind]:
            await channel.fault(one, "multicast", calls=1)
            await channel.fault(one, "push", calls=4)
        await rounds.play(house, scene)
        assert not await database.rows(scenes.UNKNOWN), "every doubt could be removed"


@pytest.mark.skipif(not EVERY, reason="waits for ten seconds of real time; runs with --faults")
@pytest.mark.parametrize("when", ["before", "after"])
async def test_it_sends_a_broadcast_exactly_once_though_line_does_not_answer(
    stores: Stores, channel: control.Channel, tmp_path: Path, when: str
) -> None:
    """The call's time runs out, before or after LINE has taken it."""
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)

        async def wait() -> None:
            await until("SELECT count(*) FROM outbox WHERE ambiguous_at IS NOT NULL")
            await house.let_go()

        assert await rounds.interrupt(house, scene, Point(broadcast.NAME, "", "line", when, 2), wait)


@pytest.mark.parametrize("kind", ["rate_limit", "latency"])
async def test_it_sends_a_broadcast_exactly_once_though_line_is_slow_or_complains(
    stores: Stores, channel: control.Channel, tmp_path: Path, kind: str
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)
        await channel.fault(kind, "multicast", calls=2, latency_ms=2_000)
        await channel.fault(kind, "push", calls=3, latency_ms=2_000)
        await rounds.play(house, scene)


async def test_it_waits_with_the_rest_of_a_broadcast_for_which_the_month_is_used_up(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)
        await channel.fault("quota_limit", "multicast", calls=1, spared=1)
        house.gate.begin()
        await scene.begin(house)
        await until(PAUSED, "quota:promotion")
        assert await channel.used() < scene.cost
        notice = "SELECT count(*) FROM outbox WHERE cause = 'notice:quota:promotion'"
        assert await database.value(notice) == 1, "staff are told"
        await database.repeated(lambda: quota.record(ZONE, 1_000_000, 0))
        await house.done(scene.enough)
        await scenes.check(house, scene)


async def test_it_leaves_out_the_one_recipient_line_refuses_and_reaches_all_others(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)
        victim = next(iter(scene.expected))
        await database.run("UPDATE friends SET line_user_id = 'not a user id' WHERE line_user_id = $1", victim)
        await scene.begin(house)
        await house.done(scene.enough)
        everybody = scene.expected.keys() - {victim}
        assert await seen(channel) == dict.fromkeys(everybody, 1)
        refused = await database.rows("SELECT recipients FROM outbox WHERE state = 'refused'")
        assert [row["recipients"] for row in refused] == [["not a user id"]]
        assert await database.value("SELECT sum(used) FROM quota_months") == len(everybody) == await channel.used()


async def test_it_goes_on_with_a_broadcast_after_an_outage_of_half_an_hour(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)
        for endpoint in ("multicast", "push"):
            await channel.fault("error_before", endpoint, calls=100_000, status=503)
        house.gate.begin()
        await scene.begin(house)
        await until("SELECT count(*) FROM outbox WHERE ambiguous_at IS NOT NULL")
        for _ in range(6):
            await house.pass_time(5 * 60)
            await asyncio.sleep(houses.QUIET)  # somebody may try
        assert not await seen(channel)
        await channel.clear_faults()
        await house.done(scene.enough)
        await scenes.check(house, scene)


async def new_friends(house: houses.House, _: scenes.Scene) -> None:
    """Some are new, and some who were left out would be meant now."""
    people = await house.channel.crowd(50, prefix="新")
    await database.run(
        "INSERT INTO friends (line_user_id, following, created_at) SELECT u, true, now() FROM unnest($1::text[]) u",
        people,
    )
    await database.run("UPDATE friends SET hidden = false, is_test = false")


async def clock_back(_: houses.House, __: scenes.Scene) -> None:
    await database.run("UPDATE account SET clock_offset_us = clock_offset_us - 3600000000")


async def empty_queue(house: houses.House, _: scenes.Scene) -> None:
    await house.stores.empty_valkey()


@pytest.mark.parametrize("deed", [new_friends, clock_back, empty_queue])
async def test_it_sends_a_broadcast_to_those_it_was_begun_for_whatever_changes_meanwhile(
    stores: Stores,
    channel: control.Channel,
    tmp_path: Path,
    deed: Callable[[houses.House, scenes.Scene], Awaitable[None]],
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)

        async def change() -> None:
            await deed(house, scene)
            await house.let_go()

        assert await rounds.interrupt(house, scene, SECOND_CALL, change)


async def test_it_sends_a_broadcast_to_nobody_who_blocks_before_the_call(
    stores: Stores, channel: control.Channel, tmp_path: Path
) -> None:
    async with houses.house(stores, channel, tmp_path) as house:
        scene = await rounds.prepare(house, broadcast.NAME)
        house.gate.begin()
        house.stop = await channel.stop_next(1, "before")
        await scene.begin(house)
        assert await house.stop.reached(rounds.REACHED_WITHIN) is not None
        await until(ONE_LEFT, scene.cost)  # all the other calls have begun with it, and have ended
        gone = list(scene.expected.keys() - await seen(channel))[: broadcast.NAMED]
        assert gone
        await channel.all_do(gone, "block")
        await until("SELECT count(*) = $1 FROM friends WHERE blocked_us", len(gone) + broadcast.LEFT_OUT["blocked_us"])
        await house.let_go()
        await house.done(scene.enough)
        assert await seen(channel) == dict.fromkeys(scene.expected.keys() - set(gone), 1)


async def seen(channel: control.Channel) -> dict[str, int]:
    return {user: count for user, count in (await channel.received()).items() if count}
