"""Declaring a command once: its grammar, help, examples, role and risk are read from here by all who need them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from admin_commands import cards, desk
from admin_commands.grammar import Context, lexicon, normalise, read, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.readings import Conversation
from admin_commands.wizards import questions
from storage import staff

# All living objects of a noun as 控え prints them, each a command or a block. It needs no desk: at night nobody asks.
Dumps = Callable[[ZoneInfo], Awaitable[Sequence[str]]]  # in the shop's zone
Handler = Callable[[desk.Desk, Said], Awaitable[cards.Say]]

# What stands in examples where the shop's own names go, and what stands there as long as it has none.
PLACEHOLDERS: Mapping[str, str] = {
    "tag": "VIP",
    "friend": "田中",
    "scenario": "ようこそ",
    "broadcast": "年末クーポン",
    "template": "料金表",
    "media": "外観",
    "action": "VIP化",
    "autoreply": "営業時間",
    "form": "来店アンケート",
    "field": "誕生日",
    "shared_value": "営業時間",
    "segment": "休眠VIP",
    "link": "春クーポン",
    "staff": "佐藤",
    "entry": "#Z1042",
}


LEVELS: Mapping[desk.Level, str] = {
    0: "見るだけ",
    1: "すぐ実行し、取消できる",
    2: "確認ボタンのあと実行",
    3: "文字を入力して確認したあと実行",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """One place behind the verb.

    `many`: several parted by commas. `arrow`: an → stands before it. `crowd`: 対象: … may stand in its stead. `takes`:
    the noun whose objects it names, so that a quoted one may stand there. `rest`: whatever follows belongs to it.
    """

    name: str
    optional: bool = False
    many: bool = False
    arrow: bool = False
    crowd: bool = False
    takes: str = ""
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """`noun` and `verb` are keys of the lexicon; `risk` is the level it usually has, `most` what it may rise to.

    `invites`: a card may hold an offer to one person, who takes it up whatever their role. `whole`: it tells of all
    friends at once and is nothing for those who may see only some.
    """

    noun: str
    verb: str
    does: str
    examples: tuple[str, ...]
    role: staff.Role
    risk: desk.Level
    run: Handler
    arguments: tuple[Argument, ...] = ()
    options: tuple[str, ...] = ()
    most: desk.Level | None = None
    invites: bool = False
    whole: bool = False

    @property
    def words(self) -> str:
        noun = lexicon.NOUN[self.noun]
        verb = lexicon.verb_of(noun, self.verb)
        silent = self.verb == noun.default and self.noun in SILENT_VERBS
        return noun.words[0] if silent or verb is None else f"{noun.words[0]} {verb.words[0]}"

    @property
    def usage(self) -> str:
        """`タグ 付ける タグ[, …] 友だち | 対象: 条件`."""
        pieces = [self.words]
        for argument in self.arguments:
            shown = argument.name + ("[, …]" if argument.many else "")
            shown = f"→ {shown}" if argument.arrow else shown
            shown = f"{shown} | 対象: 条件" if argument.crowd else shown
            pieces.append(f"[{shown}]" if argument.optional else shown)
        return " ".join(pieces + [f"[{option}=…]" for option in self.options])


@dataclass(frozen=True, slots=True)
class Block:
    """A kind of ■ block; `lines` is what may stand in it: an example of each, and what it does."""

    noun: str
    does: str
    example: str
    role: staff.Role
    risk: desk.Level
    most: desk.Level | None = None
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun with its commands in the order in which help tells them; `bare` is the verb of the noun alone."""

    key: str
    about: str
    commands: tuple[Command, ...]
    bare: str
    block: Block | None = None
    wizard: questions.Wizard | None = None
    dumps: Dumps | None = None

    @property
    def word(self) -> str:
        return lexicon.NOUN[self.key].words[0]

    def command(self, verb: str | None) -> Command | None:
        return next((one for one in self.commands if one.verb == (verb or self.bare)), None)

    def begins_wizard(self, said: Said) -> bool:
        """Whether these words, with nothing behind them, ask to be asked."""
        nothing = not (said.args or said.options or said.target or said.text)
        return self.wizard is not None and nothing and said.verb in self.wizard.verbs


# Nouns that say by themselves what is to be done.
SILENT_VERBS = ("claim", "help", "undo", "quota", "log", "why", "config", "start", "field")


def with_whole_names(declared: Command, said: Said) -> Said:
    """The same command; words too many behind a person's name are the rest of it (`田中 花子`)."""
    places = declared.arguments
    at = next((place for place, one in enumerate(places) if one.takes == "friend" or one.name.startswith("@")), None)
    if at is None or said.target is not None or len(said.args) <= len(places) or any(one.rest for one in places):
        return said
    return one_name(said, at, 1 + len(said.args) - len(places))


def one_name(said: Said, at: int, count: int) -> Said:
    """The same command, so many arguments from `at` on read as one name, or as several parted by commas."""
    kept, parts, behind = said.args[:at], said.args[at : at + count], said.args[at + count :]
    whole: list[words.Object] = []
    for part in parts:
        first, *others = part.objects
        if whole:
            before = whole.pop()
            if not isinstance(before, words.Name) or not isinstance(first, words.Name) or before.quoted or first.quoted:
                return said
            first = words.Name(f"{before.text} {first.text}")
        whole += [first, *others]
    return replace(said, args=(*kept, replace(parts[-1], objects=tuple(whole)), *behind))


def misfit(declared: Command, said: Said) -> str | None:
    """What is wrong with the shape of a command's arguments, in a sentence; None when it fits."""
    places = [one for one in declared.arguments if said.target is None or not one.crowd]
    if any(argument.rest for argument in declared.arguments):
        wanted = [argument for argument in places if not argument.optional]
        return f"{wanted[len(said.args)].name}が書かれていません" if len(said.args) < len(wanted) else None
    if said.target is not None and not any(argument.crowd for argument in declared.arguments):
        return "「対象:」はここでは使えません"
    if said.target is not None and said.target.tree is None:
        return "対象の条件が読めません"
    for option in said.options:
        if _folded(option.key) not in map(_folded, declared.options):
            return f"「{option.key}」はここでは使えません"
    least = sum(not argument.optional for argument in places)
    if len(said.args) < least:
        return f"{places[len(said.args)].name}が書かれていません"
    if len(said.args) > len(places):
        extra = said.raw[said.args[len(places) - 1].end :].strip() if places else ""
        return f"「{extra[:20]}」の意味が分かりません" if extra else "言葉が多すぎます"
    for argument, given in zip(places, said.args, strict=False):
        if len(given.objects) > 1 and not argument.many:
            return f"{argument.name}は1つだけ書いてください"
    return None


def _folded(text: str) -> str:
    return normalise.fold(normalise.lookup(text).text)


def filled(example: str, names: Mapping[str, str]) -> str:
    """An example with the shop's own names in it."""
    for place, fallback in PLACEHOLDERS.items():
        example = example.replace("{" + place + "}", names.get(place, fallback))
    return example


def typed(example: str) -> str:
    """An example as it is typed in a group: with a slash where it would pass for talk without one."""
    return f"/{example}" if isinstance(read(example, Context()), Conversation) else example


def examples_of(nouns: Sequence[Noun]) -> list[tuple[Command, str]]:
    """Every example of every command, with the stand-in names."""
    return [
        (command, filled(example, {})) for noun in nouns for command in noun.commands for example in command.examples
    ]
