"""■ blocks of one message: all get their numbers, all names are linked, then each is filled."""

from collections.abc import Sequence
from dataclasses import replace

from admin_commands import (
    action_sets,
    auto_replies,
    broadcasts,
    cards,
    command,
    content,
    desk,
    forms,
    greetings,
    later,
    scenarios,
    templates,
)
from admin_commands.grammar.definitions import (
    ActionSet,
    AutoReply,
    Broadcast,
    Definition,
    Form,
    Greeting,
    Outline,
    Scenario,
    Template,
    Usable,
)


def block(definition: Definition) -> command.Block:
    """The declaration of this kind of block."""
    match definition:
        case Scenario():
            return scenarios.BLOCK
        case Greeting():
            return greetings.BLOCK
        case Template():
            return templates.BLOCK
        case Broadcast():
            return broadcasts.BLOCK
        case ActionSet():
            return action_sets.BLOCK
        case AutoReply():
            return auto_replies.BLOCK
        case Form():
            return forms.BLOCK
    raise desk.Declined(later.unusable(definition))


async def define(at: desk.Desk, definitions: Sequence[Definition]) -> list[cards.Say]:
    """Blocks of one message may name each other; tags that are missing are made along."""
    given = usable(definitions)
    numbers = [await reserve(at, one) for one in given]
    links = await content.link(at, given)
    content.record_made(at, links)
    says = []
    for place, (one, number) in enumerate(zip(given, numbers, strict=True)):
        at.place = place
        says.append(_warned(await filled(at, one, number, links), content.conflicts(one)))
    return says


def _warned(say: cards.Say, warnings: Sequence[str]) -> cards.Say:
    told = [say.text, *(f"⚠ {one}" for one in warnings)]
    return replace(say, text="\n".join(filter(None, told))) if warnings else say


def usable(given: Sequence[Definition]) -> list[Usable]:
    """The same blocks. Raises desk.Declined for a kind that has no effect yet, content.Faulty for parts of others."""
    usable: list[Usable] = []
    for one in given:
        if isinstance(one, Outline):
            raise desk.Declined(later.unusable(one))
        usable.append(one)
    faults = [fault for one in usable for fault in later.faults(one)]
    if faults:
        raise content.Faulty(faults)
    return usable


async def reserve(at: desk.Desk, definition: Usable) -> int:
    match definition:
        case Scenario():
            return await scenarios.reserve(at, definition)
        case Template():
            return await templates.reserve(at, definition)
        case Broadcast():
            return await broadcasts.reserve(at, definition)
        case ActionSet():
            return await action_sets.reserve(at, definition)
        case AutoReply():
            return await auto_replies.WAY.reserve(at, definition)
        case Form():
            return await forms.reserve(at, definition)
        case Greeting():
            return 0


async def filled(at: desk.Desk, definition: Usable, number: int, links: content.Links) -> cards.Say:
    match definition:
        case Scenario():
            return await scenarios.define(at, definition, number, links)
        case Template():
            return await templates.define(at, definition, number, links)
        case Broadcast():
            return await broadcasts.define(at, definition, number, links)
        case ActionSet():
            return await action_sets.define(at, definition, number, links)
        case AutoReply():
            return await auto_replies.WAY.define(at, definition, number, links)
        case Form():
            return await forms.WAY.define(at, definition, number, links)
        case Greeting():
            return await greetings.define(at, definition, links)
