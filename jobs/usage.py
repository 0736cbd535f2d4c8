"""How far the month's messages are used, and by whom else: staff hear of it once, with their next word."""

from storage import outbox, quota

REASON = "usage"
OTHERS = "usage:others"


async def tell(zone: str) -> None:
    """Leave word of the highest mark that has been reached since the last one, and of many messages that others have
    sent; in a transaction of its own."""
    await _tell_of_others(zone)
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


async def _tell_of_others(zone: str) -> None:
    found = await quota.notice_others(zone)
    if found is None:
        return
    before = "" if found.grown == found.others else f"、前のお知らせから{found.grown:,}通増"
    await outbox.withdraw(OTHERS)  # what waits of a smaller number
    await outbox.notice(
        OTHERS,
        f"📊 {int(found.month[-2:])}月は、このBot以外から{found.others:,}通が送られています（LINEの集計より{before}）。"
        "残りの通数からは引いてあります。LINEの管理画面などに心当たりがないときは、管理画面の送信履歴をご確認ください。"
        "「使用量 内訳」で見られます。",
    )
