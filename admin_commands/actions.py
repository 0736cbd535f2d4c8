"""An action between its words and what is stored: the things it names, exchanged for others or for their numbers."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from admin_commands import colleagues, objects, segments
from admin_commands.grammar import words
from admin_commands.grammar.actions import Action, Changed, Spread, To, show
from jobs import actions, messages, timing
from jobs.actions import arguments
from jobs.actions.kind import Kind
from storage import fields

LONGEST_TOLD = 16  # characters of a text within an action that is told

Named = tuple[colleagues.Noun, words.Object]
TOLD: dict[str, colleagues.Noun] = {"staff": "staff", "group": "groups"}  # whom 通知 may name


def kind_of(action: Action) -> Kind:
    return actions.KINDS[action.do]


def mentioned(action: Action) -> Iterator[Named]:
    """The things an action names, as far as the shop can have any such."""
    for argument, value in zip(kind_of(action).arguments, action.given, strict=True):
        match argument, value:
            case arguments.Thing(of=str(kind)), words.Name() | words.Id() | words.This() | words.Person():
                yield kind, value
            case arguments.Things(of=str(kind)), tuple(many):
                yield from ((kind, one) for one in many)
            case arguments.Audience(), To(to, who) if who is not None:
                yield TOLD[to], who


def exchanged(action: Action, by: Callable[[colleagues.Noun, words.Object], words.Object]) -> Action:
    """The same action with every thing it names exchanged; its condition stays."""
    given: list[Any] = []
    for argument, value in zip(kind_of(action).arguments, action.given, strict=True):
        match argument, value:
            case arguments.Thing(of=str(kind)), words.Name() | words.Id() | words.This() | words.Person():
                given.append(by(kind, value))
            case arguments.Things(of=str(kind)), tuple(many):
                given.append(tuple(by(kind, one) for one in many))
            case arguments.Audience(), To(to, who) if who is not None:
                given.append(To(to, by(TOLD[to], who)))
            case _:
                given.append(value)
    return dataclasses.replace(action, given=tuple(given))


def stored(
    action: Action,
    number: Callable[[colleagues.Noun, words.Object], int],
    today: date,
    once: str,
    noted: Mapping[int, fields.Kept],
) -> dict[str, Any]:
    """What is kept of an action whose kind has an effect; `number` tells what its names mean, `noted` has the fields.

    By the text `once` it is known which friends have had it, if it is for each of them once for ever.
    """
    found = _deed(action, number)
    if action.when is not None and action.when.tree is not None:
        found["if"] = segments.stored(action.when.tree, number, today, noted)
    if action.once:
        found["once"] = once
    if action.timing is not None:
        late = action.timing
        found["after"] = {"spread": [late.least, late.most]} if isinstance(late, Spread) else timing.to_json(late)
    return found


def _deed(action: Action, number: Callable[[colleagues.Noun, words.Object], int]) -> dict[str, Any]:
    found: dict[str, Any] = {"do": action.do}
    for argument, value in zip(kind_of(action).arguments, action.given, strict=True):
        match argument, value:
            case arguments.Thing(key=key), None:
                found[key] = None
            case arguments.Thing(key=key, of=str(kind)), words.Name() | words.Id() | words.This() | words.Person():
                found[key] = number(kind, value)
            case arguments.Things(key=key, of=str(kind)), tuple(many):
                found[key] = [number(kind, one) for one in many]
            case arguments.Message(key=key), str(text):
                found[key] = [messages.customers_text(text)]
            case arguments.Step(key=key), int(step):
                found |= {key: step - 1} if step > 1 else {}
            case arguments.Audience(), To(to, who):
                found |= {"to": to, "who": number(TOLD[to], who) if who is not None else None}
            case _, Changed(sign, text):
                found[argument.key] = {"sign": sign, "value": text}
            case arguments.Words(key=key) | arguments.Amount(key=key), _:
                found[key] = value
            case _:
                raise ValueError(action)  # the argument of a kind that `later` has refused
    return found


async def told(given: Sequence[Mapping[str, Any]]) -> list[str]:
    """Stored actions in the words of a block, with today's names and long texts shortened; delays are not told."""
    read = [_read_back(one) for one in given]
    numbers: dict[colleagues.Noun, set[int]] = {}
    for kind, one in (pair for action in read for pair in mentioned(action)):
        if isinstance(one, words.Id):
            numbers.setdefault(kind, set()).add(one.number)
    names = {kind: await colleagues.called(kind, sorted(asked)) for kind, asked in numbers.items()}

    def name(kind: colleagues.Noun, one: words.Object) -> words.Object:
        known = names[kind].get(one.number) if isinstance(one, words.Id) else None
        return words.Name(known.name) if known is not None else one

    conditions = iter(await segments.told_all([one["if"] for one in given if "if" in one]))
    shown = []
    for kept, action in zip(given, read, strict=True):
        ahead = f"もし {next(conditions)} なら " if "if" in kept else ""
        shown.append(ahead + show([exchanged(action, name)]))
    return shown


def _read_back(given: Mapping[str, Any]) -> Action:
    """A stored action as it was read, numbers in place of names, without its condition and its delay."""
    kind = actions.KINDS[given["do"]]
    found: list[Any] = []
    for argument in kind.arguments:
        value: Any = given.get(argument.key)
        match argument:
            case arguments.Thing(of=of) if of is not None:
                found.append(None if value is None else words.Id(objects.KINDS[of][1], value))
            case arguments.Things(of=of) if of is not None:
                found.append(tuple(words.Id(objects.KINDS[of][1], one) for one in value or ()))
            case arguments.Message():
                found.append(messages.alt_text(value, LONGEST_TOLD))
            case arguments.Words():
                found.append(value if len(value) <= LONGEST_TOLD else f"{value[: LONGEST_TOLD - 1]}…")
            case arguments.Step():
                found.append((value or 0) + 1)
            case arguments.Audience():
                who = given["who"]
                found.append(To(value, words.Id(colleagues.WORDS[TOLD[value]][1], who) if who is not None else None))
            case arguments.Change() | arguments.Points():
                found.append(Changed(value["sign"], value["value"]))
            case _:
                found.append(value)
    return Action(kind.do, tuple(found), once="once" in given)
