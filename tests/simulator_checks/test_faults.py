"""LINE's API goes wrong exactly where and when it is told to."""

import asyncio
from uuid import uuid4

import aiohttp
import pytest

from tests.simulator.control import Channel, Declined, User
from tests.simulator_checks.bots import Line, text


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("error_before", 503, "Internal server error"),
        ("rate_limit", 429, "The API rate limit has been exceeded. Try again later."),
        ("quota_limit", 429, "You have reached your monthly limit."),
        ("unauthorized", 401, "Authentication failed"),
        ("expired_token", 401, "Authentication failed due to the following reason: access token expired."),
        ("forbidden", 403, "Access to this API is not available for your account"),
        ("bad_request", 400, "Failed to send messages"),
    ],
)
async def test_it_refuses_the_next_calls_and_accepts_nothing(
    channel: Channel, line: Line, tanaka: User, kind: str, status: int, message: str
) -> None:
    await channel.fault(kind, "push", calls=2, status=503)
    assert (await line.get("/v2/bot/info")).status == 200
    for _ in range(2):
        answer = await line.push(tanaka.id, text())
        assert answer.status == status
        assert answer.message.startswith(message)
    assert await tanaka.seen() == []
    assert (await line.push(tanaka.id, text())).status == 200


async def test_it_spares_the_first_calls(channel: Channel, line: Line, tanaka: User) -> None:
    await channel.fault("rate_limit", "push", calls=2, spared=3)
    assert [(await line.push(tanaka.id, text())).status for _ in range(6)] == [200, 200, 200, 429, 429, 200]


async def test_it_resets_a_connection_before_acceptance(channel: Channel, line: Line, tanaka: User) -> None:
    await channel.fault("reset", "push")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await line.push(tanaka.id, text())
    assert await tanaka.seen() == []
    assert (await channel.calls())[-1]["status"] is None


async def test_it_accepts_and_says_500(channel: Channel, line: Line, tanaka: User) -> None:
    key = str(uuid4())
    await channel.fault("error_after", "push")
    assert (await line.push(tanaka.id, text(), key=key)).status == 500
    assert len(await tanaka.seen()) == 1
    assert (await line.push(tanaka.id, text(), key=key)).status == 409
    assert len(await tanaka.seen()) == 1


async def test_it_accepts_and_drops_the_line(channel: Channel, line: Line, tanaka: User) -> None:
    key = str(uuid4())
    await channel.fault("drop_after", "push")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await line.push(tanaka.id, text(), key=key)
    assert len(await tanaka.seen()) == 1
    assert (await line.push(tanaka.id, text(), key=key)).status == 409


async def test_it_takes_its_time(channel: Channel, line: Line, tanaka: User) -> None:
    await channel.fault("latency", latency_ms=150)
    await channel.fault("error_before", "push", status=502)
    loop = asyncio.get_running_loop()
    started = loop.time()
    assert (await line.push(tanaka.id, text())).status == 502
    assert loop.time() - started >= 0.15
    assert (await line.push(tanaka.id, text())).status == 200


async def test_it_holds_a_counted_call_before_acceptance(channel: Channel, line: Line, tanaka: User) -> None:
    stop = await channel.stop_at(2, "before")
    assert (await line.get("/v2/bot/info")).status == 200
    held = asyncio.create_task(line.push(tanaka.id, text()))
    reached = await stop.reached()
    assert reached is not None
    assert reached["endpoint"] == "push"
    assert not held.done()
    assert await tanaka.seen() == []
    await stop.release()
    assert (await held).status == 200
    assert len(await tanaka.seen()) == 1


async def test_it_holds_a_counted_call_after_acceptance(channel: Channel, line: Line, tanaka: User) -> None:
    stop = await channel.stop_next(1, "after")
    held = asyncio.create_task(line.push(tanaka.id, text()))
    assert await stop.reached() is not None
    assert len(await tanaka.seen()) == 1
    await stop.release("reset")
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await held


@pytest.mark.parametrize(("when", "seen"), [("before", 0), ("after", 1)])
async def test_it_accepts_nothing_more_of_a_client_killed_before(
    channel: Channel, line: Line, tanaka: User, when: str, seen: int
) -> None:
    stop = await channel.stop_next(1, when)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(channel.api_url.rsplit(":", 1)[1]))
    body = b'{"to":"%s","messages":[{"type":"text","text":"x"}]}' % tanaka.id.encode()
    head = "POST /v2/bot/message/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    rest = f"Authorization: Bearer {channel.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write((head + rest).encode() + body)
    assert await stop.reached() is not None
    writer.transport.abort()
    while not (await stop.reached(0.01) or {})["gone"]:
        pass
    await stop.release()
    while not await channel.calls("push"):
        pass
    assert len(await tanaka.seen()) == seen
    assert reader is not None


async def test_it_says_when_a_stop_is_not_reached(channel: Channel, line: Line) -> None:
    stop = await channel.stop_at(5)
    assert await stop.reached(0.05) is None
    await line.get("/v2/bot/info")
    with pytest.raises(Declined, match="made already"):
        await channel.stop_at(1)


async def test_it_forgets_all_faults_at_a_word(channel: Channel, line: Line, tanaka: User) -> None:
    await channel.fault("error_before", calls=100)
    await channel.stop_at(1)
    await channel.clear_faults()
    assert (await line.push(tanaka.id, text())).status == 200


async def test_it_knows_no_other_faults(channel: Channel) -> None:
    with pytest.raises(Declined, match="faults are"):
        await channel.fault("earthquake")


async def test_it_refuses_settings_of_the_wrong_kind(channel: Channel) -> None:
    for wrong in ({"rate_scale": "fast"}, {"redelivery": {"times": "three"}}, {"redelivery": 3}):
        with pytest.raises(Declined):
            await channel.change(**wrong)
