"""なぜ 田中 配信:年末: what has come of one broadcast for one friend, from the record alone."""

from collections.abc import Callable

from admin_commands import cards, choices, desk, segments
from admin_commands.broadcasts import looks
from storage import broadcasts as kept
from storage import friends, operations, traces
from storage import segments as stored
from storage.broadcasts import audiences, runs, trials

MARKS: tuple[tuple[str, Callable[[friends.Seen], bool]], ...] = (
    ("ブロックされています", lambda one: one.blocked_us),
    ("こちらでブロックしています", lambda one: one.blocked_by_us),
    ("非表示です", lambda one: one.hidden),
    ("配信停止を希望しています", lambda one: one.opted_out),
    ("テスト友だちです", lambda one: one.is_test),
)


async def told(at: desk.Desk, friend: friends.Seen, number: int) -> cards.Say:
    one = await kept.get(number)
    looks.written(one)
    lines: list[cards.Line] = [f"状態: {looks.STATES[one.state]}"]
    run = one.run
    part = await trials.part_of(run, friend.id) if run is not None else None
    if run is not None and part is not None and part.held:
        lines.append("効果をくらべるため、くじで「送らない」人に入っています。送りません。")
    elif run is not None and part is not None and part.rest:
        when = "止めているため、まだ送っていません" if one.state == "stopped" else "勝者が決まってから送ります"
        lines.append(f"対象です。A/Bテストの残りの人で、{when}。")
    elif run is not None and part is not None:
        told_as = [f"A/B: {part.letter}"] if part.letter else []
        lines += [f"日時: {at.moment(part.at)}", *told_as, *await _of_run(at, friend, run, part.operation, one)]
    elif run is not None and run.operation is not None and (run.state == "begun" or run.test is not None):
        lines += [f"日時: {at.moment(run.at)}", *await _of_run(at, friend, run, run.operation, one)]
    else:
        lines += ["まだだれにも送っていません。", *await _fits(at, friend, one, "今送るなら、")]
    name = friend.name or "名前なし"
    taps = [cards.Tap("配信を見る", f"配信 表示 #B{one.id}"), cards.Tap("友だちを見る", f"友だち 表示 #F{friend.id}")]
    return cards.Say("", card=cards.panel(f"🔎 {name}さんと配信「{one.name}」", lines, buttons=taps))


async def _of_run(at: desk.Desk, friend: friends.Seen, run: runs.Run, operation: int, one: kept.Kept) -> list[str]:
    place = await operations.place(operation, friend.id)
    if place is None:
        return [*await _not_meant(at, friend, run), *await _fits(at, friend, one, "今の記録では、")]
    cause = runs.cause(operation)
    found = (await traces.sent(friend.id, [cause])).get(cause)
    if found is None:
        if place == "parked":
            return ["対象でしたが、うまく処理できずに残っています（「エラー 一覧」で見られます）。"]
        return [
            "対象です。止めているため、まだ送っていません。"
            if one.state == "stopped"
            else "対象です。これから送ります。"
        ]
    sent_at = f"{at.moment(found.sent_at)} に" if found.sent_at is not None else ""
    match found.state:
        case "accepted":
            return [f"{sent_at}送り、LINEが受け付けました。"]
        case "open":
            return ["対象です。送信の順番を待っています。"]
        case "sending":
            return [f"{sent_at}送っています。"]
        case "unknown":
            return [f"{sent_at}送りましたが、届いたか分かりません。二重に送らないよう、送り直していません。"]
        case "refused":
            return [f"{sent_at}送りましたが、LINEが受け付けませんでした（{found.error or '理由は不明'}）。"]
    if found.error == "blocked" or (found.sent_at is None and one.state != "stopped"):
        return ["対象でしたが、ブロックや配信停止などのため、送っていません。"]
    return ["対象でしたが、止めたため送っていません。「配信 再開」で送れます。"]


async def _not_meant(at: desk.Desk, friend: friends.Seen, run: runs.Run) -> list[str]:
    when = "確認" if run.definition["frozen"] else "送信"
    told = [f"{when}した時の対象に入っていませんでした。"]
    if await audiences.capped(friend.id, runs.sight(run.definition, at.sight), run.id):
        told.append(f"その時にはもう、配信が{_cap(at)}の上限に達していました。")
    return told


def _cap(at: desk.Desk) -> str:
    return f"「設定 配信上限 {choices.capped(at.config.chosen)}」"


async def _fits(at: desk.Desk, friend: friends.Seen, one: kept.Kept, begins: str) -> list[str]:
    """Whether they would be among those meant now, and what keeps them out."""
    target = one.definition["target"]
    out = [word for word, holds in MARKS if holds(friend)]
    if await audiences.capped(friend.id, one.sight(at.sight)):
        out.append(f"配信が{_cap(at)}の上限に達しています")
    fits = await stored.fitting(target, [friend.id], at.sight)
    condition = await segments.told(target)
    so = "当てはまります" if fits else "当てはまりません"
    return [f"{begins}条件「{condition}」に{so}。", *(f"⚠ この方は{word}（対象から外れます）。" for word in out)]
