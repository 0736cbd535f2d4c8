"""One endpoint of LINE as this process uses it: its turns, its free places, what waits to start, how it fares."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence

from jobs.delivery import pace, sharing
from storage.outbox import claims

SMOOTHING = 0.1
FRESH = 2.0  # seconds that what the last share has told of the pace is believed
URGENT = ("reply", "transactional", "staff")  # classes that pass promotions


class Turns:
    """When this process's calls may start: by its shares of the pace that all processes have together, and while they
    are not to be had, by a part of that pace."""

    def __init__(self, endpoint: str, rate: float, shared: sharing.Shared | None = None) -> None:
        self.rate = rate
        self._endpoint = endpoint
        self._shared = shared
        self._own = pace.Pace(rate)
        self._asking = asyncio.Lock()
        self._hurried = asyncio.Event()
        self._left = 0  # places of the last share, and when the next one begins
        self._next = 0.0
        self._told = (float("-inf"), rate, 1)  # when, the whole pace, processes that use it

    async def wait(self, waiting: int = 1, *, urgent: Callable[[], bool] = lambda: True) -> None:
        """Until the next call may start; `waiting` calls want to, this one included.

        Whether something `urgent` is among them is asked again when `hurry` says so.
        """
        loop = asyncio.get_running_loop()
        async with self._asking:
            if self._left and self._next < loop.time() - pace.BURST:
                self._left = 0
            if not self._left and self._shared is not None:
                await self._ask(self._shared, waiting, urgent)
            now = loop.time()
            if self._left:
                self._left -= 1
                wait = self._next - now
                self._next += 1 / self._told[1]
            else:
                wait = self._alone().reserve(now)
        if wait > 0:
            await asyncio.sleep(wait)

    def hurry(self) -> None:
        """Something urgent has come to wait as well."""
        self._hurried.set()

    def current(self, now: float) -> float:
        """Calls a second that this process may hope for."""
        at, whole, using = self._told
        if self._shared is None or not self._shared.near:
            return self._alone().current(now)
        return whole / using if now - at < FRESH else self.rate / self._shared.processes

    async def slower(self) -> None:
        """LINE complained: a smaller pace, for all processes."""
        self._left = 0
        if self._own.slower(asyncio.get_running_loop().time()) and self._shared is not None:
            await self._shared.slower(self._endpoint)

    async def _ask(self, shared: sharing.Shared, waiting: int, urgent: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._hurried.clear()
            share = await shared.take(self._endpoint, self.rate, waiting, urgent())
            if share is None:
                return
            now = loop.time()
            self._told = (now, share.pace, share.using)
            if share.count:
                self._left, self._next = share.count, now + share.wait
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(share.wait):
                    await self._hurried.wait()

    def _alone(self) -> pace.Pace:
        self._own.among = self._shared.processes if self._shared is not None else 1
        return self._own


class Endpoint:
    """Claimed rows wait here with the loop time by which they must start, what is urgent before promotions."""

    def __init__(self, kind: str, rate: float, slots: int, shared: sharing.Shared | None = None) -> None:
        self.kind = kind
        self.slots = slots
        self.turns = Turns(kind, rate, shared)
        self.free = asyncio.Semaphore(slots)
        self.starting = False
        self.running = 0
        self.failures = 0
        self.closed = False  # its outage is being written down: nothing is claimed or started
        self._urgent: deque[tuple[claims.Claimed, float]] = deque()
        self._others: deque[tuple[claims.Claimed, float]] = deque()
        self._latency = 0.0

    @property
    def waiting(self) -> int:
        return len(self._urgent) + len(self._others)

    def add(self, rows: Sequence[claims.Claimed], start_by: float) -> None:
        for row in rows:
            (self._urgent if row.klass in URGENT else self._others).append((row, start_by))
        if self._urgent:
            self.turns.hurry()

    async def turn(self) -> None:
        """Until the next of those that wait may start."""
        await self.turns.wait(self.waiting, urgent=lambda: bool(self._urgent))

    async def turn_again(self, row: claims.Claimed) -> None:
        """Until one that waits no more may be called once more."""
        await self.turns.wait(self.waiting + 1, urgent=lambda: row.klass in URGENT or bool(self._urgent))

    def first(self) -> tuple[claims.Claimed, float]:
        return (self._urgent or self._others).popleft()

    def capacity(self, now: float, ahead: float) -> int:
        """How many calls can start within `ahead` seconds, by pace, free places and how soon places become free."""
        becoming_free = ahead * self.slots / self._latency if self._latency else 0.0
        return int(min(max(1.0, ahead * self.turns.current(now)), self.slots - self.running + becoming_free))

    def places(self, now: float, ahead: float) -> int:
        """How many more rows to claim; none while half of what fits is still waiting, so that claims stay few."""
        if self.closed:
            return 0
        capacity = self.capacity(now, ahead)
        return 0 if 2 * self.waiting > capacity else max(capacity - self.waiting, 0)

    def took(self, seconds: float) -> None:
        self._latency += (seconds - self._latency) * (SMOOTHING if self._latency else 1.0)
