"""The closed lists of words behind a name: シナリオ:S 配信中, フォーム:A 回答済."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from admin_commands.grammar import nearness, normalise
from admin_commands.grammar.faults import short
from admin_commands.grammar.segments.figures import COMPARES
from admin_commands.grammar.segments.moments import END
from admin_commands.grammar.segments.places import Place, Wrong

Key = TypeVar("Key")
States = Mapping[Any, Sequence[str]]  # key -> its spellings, the canonical one first


def read(place: Place, at: int, end: int, states: States, *more: str) -> tuple[Any, int]:
    """Which of these words follows at `end`, as its key, and the index behind it; `more` are further examples."""
    begin = place.behind_space(end)
    match = place.match(pattern(tuple(word for spelled in states.values() for word in spelled)), begin)
    if match:
        return keys_of(states)[match[1]], match.end()
    behind = place.word_end(begin)
    known = [spelled[0] for spelled in states.values()]
    near = nearness.nearest(place.folded[begin:behind], list(keys_of(states).items()), 1)
    instead = f"{place.line.lookup.carve(at, end)} {states[near[0]][0]}" if near and behind > begin else None
    named = place.line.lookup.carve(at, end)
    examples = [f"{short(named)} {word}" for word in known[:3]]
    what = f"の後に「{'」「'.join(known)}」のどれかを書いてください"
    raise Wrong(at, behind if instead else max(end, behind), what, instead, (*examples, *more)[:4])


@cache
def pattern(spelled: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(map(normalise.fold, spelled), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, longest_first))})(?:{END}|(?=[<>=]))")


def keys_of(states: Mapping[Key, Sequence[str]]) -> dict[str, Key]:
    return {normalise.fold(word): key for key, spelled in states.items() for word in spelled}


def alone(place: Place, at: int, spelled: tuple[str, ...]) -> int | None:
    """The index behind one of these words that stands by itself, and is not a field that is compared."""
    match = place.match(pattern(spelled), at)
    return match.end() if match and not place.match(COMPARES, match.end()) else None


def begins(*spelled: str) -> str:
    """The pattern of a line that begins with a word which says all by itself."""
    words_ = "|".join(map(normalise.fold, spelled))
    return rf"(?:{words_})(?: ?(?:でない|以外)|$| (?:かつ|または|and|or) )"
