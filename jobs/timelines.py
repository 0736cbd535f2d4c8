"""Timelines: when each step of a scenario version would come to somebody who starts at a given moment; pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from jobs import configuration, scenarios, timing


@dataclass(frozen=True, slots=True)
class Stop:
    """One step: `at` (UTC) it comes, `wanted` is when it would come at all hours; `missed`: its date is over then."""

    at: datetime
    wanted: datetime
    missed: bool = False

    @property
    def held(self) -> bool:
        return self.at > self.wanted


def of(
    config: configuration.Configuration,
    version: configuration.Version,
    started_at: datetime,
    *,
    passed: Collection[int] = (),
) -> list[Stop]:
    """Every step as the engine would keep it, in order, for a start that answers what somebody does.

    Steps `passed` over, and those whose date is over, are left out of the way of those behind them: they take no time.
    """
    found: list[Stop] = []
    before: datetime | None = None
    for place, step in enumerate(version.steps):
        wanted = timing.due(step.timing, started_at, before, config.zone)
        wanted = max(wanted, before) if before is not None else wanted
        if scenarios.missed(config, version, step, started_at, wanted):
            fixed = timing.appointed(step.timing, config.zone) or wanted
            found.append(Stop(fixed, fixed, missed=True))
            continue
        answering = (before or started_at) == started_at
        found.append(Stop(scenarios.allowed(config, version, step, wanted, answering=answering), wanted))
        if place not in passed:
            before = found[-1].at
    return found
