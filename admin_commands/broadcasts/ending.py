"""A broadcast that has left: a word of it for staff, which waits for their next word and so costs nothing."""

from admin_commands import cards
from admin_commands.broadcasts import looks
from storage import broadcasts as kept
from storage import outbox
from storage.broadcasts import runs


async def tell() -> bool:
    """Leave word of one run of which nothing has to leave any more; whether there was one."""
    run = await runs.ended()
    if run is None:
        return False
    one = await kept.get(run.broadcast)
    tally = await runs.tally(*await runs.together(run, begun=True))
    buttons = [cards.Tap("結果", f"配信 結果 #B{one.id}")]
    if tally.unknown or tally.left_out:
        buttons.append(cards.Tap("エラー", "エラー 一覧"))
    card = cards.panel(f"✅ 配信「{one.name}」#B{one.id} を送り終えました", looks.tallied(tally), buttons=buttons)
    await outbox.announce(f"sent:{run.id}", [card])
    return True
