"""`./ayumi bench webhook`: durable acknowledgement against a server that checks the signature and stores nothing."""

import argparse
import asyncio
import hmac
import os
import random
import signal
import statistics
import sys
import time
from asyncio.subprocess import PIPE, Process
from base64 import b64encode
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import orjson
from aiohttp import web

from bot import memory, webhook
from storage import database

SECRET = "0123456789abcdef0123456789abcdef"
BOT = "U" + "b" * 32
NAME = "ayumi_bench_webhook"
GOAL, GOAL_P99 = 0.80, 10.0
MANY = 3_000  # acknowledgements before the kill


@dataclass(frozen=True, slots=True)
class Round:
    """One run of requests against one server: a rate per second, milliseconds, and the server's CPU microseconds."""

    rate: float
    p50: float
    p99: float
    worst: float
    cpu: float
    acknowledged: list[str]
    refused: int


@dataclass(frozen=True, slots=True)
class Server:
    process: Process
    port: int


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench webhook", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=15_000, help="requests per round")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--serve", choices=("ours", "bare"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.serve:
        await serve(given.serve)
    else:
        await measure(given.rounds, given.requests, given.connections)


async def measure(rounds: int, requests: int, connections: int) -> None:
    url = await make_database()
    print(f"one commit alone takes {await commit_time(url):.1f} ms here, and {connections} connections wait for theirs")
    ours: list[Round] = []
    bare: list[Round] = []
    async with served("ours", url) as our_server, served("bare", url) as bare_server:
        for number in range(rounds + 1):
            events = [made(f"{number:02}{index:08}") for index in range(requests if number else 2_000)]
            for server, results in ((bare_server, bare), (our_server, ours)):
                results.append(await run(server.port, events, connections))
            await check(ours[-1], url)
        del ours[0], bare[0]  # the first, shorter one warms both up
        show(ours, bare, connections)
        await kill_amid(our_server, connections, url)


def show(ours: list[Round], bare: list[Round], connections: int) -> None:
    print(f"{connections} connections, {len(ours)} interleaved rounds of {len(ours[0].acknowledged)} requests each")
    print(f"{'':34}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}{'CPU us/req':>12}")
    for name, results in (("aiohttp + HMAC, stores nothing", bare), ("Ayumi, durable", ours)):
        for result in results:
            print(row("  a round", result.rate, result.p50, result.p99, result.worst, result.cpu))
        print(row(name, *(median(results, part) for part in ("rate", "p50", "p99", "worst", "cpu"))))
    ratio = statistics.median(one.rate / other.rate for one, other in zip(ours, bare, strict=True))
    spent = statistics.median(other.cpu / one.cpu for one, other in zip(ours, bare, strict=True))
    p99 = median(ours, "p99")
    print(f"ratio of rates (median of the rounds' ratios): {ratio:.2f}, goal >= {GOAL:.2f}: {met(ratio >= GOAL)}")
    print(f"ratio of requests per CPU second of the server's process: {spent:.2f}")
    print(f"p99: {p99:.1f} ms, goal <= {GOAL_P99:.0f} ms: {met(p99 <= GOAL_P99)}")
    stored = sum(len(one.acknowledged) for one in ours)
    print(f"acknowledged: {stored}, missing from the table: 0")


def row(name: str, rate: float, p50: float, p99: float, worst: float, cpu: float) -> str:
    return f"{name:34}{rate:9.0f}{p50:9.2f}{p99:9.2f}{worst:9.1f}{cpu:12.0f}"


def median(results: list[Round], part: str) -> float:
    return float(statistics.median(getattr(one, part) for one in results))


def met(reached: bool) -> str:
    return "met" if reached else "NOT met"


# The servers


async def make_database() -> str:
    server = os.environ["AYUMI_TEST_DATABASE_URL"]
    await database.connect(server, pool=1)
    await database.run(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    await database.run(f"CREATE DATABASE {NAME}")
    fsync = await database.value("SHOW fsync")
    await database.disconnect()
    print(f"PostgreSQL with fsync {fsync}")
    url = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    await database.migrate(url)
    return url


async def commit_time(url: str) -> float:
    """The median of single commits in milliseconds: mostly how long the disk takes to be sure."""
    await database.connect(url, pool=1)
    took = []
    for _ in range(50):
        began = time.perf_counter()
        await database.run("UPDATE account SET heartbeat_at = clock_timestamp()")
        took.append(1000 * (time.perf_counter() - began))
    await database.disconnect()
    return statistics.median(took)


@asynccontextmanager
async def served(which: str, url: str) -> AsyncIterator[Server]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.load.webhook", "--serve", which),
        stdout=PIPE,
        env=os.environ | {"AYUMI_TEST_DATABASE_URL": url},
    )
    assert process.stdout is not None
    try:
        yield Server(process, int(await process.stdout.readline()))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def serve(which: str) -> None:
    """One of the two servers, in a process of its own, until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    app = web.Application()
    app.router.add_get("/cpu", cpu)
    intake = webhook.Intake(lambda chats: None)
    if which == "ours":
        memory.calm()  # as our processes do
        await database.connect(os.environ["AYUMI_TEST_DATABASE_URL"], pool=1, intake=2)
        await intake.start()
        app.add_routes(webhook.routes(intake, [SECRET], lambda: BOT))
    else:
        app.router.add_post(webhook.PATH, bare)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(runner.addresses[0][1], flush=True)
    await stop.wait()
    await runner.cleanup()
    await intake.stop()
    if which == "ours":
        await database.disconnect()


async def bare(request: web.Request) -> web.Response:
    body = await request.read()
    expected = b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()
    right = hmac.compare_digest(expected, request.headers.get("x-line-signature", ""))
    return web.Response(status=200 if right else 401)


async def cpu(_: web.Request) -> web.Response:
    return web.Response(text=repr(time.process_time()))


# The load


@dataclass(frozen=True, slots=True)
class Made:
    """A signed request, ready to be written."""

    event_id: str
    request: bytes


def made(event_id: str) -> Made:
    """A text message of one of a thousand customers."""
    body = orjson.dumps(
        {
            "destination": BOT,
            "events": [
                {
                    "type": "message",
                    "message": {
                        "type": "text",
                        "id": "468789577898262530",
                        "quoteToken": "q3Plxr4AgKd",
                        "text": "予約したい",
                    },
                    "webhookEventId": event_id,
                    "deliveryContext": {"isRedelivery": False},
                    "timestamp": int(time.time() * 1000),
                    "source": {"type": "user", "userId": f"U{random.randrange(1000):032}"},
                    "replyToken": "0f3779fba3b349968c5d07db31eab56f",
                    "mode": "active",
                }
            ],
        }
    )
    signature = b64encode(hmac.digest(SECRET.encode(), body, "sha256"))
    head = (
        f"POST {webhook.PATH} HTTP/1.1\r\nHost: bot.example\r\nUser-Agent: LineBotWebhook/2.0\r\n"
        f"Content-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\nx-line-signature: "
    ).encode()
    return Made(event_id, head + signature + b"\r\n\r\n" + body)


class Connection(asyncio.Protocol):
    """One of LINE's connections: the next request goes when the last one is answered."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def next(self) -> None:
        if not self.load.waiting:
            self.transport.close()
            return
        self.sent = self.load.waiting.popleft()
        self.began = time.perf_counter()
        self.transport.write(self.sent.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.buffer.endswith(b"\r\n\r\n"):
            return
        self.load.took.append(time.perf_counter() - self.began)
        if self.buffer.startswith(b"HTTP/1.1 200 "):
            self.load.acknowledge(self.sent.event_id)
        self.buffer = b""
        self.next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)


class Load:
    def __init__(self, events: Sequence[Made]) -> None:
        self.waiting = deque(events)
        self.took: list[float] = []
        self.acknowledged: list[str] = []
        self.many = asyncio.Event()

    def acknowledge(self, event_id: str) -> None:
        self.acknowledged.append(event_id)
        if len(self.acknowledged) == MANY:
            self.many.set()

    async def run(self, port: int, connections: int) -> float:
        """Until all is answered or the server is gone; the seconds it took."""
        loop = asyncio.get_running_loop()
        opened = [
            (await loop.create_connection(lambda: Connection(self), "127.0.0.1", port))[1] for _ in range(connections)
        ]
        began = time.perf_counter()
        for connection in opened:
            connection.next()
        await asyncio.gather(*(connection.ended for connection in opened))
        return time.perf_counter() - began


async def run(port: int, events: Sequence[Made], connections: int) -> Round:
    load = Load(events)
    used = await cpu_of(port)
    seconds = await load.run(port, connections)
    used = await cpu_of(port) - used
    took = sorted(1000 * one for one in load.took)
    return Round(
        rate=len(took) / seconds,
        p50=took[len(took) // 2],
        p99=took[len(took) * 99 // 100],
        worst=took[-1],
        cpu=1e6 * used / len(took),
        acknowledged=load.acknowledged,
        refused=len(took) - len(load.acknowledged),
    )


async def cpu_of(port: int) -> float:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /cpu HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return float(answer.rpartition(b"\r\n\r\n")[2])


async def check(result: Round, url: str) -> None:
    """Every request must have been acknowledged, and everything acknowledged must be in the table."""
    missing = await missing_of(result.acknowledged, url)
    if result.refused or missing:
        sys.exit(f"{result.refused} requests were refused, {missing} acknowledged events are missing from the table")


async def missing_of(acknowledged: list[str], url: str) -> int:
    await database.connect(url, pool=1)
    missing: int = await database.value(
        "SELECT count(*) FROM unnest($1::text[]) AS known WHERE NOT EXISTS"
        " (SELECT FROM inbox WHERE webhook_event_id = known)",
        acknowledged,
    )
    await database.disconnect()
    return missing


async def kill_amid(server: Server, connections: int, url: str) -> None:
    """Not measured: kill -9 under load, and look whether anything acknowledged is gone."""
    load = Load([made(f"99{index:08}") for index in range(20_000)])
    running = asyncio.create_task(load.run(server.port, connections))
    await load.many.wait()
    server.process.kill()
    await running
    missing = await missing_of(load.acknowledged, url)
    print(f"killed with -9 after {len(load.acknowledged)} acknowledgements, missing from the table: {missing}")
    if missing:
        sys.exit(1)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
