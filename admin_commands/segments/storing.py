"""Between a condition's tree and its stored form, in which names are numbers and dates have their years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from admin_commands.grammar import words
from admin_commands.grammar.segments import kinds, printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.kinds import noted
from admin_commands.grammar.segments.tree import Tree
from storage import fields, named

Json = dict[str, Any]
Key = tuple[named.Kind, words.Object]


@dataclass(frozen=True, slots=True)
class Linked:
    """A condition that says one thing only, about things that exist; `stored` is what is kept and judged."""

    tree: Tree
    things: Mapping[Key, named.Named]
    today: date

    @property
    def stored(self) -> Json:
        return self.part(self.tree)

    def part(self, tree: Tree) -> Json:
        """The stored form of a part of the tree."""
        return stored(tree, lambda kind, given: self.things[kind, given].id, self.today)

    def naming(self, condition: trees.Condition) -> trees.Naming:
        """「VIP」 for what the condition names."""
        kind = kinds.OF[type(condition)].names
        return lambda given: f"「{self.things[kind, given].name}」" if kind is not None else words.show(given)


def stored(
    tree: Tree,
    number: Callable[[named.Kind, words.Object], int],
    today: date,
    known: Mapping[int, fields.Kept] | None = None,
) -> Json:
    """The stored form of a condition that says one thing only; `number` tells what its names mean, `known` what the
    fields of these numbers are."""
    if known is not None:
        meant = {name: known.get(number("fields", name)) for name in noted.names(tree)}
        tree = noted.with_fields(tree, meant.get)
    match tree:
        case trees.Every(of):
            return {"all": [stored(one, number, today) for one in of]}
        case trees.Some(of):
            return {"any": [stored(one, number, today) for one in of]}
        case trees.Not(of):
            return {"not": stored(of, number, today)}
    kind = kinds.OF[type(tree)].names
    return dict(tree.stored(partial(number, kind) if kind is not None else _nameless, today))


def _nameless(given: words.Object) -> int:
    raise ValueError(given)


def dated(tree: Tree, today: date) -> Tree:
    """The same condition with its dates' years, so that it says the same next year."""
    return trees.exchanged(tree, lambda one: one.settled(today))


# ---- and back ----


async def told(segment: Mapping[str, Any]) -> str:
    """A stored condition as staff would write it, with today's names; what was deleted keeps its number."""
    return (await told_all([segment]))[0]


async def told_all(segments: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same for several."""
    return [printing.show(tree) for tree in await trees_of(segments)]


async def trees_of(segments: Sequence[Mapping[str, Any]]) -> list[Tree]:
    """Stored conditions as trees, with today's names."""
    return (await _read_back(segments))[0]


async def linked_again(segment: Mapping[str, Any], today: date) -> Linked:
    """A stored condition as if it had just been said; what was deleted is called by its number."""
    [tree], things = await _read_back([segment])
    return Linked(tree, things, today)


async def _read_back(segments: Sequence[Mapping[str, Any]]) -> tuple[list[Tree], dict[Key, named.Named]]:
    asked: dict[named.Kind, set[int]] = {}

    def note(kind: named.Kind, number: int) -> words.Object:
        asked.setdefault(kind, set()).add(number)
        return words.This()

    for segment in segments:
        _tree(segment, note)
    found = {kind: await named.by_ids(kind, sorted(numbers)) for kind, numbers in asked.items()}
    things: dict[Key, named.Named] = {}

    def name(kind: named.Kind, number: int) -> words.Object:
        known = found[kind].get(number)
        shown = words.Name(known.name) if known is not None else words.Id(LETTERS[kind], number)
        things[kind, shown] = known or named.Named(number, f"{words.show(shown)}（削除済み）", 0)
        return shown

    return [_tree(segment, name) for segment in segments], things


Name = Callable[[named.Kind, int], words.Object]
LETTERS: dict[named.Kind, str] = {kind.names: kind.letter for kind in kinds.KINDS if kind.names is not None}


def _tree(segment: Mapping[str, Any], name: Name) -> Tree:
    match segment:
        case {"all": parts}:
            return trees.every([_tree(part, name) for part in parts])
        case {"any": parts}:
            return trees.some([_tree(part, name) for part in parts])
        case {"not": part}:
            return trees.negated(_tree(part, name))
    kind, back = next(kinds.BACK[key] for key in segment if key in kinds.BACK)
    return back(segment, partial(name, kind.names) if kind.names is not None else _no_name)


def _no_name(number: int) -> words.Object:
    raise ValueError(number)
