"""A place in a line of a condition: the names and quoted words that stand there, and what is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from admin_commands.grammar import lexicon, words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import tree
from admin_commands.grammar.words import Line, Name, Object, Person

# The nouns that are keys of conditions: タグ:…, シナリオ:…
KEYS = (
    *("tag", "scenario", "form", "link", "broadcast", "booking", "event"),
    *("conversion", "assign", "score", "route", "mark", "menu"),
)
EXAMPLES = ("タグ:VIP", "最終反応 30日以上前", "シナリオ:ようこそ 配信中")
NEGATIONS = ("ではない", "でない", "じゃない", "以外")
# Words behind a condition that are options of the command; a field of such a name is written in 「」.
OPTIONS_BEHIND = ("列", "並び", "ページ")
CONJUNCTION = "かつ|または|又は"

Found = tuple[tree.Tree, int]


@dataclass(frozen=True, slots=True)
class Wrong(Exception):
    """What is wrong between two places of a line, and what should stand there instead, where we can tell."""

    at: int
    end: int
    what: str
    instead: str | None = None
    examples: Sequence[str] = EXAMPLES


def fault(line: Line, wrong: Wrong) -> Fault:
    """The same in terms of the message; mended, the whole line is shown."""
    text = line.lookup.carve(wrong.at, wrong.end).strip() or line.raw
    corrected = None
    if wrong.instead is not None:
        behind = line.lookup.carve_from(wrong.end)
        corrected = f"{line.lookup.carve(0, wrong.at)}{wrong.instead}{behind}".strip()
        if corrected == line.raw.strip():
            corrected = None
    return Fault(line.number, text, wrong.what, tuple(wrong.examples), corrected)


@dataclass(frozen=True, slots=True)
class Place:
    """A line up to `end`, with the mentions in it by the index at which they begin."""

    line: Line
    end: int
    people: Mapping[int, tuple[int, Person]]

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def folded(self) -> str:
        return self.line.lookup.folded

    def match(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        return pattern.match(self.folded, at, self.end)

    def behind_space(self, at: int) -> int:
        return at + 1 if at < self.end and self.text[at] == " " else at

    def word_end(self, at: int) -> int:
        """The end of the word at `at`, for quoting it back."""
        while at < self.end and self.text[at] != " ":
            at += 1
        return at


@cache
def keys() -> re.Pattern[str]:
    spelled = [
        spelling
        for known in (lexicon.noun_spellings(), lexicon.noun_readings())
        for spelling, noun in known.items()
        if noun.key in KEYS
    ]
    return re.compile(rf"({'|'.join(map(re.escape, sorted(spelled, key=len, reverse=True)))}) ?:(?!//) ?")


def name(place: Place, at: int, stops: str = "") -> tuple[Object, int]:
    """The name at `at`, quoted or bare; a bare one ends before a negation that clings to it."""
    at = place.behind_space(at)
    if at in place.people:
        end, person = place.people[at]
        return person, end
    said = quoted(place, at)
    if said is not None:
        return Name(said[0], quoted=True), said[1]
    end = bare_end(place, at, stops)
    if end == at:
        raise Wrong(
            max(0, at - 1), place.word_end(at), "の名前がありません", examples=("タグ:VIP", "シナリオ:ようこそ 完了")
        )
    return words.object_at(place.line, at, end), end


def quoted(place: Place, at: int) -> tuple[str, int] | None:
    """The text between quotes at `at`, verbatim."""
    text = place.text
    if at >= place.end or text[at] not in words.OPENERS:
        return None
    close = words.closing(text, at, place.end)
    if close < 0:
        if text[at] == "'":
            return None
        raise Wrong(at, place.end, f"の「{text[at]}」が閉じていません", examples=("タグ:「春の 客」",))
    inside = words.inside(place.line, at, close)
    if not inside.strip():
        raise Wrong(at, close + 1, "の名前がありません", examples=("タグ:「春の 客」",))
    return inside, close + 1


def bare_end(place: Place, at: int, stops: str = "") -> int:
    """Where a bare name ends: at a space, comma, closing bracket, sign, quote, or かつ before a condition."""
    text, end, depth = place.text, at, 0
    while end < place.end and text[end] not in " ,&|" and text[end] not in words.BREAKING and text[end] not in stops:
        if text[end] == "(":
            depth += 1
        elif text[end] == ")":
            if not depth:
                break
            depth -= 1
        elif end > at and text[end] in "かま又" and place.match(_glued(), end):
            break
        end += 1
    word = place.folded[at:end]
    for negation in NEGATIONS:
        if len(word) > len(negation) and word.endswith(negation):
            return end - len(negation)
    return end


@cache
def _glued() -> re.Pattern[str]:
    return re.compile(rf"(?:{CONJUNCTION})(?:{keys().pattern}|[(!@])")


def phrase(place: Place, at: int, stops: str = "") -> tuple[str, int]:
    """A text as it stands, quoted or bare."""
    said = quoted(place, at)
    if said is not None:
        return said
    end = bare_end(place, at, stops)
    if end == at:
        raise Wrong(max(0, at - 1), place.word_end(at), "の言葉がありません", examples=("名前 含む 田中",))
    return place.line.lookup.carve(at, end), end
