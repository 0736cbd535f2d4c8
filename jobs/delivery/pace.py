"""One endpoint of LINE as this process uses it: its pace, its free places, what waits to start, how it fares."""

import asyncio
from collections import deque

from storage.outbox import claims

BURST = 0.05  # seconds of unused pace that may be caught up on
SLOWEST = 1 / 16  # of the full pace
RECOVERY = 1.1  # the pace grows by this factor each second without a complaint
SMOOTHING = 0.1


class Pace:
    """A token bucket by virtual times: halved when LINE complains, slowly full again."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._share = 1.0
        self._slowed_at = float("-inf")
        self._next = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next place; seconds to wait for it."""
        self._next = max(self._next, now - BURST) + 1 / self.current(now)
        return max(0.0, self._next - now)

    def current(self, now: float) -> float:
        """Calls a second at this moment."""
        if self._share == 1.0:
            return self.rate
        grown: float = RECOVERY ** (now - self._slowed_at)
        return self.rate * min(1.0, self._share * grown)

    def slower(self, now: float) -> None:
        """LINE complained; what comes in the same half second is the same complaint."""
        if now - self._slowed_at >= 0.5:
            self._share = max(SLOWEST, self.current(now) / self.rate / 2)
            self._slowed_at = now


class Endpoint:
    """`queue` holds claimed rows with the loop time by which they must start."""

    def __init__(self, kind: str, pace: float, slots: int) -> None:
        self.kind = kind
        self.slots = slots
        self.pace = Pace(pace)
        self.queue: deque[tuple[claims.Claimed, float]] = deque()
        self.free = asyncio.Semaphore(slots)
        self.starting = False
        self.running = 0
        self.failures = 0
        self.closed = False  # its outage is being written down: nothing is claimed or started
        self._latency = 0.0

    def capacity(self, now: float, ahead: float) -> int:
        """How many calls can start within `ahead` seconds, by pace, free places and how soon places become free."""
        becoming_free = ahead * self.slots / self._latency if self._latency else 0.0
        return int(min(max(1.0, ahead * self.pace.current(now)), self.slots - self.running + becoming_free))

    def places(self, now: float, ahead: float) -> int:
        """How many more rows to claim; none while half of what fits is still waiting, so that claims stay few."""
        if self.closed:
            return 0
        capacity = self.capacity(now, ahead)
        waiting = len(self.queue)
        return 0 if 2 * waiting > capacity else max(capacity - waiting, 0)

    def took(self, seconds: float) -> None:
        self._latency += (seconds - self._latency) * (SMOOTHING if self._latency else 1.0)
