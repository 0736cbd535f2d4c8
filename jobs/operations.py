"""Deeds of staff's hand on friends: at once for up to a thousand, as an operation in claimed chunks for more."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from jobs import action_lists, alike, configuration, consequences, facts, parked, plans, triggers
from storage import clock, database, friends, operations

MOST_AT_ONCE = 1_000  # friends in one transaction (law 2)
CHUNK = 500
ABREAST = 2  # chunks at a time

log = structlog.get_logger()


class _Stopped(Exception):
    """The operation was stopped while a chunk of it was under way: nothing of that chunk is committed."""


@dataclass(frozen=True, slots=True)
class Applied:
    """Outbox rows to send after the commit, how often each thing happened ("tag_added": 3), how much was put off."""

    rows: list[int]
    changed: Counter[str]
    delayed: int = 0


async def apply(
    cache: configuration.Cache, friend_ids: Sequence[int], actions: Sequence[dict[str, Any]], root: str
) -> Applied:
    """Run an action list for these friends in the current transaction; `root` names the deed once and for all."""
    if len(friend_ids) > MOST_AT_ONCE:
        raise ValueError(f"{len(friend_ids)} friends are an operation of their own")
    people = await friends.lock(friend_ids)
    moment = await clock.read()
    plan = plans.Plan(moment=moment, cache=cache, config=await cache.at(moment), people=people)
    origin = facts.Origin(root, root)
    todo = action_lists.load(actions)
    by_hand = [(facts.Fact(friend, moment.now, facts.ByHand(), origin), todo) for friend in people]
    await triggers.drain(consequences.Consequences(lists=by_hand), plan)
    return Applied(await plan.write(), Counter(entry.kind for entry in plan.events), len(plan.later))


async def begin(friend_ids: Sequence[int], actions: Sequence[dict[str, Any]], audit_id: int | None) -> int:
    """Freeze who is concerned and what shall be done; the worker carries it out. The operation's id."""
    return await operations.begin(friend_ids, orjson.dumps(list(actions)).decode(), audit_id, await clock.now())


async def run_chunks(cache: configuration.Cache) -> list[int] | None:
    """The same for several chunks at a time: one is planned while the database writes the other."""
    claiming = asyncio.Lock()
    found = await asyncio.gather(*(run_chunk(cache, claiming) for _ in range(ABREAST)), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one  # the rows of the others are in the outbox, where the worker finds them
    written = [one for one in found if isinstance(one, list)]
    return [row for rows in written for row in rows] if written else None


async def run_chunk(cache: configuration.Cache, claiming: asyncio.Lock | None = None) -> list[int] | None:
    """Carry out the next chunk of some running operation; outbox rows to send, or None when there is none to do now:
    others may hold the friends that are left. `claiming` is held while friends are claimed."""
    for found in await database.repeated(operations.running):
        rows = await _chunk(cache, found, claiming or asyncio.Lock())
        if rows is not None:
            return rows
    return None


async def _chunk(cache: configuration.Cache, operation: operations.Running, claiming: asyncio.Lock) -> list[int] | None:
    claimed: list[int] = []

    async def work() -> list[int] | None:
        config = await cache.at(await clock.read())
        most = CHUNK if alike.parts(operation.actions, config) is None else alike.PEOPLE
        async with claiming:
            claimed[:] = await operations.claim(operation.id, most)
        if claimed:
            return await _carry_out(cache, operation, claimed)
        return [] if await operations.finish(operation.id, await clock.now()) else None

    try:
        return await database.repeated(work)
    except _Stopped:
        return []
    except Exception as error:
        if not database.failed(error) or not claimed:
            raise
        return await _halved(cache, operation, claimed, error)


async def _halved(
    cache: configuration.Cache, operation: operations.Running, claimed: Sequence[int], error: Exception
) -> list[int]:
    if len(claimed) == 1:
        log.error("friend left out of an operation", operation=operation.id, friend=claimed[0], exc_info=error)
        await database.repeated(lambda: _park(operation.id, claimed[0]))
        return []
    rows: list[int] = []
    middle = len(claimed) // 2
    for part in (claimed[:middle], claimed[middle:]):
        try:
            rows += await database.repeated(lambda part=part: _locked(cache, operation, part))  # type: ignore[misc] # mypy infers no default
        except _Stopped:
            break
        except Exception as failure:
            if not database.failed(failure):
                raise
            rows += await _halved(cache, operation, part, failure)
    return rows


async def _park(operation: int, friend: int) -> None:
    await operations.park(operation, friend)
    await parked.tell()


async def _locked(cache: configuration.Cache, operation: operations.Running, part: Sequence[int]) -> list[int]:
    await friends.lock(part)
    return await _carry_out(cache, operation, part)


async def _carry_out(cache: configuration.Cache, operation: operations.Running, locked: Sequence[int]) -> list[int]:
    """One chunk: its friends are locked; the operation's row is so at the end, and its state is read after that
    (DELIVERY 21)."""
    left = await operations.still_open(operation.id, locked)
    moment = await clock.read()
    config = await cache.at(moment)
    root = f"operation:{operation.id}"
    said = alike.parts(operation.actions, config)
    rows = None if said is None else await alike.send(said, left, root, moment, config)
    if rows is None:
        left = left[:CHUNK]
        rows = (await apply(cache, left, operation.actions, root)).rows
    if not await operations.done(operation.id, left):
        raise _Stopped
    return rows
