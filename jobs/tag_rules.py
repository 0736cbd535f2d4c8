"""What tags do by themselves: for whoever gets one, loses one, or comes when it is full."""

from collections.abc import Sequence

from jobs import action_lists, consequences, facts, plans
from storage import friend_events, tags

RAN: dict[tags.Moment, str] = {"on": "tag_on_ran", "off": "tag_off_ran"}  # as a friend's history has it


async def due(
    plan: plans.Plan, given: Sequence[facts.Fact], moment: tags.Moment
) -> dict[tuple[int, int], action_lists.ActionList]:
    """What is to be done for each (friend, tag) of these facts.

    A tag that comes back to a friend, or goes again, does nothing the second time unless it was told to.
    """
    found: dict[tuple[int, int], tuple[facts.Fact, action_lists.ActionList]] = {}
    once: list[tuple[int, int]] = []
    for fact in given:
        if not isinstance(fact.what, facts.TagAdded | facts.TagRemoved | facts.TagFull):
            continue
        rules = plan.config.tag_rules.get(fact.what.tag)
        todo = rules.at(moment) if rules else ()
        if rules and todo:
            pair = (fact.friend, fact.what.tag)
            found[pair] = (fact, todo)
            if moment in RAN and not rules.again:
                once.append(pair)
    if once:
        kind = RAN[moment]
        ran = await friend_events.had(kind, once)
        ran |= {(entry.friend, entry.subject or 0) for entry in plan.events if entry.kind == kind}
        found = {pair: case for pair, case in found.items() if pair not in ran}
    if moment in RAN:
        for (friend, tag), (fact, _) in found.items():
            plan.record(friend, RAN[moment], tag, fact.at)
    return {pair: todo for pair, (_, todo) in found.items()}


async def run(plan: plans.Plan, given: Sequence[facts.Fact], moment: tags.Moment) -> consequences.Consequences:
    found = await due(plan, given, moment)
    told = {(fact.friend, getattr(fact.what, "tag", 0)): fact for fact in given}
    return consequences.Consequences(lists=[(told[pair], todo) for pair, todo in found.items()])
