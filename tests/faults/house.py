"""A bot in processes of its own on a database of its own: started, killed, restarted, watched until all is done."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import settings
from storage import account, database
from tests import conftest
from tests.faults import birth, proxy
from tests.faults.stores import Stores
from tests.simulator import control

READY = {"serve": b"server ready", "work": b"worker ready"}
STARTING = 30.0  # seconds
DONE_WITHIN = 60.0  # seconds from the kill to the end of all work
QUIET = 0.5  # seconds without any change after which whatever is waited for is brought on
LOOK = 0.05

# What is under way: while this changes, somebody works.
PROGRESS = """
SELECT (SELECT count(*) FROM inbox) AS events,
    (SELECT count(*) FROM inbox WHERE state = 'open') AS open_events,
    (SELECT coalesce(sum(attempts), 0) FROM inbox) AS event_attempts,
    (SELECT count(*) FROM outbox WHERE state IN ('open', 'sending')) AS open_rows,
    (SELECT coalesce(sum(attempts), 0) FROM outbox) AS row_attempts,
    (SELECT count(*) FROM outbox) AS rows,
    (SELECT count(*) FROM subscriptions w, account a WHERE w.state = 'active'
     AND w.due_at <= clock_timestamp() + a.clock_offset_us * interval '1 microsecond')
    + (SELECT count(*) FROM delayed_actions d, account a WHERE d.state = 'open'
     AND d.due_at <= clock_timestamp() + a.clock_offset_us * interval '1 microsecond') AS due,
    (SELECT count(*) FROM operation_friends WHERE state = 'open')
    + (SELECT count(*) FROM operations WHERE state = 'running') AS undone_deeds,
    (SELECT count(*) FROM received WHERE state = 'wanted' OR wish IS NOT NULL) AS uncopied,
    (SELECT coalesce(sum(tries), 0) FROM received) AS copy_tries
"""
UNDONE = ("open_events", "open_rows", "due", "undone_deeds", "uncopied")
# The next real moment somebody waits for: a lease's end, a retry, the end of a pause. A second when there is none.
WAITED_FOR = """
SELECT coalesce(extract(epoch FROM least(
    (SELECT min(lease_until) FROM outbox WHERE state = 'sending' AND lease_until > now()),
    (SELECT min(try_at) FROM outbox WHERE state = 'open' AND try_at > now() AND isfinite(try_at)),
    (SELECT min(try_at) FROM received WHERE state = 'wanted' AND try_at > now()),
    (SELECT min(until) FROM pauses WHERE until > now())) - now()), 1)::float8
