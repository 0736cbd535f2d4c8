"""One endpoint's pace as a process keeps it by itself: a token bucket that LINE's complaints slow down."""

BURST = 0.05  # seconds of unused pace that may be caught up on
SLOWEST = 1 / 16  # of the full pace
RECOVERY = 1.1  # the pace grows by this factor each second without a complaint


class Pace:
    """A token bucket by virtual times: halved when LINE complains, slowly full again."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.among = 1  # processes that have the rate together
        self._share = 1.0
        self._slowed_at = float("-inf")
        self._next = float("-inf")

    def reserve(self, now: float) -> float:
        """Take the next place; seconds to wait for it."""
        self._next = max(self._next, now - BURST) + 1 / self.current(now)
        return max(0.0, self._next - now)

    def current(self, now: float) -> float:
        """Calls a second at this moment."""
        return self.rate / self.among * self._part(now)

    def slower(self, now: float) -> bool:
        """LINE complained; what comes in the same half second is the same complaint, and False."""
        if now - self._slowed_at < 0.5:
            return False
        self._share = max(SLOWEST, self._part(now) / 2)
        self._slowed_at = now
        return True

    def _part(self, now: float) -> float:
        if self._share == 1.0:
            return 1.0
        grown: float = RECOVERY ** (now - self._slowed_at)
        return min(1.0, self._share * grown)
