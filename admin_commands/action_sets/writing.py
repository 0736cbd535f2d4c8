"""Writing action sets: pasted, copied, an old version again, out of the bin; none may come back to itself."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any

from admin_commands import cards, comparing, content, desk, lifecycle, objects, places, versioned
from admin_commands.grammar import definitions, print_block
from admin_commands.grammar.commands import Command as Said
from admin_commands.tags import cycles
from storage import action_sets, named

MOST_LINES = 12  # of what changes, on a card


async def reserve(at: desk.Desk, definition: definitions.ActionSet) -> int:
    """The set of this name, made if there is none yet."""
    return await lifecycle.reserve(definition.name, "action_sets", lambda name: action_sets.make(name, at.now))


async def define(at: desk.Desk, definition: definitions.ActionSet, number: int, links: content.Links) -> cards.Say:
    """Keep a set; one that is run from somewhere changes there too, which is confirmed."""
    at.concerns("action", f"#X{number}")
    definition = content.dated(at, definition)
    await named.lock("action_sets", [number])
    kept = await action_sets.get(number)
    source = print_block(content.linked(replace(definition, name=kept.name, version=None), links))
    if content.same(kept.source, source):
        return cards.Say(f"変更なし（アクション「{kept.name}」は今と同じ内容です）。")
    builder = content.Builder(at, f"action:{number}", links, definition)
    actions = builder.run(definition.pieces)
    await builder.numbered()
    other = await versioned.written_over(at, "action_sets", kept, definition.version)
    return await _write(at, kept, source, actions, "書き直し", content.made_note(links), other)


async def _write(
    at: desk.Desk,
    kept: action_sets.Kept,
    source: str,
    actions: Sequence[dict[str, Any]],
    did: str,
    note: str = "",
    other: str | None = None,
) -> cards.Say:
    """Put these actions in force, after a press where they are run from somewhere."""
    await refuse_circle(kept.id, kept.name, actions)
    used = await action_sets.uses(kept.id)
    if used and kept.source:
        at.permit("manager", f"使用中のアクション「{kept.name}」の変更")
        at.confirm(
            f"アクション「{kept.name}」を{did}ます",
            [*await _difference(kept.source, source), f"使用先: {places.told(used)}"],
            holds={"action": kept.id, "version": kept.version},
            label="反映する",
            warnings=[*([other] if other else []), "これから実行する分が新しい内容になります。"],
        )
    before = {"source": kept.source, "actions": kept.actions}
    after = {"source": source, "actions": list(actions)}

    def write(number: int) -> Awaitable[int]:
        return action_sets.write(kept.id, source, actions, number, at.now)

    return await versioned.put_in_force(at, "action_sets", kept, before, after, write, did, look="表示", note=note)


async def _difference(before: str, after: str) -> list[str]:
    """The lines that go and those that come, with today's names."""
    try:
        both = await content.all_unlinked([content.reread(before), content.reread(after)])
    except content.Outdated:
        return []
    old, new = (print_block(one).split("\n")[1:] for one in both)
    return comparing.difference(old, new)[:MOST_LINES]


async def refuse_circle(number: int, name: str, actions: Sequence[dict[str, Any]]) -> None:
    """A set that runs itself, by whatever way, would never end."""
    living = await action_sets.everything()
    called = {one.id: one.name for one in living} | {number: name}
    way = action_sets.circle(number, {one.id: one.actions for one in living} | {number: actions})
    if way:
        shown = " → ".join(f"「{called[one]}」" for one in way)
        raise desk.Declined(
            f"アクションが一周してしまうため、保存できません: {shown}\nどれかの「アクション …」の行を外してください。"
        )
    await cycles.refuse_set(number, actions)


def definition_of(kept: action_sets.Kept) -> definitions.ActionSet:
    """The block as it was kept. Raises content.Outdated."""
    definition = content.reread(kept.source)
    if not isinstance(definition, definitions.ActionSet):
        raise TypeError("an action set's source is no action set")
    return definition


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """The same actions under another name."""
    thing = await objects.thing(at, "action_sets", said)
    kept = await action_sets.get(thing.id)
    name = await lifecycle.copy_name(said, "action_sets", kept.name)
    wanted = replace(definition_of(kept), name=name, version=None)
    return await define(at, wanted, await reserve(at, wanted), await content.link(at, [wanted]))


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, or the actions of an old version again."""
    if len(said.args) > 1:
        return await _old_version(at, said)
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "action_sets")
    await refuse_circle(found.id, found.name, (await action_sets.get(found.id)).actions)
    return lifecycle.restored("action_sets", found)


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    await named.lock("action_sets", [thing.id])
    kept = await action_sets.get(thing.id)
    old = await versioned.old(said, "action_sets", kept)
    if isinstance(old, cards.Say):
        return old
    return await _write(at, kept, old.content["source"], old.content["actions"], f"版{old.number}に戻し")


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    kept = await action_sets.get((await objects.thing(at, "action_sets", said)).id)
    return await versioned.show(at, said, "action_sets", kept, lambda one: f"動作{len(one['actions'])}個")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    return await lifecycle.delete(at, "action_sets", thing, loss="使われている所では、何も行われなくなります。")
