"""What templates and action sets share: a block is in force once it is written, and each content is a version."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, Protocol

from admin_commands import cards, content, desk, lifecycle, objects, places
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import account, changes, uses, versions

Kind = Literal["templates", "action_sets"]


class Kept(Protocol):
    """A thing with its block; `number` is the version whose content is in force."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def number(self) -> int: ...


async def written_over(at: desk.Desk, kind: Kind, kept: Kept, given: int | None) -> str | None:
    """Who has written what stands there, for the card on which a change of what is used is confirmed; else asked here.

    The block was printed from version `given`.
    """
    noun, letter = objects.KINDS[kind]
    latest = await versions.numbered(versions.owner(kind, kept.id), kept.number)
    if latest is None:
        return None
    if await uses.of(kind, [kept.id]):
        return lifecycle.of_another(at, given, latest)
    shows = f"{noun} 書出 #{letter}{kept.id}"
    lifecycle.mind_the_other(at, f"{noun}「{kept.name}」", shows, given, latest)
    return None


async def put_in_force(
    at: desk.Desk,
    kind: Kind,
    kept: Kept,
    before: dict[str, Any],
    after: dict[str, Any],
    write: Callable[[int], Awaitable[int]],
    did: str,
    *,
    look: str,
    note: str = "",
) -> cards.Say:
    """Keep the content `after` as the next version and `write` it to the row by that number.

    `before` is the content that it takes the place of, `did` says what is done (書き直し), `look` how to look at it.
    """
    noun, letter = objects.KINDS[kind]
    key, fresh = objects.NOUNS[kind], not kept.source
    number = await versions.add(versions.owner(kind, kept.id), after, at.actor.staff_id, at.now)
    version = await write(number)
    await account.configuration_changed()
    back = {"deleted_at": "now"} if fresh else before | {"number": kept.number}
    at.record(
        f"{key}.apply",
        {key: kept.id, "version": number},
        f"{noun}「{kept.name}」を{'作った' if fresh else f'{did}た'}（版{number}）",
        [changes.put_back(kind, kept.id, version, back)],
    )
    told = [f"✅ {noun}「{kept.name}」#{letter}{kept.id} を{'作り' if fresh else did}ました（版{number}）。", note]
    taps = (cards.Tap(look, f"{noun} {look} {words.show(words.Name(kept.name))}"), *places.undo_tap())
    return cards.Say("\n".join(filter(None, told)), taps)


async def old(said: Said, kind: Kind, kept: Kept) -> versions.Kept | cards.Say:
    """The version that is named; what to say where it is what is in force."""
    noun, letter = objects.KINDS[kind]
    what, listed = f"{noun}「{kept.name}」", f"{noun} 版 #{letter}{kept.id}"
    found = await lifecycle.version_named(said, 1, versions.owner(kind, kept.id), what, listed)
    if content.same(kept.source, found.content["source"]):
        return cards.Say(f"変更なし（{what}は版{found.number}と同じ内容です）。")
    return found


async def show(at: desk.Desk, said: Said, kind: Kind, kept: Kept, told: Callable[[dict[str, Any]], str]) -> cards.Say:
    """All versions, each `told` by its content."""
    noun, letter = objects.KINDS[kind]
    return await lifecycle.list_versions(
        at,
        said,
        owner=versions.owner(kind, kept.id),
        now=kept.number,
        title=f"{noun}「{kept.name}」の版",
        command=f"{noun} 版 #{letter}{kept.id}",
        opens=f"{noun} 元に戻す #{letter}{kept.id}",
        told=told,
    )
