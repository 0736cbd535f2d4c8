"""Sending: claims rows, starts calls at LINE's pace, gathers their ends and writes them in bulk."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from jobs import ports
from jobs.delivery import sentences, sharing, verdicts
from jobs.delivery.endpoints import Endpoint
from jobs.delivery.rules import KINDS, Rules
from jobs.messages import hosting
from storage import database, outbox, pauses, quotable
from storage.broadcasts import aggregates
from storage.outbox import claims, ends

BATCH = 500  # verdicts that are written without waiting for more
LONG_LOOK = 0.05  # seconds a claim takes that finds nothing among very many rows
LONG_LOOKS = 4.0  # rests so many times as long as it took
NAME_REFUSED = (400, 403)  # for an account that may not have its messages counted under a name
GLANCE = 0.2  # seconds at most between two looks for new rows while calls are on their way

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Finished:
    row: claims.Claimed
    verdict: ends.Verdict
    also: verdicts.Also = verdicts.Also.NOTHING
    outage: bool = False  # this end made it `Rules.failures` in a row
    recovered: bool = False  # the endpoint answered a probe
    told: tuple[str, ...] = ()  # LINE's ids of an answer to staff, who may quote it
    nameless: str | None = None  # LINE took the row only without this name


class Delivery:
    """One process's way to LINE. Nothing is lost when it dies: what it holds comes back when the leases run out."""

    def __init__(
        self,
        line: ports.Line,
        zone: ZoneInfo,
        rules: Rules | None = None,
        public_url: str = "",
        liff: str = "",
        shared: sharing.Shared | None = None,
    ) -> None:
        self.shared = shared
        self.public_url = public_url  # where the media are served that our messages name
        self.liff = liff  # and where customers open our pages in LINE
        self._line = line
        self._zone = zone.key
        self._rules = rules or Rules()
        self._endpoints = {
            kind: Endpoint(kind, self._rules.paces[kind], self._rules.slots[kind], shared) for kind in KINDS
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._active: set[int] = set()  # claimed by us and not yet settled
        self._probes: set[int] = set()
        self._wanted: dict[int, asyncio.Future[None]] = {}  # what `send_now` waits for
        self._fresh: dict[int, None] = {}  # to be claimed at once, in this order
        self._held: dict[int, None] = {}  # the same, once something has settled
        self._finished: list[_Finished] = []
        self._claiming = False
        self._settling = False
        self._settled = asyncio.Event()
        self._room = asyncio.Event()
        self._look_at = float("-inf")
        self._probed_at = float("-inf")
        self._checked_at = float("-inf")

    # What others call

    async def send_now(self, ids: Sequence[int]) -> None:
        """Send rows just committed; back when their ends are written, or at once for what cannot go now.

        Whatever stays open is found by the worker's loop. Many calls at a time share their statements.
        """
        mine = {one: self._wanted.setdefault(one, asyncio.get_running_loop().create_future()) for one in ids}
        if not mine:
            return
        self._fresh |= dict.fromkeys(mine)
        self._claim_soon()
        _, late = await asyncio.wait(mine.values(), timeout=self._rules.patience)
        if late:
            self._give_up([one for one in mine if one not in self._active])
            await asyncio.wait(mine.values())
        for error in [future.exception() for future in mine.values() if future.done()]:
            if error is not None:
                raise error

    async def send_due(self, limit: int | None = None) -> int:
        """One round of the worker's loop: claim what can go and start it. How many rows were handled; 0 means that
        nothing can go now and nothing is on its way."""
        busy = self._busy()  # what ends while we look may have made room for more
        rows = await self._look(limit)
        rows += await self._claim_probes(idle=not rows)
        if rows:
            await self._wait(self._room)
            return len(rows)
        if self._busy():
            await self._wait(self._settled)
        if busy or self._busy():
            return 1
        await self._check_channel()
        return len(await self.settle_expired())

    async def settle_expired(self) -> list[ends.End]:
        """See to leases that ran out, reply tokens that died, doubts that have grown old; what became of them."""
        found = await database.repeated(lambda: ends.sweep(self._zone))
        if any(one.state == "unknown" for one in found):
            await database.repeated(lambda: outbox.notice("unknown", sentences.UNKNOWN))
        return found

    async def next_try(self) -> datetime | None:
        """Real time at which `send_due` may find something again; None when nothing is unfinished."""
        return await claims.next_at()

    async def settle(self) -> None:
        """Wait until nothing is on its way any more and all ends are written."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def close_ambiguous_for_move(self) -> int:
        """Before business time jumps (DELIVERY 12): wait a little for what is on its way or in doubt, then give the
        rest up as unknown, since LINE's memory of keys and tokens jumps too. How many were given up."""
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + self._rules.move_patience
        while await ends.in_doubt() and loop.time() < ends_at:
            if not await self.send_due():
                await asyncio.sleep(0.05)
        closed = await database.repeated(lambda: ends.close_doubt(self._zone))
        if closed:
            await database.repeated(lambda: outbox.notice("unknown", sentences.UNKNOWN))
        return len(closed)

    # Claiming

    async def _look(self, limit: int | None) -> list[claims.Claimed]:
        """Claim from the whole queue. When a look was long because very many rows are held back, the next one waits, so
        that looking takes no more than a small share of the database's time."""
        loop = asyncio.get_running_loop()
        if (rest := self._look_at - loop.time()) > 0:
            await asyncio.sleep(rest)
        started = loop.time()
        rows = await self._claim(None, limit)
        took = loop.time() - started
        self._look_at = loop.time() + (min(LONG_LOOKS * took, 1.0) if took > LONG_LOOK and not rows else 0.0)
        return rows

    async def _claim(self, only: Sequence[int] | None, limit: int | None = None) -> list[claims.Claimed]:
        loop = asyncio.get_running_loop()
        now = loop.time()
        places = {kind: one.places(now, self._rules.ahead) for kind, one in self._endpoints.items()}
        if limit is not None:
            places = {kind: min(limit, count) for kind, count in places.items()}
        rows = await claims.claim(self._zone, places, self._rules.leases, only)
        self._start(rows, now + self._rules.start_within)
        return rows

    async def _claim_probes(self, idle: bool) -> list[claims.Claimed]:
        """Failing endpoints are tried with one row at a time, by whichever process is first."""
        now = asyncio.get_running_loop().time()
        if not idle and now - self._probed_at < GLANCE:
            return []
        self._probed_at = now
        due = [kind for kind in await pauses.probe_due() if not self._endpoints[kind].closed]
        if not due:
            return []
        rows = await claims.probe(self._zone, due, self._rules.leases)
        self._probes |= {row.id for row in rows}
        self._start(rows, now + self._rules.start_within)
        return rows

    def _claim_soon(self) -> None:
        if not self._claiming and self._fresh:
            self._claiming = True
            self._spawn(self._claim_wanted())

    async def _claim_wanted(self) -> None:
        """Claim what `send_now` wants; what has gathered meanwhile goes into one statement."""
        try:
            while self._fresh:
                ids, self._fresh = [one for one in self._fresh if one not in self._active], {}
                try:
                    rows = await self._claim(ids)
                except Exception as error:  # noqa: BLE001 - each caller of `send_now` gets it
                    self._fail(ids, error)
                    continue
                taken = {row.id for row in rows}
                left = [one for one in ids if one not in taken and one not in self._active]
                if self._active:
                    self._held |= dict.fromkeys(left)
                else:
                    self._give_up(left)
        finally:
            self._claiming = False

    def _give_up(self, ids: Iterable[int]) -> None:
        """The worker's loop will find them."""
        for one in ids:
            self._held.pop(one, None)
            self._fresh.pop(one, None)
            self._resolve(one)

    def _fail(self, ids: Iterable[int], error: Exception) -> None:
        for one in ids:
            future = self._wanted.pop(one, None)
            if future is not None and not future.done():
                future.set_exception(error)

    def _resolve(self, one: int) -> None:
        future = self._wanted.pop(one, None)
        if future is not None and not future.done():
            future.set_result(None)

    # Calling

    def _start(self, rows: Sequence[claims.Claimed], start_by: float) -> None:
        if not rows:
            return
        self._active.update(row.id for row in rows)
        self._room.clear()
        for kind, endpoint in self._endpoints.items():
            endpoint.add([row for row in rows if row.kind == kind], start_by)
            if endpoint.waiting and not endpoint.starting:
                endpoint.starting = True
                self._spawn(self._start_calls(endpoint))

    async def _start_calls(self, endpoint: Endpoint) -> None:
        """Start waiting rows one after another, at the endpoint's pace, as places become free."""
        loop = asyncio.get_running_loop()
        try:
            while endpoint.waiting:
                await endpoint.free.acquire()
                if not endpoint.closed:
                    await endpoint.turn()
                row, start_by = endpoint.first()
                if 2 * endpoint.waiting <= endpoint.capacity(loop.time(), self._rules.ahead):
                    self._room.set()
                if endpoint.closed or loop.time() > start_by:
                    endpoint.free.release()
                    self._finish(_Finished(row, ends.Verdict(row.id, row.attempt, ends.LAPSED)))
                else:
                    if self.shared is not None:
                        self.shared.tally.started(row, loop.time() - start_by + self._rules.start_within)
                    endpoint.running += 1
                    self._spawn(self._run(endpoint, row))
        finally:
            endpoint.starting = False

    async def _run(self, endpoint: Endpoint, row: claims.Claimed) -> None:
        try:
            await self._attempt(endpoint, row)
        finally:
            endpoint.running -= 1
            endpoint.free.release()

    async def _attempt(self, endpoint: Endpoint, row: claims.Claimed) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        outcome = await self._call(row)
        nameless = None
        if row.unit is not None and outcome.status in NAME_REFUSED:
            unit, row.unit = row.unit, None
            await endpoint.turn_again(row)
            outcome = await self._call(row)
            nameless = unit if outcome.end is ports.End.ACCEPTED else None
        endpoint.took(loop.time() - started)
        if self.shared is not None:
            self.shared.tally.ended(row, outcome.end)
        if row.kind == "multicast" and outcome.end is ports.End.REFUSED and not row.ambiguous:
            validated = None if row.split else (await self._validate(row)).end
            judged = verdicts.judge_refused_multicast(row, validated, self._rules)
        else:
            judged = verdicts.judge(row, outcome.end, self._rules)
        if judged.also is verdicts.Also.SLOWER:
            await endpoint.turns.slower()
        failed = outcome.end in verdicts.FAILED
        endpoint.failures = endpoint.failures + 1 if failed else 0
        outage = failed and endpoint.failures >= self._rules.failures
        if outage:
            endpoint.failures = 0
            endpoint.closed = True
        error = None if judged.word == ends.ACCEPTED else f"{outcome.status or ''} {outcome.detail}".strip()
        verdict = ends.Verdict(row.id, row.attempt, judged.word, judged.pause, outcome.request_id, error)
        recovered = not failed and row.id in self._probes
        told = outcome.sent_ids if row.klass == "staff" and judged.word == ends.ACCEPTED else ()
        self._finish(_Finished(row, verdict, judged.also, outage, recovered, told, nameless))

    async def _call(self, row: claims.Claimed) -> ports.Outcome:
        body = hosting.placed(row.body, self.public_url, self.liff)
        try:
            async with asyncio.timeout(self._rules.timeout + self._rules.margin / 2):
                if row.kind == "reply":
                    return await self._line.reply(row.reply_token or "", body)
                if row.retry_key is None:
                    raise ValueError("a row without a retry key")
                if row.kind == "push":
                    return await self._line.push(row.chat, body, row.retry_key, quiet=row.quiet, unit=row.unit)
                return await self._line.multicast(row.recipients, body, row.retry_key, quiet=row.quiet, unit=row.unit)
        except Exception as error:  # noqa: BLE001 - the outbox row's door: whatever it was, it may have been sent
            log.error("call failed", row=row.id, kind=row.kind, error=type(error).__name__)
            return ports.Outcome(ports.End.AMBIGUOUS, detail=type(error).__name__)

    async def _validate(self, row: claims.Claimed) -> ports.Outcome:
        try:
            async with asyncio.timeout(self._rules.timeout):
                return await self._line.validate(row.kind, hosting.placed(row.body, self.public_url, self.liff))
        except Exception as error:  # noqa: BLE001 - the outbox row's door
            log.error("validation failed", row=row.id, error=type(error).__name__)
            return ports.Outcome(ports.End.UNSENT, detail=type(error).__name__)

    # Settling

    def _finish(self, finished: _Finished) -> None:
        self._finished.append(finished)
        if not self._settling:
            self._settling = True
            self._spawn(self._settle())

    async def _settle(self) -> None:
        """Write ends as they come, many at a time while calls are on their way."""
        try:
            while self._finished:
                if len(self._finished) < min(BATCH, len(self._active)):
                    await asyncio.sleep(self._rules.linger)
                batch, self._finished = self._finished, []
                await self._write_batch(batch)
                self._forget(batch)
        finally:
            self._settling = False

    async def _write_batch(self, batch: Sequence[_Finished]) -> None:
        try:
            again = await database.repeated(lambda: self._write(batch))
        except Exception as error:  # noqa: BLE001 - the outbox row's door
            if database.transient(error) or len(batch) == 1:
                # the leases run out, and the same keys and bodies go again; the error's text may quote the row
                log.error("ends not written", rows=len(batch), first=batch[0].row.id, error=type(error).__name__)
                return
            middle = len(batch) // 2
            await self._write_batch(batch[:middle])
            await self._write_batch(batch[middle:])
            return
        self._fresh |= dict.fromkeys(again)

    async def _write(self, batch: Sequence[_Finished]) -> list[int]:
        """One transaction: the ends of a batch and what they say beyond their rows; ids that may go again at once."""
        apart = {verdicts.BISECT: ends.bisect, verdicts.UNPACK: ends.unpack}
        plain = [one.verdict for one in batch if one.verdict.word not in apart]
        found = await ends.settle(self._zone, plain, self._rules.repeat_certain) if plain else []
        tokenless = {one.id for one in plain if one.word == ends.BAD_TOKEN}
        again = [one.id for one in found if one.id in tokenless and one.state == "open"]
        many = {one.row.id for one in batch if one.row.kind == "multicast"}
        returned = [one.id for one in found if one.id in many and one.state == "open"]
        halved = [one.verdict for one in batch if one.verdict.word == verdicts.BISECT]
        if halved:
            halves = await ends.bisect(self._zone, halved)
            again += halves
            returned += halves
        await outbox.leave_out_shut(returned)
        packs = [one for one in batch if one.verdict.word == verdicts.UNPACK]
        if packs:
            parts = [piece for one in packs for piece in verdicts.pieces(one.row)]
            again += await ends.unpack(self._zone, [one.verdict for one in packs], parts)
        if any(one.state == "unknown" for one in found):
            await outbox.notice("unknown", sentences.UNKNOWN)
        dead = {one.id for one in found if one.state == "refused"}
        lost = [one.row for one in batch if one.row.id in dead]
        if any(row.klass != "staff" and not row.cause.startswith("notice:") for row in lost):
            await outbox.notice("refused", sentences.REFUSED)
        if told := {one.row.id: one.told for one in batch if one.told}:
            await quotable.keep(told)
        if nameless := {one.nameless for one in batch if one.nameless is not None}:
            await aggregates.refuse(sorted(nameless))
        await self._write_pauses(batch)
        return again

    async def _write_pauses(self, batch: Sequence[_Finished]) -> None:
        for kind in dict.fromkeys(one.row.kind for one in batch if one.also is verdicts.Also.SLOWER):
            await pauses.slow(kind, self._rules.rest)
        for kind in dict.fromkeys(one.row.kind for one in batch if one.outage):
            await pauses.outage(kind, self._rules.first_probe)
        for kind in dict.fromkeys(one.row.kind for one in batch if one.recovered):
            await pauses.lift(f"outage:{kind}")
        if any(one.also is verdicts.Also.CHANNEL for one in batch) and await pauses.hold("channel", "forbidden"):
            await outbox.notice("channel", sentences.CHANNEL)
        for klass in dict.fromkeys(one.row.klass for one in batch if one.also is verdicts.Also.QUOTA):
            if await pauses.hold(f"quota:{klass}", "quota"):
                await outbox.notice(f"quota:{klass}", sentences.quota(klass))
        for cause in dict.fromkeys(one.row.cause for one in batch if one.also is verdicts.Also.BODY):
            if await pauses.hold(f"cause:{cause}", "body"):
                await outbox.notice(f"body:{cause}", sentences.body(cause))

    def _forget(self, batch: Sequence[_Finished]) -> None:
        for one in batch:
            self._active.discard(one.row.id)
            self._probes.discard(one.row.id)
            if one.outage:
                self._endpoints[one.row.kind].closed = False
            if one.row.id not in self._fresh:
                self._resolve(one.row.id)
        self._settled.set()
        self._settled.clear()
        self._fresh, self._held = self._held | self._fresh, {}
        self._claim_soon()

    async def _check_channel(self) -> None:
        """While the channel is held back because of its credential: whether LINE accepts it again."""
        now = asyncio.get_running_loop().time()
        if now - self._checked_at < self._rules.channel_check:
            return
        self._checked_at = now
        if any(one.scope == "channel" and one.reason == "forbidden" for one in await pauses.held()):
            try:
                await self._line.bot_info()
            except (ports.Later, ports.Never):
                return
            await pauses.lift("channel")

    def _busy(self) -> bool:
        return bool(self._active or self._claiming)

    async def _wait(self, event: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(event.wait(), GLANCE)
        except TimeoutError:
            pass

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
