"""The same message for very many friends, planned as one set: nothing is made for each of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from jobs import action_lists, configuration, messages, personal, plans
from storage import clock, friends, sends

PEOPLE = 5_000  # in one transaction: ten calls
SHAPES = ({"do", "messages"}, {"do", "template"})  # of an action that sends, whatever is known of the friend


def content(actions: Sequence[Mapping[str, Any]], config: configuration.Configuration) -> messages.Compiled | None:
    """What a list sends if that is all it does, and the same to everybody at one moment; else None.

    None as well where it cannot be read: who carries it out friend by friend meets the error.
    """
    if len(actions) != 1 or actions[0].keys() not in SHAPES:
        return None
    try:
        [action] = action_lists.load(actions)
    except configuration.WRONG:
        return None
    sent = action.content if action.kind == "send" else config.templates.get(action.arguments["template"])
    if sent is None or not personal.same_for_all(sent.variables, config.as_typed, config.key):
        return None
    return sent


async def send(
    sent: messages.Compiled,
    people: Sequence[int],
    root: str,
    moment: clock.Moment,
    config: configuration.Configuration,
) -> list[int]:
    """Write for locked friends what a plan would for each of them by itself; the outbox rows, as they shall leave."""
    cause = plans.Cause(f"{root}:1", root, "promotion")
    told = await personal.of(
        sent.variables, (), moment.now, config.zone, links=config.links, as_typed=config.as_typed, key=config.key
    )
    body = sent.render_bytes(told(0, None))
    going, users = await friends.reachable(people)
    earlier = await sends.unfinished(going)
    starts = range(0, len(going), plans.MULTICAST_PEOPLE)
    alone = going[-1:] if len(going) % plans.MULTICAST_PEOPLE == 1 else []
    row_ids, numbers = await sends.reserve(len(starts), len(alone))
    rows: list[sends.NewRow] = []
    row_of: dict[int, int] = {}
    for row_id, start in zip(row_ids, starts, strict=True):
        part = slice(start, start + plans.MULTICAST_PEOPLE)
        after = {one for friend in going[part] for one in earlier.get((friend, cause.klass), ())} if earlier else set()
        number = numbers[0] if going[part] == alone else None
        rows.append(plans.push_or_multicast(row_id, body, users[part], sent.count, cause, sorted(after), number))
        row_of |= dict.fromkeys(going[part], row_id)
    numbered = [sends.NewDelivery(cause.delivery, one, row_of[one], id=numbers[0]) for one in alone]
    await sends.write(rows, numbered)
    many = [one for one in people if one not in alone]
    await sends.deliver_to_many(cause.delivery, many, [row_of.get(one) for one in many])
    return row_ids
