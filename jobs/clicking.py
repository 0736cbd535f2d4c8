"""Carrying out clicks on measured links: each is a fact, once."""

from collections.abc import Sequence

from jobs import consequences, facts, plans
from storage.links import clicks


async def run(_: plans.Plan, ids: Sequence[int]) -> consequences.Consequences:
    """What these clicks bring about, their friends locked; those that are no longer open are left alone."""
    return consequences.Consequences(
        [
            facts.Fact(one.friend, one.at, facts.LinkClicked(one.link, one.button), facts.of_click(one.id))
            for one in await clicks.take(ids)
        ]
    )
