"""Carrying out what was put off: the action lists of a set of due rows, each with the causes of its own."""

from collections.abc import Sequence

import orjson

from jobs import action_lists, consequences, facts, plans
from storage import delayed


async def run(plan: plans.Plan, ids: Sequence[int]) -> consequences.Consequences:
    """Let the lists of these rows run, their friends locked; what is no longer due or called off is left alone."""
    due = [one for one in await delayed.take(ids, plan.now) if not one.left]
    return consequences.Consequences(
        lists=[
            (
                facts.Fact(one.friend, plan.now, facts.TimeCame(), _origin(one)),
                action_lists.load(orjson.loads(one.actions)),
            )
            for one in due
        ]
    )


def _origin(one: delayed.Delayed) -> facts.Origin:
    return facts.Origin(f"later:{one.id}", one.cause, deed=one.root, delays=one.delays)
