"""使用量: the month's messages, what has taken them, what is still to come, and a cap on what is sent of itself."""

from datetime import datetime, timedelta

from admin_commands import cards, command, desk, objects, pictures, places
from admin_commands.command import Argument, Command
from admin_commands.grammar import normalise, numbers
from admin_commands.grammar.commands import Command as Said
from admin_commands.quota import breakdown
from jobs import charts, forecast
from storage import changes, quota

NO_CAP = ("なし", "ナシ", "無し", "none", "off")


async def show(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    usage = await quota.usage(at.zone.key)
    coming = await forecast.of(at.cache, at.config, at.now, _next_month(at.local(at.now)))
    month = at.local(at.now).month
    told: list[cards.Line] = []
    if usage.allowed is None:
        told += [f"使用: {usage.used:,}通", "上限: 未確認（または、なし）"]
    else:
        left = max(0, usage.allowed - usage.used)
        told.append(f"使用: {usage.used:,} / {usage.allowed:,}通（残り {left:,}通）")
        told.append(cards.Gauge(usage.used / usage.allowed if usage.allowed else 1.0))
    if usage.others:
        told.append(f"他で使われた分: {usage.others:,}通（使用のうち。LINEの管理画面など）")
    parts = _parts(usage, coming)
    told += [f"{name}: {number:,}通" for name, number in parts]
    end = usage.used + sum(number for _, number in parts)
    warnings = _warnings(usage, coming, end)
    if parts:
        told += [f"月末の見込み: {end:,}通", *(f"⚠ {one}" for one in warnings)]
    if usage.allowed is not None:
        told.append(
            f"自動の送信: {_cap(usage):,}通まで（{usage.reserve:,}通は受け答え用）"
            if usage.reserve
            else "取り置き: なし（配信やシナリオが残りをすべて使えます）"
        )
    if usage.line_used is not None and usage.read_at is not None:
        told.append(f"LINEの集計: {usage.line_used:,}通（{at.moment(usage.read_at)}時点）")
    notes = ["返信（このグループでの受け答えなど）は数えません。"]
    if parts:
        notes.append("見込みは、今決まっている予定の分です（これから始まる人の分は入りません）。")
    buttons = [cards.Tap("内訳", "使用量 内訳"), cards.Tap("上限", "使用量 上限")]
    card = cards.panel(f"📊 {month}月の使用量", told, notes=notes, buttons=buttons)
    below = warnings[0] if warnings else "今決まっている予定の分までの見込みです"
    drawn = charts.Funnel(f"{month}月の使用量", below, _bars(usage, parts, end), f"{at.moment(at.now)} 現在")
    return cards.Say("", before=await pictures.of(at, drawn), card=card)


def _parts(usage: quota.Usage, coming: forecast.Forecast) -> list[tuple[str, int]]:
    """What is still to leave this month, without what there is none of."""
    found = (
        ("送信待ち", usage.waiting),
        ("配信の予定", coming.broadcasts),
        ("シナリオの予定", coming.steps),
        ("時間を指定した動作", coming.actions),
    )
    return [(name, number) for name, number in found if number]


def _warnings(usage: quota.Usage, coming: forecast.Forecast, end: int) -> list[str]:
    if usage.allowed is None or end == usage.used:
        return []
    if end > usage.allowed:
        return [f"今月分が{end - usage.allowed:,}通足りなくなる見込みです。"]
    if usage.reserve and coming.total and end > _cap(usage):
        return [f"自動の送信の上限を{end - _cap(usage):,}通超える見込みです。"]
    return []


def _bars(usage: quota.Usage, parts: list[tuple[str, int]], end: int) -> tuple[charts.Row, ...]:
    """Each as a part of what the month allows, or without a limit of what it comes to."""
    whole = usage.allowed or end or 1
    left = (
        f"上限 {usage.allowed:,}通・残り {max(0, usage.allowed - usage.used):,}通" if usage.allowed is not None else ""
    )
    rows = [("使用", usage.used, left), *((name, number, "") for name, number in parts)]
    if parts:
        over = end - usage.allowed if usage.allowed is not None else 0
        rows.append(("月末の見込み", end, f"上限を{over:,}通超えます" if over > 0 else ""))
    return tuple(charts.Row(name, number / whole, f"{number:,}通", note) for name, number, note in rows)


def _cap(usage: quota.Usage) -> int:
    return max(0, (usage.allowed or 0) - usage.reserve)


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
        Command("quota", "show", "今月の通数と残り、月末の見込み", ("使用量",), "viewer", 0, show),
        Command(
            "quota",
            "breakdown",
            "何に何通使ったか（配信・シナリオ・受け答えなど）",
            ("使用量 内訳", "使用量 内訳 先月", "使用量 内訳 2026-10"),
            "viewer",
            0,
            breakdown.show,
            (Argument("月", optional=True),),
        ),
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
