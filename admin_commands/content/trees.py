"""A definition as a tree: its parts gone through and exchanged, and the things that it names."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, TypeGuard, TypeVar, cast

from admin_commands import actions, colleagues
from admin_commands.grammar import actions as acts
from admin_commands.grammar import definitions, words
from admin_commands.grammar.segments import kinds

Noun = colleagues.Noun
D = TypeVar("D")

LETTERS: dict[Noun, str] = {
    "tags": "T",
    "scenarios": "S",
    "templates": "M",
    "media": "I",
    "fields": "K",
    "shared_values": "V",
    "action_sets": "X",
    "segments": "G",
    "links": "L",
    "broadcasts": "B",
    "forms": "Q",
    "staff": "W",
    "groups": "J",
}
# Which kind of thing an object in a block names, by the dataclass it stands in; those of actions declare it themselves.
NAMING: dict[type, Noun] = {
    **{one: kind.names for one, kind in kinds.OF.items() if kind.names is not None},
    definitions.Trigger: "tags",
    definitions.Attachment: "media",
    definitions.Imagemap: "media",
    definitions.Sender: "media",
    definitions.Pick: "fields",
    definitions.Measured: "links",
    definitions.OpenForm: "forms",
    definitions.Worn: "tags",
}
# The same of those in which each part names a kind of its own.
NAMING_PARTS: dict[type, dict[str, Noun]] = {
    definitions.Form: {"picture": "media"},
    definitions.FormQuestion: {"to": "fields", "picture": "media"},
    definitions.Thanks: {"picture": "media", "then": "forms"},
}
_OBJECTS = words.Name | words.Id | words.This | words.Person


def _are_objects(value: object) -> TypeGuard[tuple[words.Object, ...]]:
    return isinstance(value, tuple) and all(isinstance(one, _OBJECTS) for one in value)


def _named_by(tree: object, part: str) -> Noun | None:
    """The kind of thing that objects in this part of a dataclass name."""
    parts = NAMING_PARTS.get(type(tree))
    return parts.get(part) if parts is not None else NAMING.get(type(tree))


def inside(tree: object) -> Iterator[object]:
    """Every part of a definition, from the outside in."""
    if isinstance(tree, tuple):
        for one in tree:
            yield from inside(one)
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        yield tree
        for part in dataclasses.fields(tree):
            yield from inside(getattr(tree, part.name))


def rebuilt(tree: D, by: Callable[[object], object | None]) -> D:
    """The same definition with what `by` makes of its parts; a part of which it makes None is looked into."""
    made = by(tree)
    if made is not None:
        return cast(D, made)
    if isinstance(tree, tuple):
        return type(tree)(rebuilt(one, by) for one in tree)
    if not dataclasses.is_dataclass(tree) or isinstance(tree, type):
        return tree
    parts = {part.name: getattr(tree, part.name) for part in dataclasses.fields(tree)}
    return dataclasses.replace(tree, **{name: rebuilt(value, by) for name, value in parts.items()})


def mentioned(tree: object) -> Iterator[tuple[Noun, words.Object]]:
    """Every object that a definition names, with the kind of thing it is."""
    if isinstance(tree, tuple):
        for one in tree:
            yield from mentioned(one)
    elif isinstance(tree, acts.Action):
        yield from actions.mentioned(tree)
        yield from mentioned(tree.when)
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        for part in dataclasses.fields(tree):
            value, noun = getattr(tree, part.name), _named_by(tree, part.name)
            if noun is not None and isinstance(value, _OBJECTS):
                yield noun, value
            elif noun is not None and _are_objects(value):
                yield from ((noun, one) for one in value)
            else:
                yield from mentioned(value)


def exchanged(tree: D, by: Callable[[Noun, words.Object], words.Object]) -> D:
    """The same definition with every object it names exchanged for another."""
    if isinstance(tree, tuple):
        return type(tree)(exchanged(one, by) for one in tree)
    if isinstance(tree, acts.Action):
        return cast(D, dataclasses.replace(actions.exchanged(tree, by), when=exchanged(tree.when, by)))
    if not dataclasses.is_dataclass(tree) or isinstance(tree, type):
        return tree
    changed: dict[str, Any] = {}
    for part in dataclasses.fields(tree):
        value, noun = getattr(tree, part.name), _named_by(tree, part.name)
        if noun is not None and isinstance(value, _OBJECTS):
            changed[part.name] = by(noun, value)
        elif noun is not None and _are_objects(value):
            changed[part.name] = tuple(by(noun, one) for one in value)
        else:
            changed[part.name] = exchanged(value, by)
    return dataclasses.replace(tree, **changed)
