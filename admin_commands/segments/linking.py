"""Linking a condition: names looked up, single words understood, what can be read two ways asked with counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from admin_commands import cards, desk, objects
from admin_commands.grammar import canonical, nearness, normalise, segments, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import conditions, printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.tree import Tree
from admin_commands.segments import storing, telling
from admin_commands.segments.storing import Key, Linked
from storage import named
from storage import segments as stored

# What can be judged today, told where something else was asked for.
KNOWN = "タグ・シナリオ・友だち追加・最終反応・名前・ブロック・非表示・ランダム・分割"
NAME_FIELDS = (storing.NAME, "なまえ", "お名前", "name")
SLEEPS, STIRS = "（休眠）", "（活発）"
Again = Callable[[Tree], str]  # the command with another condition in its place


async def of(at: desk.Desk, said: Said) -> Linked:
    """The condition of a command, which must have one."""
    if said.target is None or said.target.tree is None:
        raise desk.Declined("対象の条件が読めません。例: 対象: タグ:VIP かつ タグ:休眠 でない")
    return await link(at, said.target.tree, lambda tree: canonical(replace(said, target=segments.Segment("", tree))))


async def link(at: desk.Desk, tree: Tree, again: Again) -> Linked:
    """The condition with its names looked up; `again` is the command with another condition in its place.

    Raises Declined for what cannot be judged yet, Unknown for a name that fits nothing, and Ambiguous, with how many
    friends each reading has, for what can be read in several ways.
    """
    tree = await _without_words(at, tree, again)
    parts = list(segments.walk(tree))
    for one in parts:
        why, right = _unjudged(one)
        if why:
            hint = f"\nもしかして: {printing.show(right)}" if right else ""
            taps = [cards.Tap(printing.show(right), again(segments.replaced(tree, one, right)))] if right else []
            raise desk.Declined(f"「{printing.show(one)}」{why}{hint}", *taps)
    linked = Linked(tree, await _things(at, tree, again), at.local(at.now).date())
    unclear = {one: both for one in parts if (both := segments.readings(one)) is not None}
    if unclear:
        raise await _asked(at, linked, unclear, again)
    return linked


JUDGED = (
    *(trees.Every, trees.Some, trees.Not, trees.Everyone, trees.HasTag, trees.InScenario),
    *(trees.Blocked, trees.Hidden, trees.Sampled, trees.Split),
)


def doubts(tree: Tree) -> list[tuple[Tree, str, list[Tree]]]:
    """What is unclear in a condition inside a block, where nobody can be asked: why, and how else it might be said."""
    found: list[tuple[Tree, str, list[Tree]]] = []
    for one in segments.walk(tree):
        both = segments.readings(one)
        if isinstance(one, trees.Word):
            by_name = trees.Field(storing.NAME, trees.Contains(one.text))
            found.append((one, "が何の条件か分かりません", [trees.HasTag((words.Name(one.text),)), by_name]))
        elif both is not None and _unjudged(both[0])[0] == "":
            found.append((one, "は2通りに読めます", list(both)))
        else:
            why, right = _unjudged(one)
            if why:
                found.append((one, why.rstrip("。"), [right] if right else []))
    return found


def _unjudged(condition: Tree) -> tuple[str, Tree | None]:
    """Why we know too little about friends to judge the condition, and what it probably should say; "" if we can."""
    match condition:
        case trees.Dated("followed" | "reacted", trees.In("birth_month")):
            return "は誕生日の条件ではないため使えません。", None
        case trees.Dated("followed" | "reacted"):
            return "", None
        case trees.Field(name, trees.Contains()) if _folded(name) in map(_folded, NAME_FIELDS):
            return "", None
        case trees.Field(
            name, trees.Within() | trees.Before() | trees.In() | trees.Between() | trees.Unclear() as when
        ):
            meant = _meant(name)
            if meant is not None:
                return f"の「{name}」が分かりません。", trees.Dated(meant, when)
    return ("", None) if isinstance(condition, JUDGED) else (f"の条件はまだ使えません。今使えるのは{KNOWN}です。", None)


def _meant(name: str) -> Any:
    """Which of the words for a moment a field's name probably is a slip of."""
    known = [(_folded(word), what) for what, spelled in conditions.DATED.items() for word in spelled]
    return next(iter(nearness.nearest(_folded(name), known, 1)), None)


