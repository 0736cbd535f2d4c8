"""Runs many coroutines at a time, but not too many."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

Result = TypeVar("Result")


async def run(works: Iterable[Coroutine[Any, Any, Result]], most: int) -> list[Result]:
    """All of them, at most so many at once; results in order."""
    gate = asyncio.Semaphore(most)

    async def one(work: Coroutine[Any, Any, Result]) -> Result:
        async with gate:
            return await work

    return list(await asyncio.gather(*map(one, works)))
