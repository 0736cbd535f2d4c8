"""What is due: the porch that claims it in sets, plans for the whole set, and commits."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from jobs import clicking, configuration, consequences, delayed, parked, plans, scenarios, triggers
from storage import clock, database, friends
from storage import delayed as waiting
from storage import scenarios as walks
from storage.links import clicks

SET = 500
ABREAST = 2  # sets at a time: one is planned while the database writes the other
turns = itertools.count()

log = structlog.get_logger()

Locked = dict[int, friends.Known]  # what is carried out together, by id, with its locked friends


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be due, in pieces with ids: the next steps of a friend in scenarios, a row that was put off, a click."""

    name: str
    sources: Callable[[], Awaitable[list[int]]]  # where something is due, what has waited longest first
    claim: Callable[[int, int], Awaitable[Locked]]  # up to so many of a source that nobody else holds
    lock: Callable[[Sequence[int]], Awaitable[Locked]]
    run: Callable[[plans.Plan, Sequence[int]], Awaitable[consequences.Consequences]]
    park: Callable[[int, str], Awaitable[None]]  # with the reason, its friend locked
    next_at: Callable[[], Awaitable[datetime | None]]


async def _run_steps(plan: plans.Plan, people: Sequence[int]) -> consequences.Consequences:
    """Everything due for these friends, in due order; what is no longer due after the lock is left alone."""
    return await scenarios.run(plan, await walks.due_walks(people, plan.now))


async def _park_step(friend: int, error: str) -> None:
    await walks.park(friend, await clock.now(), error)


STEPS = Kind("step", walks.with_due, walks.claim_due, friends.lock, _run_steps, _park_step, walks.next_due)
DELAYED = Kind(
    "delayed", waiting.with_due, waiting.claim_due, waiting.lock, delayed.run, waiting.park, waiting.next_due
)
CLICKS = Kind("click", clicks.with_due, clicks.claim, clicks.lock, clicking.run, clicks.park, clicks.next_due)
KINDS = (CLICKS, STEPS, DELAYED)


@dataclass(frozen=True, slots=True)
class Done:
    """How many pieces a set held, friends with their steps or rows, and the outbox rows it wrote."""

    friends: int
    rows: list[int]


async def run_set(
    cache: configuration.Cache, limit: int = SET, claiming: asyncio.Lock | None = None, kinds: Sequence[Kind] = KINDS
) -> Done:
    """Carry out up to `limit` of what has waited longest in one scenario, or outside of all.

    Zero friends means that nothing is due, or that others hold all of them at this moment. `claiming` is held while
    friends are claimed. What is of an earlier kind goes first.
    """
    for kind in kinds:
        for source in await kind.sources():
            done = await _run(kind, cache, source, limit, claiming or asyncio.Lock())
            if done.friends:
                return done
    return Done(0, [])


async def run_sets(cache: configuration.Cache) -> Done:
    """The same for several sets at a time. Each begins with another kind, so that none waits until all of another is
    done.

    They are claimed in turn, or they would share the friends, and the calls, of one.
    """
    claiming = asyncio.Lock()
    first = [next(turns) % len(KINDS) for _ in range(ABREAST)]
    sets = [run_set(cache, claiming=claiming, kinds=KINDS[one:] + KINDS[:one]) for one in first]
    found = await asyncio.gather(*sets, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one  # the rows of the others are in the outbox, where the worker finds them
    return _together([one for one in found if isinstance(one, Done)])


async def _run(kind: Kind, cache: configuration.Cache, source: int, limit: int, claiming: asyncio.Lock) -> Done:
    claimed: list[int] = []

    async def work() -> Done:
        async with claiming:
            locked = await kind.claim(source, limit)
        claimed[:] = locked
        return await _carry_out(kind, cache, locked)

    try:
        return await database.repeated(work)
    except Exception as error:
        if not database.failed(error) or not claimed:
            raise
        return await _halved(kind, cache, claimed, error)


async def _halved(kind: Kind, cache: configuration.Cache, claimed: Sequence[int], error: Exception) -> Done:
    """A set that failed is tried in halves, down to the one piece at fault, which is parked (DELIVERY 10)."""
    if len(claimed) == 1:
        await database.repeated(lambda: _park(kind, claimed[0], error))
        return Done(1, [])
    middle = len(claimed) // 2
    return _together([await _part(kind, cache, part) for part in (claimed[:middle], claimed[middle:])])


async def _part(kind: Kind, cache: configuration.Cache, part: Sequence[int]) -> Done:
    try:
        return await database.repeated(lambda: _locked(kind, cache, part))
    except Exception as error:
        if not database.failed(error):
            raise
        return await _halved(kind, cache, part, error)


async def _park(kind: Kind, piece: int, error: Exception) -> None:
    await kind.lock([piece])
    await kind.park(piece, type(error).__name__)
    await parked.tell()
    log.error("due work parked", what=kind.name, id=piece, exc_info=error)


async def _locked(kind: Kind, cache: configuration.Cache, part: Sequence[int]) -> Done:
    return await _carry_out(kind, cache, await kind.lock(part))


async def _carry_out(kind: Kind, cache: configuration.Cache, locked: Locked) -> Done:
    if not locked:
        return Done(0, [])
    moment = await clock.read()
    people = {one.id: one for one in locked.values()}
    plan = plans.Plan(moment=moment, cache=cache, config=await cache.at(moment), people=people)
    await triggers.drain(await kind.run(plan, list(locked)), plan)
    return Done(len(locked), await plan.write())


def _together(found: Sequence[Done]) -> Done:
    return Done(sum(one.friends for one in found), [row for one in found for row in one.rows])


async def next_at() -> datetime | None:
    """When something falls due next (business time)."""
    found = [at for kind in KINDS if (at := await kind.next_at()) is not None]
    return min(found, default=None)
