"""What is noted of friends, changed for a whole set of them, and what follows where it has really changed."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from jobs import action_lists, consequences, facts, plans
from storage import shared_values
from storage.fields import values

# A value that is only known when it is noted: {"value": "today"}, "today+3", "today-1", "now".
RELATIVE = re.compile(r"(?:today(?P<days>[+-]\d{1,4})?|now)\Z")


def settled(value: str, now: datetime, zone: ZoneInfo) -> str:
    """What a stored value comes to at this moment."""
    found = RELATIVE.match(value)
    if found is None:
        return value
    if value == "now":
        return now.replace(second=0, microsecond=0).isoformat()
    return (now.astimezone(zone).date() + timedelta(days=int(found["days"] or 0))).isoformat()


async def change(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """`field` is set, or counted up or down: {"sign": "=" | "+" | "-", "value": text}. `quietly`: starts nothing."""
    friends = sorted({case.friend for case in cases})
    field, sign, value = (
        action.arguments["field"],
        action.arguments["change"]["sign"],
        action.arguments["change"]["value"],
    )
    if sign == "=":
        given = settled(value, plan.now, plan.config.zone)
        done = await values.put([(friend, field, given) for friend in friends], plan.now)
    else:
        done = await values.add(friends, field, Decimal(value) * (1 if sign == "+" else -1), plan.now)
    return told(plan, cases, done, quietly=action.arguments.get("quietly", False))


async def note(plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action) -> consequences.Consequences:
    """`values`, [field, value] each as friends have given it, in the spelling of its kind; `over` what is there."""
    write = values.put if action.arguments["over"] else values.put_where_empty
    friends = sorted({case.friend for case in cases})
    given = [(friend, field, value) for friend in friends for field, value in action.arguments["values"]]
    return told(plan, cases, await write(given, plan.now), quietly=False)


async def clear(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """`field` is emptied."""
    done = await values.clear(sorted({case.friend for case in cases}), [action.arguments["field"]])
    return told(plan, cases, done, quietly=action.arguments.get("quietly", False))


async def share(
    plan: plans.Plan, cases: Sequence[facts.Fact], action: action_lists.Action
) -> consequences.Consequences:
    """A shared value is set once for all, or counted up or down once for each friend."""
    number, given = action.arguments["shared"], action.arguments["change"]
    if given["sign"] == "=":
        await shared_values.write(number, settled(given["value"], plan.now, plan.config.zone), plan.now)
    else:
        amount = Decimal(given["value"]) * len(cases) * (1 if given["sign"] == "+" else -1)
        await shared_values.add(number, amount, plan.now)
    return consequences.NONE


def told(
    plan: plans.Plan, cases: Sequence[facts.Fact], done: Sequence[values.Changed], *, quietly: bool
) -> consequences.Consequences:
    """Keep in mind what has changed, and let it be known as a fact."""
    by_friend = {case.friend: case for case in cases}
    for one in done:
        plan.record(one.friend, "field_changed", one.field, plan.now)
    if quietly:
        return consequences.NONE
    return consequences.Consequences(
        [replace(by_friend[one.friend], what=facts.FieldChanged(one.field), at=plan.now) for one in done]
    )
