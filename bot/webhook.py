"""LINE's door: raw bytes, signature, one durable inbox row per event, 200; working them off is the lanes' business."""

import asyncio
import hashlib
import hmac
import itertools
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from aiohttp import web

from bot import events
from storage import inbox

PATH = "/line/webhook"
LARGEST_BODY = 1024 * 1024  # bytes
SLOWEST_BODY = 10.0  # seconds
PATIENCE, GLANCE = 1.5, 0.1  # seconds, and how often we look; LINE waits two for an answer
# What one statement takes, and what may wait in memory while the database is away.
BATCH_ROWS, BATCH_BYTES = 500, 4 * 1024 * 1024
WAITING_ROWS, WAITING_BYTES = 20_000, 64 * 1024 * 1024
LONGEST_PAUSE = 1.0  # seconds between attempts while the database is away

log = structlog.get_logger(__name__)


class Away(Exception):
    """The events could not be made durable in time; LINE may deliver them again."""


@dataclass(slots=True)
class _Delivery:
    """The events of one request, and who waits for their commit."""

    rows: list[inbox.Incoming]
    size: int  # bytes
    since: float
    stored: asyncio.Future[bool]  # False: not in time


class Intake:
    """Group commit without a timer: when the writer is free it stores all that has queued meanwhile, in one statement.

    Events stay queued while the database is away, so that what LINE does not deliver again is late and not lost;
    nothing is acknowledged before its commit. `wake` is told the chats that have new work.
    """

    def __init__(self, wake: Callable[[list[str]], None]) -> None:
        self._wake = wake
        self._queue: deque[_Delivery] = deque()
        self._batch: list[_Delivery] = []  # what the writer has in hand
        self._rows = 0
        self._bytes = 0
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._writer: asyncio.Task[None] | None = None
        self._watch: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        """False before the start, after the end, and when a bug has ended it: then every request gets 503."""
        return self._writer is not None and not self._writer.done()

    async def start(self) -> None:
        self._writer = asyncio.create_task(self._write(), name="intake")
        self._writer.add_done_callback(_tell)
        self._give_up()

    async def stop(self, patience: float = 5.0) -> None:
        """Store what has queued, for at most `patience` seconds, and end."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        idle = asyncio.create_task(self._idle.wait())
        await asyncio.wait({writer, idle}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        idle.cancel()
        writer.cancel()
        await asyncio.wait({writer, idle})
        if self._watch is not None:
            self._watch.cancel()
        for delivery in itertools.chain(self._batch, self._queue):
            if not delivery.stored.done():
                delivery.stored.set_result(False)

    async def store(self, rows: list[inbox.Incoming]) -> None:
        """Return when these events are committed. Raises Away; they may be stored later even so."""
        size = sum([len(row.body) for row in rows])
        if not self.running or self._rows + len(rows) > WAITING_ROWS or self._bytes + size > WAITING_BYTES:
            raise Away
        loop = asyncio.get_running_loop()
        delivery = _Delivery(rows, size, loop.time(), loop.create_future())
        self._queue.append(delivery)
        self._rows += len(rows)
        self._bytes += size
        self._idle.clear()
        self._arrived.set()
        if not await delivery.stored:
            raise Away

    def _give_up(self) -> None:
        """Answer those who have waited too long; one timer for all, since one each would cost more than the rest."""
        loop = asyncio.get_running_loop()
        latest = loop.time() - PATIENCE
        for delivery in itertools.chain(self._batch, self._queue):
            if delivery.since > latest:
                break
            if not delivery.stored.done():
                delivery.stored.set_result(False)
        self._watch = loop.call_later(GLANCE, self._give_up)

    async def _write(self) -> None:
        while True:
            await self._arrived.wait()
            self._batch = self._take()
            chats = await self._commit([row for delivery in self._batch for row in delivery.rows])
            for delivery in self._batch:
                self._rows -= len(delivery.rows)
                self._bytes -= delivery.size
                if not delivery.stored.done():
                    delivery.stored.set_result(True)
            self._batch = []
            if chats:
                asyncio.get_running_loop().call_soon(self._wake, chats)
            if not self._queue:
                self._arrived.clear()
                self._idle.set()

    def _take(self) -> list[_Delivery]:
        batch = [self._queue.popleft()]
        rows, size = len(batch[0].rows), batch[0].size
        while self._queue and rows < BATCH_ROWS and size < BATCH_BYTES:
            batch.append(self._queue.popleft())
            rows += len(batch[-1].rows)
            size += batch[-1].size
        return batch

    async def _commit(self, rows: list[inbox.Incoming]) -> list[str]:
        try:
            return await self._insert(rows)
        except inbox.Unfit:
            log.warning("events go in one by one", rows=len(rows))
        chats: set[str] = set()
        for row in rows:
            try:
                chats.update(await self._insert([row]))
            except inbox.Unfit:
                chats.update(await self._insert([unreadable(row.body)]))
        return list(chats)

    async def _insert(self, rows: list[inbox.Incoming]) -> list[str]:
        """Try until the database takes the rows, or says that one is unfit. Raises inbox.Unfit."""
        pause = 0.05
        again = False
        while True:
            try:
                chats = await inbox.insert(rows)
            except inbox.Away as error:
                log.warning("events wait for the database", rows=len(rows), error=str(error))
            else:
                # An attempt that failed may have been committed, and then this one finds nothing new.
                return list({row.chat for row in rows if row.state == "open"}) if again else chats
            again = True
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _tell(writer: asyncio.Task[None]) -> None:
    if not writer.cancelled() and writer.exception():
        log.error("the intake has ended", exc_info=writer.exception())


def routes(intake: Intake, secrets: Sequence[str], bot_user_id: Callable[[], str | None]) -> list[web.RouteDef]:
    """The webhook's route: `secrets` are the channel's (two while one is replaced), `bot_user_id` says who we are."""
    if not secrets or not all(secrets):
        raise ValueError("a webhook needs a channel secret")
    keys = [secret.encode() for secret in secrets]

    async def receive(request: web.Request) -> web.Response:
        try:
            body = await _body(request)
        except TimeoutError:
            return web.Response(status=408)
        if body is None:
            return web.Response(status=413)
        if not signed(body, request.headers.get("x-line-signature", ""), keys):
            return web.Response(status=401)
        rows = incoming(body, bot_user_id())
        try:
            if rows:
                await intake.store(rows)
        except Away:
            return web.Response(status=503)
        return web.Response()

    return [web.post(PATH, receive)]


async def _body(request: web.Request) -> bytes | None:
    """The raw body, or None when it is too large; however it is framed, no more than the limit is kept.

    Raises TimeoutError.
    """
    if (request.content_length or 0) > LARGEST_BODY:
        return None
    if request.content.is_eof():  # it came together with its head, as most do
        body = request.content.read_nowait()
        return body if len(body) <= LARGEST_BODY else None
    gathered = bytearray()
    async with asyncio.timeout(SLOWEST_BODY):
        while chunk := await request.content.readany():
            gathered += chunk
            if len(gathered) > LARGEST_BODY:
                return None
    return bytes(gathered)


def signed(body: bytes, signature: str, keys: Sequence[bytes]) -> bool:
    """Whether one of the channel's secrets made `signature` over the raw `body`."""
    given = signature.encode("utf-8", "surrogateescape")
    found = False
    for key in keys:
        expected = b64encode(hmac.digest(key, body, "sha256"))
        found |= hmac.compare_digest(expected, given)
    return found


