"""Writing action sets: pasted, copied, an old version again, out of the bin; none may come back to itself."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from admin_commands import cards, comparing, content, desk, lifecycle, objects, places
from admin_commands.grammar import definitions, print_block, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.tags import cycles
from storage import account, action_sets, changes, named, names, versions

MOST_LINES = 12  # of what changes, on a card


async def reserve(at: desk.Desk, definition: definitions.ActionSet) -> int:
    """The set of this name, made if there is none yet."""
    name = objects.new_name(words.Name(definition.name), "action_sets")
    known = (await named.by_names("action_sets", [name])).get(names.name_key(name))
    return known.id if known else await action_sets.make(name, at.now)


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
    latest = await versions.numbered(versions.of_action_set(number), kept.number)
    other = None
    if latest is not None and await action_sets.uses(number):
        other = lifecycle.of_another(at, definition.version, latest)
    elif latest is not None:
        what = f"アクション「{kept.name}」"
        lifecycle.mind_the_other(at, what, f"アクション 書出 #X{number}", definition.version, latest)
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
    fresh = not kept.source
    used = await action_sets.uses(kept.id)
    if used and not fresh:
        at.permit("manager", f"使用中のアクション「{kept.name}」の変更")
        at.confirm(
            f"アクション「{kept.name}」を{did}ます",
            [*await _difference(kept.source, source), f"使用先: {places.told(used)}"],
            holds={"action": kept.id, "version": kept.version},
            label="反映する",
            warnings=[*([other] if other else []), "これから実行する分が新しい内容になります。"],
        )
    owner = versions.of_action_set(kept.id)
    number = await versions.add(owner, {"source": source, "actions": list(actions)}, at.actor.staff_id, at.now)
    version = await action_sets.write(kept.id, source, actions, number, at.now)
    await account.configuration_changed()
    before = {"source": kept.source, "actions": kept.actions, "number": kept.number}
    at.record(
        "action.apply",
        {"action": kept.id, "version": number},
        f"アクション「{kept.name}」を{'作った' if fresh else f'{did}た'}（版{number}）",
        [changes.put_back("action_sets", kept.id, version, {"deleted_at": "now"} if fresh else before)],
    )
    told = [f"✅ アクション「{kept.name}」#X{kept.id} を{'作り' if fresh else did}ました（版{number}）。", note]
    name = words.show(words.Name(kept.name))
    taps = (cards.Tap("表示", f"アクション 表示 {name}"), *places.undo_tap())
    return cards.Say("\n".join(filter(None, told)), taps)


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
    return cards.Say(
        f"✅ アクション「{found.name}」#X{found.id} を元に戻しました。",
        (*places.undo_tap(), cards.Tap("表示", f"アクション 表示 #X{found.id}")),
    )


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    await named.lock("action_sets", [thing.id])
    kept = await action_sets.get(thing.id)
    old = await lifecycle.version_named(
        said, 1, versions.of_action_set(kept.id), f"アクション「{kept.name}」", f"アクション 版 #X{kept.id}"
    )
    if content.same(kept.source, old.content["source"]):
        return cards.Say(f"変更なし（アクション「{kept.name}」は版{old.number}と同じ内容です）。")
    return await _write(at, kept, old.content["source"], old.content["actions"], f"版{old.number}に戻し")


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    kept = await action_sets.get(thing.id)
    return await lifecycle.list_versions(
        at,
        said,
        owner=versions.of_action_set(kept.id),
        now=kept.number,
        title=f"アクション「{kept.name}」の版",
        command=f"アクション 版 #X{kept.id}",
        opens=f"アクション 元に戻す #X{kept.id}",
        told=lambda one: f"動作{len(one['actions'])}個",
    )


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "action_sets", said)
    kept = await action_sets.get(thing.id)
    used = await action_sets.uses(thing.id)
    at.confirm(
        f"🗑 アクション「{kept.name}」#X{kept.id} を削除します",
        [f"使用先: {places.told(used) or 'なし'}", "ごみ箱に30日残ります。"],
        holds={"action": kept.id, "version": kept.version, "uses": len(used)},
        label="削除する",
        warnings=["使われている所では、何も行われなくなります。"] if used else [],
        typed=kept.name if used else None,
        taps=[cards.Tap("使用先を見る", f"アクション 使用先 #X{kept.id}")] if used else [],
    )
    version = await action_sets.delete(kept.id, at.now)
    await account.configuration_changed()
    at.record(
        "action.delete",
        {"action": kept.id},
        f"アクション「{kept.name}」を削除した",
        [changes.put_back("action_sets", kept.id, version, {"deleted_at": None})],
    )
    return cards.Say(f"🗑 アクション「{kept.name}」を削除しました。30日以内なら戻せます。", places.undo_tap())
