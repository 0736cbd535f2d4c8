"""PostgreSQL and Valkey that can be killed: a module's own, durable, started again as often as it takes."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import redis.asyncio

from bot import embedded
from bot.embedded import postgres, process, valkey
from tests import conftest
from tests.faults import proxy

DATABASE = "faults"


@dataclass
class Stores:
    """Both servers, and the one database all houses have, one after the other."""

    servers: embedded.Servers
    _database: str = ""

    @property
    def socket(self) -> Path:
        return self.servers.place.postgres_sockets / proxy.SOCKET

    @property
    def redis_url(self) -> str:
        return self.servers.redis_url

    def folder(self, name: str) -> Path:
        """A short path for a proxy's socket."""
        return self.servers.place.sockets / name

    async def database(self) -> str:
        """The address of the migrated database, as the house before left it."""
        if not self._database:
            addresses = conftest.Addresses(self.servers.database_url, self.redis_url)
            self._database = await conftest.make_database(addresses, DATABASE)
        return self._database

    def address_through(self, folder: Path) -> str:
        """The same by way of a proxy's folder."""
        return f"postgres://{postgres.ROLE}@/{DATABASE}?host={quote(str(folder))}"

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
