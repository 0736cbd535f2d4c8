"""What doing something leads to: new facts for the next round, and action lists to run now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jobs import action_lists
from jobs.facts import Fact


@dataclass(frozen=True, slots=True)
class Consequences:
    facts: Sequence[Fact] = ()
    lists: Sequence[tuple[Fact, action_lists.ActionList]] = ()


NONE = Consequences()


def joined(many: Iterable[Consequences]) -> Consequences:
    every = list(many)
    return Consequences([f for one in every for f in one.facts], [p for one in every for p in one.lists])
