"""An action list in canonical Japanese, which reads back the same."""

from collections.abc import Sequence
from typing import Any

from admin_commands.grammar import normalise, schedules, segments, words
from admin_commands.grammar.actions import vocabulary
from admin_commands.grammar.actions.tree import Action, Changed, OwnDate, Spread, To
from admin_commands.grammar.words import Name, Object
from jobs import actions, timing
from jobs.actions import arguments as sorts
from jobs.actions.kind import Kind

PARTING = "=+-:,<>!「」『』“”\"'‘’"  # what would part a name
ASSIGNED = {"auto": "自動", "nobody": "なし"}
AUDIENCES = {"assigned": "担当", "on_duty": "当番", "everybody": "全員", "group": "グループ"}


def show(given: Sequence[Action]) -> str:
    """The list on one line."""
    return " → ".join(map(one, given))


def one(action: Action) -> str:
    pieces = [f"もし {segments.show(action.when)} なら"] if action.when is not None else []
    pieces.append(_act(actions.KINDS[action.do], action.given))
    if action.timing is not None:
        pieces.append(_timing(action.timing))
    if action.once:
        pieces.append("一度だけ")
    return " ".join(pieces)


def _timing(given: timing.Timing | Spread) -> str:
    if isinstance(given, Spread):
        return f"{given.least}〜{given.most}分後"
    return timing.describe(given)


def _act(kind: Kind, given: Sequence[Any]) -> str:
    """The word and all that stands behind it."""
    match kind.arguments, given:
        case (sorts.Thing(), sorts.Change()), (thing, Changed(sign, value)):
            return f"{kind.word} {_parted(thing)}" + (f"={_value(value)}" if sign == "=" else f" {sign}{value}")
        case (sorts.Thing(), sorts.Points()), (thing, Changed(sign, value)):
            return f"{kind.word}{f':{_parted(thing)}' if thing else ''} {sign}{value}"
    shown = [_shown(argument, value) for argument, value in zip(kind.arguments, given, strict=True)]
    return " ".join(filter(None, [kind.word, *shown]))


def _shown(argument: sorts.Argument, value: Any) -> str:
    match argument, value:
        case sorts.Thing(), _:
            return _shown_thing(argument, value)
        case sorts.Things(), _:
            return ", ".join(map(_name, value))
        case sorts.Message() | sorts.Words(), _:
            return words.quote(value)
        case sorts.Step(), _:
            return f"{value}通目から" if value > 1 else ""
        case sorts.Moment(), _:
            return f"{{{value.name}}}" if isinstance(value, OwnDate) else schedules.show(schedules.Schedule(value))
        case sorts.Colleague(), _:
            return ASSIGNED[value] if isinstance(value, str) else _name(value)
        case sorts.Audience(), To(to, who):
            return " ".join(filter(None, [AUDIENCES.get(to), _name(who) if who else ""]))
    return value or ""


def _shown_thing(argument: sorts.Thing, value: Object | None) -> str:
    if value is None:
        return argument.instead[0] if argument.instead else ""
    return _name(value) if argument.bare else words.show_reference(argument.by[0], value)


def _parted(name: Object) -> str:
    """The name, in quotes where a sign within it would part it."""
    shown = _name(name)
    parted = isinstance(name, Name) and shown == name.text and any(c in normalise.lookup(shown).text for c in PARTING)
    return words.quote(shown) if parted else shown


def _value(value: str) -> str:
    return words.quote(value) if not value or words.needs_quotes(value) or _mistaken(value) else value


def _name(object_: Object) -> str:
    """The name, in quotes where it would be read as a time, as 全部, as a list or as another word of the language."""
    shown = words.show(object_)
    bare = isinstance(object_, Name) and shown == object_.text
    return words.quote(shown) if bare and _mistaken(shown) else shown


def _mistaken(shown: str) -> bool:
    folded = normalise.fold(normalise.lookup(shown).text)
    joins = vocabulary.ACTS.keys() | vocabulary.RESERVED
    return folded in joins or vocabulary.TIMED.match(folded) is not None or _begins_act(folded) or folded[:1] == "{"


def _begins_act(folded: str) -> bool:
    """Whether the name could be taken for the end of a longer act (項目 消す, タグ 付ける)."""
    return any(act.endswith(folded) for act in vocabulary.ACTS)
