"""Who may start a scenario, who goes on from where they had stopped, and why the others may not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from jobs import configuration, plans
from storage import scenarios, segments, tags

# Why somebody did not start, as it is kept in the friend's history (`refused_…`).
Reason = Literal["stopped", "blocked", "period", "target", "end", "again", "cap"]


@dataclass(slots=True)
class Entry:
    """Friends who begin, in the order in which they came; walks that go on; friends for whom there is no place."""

    begin: list[int] = field(default_factory=list)
    go_on: list[scenarios.Walk] = field(default_factory=list)
    over: list[int] = field(default_factory=list)


async def admit(
    plan: plans.Plan, friends: Sequence[int], version: configuration.Version, *, by_hand: bool, from_start: bool
) -> Entry:
    """Of these locked friends; whoever is refused keeps the reason. Walks that make room for a new one are stopped.

    `by_hand`: staff's choice passes over 再開始: しない. A walk goes on only for who would begin with the first step.
    """
    fit = _kept(plan, friends, {one for one in friends if plan.people[one].reachable}, version, "blocked")
    if version.period is not None and not version.period.holds(plan.now.astimezone(plan.config.zone).date()):
        fit = _kept(plan, fit, set(), version, "period")
    if version.target is not None or version.ends_when is not None:
        fit = await _judged(plan, fit, version)
    if version.end_tags:
        ended = {friend for friend, _ in await tags.held(fit, sorted(version.end_tags))}
        fit = _kept(plan, fit, set(fit) - ended, version, "end")
    walked = {walk.friend: walk for walk in await scenarios.walks(fit, version.scenario)}
    running = {friend for friend, walk in walked.items() if walk.state in scenarios.OPEN}
    entry = Entry()
    if version.restart == "always" and running:
        for friend, scenario in await scenarios.stop(sorted(running), version.scenario, plan.now):
            plan.record(friend, "scenario_restarted", scenario, plan.now)
    elif version.restart == "resume" and from_start:
        entry.go_on = [walk for walk in walked.values() if walk.state == "stopped"]
        fit = _kept(plan, fit, set(fit) - running, version, "again")
        fit = [one for one in fit if one not in {walk.friend for walk in entry.go_on}]
    else:
        refused = running if by_hand or version.restart != "never" else walked.keys()
        fit = _kept(plan, fit, set(fit) - refused, version, "again")
    entry.begin = fit
    if version.cap is not None and fit:
        await _within_cap(plan, entry, version, walked.keys())
    return entry


async def _judged(plan: plans.Plan, friends: list[int], version: configuration.Version) -> list[int]:
    """Those of whom 対象 is true and none of the ends, in one statement."""
    asked = [(one, friends) for one in (version.target, version.ends_when) if one is not None]
    found = iter(await fitting(plan, asked))
    fit = friends
    if version.target is not None:
        within = next(found)
        lacking = await missing(plan, [(version.target, [one for one in fit if one not in within])])
        fit = _kept(plan, fit, within, version, "target", lacking[0])
    if version.ends_when is not None:
        fit = _kept(plan, fit, set(fit) - next(found), version, "end")
    return fit


async def _within_cap(plan: plans.Plan, entry: Entry, version: configuration.Version, known: Collection[int]) -> None:
    """As many as there are places left, first come first; whoever has ever begun holds one already.

    The scenario's row is locked and the places counted in the statement behind, so that starts at the same moment
    count each other (DELIVERY 3, 4).
    """
    fresh = [one for one in entry.begin if one not in known]
    left = max(0, (version.cap or 0) - await scenarios.begun_under_lock(version.scenario))
    entry.over = fresh[left:]
    entry.begin = _kept(plan, entry.begin, set(entry.begin) - set(entry.over), version, "cap")


def _kept(
    plan: plans.Plan,
    friends: Sequence[int],
    fit: set[int],
    version: configuration.Version,
    reason: Reason,
    lacking: Mapping[int, list[int]] = MappingProxyType({}),
) -> list[int]:
    """Those who fit, in their order; of the others it is kept why not, and in which version."""
    for friend in friends:
        if friend not in fit:
            told = {"version": version.id} | ({"missing": lacking[friend]} if friend in lacking else {})
            plan.record(friend, f"refused_{reason}", version.scenario, plan.now, told)
    return [one for one in friends if one in fit]


def refuse(plan: plans.Plan, friends: Sequence[int], scenario: int, reason: Reason) -> None:
    for friend in friends:
        plan.record(friend, f"refused_{reason}", scenario, plan.now)


async def missing(
    plan: plans.Plan, cases: Sequence[tuple[segments.Segment, Sequence[int]]]
) -> list[dict[int, list[int]]]:
    """Of conditions that were not true for the friends beside them: which parts were not, by number, where かつ joins
    several. One more look for all of them, and none where nothing is joined."""
    parts = [list(one.get("all", ())) if friends else [] for one, friends in cases]
    asked = [(part, friends) for own, (_, friends) in zip(parts, cases, strict=True) for part in own]
    fit = iter(await fitting(plan, asked) if asked else ())
    found: list[dict[int, list[int]]] = []
    for own, (_, friends) in zip(parts, cases, strict=True):
        true = [next(fit) for _ in own]
        lacking = {one: [place for place, those in enumerate(true) if one not in those] for one in friends}
        found.append(lacking if own else {})
    return found


async def fitting(plan: plans.Plan, cases: Sequence[tuple[segments.Segment, Sequence[int]]]) -> list[set[int]]:
    """Whom of the friends beside it each stored condition is true for at this moment."""
    return await segments.fitting_each(cases, plan.sight)
