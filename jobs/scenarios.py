"""Walking friends through scenarios: starting, carrying out due steps for whole sets, stopping, resuming."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jobs import action_lists, configuration, consequences, entering, facts, hours, parked, plans, timing
from storage import scenarios

STEPS_AT_ONCE = 20  # overdue steps one friend may catch up on in a single transaction
OUTLIVED = timedelta(days=1)  # a step of one date that has waited so long behind it says nothing any more


async def start(
    plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int, position: int = 0, by_hand: bool = False
) -> consequences.Consequences:
    """Enrol these friends in the live version; who blocks us or may not start (again) is passed over. What is due at
    once is done."""
    scenario = plan.config.scenarios.get(scenario_id)
    by_friend = {case.friend: case for case in cases}
    if scenario is None or scenario.state != "live" or scenario.live_version is None:
        entering.refuse(plan, list(by_friend), scenario_id, "stopped")
        return consequences.NONE
    version = (await plan.cache.versions([scenario.live_version])).get(scenario.live_version)
    if version is None or position >= len(version.steps):
        return consequences.NONE
    entry = await entering.admit(plan, list(by_friend), version, by_hand=by_hand, from_start=position == 0)
    over = [(by_friend[friend], version.over) for friend in entry.over if version.over]
    going = await scenarios.begin(sorted(entry.begin), scenario_id, version.id, position, plan.now)
    going += await _reopened(plan, entry.go_on)
    if not going:
        return consequences.Consequences(lists=over)
    left = (
        await leave_others(plan, [by_friend[walk.friend] for walk in going], scenario_id) if version.exclusive else []
    )
    events = {walk.id: by_friend[walk.friend].origin.event for walk in going}
    versions = await plan.cache.versions([walk.version for walk in going])
    for walk in going:
        if walk.version in versions:
            walk.due_at = due(plan.config, versions[walk.version], walk, events[walk.id])
        plan.record(walk.friend, "scenario_started", scenario_id, plan.now)
    started = [replace(by_friend[walk.friend], what=facts.ScenarioStarted(scenario_id), at=plan.now) for walk in going]
    ran = await run(plan, going, events)
    return consequences.Consequences([*left, *started, *ran.facts], [*over, *ran.lists])


async def _reopened(plan: plans.Plan, walks: list[scenarios.Walk]) -> list[scenarios.Walk]:
    """Walks that were stopped, on their way again from where they stood, as after a block: a step whose time has passed
    is due now, and what is behind it as long after it as it always would be."""
    versions = await plan.cache.versions([walk.version for walk in walks])
    readable = [walk for walk in walks if walk.version in versions]
    rested: dict[int, int] = {}
    for walk in readable:
        step = versions[walk.version].steps[walk.position]
        wanted = timing.due(step.timing, walk.started_at, walk.previous_at, plan.config.zone)
        rested[walk.id] = max(0, int((plan.now - wanted).total_seconds()))
        walk.started_at += timedelta(seconds=rested[walk.id])
        walk.state, walk.due_at = "active", plan.now
    await scenarios.rest({walk: seconds for walk, seconds in rested.items() if seconds})
    return readable


async def leave_others(plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int) -> list[facts.Fact]:
    """Whoever begins what goes alone, or is switched to it, leaves everything else."""
    by_friend = {case.friend: case for case in cases}
    gone = await scenarios.stop_others(sorted(by_friend), scenario_id, plan.now)
    for friend, scenario in gone:
        plan.record(friend, "scenario_left", scenario, plan.now)
    return [replace(by_friend[friend], what=facts.ScenarioStopped(one), at=plan.now) for friend, one in gone]


async def run(
    plan: plans.Plan, walks: Sequence[scenarios.Walk], events: dict[int, int | None] | None = None
) -> consequences.Consequences:
    """Carry out every step that is due in these walks (friends locked) and write back where they stand.

    Each friend's steps come in due order, whichever scenario they belong to. A step's actions may stop what follows, so
    the friend's walks rest until those have run (`go_on`). `events` maps a walk to the event whose free reply its
    messages may use. A step due outside the hours allowed waits for the next opening.
    """
    versions = await plan.cache.versions([walk.version for walk in walks])
    if lost := [walk.id for walk in walks if walk.version not in versions]:
        await scenarios.put_aside(lost, "unreadable")
        await parked.tell()
        walks = [walk for walk in walks if walk.version in versions]
    events = events or {}
    finished: list[facts.Fact] = []  # or ended
    lists: list[tuple[facts.Fact, action_lists.ActionList]] = []
    turn = list(walks)
    for _ in range(STEPS_AT_ONCE):
        turn = [
            walk
            for walk in turn
            if walk.state == "active" and _ready(walk, versions[walk.version], plan, events.get(walk.id))
        ]
        rested: set[int] = set()
        first = _first_of_each(turn)
        ended, left_out = await _judged(plan, first, versions)
        finished += [_end(plan, walk, events.get(walk.id)) for walk in first if walk.id in ended]
        for walk in first:
            if walk.id in ended:
                continue
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


async def _judged(
    plan: plans.Plan, walks: Sequence[scenarios.Walk], versions: Mapping[int, configuration.Version]
) -> tuple[set[int], set[int]]:
    """The walks of which an end has come true, and those whose step is for others or too late; now, in one statement
    for all."""
    ends: dict[int, list[scenarios.Walk]] = defaultdict(list)
    standing: dict[tuple[int, int], list[scenarios.Walk]] = defaultdict(list)
    late = [
        walk
        for walk in walks
        if missed(plan.config, one := versions[walk.version], one.steps[walk.position], walk.started_at, plan.now)
    ]
    passed = {walk.id for walk in late}
    for walk in walks:
        ends[walk.version].append(walk)
        if walk.id not in passed:
            standing[walk.version, walk.position].append(walk)
    asked = [(end, there) for one, there in ends.items() if (end := versions[one].ends_when) is not None]
    count = len(asked)
    asked += [
        (when, there)
        for (version, position), there in standing.items()
        if (when := versions[version].steps[position].when) is not None
    ]
    fit = await entering.fitting(plan, [(when, [walk.friend for walk in there]) for when, there in asked])
    told = [(there, fitted) for (_, there), fitted in zip(asked, fit, strict=True)]
    ended = {walk.id for there, fitted in told[:count] for walk in there if walk.friend in fitted}
    absent = [[walk for walk in there if walk.friend not in fitted] for there, fitted in told[count:]]
    lacking = await entering.missing(
        plan, [(when, [walk.friend for walk in out]) for (when, _), out in zip(asked[count:], absent, strict=True)]
    )
    reasons: list[tuple[scenarios.Walk, Mapping[str, object]]] = [(walk, {"late": True}) for walk in late]
    for out, parts in zip(absent, lacking, strict=True):
        reasons += [(walk, {"missing": parts[walk.friend]}) for walk in out if walk.friend in parts]
    for walk, why in reasons:
        if walk.id not in ended:
            _note(plan, walk, versions[walk.version].steps[walk.position], "left_out", why)
    return ended, passed | {walk.id for out in absent for walk in out}


def missed(
    config: configuration.Configuration,
    version: configuration.Version,
    step: configuration.Step,
    started_at: datetime,
    now: datetime,
) -> bool:
    """Whether a step is for a date that had passed when somebody began, or that is long over by now."""
    at = timing.appointed(step.timing, config.zone)
    if at is None:
        return False
    return at < started_at or now - allowed(config, version, step, at, answering=False) >= OUTLIVED


def _note(
    plan: plans.Plan, walk: scenarios.Walk, step: configuration.Step, kind: str, why: Mapping[str, object]
) -> None:
    """Keep for なぜ what became of a step that left no delivery to tell, or why it was passed over."""
    plan.record(walk.friend, kind, walk.scenario, plan.now, {"walk": walk.id, "step": step.key, **why})


def _ready(walk: scenarios.Walk, version: configuration.Version, plan: plans.Plan, event: int | None) -> bool:
    if walk.due_at is None or walk.due_at > plan.now:
        return False
    step = version.steps[walk.position]
    if missed(plan.config, version, step, walk.started_at, plan.now):
        return True
    walk.due_at = max(walk.due_at, allowed(plan.config, version, step, plan.now, answering=event is not None))
    return walk.due_at <= plan.now


def _end(plan: plans.Plan, walk: scenarios.Walk, event: int | None) -> facts.Fact:
    """Take a walk off its scenario whose end has come true."""
    walk.state, walk.due_at = "stopped", None
    plan.record(walk.friend, "scenario_ended", walk.scenario, plan.now)
    origin = facts.Origin(f"end:{walk.id}", f"scenario:{walk.scenario}", event)
    return facts.Fact(walk.friend, plan.now, facts.ScenarioStopped(walk.scenario), origin)


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
    _go_to_next(plan, walk, version, event)
    return facts.Fact(walk.friend, plan.now, facts.ScenarioFinished(walk.scenario), origin)


def _go_to_next(
    plan: plans.Plan, walk: scenarios.Walk, version: configuration.Version, event: int | None = None
) -> None:
    """The time of the step at which a walk has come to stand, or its end."""
    if walk.position == len(version.steps):
        walk.state, walk.due_at = "finished", None
        plan.record(walk.friend, "scenario_finished", walk.scenario, plan.now)
    else:
        walk.due_at = due(plan.config, version, walk, event)


async def skip(plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int) -> consequences.Consequences:
    """Let the next step of these friends go by, with the branches beside it; all later ones keep their times."""
    by_friend = {case.friend: case for case in cases}
    found = await scenarios.walks(sorted(by_friend), scenario_id)
    versions = await plan.cache.versions([walk.version for walk in found])
    going = [walk for walk in found if walk.state in ("active", "paused") and walk.version in versions]
    finished: list[facts.Fact] = []
    for walk in going:
        version = versions[walk.version]
        steps = branches_from(version, walk.position)
        for step in steps:
            _note(plan, walk, step, "step_skipped", {})
        walk.position += len(steps)
        before, walk.previous_at = walk.previous_at, walk.due_at or plan.now  # as if it had come at its time
        _go_to_next(plan, walk, version)
        walk.previous_at = before
        if walk.state == "finished":
            what = facts.ScenarioFinished(scenario_id)
            finished.append(replace(by_friend[walk.friend], what=what, at=plan.now))
    if going:
        await scenarios.save(going, plan.now)
    return consequences.Consequences(finished)


def branches_from(version: configuration.Version, position: int) -> Sequence[configuration.Step]:
    """The step at a place, and those behind it that stand for it with others (そうでなければ)."""
    end = position + 1
    while end < len(version.steps) and version.steps[end].otherwise:
        end += 1
    return version.steps[position:end]


def due(
    config: configuration.Configuration, version: configuration.Version, walk: scenarios.Walk, event: int | None = None
) -> datetime:
    """When the walk's current step falls, not before its `due_at`, and when customers may get it; `event` is one that
    is being answered."""
    step = version.steps[walk.position]
    at = timing.due(step.timing, walk.started_at, walk.previous_at, config.zone)
    if walk.due_at is not None:
        at = max(at, walk.due_at)
    if missed(config, version, step, walk.started_at, at):
        return at
    return allowed(config, version, step, at, answering=event is not None)


def allowed(
    config: configuration.Configuration,
    version: configuration.Version,
    step: configuration.Step,
    at: datetime,
    *,
    answering: bool,
) -> datetime:
    """`at`, or when the scenario's hours, or else the shop's waking ones, open next.

    すぐ is not held where it answers what the customer has just done, nor by the quiet hours what writes nothing.
    """
    if answering and step.timing.kind == "immediate":
        return at
    opening = version.window or (config.awake if step.writes else None)
    return hours.next_open(opening, at, config.zone) if opening else at


async def resume(plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int | None) -> None:
    """Let walks that a block has paused go on from their place; of a scenario that is named also stopped ones."""
    friends = sorted({case.friend for case in cases if plan.people[case.friend].reachable})
    await scenarios.resume(friends, scenario_id, plan.now)
    if scenario_id is None:
        return
    walks = await _reopened(plan, await scenarios.latest_stopped(friends, scenario_id))
    versions = await plan.cache.versions([walk.version for walk in walks])
    for walk in walks:
        walk.due_at = due(plan.config, versions[walk.version], walk)
        plan.record(walk.friend, "scenario_resumed", scenario_id, plan.now)
    if walks:
        await scenarios.save(walks, plan.now)


async def stop(
    plan: plans.Plan, cases: Sequence[facts.Fact], scenario_id: int | None, *, ended: bool = False
) -> consequences.Consequences:
    """Take these friends off a scenario, or with None off all; `ended` because its end has come."""
    by_friend = {case.friend: case for case in cases}
    stopped = await scenarios.stop(sorted(by_friend), scenario_id, plan.now)
    new: dict[int, list[facts.Fact]] = defaultdict(list)
    for friend, scenario in stopped:
        plan.record(friend, "scenario_ended" if ended else "scenario_stopped", scenario, plan.now)
        new[friend].append(replace(by_friend[friend], what=facts.ScenarioStopped(scenario), at=plan.now))
    return consequences.Consequences([fact for friend in by_friend for fact in new[friend]])
