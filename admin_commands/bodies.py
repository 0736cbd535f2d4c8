"""The text of one part of a block written anew by a line: what stands below the command, or what is sent next."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar, cast

from admin_commands import cards, content, desk, later
from admin_commands.grammar import definitions, explain, print_block, read
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.readings import Paste
from storage import dialogues

D = TypeVar("D", bound=definitions.Usable)


def scenario(parts: str, *head: str) -> definitions.Scenario:
    """Part of a scenario's block, which must be without fault."""
    reading = read("\n".join(["■シナリオ x", *head, parts]))
    if not isinstance(reading, Paste) or len(reading.definitions) + len(reading.faults) == 0:
        raise desk.Declined("内容が読めませんでした。")
    found = reading.definitions[0] if reading.definitions else None
    whole = found if isinstance(found, definitions.Scenario) else None
    faults = [*reading.faults, *(later.faults(whole) if whole is not None else ())]
    if faults:
        raise desk.Declined(explain([replace(one, line=max(1, one.line - 1)) for one in faults])[2:])
    if whole is None or len(reading.definitions) > 1:
        raise desk.Declined("内容が読めませんでした。")
    return whole


def below(text: str) -> str:
    """The lines under the command, without the break before them."""
    body = text.lstrip("\n")
    if any(line.lstrip().startswith(("▼", "■")) for line in body.split("\n")):
        raise desk.Declined("ここには1通分の本文だけを書いてください（▼と■は使えません）。")
    return body


def exchanged(old: Sequence[definitions.Piece], text: str) -> tuple[definitions.Piece, ...]:
    """The new text in the old one's place, buttons and pictures as they were; new ＋ lines replace those as well."""
    [step] = scenario(f"▼すぐ\n{below(text)}").steps
    if any(not isinstance(one, definitions.Text) for one in step.pieces):
        return step.pieces
    first = next((place for place, one in enumerate(old) if isinstance(one, definitions.Text)), 0)
    before = tuple(one for one in old[:first] if not isinstance(one, definitions.Text))
    behind = tuple(one for one in old[first:] if not isinstance(one, definitions.Text))
    return (*before, *step.pieces, *behind)


def pasted(changed: D) -> D:
    """A kept block that was changed, as if it had been printed, changed by hand and pasted: its lines are its own."""
    return cast(D, content.reread(print_block(changed)))


@contextmanager
def as_typed(said: Said) -> Iterator[None]:
    """What is wrong with the lines of a command is told by their place in it, not in the block they go into."""
    try:
        yield
    except content.Faulty as faulty:
        typed = [line.strip() for line in said.raw.split("\n")]
        told = [
            replace(one, line=said.line + typed.index(one.text)) if one.text in typed else one for one in faulty.faults
        ]
        raise content.Faulty(told, *faulty.taps) from None


async def ask(at: desk.Desk, what: str, pieces: Sequence[definitions.Piece], command: str) -> cards.Say:
    """The next thing this person says in the group is the new text: it is put below `command`."""
    now = "\n".join(one.text for one in pieces if isinstance(one, definitions.Text))
    told = f"✏ {what}の今の本文:\n{now or '（なし）'}\n\n"
    if at.heard.group is None or at.actor.user_id is None:
        return cards.Say(f"{told}次のように、2行目から新しい本文を書いて送ってください。\n\n/{command}\nここに本文")
    await dialogues.keep(at.chat, at.actor.user_id, "text", {"command": command}, at.now)
    return cards.Say(told + "新しい本文をこのまま送ってください（10分以内）。", (cards.Tap("やめる", "やめる"),))
