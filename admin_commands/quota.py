"""使用量: the month's messages, what is sure to come, and when LINE was last asked."""

from datetime import datetime, timedelta

from admin_commands import cards, command, desk, objects, places
from admin_commands.command import Argument, Command
from admin_commands.grammar import normalise, numbers
from admin_commands.grammar.commands import Command as Said
from jobs import action_lists
from storage import changes, delayed, quota, scenarios

NO_CAP = ("なし", "ナシ", "無し", "none", "off")


async def show(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    usage = await quota.usage(at.zone.key)
    local = at.local(at.now)
    told: list[cards.Line] = []
    if usage.allowed is None:
        told.append(f"使用: {usage.used:,}通（上限はLINEからまだ読めていないか、ありません）")
    else:
        left = max(0, usage.allowed - usage.used)
        told.append(f"使用: {usage.used:,} / {usage.allowed:,}通（残り {left:,}通）")
        told.append(cards.Gauge(usage.used / usage.allowed if usage.allowed else 1.0))
    if usage.waiting:
        told.append(f"送信待ち: {usage.waiting:,}通")
    until = _next_month(local)
    coming = await scenarios.due_before(until) + await delayed.due_before(until, action_lists.WRITING)
    if coming:
        told.append(f"見込み: {coming:,}通以上（今月中に送る、シナリオの次の1通と、時間を指定した動作の分です）")
        if usage.allowed is not None and usage.used + usage.waiting + coming > usage.allowed:
            told.append("⚠ 今月分が足りなくなる見込みです。")
    if usage.reserve and usage.allowed is not None:
        cap = max(0, usage.allowed - usage.reserve)
        told.append(f"自動の送信: {cap:,}通まで（残りの{usage.reserve:,}通は取り置き）")
    if usage.line_used is not None and usage.read_at is not None:
        told.append(f"LINEの集計: {usage.line_used:,}通（{at.moment(usage.read_at)}時点）")
    panel = cards.panel(
        f"📊 {local.month}月の使用量",
        told,
        notes=["返信（このグループでの受け答えなど）は数えません。"],
        buttons=[cards.Tap("上限を決める", "使用量 上限")],
    )
    return cards.Say("", card=panel)


async def cap(at: desk.Desk, said: Said) -> cards.Say:
    """So many of the month's messages scenarios and other sends to many may take; the rest is kept for answers."""
    usage = await quota.usage(at.zone.key)
    if usage.allowed is None:
        raise desk.Declined(
            "今月の通数の上限がLINEからまだ読めていないか、上限のない契約です。「使用量」で確かめてください。"
        )
    if not said.args:
        shown = f"{usage.allowed - usage.reserve:,}通まで" if usage.reserve else "なし"
        half, near = usage.allowed // 2, usage.allowed * 9 // 10
        taps = (
            *(cards.Tap(f"{one:,}通まで", f"使用量 上限 {one}") for one in (half, near)),
            cards.Tap("なし", "使用量 上限 なし"),
        )
        return cards.Say(
            f"自動の送信の上限: {shown}（契約は{usage.allowed:,}通）\n例: 使用量 上限 {near}、使用量 上限 なし", taps
        )
    word = objects.text_of(said, 0)
    most = usage.allowed if normalise.fold(word) in NO_CAP else numbers.number(word.removesuffix("通"))
    if most is None or most > usage.allowed:
        raise desk.Declined(
            f"上限は {usage.allowed:,} までの数字か「なし」で書いてください。例: 使用量 上限 {usage.allowed // 2}"
        )
    reserve = usage.allowed - most
    if reserve == usage.reserve:
        return cards.Say("変更なし（もうその上限です）。")
    left = max(0, most - usage.used)
    at.confirm(
        f"自動の送信を月{most:,}通までにします" if reserve else "自動の送信の上限をなくします",
        [
            f"今月はあと{left:,}通です（使用 {usage.used:,}通）。"
            if left
            else f"今月はもう{usage.used:,}通使ったため、すぐ止まります。",
            "届かなかった分は待ち、上限を上げるか来月になると送ります。お客様への返信は止まりません。",
        ],
        holds={"month": usage.month, "reserve": usage.reserve, "most": most},
        label="決める",
    )
    await quota.keep(at.zone.key, reserve)
    told = f"{most:,}通" if reserve else "なし"
    at.record(
        "quota.cap",
        {"reserve": reserve},
        f"自動の送信の上限を{told}にした",
        [changes.keep_reserve(at.zone.key, usage.reserve, reserve)],
    )
    return cards.Say(f"✅ 自動の送信の上限: {told}", (cards.Tap("使用量", "使用量"), *places.undo_tap()))


def _next_month(local: datetime) -> datetime:
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


NOUN = command.Noun(
    "quota",
    "今月送った通数と残りです。",
    (
        Command("quota", "show", "今月の通数と残り", ("使用量",), "viewer", 0, show),
        Command(
            "quota",
            "cap",
            "自動の送信が使ってよい通数を決める",
            ("使用量 上限", "使用量 上限 4500", "使用量 上限 なし"),
            "owner",
            2,
            cap,
            (Argument("通数かなし", optional=True),),
        ),
    ),
    bare="show",
)