def _folded(text: str) -> str:
    return normalise.fold(normalise.lookup(text).text)


async def _things(at: desk.Desk, tree: Tree, again: Again) -> dict[Key, named.Named]:
    asked: dict[named.Kind, list[words.Object]] = {"tags": [], "scenarios": []}
    for one in segments.walk(tree):
        match one:
            case trees.HasTag(tags):
                asked["tags"] += tags
            case trees.InScenario(scenario):
                asked["scenarios"].append(scenario)
    things: dict[Key, named.Named] = {}
    for kind, given in asked.items():
        for wanted, thing in zip(given, await objects.lookup(kind, given) if given else (), strict=True):
            if thing is None:
                raise await objects.unknown(kind, wanted, partial(_with_name, tree, again, wanted))
            at.found_something = True
            things[kind, wanted] = thing
    return things


def _with_name(tree: Tree, again: Again, was: words.Object, name: str) -> str:
    """The command with another name in the condition."""
    new = words.Name(name)

    def by(one: Tree) -> Tree:
        match one:
            case trees.HasTag(tags, every):
                return trees.HasTag(tuple(new if tag == was else tag for tag in tags), every)
            case trees.InScenario(scenario, state, step) if scenario == was:
                return trees.InScenario(new, state, step)
        return one

    return again(segments.exchanged(tree, by))


async def _without_words(at: desk.Desk, tree: Tree, again: Again) -> Tree:
    """Each word that stands alone as what it means: a tag, or a part of a name. What may be both is asked."""
    alone = list(dict.fromkeys(one for one in segments.walk(tree) if isinstance(one, trees.Word)))
    if not alone:
        return tree
    tags = await objects.lookup("tags", [words.Name(word.text) for word in alone])
    parts = [{"name": word.text} for word in alone]
    called = await stored.counts(parts, stored.left_out(stored.EVERYONE), at.sight)
    meant: dict[Tree, Tree] = {}
    for word, tag, people in zip(alone, tags, called, strict=True):
        by_tag = trees.HasTag((words.Name(word.text),))
        by_name = trees.Field(storing.NAME, trees.Contains(word.text))
        if tag is None and not people:
            raise _no_such_word(word.text)
        if tag is not None and people:
            rows = [
                cards.Row(told, again(segments.replaced(tree, word, by)))
                for told, by in (
                    (f"タグ「{tag.name}」の付いた人", by_tag),
                    (f"名前に「{word.text}」を含む人 … {people:,}人", by_name),
                )
            ]
            raise objects.Ambiguous(f"「{word.text}」は2通りに読めます。どちらですか？", rows)
        meant[word] = by_tag if tag is not None else by_name
    return segments.exchanged(tree, lambda one: meant.get(one, one))


def _no_such_word(word: str) -> desk.Unknown:
    shown = words.show(words.Name(word))
    return desk.Unknown(
        f"「{word}」が何の条件か分かりません。\n例: タグ:{shown}　名前 含む {shown}　シナリオ:{shown} 配信中",
        0.0,
        cards.Tap("タグ 一覧", "タグ 一覧"),
    )


async def _asked(
    at: desk.Desk, linked: Linked, unclear: Mapping[Tree, tuple[Tree, Tree]], again: Again
) -> objects.Ambiguous:
    """Which reading is meant; counted for the whole condition when nothing else in it is unclear."""
    first, both = next(iter(unclear.items()))
    whole = [segments.replaced(linked.tree, first, one) for one in both]
    counted = [linked.part(one) for one in (whole if len(unclear) == 1 else both)]
    people = await stored.counts(counted, stored.left_out(counted[0]), at.sight)
    notes = (SLEEPS, STIRS) if isinstance(first, trees.Dated) and first.what == "reacted" else ("", "")
    rows = [
        cards.Row(f"{telling.sentence(one, linked)}の人{note} … {count:,}人", again(tree))
        for one, note, tree, count in zip(both, notes, whole, people, strict=True)
    ]
    return objects.Ambiguous(f"「{printing.show(first)}」は2通りに読めます。どちらですか？", rows)
