"""Did you mean: the full commands that a line which cannot be read was probably meant to be."""

from admin_commands.grammar import commands, lexicon, nearness, normalise, words
from admin_commands.grammar.lexicon import Noun, Verb
from admin_commands.grammar.words import Line

MOST = 3
LONGEST = 300  # what LINE puts into the input box for a button


def guesses(line: Line, start: int) -> list[str]:
    """At most three full command lines, likeliest first; never run, only offered."""
    position = start
    while position < len(line.text) and line.text[position] == " ":
        position += 1
    found = _for_known_noun(line, position) or _for_unknown_noun(line, position) or _for_verb_first(line, position)
    return [guess for guess in dict.fromkeys(found) if len(guess) <= LONGEST][:MOST]


def two_meanings(line: Line, start: int) -> list[str]:
    """開始 may mean 公開 or 付ける: both, in full."""
    found = commands.head(line, start, tolerant=True)
    if found is None or found.manner != "verbless":
        return []
    word, end = _word(line, found.end)
    if word not in map(normalise.fold, lexicon.TWO_MEANINGS) or "publish" not in found.noun.verbs:
        return []
    verbs = [lexicon.VERB[key] for key in ("publish", "attach") if key in found.noun.verbs]
    return [_full(line, found.noun, verb, end) for verb in verbs]


def _for_known_noun(line: Line, start: int) -> list[str]:
    found = commands.head(line, start, tolerant=True)
    if found is None:
        return []
    if found.verb is not None or found.manner == "bare":
        return []
    noun = found.noun
    word, end = _word(line, found.end)
    near = nearness.nearest(word, lexicon.verbs_nearby(noun), MOST)
    if near:
        return [_full(line, noun, verb, end) for key in near if (verb := lexicon.verb_of(noun, key))]
    usual = [lexicon.VERB[key] for key in ("show", "new", "list") if key in noun.verbs]
    return [_full(line, noun, verb, found.end) for verb in usual]


def _for_unknown_noun(line: Line, start: int) -> list[str]:
    word, end = _word(line, start)
    told = []
    for key in nearness.nearest(word, lexicon.nouns_nearby(), MOST):
        noun = lexicon.NOUN[key]
        second, behind = _word(line, end)
        verb = lexicon.verb_spellings(key).get(second) or lexicon.verb_readings(key).get(second)
        if verb is None:
            near = nearness.nearest(second, lexicon.verbs_nearby(noun), 1) if second else []
            verb = lexicon.verb_of(noun, near[0]) if near else None
        told.append(_full(line, noun, verb, behind if verb else end))
    return told


def _for_verb_first(line: Line, start: int) -> list[str]:
    """`作成 タグ VIP` is `タグ 作成 VIP`."""
    word, end = _word(line, start)
    second, behind = _word(line, end)
    noun = lexicon.noun_spellings().get(second)
    verb = lexicon.verb_spellings(noun.key).get(word) if noun else None
    if noun is None or verb is None:
        return []
    return [_full(line, noun, verb, behind)]


def _word(line: Line, start: int) -> tuple[str, int]:
    """The folded word at `start` and the index behind it and its space."""
    folded = line.lookup.folded
    while start < len(folded) and folded[start] == " ":
        start += 1
    end = start
    while end < len(folded) and folded[end] != " " and folded[end] not in words.BREAKING:
        end += 1
    return folded[start:end], min(len(folded), end)


def _full(line: Line, noun: Noun, verb: Verb | None, rest: int) -> str:
    pieces = [noun.words[0], verb.words[0] if verb else "", line.lookup.carve_from(rest).strip()]
    return " ".join(piece for piece in pieces if piece)
