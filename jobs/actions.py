"""Every kind of action, declared once: what it does to a whole set of friends, and what follows from that."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from jobs import action_lists, consequences, facts, plans, renewing, scenarios
from storage import scenarios as walks
from storage import tags

Effect = Callable[[plans.Plan, Sequence[facts.Fact], action_lists.Action], Awaitable[consequences.Consequences]]


async def send(plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action) -> consequences.Consequences:
    for case in cases:
        if action.content is not None:
            plan.send_by_action(case.friend, action.content, case.origin)
    return consequences.NONE


async def send_template(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """A template is looked up when it is sent; one that has been deleted since sends nothing."""
    content = plan.config.templates.get(action.arguments["template"])
    if content is not None:
        for case in cases:
            plan.send_by_action(case.friend, content, case.origin)
    return consequences.NONE


async def tag_on(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """A tag with a limit goes to those to whom it happened first. `quietly`: an undo, which starts nothing (law 14)."""
    by_friend = {case.friend: case for case in cases}
    asked = action.arguments["tags"]
    first = sorted(by_friend, key=lambda friend: (by_friend[friend].at, friend))
    put = await tags.put_on([(friend, tag) for friend in first for tag in asked], plan.now, plan.config.limited(asked))
    for friend, tag in put.new:
        plan.record(friend, "tag_added", tag, plan.now)
    if action.arguments.get("quietly"):
        return consequences.NONE
    return consequences.Consequences(
        [replace(by_friend[friend], what=facts.TagAdded(tag), at=plan.now) for friend, tag in put.new]
        + [replace(by_friend[friend], what=facts.TagFull(tag), at=plan.now) for friend, tag in put.full]
    )


async def tag_off(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    by_friend = {case.friend: case for case in cases}
    gone = await tags.take_off(sorted(by_friend), action.arguments["tags"])
    for friend, tag in gone:
        plan.record(friend, "tag_removed", tag, plan.now)
    if action.arguments.get("quietly"):
        return consequences.NONE
    return consequences.Consequences(
        [replace(by_friend[friend], what=facts.TagRemoved(tag), at=plan.now) for friend, tag in sorted(gone)]
    )


async def scenario_start(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    given = action.arguments
    return await scenarios.start(plan, cases, given["scenario"], given.get("step", 0), given.get("by_hand", False))


async def scenario_stop(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    return await scenarios.stop(plan, cases, action.arguments["scenario"])


async def scenario_resume(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """Let walks that a block has paused go on from their place."""
    await walks.resume(sorted({case.friend for case in cases}), action.arguments["scenario"], plan.now)
    return consequences.NONE


async def scenario_renew(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    given = action.arguments
    return await renewing.renew(plan, cases, given["scenario"], given["version"], given.get("back_from"))


# The one visible list of all kinds; `admin_commands` gives words to those that staff write.
KINDS: dict[str, Effect] = {
    "send": send,
    "send_template": send_template,
    "tag_on": tag_on,
    "tag_off": tag_off,
    "scenario_start": scenario_start,
    "scenario_stop": scenario_stop,
    "scenario_resume": scenario_resume,
    "scenario_renew": scenario_renew,
}
