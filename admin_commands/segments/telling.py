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
    """How many fit, and the condition line by line, each with how many are left."""

    total: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    segment: Json


MOST_LINES = 12
MARKED = {"blocked": "ブロック中", "hidden": "非表示", "test": "テスト"}


async def echo(at: desk.Desk, linked: Linked) -> Echo:
    """What was understood, so that staff can check it: a line for each condition with the friends left after it."""
    whole = linked.stored
    plan = list(_plan(linked, linked.tree, [], "", top=True))
    shown = plan[:MOST_LINES]
    counted = await stored.counts([whole, *(line.segment for line in shown)], stored.left_out(whole), at.now, at.zone)
    told = [f"{line.text} … {count:,}人" for line, count in zip(shown, counted[1:], strict=True)]
    if len(plan) > MOST_LINES:
        told.append(f"・ほか{len(plan) - MOST_LINES}行")
    left = await stored.left_out_counts(whole, at.now, at.zone)
    out = " / ".join(f"{MARKED[mark]} {count:,}" for mark, count in left.items() if count)
    return Echo(counted[0], (*told, *([f"除外: {out}"] if out else [])))


def _plan(linked: Linked, tree: Tree, before: Sequence[Json], indent: str, *, top: bool = False) -> list[_Line]:
    """The lines of a tree, of those who fit all that stands before."""
    match tree:
        case trees.Every(of):
            lines: list[_Line] = []
            context = list(before)
            for one in of:
                lines += _entry(linked, one, context, indent, "かつ " if len(context) > len(before) else "")
                context.append(linked.part(one))
            return lines
        case trees.Some(of):
            return [
                line
                for place, one in enumerate(of)
                for line in _entry(linked, one, before, indent, "または " if place else "")
            ]
        case trees.Not(trees.Every() | trees.Some() as inside) if not top:
            return _plan(linked, inside, before, indent)
    return _entry(linked, tree, before, indent, "")


def _entry(linked: Linked, tree: Tree, before: Sequence[Json], indent: str, joint: str) -> list[_Line]:
    """One condition on a line; a group as a heading with its parts below."""
    head = _heading(tree) or sentence(tree, linked)
    line = _Line(f"{indent}・{joint}{head}", {"all": [*before, linked.part(tree)]})
    return [line, *_plan(linked, tree, before, f"{indent}　")] if _heading(tree) else [line]


def _heading(tree: Tree) -> str:
    match tree:
        case trees.Every():
            return "次のすべて"
        case trees.Some():
            return "次のどれか"
        case trees.Not(trees.Every()):
            return "次のすべてがそろってはいない"
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
    trees.Split: lambda one, _: f"全体を{one.of}つに分けた{one.part}つ目",
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
