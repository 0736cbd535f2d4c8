"""Somebody else at work on the same database: transactions that hold what they have, and who waits for them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from storage import database


@asynccontextmanager
async def held(work: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """A transaction that has done `work` and is committed at the end of the block."""
    done, over = asyncio.Event(), asyncio.Event()

    async def other() -> None:
        async with database.transaction():
            await work()
            done.set()
            await over.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(other())
        await done.wait()
        try:
            yield
        finally:
            over.set()


async def somebody_waits(count: int = 1, seconds: float = 10.0) -> None:
    """Until so many statements wait for a lock that another transaction holds."""
    async with asyncio.timeout(seconds):
        while count != await database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.02)
