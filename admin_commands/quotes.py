"""Quotes: what a quoted answer is about stands for これ, and for the noun and object that a command leaves out."""

from collections.abc import Sequence
from dataclasses import replace

from admin_commands import cards, command, desk
from admin_commands.grammar import canonical, lexicon, words
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from jobs import heard
from storage import quotable


async def of(event: desk.Heard) -> quotable.About | None:
    """What the message is about that this event quotes; None when it quotes nothing of ours."""
    what = event.what
    if not isinstance(what, heard.Said) or what.quoted_message_id is None:
        return None
    return await quotable.find(event.chat, what.quoted_message_id)


def noun(about: quotable.About | None) -> str:
    """The noun of what is quoted; empty when it is about nothing in particular."""
    found = (about or {}).get("noun", "")
    return found if found in lexicon.NOUN else ""


def is_meant(said: Said, declared: command.Command | None, about: quotable.About) -> bool:
    """Whether words without a slash under a quote can be meant for us: a deed that is done to what is quoted."""
    if not said.elliptic:
        return True
    if declared is None:
        return False
    taken = bool(about.get("object"))
    if taken and _taker(said, declared, about) is None:
        return False
    return len(said.args) + taken <= len(_places(said, declared))


def is_sure(said: Said, declared: command.Command | None, about: quotable.About) -> bool:
    """Whether it needs all that was typed: what could stand behind a verb as well (再開 明日) is a friend only if there
    is one."""
    if not said.elliptic or declared is None:
        return True
    least = sum(not argument.optional for argument in _places(said, declared))
    return len(said.args) + bool(about.get("object")) <= least


def completed(said: Said, declared: command.Command, about: quotable.About) -> Said:
    """The command with what is quoted in the place of これ, or in the place that was left empty. Raises Refused."""
    meant = _object(about)
    if said.noun == "undo" and not said.args:
        entry = meant if isinstance(meant, words.Id) and meant.letter == "Z" else _entry(about)
        if entry is None:
            raise desk.Declined("引用した吹き出しには、取り消せる操作がありません。", cards.Tap("履歴", "履歴"))
        return replace(said, args=(Argument((entry,)),))
    if meant is None:
        return said
    if any(isinstance(one, words.This) for argument in said.args for one in argument.objects):
        return replace(said, args=tuple(_filled(argument, meant) for argument in said.args))
    place = _taker(said, declared, about)
    places = _places(said, declared)
    least = sum(not argument.optional for argument in places)
    if place is None or len(said.args) >= len(places) or not (said.elliptic or len(said.args) < least):
        return said
    place = min(place, len(said.args))
    args = (*said.args[:place], Argument((meant,)), *said.args[place:])
    return replace(said, args=args, arrows=tuple(one + (one >= place) for one in said.arrows))


def as_typed(commands: Sequence[Said]) -> str:
    """Commands in full, so that a card or a request says what it is about without the quote."""
    return "\n".join(canonical(one) for one in commands)


def _places(said: Said, declared: command.Command) -> list[command.Argument]:
    return [one for one in declared.arguments if said.target is None or not one.crowd]


def _taker(said: Said, declared: command.Command, about: quotable.About) -> int | None:
    """The place that takes what is quoted."""
    wanted = noun(about)
    return next((at for at, one in enumerate(_places(said, declared)) if wanted and one.takes == wanted), None)


def _object(about: quotable.About) -> words.Object | None:
    shown = about.get("object", "")
    number = words.ID.match(shown)
    if number:
        return words.Id(number[1].upper(), int(number[2]))
    return words.Name(shown, quoted=True) if shown else None


def _entry(about: quotable.About) -> words.Id | None:
    return words.Id("Z", about["entry"]) if "entry" in about else None


def _filled(argument: Argument, meant: words.Object) -> Argument:
    return replace(argument, objects=tuple(meant if isinstance(one, words.This) else one for one in argument.objects))
