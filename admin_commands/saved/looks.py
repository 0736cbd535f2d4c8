"""Saved segments looked at: the list with its counts, one line by line, where it is used, all of them as text."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from admin_commands import cards, desk, lists, objects, places, segments
from admin_commands.grammar import canonical, words
from admin_commands.grammar import segments as conditions
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.tree import Tree
from storage import segments as stored
from storage.segments import saved


async def totals(at: desk.Desk, given: Sequence[stored.Segment]) -> list[int]:
    """How many whom one may see fit each of these."""
    return await stored.counts(given, at.sight)


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await saved.page(wanted, lists.ROWS, lists.offset(page))
    people = await totals(at, [one.condition for one in found])
    rows = [
        cards.Row(f"{one.name} #G{one.id} … {count:,}人", f"セグメント 表示 #G{one.id}")
        for one, count in zip(found, people, strict=True)
    ]
    listing = f"セグメント 一覧 {words.show(words.Name(wanted))}" if wanted else "セグメント 一覧"
    empty = (
        f"「{wanted}」の付くセグメントはありません。"
        if wanted
        else "まだありません。「セグメント 作成 休眠VIP タグ:VIP かつ 最終反応 30日以上前」のように作れます。"
    )
    taps = [cards.Tap("条件を選んで作る", "セグメント 足す 対象: 全員")]
    return await lists.say(at, "🔎 セグメント", rows, total, page, listing, empty=empty, taps=taps)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    segment = await objects.thing(at, "segments", said)
    used = await saved.uses(segment.id)
    name = words.show(words.Name(segment.name))
    buttons = (
        cards.Tap("10人見る", f"友だち 検索 @{name}"),
        cards.Tap("使用先", f"セグメント 使用先 {name}"),
        cards.Tap("書出", f"セグメント 書出 {name}"),
    )
    lines = [*await _lines(at, await linked(at, await saved.get(segment.id))), f"使用先: {places.told(used) or 'なし'}"]
    return cards.Say("", card=cards.panel(f"🔎 セグメント「{segment.name}」#G{segment.id}", lines, buttons=buttons))


async def _lines(at: desk.Desk, condition: segments.Linked) -> list[str]:
    told = await segments.echo(at, condition)
    return [f"👥 対象: {told.total:,}人", *told.lines]


async def linked(at: desk.Desk, segment: saved.Saved) -> segments.Linked:
    return await segments.linked_again(segment.condition, at.local(at.now).date())


async def check(at: desk.Desk, said: Said) -> cards.Say:
    """A condition told line by line; one that is not saved comes with the way to save it."""
    if said.target is None:
        return await show(at, said)
    meant = await segments.of(at, said)
    lines = await _lines(at, meant)
    condition = printing.show(meant.tree)
    buttons = (
        cards.Tap("10人見る", f"友だち 検索 対象: {condition}"),
        cards.Tap("条件を足す", f"セグメント 足す 対象: {condition}"),
        cards.Copy("名前を付けて保存", f"セグメント 作成 （名前） 対象: {condition}"),
    )
    card = cards.panel("🔎 条件の確認", [*lines, f"条件: {condition}"], buttons=buttons)
    return cards.Say("", _turned(meant.tree), card=card)


def _turned(tree: Tree) -> tuple[cards.Tap, ...]:
    """The same condition with the end of it said otherwise, for who puts one together by taps."""
    denied = isinstance(_last(tree), trees.Not)
    ways = [
        ("最後の「でない」を外す" if denied else "最後を「でない」に", _with_last(tree, trees.negated(_last(tree))))
    ]
    *before, last = trees.conjuncts(tree)
    if before:
        ways.append(("最後を「または」に", trees.every([*before[:-1], trees.some([before[-1], last])])))
    return tuple(
        cards.Tap(label, canonical(Said("segment", "check", target=conditions.Segment("", one)))) for label, one in ways
    )


def _last(tree: Tree) -> Tree:
    return _last(tree.of[-1]) if isinstance(tree, trees.Every | trees.Some) else tree


def _with_last(tree: Tree, new: Tree) -> Tree:
    match tree:
        case trees.Every(of):
            return trees.every([*of[:-1], _with_last(of[-1], new)])
        case trees.Some(of):
            return trees.some([*of[:-1], _with_last(of[-1], new)])
    return new


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    segment = await objects.thing(at, "segments", said)
    return await places.list_of(at, f"セグメント「{segment.name}」", await saved.uses(segment.id))


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    segment = await objects.thing(at, "segments", said)
    [line] = await _printed([await saved.get(segment.id)])
    return cards.Say(line, whole=True)


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All of them as the commands that put them down, each behind those that it names."""
    return await _printed(await saved.living())


async def _printed(given: Sequence[saved.Saved]) -> list[str]:
    trees = await segments.trees_of([one.condition for one in given])
    return [
        canonical(
            Said("segment", "apply", args=(Argument((words.Name(one.name),)),), target=conditions.Segment("", tree))
        )
        for one, tree in zip(given, trees, strict=True)
    ]
