"""The server's small doors: health, readiness, metrics, and the clock that exists in the sandbox only."""

import asyncio
import base64
import gzip
import hmac
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot import server, wiring
from tests.jobs import posting
from tests.simulator import control


@pytest.fixture
async def origin(house: wiring.House) -> AsyncIterator[str]:
    async with server.serving(house) as served:
        yield f"http://127.0.0.1:{served.port}"


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_it_says_that_it_lives_and_is_ready(origin: str, web: aiohttp.ClientSession) -> None:
    for path in ("/healthz", "/readyz"):
        async with web.get(origin + path) as answer:
            assert answer.status == 200


async def test_it_shows_metrics_to_this_machine_and_not_through_a_proxy(
    origin: str, web: aiohttp.ClientSession
) -> None:
    async with web.get(f"{origin}/metrics") as answer:
        assert answer.status == 200
        assert "ayumi_inbox_open 0.0" in await answer.text()
    async with web.get(f"{origin}/metrics", headers={"X-Forwarded-For": "203.0.113.9"}) as answer:
        assert answer.status == 403


async def test_it_counts_sends_by_their_end_and_how_late_they_start(
    house: wiring.House, origin: str, web: aiohttp.ClientSession, channel: control.Channel
) -> None:
    async def page() -> str:
        async with web.get(f"{origin}/metrics") as answer:
            return await answer.text()

    def number(name: str, shown: str) -> float:
        """0 before the first; other tests may have counted there already."""
        return next((float(line.split()[-1]) for line in shown.splitlines() if line.startswith(name)), 0.0)

    accepted = 'ayumi_sends_total{class="transactional",kind="push",outcome="accepted"}'
    late = 'ayumi_send_lateness_seconds_bucket{le="+Inf"}'
    async with asyncio.timeout(20):
        while "ayumi_send_lateness_seconds_count" not in (before := await page()):
            await asyncio.sleep(0.05)  # until Valkey has been reached
        await house.delivery.send_now([await posting.push((await channel.crowd(1))[0])])
        while number(accepted, shown := await page()) == number(accepted, before):
            await asyncio.sleep(0.05)
    assert number(accepted, shown) == number(accepted, before) + 1
    assert number(late, shown) == number(late, before) + 1
    for gauge in ("doubtful", "put_off", "oldest_seconds"):
        assert f"ayumi_outbox_{gauge} " in shown
    assert 'ayumi_outbox_failed{state="refused"} 0.0' in shown


async def test_it_unpacks_nothing_for_strangers(house: wiring.House, origin: str, web: aiohttp.ClientSession) -> None:
    body = b'{"destination":"x","events":[]}'
    secret = house.settings.line_channel_secret[0].encode()
    headers = {
        "Content-Encoding": "gzip",
        "X-Line-Signature": base64.b64encode(hmac.digest(secret, body, "sha256")).decode(),
    }
    async with web.post(f"{origin}/line/webhook", data=gzip.compress(body), headers=headers) as answer:
        assert answer.status == 401
    async with web.post(f"{origin}/line/webhook", data=b"no gzip at all", headers=headers) as answer:
        assert answer.status == 401


async def test_it_moves_the_sandbox_clock_only_for_whoever_knows_the_secret(
    origin: str, web: aiohttp.ClientSession
) -> None:
    async with web.post(f"{origin}/sandbox/clock", json={"op": "now"}, headers={"x-line-signature": "x"}) as answer:
        assert answer.status == 401


async def test_it_has_no_clock_to_move_when_line_is_real(house: wiring.House, web: aiohttp.ClientSession) -> None:
    real = wiring.House(
        house.settings.model_copy(update={"ayumi_sandbox": False}),
        house.line,
        house.cache,
        house.delivery,
        house.sender,
        house.lanes,
        house.waker,
        house.identity,
    )
    async with (
        server.serving(real) as served,
        web.post(f"http://127.0.0.1:{served.port}/sandbox/clock", json={"op": "now"}) as answer,
    ):
        assert answer.status == 404


async def test_it_goes_through_every_due_moment_on_the_way(bot: wiring.House, channel: control.Channel) -> None:
    from tests.jobs import engine

    steps = [
        engine.step(key, {"kind": "elapsed", "amount": amount, "unit": "hour"}, f"{amount}時間")
        for key, amount in (("a", 1), ("b", 5), ("c", 30))
    ]
    await engine.add_scenario("歩み", steps, start=[{"on": "follow"}])
    anna = await channel.user("杏奈")
    await anna.follow()
    began: datetime = await channel.now()
    await channel.advance(days=2)
    seen = await anna.sees_count(3)
    hours = [timedelta(milliseconds=one.at_ms - began.timestamp() * 1000) for one in seen]
    assert [round(one / timedelta(hours=1), 1) for one in hours] == [1.0, 5.0, 30.0]
