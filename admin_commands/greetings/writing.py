"""Writing greetings: pasted, an old version again; each content of both together is kept as a version."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from admin_commands import cards, content, desk, lifecycle, places, variables
from admin_commands.grammar import definitions, print_block
from admin_commands.grammar.commands import Command as Said
from admin_commands.greetings import looks
from admin_commands.greetings.looks import KINDS
from admin_commands.scenarios import starting
from jobs import messages
from storage import account, changes, greetings, versions

Content = tuple[str, list[dict[str, Any]]]  # the source, and the action list
ORDER: tuple[greetings.Kind, ...] = ("new", "returning", "blocked")  # in which they are locked


async def define(at: desk.Desk, definition: definitions.Greeting, links: content.Links) -> cards.Say:
    """Put new greetings in force; parts that the block does not have stay as they are."""
    at.concerns("greeting")
    definition = content.dated(at, definition)
    kept = await _lock(at)
    written = {part.kind: await _build(at, definition, part, links) for part in definition.parts}
    changed = {kind: new for kind, new in written.items() if kept[kind].source != new[0]}
    if not changed:
        return cards.Say("変更なし（あいさつは今と同じ内容です）。")
    latest = await versions.numbered(versions.GREETINGS, _number(kept))
    if latest is not None and definition.version is not None:
        lifecycle.mind_the_other(at, "あいさつ", "あいさつ 表示", definition.version, latest)
    stopping = definition.state == "paused"
    notes = filter(None, [content.made_note(links), "停止中として反映します。" if stopping else ""])
    say = await _write(at, kept, changed, "\n".join(notes))
    if not stopping:
        return say
    held = [one for kind in changed if not (one := kept[kind]).stopped]
    at.deeds[-1] = replace(at.deeds[-1], inverse=changes.collapsed([*at.deeds[-1].inverse, *await _stop(held)]))
    return replace(say, text=f"⏸ あいさつ（{'・'.join(KINDS[kind] for kind in changed)}）を停止中として残しました。")


async def _stop(kept: Sequence[greetings.Kept]) -> list[changes.Change]:
    """Held back from now on; what lets them be sent again."""
    return [
        changes.put_back("greetings", one.kind, await greetings.stop(one.kind, True), {"stopped": False})
        for one in kept
    ]


async def _lock(at: desk.Desk) -> dict[str, greetings.Kept]:
    return {kind: await greetings.lock(kind, at.now) for kind in ORDER}


def _number(kept: Mapping[str, greetings.Kept]) -> int:
    """The version in force: that in which either was written last."""
    return max(one.number for one in kept.values())


async def _write(
    at: desk.Desk, kept: Mapping[str, greetings.Kept], changed: Mapping[greetings.Kind, Content], note: str
) -> cards.Say:
    names = "・".join(KINDS[kind] for kind in changed)
    said = [message for _, actions in changed.values() for action in actions for message in action.get("messages", ())]
    at.confirm(
        f"あいさつ（{names}）を反映します",
        [*[f"{KINDS[kind]}: {await variables.told_of(actions)}" for kind, (_, actions) in changed.items()], note],
        holds={kind: kept[kind].version for kind in sorted(changed)},
        label="反映する",
        warnings=await starting.beside(at, changed["new"][1]) if "new" in changed else [],
        before=(await looks.tried(at, said))[:3],
    )
    whole = {kind: changed.get(kind, (kept[kind].source, kept[kind].actions)) for kind in ORDER}
    stored: dict[str, Any] = {kind: {"source": new[0], "actions": new[1]} for kind, new in whole.items()}
    number = await versions.add(versions.GREETINGS, stored, at.actor.staff_id, at.now)
    inverse = []
    for kind, (source, actions) in changed.items():
        version = await greetings.write(kind, source, actions, number, at.now)
        one = kept[kind]
        before = {"source": one.source, "actions": one.actions, "number": one.number}
        inverse.append(changes.put_back("greetings", kind, version, before))
    await account.configuration_changed()
    at.record(
        "greeting.apply",
        {"kinds": list(changed), "version": number},
        f"あいさつ（{names}）を変えた（版{number}）",
        inverse,
    )
    stopped = [KINDS[kind] for kind in changed if kept[kind].stopped]
    told = f"✅ あいさつ（{names}）を反映しました（版{number}）。"
    coming = "これからの方に届きます。" if set(changed) != {"blocked"} else "これからは、ブロックされた時に動きます。"
    told += f"「{'・'.join(stopped)}」は停止中のままです。" if stopped else coming
    return cards.Say(told, (cards.Tap("試す", "あいさつ 試す"), *places.undo_tap()))


async def _build(
    at: desk.Desk, definition: definitions.Greeting, part: definitions.GreetingPart, links: content.Links
) -> tuple[str, list[dict[str, Any]]]:
    """The part's source, linked, and its action list: first what is said, then what is done."""
    alone = replace(definition, parts=(part,), version=None, state=None)
    builder = content.Builder(at, f"greeting:{part.kind}", links, definition)
    composed = builder.composed([builder.part(part.pieces, line=part.line)])
    deeds = builder.run(part.pieces)
    said = messages.fill_buttons(composed, await builder.numbered())
    actions = ([{"do": "send", "messages": said}] if said else []) + deeds
    return print_block(content.linked(alone, links)), actions


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Both greetings as they were in an old version."""
    old = await lifecycle.version_named(said, 0, versions.GREETINGS, "あいさつ", "あいさつ 版")
    kept = await _lock(at)
    changed: dict[greetings.Kind, Content] = {}
    for kind in ORDER:
        then = old.content.get(kind, {"source": "", "actions": []})
        if then["source"] != kept[kind].source:
            changed[kind] = (then["source"], then["actions"])
            if then["source"]:
                await lifecycle.require_media(at, then["source"], f"版{old.number}")
    if not changed:
        return cards.Say(f"変更なし（あいさつは版{old.number}と同じ内容です）。")
    return await _write(at, kept, changed, f"版{old.number}の内容に戻ります。")


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    kept = await greetings.all_kept()

    def told(stored: dict[str, Any]) -> str:
        return messages.alt_text([m for kind in ORDER for m in _messages(stored.get(kind, {}))], 24)

    return await lifecycle.list_versions(
        at,
        said,
        owner=versions.GREETINGS,
        now=max((one.number for one in kept.values()), default=0),
        title="あいさつの版",
        command="あいさつ 版",
        opens="あいさつ 元に戻す",
        told=told,
    )


def _messages(stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [message for action in stored.get("actions", ()) for message in action.get("messages", ())]


async def stop(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    return await _hold(at, stopped=True)


async def publish(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    return await _hold(at, stopped=False)


async def _hold(at: desk.Desk, *, stopped: bool) -> cards.Say:
    """Stopping comes at once; sending again is confirmed."""
    kept = {kind: one for kind, one in (await _lock(at)).items() if one.actions and one.stopped != stopped}
    if not kept:
        return cards.Say(f"あいさつはもう{'停止中です' if stopped else '公開中か、まだありません'}。変更はありません。")
    names = "・".join(KINDS[kind] for kind in kept)
    if not stopped:
        at.confirm(
            f"あいさつ（{names}）を公開します",
            [f"{KINDS[kind]}: {await variables.told_of(one.actions)}" for kind, one in kept.items()],
            holds={kind: one.version for kind, one in sorted(kept.items())},
            label="公開する",
            warnings=await starting.beside(at, kept["new"].actions) if "new" in kept else [],
        )
    inverse = [
        changes.put_back("greetings", kind, await greetings.stop(one.kind, stopped), {"stopped": one.stopped})
        for kind, one in kept.items()
    ]
    await account.configuration_changed()
    deed, other = ("停止", "公開") if stopped else ("公開", "停止")
    at.record(
        f"greeting.{'stop' if stopped else 'publish'}",
        {"kinds": list(kept)},
        f"あいさつ（{names}）を{deed}した",
        inverse,
    )
    told = "これからの方には届きません。" if stopped else "これからの方に届きます。"
    return cards.Say(
        f"{'⏸' if stopped else '▶'} あいさつ（{names}）を{deed}しました。{told}",
        (cards.Tap(other, f"あいさつ {other}"), *places.undo_tap()),
    )
