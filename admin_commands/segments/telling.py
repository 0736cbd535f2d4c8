"""A condition told back, line by line in plain Japanese, each with the friends that are left."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin_commands import desk
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
MARKED = {"blocked": "ブロック中", "hidden": "非表示", "opted_out": "配信停止", "capped": "配信上限", "test": "テスト"}


async def echo(
    at: desk.Desk, linked: Linked, *, most: int | None = stored.FEW, promotion: stored.Sight | None = None
) -> Echo:
    """What was understood, so that staff can check it: a line for each condition with the friends left after it.

    `promotion` is how friends are seen where these are to get one.
    """
    conjuncts = trees.conjuncts(linked.tree)
    plan = _plan(linked, conjuncts)
    shown = plan[:MOST_LINES]
    found = await stored.survey(
        [linked.part(one) for one in conjuncts],
        promotion or at.sight,
        parts=[(line.place, line.part) for line in shown if line.part is not None],
        most=most,
        promotion=promotion is not None,
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
    """One condition in plain Japanese. Raises ValueError for a group."""
    match tree:
        case trees.Condition():
            return tree.told(linked.naming(tree))
        case trees.Not(trees.Condition() as of):
            return of.denied(linked.naming(of))
    raise ValueError(tree)
