"""What happened on each day in Japan: people reached by each kind of send, friends won and lost."""

from dataclasses import dataclass, field

from tests.simulator import japan

ADDED = "added"
BLOCKED = "blocked"
UNBLOCKED = "unblocked"


@dataclass(slots=True)
class Tallies:
    """days: yyyyMMdd -> what -> how many. today and the next two say which day it is, because every send asks."""

    days: dict[str, dict[str, int]] = field(default_factory=dict)
    today: str = ""
    from_ms: int = 0
    to_ms: int = 0

    def count(self, what: str, number: int, now_ms: int) -> None:
        if not self.from_ms <= now_ms < self.to_ms:
            self.today = japan.day(now_ms)
            self.from_ms = japan.start_of_day(now_ms)
            self.to_ms = self.from_ms + japan.DAY_MS
            self.days.setdefault(self.today, {})
        counts = self.days[self.today]
        counts[what] = counts.get(what, 0) + number

    def of(self, day: str, what: str) -> int:
        return self.days.get(day, {}).get(what, 0)

    def until(self, day: str, what: str) -> int:
        """All up to and with that day."""
        return sum(counts.get(what, 0) for date, counts in self.days.items() if date <= day)
