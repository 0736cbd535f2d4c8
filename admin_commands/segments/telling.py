"""A condition told back, line by line in plain Japanese, each with the friends that are left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from admin_commands import desk
from admin_commands.grammar.segments import moments
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.tree import Tree
from admin_commands.segments.storing import Json, Linked
from storage import segments as stored


@dataclass(frozen=True, slots=True)
class Echo:
    """How many fit, and the condition line by line, each with how many are left; who fits is in `found`."""

    found: stored.Survey
    lines: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the echo: the condition that stands at `place` (from 0), or a part of it if `part` is given."""

    text: str
    place: int
    part: Json | None = None


MOST_LINES = 12
MARKED = {"blocked": "ブロック中", "hidden": "非表示", "test": "テスト"}


async def echo(at: desk.Desk, linked: Linked, *, most: int | None = stored.FEW) -> Echo:
    """What was understood, so that staff can check it: a line for each condition with the friends left after it."""
    conjuncts = trees.conjuncts(linked.tree)
    plan = _plan(linked, conjuncts)
    shown = plan[:MOST_LINES]
    found = await stored.survey(
        [linked.part(one) for one in conjuncts],
        at.sight,
        parts=[(line.place, line.part) for line in shown if line.part is not None],
        most=most,
    )
    parts = iter(found.parts)
    told = [f"{line.text} … {found.stages[line.place] if line.part is None else next(parts):,}人" for line in shown]
    if len(plan) > MOST_LINES:
        told.append(f"・ほか{len(plan) - MOST_LINES}行")
    out = " / ".join(f"{MARKED[mark]} {count:,}" for mark, count in found.left_out.items() if count)
    return Echo(found, (*told, *([f"除外: {out}"] if out else [])))


def _plan(linked: Linked, conjuncts: Sequence[Tree]) -> list[_Line]:
    """A line for each condition, below it its parts, which are counted among those who fit all that stands before."""
    lines: list[_Line] = []
    for place, one in enumerate(conjuncts):
        lone = len(conjuncts) == 1 and isinstance(one, trees.Some)
        if not lone:
            lines.append(_Line(f"・{'かつ ' if place else ''}{_heading(one) or sentence(one, linked)}", place))
        lines += [_Line(text, place, part) for text, part in _parts(linked, one, [], "" if lone else "　")]
    return lines


def _parts(linked: Linked, tree: Tree, before: Sequence[Json], indent: str) -> list[tuple[str, Json]]:
    """What a group consists of, line by line; none for a single condition."""
    group = tree.of if isinstance(tree, trees.Not) else tree
    if not isinstance(group, trees.Every | trees.Some):
        return []
    joint = "かつ " if isinstance(group, trees.Every) else "または "
    told: list[tuple[str, Json]] = []
    context = list(before)
    for place, one in enumerate(group.of):
        text = f"{indent}・{joint if place else ''}{_heading(one) or sentence(one, linked)}"
        told.append((text, {"all": [*context, linked.part(one)]}))
        told += _parts(linked, one, context, f"{indent}　")
        if isinstance(group, trees.Every):
            context.append(linked.part(one))
    return told


def _heading(tree: Tree) -> str:
    match tree:
        case trees.Every():
            return "次のすべて"
        case trees.Some():
            return "次のどれか"
        case trees.Not(trees.Every()):
            return "次のすべてには当てはまらない"
        case trees.Not(trees.Some()):
            return "次のどれでもない"
    return ""


def sentence(tree: Tree, linked: Linked) -> str:
    """One condition in plain Japanese."""
    if isinstance(tree, trees.Not):
        return _negative(tree.of, linked)
    return SENTENCES[type(tree)](tree, linked)


SCENARIO = {
    "active": "を配信中",
    "finished": "を完了",
    "stopped": "を途中で停止",
    "never": "は未経験",
    "from": "の{}通目まで届いた",
}
FOLLOWED = {
    trees.Within: "友だち追加から{}",
    trees.Before: "友だち追加から{}",
    trees.In: "友だち追加が{}",
    trees.Between: "友だち追加が{}",
}
REACTED = {
    trees.Within: "{}に反応あり",
    trees.Before: "{} 反応なし",
    trees.In: "{} 反応あり",
    trees.Between: "最終反応が{}",
}


def _moment(when: trees.When) -> str:
    return f"{when.count}{moments.UNITS[when.unit]}以上" if isinstance(when, trees.Before) else moments.show(when)


def _dated(one: trees.Dated, _: Linked) -> str:
    told = FOLLOWED if one.what == "followed" else REACTED
    return told[type(one.when)].format(_moment(one.when))


def _tags(one: trees.HasTag, linked: Linked) -> str:
    which = "" if len(one.tags) == 1 else "のすべて" if one.every else "のどれか"
    return f"タグ{_names(one, linked)}{which}あり"


def _names(one: trees.HasTag, linked: Linked) -> str:
    return "・".join(linked.name("tags", tag) for tag in one.tags)


SENTENCES: dict[type, Callable[[Any, Linked], str]] = {
    trees.HasTag: _tags,
    trees.InScenario: lambda one, linked: (
        f"シナリオ{linked.name('scenarios', one.scenario)}{SCENARIO[one.state].format(one.step)}"
    ),
    trees.Dated: _dated,
    trees.Field: lambda one, _: f"名前に「{one.test.text}」を含む",
    trees.Sampled: lambda one, _: f"ランダムに選んだ{one.percent}%（いつも同じ人）",
    trees.Split: lambda one, _: f"全体を{one.of}等分した{one.part}番目",
    trees.Blocked: lambda *_: "ブロック中",
    trees.Hidden: lambda *_: "非表示",
    trees.Everyone: lambda *_: "全員",
}


def _negative(tree: Tree, linked: Linked) -> str:
    match tree:
        case trees.HasTag(tags, every) if not every or len(tags) == 1:
            return f"タグ{_names(tree, linked)}{'' if len(tags) == 1 else 'のどれも'}なし"
        case trees.Dated("reacted", trees.Within() | trees.In() as when):
            return f"{_moment(when)}に反応なし"
        case trees.Field(_, trees.Contains(text)):
            return f"名前に「{text}」を含まない"
    return f"「{sentence(tree, linked)}」ではない"
