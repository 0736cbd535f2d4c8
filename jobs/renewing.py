"""Friends on their way through a scenario go over to another version of it: what they have had stays had."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs import configuration, consequences, facts, plans, timing
from jobs import scenarios as walking
from storage import scenarios


async def renew(
    plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int, version_id: int, back_from: int | None = None
) -> consequences.Consequences:
    """Take these friends from older versions of a scenario to this one, or with `back_from` back from that one.

    Whoever has stopped, has finished or walks through a later version is left where they are.
    """
    version = (await plan.cache.versions([version_id])).get(version_id)
    if version is None:
        return consequences.NONE
    walks = await scenarios.to_renew([case.friend for case in cases], scenario_id, version_id, back_from)
    moved = await turn_to(plan.cache, plan.config, walks, version, plan.now)
    await scenarios.turn(moved, plan.now)
    for walk in moved:
        if walk.state == "finished":
            plan.record(walk.friend, "scenario_finished", scenario_id, plan.now)
    return consequences.NONE


async def turn_to(
    cache: configuration.Cache,
    config: configuration.Configuration,
    walks: Sequence[scenarios.Walk],
    version: configuration.Version,
    now: datetime,
) -> list[scenarios.Walk]:
    """The walks as they stand in `version`, nothing written yet; who walks through an unreadable one is left out."""
    olds = await cache.versions(sorted({walk.version for walk in walks}))
    done = await scenarios.steps_done([walk.id for walk in walks], [step.key for step in version.steps])
    readable = [walk for walk in walks if walk.version in olds]
    for walk in readable:
        _turn(config, walk, olds[walk.version], version, done.get(walk.id, set()), now)
    return readable


def _turn(
    config: configuration.Configuration,
    walk: scenarios.Walk,
    old: configuration.Version,
    new: configuration.Version,
    done: Collection[str],
    now: datetime,
) -> None:
    before = old.steps[walk.position] if walk.position < len(old.steps) else None
    walk.version, walk.position = new.id, _place(walk, old, new, done, now, config.zone)
    while walk.position < len(new.steps) and walking.missed(
        config, new, new.steps[walk.position], walk.started_at, now
    ):
        walk.position += 1
    if walk.position == len(new.steps):
        walk.state, walk.due_at = "finished", None
        return
    step = new.steps[walk.position]
    same = before is not None and (before.key, before.timing, old.window) == (step.key, step.timing, new.window)
    if not same or walk.due_at is None:
        walk.due_at = walk.previous_at
        walk.due_at = walking.due(config, new, walk)


def _place(
    walk: scenarios.Walk,
    old: configuration.Version,
    new: configuration.Version,
    done: Collection[str],
    now: datetime,
    zone: ZoneInfo,
) -> int:
    """The next step: the one behind all that the friend has had; what was put before those never comes.

    Where nothing of what they had is left, it is the step they wait for; where that is gone too, the first to come.
    """
    had = {step.key for step in old.steps[: walk.position]}.union(done)
    behind = [place for place, step in enumerate(new.steps) if step.key in had]
    if behind:
        return behind[-1] + 1
    if not had:
        return 0
    coming = {step.key for step in old.steps[walk.position :]}
    for place, step in enumerate(new.steps):
        if step.key in coming or timing.due(step.timing, walk.started_at, walk.previous_at, zone) > now:
            return place
    return len(new.steps)
