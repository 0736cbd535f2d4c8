"""Carrying out one message: every command is permitted, fitted to its declaration and run, with one audit entry."""

from collections.abc import Mapping, Sequence

from admin_commands import cards, command, desk, misread, pasting, picking
from admin_commands.command import Noun
from admin_commands.grammar import lexicon
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.definitions import Definition
from admin_commands.wizards import talk
from admin_commands.wizards.questions import Wizard
from storage import audit, changes, staff


async def run(
    at: desk.Desk,
    nouns: Mapping[str, Noun],
    talking: talk.Talk,
    commands: Sequence[Said],
    definitions: Sequence[Definition],
) -> list[cards.Say]:
    """Carry out what one message asks for, one after the other, and write one audit entry; for inside a savepoint."""
    says = []
    for place, said in enumerate(commands):
        at.place = place
        noun = nouns.get(said.noun)
        if noun is not None and noun.wizard is not None and noun.begins_wizard(said):
            says.append(await _ask(at, talking, noun.wizard))
            continue
        declared = _permitted(at, nouns, said)
        if declared.verb == "attach":
            await picking.offer(declared, said)
        meant = _fitted(declared, said)
        says.append(await declared.run(at, meant))
    if definitions:
        for one in definitions:
            block = pasting.block(one)
            _permit(at, block.role, True, f"■{lexicon.NOUN[block.noun].words[0]}")
        says += await pasting.define(at, definitions)
    await _write_down(at)
    return says


async def _ask(at: desk.Desk, talking: talk.Talk, wizard: Wizard) -> cards.Say:
    """A wizard's first question; nobody is asked in another's stead."""
    try:
        _permit(at, wizard.role, True, wizard.begins[0])
    except desk.Forbidden as forbidden:
        raise desk.Declined(forbidden.message) from None
    return await talking.begin(wizard)


def _permitted(at: desk.Desk, nouns: Mapping[str, Noun], said: Said) -> command.Command:
    """The command that is meant, which this person may give here."""
    noun = nouns.get(said.noun)
    declared = noun.command(said.verb) if noun else None
    if noun is None or declared is None:
        raise misread.no_such_verb(noun, said)
    if not (declared.invites and "offer" in at.held):
        _permit(at, declared.role, declared.risk > 0, declared.words)
    if declared.whole and at.scope is not None:
        raise desk.Forbidden(
            f"🔒 「{declared.words}」はすべての友だちに関わるため、できるのは管理者以上の方です。", "manager"
        )
    return declared


def _fitted(declared: command.Command, said: Said) -> Said:
    """What is said to a command, in the places it has."""
    said = command.with_whole_names(declared, said)
    wrong = command.misfit(declared, said)
    if wrong is None:
        return said
    told = f"{wrong}。\n書き方: {declared.usage}\n例: {command.typed(command.filled(declared.examples[-1], {}))}"
    # without a verb it may well be talk: お客様 田中様 来店
    raise desk.Unknown(told, 0.0) if said.verbless else desk.Declined(told)


def _permit(at: desk.Desk, role: staff.Role, acts: bool, what: str) -> None:
    if at.actor.user_id is None and acts:
        raise desk.Declined("🔒 どなたか分からないため、見ることだけできます。LINEを最新版にしてください。")
    at.permit(role, what)


async def _write_down(at: desk.Desk) -> None:
    """One audit entry for everything the message has changed."""
    if not at.deeds:
        return
    verb = at.deeds[0].verb if len(at.deeds) == 1 else "batch"
    arguments = at.deeds[0].arguments if len(at.deeds) == 1 else {"deeds": [one.arguments for one in at.deeds]}
    sentence = "、".join(one.sentence for one in at.deeds)
    arguments = arguments | {"needs": at.needed}
    if at.asked is not None and at.asked.staff_id is not None:
        arguments = arguments | {"asked_by": at.asked.staff_id}
        sentence += f"（{at.asked.name}さんの依頼）"
    await audit.write(
        await at.entry_id(),
        at.actor.staff_id,
        at.chat,
        at.now,
        verb,
        arguments,
        sentence,
        [
            *changes.collapsed([change for one in at.deeds for change in one.inverse]),
            *map(changes.call_off, at.put_off),
        ],
        at.undoes,
    )
