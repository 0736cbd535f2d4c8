"""`./ayumi bench broadcast`: the same text to everybody, by one worker: planned, sent, stopped, and its memory."""

import argparse
import asyncio
import os
import statistics
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from bot import settings, work
from jobs import broadcasts as sending
from storage import broadcasts, clock, database, outbox, pauses
from storage.broadcasts import runs
from tests.load import _ground as grounds
from tests.load.line import cpu_of, megabytes, met
from tests.simulator import control

SIZES = (10_000, 100_000, 1_000_000)
GOAL_PLANNED, GOAL_MEGABYTES, GOAL_STOPPED = 30.0, 150, 1.0  # s at 1,000,000; MB; s
LINE_TAKES = 100_000  # people a second: 200 calls to 500
CHUNK = 50_000  # friends filled in by one statement
LOOK = 0.02  # seconds between two looks
QUIET = 1.5  # seconds without a call after which nothing more is on its way
ACTIONS = [{"do": "send", "messages": [{"type": "text", "text": "年末年始の営業時間のお知らせです。"}]}]
# Everything that must be there in the end and no law: no locks, nobody looked at, no stop, all in one go.
BY_HAND = (
    "WITH everybody AS MATERIALIZED (SELECT id, line_user_id, (row_number() OVER (ORDER BY id) - 1) / 500 AS call"
    " FROM friends WHERE NOT shut AND NOT hidden AND NOT is_test),"
    " frozen AS (INSERT INTO operation_friends (operation_id, friend_id, state) SELECT 0, id, 'done' FROM everybody),"
    " delivered AS (INSERT INTO deliveries (cause, friend_id, outbox_id, at)"
    " SELECT 'operation:0:1', id, call, now() FROM everybody)"
    " INSERT INTO outbox (kind, class, cause, chat, recipients, body, cost, after, retry_key, state, ready_at, try_at,"
    " created_at) SELECT 'multicast', 'promotion', 'operation:0', '', array_agg(line_user_id::text ORDER BY id),"
    " convert_to($1, 'UTF8'), count(*), '{}', gen_random_uuid(), 'accepted', now(), now(), now()"
    " FROM everybody GROUP BY call"
)
TIMES = """
SELECT extract(epoch FROM p.ended_at - p.created_at)::float8 AS planned,
    extract(epoch FROM max(o.finished_at) - p.created_at)::float8 AS sent,
    extract(epoch FROM max(o.finished_at) - min(o.attempted_at))::float8 AS sending,
    sum(o.cost)::int AS people
FROM operations p JOIN outbox o ON o.cause = 'operation:' || p.id WHERE o.state = 'accepted' GROUP BY p.id
"""
OVER = """
SELECT EXISTS (SELECT 1 FROM operations WHERE state = 'done')
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE state IN ('open', 'sending'))
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """Seconds from the beginning, the freezing of the audience included; people a second; what it took of us."""

    planned: float
    sent: float
    rate: float
    cpu: float  # microseconds of the worker's own for each friend
    database: float  # and of its sessions in PostgreSQL


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench broadcast", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.work:
        await work.work(settings.Settings(_env_file=None, **orjson.loads(given.work)))
        return
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    url = await grounds.fresh_database("ayumi_bench_broadcast")
    process = control.Process.start()
    try:
        async with control.Simulator(process.base_url) as simulator:
            channel = await simulator.new_channel(load=True)
            await database.connect(url)
            async with worker(channel, url) as ours:
                await measure(channel, ours, sorted(given.sizes), given.rounds)
            await database.disconnect()
    finally:
        process.stop()
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


@asynccontextmanager
async def worker(channel: control.Channel, url: str) -> AsyncIterator[Process]:
    """One worker as it runs everywhere, in a process of its own, ready to work."""
    wanted = {
        "line_channel_secret": channel.secret,
        "line_channel_access_token": channel.token,
        "line_api_url": channel.api_url,
        "line_data_api_url": channel.data_url,
        "database_url": url,
        "redis_url": os.environ["AYUMI_TEST_REDIS_URL"],
        "secret_key": "0123456789abcdef0123456789abcdef",
        "ayumi_sandbox": True,
    }
    command = (sys.executable, "-m", "tests.load.broadcast", "--work", orjson.dumps(wanted).decode())
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    try:
        while not await database.value("SELECT heartbeat_at IS NOT NULL FROM account"):
            await asyncio.sleep(LOOK)
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def measure(channel: control.Channel, ours: Process, sizes: Sequence[int], rounds: int) -> None:
    there = 0
    print(f"worker at rest: {megabytes(ours.pid, 'VmRSS'):.0f} MB")
    for size in sizes:
        people = await channel.crowd(size - there, prefix=f"客{size}の")
        for first in range(0, len(people), CHUNK):
            await grounds.add_friends(people[first : first + CHUNK])
        there = size
        del people
        await database.run("VACUUM ANALYZE friends")
        found: list[Sent] = []
        by_hand: list[tuple[float, float]] = []
        for _ in range(rounds):
            by_hand.append(await bare(size))
            found.append(await whole(channel, ours, size))
        print(told(size, found, by_hand, megabytes(ours.pid, "VmHWM")), flush=True)
    rates = [await held_back(there) for _ in range(rounds)]
    rate = statistics.median(rates)
    print(f"sending alone, all of it planned before: {rate:,.0f} people/s, {rate / LINE_TAKES:.0%} of what LINE takes")
    stops = [await stopped(channel, there) for _ in range(rounds)]
    await forget()
    last, took = (statistics.median(values) for values in zip(*stops, strict=True))
    print(
        f"stop, on the way to {there:,}: the last call left {last:.2f} s after it was asked for (goal {GOAL_STOPPED} s:"
        f" {met(last <= GOAL_STOPPED)}); done itself after {took:.2f} s"
    )


def told(size: int, found: Sequence[Sent], by_hand: Sequence[tuple[float, float]], peak: float) -> str:
    names = ("planned", "sent", "rate", "cpu", "database")
    planned, sent, rate, cpu, theirs = (statistics.median(getattr(one, name) for one in found) for name in names)
    reference, least = (statistics.median(values) for values in zip(*by_hand, strict=True))
    spread = f"{min(one.planned for one in found):.1f} to {max(one.planned for one in found):.1f}"
    goal = f"; goal {GOAL_PLANNED:.0f} s at {SIZES[-1]:,}: {met(planned <= GOAL_PLANNED)}" if size == SIZES[-1] else ""
    return (
        f"broadcast, {size:>9,} friends: frozen and planned in {planned:.1f} s (rounds {spread}{goal}),"
        f" {size / planned:,.0f}/s;"
        f" by hand {reference:.1f} s, ratio {reference / planned:.2f}; all sent after {sent:.1f} s,"
        f" {rate:,.0f} people/s, {rate / LINE_TAKES:.0%} of what LINE takes; CPU us each: worker {cpu:.1f},"
        f" PostgreSQL {theirs:.1f} (by hand {least:.1f});"
        f" worker {peak:.0f} MB at most (goal {GOAL_MEGABYTES}: {met(peak <= GOAL_MEGABYTES)})"
    )


async def forget() -> None:
    tables = "broadcasts, broadcast_runs, operations, operation_friends, deliveries, outbox, friend_events"
    await database.repeated(lambda: database.run(f"TRUNCATE {tables}"))  # the worker may be looking at them


async def sessions() -> float:
    """CPU seconds of the sessions in this database so far, which stay as long as the pools need them."""
    found = await database.rows(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    )
    return sum(cpu_of(row["pid"]) for row in found)


async def bare(size: int) -> tuple[float, float]:
    """The reference: what must be written, by one statement. Wall seconds, CPU microseconds for each friend."""
    await forget()

    async def at_once() -> None:
        await database.run("SET LOCAL statement_timeout = '120s'")
        await database.run(BY_HAND, orjson.dumps(ACTIONS[0]["messages"]).decode())

    before = await sessions()
    began = time.perf_counter()
    await database.repeated(at_once)
    wall = time.perf_counter() - began
    return wall, 1e6 * (await sessions() - before) / size


async def begun(size: int) -> int:
    """A broadcast to everybody that is due now; the number of its run."""
    definition: dict[str, Any] = {"target": {"everyone": True}, "frozen": False, "at": None, "actions": ACTIONS}

    async def confirm() -> int:
        now = await clock.now()
        number = await broadcasts.make("年末年始", now)
        await broadcasts.write(number, "■配信 年末年始", definition, 1, now)
        return await runs.plan(
            number,
            at=now,
            immediate=True,
            confirmed=size,
            definition=definition,
            operation=None,
            staff_id=None,
            now=now,
        )

    return await database.repeated(confirm)


async def whole(channel: control.Channel, ours: Process, size: int) -> Sent:
    await forget()
    used, cpu, theirs = await channel.used(), cpu_of(ours.pid), await sessions()
    await begun(size)
    while not await database.value(OVER):
        await asyncio.sleep(0.2)
    cpu, database_cpu = cpu_of(ours.pid) - cpu, await sessions() - theirs
    [times] = await database.rows(TIMES)
    accepted = await channel.used() - used
    if not accepted == times["people"] == size:
        raise SystemExit(f"{accepted} of {size} were accepted: the measurement is void")
    return Sent(times["planned"], times["sent"], size / times["sending"], 1e6 * cpu / size, 1e6 * database_cpu / size)


async def held_back(size: int) -> float:
    """People a second when sending begins after planning."""
    await forget()
    await begun(size)
    while not await database.value("SELECT EXISTS (SELECT 1 FROM operations)"):
        await asyncio.sleep(LOOK)
    await database.repeated(lambda: pauses.hold("class:promotion", "bench"))
    while not await database.value("SELECT EXISTS (SELECT 1 FROM operations WHERE state = 'done')"):
        await asyncio.sleep(LOOK)
    began = await database.value("SELECT now()")
    await database.repeated(lambda: outbox.resume("class:promotion"))
    while not await database.value(OVER):
        await asyncio.sleep(0.2)
    rate: float = await database.value(
        "SELECT (sum(cost) / extract(epoch FROM max(finished_at) - min(attempted_at)))::float8 FROM outbox"
        " WHERE attempted_at >= $1",
        began,
    )
    return rate


async def stopped(channel: control.Channel, size: int) -> tuple[float, float]:
    """Stopped with a quarter gone: seconds until the last call has reached LINE, and until the stop was done."""
    await forget()
    used = await channel.used()
    number = await begun(size)
    while (await channel.used() - used) < size // 4:
        await asyncio.sleep(LOOK)

    async def stop() -> None:
        await sending.stop(await runs.lock(number))

    began = time.perf_counter()
    await database.repeated(stop)
    took = time.perf_counter() - began
    seen, changed = await channel.used(), time.perf_counter()
    while time.perf_counter() - changed < QUIET:
        now = await channel.used()
        if now != seen:
            seen, changed = now, time.perf_counter()
        await asyncio.sleep(LOOK)
    run = await database.repeated(lambda: runs.lock(number))
    if run.operation is None:
        raise SystemExit("it never began: the measurement is void")
    tally = await runs.tally(run.operation)
    if tally.sent != seen - used or tally.total != size:
        raise SystemExit(f"{tally} after {seen - used} had been accepted: the measurement is void")
    return changed - began, took


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
