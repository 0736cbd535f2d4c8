"""配信 結果: what became of a run, in numbers, in words and as a picture."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from admin_commands import cards, desk, objects, pictures, segments
from admin_commands.broadcasts import looks
from admin_commands.grammar import numbers
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import printing
from admin_commands.parked import telling
from jobs import charts, messages, personal
from storage import broadcasts as kept
from storage.broadcasts import aggregates, results
from storage.outbox import ledger

MOST_LINKS = 5  # on a card and in a picture
BY_LINE = "LINE集計"
LONGEST = 40  # characters of a link's name: that of one without is its address


@dataclass(frozen=True, slots=True)
class Beside:
    """What else is to be told of a run: rows for the picture, lines, notes, and which part of the broadcast it is."""

    rows: Sequence[charts.Row] = ()
    told: Sequence[cards.Line] = ()
    notes: Sequence[str] = ()
    part: str = ""


async def show(
    at: desk.Desk, said: Said, *, compare: Callable[[desk.Desk, kept.Kept, int], Awaitable[Beside]]
) -> cards.Say:
    thing = await objects.thing(at, "broadcasts", said)
    one = await kept.get(thing.id)
    looks.written(one)
    begun = await results.begun(one.id)
    if not begun:
        raise desk.Declined(
            f"配信「{one.name}」#B{one.id} はまだ送っていません（{looks.STATES[one.state]}）。"
            "結果は、送ったあとに見られます。",
            looks.check_tap(one),
        )
    nth = _nth(said, one, len(begun))
    run = begun[nth - 1]
    linked = await segments.of(at, said) if said.target is not None else None
    sight = replace(at.sight, scope=linked.stored) if linked is not None else at.sight
    links = personal.links_in(messages.variables(run.messages), ())
    found = await results.of(run, kept.owner(one.id), links, sight)
    which = f"（{nth}回目・全{len(begun)}回）" if len(begun) > 1 else ""
    whose = printing.show(linked.tree) if linked is not None else ""
    counted = await aggregates.of(run.operation) if linked is None else None
    rows = _rows(found, counted)
    beside = await compare(at, one, run.id) if rows and not whose else Beside()
    rows, which = [*rows, *beside.rows], beside.part or which
    told: list[cards.Line] = [
        *([f"絞り込み: {whose}"] if whose else []),
        f"送信: {_when(at, run, found)}",
        f"対象: {found.tally.total:,}人",
        *_arrived(found),
        *([] if whose else [f"通数: {await ledger.of_operation(run.operation):,}通"]),
        *(f"{row.label}: {row.number}" + (f"（{row.note}）" if row.note else "") for row in rows),
    ]
    if found.tally.sent and found.opened is None and found.pressed is None:
        told.append("クリック: 数えていません（計測リンクもボタンもない配信です）")
    told += _by_line(counted, found)
    notes = ["％は送信済みの人数に対する割合です（送信済みの％だけは、対象に対して）。"] if rows else []
    notes += ["絞り込みは、今の条件に当てはまる人で数えています。"] if whose else []
    told += beside.told
    notes += [*beside.notes, *_still_counting(at, found)]
    if counted is not None and not counted.refused and found.tally.sent:
        asked = f"。最新 {at.moment(counted.read_at)}" if counted.read_at is not None else ""
        notes.append(f"LINE集計は、スマートフォンで見た方の数です（送信の翌日から14日間、1日1回更新{asked}）。")
    title = f"📊 配信「{one.name}」#B{one.id} の結果{which}"
    before: tuple[cards.Message, ...] = ()
    if rows:
        before = await pictures.of(at, _picture(at, one, run, found, rows, which, whose))
    panel = cards.panel(title, told, notes=notes, buttons=_buttons(one, found, nth, len(begun), narrowed=bool(whose)))
    return cards.Say("", before=before, card=panel)


def _when(at: desk.Desk, run: results.Begun, found: results.Results) -> str:
    """`11/24(火) 8:01〜8:03`; of what still leaves, when it began."""
    if found.first is None or found.last is None or found.tally.waiting or found.tally.under_way:
        return f"{at.moment(run.at)}から"
    begin, end = at.moment(found.first), at.moment(found.last)
    if begin == end:
        return begin
    same_day = at.local(found.first).date() == at.local(found.last).date()
    return f"{begin}〜{at.clock(found.last) if same_day else end}"


def _nth(said: Said, one: kept.Kept, count: int) -> int:
    """2回目: which of its runs is meant; the latest where nothing is said."""
    if len(said.args) < 2:
        return count
    number = numbers.nth(objects.text_of(said, 1).replace("回目", "番目"))
    if not number or number > count:
        raise desk.Declined(
            f"何回目の結果かが読めません（これまでに{count}回送りました）。例: 配信 結果 #B{one.id} 1回目",
            cards.Tap("最新の結果", f"配信 結果 #B{one.id}"),
        )
    return number


def _arrived(found: results.Results) -> list[str]:
    """What LINE took and what it did not, with the reasons; what is nought is left out."""
    tally = found.tally
    share = f"（{rate(tally.sent, tally.total)}）" if tally.total else ""
    lines = [f"送信済み: {tally.sent:,}人{share}"]
    for word, reasons in (("届けられない", found.refused), ("届いたか不明", found.unknown)):
        if reasons:
            lines.append(f"{word}: {sum(reasons.values()):,}人")
            lines += [f"　・{telling.REASONS[reason]}: {count:,}人" for reason, count in reasons.items()]
    rest = [
        ("送る前にブロック", found.left_out),
        ("送信の途中", tally.under_way),
        ("これから", tally.waiting),
        ("止めた分", tally.stopped),
    ]
    return lines + [f"{word}: {count:,}人" for word, count in rest if count]


def _by_line(counted: aggregates.Aggregate | None, found: results.Results) -> list[str]:
    """What LINE's count cannot say, and why."""
    if counted is None or not found.tally.sent:
        return []
    if counted.refused:
        return ["開封: このアカウントでは、LINEが集計を受け付けませんでした"]
    if counted.read_at is None:
        return ["開封: 翌日の朝から表示します（LINE集計）"]
    if counted.figures.seen is None:
        return ["開封: 20人未満のため表示されません（LINE集計）"]
    return []


