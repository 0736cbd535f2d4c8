"""What a file comes to here: what is new, what changes, what only becomes a draft; and the card that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from admin_commands import desk, pasting
from admin_commands.backups import things
from admin_commands.grammar import definitions, lexicon

MOST_NAMED = 8


@dataclass(slots=True)
class Plan:
    """What a file comes to here. `concerned`: something in force is touched by it."""

    new: list[things.Thing] = field(default_factory=list)
    changed: list[things.Thing] = field(default_factory=list)
    drafts: list[things.Thing] = field(default_factory=list)
    same: list[things.Thing] = field(default_factory=list)
    later: list[definitions.Usable] = field(default_factory=list)
    published: int = 0
    concerned: bool = False


def confirm(at: desk.Desk, plan: Plan, touched: int, holds: Mapping[str, Any]) -> None:
    """One press; where something in force is concerned, the number of things that change, to be typed."""
    if not touched:
        return
    at.confirm(
        "📥 控えを取り込みます",
        told(plan),
        holds=holds,
        label="取り込む",
        warnings=[f"シナリオ{plan.published}件は、取り込むとすぐ公開されます。"] if plan.published else [],
        typed=f"{touched}件" if plan.concerned else None,
    )


def told(plan: Plan) -> list[str]:
    lines = []
    if plan.new:
        lines.append(f"＋ 新しいもの: {_named(plan.new)}")
    if plan.changed:
        lines.append(f"～ 変わるもの: {_named(plan.changed)}")
    if plan.drafts:
        lines.append(f"📝 下書きになるもの（今のものはそのまま）: {_named(plan.drafts)}")
    if plan.same:
        lines.append(f"＝ 今と同じもの: {things.counted(plan.same)}")
    if plan.later:
        shown = "・".join(_of(one) for one in plan.later)
        lines.append(f"👉 使用中のため、このあと別に確認するもの: {shown}")
    return lines


def _named(found: Sequence[things.Thing]) -> str:
    """`タグ 12・シナリオ 3（ようこそ・休眠・…）`."""
    shown = [one.name for one in found if one.noun != "tag"][:MOST_NAMED]
    more = "…" if len([one for one in found if one.noun != "tag"]) > MOST_NAMED else ""
    return things.counted(found) + (f"（{'・'.join(shown)}{more}）" if shown else "")


def _of(one: definitions.Usable) -> str:
    word = lexicon.NOUN[pasting.block(one).noun].words[0]
    return word if isinstance(one, definitions.Greeting) else f"{word}「{one.name}」"
