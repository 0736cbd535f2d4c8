"""What is still to leave by itself until a moment: broadcasts, the steps of scenarios, and actions put off."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs import action_lists, configuration, recurrence, scenarios
from storage import delayed, operations
from storage import scenarios as walks
from storage.broadcasts import runs


@dataclass(frozen=True, slots=True)
class Forecast:
    """Messages that are not yet in the outbox, by what they come from."""

    broadcasts: int  # and deeds for many friends that are under way
    steps: int
    actions: int

    @property
    def total(self) -> int:
        return self.broadcasts + self.steps + self.actions


async def of(
    cache: configuration.Cache,
    config: configuration.Configuration,
    now: datetime,
    until: datetime,
    besides: int | None = None,
) -> Forecast:
    """As it stands: who will begin a scenario, and what customers set off, cannot be known. `besides`: a broadcast
    that is left out."""
    planned = sum(_runs(one, until, config.zone) * one.confirmed for one in await runs.due_before(until, besides))
    planned += await operations.still_to_write(action_lists.WRITING)
    actions = await delayed.due_before(until, action_lists.WRITING)
    return Forecast(planned, await _steps(cache, config, now, until), actions)


def _runs(one: runs.Waiting, until: datetime, zone: ZoneInfo) -> int:
    """How often a broadcast is sent before `until`: once, or again and again to as many."""
    if one.repeats is None:
        return 1
    return 1 + recurrence.count(recurrence.from_json(one.repeats), one.at, until, zone)


async def _steps(
    cache: configuration.Cache, config: configuration.Configuration, now: datetime, until: datetime
) -> int:
    """Everything that those on the way get before `until`; friends who stand alike, day for day, are walked as one."""
    alike = await walks.alike_before(until, config.zone.key)
    versions = await cache.versions([one.version for one in alike])
    return sum(
        one.friends * _walked(config, versions[one.version], one.walk, now, until)
        for one in alike
        if one.version in versions
    )


def _walked(
    config: configuration.Configuration,
    version: configuration.Version,
    given: walks.Walk,
    now: datetime,
    until: datetime,
) -> int:
    """Messages of one walk; a step with a condition is taken for granted, and what stands for it otherwise is not."""
    walk, found = replace(given), 0
    while walk.position < len(version.steps) and walk.due_at is not None and walk.due_at < until:
        step = version.steps[walk.position]
        if scenarios.missed(config, version, step, walk.started_at, max(walk.due_at, now)):
            walk.position += 1
        else:
            found += _messages(step)
            walk.previous_at = walk.due_at = max(walk.due_at, now)
            walk.position += len(scenarios.branches_from(version, walk.position))
        if walk.position < len(version.steps):
            walk.due_at = scenarios.due(config, version, walk)
    return found


def at_once(version: configuration.Version, first: int) -> int:
    """Messages that somebody who begins a scenario at this step gets right away; of several branches that with most."""
    place, found = first, 0
    while place < len(version.steps) and version.steps[place].timing.kind == "immediate":
        branches = scenarios.branches_from(version, place)
        found += max(map(_messages, branches))
        place += len(branches)
    return found


def _messages(step: configuration.Step) -> int:
    """What a step costs for one friend; its actions as far as they send at once and to everybody."""
    sent = [
        one
        for one in step.actions
        if one.kind in action_lists.WRITING and one.condition is None and one.once is None and one.after is None
    ]
    return (step.messages is not None) + len(sent)
