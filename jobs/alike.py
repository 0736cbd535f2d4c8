"""The same messages for very many friends, planned as one set: nothing is made for each of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jobs import action_lists, configuration, messages, personal, plans
from storage import clock, friends, segments, sends

PEOPLE = 5_000  # in one transaction: ten calls
# Of an action that sends and does nothing else.
SHAPES = ({"do", "messages"}, {"do", "messages", "quiet"}, {"do", "template"})


@dataclass(frozen=True, slots=True)
class Part:
    """What a list sends to everybody for whom the condition is true; to all without one."""

    content: messages.Compiled
    condition: segments.Segment | None
    quiet: bool = False


def parts(actions: Sequence[Mapping[str, Any]], config: configuration.Configuration) -> list[Part] | None:
    """What a list sends if it does nothing else, and at one moment says the same to all who get it; else None.

    None as well where it cannot be read: who carries it out friend by friend meets the error.
    """
    if any(action.keys() - {"if"} not in SHAPES for action in actions):
        return None
    if len(actions) != 1 and not (actions and all("if" in action for action in actions)):
        return None
    try:
        read = action_lists.load(actions)
    except configuration.WRONG:
        return None
    found = []
    for one in read:
        content = one.content if one.kind == "send" else config.templates.get(one.arguments["template"])
        if content is None or not personal.same_for_all(content.variables, config.as_typed, config.key):
            return None
        found.append(Part(content, one.condition, bool(one.arguments.get("quiet"))))
    return found


async def send(
    said: Sequence[Part],
    people: Sequence[int],
    root: str,
    moment: clock.Moment,
    config: configuration.Configuration,
) -> list[int] | None:
    """Write for locked friends what a plan would for each of them by itself; the outbox rows, as they shall leave.

    None, and nothing is written, when somebody would get more than one part: their order is a plan's work.
    """
    meant = await _meant(said, people, segments.Sight(moment.now, config.zone, meaning=config.meaning))
    if sum(map(len, meant)) != len(frozenset().union(*meant)):
        return None
    cause = plans.Cause(f"{root}:1", root, "promotion")
    quietly = replace(cause, quiet=True)
    told = await personal.of(
        frozenset().union(*(part.content.variables for part in said)),
        (),
        moment.now,
        config.zone,
        links=config.links,
        as_typed=config.as_typed,
        key=config.key,
    )
    going, users = await friends.promotable(people)
    user = dict(zip(going, users, strict=True))
    earlier = await sends.unfinished(going)
    calls = [
        (part, some[at : at + plans.MULTICAST_PEOPLE])
        for part, fit in zip(said, meant, strict=True)
        for some in [[one for one in going if one in fit]]
        for at in range(0, len(some), plans.MULTICAST_PEOPLE)
    ]
    row_ids, free = await sends.reserve(len(calls), sum(len(called) == 1 for _, called in calls))
    numbers = iter(free)
    rows: list[sends.NewRow] = []
    alone: dict[int, sends.NewDelivery] = {}
    row_of: dict[int, int] = {}
    for row_id, (part, called) in zip(row_ids, calls, strict=True):
        number = next(numbers) if len(called) == 1 else None
        after = {one for friend in called for one in earlier.get((friend, cause.klass), ())} if earlier else set()
        body, why = part.content.render_bytes(told(0, None)), quietly if part.quiet else cause
        to = [user[one] for one in called]
        rows.append(plans.push_or_multicast(row_id, body, to, part.content.count, why, sorted(after), number))
        row_of |= dict.fromkeys(called, row_id)
        if number is not None:
            alone[called[0]] = sends.NewDelivery(cause.delivery, called[0], row_id, id=number)
    await sends.write(rows, list(alone.values()))
    many = [one for fit in meant for one in fit if one not in alone]
    await sends.deliver_to_many(cause.delivery, sorted(many), [row_of.get(one) for one in sorted(many)])
    return row_ids


async def _meant(said: Sequence[Part], people: Sequence[int], sight: segments.Sight) -> list[Collection[int]]:
    """Who gets each part, as it is judged now."""
    asked = [(part.condition, people) for part in said if part.condition is not None]
    fit = iter(await segments.fitting_each(asked, sight) if asked else [])
    everybody = frozenset(people)
    return [everybody if part.condition is None else next(fit) for part in said]
