"""A line cut into words: names, quoted names, ids, options, people, arrows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from admin_commands.grammar import lexicon, normalise
from admin_commands.grammar.normalise import Lookup

OPENERS = {"「": "」", "『": "』", "“": "”", '"': '"', "'": "'", "‘": "’"}
BREAKING = "「『“"  # these end a bare word; an apostrophe inside one does not
ARROWS = "→⇒"
ID = re.compile(r"#([a-z])(\d{1,18})$", re.IGNORECASE)
OPTION = re.compile(r"(!?[^\s:=,/<>!「『“\"'#@]{1,24})[:=](?![/=])")
DATE = re.compile(r"(?:\d{4}[-/年])?\d{1,2}[-/月]\d{1,2}日?(?:\([月火水木金土日]\))?(?= \d{1,2}(?::\d{2}|時))")
NOT_KEYS = re.compile(r"[\d.]+$|https?$")
URL = re.compile(r"https?://[^\s→⇒「」『』]+", re.IGNORECASE)
THIS = ("これ", "この人", "this")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as typed. `quoted` says that it stood in 「」 and is never a verb."""

    text: str
    quoted: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Id:
    """`#S3`: the third scenario."""

    letter: str
    number: int


@dataclass(frozen=True, slots=True)
class This:
    """これ: whatever the quoted message is about."""


@dataclass(frozen=True, slots=True)
class Person:
    """A mention. `user_id` is None when LINE does not tell whom it names."""

    user_id: str | None
    text: str
    start: int = field(default=0, compare=False)  # in the raw text, in characters
    end: int = field(default=0, compare=False)


Object = Name | Id | This | Person


@dataclass(frozen=True, slots=True)
class Token:
    """One word with its place in the lookup copy; `key` is set for an option, whose raw value is `value`."""

    kind: Literal["object", "option", "arrow", "comma", "unclosed"]
    start: int
    end: int
    object: Object | None = None
    key: str = ""
    value: str = ""

    def sign(self, line: "Line") -> str:
        """The = or : of an option."""
        return line.text[self.start + len(self.key)]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the message: its number from 1, its lookup copy, the mentions in it."""

    number: int
    lookup: Lookup
    people: tuple[Person, ...] = ()

    @property
    def raw(self) -> str:
        return self.lookup.raw

    @property
    def text(self) -> str:
        return self.lookup.text


def line_of(raw: str, number: int = 1, people: Iterable[Person] = ()) -> Line:
    return Line(number, normalise.lookup(raw), tuple(people))


def tokens(line: Line, start: int = 0, end: int | None = None, *, semicolons: bool = False) -> list[Token]:
    """The words of `line.text[start:end]`. Stops with an `unclosed` token where a quote is never closed."""
    text = line.text
    limit = len(text) if end is None else end
    people = people_by_index(line)
    found: list[Token] = []
    position = start
    while position < limit:
        if text[position] == " ":
            position += 1
            continue
        token = _token(line, position, limit, people, semicolons)
        found.append(token)
        position = token.end
        if token.kind == "unclosed":
            break
    return found


def _token(line: Line, start: int, limit: int, people: dict[int, tuple[int, Person]], semicolons: bool) -> Token:
    text = line.text
    if start in people:
        end, person = people[start]
        return Token("object", start, end, person)
    mark = _arrow(text, start, limit, semicolons)
    if mark:
        return Token("arrow", start, start + mark)
    if text[start] == ",":
        return Token("comma", start, start + 1)
    if text[start] in OPENERS:
        quoted = _quoted(line, start, limit)
        if quoted:
            return quoted
    url = URL.match(text, start, limit)
    if url:
        return Token("object", start, url.end(), Name(line.lookup.carve(start, url.end())))
    return _bare(line, start, limit, semicolons)


def _arrow(text: str, start: int, limit: int, semicolons: bool) -> int:
    """Length of an arrow at `start`; a lone > counts only between spaces, since it also compares."""
    if text[start] in ARROWS or (semicolons and text[start] == ";"):
        return 1
    if text.startswith("->", start, limit):
        return 2
    alone = text[start] == ">" and start and text[start - 1] == " " and text.startswith(" ", start + 1)
    return 1 if alone else 0


def closing(text: str, start: int, limit: int) -> int:
    """The index of the quote that closes the one at `start`, or -1."""
    return text.find(OPENERS[text[start]], start + 1, limit)


def _quoted(line: Line, start: int, limit: int) -> Token | None:
    """A quoted name; None when the mark is only an apostrophe."""
    text = line.text
    end = closing(text, start, limit)
    if end < 0:
        return None if text[start] == "'" else Token("unclosed", start, limit)
    return Token("object", start, end + 1, Name(inside(line, start, end), quoted=True))


def inside(line: Line, start: int, end: int) -> str:
    """The raw text between two quotes at lookup indices `start` and `end`, verbatim."""
    return line.raw[line.lookup.ends[start] : line.lookup.starts[end]]


def _bare(line: Line, start: int, limit: int, semicolons: bool) -> Token:
    text = line.text
    option = OPTION.match(text, start, limit)
    if option and not NOT_KEYS.match(option[1]):
        return _option(line, start, option.end(), option[1], limit, semicolons)
    end = _bare_end(text, start, limit, semicolons)
    return Token("object", start, end, object_at(line, start, end))


def _bare_end(text: str, start: int, limit: int, semicolons: bool) -> int:
    end = start + 1
    while end < limit and text[end] not in " ," and text[end] not in BREAKING:
        if _arrow(text, end, limit, semicolons):
            break
        end += 1
    return end


def _option(line: Line, start: int, value_at: int, key: str, limit: int, semicolons: bool) -> Token:
    """`色=赤`, `当番=「平日 9:00-18:00」`, `通知=予約,未対応`; the value may follow after a space."""
    text = line.text
    at = value_at + 1 if text.startswith(" ", value_at) else value_at
    if at < limit and text[at] in OPENERS:
        end = closing(text, at, limit)
        if end < 0:
            return Token("unclosed", start, limit)
        return Token("option", start, end + 1, key=key, value=inside(line, at, end))
    url = URL.match(text, at, limit)
    end = url.end() if url else _list_end(text, at, limit, semicolons)
    return Token("option", start, end, key=key, value=line.lookup.carve(at, end))


def _list_end(text: str, start: int, limit: int, semicolons: bool) -> int:
    """The end of a bare value; a comma, with or without a space behind it, carries it on."""
    end = start
    while end < limit and text[end] != " " and not _arrow(text, end, limit, semicolons):
        end += 1
        if end < limit and text[end] == " " and (text[end - 1] == "," or _date_ends(text, start, end)):
            end += 1
    return end


def _date_ends(text: str, start: int, end: int) -> bool:
    """Whether a date ends there, with a time of day to follow (締切=12/20 23:59)."""
    date = DATE.match(text, start)
    return date is not None and date.end() == end


def object_at(line: Line, start: int, end: int) -> Object:
    """What the bare word between two places of the line names."""
    plain = line.text[start:end]
    id_ = ID.match(plain)
    if id_ and id_[1].upper() in lexicon.NOUN_BY_LETTER:
        return Id(id_[1].upper(), int(id_[2]))
    if plain in THIS:
        return This()
    return Name(line.lookup.carve(start, end))


def people_by_index(line: Line) -> dict[int, tuple[int, Person]]:
    """Lookup index at which a mention begins -> (index after it, person)."""
    found: dict[int, tuple[int, Person]] = {}
    lookup = line.lookup
    for person in line.people:
        covered = [i for i, at in enumerate(lookup.starts) if person.start <= at < person.end]
        if covered:
            found[covered[0]] = (covered[-1] + 1, person)
    return found


def grouped(found: Iterable[Token]) -> list[list[Token]]:
    """Objects joined by commas stand together; every other token stands alone."""
    groups: list[list[Token]] = []
    joined = False
    for token in found:
        if token.kind == "comma":
            joined = bool(groups) and groups[-1][-1].kind == "object"
            continue
        if joined and token.kind == "object":
            groups[-1].append(token)
        else:
            groups.append([token])
        joined = False
    return groups


def names_in(raw: str) -> list[Object]:
    """The objects of a list such as `VIP, 休眠, 「春の 客」`."""
    return [token.object for token in tokens(line_of(raw)) if token.object is not None]


def values_of(line: Line, option: Token) -> list[Object]:
    """The objects of an option's value; one that stood in quotes as it is."""
    if line.text[option.end - 1] in OPENERS.values():
        return [Name(option.value, quoted=True)]
    return names_in(option.value)


