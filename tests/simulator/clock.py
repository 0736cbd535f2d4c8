"""A channel's own time: the real time plus an offset that only moves forward."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """offset_ms is how far this channel is ahead of the machine's clock."""

    offset_ms: int = 0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.offset_ms

    def move_to(self, at_ms: int) -> None:
        """Go to that instant; an instant already past changes nothing."""
        self.offset_ms += max(0, at_ms - self.now_ms())


def iso(at_ms: int) -> str:
    """2026-11-23T03:04:05.678Z"""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> int:
    """An ISO 8601 instant in whole ms, rounded up, so that what is due then is due; ValueError without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the instant {text!r} has no time zone")
    return -((EPOCH - moment) // timedelta(milliseconds=1))
