"""Command lines: noun, verb, arguments; what they mean, how they are printed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from admin_commands.grammar import chatter, lexicon, normalise, segments, words
from admin_commands.grammar.chatter import Manner
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.lexicon import Noun, Verb
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Line, Name, Object, Token

TARGET_KEYS = ("対象", "target")
ACTION_KEYS = ("変わった時", "付いた時", "外れた時", "追加時", "クリック時", "超過時")
# (noun, verb): after how many arguments a condition may stand without 対象:.
SEGMENT_AFTER = {
    ("friend", "find"): 0,
    ("friend", "export"): 0,
    ("broadcast", "result"): 1,
    **{("segment", verb): 1 for verb in ("new", "apply", "set")},
    **{("segment", verb): 0 for verb in ("check", "extend")},
}
# What of a form may be written in lines of its own below the command.
FORM_TEXTS = ("お礼", "説明", "受付終了", "満員", "対象外", "補足")
OPEN_TEXT = (
    *(("scenario", "set"), ("scenario", "new"), ("template", "set"), ("tag", "set"), ("link", "set")),
    *(("broadcast", "set"), ("broadcast", "split"), ("autoreply", "set"), ("autoreply", "new"), ("form", "set")),
)
INFLECTION = re.compile(r"(?:する|して)(?= |$)")
HOW_TO = re.compile(
    r"(?:[きぎしちにびみりけめえせてへいれけかさたなまらわ]方|するには|[うくぐすつぬぶむる]には|方法|やりかた|やり方|使い方|手順|どうやる"
    r"|どうする|どうすれば(?:いい|よい)?|どうしたら(?:いい|よい)?|って何|とは|の?しかた|教えて|おしえて)"
    r"(?:を?(?:教えて|おしえて)(?:ください|下さい)?)?(?: ?\?)?$"
)
CODE_DIGITS = 8
CLAIM = re.compile(r"/? ?(?:登録|とうろく|claim) ?:? ?(\d[\d -]{2,14})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Argument:
    """One object, or several parted by commas."""

    objects: tuple[Object, ...]
    end: int = field(default=0, compare=False)  # index into Command.raw behind it


@dataclass(frozen=True, slots=True)
class Option:
    """`色=赤`; the value is raw text, without its quotes."""

    key: str
    value: str
    sign: str = field(default="=", compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """What one command says.

    `noun` and `verb` are keys of the lexicon; `verb` is None for a noun that stands alone. `arrows` counts the
    arguments before each →. `target` is what follows 対象:, `text` the free text of a reply or note, verbatim.
    `elliptic`: its noun was not said, being that of the quoted message.
    `verbless`: the noun's default verb was not said.
    """

    noun: str
    verb: str | None
    verbless: bool = field(default=False, kw_only=True)
    args: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    arrows: tuple[int, ...] = ()
    target: Segment | None = None
    text: str | None = None
    elliptic: bool = field(default=False, compare=False)
    line: int = field(default=1, compare=False)
    raw: str = field(default="", compare=False)

    def objects(self, place: int) -> tuple[Object, ...]:
        """The objects of the argument at `place`, none when there is no such argument."""
        return self.args[place].objects if place < len(self.args) else ()

    def option(self, key: str) -> str | None:
        """The value of an option, whatever its width and case."""
        wanted = normalise.fold(key)
        return next((option.value for option in self.options if _folded(option.key) == wanted), None)

    def after(self, place: int) -> str:
        """The raw text behind the argument at `place`, verbatim."""
        return self.raw[self.args[place].end :].lstrip() if place < len(self.args) else ""


@dataclass(frozen=True, slots=True)
class Head:
    """Noun and verb at the beginning of a line; its arguments begin at `end`."""

    noun: Noun
    verb: Verb | None
    manner: Manner
    end: int
    elliptic: bool = False


def head(line: Line, start: int, *, tolerant: bool) -> Head | None:
    """The longest noun at `start` with what follows; `tolerant` lines may be written in kana and with する."""
    folded = line.lookup.folded
    for end in range(min(len(folded), start + lexicon.longest()), start, -1):
        spelled = folded[start:end]
        noun = lexicon.noun_spellings().get(spelled) or (lexicon.noun_readings().get(spelled) if tolerant else None)
        if noun is not None and not _runs_on(folded, end):
            found = _behind_noun(line, noun, end, tolerant)
            if found is not None:
                return found
    return None


def verb_alone(line: Line, start: int, noun: Noun, *, tolerant: bool) -> Head | None:
    """A verb said of what is quoted: `停止`, `付ける VIP`. On a friend, it is tags that are put on and taken off."""
    found = _verb(line, noun, start, tolerant)
    if found is None:
        return None
    verb, end = found
    if noun.key == "friend" and verb.key in ("attach", "detach"):
        noun = lexicon.NOUN["tag"]
    return Head(noun, verb, "plain", end, elliptic=True) if tolerant or lexicon.applies(noun, verb) else None


def _behind_noun(line: Line, noun: Noun, end: int, tolerant: bool) -> Head | None:
    text = line.text
    if end == len(text):
        return Head(noun, None, "bare", end)
    after = end + 1 if text[end] == " " else end
    verb = _verb(line, noun, after, tolerant)
    if verb is not None:
        return Head(noun, verb[0], "plain" if after > end else "glued", verb[1])
    if text[after : after + 1] in lexicon.PARTICLES:
        behind = after + 1 + text.startswith(" ", after + 1)
        verb = _verb(line, noun, behind, tolerant)
        if verb is not None:
            return Head(noun, verb[0], "glued", verb[1])
    if after > end or text[end] in words.OPENERS or text[end] in "#@":
        return Head(noun, None, "verbless", after)
    return None


def _verb(line: Line, noun: Noun, start: int, tolerant: bool) -> tuple[Verb, int] | None:
    """The longest verb of the noun at `start` that ends where a word may end, and the index behind it."""
    folded = line.lookup.folded
    spellings = lexicon.verb_spellings(noun.key)
    readings = lexicon.verb_readings(noun.key) if tolerant else {}
    for end in range(min(len(folded), start + lexicon.longest(noun.key)), start, -1):
        verb = spellings.get(folded[start:end]) or readings.get(folded[start:end])
        if verb is None:
            continue
        inflected = INFLECTION.match(folded, end) if tolerant else None
        behind = inflected.end() if inflected else end
        if behind == len(folded) or folded[behind] in " #@" or folded[behind] in words.OPENERS:
            return verb, behind
    return None


def _runs_on(folded: str, end: int) -> bool:
    """Whether an English word goes on behind `end`."""
    return folded[end - 1 : end + 1].isascii() and folded[end - 1 : end + 1].isalnum() and end < len(folded)


Span = tuple[Line, int, int]  # a condition fills `line.text[from:to]`


def arguments(line: Line, found: Head) -> tuple[Command, list[Fault], Span | None]:
    """The command of a line whose head is known, all that is wrong with its arguments, and where its condition stands.

    The condition is still to be read: it may go on over further lines.
    """
    verb = found.verb.key if found.verb else None
    verbless = found.manner == "verbless"
    verb = (found.noun.default or "show") if verbless else verb
    empty = Command(found.noun.key, verb, verbless=verbless, elliptic=found.elliptic, line=line.number, raw=line.raw)
    free = lexicon.FREE_TEXT.get((found.noun.key, verb or ""))
    if (found.noun.key, verb or "") in lexicon.TEXT_BEHIND:
        body = chatter.customers_text(line, found.end)
        free = body[0] if body is not None else None
    unless_many = (found.noun.key, verb) in lexicon.FREE_UNLESS_MANY
    many = unless_many and _target(line, words.tokens(line, found.end), None) is not None
    if free is not None and found.manner != "bare" and not many:
        return *_with_text(line, found, empty, free), None
    before = SEGMENT_AFTER.get((found.noun.key, verb or ""))
    tokens = words.tokens(line, found.end)
    cut = _target(line, tokens, before)
    if cut is None:
        return *_filled(line, empty, tokens, len(line.text)), None
    at, starts = cut
    behind = next((i for i in range(at + 1, len(tokens)) if tokens[i].key in segments.OPTIONS_BEHIND), len(tokens))
    end = tokens[behind].start if behind < len(tokens) else len(line.text)
    command, faults = _filled(line, empty, [*tokens[:at], *tokens[behind:]], tokens[at].start)
    return command, faults, (line, starts, end)


def _target(line: Line, tokens: Sequence[Token], before: int | None) -> tuple[int, int] | None:
    """The index of the token where the condition begins, and where its text begins."""
    first: int | None = None
    for index, token in enumerate(tokens):
        if token.kind == "option" and normalise.fold(token.key) in TARGET_KEYS:
            return index, token.start + len(token.key) + 1
        if before is None or index < before or token.key in segments.OPTIONS_BEHIND:
            continue
        first = index if first is None else first
        if segments.begins(line, token.start, loosely=True) and not _names_a_friend(line, token, tokens[first:]):
            return first, tokens[first].start
    return None


def _names_a_friend(line: Line, token: Token, rest: Sequence[Token]) -> bool:
    """`友だち 検索 @田中`: a lone @ is a person."""
    return line.text[token.start] == "@" and not any(one.kind == "object" and one is not token for one in rest)


def _filled(line: Line, command: Command, tokens: Sequence[Token], end: int) -> tuple[Command, list[Fault]]:
    args: list[Argument] = []
    options: list[Option] = []
    arrows: list[int] = []
    for group in words.grouped(tokens):
        first = group[0]
        if first.kind == "unclosed":
            return command, [Fault(line.number, line.raw, "の「 が閉じていません", ("タグ 作成 「春の 客」",))]
        if first.kind == "arrow":
            arrows.append(len(args))
        elif first.kind == "option" and first.key in ACTION_KEYS:
            value = line.lookup.carve(first.start + len(first.key) + 1, end).strip()
            options.append(Option(first.key, value, first.sign(line)))
            break
        elif first.kind == "option":
            options.append(Option(first.key, first.value, first.sign(line)))
        else:
            objects = tuple(token.object for token in group if token.object is not None)
            args.append(Argument(objects, line.lookup.ends[group[-1].end - 1]))
    return replace(command, args=tuple(args), options=tuple(options), arrows=tuple(arrows)), []


def _with_text(line: Line, found: Head, command: Command, before: int) -> tuple[Command, list[Fault]]:
    """A command whose first arguments are objects and whose rest is free text."""
    position = found.end
    args: list[Argument] = []
    while len(args) < before:
        token = words.first(line, position)
        if token is not None and token.kind == "option" and command.noun in lexicon.GLUED:
            position = token.start + len(token.key)
            args.append(Argument((Name(line.lookup.carve(token.start, position)),), line.lookup.ends[position - 1]))
            position += token.sign(line) == ":"  # = says that it is no counting
            break
        if token is None or token.object is None:
            break
        position = token.end
        args.append(Argument((token.object,), line.lookup.ends[token.end - 1]))
    while position < len(line.text) and line.text[position] == " ":
        position += 1
    return replace(command, args=tuple(args), text=line.lookup.carve_from(position)), []


def opens_text(command: Command) -> bool:
    """Whether the lines below a command are its text: the body of a step or template, actions of a tag or link."""
    if (command.noun, command.verb) not in OPEN_TEXT or len(command.args) < 2:
        return False
    place = command.args[1 if command.verb == "new" else -1].objects[0]
    said = normalise.lookup(place.text).text if isinstance(place, Name) else ""
    if command.noun in ("tag", "link"):
        return said in ACTION_KEYS
    if command.noun == "form":
        return said in FORM_TEXTS
    if command.verb in ("set", "split") or command.noun == "autoreply":
        return said == "本文"
    return said == "最初" or said.endswith("の後")


def claim(text: str, *, exact: bool) -> Command | None:
    """`登録 ４８２７－１９３５` in any width and with any dash; the digits are the only argument.

    `exact` wants the eight digits of a code, lest a telephone number among colleagues be taken for one.
    """
    found = CLAIM.match(text)
    digits = "".join(c for c in found[1] if c.isdigit()) if found else ""
    if found is None or (exact and len(digits) != CODE_DIGITS):
        return None
    return Command("claim", "run", (Argument((Name(digits),)),), verbless=True)


def how_to(line: Line, start: int) -> Command | None:
    """A question about how a thing is done is help, never the deed: `タグの付け方`, `シナリオ ?`."""
    text = line.text
    found = _leading_noun(line, start)
    if found is None or found[0].key in lexicon.FREE_NOUNS:
        return None
    noun, end = found
    asks = text.endswith(" ?") or text[end:] == "?"
    if not asks and not _asks_how(line, end):
        return None
    topics = [Argument((Name(noun.words[0]),))]
    verb = _verb(line, noun, end + text.startswith(" ", end), tolerant=True)
    if asks and verb is not None:
        topics.append(Argument((Name(verb[0].words[0]),)))
    return Command("help", "show", tuple(topics), verbless=True, line=line.number, raw=line.raw)


def _asks_how(line: Line, start: int) -> bool:
    """Whether the last word is a bare one that asks how (使い方, するには)."""
    last = next(iter(words.tokens(line, start)[-1:]), None)
    if last is None or not isinstance(last.object, Name) or last.object.quoted:
        return False
    saved = line.text[last.start] == "@"  # a condition kept under a name
    return not saved and HOW_TO.search(line.text, last.start) is not None


def _leading_noun(line: Line, start: int) -> tuple[Noun, int] | None:
    folded = line.lookup.folded
    for end in range(min(len(folded), start + lexicon.longest()), start, -1):
        noun = lexicon.noun_spellings().get(folded[start:end])
        if noun is not None and noun.key != "help" and not _runs_on(folded, end):
            return noun, end
    return None


def canonical(command: Command) -> str:
    """The command as the book prints it; reading it again gives the same command."""
    noun = lexicon.NOUN[command.noun]
    pieces = [noun.words[0]]
    verb = lexicon.verb_of(noun, command.verb) if command.verb else None
    if verb is not None and not (command.verbless and noun.default):
        pieces.append(verb.words[0])
    for index, argument in enumerate(command.args):
        pieces += ["→"] * command.arrows.count(index)
        exposed = command.verbless and index == 0
        shown = [_shown(noun, object_, exposed) for object_ in argument.objects]
        last = normalise.lookup(shown[-1]).text
        if index == len(command.args) - 1 and (last == "?" or HOW_TO.search(last)):
            shown[-1] = words.quote(shown[-1])
        pieces.append(", ".join(shown))
    pieces += ["→"] * command.arrows.count(len(command.args))
    if command.text is not None:
        pieces.append(f"\n{command.text}" if opens_text(command) else command.text)
    pieces += [_option(option) for option in command.options]
    if command.target is not None:
        pieces.append(f"対象: {segments.show(command.target)}")
    return " ".join(piece for piece in pieces if piece)


def _shown(noun: Noun, object_: Object, exposed: bool) -> str:
    """The object; an exposed one stands where a verb could, and is quoted if it would be read as one."""
    shown = words.show(object_)
    if not exposed or not isinstance(object_, Name) or shown != object_.text:
        return shown
    found = head(words.line_of(f"{noun.words[0]} {shown}"), 0, tolerant=True)
    mistaken = found is None or found.manner != "verbless" or is_slip(noun, shown) or shown in lexicon.PARTICLES
    return words.quote(shown) if mistaken else shown


def is_slip(noun: Noun, word: str) -> bool:
    """Whether a word is a wrong conversion of a verb, which is never taken for a name."""
    verbs = (*noun.own, *lexicon.VERBS)
    return _folded(word) in [normalise.fold(slip) for verb in verbs for slip in verb.slips]


def _option(option: Option) -> str:
    if option.key in ACTION_KEYS:
        return f"{option.key}={option.value}"
    return words.show_option(option.key, option.value, option.sign)


def _folded(text: str) -> str:
    return normalise.fold(normalise.lookup(text).text)


def is_conversation(line: Line, start: int, found: Head, recent: bool) -> bool:
    """Whether an unprefixed line with this head is left alone all the same."""
    return chatter.is_conversation(line, start, found.noun, found.verb, found.manner, found.end, recent)
