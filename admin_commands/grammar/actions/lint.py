"""Contradictions in what one moment sets going: told when a block is taken, never refused."""

from collections.abc import Iterator, Sequence

from admin_commands.grammar import normalise, words
from admin_commands.grammar.actions import kinds
from admin_commands.grammar.actions.kinds import Act, Action
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Name, Object

Placed = tuple[Act, Segment | None, int]


def conflicts(lists: Sequence[tuple[Sequence[Action], int]]) -> list[str]:
    """What contradicts itself in action lists (each with its line) that are carried out together.

    Acts under different conditions never contradict each other.
    """
    placed: list[Placed] = []
    for actions, line in lists:
        for action in actions:
            if isinstance(action, kinds.Qualified):
                placed.append((action.act, action.when, line))
            else:
                placed.append((action, None, line))
    return [*dict.fromkeys([*_tags(placed), *_scenarios(placed), *_menus(placed)])]


def _tags(placed: Sequence[Placed]) -> Iterator[str]:
    worn: dict[tuple[str, str], int] = {}
    for act, when, line in placed:
        if isinstance(act, kinds.TagOn):
            worn |= {(_key(tag), _condition(when)): line for tag in act.tags}
    for act, when, line in placed:
        for tag in act.tags if isinstance(act, kinds.TagOff) else ():
            first = worn.get((_key(tag), _condition(when)))
            if first is not None:
                yield f"{_lines(first, line)}: タグ「{_shown(tag)}」を付けて、外しています"


def _scenarios(placed: Sequence[Placed]) -> Iterator[str]:
    started: dict[str, tuple[Object, int]] = {}
    for act, when, line in placed:
        if not isinstance(act, kinds.ScenarioStart | kinds.ScenarioSwitch):
            continue
        before = started.setdefault(_condition(when), (act.scenario, line))
        if _key(before[0]) != _key(act.scenario):
            names = f"「{_shown(before[0])}」と「{_shown(act.scenario)}」"
            yield f"{_lines(before[1], line)}: シナリオ{names}を同時に始めています"


def _menus(placed: Sequence[Placed]) -> Iterator[str]:
    chosen: dict[str, int] = {}
    for act, when, line in placed:
        if isinstance(act, kinds.SetMenu):
            if _condition(when) in chosen:
                yield f"{_lines(chosen[_condition(when)], line)}: メニューを2回変えています（後のほうになります）"
            chosen[_condition(when)] = line


def _condition(when: Segment | None) -> str:
    return "" if when is None else repr(when.tree)


def _key(object_: Object) -> str:
    return normalise.fold(normalise.lookup(object_.text).text) if isinstance(object_, Name) else words.show(object_)


def _shown(object_: Object) -> str:
    return object_.text if isinstance(object_, Name) else words.show(object_)


def _lines(first: int, last: int) -> str:
    if first == last:
        return f"{first}行目"
    return f"{min(first, last)}行目と{max(first, last)}行目"
