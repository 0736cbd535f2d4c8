"""Whom a command concerns: one friend by name, or all who fit 対象:; and doing something to all of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from admin_commands import desk, objects, segments, standing
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import printing
from jobs import operations
from storage import changes, friends

MOST_NAMED = 20
SMALL = 10  # up to so many friends a reversible change needs no confirmation (COMMANDS 3.11)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Friends by id; `told` is how they are called in an answer, `condition` what they have in common.

    `lines` say on a card who they are.
    """

    ids: list[int]
    told: str
    condition: str | None = None
    lines: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return len(self.ids)

    @property
    def at_once(self) -> bool:
        """Whether they fit into one transaction (law 2)."""
        return self.size <= operations.MOST_AT_ONCE

    @property
    def note(self) -> str:
        """The same for an answer that no card came before."""
        return "".join(f"\n{line}" for line in self.lines) if self.size <= SMALL else ""


async def of(at: desk.Desk, said: Said, place: int) -> Crowd:
    """The friends named at `place`, or everybody who fits the condition and has not blocked us."""
    if said.target is None:
        return await _named(at, said, place)
    linked = await segments.of(at, said)
    condition = printing.show(linked.tree)
    echo = await segments.echo(at, linked, most=None)
    if not echo.total:
        raise desk.Declined(f"「{condition}」に当てはまる友だちはいません。\n{echo.text}")
    return Crowd(echo.found.ids or [], f"{echo.total:,}人", condition, (f"👥 対象 {echo.total:,}人", *echo.lines))


async def _named(at: desk.Desk, said: Said, place: int) -> Crowd:
    if len(said.objects(place)) > MOST_NAMED:
        raise desk.Declined(
            f"名前で書けるのは一度に{MOST_NAMED}人までです。タグを付けて「対象: タグ:…」で選んでください。"
        )
    found = await objects.friends_named(at, said, place)
    people = {one.id: f"{one.name or '名前なし'}さん" for one in found}
    if len(people) == 1:
        return Crowd(list(people), next(iter(people.values())))
    everybody = "・".join(people.values())
    return Crowd(sorted(people), f"{len(people)}人", everybody, (f"対象: {everybody}",))


@dataclass(frozen=True, slots=True)
class Done:
    """How often each thing happened; of an operation that has only begun, its number.

    `inverse` is what takes back all that has come of it, by whatever way, but messages.
    """

    changed: Counter[str]
    operation: int | None = None
    inverse: tuple[changes.Change, ...] = ()


async def do(at: desk.Desk, crowd: Crowd, actions: Sequence[Mapping[str, Any]]) -> Done:
    """Carry out an action list for the crowd: now for up to a thousand, else as an operation."""
    entry = await at.entry_id()
    given = [dict(action) for action in actions]
    if not crowd.at_once:
        return Done(Counter(), await operations.begin(crowd.ids, given, entry))
    root = f"command:{entry}:{at.place}"
    applied = await operations.apply(at.cache, crowd.ids, given, root)
    at.rows += applied.rows
    if applied.delayed or applied.rows:  # what is held back has not left yet, and is called off as well
        at.put_off.append(root)
    return Done(applied.changed)


async def do_reversibly(at: desk.Desk, crowd: Crowd, actions: Sequence[Mapping[str, Any]]) -> Done:
    """The same at once, for up to a thousand, with what takes back whatever has come of it but messages."""
    await friends.lock(crowd.ids)
    before = await standing.of(crowd.ids)
    done = await do(at, crowd, actions)
    return replace(done, inverse=tuple(standing.back(before, await standing.of(crowd.ids))))
