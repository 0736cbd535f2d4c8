"""Publishing, stopping, going on, deleting."""

from admin_commands import cards, desk, drafted, lifecycle
from admin_commands.auto_replies import hiding, looks
from admin_commands.auto_replies.looks import REPLIES
from admin_commands.auto_replies.writing import WAY
from admin_commands.grammar.commands import Command as Said
from storage import auto_replies as kept


async def publish(at: desk.Desk, said: Said) -> cards.Say:
    one, written = await REPLIES.draft_of(at, said)
    if written is None:
        return REPLIES.nothing_to_publish(one)
    live = await REPLIES.version(one, one.live)
    at.confirm(
        f"自動応答「{one.name}」版{written.number} を公開します",
        [*await looks.described(at, one, written), *await REPLIES.difference(one, live, written)],
        holds=REPLIES.holds(one, written),
        label="公開する",
        warnings=await hiding.warnings(at, one, written.content),
    )
    await WAY.put_live(at, one, written, "live")
    return WAY.published(at, one, written, "これからのお客様の言葉に答えます。")


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    return await WAY.set_state(at, said, "paused", "もう答えません。")


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    return await WAY.set_state(at, said, "live", "また答えます。")


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    one = await REPLIES.locked(at, said)
    hits = (await kept.hits([one.id], at.now - looks.SPAN)).get(one.id)
    at.confirm(
        f"🗑 自動応答「{one.name}」#A{one.id} を削除します",
        [
            f"状態: {drafted.STATES[one.state]}",
            f"答えた回数: 30日で{hits.times if hits else 0:,}回",
            "ごみ箱に30日残ります。",
        ],
        holds={"auto_reply": one.id, "row": one.version},
        label="削除する",
        warnings=["この言葉には、もう答えなくなります。"] if one.state == "live" else [],
    )
    return await lifecycle.into_bin(at, "auto_replies", one.id, one.name)
