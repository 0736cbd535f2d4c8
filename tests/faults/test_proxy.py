"""The proxy itself: what it counts as a commit, and what has happened at its two points."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from storage import database
from tests import conftest
from tests.faults import proxy

pytestmark = pytest.mark.faults

HOLD = "INSERT INTO pauses (scope, reason, at) VALUES ($1, 'test', now())"
LIFT = "DELETE FROM pauses WHERE scope = $1"
REACHED_WITHIN = 10.0  # seconds


@dataclass
class Ways:
    """Two connections to one database: by way of the proxy, and straight."""

    through: asyncpg.Connection
    straight: asyncpg.Connection
    gate: proxy.Gate

    async def held(self) -> list[str]:
        """What everybody else can see."""
        return [row["scope"] for row in await self.straight.fetch("SELECT scope FROM pauses ORDER BY scope")]

    async def begun(self, *statements: str) -> "asyncio.Task[None]":
        """Each statement in a transaction of its own if there is one, else all in one; back at the point chosen."""

        async def work() -> None:
            if len(statements) == 1:
                await self.through.execute(HOLD, statements[0])
                return
            async with self.through.transaction():
                for scope in statements:
                    await self.through.execute(HOLD, scope)

        task = asyncio.create_task(work())
        await asyncio.wait_for(self.gate.reached.wait(), REACHED_WITHIN)
        assert not task.done()
        return task


@pytest.fixture
async def ways(db: str, addresses: conftest.Addresses) -> AsyncIterator[Ways]:
    known = {name: value for name, value in database.credentials(db).items() if value is not None}
    server = Path(known["host"])
    gate = proxy.Gate()
    async with proxy.Proxy("test", server.parent / f"proxy_{conftest.WORKER}", server / proxy.SOCKET, gate) as way:
        straight = await asyncpg.connect(**known)
        through = await asyncpg.connect(**known | {"host": str(way.folder)})
        gate.begin()
        yield Ways(through, straight, gate)
        through.terminate()
        await straight.close()


async def test_it_counts_what_changes_rows_and_nothing_else(ways: Ways) -> None:
    await ways.through.fetch("SELECT * FROM pauses FOR UPDATE")
    await ways.through.execute(LIFT, "nothing there")
    async with ways.through.transaction():
        await ways.through.execute(LIFT, "nothing there")
    assert not ways.gate.commits
    await ways.through.execute(HOLD, "a")
    async with ways.through.transaction():
        await ways.through.execute(HOLD, "b")
        await ways.through.fetch("SELECT 1")
    transaction = ways.through.transaction()
    await transaction.start()
    await ways.through.execute(HOLD, "rolled back")
    await transaction.rollback()
    with pytest.raises(asyncpg.UniqueViolationError):
        await ways.through.execute(HOLD, "a")
    assert await ways.through.fetchval("WITH x AS (DELETE FROM pauses RETURNING 1) SELECT count(*) FROM x") == 2
    assert [(one.number, one.who, one.what) for one in ways.gate.commits] == [
        (1, "test", "pauses"),
        (2, "test", "pauses"),
        (3, "test", "pauses"),
    ]
    assert await ways.held() == []


@pytest.mark.parametrize("scopes", [["a"], ["a", "b"]])
async def test_it_holds_before_the_server_has_committed(ways: Ways, scopes: list[str]) -> None:
    ways.gate.begin(1, proxy.BEFORE)
    task = await ways.begun(*scopes)
    assert await ways.held() == []
    ways.gate.release()
    await task
    assert await ways.held() == scopes


@pytest.mark.parametrize("scopes", [["a"], ["a", "b"]])
async def test_it_holds_after_the_server_has_committed(ways: Ways, scopes: list[str]) -> None:
    ways.gate.begin(1, proxy.AFTER)
    task = await ways.begun(*scopes)
    assert await ways.held() == scopes
    assert not task.done()
    ways.gate.release()
    await task


@pytest.mark.parametrize(("when", "found"), [(proxy.BEFORE, []), (proxy.AFTER, ["a"])])
@pytest.mark.parametrize("cut", [True, False], ids=["cut", "dead"])
async def test_it_carries_nothing_on_for_the_dead(ways: Ways, when: str, found: list[str], cut: bool) -> None:
    pid = await ways.through.fetchval("SELECT pg_backend_pid()")
    ways.gate.begin(1, when)
    task = await ways.begun("a")
    if not cut:
        ways.through.terminate()
    ways.gate.release(cut=cut)
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)):
        await task
    async with asyncio.timeout(REACHED_WITHIN):
        while await ways.straight.fetchval("SELECT 1 FROM pg_stat_activity WHERE pid = $1", pid):
            await asyncio.sleep(0.02)
    assert await ways.held() == found


async def test_it_holds_only_the_commit_of_that_number(ways: Ways) -> None:
    ways.gate.begin(2, proxy.AFTER)
    await ways.through.execute(HOLD, "a")
    task = await ways.begun("b")
    assert ways.gate.held == proxy.Commit(2, "test", "pauses")
    ways.gate.release()
    await task
    await ways.through.execute(HOLD, "c")
    assert await ways.held() == ["a", "b", "c"]
