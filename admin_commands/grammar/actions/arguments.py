"""What stands behind an action's word: each sort of argument read from the tokens."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from admin_commands.grammar import normalise, numbers, schedules, words
from admin_commands.grammar.actions import vocabulary
from admin_commands.grammar.actions.tree import Changed, OwnDate, Sign, To, Value
from admin_commands.grammar.words import Line, Name, Object, Token
from jobs.actions import arguments as sorts
from jobs.actions.arguments import Argument
from jobs.actions.kind import Kind

QUOTED = "|".join(f"{opener}[^{closer}]+{closer}" for opener, closer in words.OPENERS.items())
POINTS = re.compile(
    rf"(?P<word>[^\s:=+\-]+) ?(?:: ?(?P<name>{QUOTED}|[^\s=+\-:「」]+))?"
    rf" ?(?P<sign>[=+\-]) ?(?P<points>{numbers.NUMBER})点?$"
)
CHANGED = re.compile(rf"(?P<name>{QUOTED}|[^\s=+\-「」]+) ?(?P<sign>[=+\-]) ?(?P<value>.*)$", re.DOTALL)
AMOUNT = re.compile(
    rf"(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}})|(?P<words>{numbers.NUMBER})|(?P<own>\{{[^{{}}\s]+\}}))円?$"
)
SIGNS: Mapping[str, Sign] = {"=": "=", "+": "+", "-": "-"}
OWN_DATE = re.compile(r"\{ ?(?P<name>[^{}]+?) ?\}$")


class Wrong(Exception):
    """One action cannot be read."""

    def __init__(self, what: str, examples: Sequence[str] = (), corrected: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.examples = tuple(examples)
        self.corrected = corrected


class Given:
    """The tokens of one action that nothing has read yet; each argument takes its own off the front."""

    def __init__(self, line: Line, tokens: Sequence[Token]) -> None:
        self.line = line
        self.tokens = list(tokens)

    def take(self) -> Token:
        return self.tokens.pop(0)

    def text(self, token: Token) -> str:
        return self.line.lookup.folded[token.start : token.end]

    def word(self, token: Token) -> str:
        """The folded word, nothing where it stood in quotes."""
        return "" if self.quoted(token) else self.text(token)

    def quoted(self, token: Token) -> bool:
        return isinstance(token.object, Name) and token.object.quoted

    def span(self) -> tuple[int, int]:
        return (self.tokens[0].start, self.tokens[-1].end) if self.tokens else (0, 0)

    def all(self) -> str:
        begin, end = self.span()
        return self.line.text[begin:end]

    def object(self, start: int, end: int) -> Object:
        return words.names_in(self.line.lookup.carve(start, end))[0]

    def unquoted(self, start: int, end: int) -> str:
        """The raw text, without quotes that hold all of it."""
        text = self.line.text
        if start < end and text[start] in words.OPENERS and words.closing(text, start, end) == end - 1:
            return words.inside(self.line, start, end - 1)
        return self.line.lookup.carve(start, end).strip()


def read(kind: Kind, given: Given) -> tuple[Value, ...]:
    """What stands for each argument. Raises Wrong."""
    match kind.arguments:
        case (sorts.Thing(), sorts.Change()):
            return _change(kind, given)
        case (sorts.Thing(), sorts.Points()):
            return _points(kind, given)
    found = tuple(_read(argument, kind, given) for argument in kind.arguments)
    if given.tokens:
        raise too_little(kind)
    return found


def too_little(*kinds: Kind) -> Wrong:
    """That something else must stand behind the word which these kinds share."""
    examples = [example for kind in kinds for example in kind.examples]
    if not kinds[0].arguments:
        return Wrong(f"の「{kinds[0].word}」の後には何も書きません", examples)
    wanted = "か".join("と".join(map(_wanted, _needed(kind))) for kind in kinds)
    ones = [len(_needed(kind)) == 1 and isinstance(kind.arguments[0], sorts.Thing) for kind in kinds]
    return Wrong(f"の「{kinds[0].word}」の後には{wanted}を{'1つ' if all(ones) else ''}書いてください", examples)


def _needed(kind: Kind) -> list[Argument]:
    return [one for one in kind.arguments if not isinstance(one, sorts.Step | sorts.Amount)]


def _wanted(argument: Argument) -> str:
    match argument:
        case sorts.Thing(by=by, bare=False):
            return f"「{by[0]}:名前」"
        case sorts.Thing(what=what, instead=instead):
            return f"{what}の名前" + (f"か「{instead[0]}」" if instead else "")
        case sorts.Things(what=what):
            return f"{what}の名前（いくつかあれば , で区切ります）"
        case sorts.Message() | sorts.Words():
            return "「本文」"
        case sorts.Colleague():
            return "スタッフか「自動」「なし」"
        case sorts.Audience():
            return "宛先"
    return "日時"


def _read(argument: Argument, kind: Kind, given: Given) -> Value:
    return _thing(argument, kind, given) if isinstance(argument, sorts.Thing) else _READERS[type(argument)](kind, given)


def _thing(argument: sorts.Thing, kind: Kind, given: Given) -> Value:
    if not given.tokens and argument.optional:
        return None
    token = given.take() if given.tokens else None
    if token is not None and token.kind == "option" and normalise.fold(token.key) in map(normalise.fold, argument.by):
        objects = words.values_of(given.line, token)
        if len(objects) == 1:
            return objects[0]
    if token is None or token.object is None or not argument.bare:
        raise too_little(*vocabulary.BY_WORD[kind.word])
    return None if given.word(token) in argument.instead else token.object


def _things(kind: Kind, given: Given) -> Value:
    objects = [token.object for token in given.tokens if token.object is not None]
    if not objects or len(words.grouped(given.tokens)) != 1:
        raise too_little(kind)
    given.tokens = []
    return tuple(dict.fromkeys(objects))


def _text(kind: Kind, given: Given) -> Value:
    text = given.take().object if given.tokens else None
    if not isinstance(text, Name) or not text.quoted or not text.text.strip():
        raise too_little(*vocabulary.BY_WORD[kind.word])
    return text.text


def _step(kind: Kind, given: Given) -> Value:
    if not given.tokens:
        return 1
    token = given.take()
    step = numbers.nth(given.text(token).removesuffix("から")) if token.object is not None else None
    if not step:
        raise Wrong("の「何通目から」が読めません", kind.examples[-1:])
    return step


def _unlike(kind: Kind) -> Wrong:
    return Wrong(f"の{kind.word}の書き方が読めません", kind.examples)


def _change(kind: Kind, given: Given) -> tuple[Value, ...]:
    begin, end = given.span()
    found = CHANGED.match(given.line.text, begin, end) if given.tokens else None
    if found is None:
        raise _unlike(kind)
    sign = SIGNS[found["sign"]]
    value = given.unquoted(found.start("value"), end)
    value = value if sign == "=" else normalise.lookup(value).text
    if sign != "=" and not re.fullmatch(r"[0-9]{1,9}", value):
        raise Wrong("の + と - の後には数字を書いてください", kind.examples)
    return given.object(found.start("name"), found.end("name")), Changed(sign, value)


def _points(kind: Kind, given: Given) -> tuple[Value, ...]:
    found = POINTS.match(given.all())
    points = numbers.number(found["points"]) if found else None
    if found is None or points is None or vocabulary.ACTS.get(normalise.fold(found["word"])) != kind.word:
        raise _unlike(kind)
    begin, _ = given.span()
    named = found["name"] is not None
    name = given.object(begin + found.start("name"), begin + found.end("name")) if named else None
    return name, Changed(SIGNS[found["sign"]], str(points))


def _moment(kind: Kind, given: Given) -> Value:
    if not given.tokens:
        raise too_little(kind)
    start, end = given.span()
    thing = kind.examples[0].split(" ")[:2]
    given.tokens = []
    own = OWN_DATE.match(given.line.text, start, end)
    if own is not None:
        return OwnDate(given.line.lookup.carve(own.start("name"), own.end("name")))
    found = schedules.whole(given.line.text[start:end])
    if isinstance(found, schedules.Problem):
        raise Wrong(found.what, [" ".join([*thing, offer.text]) for offer in found.offers])
    if found != schedules.Schedule(found.when) or not isinstance(found.when, schedules.At | schedules.After):
        raise Wrong("の日時は、1回分を書いてください", kind.examples)
    return found.when


def _colleague(kind: Kind, given: Given) -> Value:
    token = given.take() if given.tokens else None
    if token is None or token.object is None:
        raise too_little(kind)
    return vocabulary.ASSIGNED.get(given.word(token)) or token.object


def _audience(kind: Kind, given: Given) -> Value:
    """All that stands in front of the text."""
    if not given.tokens or not given.quoted(given.tokens[-1]):
        raise Wrong(f"の{kind.word}の最後に「本文」を書いてください", kind.examples)
    people, given.tokens = given.tokens[:-1], given.tokens[-1:]
    to: Any = vocabulary.AUDIENCES.get(given.word(people[0])) if people else None
    rest = people[1:] if to else people
    wanted = (0, 1) if to == "group" else (0,) if to else (1,)
    if len(rest) not in wanted or any(token.object is None for token in rest):
        raise Wrong(f"の{kind.word}の宛先が読めません", kind.examples)
    return To(to or "staff", rest[0].object if rest else None)


def _amount(kind: Kind, given: Given) -> Value:
    if not given.tokens:
        return None
    start, end = given.span()
    given.tokens = []
    amount = AMOUNT.match(given.line.text[start:end])
    if amount is None:
        raise Wrong("の金額が読めません", kind.examples)
    if amount["own"]:
        return given.line.lookup.carve(start + amount.start("own"), start + amount.end("own"))
    digits = amount["digits"].replace(",", "") if amount["digits"] else numbers.number(amount["words"])
    return str(int(digits or 0))


_READERS: dict[type[Argument], Callable[[Kind, Given], Value]] = {
    sorts.Things: _things,
    sorts.Message: _text,
    sorts.Words: _text,
    sorts.Step: _step,
    sorts.Moment: _moment,
    sorts.Colleague: _colleague,
    sorts.Audience: _audience,
    sorts.Amount: _amount,
}
