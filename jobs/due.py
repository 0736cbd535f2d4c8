"""Due steps: the porch that claims friends in sets, plans for the whole set, and commits."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from jobs import configuration, parked, plans, scenarios, triggers
from storage import clock, database, friends
from storage import scenarios as walks

SET = 500
ABREAST = 2  # sets at a time: one is planned while the database writes the other

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Done:
    """How many friends a set moved on, and the outbox rows it wrote."""

    friends: int
    rows: list[int]


async def run_set(cache: configuration.Cache, limit: int = SET, claiming: asyncio.Lock | None = None) -> Done:
    """Carry out what is due for up to `limit` friends of the scenario that has waited longest.

    Zero friends means that nothing is due, or that others hold all of them at this moment. `claiming` is held while
    friends are claimed.
    """
    for scenario in await walks.with_due():
        done = await _run(cache, scenario, limit, claiming or asyncio.Lock())
        if done.friends:
            return done
    return Done(0, [])


async def run_sets(cache: configuration.Cache) -> Done:
    """The same for several sets at a time; claimed in turn, or they would share the friends, and the calls, of one."""
    claiming = asyncio.Lock()
    sets = [run_set(cache, claiming=claiming) for _ in range(ABREAST)]
    found = await asyncio.gather(*sets, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one  # the rows of the others are in the outbox, where the worker finds them
    return _together([one for one in found if isinstance(one, Done)])


async def _run(cache: configuration.Cache, scenario: int, limit: int, claiming: asyncio.Lock) -> Done:
    claimed: list[int] = []

    async def work() -> Done:
        async with claiming:
            people = await walks.claim_due(scenario, limit)
        claimed[:] = people
        return await _carry_out(cache, people)

    try:
        return await database.repeated(work)
    except Exception as error:
        if not database.failed(error) or not claimed:
            raise
        return await _halved(cache, claimed, error)


async def _halved(cache: configuration.Cache, claimed: Sequence[int], error: Exception) -> Done:
    """A set that failed is tried in halves, down to the one friend at fault, whose step is parked (DELIVERY 10)."""
    if len(claimed) == 1:
        await database.repeated(lambda: _park(claimed[0], error))
        return Done(1, [])
    middle = len(claimed) // 2
    return _together([await _part(cache, part) for part in (claimed[:middle], claimed[middle:])])


async def _part(cache: configuration.Cache, part: Sequence[int]) -> Done:
    try:
        return await database.repeated(lambda: _locked(cache, part))
    except Exception as error:
        if not database.failed(error):
            raise
        return await _halved(cache, part, error)


async def _park(friend: int, error: Exception) -> None:
    await friends.lock([friend])
    await walks.park(friend, await clock.now(), type(error).__name__)
    await parked.tell()
    log.error("step parked", friend=friend, exc_info=error)


async def _locked(cache: configuration.Cache, part: Sequence[int]) -> Done:
    return await _carry_out(cache, await friends.lock(part))


async def _carry_out(cache: configuration.Cache, people: dict[int, friends.Known]) -> Done:
    """Everything due for these locked friends, in due order; what is no longer due after the lock is left alone."""
    if not people:
        return Done(0, [])
    moment = await clock.read()
    plan = plans.Plan(moment=moment, cache=cache, config=await cache.at(moment), people=people)
    due = await walks.due_walks(list(people), moment.now)
    await triggers.drain(await scenarios.run(plan, due), plan)
    return Done(len(people), await plan.write())


def _together(found: Sequence[Done]) -> Done:
    return Done(sum(one.friends for one in found), [row for one in found for row in one.rows])


async def next_at() -> datetime | None:
    """When something falls due next (business time)."""
    return await walks.next_due()
