"""Variables in what customers are to read: kept by number, shown by today's name."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from admin_commands import actions
from admin_commands.grammar import actions as acts
from admin_commands.grammar import definitions
from jobs import messages
from jobs.actions import arguments
from jobs.messages import hosting, naming, placeholders
from storage import named, names

T = TypeVar("T")
# Where texts with variables stand, by the dataclass they stand in.
TEXTS: dict[type, tuple[str, ...]] = {
    definitions.Text: ("text",),
    definitions.Button: ("label",),
    definitions.Choice: ("label",),
    definitions.Open: ("address",),
    definitions.Link: ("address",),
    definitions.TemplatePart: ("title",),
    definitions.Template: ("again", "full"),
}
LETTERS: dict[named.Kind, str] = {"fields": "K", "shared_values": "V", "links": "L", "forms": "Q"}
BEFORE: dict[named.Kind, str] = {"links": naming.LINK, "forms": naming.FORM}  # what stands before their names
SAMPLE = hosting.link("zzzzz.zzzzz.zzzzzz.AAAAAAAAAAAA", "")  # as long as an address of a link becomes
LONGEST = 5_000  # characters of a line that is still to be shortened
By = Callable[[str], str | None]


async def known() -> dict[str, str]:
    """Name -> `#K3`: all that the shop can put into its messages besides the name of a friend."""
    found: dict[str, str] = {}
    for kind, letter in LETTERS.items():
        every = [one for one in await named.everything(kind) if "://" not in one.name]  # that is an address's own link
        called = {f"{BEFORE.get(kind, '')}{one.name}": f"#{letter}{one.id}" for one in every}
        found |= {name: number for name, number in called.items() if naming.may_be_written(name)}
    return found


def of_links(given: Mapping[str, int]) -> dict[str, str]:
    """The same of links by name."""
    return {f"{naming.LINK}{name}": f"#L{number}" for name, number in given.items()}


def numbered(given: dict[str, str]) -> By:
    """From names as typed to numbers; what is no name of these stays. A button behind a link is not for people to name:
    it would be another block's."""
    keys = {names.name_key(name): number for name, number in given.items()}

    def by(written: str) -> str | None:
        computed = naming.read(written)
        if computed is not None and computed.button is not None:
            return computed.base
        name, rest = naming.parted(written)
        number = keys.get(names.name_key(written)) or keys.get(names.name_key(name))
        whole = keys.get(names.name_key(written)) is not None
        return f"{number}{'' if whole else rest}" if number is not None else None

    return by


async def named_again(tree: object, *, elsewhere: bool) -> By:
    """From numbers to today's names; what has been deleted keeps its number, or `elsewhere` becomes number 0."""
    return await _named_again(texts(tree), elsewhere=elsewhere)


async def told(said: Sequence[object], most: int) -> list[str]:
    """What each of these messages, as they are kept, says in one line of so many signs, with today's names."""
    whole = await in_words([messages.alt_text(one, LONGEST) for one in said])
    return [messages.alt_text([messages.text(line)], most) for line in whole]


async def in_words(texts_: Sequence[str]) -> list[str]:
    """Texts as they are kept, with today's names in their variables."""
    by = await _named_again(texts_, elsewhere=False)
    return [placeholders.exchanged(one, by) for one in texts_]


async def told_of(actions_: Sequence[Mapping[str, Any]], most: int = 40) -> str:
    """What an action list says to a friend, and how much else it does: `「火〜金 10時から」 ＋アクション1`."""
    said = [message for action in actions_ for message in action.get("messages", ())]
    deeds = sum("messages" not in action for action in actions_)
    words = [f"「{one}」" for one in await told([said], most)] if said else []
    return " ＋".join([*words, *([f"アクション{deeds}"] if deeds else [])]) or "なし"


async def _named_again(texts_: Iterable[str], *, elsewhere: bool) -> By:
    meant = {one for text in texts_ for one in _numbers(text)}
    found: dict[str, str] = {}
    for kind, letter in LETTERS.items():
        ids = [one.number for one in meant if one.letter == letter]
        before = BEFORE.get(kind, "")
        found |= {f"#{letter}{number}": before + one.name for number, one in (await named.by_ids(kind, ids)).items()}

    def by(written: str) -> str | None:
        one = naming.read(written)
        if one is None or not one.letter:
            return None
        name = found.get(one.base) or (f"#{one.letter}0" if elsewhere else one.base)
        return f"{name}{(naming.canonical(written) or '').removeprefix(one.base)}"

    return by


def _numbers(text: str) -> Iterator[naming.Computed]:
    seen: list[str] = []
    placeholders.exchanged(text, seen.append)  # which exchanges nothing
    return (one for name in seen if (one := naming.read(name)) is not None and one.letter)


def numbers_in(tree: object, letter: str, given: dict[str, str]) -> set[int]:
    """The numbers of what texts of a definition name by this letter, by name or number."""
    by = numbered(given)
    found = (one for text in texts(tree) for one in _numbers(placeholders.exchanged(text, by)))
    return {one.number for one in found if one.letter == letter}


def texts(tree: object) -> Iterator[str]:
    """Every text of a definition in which variables may stand."""
    if isinstance(tree, tuple | list):
        for one in tree:
            yield from texts(one)
    elif isinstance(tree, acts.Action):
        for argument, value in zip(actions.kind_of(tree).arguments, tree.given, strict=True):
            if isinstance(argument, arguments.Message | arguments.Words) and isinstance(value, str):
                yield value
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        here = TEXTS.get(type(tree), ())
        for part in dataclasses.fields(tree):
            value = getattr(tree, part.name)
            if part.name in here and isinstance(value, str):
                yield value
            else:
                yield from texts(value)


def exchanged(tree: T, by: By) -> T:
    """The same definition with other names in its variables."""
    if isinstance(tree, tuple):
        return type(tree)(exchanged(one, by) for one in tree)
    if isinstance(tree, acts.Action):
        given = [
            placeholders.exchanged(value, by)
            if isinstance(argument, arguments.Message | arguments.Words) and isinstance(value, str)
            else value
            for argument, value in zip(actions.kind_of(tree).arguments, tree.given, strict=True)
        ]
        return dataclasses.replace(tree, given=tuple(given))
    if not dataclasses.is_dataclass(tree) or isinstance(tree, type):
        return tree
    here = TEXTS.get(type(tree), ())
    changed: dict[str, Any] = {}
    for part in dataclasses.fields(tree):
        value = getattr(tree, part.name)
        text = part.name in here and isinstance(value, str)
        changed[part.name] = placeholders.exchanged(value, by) if text else exchanged(value, by)
    return dataclasses.replace(tree, **changed)


def in_messages(tree: Any, by: By) -> Any:
    """The same message objects, or a list of them, with other names in their variables; changed in place."""
    for place in list(placeholders.places(tree)):
        place.holder[place.key] = placeholders.exchanged(place.text, by)
    return tree


def defaults(given: dict[str, str]) -> dict[str, str]:
    """What the check of messages knows as variables, with what stands there when there is no value."""
    return {**messages.KNOWN, **{name: SAMPLE if naming.leads(number) else "" for name, number in given.items()}}
