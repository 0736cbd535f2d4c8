"""Conditions on what is noted about a friend (年齢>=30, 名前 含む 田中, 誕生日 今月), and words that stand alone."""

import re

from admin_commands.grammar import lexicon, nearness
from admin_commands.grammar.faults import short
from admin_commands.grammar.segments import figures, moments, places, tree
from admin_commands.grammar.segments.moments import END, SIGN, SIGNS
from admin_commands.grammar.segments.places import Found, Place, Wrong

FIELD = re.compile(r"[^\s:=<>!≠,()&|「『“\"@~]{1,24}")
COMPARES = re.compile(rf" ?(?P<sign>{SIGN}) ?")
HOLDS = re.compile(r" ?(?:を|に)?(?:含む|ふくむ)(?: |(?=[「『“\"]))| contains ")
THERE = re.compile(rf" (?:(?P<yes>あり|がある|exists)|(?P<no>なし|がない|missing)){END}")
GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?![\d,])")
FIGURE = re.compile(rf"-?\d{{1,15}}(?:[./:-]\d{{1,15}}){{0,4}}{END}")  # numbers, dates, telephone numbers
KEY = re.compile(r"([^\s:]{1,24}):")


def read(place: Place, at: int) -> Found:
    quoted = places.quoted(place, at)
    if quoted is not None:
        name, behind = quoted
        found = _field(place, at, name, behind)
        return found if found is not None else (tree.Word(name), behind)
    match = place.match(FIELD, at)
    if match:
        found = _field(place, at, place.line.lookup.carve(at, match.end()), match.end())
        if found is not None:
            return found
    end = places.bare_end(place, at)
    if end == at:
        raise Wrong(at, place.word_end(at), "の意味が分かりません")
    key = KEY.match(place.text, at, end)
    if key:
        raise _unknown_key(place, at, key.end(), end)
    return tree.Word(place.line.lookup.carve(at, end)), end


def _field(place: Place, at: int, name: str, behind: int) -> Found | None:
    """What is said about the field called `name`; None when nothing is."""
    begin = place.behind_space(behind)
    moment = (
        moments.read(place.folded, begin, place.end, field=True) if begin > behind or _signs(place, begin) else None
    )
    if isinstance(moment, str):
        raise Wrong(at, place.word_end(begin), moment, examples=("誕生日 今月", "来店日 30日以上前"))
    if moment is not None:
        return tree.Field(name, moment[0]), moment[1]
    said = place.match(THERE, behind)
    if said:
        return tree.Field(name, tree.Exists(said["yes"] is not None)), said.end()
    worded = place.match(figures.WORDED, begin) if begin > behind else None
    if worded:
        return tree.Field(name, tree.Compares(figures.COMPARED[worded["word"]], figures.figure(worded))), worded.end()
    holds = place.match(HOLDS, behind)
    if holds:
        text, end = places.phrase(place, holds.end())
        return tree.Field(name, tree.Contains(text)), end
    sign = place.match(COMPARES, behind)
    if sign is None:
        return None
    value, end = _value(place, at, sign.end())
    return tree.Field(name, tree.Compares(SIGNS[sign["sign"]], value)), end


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


def _unknown_key(place: Place, at: int, key_end: int, end: int) -> Wrong:
    """色:赤: a key of no condition; the nearest one is offered, else the = of a field."""
    word = place.folded[at : key_end - 1]
    known = [
        (spelling, noun.words[0])
        for spellings in (lexicon.noun_spellings(), lexicon.noun_readings())
        for spelling, noun in spellings.items()
        if noun.key in places.KEYS
    ]
    near = nearness.nearest(word, known, 1)
    rest = place.line.lookup.carve(key_end, end)
    key = place.line.lookup.carve(at, key_end - 1)
    instead = f"{near[0]}:{rest}" if near else f"{key}={rest}" if rest else None
    return Wrong(at, end, f"の「{short(key)}:」という条件はありません", instead)
