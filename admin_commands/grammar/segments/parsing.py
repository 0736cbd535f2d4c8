"""Conditions joined by かつ, または, でない and brackets, over one or several lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from admin_commands.grammar import words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments import conditions, places, tree
from admin_commands.grammar.segments.places import EXAMPLES, NEGATIONS, Place, Wrong
from admin_commands.grammar.words import Line

MOST_CONDITIONS = 50
MOST_DEPTH = 10  # brackets within brackets
MOST_FAULTS = 5

BEHIND = r"(?=[ (!@「『“\"]|$)"
AND = re.compile(rf"かつ{BEHIND}|かつ(?=\S{{1,12}}:)|and(?=[ (!]|$)|&&?")
OR = re.compile(rf"(?:または|又は|もしくは|あるいは){BEHIND}|または(?=\S{{1,12}}:)|or(?=[ (!]|$)|\|\|?")
NOT = re.compile(r"not(?=[ (!]|$)|!(?!=)")
NEGATION = re.compile(rf"(?:{'|'.join(NEGATIONS)})(?=[ ,()&|!]|$|かつ|または|又は)")
GLUED_AND = re.compile(rf"{AND.pattern}|かつ")
GLUED_OR = re.compile(rf"{OR.pattern}|または|又は")
JOINED = re.compile(rf"(?:{AND.pattern}|{OR.pattern})")

Kind = Literal["condition", "and", "or", "not", "negation", "(", ")", "line"]


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    line: Line
    at: int
    end: int
    found: tree.Tree | None = None


@dataclass(slots=True)
class Scan:
    """The words of a condition, and what is wrong with single conditions."""

    tokens: list[Token]
    faults: list[Fault]
    conditions: int = 0


def read(pieces: Sequence[tuple[Line, int, int]]) -> tuple[tree.Tree | None, list[Fault]]:
    """The tree of (line, from, to) pieces, each of which is one more かつ; without one, what is wrong."""
    scan = Scan([], [])
    for line, at, end in pieces:
        if scan.tokens:
            scan.tokens.append(Token("line", line, at, at))
        _scan(line, at, end, scan)
        if len(scan.faults) >= MOST_FAULTS or scan.conditions > MOST_CONDITIONS:
            break
    first, at, end = pieces[0]
    if scan.conditions > MOST_CONDITIONS:
        what = f"から先は多すぎます。条件は{MOST_CONDITIONS}個までです"
        last = scan.tokens[-1]
        return None, [places.fault(last.line, Wrong(last.at, last.end, what))]
    if scan.faults:
        return None, scan.faults
    tokens = _without_loose_ends(scan.tokens)
    if not tokens:
        return None, [Fault(first.number, first.lookup.carve(at, end) or first.raw, "の条件がありません", EXAMPLES)]
    try:
        return _Reader(tokens).whole(), []
    except _Broken as broken:
        return None, [places.fault(broken.token.line, broken.wrong)]


# ---- words ----


def _scan(line: Line, at: int, end: int, scan: Scan) -> None:
    place = Place(line, end, words.people_by_index(line))
    while at < end and len(scan.faults) < MOST_FAULTS and scan.conditions <= MOST_CONDITIONS:
        if place.text[at] == " ":
            at += 1
            continue
        try:
            token = _token(place, at, scan.tokens)
        except Wrong as wrong:
            scan.faults.append(places.fault(line, wrong))
            scan.conditions += 1
            at = _next_joint(place, max(at + 1, wrong.end))
            continue
        scan.tokens.append(token)
        scan.conditions += token.kind == "condition"
        at = token.end


def _token(place: Place, at: int, before: Sequence[Token]) -> Token:
    line = place.line
    if place.text[at] in "()":
        return Token("(" if place.text[at] == "(" else ")", line, at, at + 1)
    closed = bool(before) and before[-1].kind in ("condition", ")", "negation")
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (("and", AND), ("or", OR), ("not", NOT))
    if closed:
        glued = before[-1].kind == ")"
        kinds = (("negation", NEGATION), ("and", GLUED_AND if glued else AND), ("or", GLUED_OR if glued else OR))
    for kind, pattern in kinds:
        match = place.match(pattern, at)
        if match:
            return Token(kind, line, at, match.end())
    if place.text[at] == ",":
        raise Wrong(at, place.word_end(at), "の「,」は、タグの名前の間だけで使えます", examples=("タグ:VIP,常連",))
    found, end = conditions.read(place, at)
    return Token("condition", line, at, end, found)


def _next_joint(place: Place, at: int) -> int:
    """Where reading goes on behind something unreadable: at the next かつ or または."""
    while at < place.end and not (place.text[at - 1] == " " and place.match(JOINED, at)):
        at += 1
    return at


def _without_loose_ends(tokens: Sequence[Token]) -> list[Token]:
    """A new line means かつ unless a sign of the language stands beside it; a かつ in front of all is dropped."""
    kept: list[Token] = []
    for index, token in enumerate(tokens):
        if token.kind == "line":
            following = tokens[index + 1].kind if index + 1 < len(tokens) else ")"
            open_ = not kept or kept[-1].kind in ("and", "or", "not", "(")
            if open_ or following in ("and", "or", ")", "line", "negation"):
                continue
        elif token.kind == "and" and not kept:
            continue
        kept.append(token)
    return kept


# ---- sentences ----


@dataclass(frozen=True, slots=True)
class _Broken(Exception):
    token: Token
    wrong: Wrong


class _Reader:
    """Recursive only as deep as brackets may stand within brackets."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def whole(self) -> tree.Tree:
        found = self._or(0)
        if self.place < len(self.tokens):
            raise self._broken(self.tokens[self.place], "の「)」に合う「(」がありません")
        return found

    @property
    def _kind(self) -> Kind | None:
        return self.tokens[self.place].kind if self.place < len(self.tokens) else None

    def _or(self, depth: int) -> tree.Tree:
        begin = self.place
        found = [self._and(depth)]
        while self._kind == "or":
            self.place += 1
            found.append(self._and(depth))
        if len(found) > 1:
            self._check_lines(begin)
        return tree.some(found)

    def _and(self, depth: int) -> tree.Tree:
        found = [self._not(depth)]
        while self._kind in ("and", "line"):
            self.place += 1
            found.append(self._not(depth))
        if self._kind not in (None, "or", ")"):
            token = self.tokens[self.place]
            what = "の前に「かつ」か「または」を入れてください"
            raise self._broken(token, what, f"かつ {token.line.lookup.carve(token.at, token.end)}")
        return tree.every(found)

    def _not(self, depth: int) -> tree.Tree:
        negative = False
        while self._kind == "not":
            negative = not negative
            self.place += 1
        found = self._primary(depth)
        while self._kind == "negation":
            negative = not negative
            self.place += 1
        return tree.negated(found) if negative else found

    def _primary(self, depth: int) -> tree.Tree:
        if self._kind is None:
            raise self._broken(self.tokens[-1], "の後に条件がありません")
        token = self.tokens[self.place]
        self.place += 1
        if token.kind == "condition" and token.found is not None:
            return token.found
        if token.kind != "(":
            raise self._broken(token, "の前に条件がありません")
        if depth == MOST_DEPTH:
            raise self._broken(token, f"のかっこが深すぎます（{MOST_DEPTH}段まで）")
        found = self._or(depth + 1)
        if self._kind != ")":
            last = self.tokens[-1]
            raise self._broken(last, "の後に「)」がありません", f"{last.line.lookup.carve(last.at, last.end)})")
        self.place += 1
        return found

    def _check_lines(self, begin: int) -> None:
        """または on one line and a condition on another read two ways: brackets have to say which."""
        depth = 0
        for token in self.tokens[begin : self.place]:
            depth += (token.kind == "(") - (token.kind == ")")
            if token.kind == "line" and not depth:
                sided = next(one for one in self.tokens[begin:] if one.kind == "or")
                line = sided.line.raw.strip()
                what = "の「または」の行はかっこで囲んでください。改行は「かつ」になります"
                raise _Broken(sided, Wrong(0, len(sided.line.text), what, examples=(f"({line})",)))

    def _broken(self, token: Token, what: str, instead: str | None = None) -> _Broken:
        return _Broken(token, Wrong(token.at, token.end, what, instead))
