"""The pace that all processes have together: LINE never complains, whatever becomes of Valkey, and nothing stops."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio

from bot import embedded, line
from bot.embedded import valkey
from jobs import delivery, ports
from jobs.delivery import endpoints, tally
from storage import database
from storage.outbox import claims
from tests.conftest import Addresses
from tests.jobs import delivering, posting
from tests.simulator import control

SCALE = 0.05  # LINE takes 100 pushes a second, and a hundred at once
PACES = {"reply": 95.0, "push": 95.0, "multicast": 9.5}


@asynccontextmanager
async def near(url: str, name: str, count: int = 1) -> AsyncIterator[list[delivery.Shared]]:
    """So many processes that share their paces, and know of each other."""
    found = [delivery.Shared(url, f"{name}:") for _ in range(count)]
    async with AsyncExitStack() as stack:
        for one in found:
            one.start()
            stack.push_async_callback(one.stop)
            await until(lambda one=one: one.near)
        yield found


async def until(so: Any, seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not so():
            await asyncio.sleep(0.02)


async def until_accepted(count: int) -> None:
    async with asyncio.timeout(60):
        while await database.value("SELECT count(*) FROM outbox WHERE state = 'accepted'") < count:
            await asyncio.sleep(0.02)


@pytest.fixture
async def slow_line(db: str, simulator: control.Simulator) -> AsyncIterator[delivering.Stage]:
    channel = await simulator.new_channel(rate_scale=SCALE)
    async with delivering.open_stage(channel) as stage:
        yield stage
    await channel.close()


def process(stage: delivering.Stage, shared: delivery.Shared) -> delivery.Delivery:
    return delivery.Delivery(stage.line, delivering.TOKYO, delivery.Rules(paces=PACES), shared=shared)


async def write(stage: delivering.Stage, count: int, klass: str = "promotion") -> list[int]:
    users = await stage.channel.crowd(count)
    return [await posting.push(user, "お知らせ", klass=klass) for user in users]


async def test_it_keeps_lines_pace_with_several_processes_together(
    slow_line: delivering.Stage, addresses: Addresses
) -> None:
    rows = await write(slow_line, 300)
    async with near(addresses.redis_url, slow_line.channel.id, 3) as shared:
        await asyncio.gather(*(slow_line.work(process(slow_line, one)) for one in shared))
        assert all(one.near for one in shared)

    assert await posting.states(*rows[:3]) == ["accepted"] * 3
    assert await slow_line.statuses("push") == [200] * 300


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[embedded.Servers]:
    servers = embedded.start(tmp_path / "servers", durable=False)
    yield servers
    servers.cache.tell(signal.SIGCONT)
    servers.stop()


async def test_it_goes_on_at_lines_pace_whatever_becomes_of_valkey(
    slow_line: delivering.Stage, own_valkey: embedded.Servers
) -> None:
    await write(slow_line, 500)
    async with near(own_valkey.redis_url, "a", 2) as shared:
        await until(lambda: all(one.processes == 2 for one in shared))
        work = asyncio.gather(*(slow_line.work(process(slow_line, one)) for one in shared))
        await until_accepted(50)
        client = redis.asyncio.Redis.from_url(own_valkey.redis_url)
        await client.flushall()
        await client.aclose()
        await until_accepted(100)
        own_valkey.cache.tell(signal.SIGKILL)
        assert own_valkey.cache.popen is not None
        own_valkey.cache.popen.wait(10)
        await until(lambda: not any(one.near for one in shared))
        await until_accepted(200)
        own_valkey.cache = valkey.start(own_valkey.place, durable=False)
        await until(lambda: all(one.near for one in shared))
        await until_accepted(300)
        own_valkey.cache.tell(signal.SIGSTOP)
        await until(lambda: not any(one.near for one in shared))
        await until_accepted(400)
        own_valkey.cache.tell(signal.SIGCONT)
        await work

    assert await slow_line.statuses("push") == [200] * 500


async def test_it_sends_without_any_valkey(slow_line: delivering.Stage, tmp_path: Path) -> None:
    await write(slow_line, 20)
    nowhere = delivery.Shared(f"unix://{tmp_path}/none", "")
    nowhere.start()
    await slow_line.work(process(slow_line, nowhere))
    await nowhere.stop()
    assert await slow_line.statuses("push") == [200] * 20


async def test_it_slows_all_processes_down_when_line_complains_to_one(addresses: Addresses, db: str) -> None:
    async with near(addresses.redis_url, "complaint", 2) as (one, other):
        first = await other.take("push", 1000, 1000, urgent=True)
        assert first is not None
        assert (first.count, first.pace) == (50, 1000)
        await one.slower("push")
        await one.slower("push")  # the same complaint
        slowed = await other.take("push", 1000, 1000, urgent=True)
        assert slowed is not None
        assert 500 <= slowed.pace < 1000
        assert slowed.count < 50
        elsewhere = await other.take("multicast", 1000, 1000, urgent=True)
        assert elsewhere is not None
        assert elsewhere.pace == 1000


async def test_it_gives_urgent_calls_a_place_before_promotions_that_wait(addresses: Addresses, db: str) -> None:
    async with near(addresses.redis_url, "urgent", 2) as (one, other):
        shares = [await one.take("push", 10, 100, urgent=True) for _ in range(5)]
        assert [share.count if share else None for share in shares] == [1] * 5
        promotion = await other.take("push", 10, 100, urgent=False)
        urgent = await other.take("push", 10, 100, urgent=True)
        assert promotion is not None
        assert urgent is not None
        assert promotion.count == 0
        assert promotion.wait > 0
        assert urgent.count == 1
        assert urgent.using == 2


async def test_it_lets_an_urgent_call_go_that_comes_while_a_promotion_waits_for_its_place(
    addresses: Addresses, db: str, channel: control.Channel
) -> None:
    """Others keep the line too long for promotions all the time."""
    async with near(addresses.redis_url, "hurry", 2) as (one, other), delivering.open_stage(channel) as stage:
        endpoint = endpoints.Endpoint("push", 10, 5, one)
        user = await stage.friend()

        async def others() -> None:
            while True:
                share = await other.take("push", 10, 1, urgent=True)
                await asyncio.sleep(0.02 if share and share.wait < 1 else 0.2)

        filling = asyncio.create_task(others())
        try:
            await asyncio.sleep(0.2)  # the line has some places
            waiting = None
            for klass in ("promotion", "transactional"):
                await posting.push(user.id, klass, klass=klass)
                rows = await claims.claim(posting.ZONE, {"push": 1}, claims.Leases(60, 60))
                endpoint.add(rows, 0.0)
                waiting = waiting or asyncio.create_task(endpoint.turn())
                await asyncio.sleep(0.3)  # it has asked, and sleeps until the line may be short
            assert waiting is not None
            async with asyncio.timeout(20):
                await waiting
        finally:
            filling.cancel()
        assert endpoint.first()[0].klass == "transactional"


async def test_it_lets_a_call_go_once_more_though_nothing_waits_behind_it(
    addresses: Addresses, db: str, channel: control.Channel
) -> None:
    async with near(addresses.redis_url, "again") as [shared], delivering.open_stage(channel) as stage:
        user = await stage.friend()
        await posting.push(user.id, "お知らせ", klass="promotion")
        [row] = await claims.claim(posting.ZONE, {"push": 1}, claims.Leases(60, 60))
        async with asyncio.timeout(20):
            await endpoints.Endpoint("push", 10, 5, shared).turn_again(row)


async def test_it_asks_for_names_no_faster_than_line_takes(
    simulator: control.Simulator, addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "PACES", {"validate": 95.0, "profile": 95.0})
    channel = await simulator.new_channel(rate_scale=SCALE)
    users = await channel.crowd(90)
    async with (
        near(addresses.redis_url, channel.id, 2) as (one, other),
        line.Client(channel.api_url, channel.token, shared=one) as first,
        line.Client(channel.api_url, channel.token, shared=other) as second,
    ):
        asked = [client.profile(user) for client in (first, second) for user in users]
        assert {type(found) for found in await asyncio.gather(*asked)} == {ports.Profile}
    await channel.close()


async def test_it_asks_for_names_slower_everywhere_when_line_complains(
    channel: control.Channel, addresses: Addresses
) -> None:
    user = await channel.user("田中")
    await channel.fault("rate_limit", "profile", calls=1)
    async with (
        near(addresses.redis_url, channel.id, 2) as (one, other),
        line.Client(channel.api_url, channel.token, shared=one) as client,
    ):
        with pytest.raises(ports.Later):
            await client.profile(user.id)
        share = await other.take("profile", 1_900, 1, urgent=True)
    assert share is not None
    assert share.pace < 1_900


async def test_it_counts_what_all_processes_have_sent(slow_line: delivering.Stage, addresses: Addresses) -> None:
    rows = await write(slow_line, 6, "transactional")
    await slow_line.channel.fault("error_after", "push", calls=1)
    async with near(addresses.redis_url, slow_line.channel.id, 2) as (one, other):
        await process(slow_line, one).send_now(rows[:3])
        await process(slow_line, other).send_now(rows[3:])
        await posting.waited(0)
        await slow_line.work(process(slow_line, one))
    async with near(addresses.redis_url, slow_line.channel.id) as (reader,):
        told = await reader.told()

    assert told is not None
    assert told.sends == {("push", "transactional", "accepted"): 6, ("push", "transactional", "ambiguous"): 1}
    assert told.retries == {"push": 1}
    assert sum(told.late) == 6


def test_it_reads_counts_by_their_names_and_passes_over_others() -> None:
    told = tally.told({"sends:push:staff:refused": 2, "late:0": 4, "late:9": 1, "late_ms": 1500, "other": 7})
    assert told.sends == {("push", "staff", "refused"): 2}
    assert told.late == [4, *[0] * 8, 1]
    assert told.late_sum == 1.5


async def test_it_ends_at_once_wherever_it_was(addresses: Addresses) -> None:
    async with asyncio.timeout(30):
        for place in range(60):
            shared = delivery.Shared(addresses.redis_url, "ends:")
            shared.start()
            await asyncio.sleep(place % 6 * 0.001)  # a moment of its first talk with Valkey
            await shared.stop()
