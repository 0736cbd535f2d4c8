"""What is to be said against a block before anything of it is kept."""

from admin_commands import desk, later, variables
from admin_commands.content import coupons
from admin_commands.content.building import Builder
from admin_commands.content.linking import counted_in, looked_up, measured_in, missing_fault, unasked
from admin_commands.grammar import actions as acts
from admin_commands.grammar import definitions, words
from admin_commands.grammar.faults import Fault
from storage import names


async def doubts(at: desk.Desk, definition: definitions.Definition) -> list[Fault]:
    """All that would be said against a block, found without keeping or making anything."""
    if isinstance(definition, definitions.Outline):
        return [Fault(definition.line, definition.source.split("\n")[0], "の種類はまだ使えません")]
    without_effect = later.faults(definition)
    if without_effect:
        return without_effect
    links, missing = await looked_up(at, [definition])
    links.coupons, faults = coupons.named(at, [definition])
    itself = names.name_key(getattr(definition, "name", ""))
    made = {names.name_key(one.label) for one in measured_in(definition)}
    saved = _saved(definition)
    for noun, given in missing:
        links.ids[noun, given] = 0
        key = names.name_key(given.text) if isinstance(given, words.Name) else ""
        will_be = noun == "tags" or (noun == "scenarios" and key == itself) or (noun == "links" and key in made)
        will_be |= noun == "fields" and key in saved
        if not will_be or not key:
            faults.append(await missing_fault(noun, given, [definition]))
    faults += unasked(links, definition)
    links.variables |= variables.of_links(dict.fromkeys(made, 0))
    links.opening = dict.fromkeys(counted_in(definition), 0)
    builder = Builder(at, "", links, definition)
    if isinstance(definition, definitions.Template):
        builder.template(definition)
    elif isinstance(definition, definitions.Form):
        for run in later.pieces(definition):
            builder.run([run])
    else:
        alone = definition.steps if isinstance(definition, definitions.Scenario) else definition.parts
        for one in alone:
            builder.composed([builder.part(one.pieces, line=one.line)])
            builder.run(one.pieces)
    await builder.checked()
    return sorted(faults + builder.faults, key=lambda fault: fault.line)


def _saved(definition: definitions.Definition) -> set[str]:
    """The keys of the fields that answers to a form go into: those that are not there yet are made with it."""
    asked = definition.parts if isinstance(definition, definitions.Form) else ()
    saving = [one.to for one in asked if isinstance(one, definitions.FormQuestion)]
    return {names.name_key(one.text) for one in saving if isinstance(one, words.Name)}


def conflicts(definition: definitions.Holder) -> list[str]:
    """What contradicts itself in the actions of a block: all that a part runs, and what each of its buttons does."""
    found: list[str] = []
    for part in (*getattr(definition, "steps", ()), *getattr(definition, "parts", ())):
        pieces = getattr(part, "pieces", ())
        found += acts.conflicts([(piece.actions, piece.line) for piece in pieces if isinstance(piece, definitions.Run)])
        for piece in pieces:
            if isinstance(piece, definitions.Link):
                found += acts.conflicts([(piece.actions, piece.line)])
            pressed = isinstance(piece, definitions.Button | definitions.Choice)
            if pressed and isinstance(piece.target, definitions.Do):
                found += acts.conflicts([(piece.target.actions, piece.line)])
    return list(dict.fromkeys(found))