def incoming(body: bytes, bot_user_id: str | None) -> list[inbox.Incoming]:
    """The rows of a signed body; what cannot be read is kept whole."""
    try:
        payload = events.parse(body)
        listed = payload.get("events") if isinstance(payload, dict) else None
        if not isinstance(listed, list):
            return [unreadable(body)]
        destination = payload.get("destination")
        foreign = bool(bot_user_id) and isinstance(destination, str) and destination != bot_user_id
        return [_row(event, "foreign" if foreign else "open") for event in listed]
    except ValueError:
        return [unreadable(body)]


def unreadable(body: bytes) -> inbox.Incoming:
    return inbox.Incoming(_digest(body), "", None, body, "unreadable")


def _row(event: Any, state: str) -> inbox.Incoming:
    body = events.serialise(event)
    if not isinstance(event, dict):
        return unreadable(body)
    row = inbox.Incoming(
        events.event_id(event) or "",
        events.chat(event),
        events.happened_at(event),
        body,
        state,
        events.is_redelivery(event),
    )
    return row if row.webhook_event_id else replace(row, webhook_event_id=_own_id(event))


def _own_id(event: dict[str, Any]) -> str:
    """An id for an event without one: the same whenever it is delivered, since only the delivery's context differs."""
    said = {name: event[name] for name in sorted(event) if name != "deliveryContext"}
    return _digest(events.serialise(said))


def _digest(body: bytes) -> str:
    return "~" + hashlib.sha256(body).hexdigest()[:48]  # LINE's own ids are letters and digits
