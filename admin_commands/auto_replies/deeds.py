"""Publishing, stopping, going on, copying, old versions, deleting."""

from dataclasses import replace

from admin_commands import cards, content, desk, lifecycle, objects, places, variables
from admin_commands.auto_replies import hiding, looks, writing
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import account, changes
from storage import auto_replies as kept


async def publish(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "auto_replies", said)
    one = await kept.get(thing.id, lock=True)
    written, live = await looks.version(one, one.draft), await looks.version(one, one.live)
    if written is None:
        if one.state == "live":
            return cards.Say(f"自動応答「{one.name}」はもう公開中です。変更はありません。")
        resume_tap = cards.Tap("再開", f"自動応答 再開 #A{one.id}")
        raise desk.Declined(f"自動応答「{one.name}」に公開する下書きがありません。", *([resume_tap] if live else []))
    lines = [*await looks.head(one, written), f"返信: {await variables.told_of(written.content['actions'])}"]
    at.confirm(
        f"自動応答「{one.name}」版{written.number} を公開します",
        [*lines, *(await looks.difference(one, live, written) if live is not None else [])],
        holds=writing.holds(one, written),
        label="公開する",
        warnings=await hiding.warnings(at, one, written.content),
    )
    await writing.put_live(at, one, written, state="live")
    return writing.published(one, written, "これからのお客様の言葉に答えます。")


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    return await _set_state(at, said, "paused")


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    return await _set_state(at, said, "live")


async def _set_state(at: desk.Desk, said: Said, state: str) -> cards.Say:
    thing = await objects.thing(at, "auto_replies", said)
    one = await kept.get(thing.id, lock=True)
    live = await looks.version(one, one.live)
    if live is None:
        tap = cards.Tap("公開", f"自動応答 公開 #A{one.id}")
        raise desk.Declined(f"自動応答「{one.name}」はまだ公開していません。", tap)
    if one.state == state:
        return cards.Say(f"自動応答「{one.name}」はもう{looks.STATES[state]}です。変更はありません。")
    if state == "live":
        at.confirm(
            f"自動応答「{one.name}」を再開します",
            [*await looks.head(one, live), f"返信: {await variables.told_of(live.content['actions'])}"],
            holds={"auto_reply": one.id, "row": one.version},
            label="再開する",
            warnings=await hiding.warnings(at, one, live.content),
        )
    row = await kept.change(one.id, state=state, live=one.live, draft=one.draft)
    await account.configuration_changed()
    deed, other, verb = ("再開", "停止", "resume") if state == "live" else ("停止", "再開", "stop")
    at.record(
        f"autoreply.{verb}",
        {"auto_reply": one.id},
        f"自動応答「{one.name}」を{deed}した",
        [changes.put_back("auto_replies", one.id, row, {"state": one.state})],
    )
    told = "また答えます。" if state == "live" else "もう答えません。"
    return cards.Say(
        f"{'▶' if state == 'live' else '⏸'} 自動応答「{one.name}」を{deed}しました。{told}",
        (cards.Tap(other, f"自動応答 {other} #A{one.id}"), *places.undo_tap()),
    )


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """The same content as the draft of a new one."""
    one, written = await looks.latest(at, said)
    name = await lifecycle.copy_name(said, "auto_replies", one.name)
    wanted = replace(looks.definition_of(written), name=name, version=None)
    return await writing.define(at, wanted, await writing.reserve(at, wanted), await content.link(at, [wanted]))


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, or an old version as the next one."""
    if len(said.args) > 1:
        return await _old_version(at, said)
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "auto_replies")
    one = await kept.get(found.id)
    return cards.Say(
        f"✅ 自動応答「{found.name}」#A{found.id}（{looks.STATES[one.state]}）を元に戻しました。",
        (*places.undo_tap(), cards.Tap("表示", f"自動応答 表示 #A{found.id}")),
    )


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    one, latest = await looks.latest(at, said, lock=True)
    listed = f"自動応答 版 {words.show(words.Name(one.name))}"
    old = await lifecycle.version_named(said, 1, kept.owner(one.id), f"自動応答「{one.name}」", listed)
    if content.same(latest.content["source"], old.content["source"]):
        return cards.Say(f"変更なし（自動応答「{one.name}」は版{old.number}と同じ内容です）。")
    await lifecycle.require_media(at, old.content["source"], f"版{old.number}")
    live = await looks.version(one, one.live)
    return await writing.put_down(at, one, old.content, live, f"版{old.number}の内容に戻します。")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "auto_replies", said)
    one = await kept.get(thing.id, lock=True)
    hits = (await kept.hits([one.id], at.now - looks.SPAN)).get(one.id)
    at.confirm(
        f"🗑 自動応答「{one.name}」#A{one.id} を削除します",
        [
            f"状態: {looks.STATES[one.state]}",
            f"答えた回数: 30日で{hits.times if hits else 0:,}回",
            "ごみ箱に30日残ります。",
        ],
        holds={"auto_reply": one.id, "row": one.version},
        label="削除する",
        warnings=["この言葉には、もう答えなくなります。"] if one.state == "live" else [],
    )
    return await lifecycle.into_bin(at, "auto_replies", one.id, one.name)
