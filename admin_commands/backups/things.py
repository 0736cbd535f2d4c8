"""A file of the configuration as the things it speaks of, to be counted and compared; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from admin_commands.grammar import canonical, lexicon, print_block, words
from admin_commands.grammar.commands import Argument, Command
from admin_commands.grammar.definitions import (
    ActionSet,
    AutoReply,
    Broadcast,
    Definition,
    Form,
    Greeting,
    Outline,
    Scenario,
    Template,
)
from admin_commands.grammar.printing import GREETINGS
from admin_commands.grammar.readings import File
from storage import names

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Thing:
    """`noun` is the lexicon's key; `lines` is how it is printed, a scenario's draft behind what is live."""

    noun: str
    name: str
    lines: tuple[str, ...]

    @property
    def shown(self) -> str:
        return f"{lexicon.NOUN[self.noun].words[0]}「{self.name}」"


def of(file: File) -> dict[Key, Thing]:
    """Everything a file speaks of, in its order."""
    found: dict[Key, Thing] = {}
    for one in (*_said(file.commands), *_defined(file.definitions)):
        key = (one.noun, names.name_key(one.name))
        before = found[key].lines if key in found else ()
        found[key] = replace(one, lines=(*before, *one.lines))
    return found


def _said(commands: Sequence[Command]) -> list[Thing]:
    """A command with a list speaks of many, any other of what its first word names."""
    found: list[Thing] = []
    for one in commands:
        if (one.noun, one.verb) == ("tag", "new"):
            for given in one.objects(0):
                alone = Command(one.noun, one.verb, args=(Argument((given,)),))
                found.append(Thing(one.noun, _name(given), (canonical(alone),)))
        else:
            named = one.objects(0)
            found.append(Thing(one.noun, _name(named[0]) if named else "", (one.raw.strip(),)))
    return found


def _name(given: words.Object) -> str:
    return given.text if isinstance(given, words.Name) else words.show(given)


def _defined(definitions: Sequence[Definition]) -> list[Thing]:
    found: list[Thing] = []
    for one in definitions:
        plain = replace(one, version=None)
        match plain:
            case Greeting():
                found += _greetings(plain)
            case Scenario(name=name):
                found.append(Thing("scenario", name, tuple(print_block(plain).split("\n"))))
            case Template(name=name):
                found.append(Thing("template", name, tuple(print_block(plain).split("\n"))))
            case Broadcast(name=name):
                found.append(Thing("broadcast", name, tuple(print_block(plain).split("\n"))))
            case ActionSet(name=name):
                found.append(Thing("action", name, tuple(print_block(plain).split("\n"))))
            case AutoReply(name=name):
                found.append(Thing("autoreply", name, tuple(print_block(plain).split("\n"))))
            case Form(name=name):
                found.append(Thing("form", name, tuple(print_block(plain).split("\n"))))
            case Outline(kind=kind, name=name):
                found.append(Thing(kind, name, tuple(print_block(plain).split("\n"))))
    return found


def _greetings(given: Greeting) -> Iterator[Thing]:
    """Each of its kinds is a thing of its own."""
    for part in given.parts:
        lines = print_block(replace(given, parts=(part,))).split("\n")[1:]
        yield Thing("greeting", GREETINGS[part.kind], tuple(lines))


def counted(found: Sequence[Thing]) -> str:
    """`タグ 12・シナリオ 3`, in the order in which they come."""
    nouns = list(dict.fromkeys(one.noun for one in found))
    return "・".join(f"{lexicon.NOUN[noun].words[0]} {sum(one.noun == noun for one in found):,}" for noun in nouns)
