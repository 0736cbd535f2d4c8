"""Saving conditions, changing what they say, deleting them and taking them out of the bin again."""

from admin_commands import cards, desk, lifecycle, objects, places, segments
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import printing
from admin_commands.saved import looks, reading
from storage import account, changes, named, names, versions
from storage.segments import saved


async def make(at: desk.Desk, said: Said) -> cards.Say:
    name = objects.new_name(said.objects(0)[0], "segments")
    there = (await named.by_names("segments", [name])).get(names.name_key(name))
    linked = await reading.condition(at, said)
    if there is None:
        return await _made(at, name, linked)
    if (await saved.get(there.id)).condition == linked.stored:
        at.concerns("segment", f"#G{there.id}")
        return _same(there)
    changed = f"セグメント 変更 {words.show(words.Name(there.name))} 対象: {printing.show(linked.tree)}"
    raise desk.Declined(
        f"セグメント「{there.name}」#G{there.id} がもうあります。条件を変えるなら「変更」で、"
        f"別に作るなら違う名前で送ってください。\nもしかして: {changed}",
        cards.Tap("条件を変更する", changed),
        cards.Tap("今の条件を見る", f"セグメント 表示 #G{there.id}"),
    )


async def change(at: desk.Desk, said: Said) -> cards.Say:
    return await _changed(at, await objects.thing(at, "segments", said), await reading.condition(at, said))


async def define(at: desk.Desk, said: Said) -> cards.Say:
    """Make it, or change the one of that name."""
    name = objects.new_name(said.objects(0)[0], "segments")
    there = (await named.by_names("segments", [name])).get(names.name_key(name))
    linked = await reading.condition(at, said)
    return await (_made(at, name, linked) if there is None else _changed(at, there, linked))


def _same(there: named.Named) -> cards.Say:
    return cards.Say(
        f"変更なし（セグメント「{there.name}」#G{there.id} は今と同じです）。",
        (cards.Tap("表示", f"セグメント 表示 #G{there.id}"),),
    )


async def _made(at: desk.Desk, name: str, linked: segments.Linked) -> cards.Say:
    await reading.refuse_circles(at, 0, name, linked)
    number = await _put_down(at, name, linked)
    at.record(
        "segment.new",
        {"segment": number},
        f"セグメント「{name}」を作った",
        [changes.put_back("segments", number, 1, {"deleted_at": "now"})],
    )
    at.concerns("segment", f"#G{number}")
    told = await segments.echo(at, linked)
    shown = words.show(words.Name(name))
    panel = cards.panel(
        f"✅ セグメント「{name}」#G{number} を作りました",
        [f"👥 対象: {told.total:,}人", *told.lines, f"使い方: 条件の中に @{shown}"],
        buttons=(cards.Tap("10人見る", f"友だち 検索 @{shown}"), cards.Tap("一覧", "セグメント 一覧")),
    )
    return cards.Say("", places.undo_tap(), card=panel)


async def _put_down(at: desk.Desk, name: str, linked: segments.Linked) -> int:
    number = await saved.make(name, linked.stored, at.now)
    await _keep(at, number, linked)
    await account.configuration_changed()
    await at.look_again()
    return number


async def _keep(at: desk.Desk, number: int, linked: segments.Linked) -> int:
    """What it says from now on, as its next version."""
    content = {"condition": linked.stored, "words": printing.show(linked.tree)}
    return await versions.add(versions.owner("segments", number), content, at.actor.staff_id, at.now)


