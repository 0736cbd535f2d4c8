"""The worker's process: due steps, the outbox, lanes left over, copies of what staff send, housekeeping."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from admin_commands import backups, book
from admin_commands.broadcasts import ending
from bot import insight, memory, settings, wiring
from bot.media import copying
from jobs import alarms, broadcasts, due, operations, ports, usage, worker
from storage import (
    account,
    bin,
    charts,
    clock,
    database,
    delayed,
    inbox,
    quota,
    quotable,
    retention,
    segments,
    shared_values,
    spent_tokens,
    staff,
    unmatched,
)
from storage.broadcasts import runs
from storage.forms import uploads
from storage.segments import saved

LOOK = 1.0  # seconds at most between two looks for due work: new work may have come from another process
SWEEP = 3.0
HOUSEKEEPING = 15.0
REST = 2.0  # between two rounds of housekeeping, however often somebody wakes the worker
PURGE = 5_000  # rows at once
NIGHT = range(2, 6)  # hours in which the configuration is kept as text

log = structlog.get_logger()


async def work(given: settings.Settings) -> None:
    """Work until SIGTERM or Ctrl-C."""
    memory.calm()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with wiring.house(given) as house, working(house):
        await stop.wait()


@asynccontextmanager
async def working(house: wiring.House) -> AsyncIterator[None]:
    """All duties are attended to as long as the block lasts; tests use it too."""
    given = house.settings
    await wiring.recognise(house)
    await read_quota(house)
    await house.lanes.start()
    copier = copying.Copier(house.line, house.cache, house.sender, given.media_dir)
    loop = worker.Loop(_duties(house, copier))
    looping = asyncio.create_task(loop.run(), name="duties")
    listening = asyncio.create_task(
        worker.listen(given.redis_url, wiring.queue_prefix(given), loop.wake, _crons(house)), name="queue"
    )
    log.info("worker ready")
    try:
        yield
    finally:
        loop.stop()
        await worker.end(listening)
        await looping
        await house.lanes.stop()
        await copier.stop()
        await house.sender.settle()


def _duties(house: wiring.House, copier: copying.Copier) -> list[worker.Duty]:
    async def steps() -> bool:
        done = await due.run_sets(house.cache)
        house.sender.send_soon(done.rows)
        return done.friends > 0

    async def outbox() -> bool:
        await house.delivery.settle_expired()
        return await house.delivery.send_due() > 0

    async def lanes() -> bool:
        return await house.lanes.sweep(SWEEP) > 0

    async def operations_() -> bool:
        rows = await operations.run_chunks(house.cache)
        house.sender.send_soon(rows or [])
        return rows is not None

    async def broadcasts_() -> bool:
        return await broadcasts.begin_due(house.cache)

    async def copies() -> bool:
        await copier.look()
        return False

    async def housekeeping() -> bool:
        await database.repeated(account.beat)
        await database.repeated(settle_shared_values)
        await database.repeated(lambda: usage.tell(house.settings.timezone))
        if rows := await database.repeated(lambda: alarms.look(house.settings.timezone)):
            house.sender.send_soon(rows)
        while await database.repeated(ending.tell):
            pass
        await leave_unclaimed(house)
        return False

    return [
        worker.Duty("steps", steps, lambda: _until(due.next_at)),
        worker.Duty("outbox", outbox, lambda: _wait(LOOK)),
        worker.Duty("broadcasts", broadcasts_, lambda: _until(runs.next_at)),
        worker.Duty("operations", operations_, lambda: _wait(LOOK)),
        worker.Duty("copies", copies, lambda: _wait(LOOK)),
        worker.Duty("lanes", lanes, lambda: _wait(SWEEP)),
        worker.Duty("housekeeping", housekeeping, lambda: _wait(HOUSEKEEPING), REST),
    ]


async def _until(next_at: Callable[[], Awaitable[datetime | None]]) -> float:
    """Seconds until the moment at which something falls due."""
    at = await next_at()
    if at is None:
        return LOOK
    # something due that could not be claimed is held by another worker: look again in a moment
    return min(LOOK, max(0.1, (at - await clock.now()).total_seconds()))


async def _wait(seconds: float) -> float:
    return seconds


async def read_quota(house: wiring.House) -> None:
    """Ask LINE what the month allows and what it has counted."""
    asked = await clock.now()
    try:
        allowed, used = await house.line.quota(), await house.line.consumption()
    except (ports.Later, ports.Never) as error:
        log.info("quota not read", error=type(error).__name__)
        return
    await database.repeated(lambda: quota.record(house.settings.timezone, allowed, used, asked))


def _crons(house: wiring.House) -> list[worker.Cron]:
    async def ask_quota() -> None:
        await read_quota(house)

    async def ask_counts() -> None:
        await insight.fetch(house.line)

    async def purge() -> None:
        for forget in FORGETTING:
            while await database.repeated(forget):
                pass
        await copying.forget(house.settings.media_dir)

    async def keep_backup() -> None:
        await database.repeated(lambda: keep_at_night(house))

    async def count() -> None:
        while await database.repeated(lambda: count_segments(house)):
            pass

    return [
        worker.Cron("quota", ask_quota, {7}),
        worker.Cron("aggregates", ask_counts, {37}),
        worker.Cron("segments", count, {13}),
        worker.Cron("purge", purge, {23}),
        worker.Cron("backup", keep_backup, {41}),
    ]


async def keep_at_night(house: wiring.House) -> None:
    """Asked every hour; between two and six what has changed is kept, so that a worker may miss some of them."""
    now = await clock.now()
    if now.astimezone(house.settings.zone).hour in NIGHT:
        await backups.keep_tonight(book.NOUNS, house.settings.zone, now)


async def count_segments(house: wiring.House) -> int:
    """Note once a day how many fit each saved segment, some of them at a time."""
    moment = await clock.read()
    meaning = (await house.cache.at(moment)).meaning
    sight = segments.Sight(moment.now, house.settings.zone, meaning=meaning)
    return await saved.count_some(sight, moment.now.astimezone(house.settings.zone).date())


async def clear_bin() -> bool:
    return await bin.clear(await clock.now(), PURGE)


async def forget_delayed() -> int:
    return await delayed.purge(await clock.now(), PURGE)


async def forget_quotable() -> int:
    return await quotable.purge(await clock.now(), PURGE)


async def forget_events() -> int:
    return await inbox.purge(PURGE)


async def forget_charts() -> int:
    return await charts.purge(await clock.now(), PURGE)


async def forget_unmatched() -> int:
    return await unmatched.purge(await clock.now(), PURGE)


async def forget_spent() -> int:
    return await spent_tokens.purge(await clock.now(), PURGE)


async def forget_bodies() -> int:
    return await retention.forget_bodies(await clock.now(), PURGE)


async def forget_deeds() -> int:
    return await retention.forget_deeds(await clock.now(), PURGE)


async def forget_uploads() -> int:
    return await uploads.forget_loose(await clock.now(), PURGE)


# What is begun first is done first: an hour's purge that takes too long goes on an hour later.
FORGETTING: tuple[Callable[[], Awaitable[int]], ...] = (
    *(forget_events, clear_bin, forget_delayed, forget_quotable, forget_unmatched, forget_charts),
    *(forget_uploads, forget_deeds, forget_bodies, forget_spent),
)


async def settle_shared_values() -> int:
    """Write down what has come to hold by time alone; messages have said it since that moment."""
    return await shared_values.settle(await clock.now())


async def leave_unclaimed(house: wiring.House) -> None:
    """Groups that nobody has claimed in time, or that guessed codes, are left; LINE's event does the rest."""
    for group in await staff.groups_to_leave(await clock.now()):
        try:
            await house.line.leave_group(group.line_group_id)
        except ports.Later:
            continue
        except ports.Never:
            log.info("group was gone already", group=group.id)
        await database.repeated(lambda left=group.id: staff.left(left))  # type: ignore[misc] # mypy infers no default