def _rows(found: results.Results, counted: aggregates.Aggregate | None) -> list[charts.Row]:
    """What friends did, each as a part of those for whom LINE took the message."""
    sent = found.tally.sent
    if not sent:
        return []
    rows = []
    if counted is not None:
        figures = counted.figures
        by_line = [("開封", figures.seen), ("再生", figures.played), ("最後まで再生", figures.finished)]
        if found.opened is None:
            by_line.insert(1, ("リンク", figures.clicked))
        rows += [_row(word, results.Done(many, 0), sent, "", BY_LINE) for word, many in by_line if many is not None]
    if found.opened is not None:
        rows.append(_row("クリック", found.opened, sent, "回"))
        if len(found.links) > 1:
            named = [(cards.shortened(link.name, LONGEST), link.done) for link in found.links[:MOST_LINKS]]
            rows += [_row(f"　リンク「{name}」", done, sent, "回") for name, done in named]
    if found.pressed is not None:
        rows.append(_row("ボタン", found.pressed, sent, "回"))
    rows.append(_row("返信", found.replied, sent, "通", f"{results.REPLIED_WITHIN}時間以内"))
    blocked = results.Done(found.blocked, 0)
    rows.append(_row("ブロック", blocked, sent, "", f"送信から{results.BLOCKED_WITHIN}日以内"))
    return rows


def _row(label: str, done: results.Done, sent: int, unit: str, within: str = "") -> charts.Row:
    notes = [f"のべ{done.times:,}{unit}"] if done.times else []
    notes += [within] if within else []
    number = f"{done.friends:,}人 {rate(done.friends, sent)}"
    return charts.Row(label, done.friends / sent, number, "・".join(notes))


def rate(part: int, whole: int) -> str:
    """`12.5%`, rounded down, so that 100% are all of them; what is more than nobody is never 0%."""
    tenths = 1000 * part // whole if whole else 0
    if part and not tenths:
        return "0.1%未満"
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def _still_counting(at: desk.Desk, found: results.Results) -> list[str]:
    if found.last is None:
        return []
    spans = [
        ("返信", found.last + timedelta(hours=results.REPLIED_WITHIN)),
        ("ブロック", found.last + timedelta(days=results.BLOCKED_WITHIN)),
    ]
    open_ones = [f"{word}は {at.moment(end)} まで" for word, end in spans if at.now < end]
    return [f"まだ数えている途中です（{'、'.join(open_ones)}）。"] if open_ones else []


def _picture(
    at: desk.Desk,
    one: kept.Kept,
    run: results.Begun,
    found: results.Results,
    rows: list[charts.Row],
    which: str,
    whose: str,
) -> charts.Funnel:
    """The same facts; why something did not arrive is told in words alone."""
    tally = found.tally
    rest = [
        ("届かず", sum(found.refused.values())),
        ("不明", tally.unknown),
        ("ブロック済み", found.left_out),
        ("これから", tally.under_way + tally.waiting),
        ("停止", tally.stopped),
    ]
    sent = charts.Row(
        "送信済み",
        tally.sent / tally.total,
        f"{tally.sent:,}人 {rate(tally.sent, tally.total)}",
        "・".join(f"{word} {count:,}" for word, count in rest if count),
    )
    below = f"{whose or f'{at.moment(run.at)}から送信'}・対象 {tally.total:,}人"
    foot = f"{at.moment(at.now)} 現在"
    return charts.Funnel(f"{one.name} の結果{which}", below, (sent, *rows), foot)


def _buttons(one: kept.Kept, found: results.Results, nth: int, count: int, *, narrowed: bool) -> list[cards.Tap]:
    number = f"#B{one.id}"
    which = f" {nth}回目" if nth < count else ""
    if narrowed:
        return [cards.Tap("全員の結果", f"配信 結果 {number}{which}"), cards.Tap("状態", f"配信 表示 {number}")]
    counted = found.tally.sent and (found.opened is not None or found.pressed is not None)
    again = cards.Tap("未クリックの人へ", f"配信 複製 {number} 対象: 配信:{number} 未クリック")
    failed = [cards.Tap("エラー", "エラー 一覧")] if found.refused or found.unknown else []
    before = [cards.Tap(f"{nth - 1}回目", f"配信 結果 {number} {nth - 1}回目")] if nth > 1 else []
    return [*([again] if counted else []), *failed, *before, cards.Tap("状態", f"配信 表示 {number}")]
