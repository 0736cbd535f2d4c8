"""Conditions on friends: `タグ:VIP かつ タグ:休眠 でない`, read into a typed `tree` and printed from it."""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from admin_commands.grammar import lexicon
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import kinds, moments, parsing, places, printing
from admin_commands.grammar.segments.places import OPTIONS_BEHIND
from admin_commands.grammar.segments.tree import Condition, Tree
from admin_commands.grammar.words import Line

__all__ = ["OPTIONS_BEHIND", "Segment", "Tree", "begins", "read", "read_lines", "show"]

# What may stand last in a condition although it ends sentences, too.
ENDINGS = (*places.NEGATIONS, "なし", "あり", "である", "今後あり", "キャンセルあり")
TAG = ("たぐ", "tag")

_OWN_WORDS = "|".join(kind.begins for kind in kinds.KINDS if kind.begins)
STRICT = re.compile(
    rf"(?:(?:not |!|\() ?){{0,3}}(?:{kinds.KEYS.pattern}|{_OWN_WORDS}"
    r"|[^\s=<>!:]{1,20} ?(?:>=|<=|=>|!=|=|<|>) ?\S"
    r"|(?:かつ|または|and|or|not) |[(&|])"
)
LOOSE = re.compile(
    r"(?:「[^」]{1,40}」|[^\s「」:]{1,24}) (?:(?:を|に)?含む|contains|あり|なし|今日|今週|今月|誕生月"
    r"|\d{1,9}(?:分|時間|日|週間|か月|ヶ月|ゖ月|年)(?:以内|以上前|前|後)"
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


def readings(condition: Tree) -> tuple[Tree, Tree] | None:
    """What `最終反応 > 30日前` may mean: 30日以上前 and 30日以内; None when the condition says one thing only."""
    if not isinstance(condition, Condition):
        return None
    for part in dataclasses.fields(condition):
        when = getattr(condition, part.name)
        if isinstance(when, moments.Unclear):
            both: tuple[moments.When, moments.When] = (
                moments.Before(when.count, when.unit),
                moments.Within(when.count, when.unit),
            )
            before, within = (dataclasses.replace(condition, **{part.name: one}) for one in both)
            return before, within
    return None


def is_tag_word(word: str) -> bool:
    """Whether a folded word is the noun タグ, as conditions and triggers name it."""
    return word in TAG or lexicon.noun_spellings().get(word) is lexicon.NOUN["tag"]
