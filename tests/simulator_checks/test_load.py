"""Load: the short way for sends answers as the long one does, and however calls go wrong, the ledger is exact."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
import pytest

from tests.load import _pushing
from tests.simulator import control
from tests.simulator.control import Channel
from tests.simulator_checks.bots import Json

STRANGER = "U" + "0" * 32
FAULTS = ("error_after", "drop_after", "error_before", "reset", "rate_limit")


class Wire:
    """One connection, written by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, channel: Channel) -> None:
        self.reader = reader
        self.writer = writer
        self.channel = channel

    def request(self, path: str, body: bytes | Json, *headers: str, method: str = "POST") -> bytes:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: line",
            f"Authorization: Bearer {self.channel.token}",
            f"content-length: {len(raw)}",
            *(headers or ("Content-Type: application/json",)),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + raw

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")[1:-2]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return int(head.split()[1]), headers, await self.reader.readexactly(int(headers["content-length"]))

    async def ask(self, path: str, body: bytes | Json, *headers: str) -> tuple[int, dict[str, str], bytes]:
        self.writer.write(self.request(path, body, *headers))
        return await self.answer()

    async def take_the_long_way(self) -> None:
        """After a request that is none of the sends all go through aiohttp."""
        self.writer.write(self.request("/v2/bot/info", b"", method="GET"))
        assert (await self.answer())[0] == 200


async def open_wire(channel: Channel) -> Wire:
    parts = urlsplit(channel.api_url)
    return Wire(*await asyncio.open_connection(parts.hostname, parts.port), channel)


@pytest.fixture
async def load(simulator: control.Simulator) -> AsyncIterator[Channel]:
    channel = await simulator.new_channel(load=True, rate_scale=None, quota=1_000)
    yield channel
    await channel.close()


@pytest.fixture
async def line(load: Channel) -> AsyncIterator[Wire]:
    line = await open_wire(load)
    yield line
    line.writer.close()


@pytest.fixture
async def long(load: Channel) -> AsyncIterator[Wire]:
    long = await open_wire(load)
    await long.take_the_long_way()
    yield long
    long.writer.close()


def push(user: str) -> Json:
    return {"to": user, "messages": [{"type": "text", "text": "おはよう"}, {"type": "audio", "duration": 1}]}


def without_ids(answer: tuple[int, dict[str, str], bytes]) -> tuple[int, set[str], bytes]:
    status, headers, body = answer
    numbers = re.sub(rb'"id":"\d+"(,"quoteToken":"q3\d+T\w+")?', rb'"id":0\1' if b"quoteToken" in body else b"", body)
    return status, headers.keys() - {"date", "server"}, re.sub(rb"q3\d+T", b"q3", numbers)


async def test_it_answers_the_short_way_as_the_long_way(load: Channel, line: Wire, long: Wire) -> None:
    [user] = await load.crowd(1)
    short = line
    json, path = "Content-Type: application/json", "/v2/bot/message/push"
    cases: list[tuple[str, bytes | Json, tuple[str, ...]]] = [
        (path, push(user), ()),
        (path, push(STRANGER), ()),
        (path, push("somebody"), ()),
        (path, b"{", ()),
        (path, b"[]", ()),
        (path, {"to": user}, ()),
        (path, push(user), ("Content-Type: text/plain",)),
        (path, push(user), (json, "X-Line-Retry-Key: no-uuid")),
        ("/v2/bot/message/multicast", push(user) | {"to": [user, STRANGER]}, ()),
        ("/v2/bot/message/multicast", push(user) | {"to": []}, ()),
        ("/v2/bot/message/reply", {"replyToken": "x", "messages": []}, ()),
        ("/v2/bot/message/reply", {"replyToken": "x", "messages": []}, (json, f"X-Line-Retry-Key: {uuid4()}")),
    ]
    for where, body, headers in cases:
        one, other = await short.ask(where, body, *headers), await long.ask(where, body, *headers)
        assert without_ids(one) == without_ids(other), (where, body)
    key = f"x-line-retry-key: {uuid4()}"
    first = await short.ask(path, push(user), json, key)
    again, other = await short.ask(path, push(user), json, key), await long.ask(path, push(user), json, key)
    assert (again[0], again[2]) == (409, other[2])
    assert again[1]["x-line-accepted-request-id"] == other[1]["x-line-accepted-request-id"]
    assert again[1]["x-line-accepted-request-id"] == first[1]["x-line-request-id"]
    await load.change(quota=0)
    one, other = await short.ask(path, push(user)), await long.ask(path, push(user))
    assert one[0] == 429
    assert without_ids(one) == without_ids(other)
    # what leaves the short way is answered all the same, on the same connection
    big = b" " * (2 * 1024 * 1024 + 1)
    assert (await short.ask(path, big))[0] == 413
    assert (await short.ask(path, push(user)))[0] == 429


