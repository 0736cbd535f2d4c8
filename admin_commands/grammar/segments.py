"""Conditions on friends: so far tags only, `タグ:VIP かつ タグ:休眠 でない`, into a small tree."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from admin_commands.grammar import lexicon, normalise, words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.words import Line, Object

EXAMPLES = ("タグ:VIP", "タグ:VIP かつ タグ:休眠 でない")
AND = ("かつ", "and", "&", "&&")
OR = ("または", "or", "|", "||", "又は")
NOT = ("not", "!")
NEGATIVE = ("でない", "ではない", "以外", "なし")
POSITIVE = ("あり", "である")
TAG = ("たぐ", "tag")
EVERYBODY = ("全員", "everyone", "all")

KINDS = "タグ|tag|シナリオ|フォーム|リンク|配信|予約|イベント|流入|計測|マーク|担当|メニュー|スコア"
DATED = "友だち追加|最終反応|最終配信"
CONDITION = re.compile(
    rf"(?:not |!|\()?(?:(?:{normalise.fold(KINDS)}) ?:"
    rf"|(?:{normalise.fold(DATED)}) "
    rf"|[^\s=<>!]{{1,20}} ?(?:>=|<=|!=|=|<|>) ?\S"
    rf"|(?:かつ|または|and|or|not) |[(@&])"
)


@dataclass(frozen=True, slots=True)
class HasTag:
    """The friend wears the tag."""

    tag: Object


@dataclass(frozen=True, slots=True)
class Not:
    of: HasTag


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds; without conditions it means everybody."""

    of: tuple[HasTag | Not, ...]


Tree = All


@dataclass(frozen=True, slots=True)
class Segment:
    """A condition as typed and as understood; `tree` is None when it uses what cannot be judged yet."""

    raw: str = field(compare=False)
    tree: Tree | None


def begins(line: Line, start: int = 0) -> bool:
    """Whether the line goes on with a condition rather than with a new command."""
    return CONDITION.match(line.lookup.folded, start) is not None


def read(line: Line, start: int = 0) -> tuple[Segment, list[Fault]]:
    """The condition that fills the rest of the line."""
    return read_lines([(line, start)])


def read_lines(pieces: Sequence[tuple[Line, int]]) -> tuple[Segment, list[Fault]]:
    """A condition over several lines, each of which is one more かつ."""
    raw = "\n".join(line.lookup.carve_from(start) for line, start in pieces)
    conditions: list[HasTag | Not] = []
    faults: list[Fault] = []
    for line, start in pieces:
        found = _conditions(line, start)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            conditions += found
    tree = None if faults else All(tuple(dict.fromkeys(conditions)))
    return Segment(raw, tree), faults


def _conditions(line: Line, start: int) -> list[HasTag | Not] | Fault:
    found = words.tokens(line, start)
    conditions: list[HasTag | Not] = []
    at = 0
    while at < len(found):
        if _folded(line, found[at]) in AND:
            at += 1
            continue
        condition, at = _condition(line, found, at)
        if isinstance(condition, Fault):
            return condition
        conditions += condition
    if not found:
        return Fault(line.number, line.raw, "の条件がありません", EXAMPLES)
    return conditions


def _condition(line: Line, found: list[words.Token], at: int) -> tuple[list[HasTag | Not] | Fault, int]:
    """One primary with its negations, and the index of the token after it."""
    negative = False
    while at < len(found) and _folded(line, found[at]) in NOT:
        negative, at = not negative, at + 1
    if at == len(found):
        return _fault(line, start=0, what="の条件が途中で終わっています"), at
    if _folded(line, found[at]) in EVERYBODY and not negative:
        return [], at + 1
    tag, inverted = _tag(line, found[at])
    if tag is None:
        return _refusal(line, found[at]), at
    negative, at = negative != inverted, at + 1
    while at < len(found) and (word := _folded(line, found[at])) in (*NEGATIVE, *POSITIVE):
        negative, at = negative != (word in NEGATIVE), at + 1
    return [Not(HasTag(tag)) if negative else HasTag(tag)], at


def _tag(line: Line, token: words.Token) -> tuple[Object | None, bool]:
    """The tag that a `タグ:…` names and whether a negation clings to it (`!タグ:…`, `タグ:休眠でない`)."""
    key = normalise.fold(token.key)
    inverted = key.startswith("!")
    if token.kind != "option" or key.removeprefix("!") not in TAG or not token.value:
        return None, False
    if line.text[token.end - 1] in words.OPENERS.values():
        return words.Name(token.value, quoted=True), inverted
    value = token.value
    for ending in NEGATIVE:
        if len(value) > len(ending) and value.endswith(ending):
            value, inverted = value.removesuffix(ending), not inverted
            break
    objects = words.names_in(value)
    if len(objects) != 1 or "+" in value or "＋" in value:
        return None, False
    return objects[0], inverted


def _refusal(line: Line, token: words.Token) -> Fault:
    word = line.text[token.start : token.end]
    if token.kind == "unclosed":
        return _fault(line, token.start, "の「 が閉じていません")
    if normalise.fold(word) in OR:
        return _fault(line, token.start, "の「または」はまだ使えません。今使えるのはタグと「かつ」です")
    if normalise.fold(token.key).lstrip("!(") in TAG and token.value:
        return _fault(line, token.start, "の条件はまだ使えません。タグは1つずつ「かつ」でつないでください")
    return _fault(line, token.start, "の条件はまだ使えません。今使えるのはタグだけです")


def _fault(line: Line, start: int, what: str) -> Fault:
    return Fault(line.number, line.lookup.carve_from(start) or line.raw, what, EXAMPLES)


def _folded(line: Line, token: words.Token) -> str:
    return line.lookup.folded[token.start : token.end]


def show(segment: Segment) -> str:
    """Canonical text: what was understood, else what was typed."""
    if segment.tree is None:
        return " かつ ".join(piece.strip() for piece in segment.raw.split("\n"))
    return " かつ ".join(map(_show, segment.tree.of)) or "全員"


def _show(condition: HasTag | Not) -> str:
    if isinstance(condition, Not):
        return f"{_show(condition.of)} でない"
    if isinstance(condition.tag, words.Name) and _clings(condition.tag.text):
        return f"タグ:{words.quote(condition.tag.text)}"
    return words.show_reference("タグ", condition.tag)


def _clings(name: str) -> bool:
    """Whether a bare name would lose its end to a negation, or be read as several."""
    levelled = normalise.lookup(name).text
    return levelled.endswith(NEGATIVE) or "+" in levelled


def is_tag_word(word: str) -> bool:
    """Whether a folded word is the noun タグ, as conditions and triggers name it."""
    return word in TAG or lexicon.noun_spellings().get(word) is lexicon.NOUN["tag"]
