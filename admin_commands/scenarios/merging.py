"""Two people have changed a scenario from the same version: what each has changed, and both in one; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from admin_commands.grammar import definitions
from admin_commands.scenarios import steps
from jobs import timing

Keyed = Mapping[str, definitions.Step]  # in order, by step key
HEADS = {**steps.HEADS, "ends_when": "終了"}


@dataclass(frozen=True, slots=True)
class Both:
    """What `mine` and `theirs` have changed, in words; `merged` is None where both have changed the same."""

    mine: list[str]
    theirs: list[str]
    merged: definitions.Scenario | None


def both(
    base: definitions.Scenario,
    base_keys: Sequence[str],
    mine: definitions.Scenario,
    theirs: definitions.Scenario,
    their_keys: Sequence[str],
) -> Both:
    """`mine` has no keys yet: it is compared with what it was printed from."""
    old = dict(zip(base_keys, base.steps, strict=True))
    their = dict(zip(their_keys, theirs.steps, strict=True))
    own = dict(zip(_keys(mine, old, [*base_keys, *their_keys]), mine.steps, strict=True))
    merged_steps = _steps(old, own, their)
    heads = {name: _one(getattr(base, name), getattr(mine, name), getattr(theirs, name)) for name in HEADS}
    told = _changed(base, old, mine, own), _changed(base, old, theirs, their)
    if merged_steps is None or _CLASH in heads.values():
        return Both(*told, None)
    merged = replace(
        theirs,
        steps=merged_steps,
        **heads,
    )
    return Both(*told, merged)


_CLASH: Any = object()


def _one(base: Any, mine: Any, theirs: Any) -> Any:
    """What stands where at most one of two has changed it, or both in the same way."""
    if mine == base:
        return theirs
    return mine if theirs in (base, mine) else _CLASH


def _keys(given: definitions.Scenario, old: Keyed, taken: Sequence[str]) -> list[str]:
    stored = [{"key": key, **_stored(step)} for key, step in old.items()]
    return [step["key"] for step in steps.keyed([_stored(step) for step in given.steps], stored, taken)]


def _stored(step: definitions.Step) -> dict[str, Any]:
    """A step in the form in which versions are compared."""
    return {"timing": timing.to_json(step.timing), "messages": [repr(step.pieces)], "actions": []}


def _steps(old: Keyed, mine: Keyed, theirs: Keyed) -> tuple[definitions.Step, ...] | None:
    """Their steps with mine in their places; None where both have changed or taken out the same one."""
    decided = {key: _one(old.get(key), mine.get(key), theirs.get(key)) for key in {**old, **mine, **theirs}}
    if _CLASH in decided.values():
        return None
    order = list(theirs)
    before: str | None = None
    for key in mine:
        if key not in order:
            order.insert(order.index(before) + 1 if before in order else 0, key)
        before = key
    return tuple(decided[key] for key in order if decided[key] is not None)


def _changed(base: definitions.Scenario, old: Keyed, given: definitions.Scenario, new: Keyed) -> list[str]:
    """`②`, `③を外す`, `④を追加`, `配信可能`."""
    told = []
    for place, (key, step) in enumerate(old.items()):
        if key not in new:
            told.append(f"{steps.mark(place)}を外す")
        elif new[key] != step:
            told.append(steps.mark(place))
    told += [f"{steps.mark(place)}を追加" for place, key in enumerate(new) if key not in old]
    heads = [word for name, word in HEADS.items() if getattr(base, name) != getattr(given, name)]
    return told + list(dict.fromkeys(heads))
