"""What a thing does by itself: actions typed behind a command or below it, kept with numbers, told with names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from admin_commands import content, desk, later
from admin_commands.grammar import actions, definitions, words
from admin_commands.grammar.faults import Fault

BULLETS = ("・", "•")
MOST = 50  # actions of one list


@dataclass(frozen=True, slots=True)
class Reaction:
    """`source` has numbers in place of names, an action to a line; `warnings` tell what contradicts itself in it."""

    source: str
    actions: list[dict[str, Any]]
    told: str
    warnings: Sequence[str] = ()


def read(text: str, line: int = 1) -> definitions.Deeds:
    """`・タグ付ける VIP → 送る …`, one line or many, with or without ・; `line` is that of the first. Raises Faulty."""
    runs: list[definitions.Run] = []
    faults: list[Fault] = []
    for number, raw in enumerate(text.split("\n"), line):
        bare = raw.strip().removeprefix(BULLETS[0]).removeprefix(BULLETS[1]).strip()
        if not bare:
            continue
        found, wrong = actions.read(words.line_of(bare, number))
        faults += wrong
        runs.append(definitions.Run(found, number))
    if not runs and not faults:
        faults.append(Fault(line, text, "に動作がありません", tuple(f"・{one}" for one in actions.EXAMPLES)))
    if faults:
        raise content.Faulty(faults)
    if sum(len(run.actions) for run in runs) > MOST:
        raise desk.Declined(f"動作は{MOST}個までです。アクションを分けてください。")
    return definitions.Deeds(tuple(runs), line, text)


async def kept(at: desk.Desk, owner: str, given: definitions.Deeds) -> Reaction:
    """What is to be stored of what `owner` (tag:3) does; missing tags are made along. Raises content.Faulty."""
    faults = later.faults(given)
    if faults:
        raise content.Faulty(faults)
    links = await content.link(at, [given])
    content.record_made(at, links)
    given = content.dated(at, given)
    builder = content.Builder(at, owner, links, given)
    stored = builder.run(given.pieces)
    await builder.checked()
    if builder.faults:
        raise content.Faulty(builder.faults)
    linked = content.linked(given, links)
    return Reaction(_text(linked), stored, one_line(await content.unlinked(linked)), content.conflicts(given))


async def told(sources: Sequence[str], *, elsewhere: bool = False) -> list[str]:
    """Kept sources on one line each, with today's names; to be read `elsewhere`, what is deleted is number 0."""
    return [one_line(one) for one in await content.all_unlinked([read(one) for one in sources], elsewhere=elsewhere)]


def one_line(given: definitions.Deeds) -> str:
    return actions.show([action for run in given.pieces for action in run.actions])


def _text(given: definitions.Deeds) -> str:
    return "\n".join(f"・{actions.show(run.actions)}" for run in given.pieces)
