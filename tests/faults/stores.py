"""PostgreSQL and Valkey that can be killed: a module's own, durable, started again as often as it takes."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import redis.asyncio

from bot import embedded
from bot.embedded import postgres, process, valkey
from tests.faults import proxy


@dataclass
class Stores:
    """Both servers; `address` is a database's own, `address_through` the same by way of a proxy's folder."""

    servers: embedded.Servers

    @property
    def socket(self) -> Path:
        return self.servers.place.postgres_sockets / proxy.SOCKET

    @property
    def redis_url(self) -> str:
        return self.servers.redis_url

    def folder(self, name: str) -> Path:
        """A short path for a proxy's socket."""
        return self.servers.place.sockets / name

    def address(self, database: str) -> str:
        return postgres.url(self.servers.place, database)

    def address_through(self, folder: Path, database: str) -> str:
        return f"postgres://{postgres.ROLE}@/{database}?host={quote(str(folder))}"

    def kill_postgres(self) -> None:
        """-9 for the postmaster and at once for all its sessions and helpers."""
        postmaster = self.servers.database
        family = _children(postmaster.pid)
        _kill(postmaster)
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def start_postgres(self) -> None:
        """Start and recover; all that was committed is there again."""
        self.servers.database = postgres.start(self.servers.place)

    def kill_valkey(self) -> None:
        _kill(self.servers.cache)

    def start_valkey(self) -> None:
        self.servers.cache = valkey.start(self.servers.place)

    async def empty_valkey(self) -> None:
        client = redis.asyncio.Redis.from_url(self.redis_url)
        try:
            await client.flushall()
        finally:
            await client.aclose()


def _kill(child: process.Child) -> None:
    child.tell(signal.SIGKILL)
    if child.popen is not None:
        child.popen.wait(10)


def _children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in found.split()]