"""

# Sessions whose processes were killed a moment ago, in the middle of something.
ALONE = """
SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass
class Member:
    """One of our processes. `kept_down`: nobody restarts it; `afresh`: by a new interpreter each time."""

    name: str
    word: str
    environment: dict[str, str]
    log: Path
    child: birth.Child | None = None
    kept_down: bool = False
    afresh: bool = False

    def start(self) -> None:
        self._seen = self.log.stat().st_size if self.log.exists() else 0
        self.child = (birth.start_afresh if self.afresh else birth.start)(self.word, self.environment, self.log)

    def alive(self) -> bool:
        return self.child is not None and self.child.is_alive()

    def kill(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.join(10)

    async def ready(self) -> None:
        async with asyncio.timeout(STARTING):
            while not self.log.exists() or READY[self.word] not in self.log.read_bytes()[self._seen :]:
                assert self.alive(), f"{self.name} did not start: {self.said()}"
                await asyncio.sleep(LOOK)

    def complaints(self) -> list[str]:
        """What Python itself complains of: exceptions and tasks that nobody has looked after."""
        return [line for line in self.log.read_text(errors="replace").splitlines() if "never retrieved" in line]

    def said(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@dataclass
class House:
    """Servers and workers, each with its own proxy to the database; the test looks at the database directly."""

    stores: Stores
    channel: control.Channel
    gate: proxy.Gate
    servers: list[Member]
    workers: list[Member]
    ports: list[int]
    media: Path
    stop: control.Stop | None = None
    calls_before: int = 0
    patient: bool = False  # waits for leases and retries are not cut short
    deaths: list[str] = field(default_factory=list)

    @property
    def members(self) -> list[Member]:
        return [*self.servers, *self.workers]

    def webhook(self, number: int = 0) -> str:
        return f"http://127.0.0.1:{self.ports[number]}/line/webhook"

    async def start(self) -> None:
        """All members are ready, and LINE's webhooks reach the first server."""
        for member in self.members:
            member.start()
        for member in self.members:
            await member.ready()
        async with asyncio.timeout(STARTING):
            while not await database.repeated(account.heartbeat):  # written by a worker that has begun
                await asyncio.sleep(LOOK)
        await self.channel.change(webhook_url=self.webhook())
        self.calls_before = int((await self.channel.counts())["calls"])

    def kill(self, victim: str) -> None:
        """worker, server, postgres, valkey or all, without a word; of `wire` nothing dies."""
        if victim in ("worker", "all"):
            self.workers[0].kill()
        if victim in ("server", "all"):
            self.servers[0].kill()
        if victim in ("postgres", "all"):
            self.stores.kill_postgres()
        if victim in ("valkey", "all"):
            self.stores.kill_valkey()

    async def let_go(self, *, cut: bool = False) -> None:
        """What is held at a point goes on, unless an end of it has died; `cut` breaks a held commit's connection."""
        self.gate.release(cut=cut)
        if self.stop is not None:
            await self.stop.release()

    def restart(self, victim: str) -> None:
        """What a supervisor would do about it."""
        if victim in ("postgres", "all"):
            self.stores.start_postgres()
        if victim in ("valkey", "all"):
            self.stores.start_valkey()
        for member in self.members:
            if not member.alive() and not member.kept_down:
                member.start()

    async def done(
        self, enough: Callable[[dict[str, Any]], bool] = lambda _: True, seconds: float = DONE_WITHIN
    ) -> None:
        """Wait until nothing is left to do and `enough` has happened; what is waited for is brought on."""
        loop = asyncio.get_running_loop()
        ends, since = loop.time() + seconds, loop.time()
        last: dict[str, Any] = {}
        while True:
            self._look_after()
            now = await progress()
            if now != last:
                last, since = now, loop.time()
            elif not any(now[what] for what in UNDONE) and enough(now):
                return
            elif loop.time() - since > QUIET and not self.patient:
                await self.pass_time()
                since = loop.time()
            assert loop.time() < ends, f"not done after {seconds} s: {now}\n{self.said()}"
            await asyncio.sleep(2 * LOOK)

    async def comes_to(self, count: int, sql: str, seconds: float = DONE_WITHIN) -> None:
        """Wait in the middle of a scene until the database counts as many; leases of the dead are cut short."""
        loop = asyncio.get_running_loop()
        since, last = loop.time(), -1
        async with asyncio.timeout(seconds):
            while (found := int(await database.repeated(lambda: database.value(sql)))) < count:
                if found != last:
                    last, since = found, loop.time()
                elif loop.time() - since > 2 * QUIET and not self.patient:  # what is held at a point is let go sooner
                    await self.pass_time()
                    since = loop.time()
                await asyncio.sleep(LOOK)

    async def pass_time(self, seconds: float = 0) -> None:
        """Let real and business time pass in the database, and LINE's; up to what is waited for unless told."""
        seconds = await database.repeated(lambda: _bring_on(seconds))
        await self.channel.advance(seconds=seconds)

    def _look_after(self) -> None:
        for member in self.members:
            if not member.alive() and not member.kept_down:
                self.deaths.append(f"{member.name}: {member.said()}")
                member.start()

    def said(self) -> str:
        return "\n".join(f"--- {member.name}\n{member.said()}" for member in self.members)

    async def line_calls(self) -> int:
        """LINE calls since the start."""
        return int((await self.channel.counts())["calls"]) - self.calls_before


async def progress() -> dict[str, Any]:
    return (await database.repeated(lambda: database.rows(PROGRESS)))[0]


async def _bring_on(seconds: float) -> float:
    seconds = seconds or float(await database.value(WAITED_FOR)) + 0.01
    for statement in (
        "UPDATE outbox SET lease_until = lease_until - x, try_at = try_at - x, ready_at = ready_at - x"
        " FROM make_interval(secs => $1) x WHERE state IN ('open', 'sending')",
        "UPDATE inbox SET tried_at = tried_at - x FROM make_interval(secs => $1) x WHERE state = 'open'",
        "UPDATE received SET try_at = try_at - x FROM make_interval(secs => $1) x WHERE state = 'wanted'",
        "UPDATE pauses SET until = until - x, at = at - x FROM make_interval(secs => $1) x",
        "UPDATE account SET clock_offset_us = clock_offset_us + ($1::float8 * 1000000)::bigint",
    ):
        await database.run(statement, seconds)
    return seconds


@asynccontextmanager
async def house(
    stores: Stores, channel: control.Channel, folder: Path, *, servers: int = 1, workers: int = 1
) -> AsyncIterator[House]:
    """A house on an empty database, not yet started; what the test writes goes straight to the database."""
    gate = proxy.Gate()
    async with AsyncExitStack() as stack:
        await database.connect(await stores.database(), pool=3)
        stack.push_async_callback(database.disconnect)
        await database.run(ALONE)
        await conftest.empty()
        await stores.empty_valkey()
        ports = _free_ports(servers)
        members: list[Member] = []
        for who, word, port in [
            *((f"server{n}", "serve", ports[n]) for n in range(servers)),
            *((f"worker{n}", "work", 0) for n in range(workers)),
        ]:
            way = proxy.Proxy(who, stores.folder(who), stores.socket, gate)
            await stack.enter_async_context(way)
            environment = _environment(stores, channel, stores.address_through(way.folder), port, folder / "media")
            members.append(Member(who, word, environment, folder / f"{who}.log"))
        found = House(stores, channel, gate, members[:servers], members[servers:], ports, folder / "media")
        stack.callback(_end, members)
        yield found


def _environment(stores: Stores, channel: control.Channel, database_url: str, port: int, media: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.lower() not in settings.Settings.model_fields}
    return kept | {
        "DATABASE_URL": database_url,
        "REDIS_URL": stores.redis_url,
        "LINE_CHANNEL_SECRET": channel.secret,
        "LINE_CHANNEL_ACCESS_TOKEN": channel.token,
        "LINE_API_URL": channel.api_url,
        "LINE_DATA_API_URL": channel.data_url,
        "SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "PORT": str(port),
        "MEDIA_DIR": str(media),
    }


def _end(members: Sequence[Member]) -> None:
    for member in members:
        member.kill()


def _free_ports(count: int) -> list[int]:
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return ports
