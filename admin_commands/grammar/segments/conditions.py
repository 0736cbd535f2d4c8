"""One condition read at its place in a line: by a key, by a word of its own, by a field, or a word alone."""

import re
from functools import cache

from admin_commands.grammar import lexicon, normalise
from admin_commands.grammar.segments import fields, figures, keyed, moments, places, tree
from admin_commands.grammar.segments.moments import END
from admin_commands.grammar.segments.places import Found, Place, Wrong

DATED = {
    "followed": ("友だち追加", "友達追加", "followed"),
    "reacted": ("最終反応", "最後の反応", "last_reply", "last_reaction"),
    "delivered": ("最終配信", "最後の配信", "last_sent"),
}
EVERYONE = ("全員", "すべての友だち", "みんな", "everyone", "all")
BLOCKED = ("ブロック中", "ブロック", "blocked")
HIDDEN = ("非表示", "hidden")
UNASSIGNED = ("担当なし", "担当者なし", "unassigned")


def read(place: Place, at: int) -> Found:
    """The condition at `at` and the index behind it. Raises Wrong."""
    key = place.match(places.keys(), at)
    if key:
        noun = lexicon.noun_spellings().get(key[1]) or lexicon.noun_readings()[key[1]]
        return keyed.KEYED[noun.key](place, at, key.end())
    if at in place.people:
        raise Wrong(at, place.people[at][0], "はここでは使えません。担当は「担当:@名前」のように書いてください")
    if place.text[at] == "@":
        name, end = places.name(place, at + 1)
        return tree.Saved(name), end
    for reader in (_fixed, _dated, _score, _share):
        found = reader(place, at)
        if found is not None:
            return found
    return fields.read(place, at)


def _fixed(place: Place, at: int) -> Found | None:
    for spelled, condition in (
        (EVERYONE, tree.Everyone()),
        (BLOCKED, tree.Blocked()),
        (HIDDEN, tree.Hidden()),
        (UNASSIGNED, tree.Assigned(None)),
    ):
        match = place.match(keyed.pattern(spelled), at)
        if match and not place.match(fields.COMPARES, match.end()):
            return condition, match.end()
    return None


def _dated(place: Place, at: int) -> Found | None:
    match = place.match(_dated_words(), at)
    if match is None:
        return None
    what = keyed.keys_of(DATED)[match[1]]
    found = moments.read(place.folded, match.end(), place.end)
    if found is None or isinstance(found, str):
        end = place.word_end(match.end())
        raise Wrong(at, end, found or f"の「{DATED[what][0]}」{moments.UNREADABLE}", examples=moments.EXAMPLES)
    return tree.Dated(what, found[0]), found[1]  # type: ignore[arg-type] # the keys of DATED


@cache
def _dated_words() -> re.Pattern[str]:
    spelled = sorted(map(normalise.fold, (word for one in DATED.values() for word in one)), key=len, reverse=True)
    return re.compile(rf"({'|'.join(spelled)}) ?(?:が|は|から|の|:)? ?(?![^\s\d<>=!≠~一-龠a-z十百])")


SCORE = re.compile(r"(?:すこあ|点数|score)(?= ?[=<>!≠\d-])")


def _score(place: Place, at: int) -> Found | None:
    match = place.match(SCORE, at)
    found = figures.amount(place, match.end()) if match else None
    if match is not None and found is None:
        raise Wrong(at, place.word_end(match.end()), "の点数が読めません", examples=("スコア>=50",))
    return (tree.Scores(None, *found[0]), found[1]) if found else None


SAMPLE = re.compile(rf"(?:らんだむ|random) ?(\d{{1,3}}) ?%{END}")
PART = re.compile(rf"(?:分割|split) ?(\d{{1,3}})/(\d{{1,3}}){END}")


def _share(place: Place, at: int) -> Found | None:
    match = place.match(SAMPLE, at)
    if match:
        if not 1 <= int(match[1]) <= 100:
            raise Wrong(at, match.end(), "は1%〜100%で書いてください", examples=("ランダム 10%",))
        return tree.Sampled(int(match[1])), match.end()
    match = place.match(PART, at)
    if match is None:
        return None
    part, of = int(match[1]), int(match[2])
    if not (2 <= of <= 100 and 1 <= part <= of):
        raise Wrong(at, match.end(), "の分け方がありません", examples=("分割 1/2", "分割 3/3"))
    return tree.Split(part, of), match.end()
