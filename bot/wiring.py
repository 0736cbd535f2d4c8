"""Joins database, queue, LINE and clock once; the server, the worker, the sandbox and the tests all use it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot import identity, lanes, line, opening, settings, trouble
from jobs import configuration, delivery, ports, worker
from storage import account, database, delayed, operations, outbox, scenarios
from storage.broadcasts import runs
from storage.links import clicks

POOL = 8  # connections of one process for its work
FINISHING = 8.0  # seconds that calls on their way get when the process stops
INTAKE_POOL = 2  # and for the webhook's inserts

log = structlog.get_logger()


HELD_BACK = (
    "⚠️ 控えから戻したか、長く止まっていたため、お客様への送信をすべて止めています。"
    "「設定 緊急停止 解除」で、待っている通数を確かめてから再開できます。"
)


class NotReady(settings.Wrong):
    """The LINE account is not the one this database belongs to; the message is one sentence for whoever starts us."""


class Sender:
    """Sends rows just committed, without making whoever wrote them wait."""

    def __init__(self, outgoing: delivery.Delivery, waker: worker.Waker) -> None:
        self._delivery = outgoing
        self._waker = waker
        self._tasks: set[asyncio.Task[None]] = set()

    def send_soon(self, ids: Sequence[int]) -> None:
        """Also wakes some worker: what was committed may have made a step or an operation due."""
        self._waker.wake()
        if ids:
            task = asyncio.create_task(self._send(ids), name="send now")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, ids: Sequence[int]) -> None:
        try:
            await self._delivery.send_now(ids)
        except Exception as error:
            if not database.transient(error):
                raise
            log.warning("rows left to the worker", rows=len(ids), error=type(error).__name__)

    async def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))


@dataclass(frozen=True, slots=True)
class House:
    """One process's parts."""

    settings: settings.Settings
    line: line.Client
    cache: configuration.Cache
    delivery: delivery.Delivery
    sender: Sender
    lanes: lanes.Lanes
    waker: worker.Waker
    identity: identity.Proof


@asynccontextmanager
async def house(given: settings.Settings, intake: bool = False) -> AsyncIterator[House]:
    """Everything connected and checked. Raises settings.Wrong, or what the database or LINE's address raises."""
    await database.connect(given.database_url, POOL, INTAKE_POOL if intake else 0)
    try:
        await trouble.require_schema()
        await database.repeated(lambda: _doubt_after_a_restore(given))
        shared = delivery.Shared(given.redis_url, queue_prefix(given))
        async with (
            line.Client(
                given.line_api_url, given.line_channel_access_token, given.line_data_api_url, shared=shared
            ) as outside,
            opening.Web() as web,
            identity.Proof(given.line_api_url, given.line_login_url, given.line_login_channel_id) as proof,
        ):
            liff = f"{given.liff_url}/{given.liff_id}" if given.liff_id else ""
            cache = configuration.Cache(
                given.zone,
                public=bool(given.public_url) or given.sandbox,
                key=given.secret_key[0] if given.secret_key else "",
                liff=liff,
            )
            outgoing = delivery.Delivery(outside, given.zone, public_url=given.public_url, liff=liff, shared=shared)
            waker = worker.Waker(given.redis_url, queue_prefix(given))
            sender = Sender(outgoing, waker)
            waker.start()
            shared.start()
            try:
                events = lanes.Lanes(outside, cache, sender, web)
                yield House(given, outside, cache, outgoing, sender, events, waker, proof)
            finally:
                await waker.stop()
                await _finish(outgoing)
                await shared.stop()
    finally:
        await database.disconnect()


async def _doubt_after_a_restore(given: settings.Settings) -> None:
    """A restored backup, or a long silence, leaves open what has been sent since: staff decide (DELIVERY 22).

    The sandbox may rest for a weekend; only a restore is a reason for doubt there. Of several processes that start,
    the first one does this, for all.
    """
    heartbeat = await account.heartbeat(lock=True)
    restored = heartbeat == account.RESTORED
    if given.sandbox and not restored:
        return
    if await outbox.after_restore(heartbeat, declared=restored) is not None:
        await scenarios.doubt_due()
        await delayed.doubt_due()
        await operations.doubt_running()
        await runs.doubt_due()
        await clicks.doubt_due()
        await outbox.notice("restored", HELD_BACK)
        await account.beat()


async def _finish(outgoing: delivery.Delivery) -> None:
    """Calls on their way are waited for, so that they need not come back as doubts."""
    try:
        async with asyncio.timeout(FINISHING):
            await outgoing.settle()
    except TimeoutError:
        log.warning("calls left on their way")


def queue_prefix(given: settings.Settings) -> str:
    """Installs that share a Redis are kept apart by the names of their databases."""
    return f"{database.credentials(given.database_url)['database']}:"


async def recognise(house: House) -> str:
    """The bot's own LINE user id, asked of LINE and kept: another account's credentials are refused (law 12)."""
    known = await account.bot()
    try:
        info = await house.line.bot_info()
    except (ports.Forbidden, ports.Never) as error:
        raise NotReady(
            "LINE does not accept LINE_CHANNEL_ACCESS_TOKEN: issue a new one in the LINE Developers console and set it."
        ) from error
    except ports.Later as error:
        if known is None:
            raise NotReady("LINE cannot be reached, and this install has never met it: try again later.") from error
        return known
    found = str(info["userId"])
    if known is not None and known != found:
        raise NotReady(
            "This database belongs to another LINE official account: give each account a database of its own."
        )
    if known is None:
        await account.remember_bot(found, str(info.get("displayName", "")))
    return found
