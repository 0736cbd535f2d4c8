"""A saved set with all it runs: what each of its actions says in words, those of sets within it in their place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from admin_commands import content
from admin_commands.action_sets import writing
from admin_commands.grammar import actions
from jobs.actions import KINDS
from storage import action_sets

Stored = Mapping[str, Any]

# What is recorded of friends: what would come, and what has come of an action.
EVENTS = {
    "tag_added": ("タグが付きます", "タグが付いた"),
    "tag_removed": ("タグが外れます", "タグが外れた"),
    "field_changed": ("項目が変わります", "項目が変わった"),
    "scenario_started": ("シナリオが始まります", "シナリオが始まった"),
    "scenario_resumed": ("シナリオが再開します", "シナリオが再開した"),
    "scenario_stopped": ("シナリオが止まります", "シナリオが止まった"),
    "hidden": ("非表示になります", "非表示になった"),
    "shown": ("表示に戻ります", "表示に戻った"),
    "blocked_by_us": ("ブロックします", "ブロックした"),
    "unblocked_by_us": ("ブロックをやめます", "ブロックをやめた"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A set that can be read: its actions as stored, each with its words."""

    name: str
    actions: tuple[tuple[Stored, str], ...]


async def living() -> dict[int, Told]:
    """All sets by number; one that cannot be read today does nothing."""
    found: dict[int, Told] = {}
    kept = {}
    for one in await action_sets.everything():
        try:
            kept[one.id] = (one, writing.definition_of(one))
        except content.Outdated:
            found[one.id] = Told(one.name, ())
    today = await content.all_unlinked([definition for _, definition in kept.values()])
    for (one, _), definition in zip(kept.values(), today, strict=True):
        words = [actions.show([each]) for piece in definition.pieces for each in piece.actions]
        found[one.id] = Told(one.name, tuple(zip(one.actions, words, strict=True)))
    return found


def inner(number: int, sets: Mapping[int, Told], within: Sequence[int] = ()) -> Iterator[Stored]:
    """All that a set may do, sets within it in their place; none is in itself."""
    for action, _ in sets[number].actions if number in sets and number not in within else ():
        if action["do"] == "run":
            yield from inner(action["set"], sets, (*within, number))
        else:
            yield action


def sends(action: Stored) -> bool:
    """Whether a customer may get messages by it."""
    return KINDS[action["do"]].sends
