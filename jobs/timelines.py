"""Timelines: when each step of a scenario version would come to somebody who starts at a given moment; pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from jobs import configuration, timing


def of(version: configuration.Version, started_at: datetime, zone: ZoneInfo, first: int = 0) -> list[datetime]:
    """The moment (UTC) of every step from `first` on, as the engine keeps them: in order, within the hours allowed."""
    moments: list[datetime] = []
    for step in version.steps[first:]:
        at = timing.due(step.timing, started_at, moments[-1] if moments else None, zone)
        if moments:
            at = max(at, moments[-1])
        moments.append(timing.next_open(version.window, at, zone) if version.window else at)
    return moments
