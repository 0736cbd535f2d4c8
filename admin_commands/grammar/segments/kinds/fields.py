"""What is noted about a friend (年齢>=30, 名前 含む 田中, 誕生日 今月), and words that stand alone."""

import re
from dataclasses import dataclass
from datetime import date

from admin_commands.grammar import normalise, words
from admin_commands.grammar.segments import figures, moments, places, tree
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.kinds.noted import Compares as Compares
from admin_commands.grammar.segments.kinds.noted import Contains as Contains
from admin_commands.grammar.segments.kinds.noted import Exists as Exists
from admin_commands.grammar.segments.kinds.noted import Field as Field
from admin_commands.grammar.segments.kinds.noted import said
from admin_commands.grammar.segments.moments import END, SIGNS
from admin_commands.grammar.segments.places import Found, Place, Wrong

NAME = "名前"
NAMES = (NAME, "なまえ", "お名前", "name")
FIELD = re.compile(r"[^\s:=<>!≠,()&|「『“\"@~]{1,24}")
HOLDS = re.compile(r" ?(?:を|に)?(?:含む|ふくむ)(?: |(?=[「『“\"]))| contains ")
THERE = re.compile(rf" (?:(?P<yes>あり|がある|exists)|(?P<no>なし|がない|missing)){END}")
GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?![\d,])")
FIGURE = re.compile(rf"-?\d{{1,15}}(?:[./:-]\d{{1,15}}){{0,4}}{END}")  # numbers, dates, telephone numbers


@dataclass(frozen=True, slots=True)
class Called(tree.Condition):
    """名前 含む 田中."""

    text: str

    def show(self) -> str:
        return said(NAME, Contains(self.text))

    def stored(self, number: tree.Number, today: date) -> tree.Json:
        return {"name": self.text}

    def told(self, name: tree.Naming) -> str:
        return f"名前に「{self.text}」を含む"

    def denied(self, name: tree.Naming) -> str:
        return f"名前に「{self.text}」を含まない"


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
        return Field(_object(name), moment[0]), moment[1]
    there = place.match(THERE, behind)
    if there:
        return Field(_object(name), Exists(there["yes"] is not None)), there.end()
    worded = place.match(figures.WORDED, begin) if begin > behind else None
    if worded:
        compared = Compares(figures.COMPARED[worded["word"]], figures.figure(worded))
        return Field(_object(name), compared), worded.end()
    holds = place.match(HOLDS, behind)
    if holds:
        text, end = places.phrase(place, holds.end())
        if _folded(name) in map(_folded, NAMES):
            return Called(text), end
        return Field(_object(name), Contains(text)), end
    sign = place.match(figures.COMPARES, behind)
    if sign is None:
        return None
    value, end = _value(place, at, sign.end())
    return Field(_object(name), Compares(SIGNS[sign["sign"]], value)), end


def _object(name: str) -> words.Object:
    number = words.ID.match(normalise.lookup(name).text)
    return words.Id("K", int(number[2])) if number and number[1].upper() == "K" else words.Name(name)


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
        raise Wrong(
            at, max(begin, wrong.end), "に、比べる値を書いてください", examples=("年齢>=30", "性別=女性")
        ) from None


def _folded(text: str) -> str:
    return normalise.fold(normalise.lookup(text).text)


KIND = Kind(
    word="名前",
    example="名前 含む 田中",
    does="LINEの表示名にその言葉を含む人。かなの違いは区別しません",
    types=(Called, Word),
    read=read,
    kept=("name",),
    back=lambda kept, _: Called(kept["name"]),
)
