"""`./ayumi bench line`: how much the simulator of LINE takes, so that it is never what a measurement measures."""

import argparse
import asyncio
import os
import statistics
import sys
import time
from asyncio.subprocess import PIPE
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from tests.load import _pushing
from tests.simulator import control

GOAL_RATE, GOAL_MEGABYTES = 8_000, 1_000
CONNECTIONS = 50
FAULTS = ("error_after", "drop_after", "error_before", "reset", "rate_limit")
TICKS = os.sysconf("SC_CLK_TCK")


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench line", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pushes", type=int, default=20_000, help="pushes per round")
    parser.add_argument("--people", type=int, default=1_000_000, help="for the memory")
    parser.add_argument("--users", type=int, default=100_000, help="for the exact ledger")
    parser.add_argument("--sends", type=int, default=1_000_000, help="for the exact ledger")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.serve:
        await serve()
    else:
        await measure(given)


async def measure(given: argparse.Namespace) -> None:
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    await pushes(given.rounds, given.pushes)
    await memory(given.people)
    await exact_ledger(given.users, given.sends)
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")


# --- pushes


async def pushes(rounds: int, count: int) -> None:
    """Accepted pushes with retry keys, load and simulator in a process each; aiohttp that accepts nothing in turn."""
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    async with simulated() as (process, simulator), served() as (bare_pid, bare_url):
        channel = await simulator.new_channel(load=True, rate_scale=None)
        people = await channel.crowd(1_000)
        pid = process.process.pid
        for number in range(rounds + 1):
            sends = _pushing.plan(people, count, number * count)
            ours.append(await measured(pid, channel.api_url, channel.token, sends, count))
            sends = _pushing.plan(people, count, number * count)
            bare.append(await measured(bare_pid, bare_url, "nobody's", sends, count))
        if await channel.used() != count * (rounds + 1):
            sys.exit("not everything was accepted: the measurement is void")
    del ours[0], bare[0]  # the first warms both up
    cpu, reference = (statistics.median(one for _, one in results) for results in (ours, bare))
    for name, results in (("simulator, accepted pushes", ours), ("aiohttp, a fixed answer", bare)):
        rate, spent = (statistics.median(values) for values in zip(*results, strict=True))
        spread = f"{min(one for _, one in results):.0f} to {max(one for _, one in results):.0f}"
        print(
            f"{name:28}{rate:>8,.0f}/s beside the load;"
            f" {spent:5.0f} CPU us each ({spread}) = {1e6 / spent:>7,.0f}/s a core"
        )
    print(f"ratio of CPU, fixed answer to ours: {reference / cpu:.2f}")
    print(f"pushes per second and core: {1e6 / cpu:,.0f}, goal {GOAL_RATE:,}: {met(1e6 / cpu >= GOAL_RATE)}")


async def measured(pid: int, url: str, token: str, sends: _pushing.Sends, count: int) -> tuple[float, float]:
    """(sends per second of wall time, CPU microseconds of the server per send)."""
    used = cpu_of(pid)
    await _pushing.push_all(url, token, sends, CONNECTIONS)
    return count / sends.seconds, 1e6 * (cpu_of(pid) - used) / count


@asynccontextmanager
async def simulated() -> AsyncIterator[tuple[control.Process, control.Simulator]]:
    process = control.Process.start()
    try:
        async with control.Simulator(process.base_url) as simulator:
            yield process, simulator
    finally:
        process.stop()


@asynccontextmanager
async def served() -> AsyncIterator[tuple[int, str]]:
    """The reference: (its process id, its address)."""
    command = (sys.executable, "-m", "tests.load.line", "--serve")
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    try:
        yield process.pid, (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def serve() -> None:
    """An aiohttp server that reads a push and gives the same answer to all, until it is terminated."""
    body = b'{"sentMessages":[{"id":"461230966842064897","quoteToken":"q3461230966842064897T000000000000"}]}'

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=body, headers={"Content-Type": "application/json", "x-line-request-id": "0"})

    app = web.Application()
    app.router.add_post("/v2/bot/message/push", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


# --- memory


async def memory(people: int) -> None:
    async with simulated() as (process, simulator):
        empty = megabytes(process.process.pid, "VmRSS")
        channel = await simulator.new_channel(load=True, rate_scale=None)
        began = time.perf_counter()
        await channel.crowd(people)
        pid = process.process.pid
        rests, peak = megabytes(pid, "VmRSS"), megabytes(pid, "VmHWM")
    print(
        f"memory: {empty:.0f} MB empty; {people:,} friends, made in {time.perf_counter() - began:.0f} s:"
        f" {rests:.0f} MB, {peak:.0f} MB at most, goal {GOAL_MEGABYTES:,} MB: {met(peak < GOAL_MEGABYTES)}"
    )


# --- the exact ledger


async def exact_ledger(users: int, count: int) -> None:
    """Concurrent sends through faults before and after acceptance; each person must have got what was sent, once."""
    async with simulated() as (process, simulator):
        channel = await simulator.new_channel(load=True, rate_scale=None)
        people = await channel.crowd(users)
        sends = _pushing.plan(people, count)
        expected = Counter(user for user, _ in sends.waiting)
        running = asyncio.create_task(_pushing.push_all(channel.api_url, channel.token, sends, CONNECTIONS))
        troubled = asyncio.create_task(trouble(channel, running, count))
        await running
        planned = await troubled
        counts = await channel.counts()
        received = await channel.received()
        peak = megabytes(process.process.pid, "VmHWM")
    delivered = counts["counts"]["delivered"]
    exact = received == expected and delivered == count == counts["used"]
    print(f"ledger: {users:,} users, {count:,} sends in {sends.seconds:.0f} s, {peak:.0f} MB at most")
    print(f"  {planned} calls in trouble; answers {dict(sorted(sends.answers.items()))} (0: the line was cut)")
    print(f"  delivered {delivered:,}, counted {counts['used']:,}, each person what was theirs: {exact}")
    if not exact:
        sys.exit("the ledger is not exact")


async def trouble(channel: control.Channel, running: "asyncio.Task[None]", count: int) -> int:
    """Some calls of every kind of trouble, twenty times over the whole run; how many were planned."""
    planned = 0
    for part in range(1, 21):
        while not running.done() and (await channel.counts())["calls"] < part * count // 22:
            await asyncio.sleep(0.1)
        if running.done():
            break
        for kind in FAULTS:
            await channel.fault(kind, "push", calls=10)
            planned += 10
    return planned


# --- what the system says


def cpu_of(pid: int) -> float:
    """Seconds of user and system time."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def megabytes(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def met(reached: bool) -> str:
    return "met" if reached else "NOT met"


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
