"""What is noted about a friend (年齢>=30, 名前 含む 田中, 誕生日 今月), and words that stand alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from admin_commands.grammar import normalise, words
from admin_commands.grammar.segments import figures, moments, places, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.kinds import dates
from admin_commands.grammar.segments.moments import END, SIGNS, Comparison, When
from admin_commands.grammar.segments.places import Found, Place, Wrong

NAME = "名前"
NAMES = (NAME, "なまえ", "お名前", "name")
FIELD = re.compile(r"[^\s:=<>!≠,()&|「『“\"@~]{1,24}")
HOLDS = re.compile(r" ?(?:を|に)?(?:含む|ふくむ)(?: |(?=[「『“\"]))| contains ")
THERE = re.compile(rf" (?:(?P<yes>あり|がある|exists)|(?P<no>なし|がない|missing)){END}")
GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?![\d,])")
FIGURE = re.compile(rf"-?\d{{1,15}}(?:[./:-]\d{{1,15}}){{0,4}}{END}")  # numbers, dates, telephone numbers


@dataclass(frozen=True, slots=True)
class Compares:
    sign: Comparison
    value: str


@dataclass(frozen=True, slots=True)
class Contains:
    text: str


@dataclass(frozen=True, slots=True)
class Exists:
    """あり, or なし."""

    there: bool


Test = Compares | Contains | Exists | When


@dataclass(frozen=True, slots=True)
class Field(tree.Condition):
    """What is noted about a friend: 年齢>=30, 名前 含む 田中, 誕生日 今月."""

    name: str
    test: Test

    def show(self) -> str:
        return _said(words.quote(self.name), self.test)

    def ways(self) -> Sequence[str]:
        plain = (_said(self.name, self.test),) if self.name not in places.OPTIONS_BEHIND else ()
        return (*plain, self.show())

    def doubt(self) -> tuple[str, tree.Tree | None] | None:
        if isinstance(self.test, Contains) and _folded(self.name) in map(_folded, NAMES):
            return None
        slip = dates.meant(self.name) if isinstance(self.test, When) else None
        if slip is not None and isinstance(self.test, When):
            return f"の「{self.name}」が分かりません。", dates.Dated(slip, self.test)
        return tree.not_yet("field"), None

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        if isinstance(self.test, Contains):
            return {"name": self.test.text}
        raise ValueError(self)

    def told(self, name: tree.Naming) -> str:
        return f"名前に「{self.test.text}」を含む" if isinstance(self.test, Contains) else self.show()

    def denied(self, name: tree.Naming) -> str:
        return f"名前に「{self.test.text}」を含まない" if isinstance(self.test, Contains) else self.show()

    def settled(self, today: date) -> "Field":
        return replace(self, test=moments.settled(self.test, today)) if isinstance(self.test, When) else self


@dataclass(frozen=True, slots=True)
class Word(tree.Condition):
    """岐阜: a word alone, which may name a tag or be part of a name."""

    text: str

    def show(self) -> str:
        return words.quote(self.text)


def read(place: Place, at: int) -> Found | None:
    """What is said about a field; None when nothing is."""
    quoted = places.quoted(place, at)
    if quoted is not None:
        name, behind = quoted
        found = _field(place, at, name, behind)
        return found if found is not None else (Word(name), behind)
    match = place.match(FIELD, at)
    return _field(place, at, place.line.lookup.carve(at, match.end()), match.end()) if match else None


def _field(place: Place, at: int, name: str, behind: int) -> Found | None:
    begin = place.behind_space(behind)
    moment = (
        moments.read(place.folded, begin, place.end, field=True) if begin > behind or _signs(place, begin) else None
    )
    if isinstance(moment, str):
        raise Wrong(at, place.word_end(begin), moment, examples=("誕生日 今月", "来店日 30日以上前"))
    if moment is not None:
        return Field(name, moment[0]), moment[1]
    said = place.match(THERE, behind)
    if said:
        return Field(name, Exists(said["yes"] is not None)), said.end()
    worded = place.match(figures.WORDED, begin) if begin > behind else None
    if worded:
        return Field(name, Compares(figures.COMPARED[worded["word"]], figures.figure(worded))), worded.end()
    holds = place.match(HOLDS, behind)
    if holds:
        text, end = places.phrase(place, holds.end())
        return Field(name, Contains(text)), end
    sign = place.match(figures.COMPARES, behind)
    if sign is None:
        return None
    value, end = _value(place, at, sign.end())
    return Field(name, Compares(SIGNS[sign["sign"]], value)), end


def _signs(place: Place, at: int) -> bool:
    return at < place.end and place.text[at] in "=<>!"


def _value(place: Place, at: int, begin: int) -> tuple[str, int]:
    grouped = place.match(GROUPED, begin)
    if grouped:
        return grouped[0].replace(",", ""), grouped.end()
    figure = place.match(FIGURE, begin)
    if figure:
        return figure[0], figure.end()
    try:
        return places.phrase(place, begin)
    except Wrong as wrong:
        raise Wrong(at, max(begin, wrong.end), "の比べる値がありません", examples=("年齢>=30", "性別=女性")) from None


def _said(name: str, test: Test) -> str:
    match test:
        case Compares(sign, value):
            return f"{name}{sign}{places.value(name, sign, value)}"
        case Contains(text):
            return f"{name} 含む {words.quote(text)}"
        case Exists(there):
            return f"{name} {'あり' if there else 'なし'}"
    return f"{name} {moments.show(test)}"


def _folded(text: str) -> str:
    return normalise.fold(normalise.lookup(text).text)


KIND = Kind(
    word="名前",
    example="名前 含む 田中",
    does="LINEの表示名にその言葉を含む人。かなの違いは区別しません",
    types=(Field, Word),
    read=read,
    kept=("name",),
    back=lambda kept, _: Field(NAME, Contains(kept["name"])),
)
