"""How far the month's messages are used: staff hear of each mark once a month, with their next word."""

from storage import outbox, quota

REASON = "usage"


async def tell(zone: str) -> None:
    """Leave word of the highest mark that has been reached since the last one; in a transaction of its own."""
    reached = await quota.pass_mark(zone)
    if reached is None:
        return
    whose = "自動の送信の上限" if reached.capped else "上限"
    rest = (
        f"残りは{reached.limit - reached.used:,}通です。"
        if reached.used < reached.limit
        else ("自動の送信は、上限を上げるか来月になるまで待ちます。" if reached.capped else "もう残りがありません。")
    )
    await outbox.withdraw(REASON)  # what waits of a lower mark
    await outbox.notice(
        REASON,
        f"📊 {int(reached.month[-2:])}月は、{whose}{reached.limit:,}通の{reached.percent}%に達しました"
        f"（使用 {reached.used:,}通）。{rest}「使用量」で月末の見込みを確かめられます。",
    )
