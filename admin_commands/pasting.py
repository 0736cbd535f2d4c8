"""■ blocks of one message: all get their numbers, all names are linked, then each is filled."""

from collections.abc import Sequence
from dataclasses import replace

from admin_commands import cards, command, content, desk, greetings, scenarios, tags, templates
from admin_commands.grammar.definitions import Definition, Greeting, Scenario, Template
from storage import changes


def block(definition: Definition) -> command.Block:
    """The declaration of this kind of block."""
    match definition:
        case Scenario():
            return scenarios.BLOCK
        case Greeting():
            return greetings.BLOCK
        case Template():
            return templates.BLOCK


async def define(at: desk.Desk, definitions: Sequence[Definition]) -> list[cards.Say]:
    """Blocks of one message may name each other; tags that are missing are made along."""
    numbers = [await _reserve(at, one) for one in definitions]
    links = await content.link(at, definitions)
    if links.new_tags:
        at.record(
            "tag.new",
            {"tags": list(links.new_tags.values())},
            f"タグ{tags.quoted(links.new_tags)}を作った",
            [changes.put_back("tags", tag, 1, {"deleted_at": "now"}) for tag in links.new_tags.values()],
        )
    says = []
    for place, (one, number) in enumerate(zip(definitions, numbers, strict=True)):
        at.place = place
        says.append(_warned(await _filled(at, one, number, links), content.conflicts(one)))
    return says


def _warned(say: cards.Say, warnings: Sequence[str]) -> cards.Say:
    told = [say.text, *(f"⚠ {one}" for one in warnings)]
    return replace(say, text="\n".join(filter(None, told))) if warnings else say


async def _reserve(at: desk.Desk, definition: Definition) -> int:
    match definition:
        case Scenario():
            return await scenarios.reserve(at, definition)
        case Template():
            return await templates.reserve(at, definition)
        case Greeting():
            return 0


async def _filled(at: desk.Desk, definition: Definition, number: int, links: content.Links) -> cards.Say:
    match definition:
        case Scenario():
            return await scenarios.define(at, definition, number, links)
        case Template():
            return await templates.define(at, definition, number, links)
        case Greeting():
            return await greetings.define(at, definition, links)
