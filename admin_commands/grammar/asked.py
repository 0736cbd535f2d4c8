"""When a question, page or result of a form is shown: conditions on the answers of that form, read and printed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from admin_commands.grammar import normalise, words
from admin_commands.grammar.words import Line

Number = int | float


@dataclass(frozen=True, slots=True)
class Chosen:
    """`きっかけ=紹介・Instagram`: any of these is the answer, or one of the answers."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """`ご要望 回答あり`, `ご要望 回答なし`."""

    question: str
    yes: bool = True


@dataclass(frozen=True, slots=True)
class Between:
    """`年齢>=20`, `年齢<=64`, `年齢 20〜64`: both ends belong to it."""

    question: str
    least: Number | None = None
    most: Number | None = None


@dataclass(frozen=True, slots=True)
class All:
    of: tuple["Asked", ...]


@dataclass(frozen=True, slots=True)
class Any:
    of: tuple["Asked", ...]


@dataclass(frozen=True, slots=True)
class Not:
    what: "Asked"


Leaf = Chosen | Filled | Between
Asked = Leaf | All | Any | Not

MOST = 30  # conditions in one
DEEPEST = 5
EXAMPLES = ("もし きっかけ=紹介", "もし 年齢>=20 かつ ご要望 回答あり")
NUMERAL = r"-?\d{1,9}(?:\.\d{1,4})?"
NUMBER = re.compile(NUMERAL)
RANGE = re.compile(rf"(?P<least>{NUMERAL})? ?~ ?(?P<most>{NUMERAL})?")
WORDED = re.compile(
    rf" ?(?P<number>{NUMERAL}) ?(?:点|歳|才|人|回|個|円)? ?(?P<side>以上|以下|以内|まで|から|未満|より大きい|超)"
)
SIGN = re.compile(r" ?(?P<sign>!=|>=|<=|=|>|<) ?")
ANSWERED = re.compile(
    r" ?(?:(?P<yes>回答あり|回答有り|回答済み?|あり)|(?P<no>回答なし|回答無し|未回答|なし))(?= |\)|$)"
)
JOINS = {"かつ": True, "and": True, "&": True, "または": False, "or": False, "|": False}
JOIN = re.compile(r" ?(?P<word>かつ|または|and|or|&|\|)(?: |(?=\())", re.IGNORECASE)
NOT = re.compile(r" ?(?:でない|ではない|以外)(?= |\)|$)")
BARE_END = re.compile(r" (?:かつ|または|and|or|&|\||でない|ではない|以外)(?= |\(|\)|$)|[,・)]", re.IGNORECASE)
NAME_END = re.compile(r"[=<>()「」『』]|!=| (?:かつ|または|and|or) ", re.IGNORECASE)


class Problem(NamedTuple):
    what: str
    corrected: str | None = None  # the whole condition, mended


class Unread(Exception):
    def __init__(self, what: str, corrected: str | None = None) -> None:
        super().__init__(what)
        self.problem = Problem(what, corrected)


@dataclass(slots=True)
class _Reader:
    line: Line
    position: int
    count: int = field(default=0)

    def whole(self) -> Asked:
        found = self.any(0)
        self.spaces()
        if self.position < len(self.text):
            rest = self.line.lookup.carve_from(self.position)
            raise Unread(f"の条件の「{rest[:20]}」が読めません")
        return found

    @property
    def text(self) -> str:
        return self.line.text

    def spaces(self) -> None:
        while self.text.startswith(" ", self.position):
            self.position += 1

    def any(self, depth: int) -> Asked:
        found = [self.all(depth)]
        while self.joined(False):
            found.append(self.all(depth))
        return found[0] if len(found) == 1 else Any(tuple(found))

    def all(self, depth: int) -> Asked:
        found = [self.one(depth)]
        while self.joined(True):
            found.append(self.one(depth))
        return found[0] if len(found) == 1 else All(tuple(found))

    def joined(self, both: bool) -> bool:
        found = JOIN.match(self.text, self.position)
        if found is None or JOINS[found["word"].lower()] is not both:
            return False
        self.position = found.end()
        return True

    def one(self, depth: int) -> Asked:
        self.spaces()
        if self.text.startswith("(", self.position):
            if depth == DEEPEST:
                raise Unread(f"の条件の括弧が深すぎます（{DEEPEST}重まで）")
            self.position += 1
            found = self.any(depth + 1)
            self.spaces()
            if not self.text.startswith(")", self.position):
                raise Unread("の条件の「（」が閉じていません")
            self.position += 1
        else:
            found = self.leaf()
        while (negated := NOT.match(self.text, self.position)) is not None:
            self.position = negated.end()
            found = found.what if isinstance(found, Not) else Not(found)
        return found

    def leaf(self) -> Asked:
        self.count += 1
        if self.count > MOST:
            raise Unread(f"の条件が多すぎます（{MOST}個まで）")
        start = self.position
        name = self.quoted()
        if name is None:
            name = self.bare_name()
        for read in (self.answered, self.range, self.sided):
            found = read(name)
            if found is not None:
                return found
        sign = SIGN.match(self.text, self.position)
        if sign is None:
            raise Unread(f"の条件「{self.line.lookup.carve_from(start)[:20]}」が読めません")
        self.position = sign.end()
        if sign["sign"] in ("=", "!="):
            chosen = Chosen(name, self.values())
            return chosen if sign["sign"] == "=" else Not(chosen)
        number = NUMBER.match(self.text, self.position)
        if number is None:
            raise Unread(f"の「{sign['sign']}」の後に数字がありません")
        self.position = number.end()
        if sign["sign"] in "<>":
            raise self.strict(sign["sign"], number)
        value = number_of(number[0])
        return Between(name, value, None) if sign["sign"] == ">=" else Between(name, None, value)

    def bare_name(self) -> str:
        """All up to the sign or word that tells what is asked of the question."""
        start = self.position
        end = NAME_END.search(self.text, start)
        limit = end.start() if end else len(self.text)
        stops = [limit]
        for space in _spaces(self.text, start, limit):
            if ANSWERED.match(self.text, space) or _numeral(self.text, space):
                stops.append(space)
                break
        stop = min(stops)
        name = self.line.lookup.carve(start, stop).strip()
        if not name:
            raise Unread("の条件に質問の名前がありません")
        self.position = stop
        return name

    def quoted(self) -> str | None:
        start = self.position
        if start >= len(self.text) or self.text[start] not in words.OPENERS:
            return None
        end = words.closing(self.text, start, len(self.text))
        if end < 0:
            raise Unread("の条件の「 が閉じていません")
        self.position = end + 1
        return words.inside(self.line, start, end)

    def answered(self, name: str) -> Asked | None:
        found = ANSWERED.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        return Filled(name, found["yes"] is not None)

    def range(self, name: str) -> Asked | None:
        start = self.position + self.text.startswith(" ", self.position)
        found = RANGE.match(self.text, start) if start > self.position else None
        if found is None or (found["least"] is None and found["most"] is None):
            return None
        self.position = found.end()
        least, most = (number_of(one) if one else None for one in (found["least"], found["most"]))
        if least is not None and most is not None and most < least:
            raise Unread("の条件の範囲は、小さい数を先に書いてください")
        return Between(name, least, most)

    def sided(self, name: str) -> Asked | None:
        found = WORDED.match(self.text, self.position)
        if found is None:
            return None
        if found["side"] in ("未満", "より大きい", "超"):
            raise self.strict("<" if found["side"] == "未満" else ">", found)
        self.position = found.end()
        value = number_of(found["number"])
        return Between(name, value, None) if found["side"] in ("以上", "から") else Between(name, None, value)

    def strict(self, sign: str, found: "re.Match[str]") -> Unread:
        """Both ends belong to what is asked; for whole numbers the neighbour says the same."""
        number = number_of(found["number"] if "number" in found.groupdict() else found[0])
        corrected = None
        if isinstance(number, int):
            near = f">={number + 1}" if sign == ">" else f"<={number - 1}"
            ahead = SIGN.sub("", self.line.lookup.carve(0, found.start()).rstrip(" 　<>＜＞"))
            corrected = f"{ahead}{near}{self.line.lookup.carve_from(found.end())}"
        return Unread("の条件には「>=」か「<=」を使ってください", corrected)

    def values(self) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            self.spaces()
            value = self.quoted()
            if value is None:
                start = self.position
                end = BARE_END.search(self.text, start)
                self.position = end.start() if end else len(self.text)
                value = self.line.lookup.carve(start, self.position).strip()
            if not value:
                raise Unread("の「=」の後に答えがありません")
            found.append(value)
            self.spaces_before_comma()
            if self.position >= len(self.text) or self.text[self.position] not in ",・":
                return tuple(dict.fromkeys(found))
            self.position += 1

    def spaces_before_comma(self) -> None:
        if self.text[self.position : self.position + 2] in (" ,", " ・"):
            self.position += 1


def _spaces(text: str, start: int, end: int) -> Iterator[int]:
    position = text.find(" ", start, end)
    while position >= 0:
        yield position
        position = text.find(" ", position + 1, end)


def _numeral(text: str, space: int) -> bool:
    found = RANGE.match(text, space + 1)
    return WORDED.match(text, space) is not None or (found is not None and len(found[0].strip()) > 1)


def number_of(text: str) -> Number:
    value = float(text)
    return int(value) if value.is_integer() else value


def read(line: Line) -> Asked | Problem:
    """What a whole line says of the answers of its form, or why that cannot be read."""
    try:
        return _Reader(line, 0).whole()
    except Unread as unread:
        return unread.problem


def leaves(asked: Asked) -> Iterator[Leaf]:
    match asked:
        case All(of) | Any(of):
            for one in of:
                yield from leaves(one)
        case Not(what):
            yield from leaves(what)
        case _:
            yield asked


def changed(asked: Asked, change: Callable[[Leaf], Asked]) -> Asked:
    """The same with other leaves."""
    match asked:
        case All(of):
            return All(tuple(changed(one, change) for one in of))
        case Any(of):
            return Any(tuple(changed(one, change) for one in of))
        case Not(what):
            return Not(changed(what, change))
        case _:
            return change(asked)


def show(asked: Asked) -> str:
    """Canonical Japanese; reading it gives the same."""
    match asked:
        case All(of):
            return " かつ ".join(f"({show(one)})" if isinstance(one, Any | All) else show(one) for one in of)
        case Any(of):
            return " または ".join(f"({show(one)})" if isinstance(one, Any) else show(one) for one in of)
        case Not(what):
            return f"{f'({show(what)})' if isinstance(what, Any | All) else show(what)} でない"
        case Chosen(question, values):
            return f"{_name(question)}={'・'.join(map(_value, values))}"
        case Filled(question, yes):
            return f"{_name(question)} {'回答あり' if yes else '回答なし'}"
        case Between(question, least, None):
            return f"{_name(question)}>={least}"
        case Between(question, None, most):
            return f"{_name(question)}<={most}"
        case Between(question, least, most):
            return f"{_name(question)} {least}〜{most}"


def _name(name: str) -> str:
    line = words.line_of(f"{name}=x")
    bare = read(line) == Chosen(name, ("x",)) and read(words.line_of(f"{name} 回答あり")) == Filled(name)
    numbered = read(words.line_of(f"{name} 1~2")) == Between(name, 1, 2)
    return name if bare and numbered and name == normalise_ends(name) else words.quote(name)


def _value(value: str) -> str:
    both = read(words.line_of(f"x={value}・{value}y かつ x=y"))
    bare = both == All((Chosen("x", (value, f"{value}y")), Chosen("x", ("y",))))
    arrows = any(arrow in normalise.lookup(value).text for arrow in ("→", "⇒", "->", ">", "＞"))
    return value if bare and not arrows else words.quote(value)


def normalise_ends(text: str) -> str:
    """What is left of a text that stands bare: without what nobody sees at its ends."""
    return words.verbatim(text)
