"""Blocks as they are kept, with numbers in place of names: read again, compared, and told with today's names."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from admin_commands import colleagues, desk, variables
from admin_commands import segments as conditions
from admin_commands.content import coupons
from admin_commands.content.linking import Links
from admin_commands.content.trees import LETTERS, Noun, exchanged, mentioned, rebuilt
from admin_commands.grammar import definitions, print_block, read, segments, words
from admin_commands.grammar.readings import Paste
from storage import links as measured

UNREADABLE = "次のブロックは今の版では読めないため、取り込まれません"

D = TypeVar("D")


class Outdated(desk.Declined):
    """A kept block is not in today's language; it can be shown as it is kept, with numbers in place of names."""


def reread(source: str) -> definitions.Definition:
    """A block as it was kept. Raises Outdated."""
    reading = read(source)
    if not isinstance(reading, Paste) or len(reading.definitions) != 1 or reading.faults:
        raise Outdated("保存されたブロックを今は読めません。")
    return reading.definitions[0]


def same(kept: str, source: str) -> bool:
    """Whether two sources say the same, whatever the name in their first line."""
    return kept.partition("\n")[2] == source.partition("\n")[2]


def dated(at: desk.Desk, definition: D) -> D:
    """The same definition with years to the dates of all its conditions, so that it says the same next year."""
    today = at.local(at.now).date()

    def settled(part: object) -> object | None:
        if not isinstance(part, segments.Segment) or part.tree is None:
            return None
        return dataclasses.replace(part, tree=conditions.dated(part.tree, today))

    return rebuilt(definition, settled)


def linked(definition: D, links: Links) -> D:
    """The definition with numbers in place of names, as its source is kept: a renamed tag stays found."""
    by_number = exchanged(definition, lambda noun, one: words.Id(LETTERS[noun], links.of(noun, one)))
    return coupons.linked(variables.exchanged(by_number, variables.numbered(links.variables)), links.coupons)


async def unlinked(definition: D) -> D:
    """The definition with today's names in place of numbers; what has been deleted keeps its number."""
    return (await all_unlinked([definition]))[0]


async def all_unlinked(given: Sequence[D], *, elsewhere: bool = False) -> list[D]:
    """The same of many; to be read `elsewhere`, where our numbers mean other things, what is deleted is number 0."""
    wanted = {pair for one in given for pair in mentioned(one) if isinstance(pair[1], words.Id)}
    now: dict[tuple[str, int], str] = {}
    for noun in LETTERS:
        ids = [one.number for kind, one in wanted if kind == noun and isinstance(one, words.Id)]
        now |= {(noun, number): thing.name for number, thing in (await colleagues.called(noun, ids)).items()}

    def name(noun: Noun, one: words.Object) -> words.Object:
        if not isinstance(one, words.Id):
            return one
        known = now.get((noun, one.number))
        return words.Name(known) if known is not None else dataclasses.replace(one, number=0) if elsewhere else one

    by = await variables.named_again(list(given), elsewhere=elsewhere)
    leading = await measured.get([one.number for kind, one in wanted if kind == "links" and isinstance(one, words.Id)])
    return [variables.exchanged(exchanged(_led(one, leading), name), by) for one in given]


def _led(tree: D, leading: Mapping[int, measured.Kept]) -> D:
    """The same definition, its measured links with today's addresses."""

    def led(part: object) -> object | None:
        if not isinstance(part, definitions.Link) or part.name is None:
            return None
        link = part.name.link
        kept = leading.get(link.number) if isinstance(link, words.Id) else None
        return dataclasses.replace(part, address=kept.address) if kept is not None else None

    return rebuilt(tree, led) if leading else tree


async def dumped(sources: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
    """Kept blocks as 控え prints them, each with these fields changed; one not in today's language as a comment."""
    told: dict[int, str] = {}
    readable: dict[int, definitions.Definition] = {}
    for place, (source, changed) in enumerate(sources):
        try:
            readable[place] = dataclasses.replace(reread(source), **changed, version=None)
        except Outdated:
            told[place] = "\n".join([f"// {UNREADABLE}", *(f"// {line}" for line in source.split("\n"))])
    named_again = await all_unlinked(list(readable.values()), elsewhere=True)
    told |= {place: print_block(one) for place, one in zip(readable, named_again, strict=True)}
    return [told[place] for place in range(len(sources))]
