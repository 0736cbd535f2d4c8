"""Linking a condition: names looked up, single words understood, what can be read two ways asked with counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from admin_commands import cards, desk, objects
from admin_commands.grammar import canonical, segments, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import kinds, printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.kinds import dates, fields, forms, noted, tags
from admin_commands.grammar.segments.tree import Tree
from admin_commands.segments import answering, telling
from admin_commands.segments.storing import Key, Linked
from storage import fields as stored_fields
from storage import forms as stored_forms
from storage import named
from storage import segments as stored

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
    parts = list(trees.conditions(tree))
    for one in parts:
        doubt = _doubt(one)
        if doubt is not None:
            why, right = doubt
            hint = f"\nもしかして: {printing.show(right)}" if right else f"今使えるのは{kinds.usable()}です。"
            taps = [cards.Tap(printing.show(right), again(trees.replaced(tree, one, right)))] if right else []
            raise desk.Declined(f"「{printing.show(one)}」{why}{hint}", *taps)
    things = await _things(at, tree, again)
    tree = await _noted(at, tree, things)
    tree = await _answers(tree, things, again)
    linked = Linked(tree, things, at.local(at.now).date())
    parts = list(trees.conditions(tree))
    unclear = {one: both for one in parts if (both := segments.readings(one)) is not None}
    if unclear:
        raise await _asked(at, linked, unclear, again)
    return linked


def doubts(tree: Tree) -> list[tuple[Tree, str, list[Tree]]]:
    """What is unclear in a condition inside a block, where nobody can be asked: why, and how else it might be said."""
    found: list[tuple[Tree, str, list[Tree]]] = []
    for one in trees.conditions(tree):
        both = segments.readings(one)
        doubt = _doubt(one)
        if isinstance(one, fields.Word):
            by_name = fields.Called(one.text)
            found.append((one, "が何の条件か分かりません", [tags.HasTag((words.Name(one.text),)), by_name]))
        elif both is not None and isinstance(both[0], trees.Condition) and _doubt(both[0]) is None:
            found.append((one, "は2通りに読めます", list(both)))
        elif doubt is not None:
            why, right = doubt
            found.append((one, why.partition("。")[0], [right] if right else []))
    return found


def _doubt(condition: trees.Condition) -> tuple[str, Tree | None] | None:
    """Why it cannot be judged, and what it probably should say; None when it can."""
    later = kinds.OF[type(condition)].later
    return (trees.not_yet(later), None) if later else condition.doubt()


async def _things(at: desk.Desk, tree: Tree, again: Again) -> dict[Key, named.Named]:
    asked: dict[named.Kind, list[words.Object]] = {}
    for one in trees.conditions(tree):
        kind = kinds.OF[type(one)].names
        if kind is not None:
            asked.setdefault(kind, []).extend(trees.objects(one))
    things: dict[Key, named.Named] = {}
    for kind, given in asked.items():
        for wanted, thing in zip(given, await objects.lookup(kind, given), strict=True):
            if thing is None:
                _slip(tree, again, wanted)
                raise await objects.unknown(kind, wanted, partial(_with_name, tree, again, kind, wanted))
            at.found_something = True
            things[kind, wanted] = thing
    return things


def _slip(tree: Tree, again: Again, wanted: words.Object) -> None:
    """最終返信 30日以上前 is no field but a slip of 最終反応."""
    for one in trees.conditions(tree):
        if isinstance(one, noted.Field) and one.name == wanted and isinstance(wanted, words.Name):
            right = noted.meant_moment(one)
            if right is not None:
                raise desk.Declined(
                    f"「{printing.show(one)}」の「{wanted.text}」が分かりません。\nもしかして: {printing.show(right)}",
                    cards.Tap(printing.show(right), again(trees.replaced(tree, one, right))),
                )


async def _noted(at: desk.Desk, tree: Tree, things: dict[Key, named.Named]) -> Tree:
    """The same with the fields that are meant, each asked only what its kind can be asked."""
    kept = await stored_fields.get([thing.id for (kind, _), thing in things.items() if kind == "fields"])
    if not kept:
        return tree
    meant = {given: kept[thing.id] for (kind, given), thing in things.items() if kind == "fields"}
    tree = noted.with_fields(tree, meant.get)
    for one in trees.conditions(tree):
        why = one.wrong(at.now, at.zone) if isinstance(one, noted.Field) else ""
        if why:
            raise desk.Declined(f"「{printing.show(one)}」{why}")
    return tree


async def _answers(tree: Tree, things: Mapping[Key, named.Named], again: Again) -> Tree:
    """The same with questions and choices of forms as the forms call them."""
    asked = [one for one in trees.conditions(tree) if isinstance(one, forms.Answer)]
    known = await stored_forms.labels([things["forms", one.form].id for one in asked]) if asked else {}
    for one in asked:
        right = answering.called(one, known.get(things["forms", one.form].id, {}))
        if isinstance(right, answering.Strange):
            taps = [cards.Tap(printing.show(near), again(trees.replaced(tree, one, near))) for near in right.near]
            raise desk.Declined(f"「{printing.show(one)}」{right.why}", *taps)
        tree = trees.replaced(tree, one, right)
    return tree


def _with_name(tree: Tree, again: Again, kind: named.Kind, was: words.Object, name: str) -> str:
    """The command with another name in the condition."""
    new = words.Name(name)
    return again(
        trees.exchanged(tree, lambda one: trees.renamed(one, was, new) if kinds.OF[type(one)].names == kind else one)
    )


async def _without_words(at: desk.Desk, tree: Tree, again: Again) -> Tree:
    """Each word that stands alone as what it means: a tag, or a part of a name. What may be both is asked."""
    alone = list(dict.fromkeys(one for one in trees.conditions(tree) if isinstance(one, fields.Word)))
    if not alone:
        return tree
    meant_tags = await objects.lookup("tags", [words.Name(word.text) for word in alone])
    parts = [{"name": word.text} for word in alone]
    called = await stored.counts(parts, at.sight)
    meant: dict[Tree, Tree] = {}
    for word, tag, people in zip(alone, meant_tags, called, strict=True):
        by_tag = tags.HasTag((words.Name(word.text),))
        by_name = fields.Called(word.text)
        if tag is None and not people:
            raise await _no_such_word(tree, word, again)
        if tag is not None and people:
            rows = [
                cards.Row(told, again(trees.replaced(tree, word, by)))
                for told, by in (
                    (f"タグ「{tag.name}」の付いた人", by_tag),
                    (f"名前に「{word.text}」を含む人 … {people:,}人", by_name),
                )
            ]
            raise objects.Ambiguous(f"「{word.text}」は2通りに読めます。どちらですか？", rows)
        meant[word] = by_tag if tag is not None else by_name
    return trees.exchanged(tree, lambda one: meant.get(one, one))


async def _no_such_word(tree: Tree, word: fields.Word, again: Again) -> desk.Unknown:
    right = await _about_a_field(word.text)
    if right is not None:
        return desk.Unknown(
            f"「{word.text}」が何の条件か分かりません。\nもしかして: {printing.show(right)}",
            1.0,
            cards.Tap(printing.show(right), again(trees.replaced(tree, word, right))),
        )
    shown = words.show(words.Name(word.text))
    return desk.Unknown(
        f"「{word.text}」が何の条件か分かりません。\n例: タグ:{shown}　名前 含む {shown}　シナリオ:{shown} 配信中",
        0.0,
        cards.Tap("タグ 一覧", "タグ 一覧"),
    )


async def _about_a_field(word: str) -> noted.Field | None:
    """来店回数3以上 as 来店回数>=3, where there is a field 来店回数."""
    for one in sorted(await stored_fields.everything(), key=lambda field: len(field.name), reverse=True):
        if word.startswith(one.name) and word != one.name:
            rest = word.removeprefix(one.name).lstrip("はがの、 ")
            found, faults = segments.read(words.line_of(f"{words.show(words.Name(one.name))} {rest}"))
            if not faults and isinstance(found.tree, noted.Field):
                return found.tree
    return None


async def _asked(
    at: desk.Desk,
    linked: Linked,
    unclear: Mapping[trees.Condition, tuple[Tree, Tree]],
    again: Again,
) -> objects.Ambiguous:
    """Which reading is meant; counted for the whole condition when nothing else in it is unclear."""
    first, both = next(iter(unclear.items()))
    whole = [trees.replaced(linked.tree, first, one) for one in both]
    counted = [linked.part(one) for one in (whole if len(unclear) == 1 else both)]
    people = await stored.counts(counted, at.sight)
    notes = (SLEEPS, STIRS) if isinstance(first, dates.Dated) and first.what == "reacted" else ("", "")
    rows = [
        cards.Row(f"{telling.sentence(one, linked)}の人{note} … {count:,}人", again(tree))
        for one, note, tree, count in zip(both, notes, whole, people, strict=True)
    ]
    return objects.Ambiguous(f"「{printing.show(first)}」は2通りに読めます。どちらですか？", rows)