async def _changed(at: desk.Desk, segment: named.Named, linked: segments.Linked) -> cards.Say:
    """At once where it is used nowhere; else it is shown first what it means for those who use it."""
    await named.lock("segments", [segment.id])
    before = await saved.get(segment.id)
    if before.condition == linked.stored:
        return _same(segment)
    await reading.refuse_circles(at, segment.id, segment.name, linked)
    used = await saved.uses(segment.id)
    old, new = await looks.totals(at, [before.condition, linked.stored])
    told = await segments.echo(at, linked)
    if used:
        at.confirm(
            f"セグメント「{segment.name}」#G{segment.id} の条件を変えます",
            [
                f"今: {await segments.told(before.condition)}（{old:,}人）",
                f"これから: {new:,}人",
                *told.lines,
                f"使用先: {places.told(used)}（すぐに効きます）",
            ],
            holds={"segment": segment.id, "version": before.version, "friends": new, "uses": len(used)},
            label="変更する",
        )
    content = await _keep(at, segment.id, linked)
    version = await saved.change(segment.id, linked.stored, content)
    await account.configuration_changed()
    await at.look_again()
    at.record(
        "segment.set",
        {"segment": segment.id},
        f"セグメント「{segment.name}」の条件を変えた（版{content}・{old:,}人→{new:,}人）",
        [changes.put_back("segments", segment.id, version, {"condition": before.condition, "number": before.number})],
    )
    panel = cards.panel(
        f"✅ セグメント「{segment.name}」#G{segment.id} の条件を変えました（版{content}）",
        [f"👥 対象: {old:,}人 → {new:,}人", *told.lines],
        buttons=(cards.Tap("10人見る", f"友だち 検索 @{words.show(words.Name(segment.name))}"),),
    )
    return cards.Say("", places.undo_tap(), card=panel)


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    segment = await objects.thing(at, "segments", said)
    name = await lifecycle.copy_name(said, "segments", segment.name)
    number = await _put_down(at, name, await looks.linked(at, await saved.get(segment.id)))
    at.record(
        "segment.copy",
        {"segment": segment.id, "copy": number},
        f"セグメント「{segment.name}」を「{name}」に複製した",
        [changes.put_back("segments", number, 1, {"deleted_at": "now"})],
    )
    return cards.Say(
        f"✅ セグメント「{name}」#G{number} を、「{segment.name}」と同じ条件で作りました。",
        (*places.undo_tap(), cards.Tap("表示", f"セグメント 表示 #G{number}")),
    )


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    """What is in use stays: without its condition nobody could tell whom its users mean."""
    segment = await objects.thing(at, "segments", said)
    await named.lock("segments", [segment.id])
    used = await saved.uses(segment.id)
    if used:
        shown = words.show(words.Name(segment.name))
        raise desk.Declined(
            f"セグメント「{segment.name}」は使われているため、削除できません。\n使用先: {places.told(used)}\n"
            "先に、使っている所の条件を書き換えてください。",
            cards.Tap("使用先を見る", f"セグメント 使用先 {shown}"),
        )
    [people] = await looks.totals(at, [(await saved.get(segment.id)).condition])
    at.confirm(
        f"🗑 セグメント「{segment.name}」#G{segment.id} を削除します",
        [f"今の対象: {people:,}人（友だちは消えません）", "ごみ箱に30日残ります。"],
        holds={"segment": segment.id, "version": segment.version},
        label="削除する",
    )
    deleted = await lifecycle.into_bin(at, "segments", segment.id, segment.name)
    await at.look_again()
    return deleted


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, or the condition of an old version again."""
    if len(said.args) > 1:
        return await _old_version(at, said)
    back = await lifecycle.revert(at, said, "segments")
    await at.look_again()
    return back


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    segment = await objects.thing(at, "segments", said)
    owner = versions.owner("segments", segment.id)
    old = await lifecycle.version_named(
        said, 1, owner, f"セグメント「{segment.name}」", f"セグメント 版 #G{segment.id}"
    )
    linked = await segments.linked_again(old.content["condition"], at.local(at.now).date())
    gone = [thing.name for thing in linked.things.values() if not thing.version]
    if gone:
        raise desk.Declined(
            f"版{old.number}の条件にある{'・'.join(gone)}は、もうないため戻せません。\n"
            "ごみ箱から戻してからもう一度送るか、「変更」で条件を書き直してください。",
            cards.Tap("ごみ箱を見る", "下書き ごみ箱"),
        )
    return await _changed(at, segment, linked)


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    segment = await objects.thing(at, "segments", said)
    return await lifecycle.list_versions(
        at,
        said,
        owner=versions.owner("segments", segment.id),
        now=(await saved.get(segment.id)).number,
        title=f"セグメント「{segment.name}」の版",
        command=f"セグメント 版 #G{segment.id}",
        opens=f"セグメント 元に戻す #G{segment.id}",
        told=lambda one: one["words"],
    )
