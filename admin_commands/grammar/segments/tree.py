"""What a condition on friends says, as a typed tree: what every condition can do, and how they are joined."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from admin_commands.grammar import lexicon
from admin_commands.grammar.words import Object

Json = Mapping[str, Any]
Number = Callable[[Object], int]  # what a name means
Naming = Callable[[Object], str]  # 「VIP」
Back = Callable[[int], Object]  # today's name of a number


@dataclass(frozen=True, slots=True)
class Condition(ABC):
    """One condition as read; the Objects in its fields are all of the kind's `names`."""

    @abstractmethod
    def show(self) -> str:
        """Canonical Japanese, which reads back as the same."""

    def ways(self) -> Sequence[str]:
        """Ways to write it, the shortest first, of which the first that reads back as the same is taken."""
        return (self.show(),)

    def doubt(self) -> "tuple[str, Tree | None] | None":
        """Why it cannot be judged as it stands (`の「…」が分かりません。`), and what it probably should say."""
        return None

    def stored(self, number: Number, today: date) -> Json:
        """What is kept and judged. Dates without a year get the one they must mean `today`."""
        raise ValueError(f"cannot be judged: {self}")

    def told(self, name: Naming) -> str:
        """In plain Japanese, for the line of an echo."""
        return self.show()

    def denied(self, name: Naming) -> str:
        """The same of those who do not fit."""
        return f"「{self.told(name)}」ではない"

    def settled(self, today: date) -> Self:
        """The same condition with its dates' years, so that it says the same next year."""
        return self


def not_yet(noun: str) -> str:
    """That the noun of this key has to come first."""
    return f"の条件はまだ使えません。「{lexicon.NOUN[noun].words[0]}」の準備ができると使えます。"


@dataclass(frozen=True, slots=True)
class Not:
    of: "Tree"


@dataclass(frozen=True, slots=True)
class Every:
    """かつ: at least two, none of which is an Every."""

    of: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """または: at least two, none of which is a Some."""

    of: "tuple[Tree, ...]"


Tree = Condition | Not | Every | Some


# ---- trees ----


def every(of: Sequence[Tree]) -> Tree:
    """All of these; at least one."""
    flat = [one for tree in of for one in (tree.of if isinstance(tree, Every) else (tree,))]
    return Every(tuple(flat)) if len(flat) > 1 else flat[0]


def some(of: Sequence[Tree]) -> Tree:
    """Any of these; at least one."""
    flat = [one for tree in of for one in (tree.of if isinstance(tree, Some) else (tree,))]
    return Some(tuple(flat)) if len(flat) > 1 else flat[0]


def negated(of: Tree) -> Tree:
    return of.of if isinstance(of, Not) else Not(of)


def conjuncts(tree: Tree) -> tuple[Tree, ...]:
    """What has to hold, one by one."""
    return tree.of if isinstance(tree, Every) else (tree,)


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and all that is in it."""
    yield tree
    match tree:
        case Every(of) | Some(of):
            for one in of:
                yield from walk(one)
        case Not(of):
            yield from walk(of)


def conditions(tree: Tree) -> Iterator[Condition]:
    return (one for one in walk(tree) if isinstance(one, Condition))


def exchanged(tree: Tree, by: Callable[[Condition], Tree]) -> Tree:
    """The tree with each condition exchanged for what `by` makes of it."""
    match tree:
        case Every(of):
            return every([exchanged(one, by) for one in of])
        case Some(of):
            return some([exchanged(one, by) for one in of])
        case Not(of):
            return negated(exchanged(of, by))
    return by(tree)


def replaced(tree: Tree, was: Tree, new: Tree) -> Tree:
    """The tree with one of its conditions exchanged wherever it stands."""
    return exchanged(tree, lambda one: new if one == was else one)


def objects(condition: Condition) -> list[Object]:
    """What the condition names."""
    found: list[Object] = []
    for part in dataclasses.fields(condition):
        value = getattr(condition, part.name)
        found += [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Object)]
    return found


def renamed(condition: Condition, was: Object, new: Object) -> Condition:
    """The condition with something else in the place of what it names."""
    changed: dict[str, Any] = {}
    for part in dataclasses.fields(condition):
        value = getattr(condition, part.name)
        if isinstance(value, Object):
            changed[part.name] = new if value == was else value
        elif isinstance(value, tuple):
            changed[part.name] = tuple(new if one == was else one for one in value)
    return dataclasses.replace(condition, **changed)
