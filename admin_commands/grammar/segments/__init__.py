"""Conditions on friends: `タグ:VIP かつ タグ:休眠 でない`, read into a typed `tree` and printed from it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from admin_commands.grammar import lexicon, normalise
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import conditions, parsing, places, printing
from admin_commands.grammar.segments.places import OPTIONS_BEHIND
from admin_commands.grammar.segments.tree import (
    Before,
    Clicked,
    Dated,
    Every,
    Field,
    HasTag,
    InScenario,
    Not,
    Some,
    Tree,
    Unclear,
    Within,
    every,
    negated,
    some,
)
from admin_commands.grammar.words import Line

__all__ = ["OPTIONS_BEHIND", "HasTag", "InScenario", "Segment", "Tree", "begins", "read", "read_lines", "show"]

# What may stand last in a condition although it ends sentences, too.
ENDINGS = (*places.NEGATIONS, "なし", "あり", "である", "今後あり", "キャンセルあり")
TAG = ("たぐ", "tag")

_DATED = "|".join(normalise.fold(word) for spelled in conditions.DATED.values() for word in spelled)
STRICT = re.compile(
    rf"(?:(?:not |!|\() ?){{0,3}}(?:{places.keys().pattern}"
    rf"|(?:{_DATED})(?:が|は|から)? ?(?:[\d<>=~一二三十百]|今日|今週|今月|過去|直近|この|within|older|last|today|this)"
    r"|[^\s=<>!:]{1,20} ?(?:>=|<=|=>|!=|=|<|>) ?\S"
    r"|(?:ぶろっく|非表示|担当なし|全員|blocked|hidden|unassigned|everyone)"
    r"(?: ?(?:でない|以外)|$| (?:かつ|または|and|or) )"
    r"|(?:らんだむ|random) ?\d|(?:分割|split) ?\d"
    r"|(?:かつ|または|and|or|not) |[(@&|])"
)
LOOSE = re.compile(
    r"(?:「[^」]{1,40}」|[^\s「」:]{1,24}) (?:(?:を|に)?含む|contains|あり|なし|今日|今週|今月|誕生月"
    r"|\d{1,9}(?:分|時間|日|週間|か月|ヶ月|ゖ月|年)(?:以内|以上前|前)"
    r"|-?[\d,]{1,12} ?(?:点|歳|回|人|円|個)?(?:以上|以下|未満|超))(?=[ )]|$)"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A condition as typed and as understood; `tree` is None when it cannot be read."""

    raw: str = field(compare=False)
    tree: Tree | None


def begins(line: Line, start: int = 0, *, loosely: bool = False) -> bool:
    """Whether a condition stands there rather than a name or a new command.

    `loosely` takes `誕生日 今月` for one as well, which elsewhere might be a noun and its object.
    """
    folded = line.lookup.folded
    return STRICT.match(folded, start) is not None or (loosely and LOOSE.match(folded, start) is not None)


def read(line: Line, start: int = 0, end: int | None = None) -> tuple[Segment, list[Fault]]:
    """The condition that fills `line.text[start:end]`."""
    return read_lines([(line, start, len(line.text) if end is None else end)])


def read_lines(pieces: Sequence[tuple[Line, int, int]]) -> tuple[Segment, list[Fault]]:
    """A condition over several (line, from, to), each of which is one more かつ."""
    raw = "\n".join(line.lookup.carve(start, end) for line, start, end in pieces)
    tree, faults = parsing.read(pieces)
    return Segment(raw, tree), faults


def show(segment: Segment) -> str:
    """Canonical text: what was understood, else what was typed."""
    if segment.tree is None:
        return " かつ ".join(piece.strip() for piece in segment.raw.split("\n"))
    return printing.show(segment.tree)


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and all that is in it."""
    yield tree
    match tree:
        case Every(of) | Some(of):
            for one in of:
                yield from walk(one)
        case Not(of):
            yield from walk(of)


def exchanged(tree: Tree, by: Callable[[Tree], Tree]) -> Tree:
    """The tree with each condition exchanged for what `by` makes of it."""
    match tree:
        case Every(of):
            return every([exchanged(one, by) for one in of])
        case Some(of):
            return some([exchanged(one, by) for one in of])
        case Not(of):
            return negated(exchanged(of, by))
    return by(tree)


def replaced(tree: Tree, was: Tree, new: Tree) -> Tree:
    """The tree with one of its conditions exchanged wherever it stands."""
    return exchanged(tree, lambda one: new if one == was else one)


def readings(condition: Tree) -> tuple[Tree, Tree] | None:
    """What `最終反応 > 30日前` may mean: 30日以上前 and 30日以内; None when the condition says one thing only."""
    match condition:
        case Dated(what, Unclear(_, count, unit)):
            return Dated(what, Before(count, unit)), Dated(what, Within(count, unit))
        case Field(name, Unclear(_, count, unit)):
            return Field(name, Before(count, unit)), Field(name, Within(count, unit))
        case Clicked(link, times, Unclear(_, count, unit)):
            return Clicked(link, times, Before(count, unit)), Clicked(link, times, Within(count, unit))
    return None


def is_tag_word(word: str) -> bool:
    """Whether a folded word is the noun タグ, as conditions and triggers name it."""
    return word in TAG or lexicon.noun_spellings().get(word) is lexicon.NOUN["tag"]
