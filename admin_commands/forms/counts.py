"""フォーム 結果: how often what was chosen, what numbers come to, what was written last; as a picture and in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from admin_commands import cards, desk, objects, pictures
from admin_commands.broadcasts.results import rate
from admin_commands.forms import looks, telling
from admin_commands.forms.looks import FORMS
from admin_commands.grammar import normalise, words
from admin_commands.grammar.commands import Command as Said
from jobs import charts
from storage.drafted import Kept
from storage.forms import results

CHOICES = ("single", "multiple", "pulldown")
STEPS = ("rating", "scale")
FREQUENT = ("prefecture", "consent", "date", "time")
MOST_BARS = 12
MOST_TOLD = 3  # choices of a question in the overview
LATELY = 5
NUMBERED = re.compile(r"問? ?(\d{1,3})(?:問目?|番)?")


@dataclass(frozen=True, slots=True)
class Found:
    """All counts of a form that are needed to tell of its questions."""

    submissions: int
    answered: dict[str, int]
    chosen: dict[tuple[str, str], int]
    numbers: dict[str, results.Summary]
    frequent: dict[str, list[tuple[str, int]]]


async def show(at: desk.Desk, said: Said) -> cards.Say:
    one, written = await FORMS.in_use(at, said)
    form = written.content["form"]
    asked = looks.questions(form)
    tally = await results.tally(one.id, at.sight)
    if not tally.submissions:
        opened = looks.address(at, one.id)
        more = f"\nリンク: {opened}" if opened and one.state == "live" else ""
        return cards.Say(
            f"📊 フォーム「{one.name}」には、まだ回答がありません。{more}",
            (cards.Tap("表示", f"フォーム 表示 #Q{one.id}"),),
        )
    frequent = [each.key for each in asked if each.stored["kind"] in (*FREQUENT, *STEPS)]
    found = Found(
        tally.submissions,
        await results.answered(one.id, at.sight),
        await results.choices(one.id, at.sight),
        await results.numbers(one.id, at.sight),
        await results.frequent(one.id, frequent, at.sight, MOST_BARS) if frequent else {},
    )
    if len(said.args) > 1:
        return await _one(at, one, which(said, 1, asked, f"フォーム 結果 #Q{one.id} 問2"), found)
    rows = [_row(each, found) for each in asked]
    told: list[cards.Line] = [f"回答: {tally.submissions:,}件（{tally.friends:,}人）"]
    if tally.last is not None:
        told.append(f"最後の回答: {at.moment(tally.last)}")
    told += [f"{row.label}: {row.number}" + (f"（{row.note}）" if row.note else "") for row in rows[:MOST_BARS]]
    told += await _outcomes(at, one, form["results"])
    below = f"回答 {tally.submissions:,}件・{tally.friends:,}人"
    drawn = charts.Funnel(f"{one.name} の結果", below, tuple(rows[:MOST_BARS]), f"{at.moment(at.now)} 現在")
    before = await pictures.of(at, drawn)
    name = words.show(words.Name(one.name))
    taps = tuple(cards.Tap(f"問{each.number}", f"フォーム 結果 #Q{one.id} 問{each.number}") for each in asked[:8])
    buttons = [
        cards.Tap("回答", f"フォーム 回答 {name} 最新5"),
        cards.Tap("出力（CSV）", f"フォーム 出力 {name}"),
        cards.Tap("表示", f"フォーム 表示 {name}"),
    ]
    panel = cards.panel(f"📊 フォーム「{one.name}」#Q{one.id} の結果", told, buttons=buttons)
    return cards.Say("", taps, before=before, card=panel)


def which(said: Said, place: int, asked: Sequence[looks.Question], example: str) -> looks.Question:
    """The question that an argument names: 問2, 2, or a part of its label."""
    word = objects.text_of(said, place)
    number = NUMBERED.fullmatch(word)
    found = [one for one in asked if number is not None and one.number == int(number[1])]
    folded = normalise.fold(word)
    found = found or [one for one in asked if normalise.fold(normalise.lookup(one.label).text) == folded]
    found = found or [one for one in asked if folded in normalise.fold(normalise.lookup(one.label).text)]
    if len(found) != 1:
        told = "、".join(f"問{one.number} {one.label}" for one in asked[:8])
        raise desk.Declined(
            f"どの質問かが分かりません（「{cards.shortened(word, 20)}」）。\n{told}\n例: {example}",
            *(cards.Tap(f"問{one.number}", re.sub(r"問2$", f"問{one.number}", example)) for one in asked[:4]),
        )
    return found[0]


async def _one(at: desk.Desk, form: Kept, one: looks.Question, found: Found) -> cards.Say:
    """One question: a bar for each choice, or what was written last."""
    title = f"問{one.number} {one.label}"
    answered = found.answered.get(one.key, 0)
    told: list[cards.Line] = [f"答えた件数: {answered:,}件（{rate(answered, found.submissions)}）"]
    told += _numbers(found.numbers.get(one.key))
    bars = _bars(one, found)
    told += [f"{row.label}: {row.number}" for row in bars]
    kind = one.stored["kind"]
    if not bars and kind not in ("number", "image", "file"):
        lately = (await results.lately(form.id, [one.key], at.sight, LATELY)).get(one.key, [])
        told += [
            f"{at.day(when)}「{telling.shown(at, one.stored, telling.value(kind, text))}」" for text, when in lately
        ]
    before: tuple[cards.Message, ...] = ()
    if bars:
        means = _numbers(found.numbers.get(one.key))
        below = "・".join([f"回答 {answered:,}件", *means[:1]])
        drawn = charts.Funnel(title, below, tuple(bars), f"{form.name}・{at.moment(at.now)} 現在")
        before = await pictures.of(at, drawn)
    notes = ["複数選べる質問なので、合計は100%を超えることがあります。"] if kind == "multiple" and bars else []
    buttons = [
        cards.Tap("全体", f"フォーム 結果 #Q{form.id}"),
        cards.Tap("回答", f"フォーム 回答 #Q{form.id} 最新5"),
    ]
    panel = cards.panel(f"📊 {title}", told, notes=notes, buttons=buttons)
    return cards.Say("", before=before, card=panel)


def _bars(one: looks.Question, found: Found) -> list[charts.Row]:
    answered = max(1, found.answered.get(one.key, 0))
    kind = one.stored["kind"]
    if kind in CHOICES:
        counted = [(each["label"], found.chosen.get((one.key, each["key"]), 0)) for each in one.stored["options"]]
        known = {each["key"] for each in one.stored["options"]}
        gone = sum(times for (key, option), times in found.chosen.items() if key == one.key and option not in known)
        counted += [("今はない選択肢", gone)] if gone else []
    elif kind in STEPS:
        times = dict(found.frequent.get(one.key, ()))
        least = 1 if kind == "rating" else int(one.stored["least"] or 0)
        most = int(one.stored["most"] or (5 if kind == "rating" else 10))
        sign = "★" if kind == "rating" else ""
        counted = [(f"{sign}{step}", times.get(str(step), 0)) for step in range(most, least - 1, -1)]
    elif kind in FREQUENT:
        counted = [(telling.value(kind, text), count) for text, count in found.frequent.get(one.key, ())]
    else:
        return []
    return [
        charts.Row(label, count / answered, f"{count:,}件 {rate(count, answered)}")
        for label, count in counted[:MOST_BARS]
    ]


def _row(one: looks.Question, found: Found) -> charts.Row:
    """A question in the overview."""
    answered = found.answered.get(one.key, 0)
    bars = _bars(one, found)
    most = sorted(bars, key=lambda bar: -bar.share)[:MOST_TOLD]
    means = _numbers(found.numbers.get(one.key))
    note = means[0] if means else "・".join(f"{bar.label} {bar.number.split(' ')[0]}" for bar in most if bar.share)
    share = answered / found.submissions
    return charts.Row(f"問{one.number} {one.label}", share, f"{answered:,}件 {rate(answered, found.submissions)}", note)


def _numbers(given: results.Summary | None) -> list[str]:
    if given is None:
        return []
    return [
        f"平均 {rounded(given.mean)}",
        f"中央 {rounded(given.middle)}・最小 {rounded(given.least)}・最大 {rounded(given.most)}",
    ]


def rounded(value: Decimal) -> str:
    """`4.3`, `12`: at most one digit behind the point."""
    text = f"{value:,.1f}"
    return text.removesuffix(".0")


async def _outcomes(at: desk.Desk, one: Kept, stored: Sequence[dict[str, str]]) -> list[str]:
    """Points and the results that were shown."""
    told = []
    points = await results.points(one.id, at.sight) if stored else None
    if points is not None:
        told.append(f"点数: 平均 {rounded(points.mean)}点（{rounded(points.least)}〜{rounded(points.most)}）")
    shown = await results.outcomes(one.id, at.sight) if stored else {}
    return told + [f"結果「{each['title']}」: {shown.get(each['key'], 0):,}件" for each in stored]
