"""Walking friends through scenarios: starting, carrying out due steps for whole sets, stopping, resuming."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from jobs import action_lists, configuration, consequences, facts, parked, plans, timing
from storage import scenarios, segments, tags

STEPS_AT_ONCE = 20  # overdue steps one friend may catch up on in a single transaction


async def start(
    plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int, position: int = 0, by_hand: bool = False
) -> consequences.Consequences:
    """Enrol these friends in the live version; who blocks us or may not start again is passed over. What is due at once
    is done."""
    scenario = plan.config.scenarios.get(scenario_id)
    if scenario is None or scenario.state != "live" or scenario.live_version is None:
        return consequences.NONE
    version = (await plan.cache.versions([scenario.live_version])).get(scenario.live_version)
    if version is None or position >= len(version.steps):
        return consequences.NONE
    by_friend = {case.friend: case for case in cases}
    reachable = [friend for friend in by_friend if plan.people[friend].reachable]
    admitted = await _admitted(plan, reachable, version, by_hand)
    begun = await scenarios.begin(sorted(admitted), scenario_id, version.id, position, plan.now)
    if not begun:
        return consequences.NONE
    for walk in begun:
        walk.due_at = due(version, walk, plan.config.zone)
        plan.record(walk.friend, "scenario_started", scenario_id, plan.now)
    started = [replace(by_friend[walk.friend], what=facts.ScenarioStarted(scenario_id), at=plan.now) for walk in begun]
    events = {walk.id: by_friend[walk.friend].origin.event for walk in begun}
    ran = await run(plan, begun, events)
    return consequences.Consequences([*started, *ran.facts], ran.lists)


async def _admitted(plan: plans.Plan, friends: list[int], version: configuration.Version, by_hand: bool) -> set[int]:
    """Who of these may start: fit for the target, not yet at the end, and new enough for the restart rule."""
    [fit] = await fitting(plan, [(version.target, friends)]) if version.target is not None else [set(friends)]
    if version.end_tags:
        fit -= {friend for friend, _ in await tags.held(friends, sorted(version.end_tags))}
    walked = {walk.friend: walk for walk in await scenarios.walks(sorted(fit), version.scenario)}
    running = {friend for friend, walk in walked.items() if walk.state in ("active", "paused", "parked")}
    if version.restart == "always" and running:
        await scenarios.stop(sorted(running), version.scenario, plan.now)
        return fit
    if version.restart == "never" and not by_hand:
        return fit - walked.keys()
    return fit - running


async def fitting(plan: plans.Plan, cases: Sequence[tuple[segments.Segment, Sequence[int]]]) -> list[set[int]]:
    """Whom of the friends beside it each stored condition is true for at this moment."""
    meant = [(segments.meant(condition, plan.config.merged_tags), friends) for condition, friends in cases]
    return await segments.fitting_each(meant, segments.Sight(plan.now, plan.config.zone))


async def run(
    plan: plans.Plan, walks: Sequence[scenarios.Walk], events: dict[int, int | None] | None = None
) -> consequences.Consequences:
    """Carry out every step that is due in these walks (friends locked) and write back where they stand.

    Each friend's steps come in due order, whichever scenario they belong to. A step's actions may stop what follows, so
    the friend's walks rest until those have run (`go_on`). `events` maps a walk to the event whose free reply its
    messages may use. A step due outside the scenario's hours waits for the next opening.
    """
    versions = await plan.cache.versions([walk.version for walk in walks])
    if lost := [walk.id for walk in walks if walk.version not in versions]:
        await scenarios.put_aside(lost, "unreadable")
        await parked.tell()
        walks = [walk for walk in walks if walk.version in versions]
    events = events or {}
    finished: list[facts.Fact] = []
    lists: list[tuple[facts.Fact, action_lists.ActionList]] = []
    turn = list(walks)
    for _ in range(STEPS_AT_ONCE):
        turn = [walk for walk in turn if walk.state == "active" and _ready(walk, versions[walk.version], plan)]
        rested: set[int] = set()
        first = _first_of_each(turn)
        left_out = await _left_out(plan, first, versions)
        for walk in first:
            step = versions[walk.version].steps[walk.position]
            taken = walk.id not in left_out
            fact = _carry_out(plan, walk, versions[walk.version], events.get(walk.id), taken=taken)
            if walk.state == "finished":
                finished.append(fact)
            if step.actions and taken:
                lists.append((fact, step.actions))
                rested.add(walk.friend)
        plan.resting |= {walk.id: events.get(walk.id) for walk in turn if walk.friend in rested}
        turn = [walk for walk in turn if walk.friend not in rested]
        if not turn:
            break
    await scenarios.save(walks, plan.now)
    return consequences.Consequences(finished, lists)


async def go_on(plan: plans.Plan) -> consequences.Consequences:
    """What is still due in the walks that have rested, now that everything that followed from their steps is done."""
    resting, plan.resting = plan.resting, {}
    if not resting:
        return consequences.NONE
    return await run(plan, await scenarios.still_due(list(resting), plan.now), resting)


def _first_of_each(due: Sequence[scenarios.Walk]) -> list[scenarios.Walk]:
    """Each friend's earliest walk."""
    first: dict[int, scenarios.Walk] = {}
    for walk in sorted(due, key=lambda one: (one.due_at or one.started_at, one.id)):
        first.setdefault(walk.friend, walk)
    return list(first.values())


