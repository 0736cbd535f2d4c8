"""What the declaration of an action says: its words, what stands behind them, what it does to friends."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs import action_lists, consequences, facts, plans
from jobs.actions.arguments import Argument

Effect = Callable[[plans.Plan, Sequence[facts.Fact], action_lists.Action], Awaitable[consequences.Consequences]]
Check = Callable[[Sequence[Mapping[str, Any]], Mapping[str, str]], Awaitable[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Aspect:
    """What an action settles about a friend: two of one moment that settle it differently contradict each other.

    `told` says so, with {it} for the thing that the second one names and {first} for the first one's; `each` of the
    things named is an aspect by itself.
    """

    told: str
    each: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of action.

    `do` is its name in what is stored; `word` its canonical word, of which two kinds may share one (送る), with all its
    `spellings`; one without is not for staff to write. `effect` does it to a whole set of friends; one without is
    refused by its word until its noun exists. `check` says of stored ones what is wrong with each, "" for nothing; it
    is told which variables texts may name. One that `starts` lets something begin that may send messages. Of a `silent`
    one nothing is recorded that tells whether it changed anything.
    """

    do: str
    word: str = ""
    arguments: tuple[Argument, ...] = ()
    examples: tuple[str, ...] = ()
    tells: str = ""
    spellings: tuple[str, ...] = ()
    effect: Effect | None = None
    check: Check | None = None
    settles: Aspect | None = None
    starts: bool = False
    silent: bool = False

    @property
    def sends(self) -> bool:
        """Whether the friend may get messages by it."""
        return self.starts or self.do in action_lists.WRITING
