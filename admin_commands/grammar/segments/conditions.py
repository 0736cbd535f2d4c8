"""One condition read at its place in a line: by its key, by words of its own, or a word alone."""

import re

from admin_commands.grammar import lexicon, nearness
from admin_commands.grammar.faults import short
from admin_commands.grammar.segments import kinds, places
from admin_commands.grammar.segments.kinds import fields
from admin_commands.grammar.segments.places import Found, Place, Wrong

KEY = re.compile(r"([^\s:]{1,24}):")


def read(place: Place, at: int) -> Found:
    """The condition at `at` and the index behind it. Raises Wrong."""
    key = place.match(kinds.KEYS, at)
    if key:
        noun = lexicon.noun_spellings().get(key[1]) or lexicon.noun_readings()[key[1]]
        return kinds.BEHIND_KEY[noun.key](place, at, key.end())
    if at in place.people:
        raise Wrong(at, place.people[at][0], "はここでは使えません。担当は「担当:@名前」のように書いてください")
    for kind in kinds.KINDS:
        found = kind.read(place, at) if kind.read is not None else None
        if found is not None:
            return found
    return _alone(place, at)


def _alone(place: Place, at: int) -> Found:
    end = places.bare_end(place, at)
    if end == at:
        raise Wrong(at, place.word_end(at), "の意味が分かりません")
    key = KEY.match(place.text, at, end)
    if key:
        raise _unknown_key(place, at, key.end(), end)
    return fields.Word(place.line.lookup.carve(at, end)), end


def _unknown_key(place: Place, at: int, key_end: int, end: int) -> Wrong:
    """色:赤: a key of no condition; the nearest one is offered, else the = of a field."""
    word = place.folded[at : key_end - 1]
    known = [
        (spelling, noun.words[0])
        for spellings in (lexicon.noun_spellings(), lexicon.noun_readings())
        for spelling, noun in spellings.items()
        if noun.key in kinds.BEHIND_KEY
    ]
    near = nearness.nearest(word, known, 1)
    rest = place.line.lookup.carve(key_end, end)
    key = place.line.lookup.carve(at, key_end - 1)
    instead = f"{near[0]}:{rest}" if near else f"{key}={rest}" if rest else None
    return Wrong(at, end, f"の「{short(key)}:」という条件はありません", instead)