async def _left_out(
    plan: plans.Plan, walks: Sequence[scenarios.Walk], versions: Mapping[int, configuration.Version]
) -> set[int]:
    """The walks whose step is for others: its condition is judged now, in one statement for all."""
    standing: dict[tuple[int, int], list[scenarios.Walk]] = defaultdict(list)
    for walk in walks:
        standing[walk.version, walk.position].append(walk)
    asked = [
        (when, there)
        for (version, position), there in standing.items()
        if (when := versions[version].steps[position].when) is not None
    ]
    fit = await fitting(plan, [(when, [walk.friend for walk in there]) for when, there in asked])
    return {
        walk.id for (_, there), fitted in zip(asked, fit, strict=True) for walk in there if walk.friend not in fitted
    }


def _ready(walk: scenarios.Walk, version: configuration.Version, plan: plans.Plan) -> bool:
    if walk.due_at is None or walk.due_at > plan.now:
        return False
    if version.window is not None:
        walk.due_at = max(walk.due_at, timing.next_open(version.window, plan.now, plan.config.zone))
    return walk.due_at <= plan.now


def _carry_out(
    plan: plans.Plan, walk: scenarios.Walk, version: configuration.Version, event: int | None, *, taken: bool
) -> facts.Fact:
    """Send the step, or pass it over, and go to the next; the fact for what follows (of a walk that goes on, only its
    origin counts). A conditional step that is taken takes the steps behind it that are for the others out of the way.
    """
    step = version.steps[walk.position]
    origin = facts.Origin(f"step:{walk.id}:{step.key}", f"scenario:{walk.scenario}", event)
    if not taken:
        plan.pass_over(walk.friend, origin.root)
    elif step.messages is None:
        plan.nothing_to_send(walk.friend, origin.root)
    else:
        klass = "transactional" if event is not None else "promotion"
        plan.send(walk.friend, step.messages, plans.Cause(origin.root, origin.row, klass), event)
    walk.position += 1
    while taken and walk.position < len(version.steps) and version.steps[walk.position].otherwise:
        plan.pass_over(walk.friend, f"step:{walk.id}:{version.steps[walk.position].key}")
        walk.position += 1
    walk.previous_at = plan.now
    if walk.position == len(version.steps):
        walk.state, walk.due_at = "finished", None
        plan.record(walk.friend, "scenario_finished", walk.scenario, plan.now)
    else:
        walk.due_at = due(version, walk, plan.config.zone)
    return facts.Fact(walk.friend, plan.now, facts.ScenarioFinished(walk.scenario), origin)


def due(version: configuration.Version, walk: scenarios.Walk, zone: ZoneInfo) -> datetime:
    """When the walk's current step falls, within the scenario's hours and not before its `due_at`."""
    step = version.steps[walk.position]
    at = timing.due(step.timing, walk.started_at, walk.previous_at, zone)
    if walk.due_at is not None:
        at = max(at, walk.due_at)
    return timing.next_open(version.window, at, zone) if version.window else at


async def stop(plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int | None) -> consequences.Consequences:
    """Take these friends off a scenario, or with None off all."""
    by_friend = {case.friend: case for case in cases}
    stopped = await scenarios.stop(sorted(by_friend), scenario_id, plan.now)
    new: dict[int, list[facts.Fact]] = defaultdict(list)
    for friend, scenario in stopped:
        plan.record(friend, "scenario_stopped", scenario, plan.now)
        new[friend].append(replace(by_friend[friend], what=facts.ScenarioStopped(scenario), at=plan.now))
    return consequences.Consequences([fact for friend in by_friend for fact in new[friend]])
