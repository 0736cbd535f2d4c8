"""使用量: the month's messages, what is sure to come, and when LINE was last asked."""

from datetime import datetime, timedelta

from admin_commands import cards, command, desk
from admin_commands.command import Command
from admin_commands.grammar.commands import Command as Said
from storage import quota, scenarios

CELLS = 10


async def show(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    usage = await quota.usage(at.zone.key)
    local = at.local(at.now)
    told = [f"📊 {local.month}月の使用量"]
    if usage.allowed is None:
        told.append(f"使用 {usage.used:,}通（上限はLINEからまだ読めていないか、ありません）")
    else:
        left = max(0, usage.allowed - usage.used)
        told.append(f"使用 {usage.used:,} / {usage.allowed:,}通（残り {left:,}通）")
        told.append(bar(usage.used, usage.allowed))
    if usage.waiting:
        told.append(f"送信待ち: {usage.waiting:,}通")
    coming = await scenarios.due_before(_next_month(local))
    if coming:
        told.append(f"シナリオ見込み: {coming:,}通以上（今月中に決まっている次の1通だけを数えています）")
        if usage.allowed is not None and usage.used + usage.waiting + coming > usage.allowed:
            told.append("⚠ 今月分が足りなくなる見込みです")
    if usage.reserve:
        told.append(f"取り置き: {usage.reserve:,}通")
    if usage.line_used is not None and usage.read_at is not None:
        told.append(f"LINEの集計: {usage.line_used:,}通（{at.moment(usage.read_at)}時点）")
    told.append("返信（このグループでの受け答えなど）は数えません。")
    return cards.Say("\n".join(told))


def bar(used: int, allowed: int) -> str:
    """▰▰▰▱▱▱▱▱▱▱ 30%"""
    share = used / allowed if allowed else 1.0
    filled = min(CELLS, round(share * CELLS))
    return f"{'▰' * filled}{'▱' * (CELLS - filled)} {share:.0%}"


def _next_month(local: datetime) -> datetime:
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


NOUN = command.Noun(
    "quota",
    "今月送った通数と残りです。",
    (Command("quota", "show", "今月の通数と残り", ("使用量",), "viewer", 0, show),),
    bare="show",
)
