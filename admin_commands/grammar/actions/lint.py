"""Contradictions in what one moment sets going: told when a block is taken, never refused."""

from collections.abc import Iterator, Sequence
from typing import Any

from admin_commands.grammar import normalise, words
from admin_commands.grammar.actions.tree import Action
from admin_commands.grammar.words import Id, Name, Person, This
from jobs import actions
from jobs.actions.kind import Aspect


def conflicts(lists: Sequence[tuple[Sequence[Action], int]]) -> list[str]:
    """What contradicts itself in action lists (each with its line) that are carried out together.

    Actions under different conditions, or of different times, never contradict each other.
    """
    before: dict[tuple[Aspect, str, str], tuple[str, str, int]] = {}
    found: list[str] = []
    for action, line in ((action, line) for given, line in lists for action in given):
        aspect = actions.KINDS[action.do].settles
        if aspect is None:
            continue
        moment = repr((action.when.tree if action.when else None, action.timing))
        for about, settled, shown in _settled(action, aspect):
            first = before.setdefault((aspect, about, moment), (settled, shown, line))
            if first[0] != settled:
                found.append(f"{_lines(first[2], line)}: {aspect.told.format(first=first[1], it=shown)}")
    return list(dict.fromkeys(found))


def _settled(action: Action, aspect: Aspect) -> Iterator[tuple[str, str, str]]:
    """What an action settles (of itself, or of each thing it names), how, and the thing it names in words."""
    named: Any = action.given[0] if action.given else None
    things = named if isinstance(named, tuple) else (named,)
    for thing in things:
        key, shown = _key(thing), _shown(thing)
        yield (key, action.do, shown) if aspect.each else ("", key or action.do, shown)


def _key(thing: object) -> str:
    if isinstance(thing, Name):
        return normalise.fold(normalise.lookup(thing.text).text)
    return _shown(thing)


def _shown(thing: object) -> str:
    match thing:
        case Name(text):
            return text
        case Id() | This() | Person():
            return words.show(thing)
    return str(thing or "")


def _lines(first: int, last: int) -> str:
    if first == last:
        return f"{first}行目"
    return f"{min(first, last)}行目と{max(first, last)}行目"
