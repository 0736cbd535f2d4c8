"""A place in a line of a condition: the names and quoted words that stand there, and what is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin_commands.grammar import lexicon, normalise, words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import tree
from admin_commands.grammar.words import Line, Name, Object, Person

EXAMPLES = ("タグ:VIP", "最終反応 30日以上前", "シナリオ:ようこそ 配信中")
NEGATIONS = ("ではない", "でない", "じゃない", "以外")
# Words behind a condition that are options of the command; a field of such a name is written in 「」.
OPTIONS_BEHIND = ("列", "並び", "ページ")
CONJUNCTION = "かつ|または|又は"
SIMPLE = re.compile(r"\w{1,30}")
FIGURE = re.compile(r"-?\d{1,15}(?:[./:-]\d{1,15}){0,4}")
CLOSERS = tuple(words.OPENERS.values())

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


def keys(*nouns: str) -> re.Pattern[str]:
    """What begins a condition that goes by one of these nouns (タグ:…); without any, by whichever noun."""
    spelled = [
        spelling
        for known in (lexicon.noun_spellings(), lexicon.noun_readings())
        for spelling, noun in known.items()
        if not nouns or noun.key in nouns
    ]
    return re.compile(rf"({'|'.join(map(re.escape, sorted(spelled, key=len, reverse=True)))}) ?:(?!//) ?")


ANY_KEY = keys()


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
        elif end > at and text[end] in "かま又" and place.match(GLUED, end):
            break
        end += 1
    word = place.folded[at:end]
    for negation in NEGATIONS:
        if len(word) > len(negation) and word.endswith(negation):
            return end - len(negation)
    return end


GLUED = re.compile(rf"(?:{CONJUNCTION})(?:{ANY_KEY.pattern}|[(!@])")


def phrase(place: Place, at: int, stops: str = "") -> tuple[str, int]:
    """A text as it stands, quoted or bare."""
    said = quoted(place, at)
    if said is not None:
        return said
    end = bare_end(place, at, stops)
    if end == at:
        raise Wrong(max(0, at - 1), place.word_end(at), "の言葉がありません", examples=("名前 含む 田中",))
    return place.line.lookup.carve(at, end), end


# ---- and back into text ----


def spelled(given: Object, stops: str = "") -> str:
    """A name as it can stand behind a key, in quotes where it has to."""
    if not isinstance(given, Name):
        return words.show(given)
    return given.text if not given.quoted and bare(given.text, stops) else words.quote(given.text)


def bare(text: str, stops: str = "") -> str:
    """The text if it can stand without quotes, else nothing."""
    line = words.line_of(text)
    if not line.text or line.text[0] in words.OPENERS or words.needs_quotes(text):
        return ""
    end = bare_end(Place(line, len(line.text), {}), 0, stops)
    whole = end == len(line.text) and words.object_at(line, 0, end) == Name(text)
    even = line.text.count("(") == line.text.count(")")
    return text if whole and even and not line.text.startswith(("@", "!")) else ""


def value(before: str, sign: str, given: str) -> str:
    """What something is compared with, bare where no other part of the language could take it for its own."""
    word = sign == "=" and SIMPLE.fullmatch(given) and not before.endswith(CLOSERS)
    plain = (FIGURE.fullmatch(given) or word) and normalise.lookup(given).text == given
    return given if plain and bare(given) else words.quote(given)