def person_name(object_: Object) -> str:
    """The name without a leading @ and a trailing さん or 様: `@田中様` is 田中."""
    if not isinstance(object_, (Name, Person)):
        return ""
    text = object_.text.strip().removeprefix("@").removeprefix("＠")
    for title in ("さん", "様", "さま"):
        if len(text) > len(title) and text.endswith(title):
            return text.removesuffix(title).strip()
    return text


def show(object_: Object) -> str:
    """The object as canonical text."""
    match object_:
        case Id(letter, number):
            return f"#{letter}{number}"
        case This():
            return "これ"
        case Person(_, text):
            return text
        case Name(text, quoted):
            return quote(text) if quoted or needs_quotes(text) else text


def needs_quotes(text: str) -> bool:
    """Whether a name would be read as something else if it stood bare."""
    found = tokens(line_of(f"a {text} a {text}, a"), semicolons=True)  # between others, and in a list
    meant = [Name("a"), Name(text), Name("a"), Name(text), None, Name("a")]
    return [one.object for one in found] != meant or text[:1] in OPENERS


def verbatim(text: str) -> str:
    """What is left of a text that stands bare at the end of a line: without what nobody sees at its ends."""
    line = line_of(text)
    return line.lookup.carve(0, len(line.text))


def show_option(key: str, value: str, sign: str = "=") -> str:
    """`色=赤`, the value in quotes where it would be cut."""
    typed = tokens(line_of(f"{key}{sign}{value}"), semicolons=True)
    bare = len(typed) == 1 and typed[0].kind == "option" and typed[0].value == value
    safe = bare and value[:1] not in OPENERS and not value.endswith((",", "、", "，"))
    return f"{key}{sign}{value if safe else quote(value)}"


def show_reference(key: str, object_: Object) -> str:
    """`タグ:VIP`, `テンプレ:「春の 表」`, `タグ:#T3`."""
    if not isinstance(object_, Name):
        return f"{key}:{show(object_)}"
    if object_.quoted or needs_quotes(object_.text):
        return f"{key}:{quote(object_.text)}"
    return show_option(key, object_.text, ":")


def quote(text: str) -> str:
    """The text in the first pair of quotes that does not occur in it."""
    for opener, closer in OPENERS.items():
        if closer not in text:
            return f"{opener}{text}{closer}"
    return text


def first(line: Line, start: int) -> Token | None:
    """The first word behind `start`."""
    position = start
    while position < len(line.text) and line.text[position] == " ":
        position += 1
    if position == len(line.text):
        return None
    return _token(line, position, len(line.text), people_by_index(line), semicolons=False)
