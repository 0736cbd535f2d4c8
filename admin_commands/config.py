"""設定: the one big switch that stops all sending, what is held back now, and the settings staff choose."""

from admin_commands import cards, choices, command, desk, objects
from admin_commands.command import Argument, Command
from admin_commands.grammar import normalise
from admin_commands.grammar.commands import Command as Said
from jobs import configuration
from storage import delayed, operations, outbox, parked, pauses, scenarios
from storage.errors import Refused

ALL = "all"
SWITCH, RELEASE = "緊急停止", "解除"
REASONS = {
    (
        "all",
        "restored",
    ): "控えから戻したか長く止まっていたため、すべての送信を止めています（「設定 緊急停止 解除」で再開）。",
    ("all", "staff"): "緊急停止中です。すべての送信を止めています（「設定 緊急停止 解除」で再開）。",
    (
        "channel",
        "forbidden",
    ): "LINEとの接続の鍵（アクセストークン）が使えないため、すべての送信を止めています。設置した方にお伝えください。",
}


async def show(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    held = await pauses.held()
    paused = dict.fromkeys(_told(one.scope, one.reason) for one in held)
    told: list[cards.Line] = [f"⚠ {one}" for one in paused] or ["✅ 送信は動いています。"]
    if at.config.unreadable:
        told.append(f"⚠ 読めないため止めている内容: {'、'.join(configuration.labels(at.config.unreadable))}")
    taps = [cards.Tap("使用量", "使用量")]
    if at.scope is None and (aside := await parked.count()):
        told.append(f"⚠ 処理できずに残っているもの: {aside:,}件（「エラー 一覧」）")
        taps.insert(0, cards.Tap("エラー 一覧", "エラー 一覧"))
    told += [f"{choices.told(one, at.config.chosen)}" for one in choices.CHOICES]
    taps += [cards.Tap(f"{one.word}とは", f"設定 {one.word}") for one in choices.CHOICES]
    notes = ["「設定 緊急停止」で、すべての送信をすぐ止められます。"]
    return cards.Say("", card=cards.panel("⚙ 設定", told, notes=notes, buttons=taps))


async def choose(at: desk.Desk, said: Said) -> cards.Say:
    """One setting by its word; stopping must be easier than starting: it needs no confirmation, starting again does."""
    word = objects.text_of(said, 0)
    value = said.after(0).strip()
    if normalise.fold(word) == normalise.fold(SWITCH):
        if value and normalise.fold(value) != normalise.fold(RELEASE):
            raise Refused(f"「{value}」の意味が分かりません。例: 設定 緊急停止、設定 緊急停止 解除")
        return await (_release(at) if value else _stop(at))
    choice = choices.find(word)
    if choice is None:
        known = "・".join([SWITCH, *(one.word for one in choices.CHOICES)])
        raise desk.Unknown(
            f"設定「{word}」は見つかりません。設定できるのは: {known}", 0.0, cards.Tap("設定 一覧", "設定 一覧")
        )
    if not value:
        now = choices.told(choice, at.config.chosen)
        return cards.Say(f"⚙ {now}\n{choice.does}。", tuple(cards.Tap(one, one) for one in choice.examples))
    if not at.may("owner"):
        raise desk.Declined(f"🔒 設定を変えられるのはオーナーの方です（あなた: {desk.ROLES[at.actor.role]}）。")
    return await choices.choose(at, choice, value)


async def _stop(at: desk.Desk) -> cards.Say:
    if not await pauses.hold(ALL, "staff"):
        return cards.Say("🛑 もう止まっています。再開は「設定 緊急停止 解除」です。")
    at.record("config.stop", {}, "緊急停止をかけた（すべての送信）")
    return cards.Say(
        "🛑 すべての送信を止めました。このグループでの受け答えだけは続きます。\n"
        "シナリオの順番やお客様からの受信は失われません。再開は「設定 緊急停止 解除」です。",
        (cards.Tap("解除", "設定 緊急停止 解除"),),
    )


async def _release(at: desk.Desk) -> cards.Say:
    reason = next((one.reason for one in await pauses.held() if one.scope == ALL), None)
    if reason is None:
        return cards.Say("送信は止まっていません。")
    waiting = await outbox.waiting_by_cause()
    doubtful = await outbox.unknown_by_cause()
    names = await scenarios.called()
    lines = [f"再開するとすぐ送る: {_cause(cause, names)} {people}通" for cause, people in waiting.items()]
    lines += [
        f"届いたか分からないもの（もう送りません）: {_cause(cause, names)} {people}通"
        for cause, people in doubtful.items()
    ]
    late = await scenarios.doubted()
    lines += [
        f"止めてある続き: シナリオ「{names[one]}」 {people}人（送るなら「シナリオ 再開 #S{one}」）"
        for one, people in late.items()
    ]
    put_off = await delayed.doubted()
    if put_off:
        lines.append(f"止めてある予定の動作: {put_off:,}件（行うかどうかは「エラー 一覧」で選べます）")
    in_doubt = await operations.doubted()
    if in_doubt:
        lines.append(f"止めてある一括操作や配信の残り: {in_doubt:,}人（送るかどうかは「エラー 一覧」で選べます）")
    at.confirm(
        "送信を再開します",
        lines or ["待っているメッセージはありません。"],
        holds={"waiting": waiting, "unknown": doubtful, "late": {str(one): people for one, people in late.items()}},
        label="再開する",
        warnings=["送りたくないシナリオは、先に「シナリオ 停止 名前」で止めてください。"] if waiting else [],
    )
    await outbox.resume(ALL)
    at.record("config.release", {"reason": reason}, "緊急停止を解除した")
    return cards.Say("✅ 送信を再開しました。")


def _told(scope: str, reason: str) -> str:
    if (scope, reason) in REASONS:
        return REASONS[scope, reason]
    kind, _, rest = scope.partition(":")
    if kind == "quota":
        return "今月の通数の上限に達したため、一部の送信を止めています。"
    if kind in ("endpoint", "outage"):
        return "LINEの応答が遅いか失敗しているため、少しずつ送っています。"
    if kind == "cause":
        return f"内容に問題があるため {_cause(rest, {})} の送信を止めています。"
    return "送信を止めています。"


def _cause(cause: str, names: dict[int, str]) -> str:
    kind, _, number = cause.partition(":")
    if kind == "scenario":
        return f"シナリオ「{names[int(number)]}」" if int(number) in names else f"シナリオ #S{number}"
    return {"operation": f"一括操作 {number}", "event": "自動返信の続き"}.get(kind, "その他")


NOUN = command.Noun(
    "config",
    "すべての送信を止めるスイッチと、このアカウントの決まりです。",
    (
        Command("config", "list", "今の設定と、止めているもの", ("設定", "設定 一覧"), "viewer", 0, show),
        Command(
            "config",
            "set",
            "1つの設定を見る・変える、すべての送信を止める（解除で再開）",
            ("設定 緊急停止", "設定 緊急停止 解除", *(one for choice in choices.CHOICES for one in choice.examples)),
            "manager",
            1,
            choose,
            (Argument("項目"), Argument("値", optional=True, rest=True)),
            most=2,
        ),
    ),
    bare="list",
    dumps=choices.dumps,
)