async def test_it_reads_sends_in_pieces_and_several_at_once(load: Channel, line: Wire) -> None:
    [user] = await load.crowd(1)
    whole = line.request("/v2/bot/message/push", push(user))
    for byte in range(0, len(whole), 7):
        line.writer.write(whole[byte : byte + 7])
        await line.writer.drain()
        await asyncio.sleep(0)
    assert (await line.answer())[0] == 200
    line.writer.write(whole + whole + whole[:40])
    assert [(await line.answer())[0], (await line.answer())[0]] == [200, 200]
    line.writer.write(whole[40:])
    assert (await line.answer())[0] == 200
    line.writer.write(whole + line.request("/v2/bot/info", b"", method="GET") + whole)
    assert [(await line.answer())[0] for _ in range(3)] == [200] * 3
    assert (await load.received())[user] == 2 * 6


@pytest.mark.parametrize(
    "start", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01", b"POST /v2/bot/message/pull "]
)
async def test_it_leaves_everything_else_to_the_long_way(line: Wire, start: bytes) -> None:
    line.writer.write(start)
    if start.startswith(b"POST"):
        line.writer.write(b"HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    head = await line.reader.readuntil(b"\r\n")
    assert head.split()[1] in (b"400", b"401", b"404")


async def test_it_takes_chunked_sends(load: Channel, line: Wire) -> None:
    [user] = await load.crowd(1)
    raw = orjson.dumps(push(user))
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(raw), raw)
    head = line.request("/v2/bot/message/push", b"", "Content-Type: application/json", "Transfer-Encoding: chunked")
    line.writer.write(head.replace(b"content-length: 0\r\n", b"") + chunked)
    assert (await line.answer())[0] == 200
    assert (await load.received())[user] == 2


@pytest.mark.parametrize(("kept", "users", "sends"), [(False, 2_000, 20_000), (True, 500, 3_000)])
async def test_it_ends_a_troubled_load_with_an_exact_ledger(
    simulator: control.Simulator, kept: bool, users: int, sends: int
) -> None:
    """Concurrent pushes with retry keys; calls are refused, cut, and answered 500 after they were accepted."""
    channel = await simulator.new_channel(load=not kept, rate_scale=None)
    people = await channel.crowd(users)
    wanted = _pushing.plan(people, sends)
    expected = Counter(user for user, _ in wanted.waiting)
    running = asyncio.create_task(_pushing.push_all(channel.api_url, channel.token, wanted, 40))
    for round_ in range(1, 11):
        while not running.done() and (await channel.counts())["calls"] < round_ * sends // 12:
            await asyncio.sleep(0.01)
        for kind in FAULTS:
            await channel.fault(kind, "push", calls=10)
    await running
    assert await channel.received() == expected
    counts = await channel.counts()
    assert counts["used"] == sends
    assert (counts["counts"]["delivered"], counts["counts"]["undelivered"]) == (sends, 0)
    assert counts["calls"] == sum(wanted.answers.values())
    answered = {status: counts["counts"].get(f"push {status or 'cut'}", 0) for status in wanted.answers}
    assert answered == wanted.answers
    assert {0, 200, 409, 429, 500} == wanted.answers.keys()
    if kept:
        assert Counter(one.chat for one in await channel.deliveries()) == expected
        assert len({one.retry_key for one in await channel.deliveries()}) == sends
    await channel.close()
