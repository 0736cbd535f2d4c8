"""What a message of staff can turn out to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from admin_commands.grammar.commands import Command
from admin_commands.grammar.definitions import Definition
from admin_commands.grammar.faults import Fault
from jobs import heard


@dataclass(frozen=True, slots=True)
class Context:
    """What the door knows before it reads.

    `unclaimed`: the group is not registered. `private`: a staff member's own talk with the bot. `quoted`: a
    message of the bot is quoted; `this`: the noun of what it is about, of which words without a noun are said.
    `recent`: this person gave a command here in the last ten minutes. `waiting`: this person has an open list,
    question or confirmation. `prefix_required`: 設定 接頭辞 必須.
    """

    unclaimed: bool = False
    private: bool = False
    quoted: bool = False
    this: str = ""
    recent: bool = False
    waiting: bool = False
    prefix_required: bool = False
    mentions: Sequence[heard.Mention] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """Not for the bot; say nothing."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The bot was called by name or by a lone `/`."""


Word = Literal["number", "yes", "no", "next", "previous", "continue", "back", "skip", "block"]


@dataclass(frozen=True, slots=True)
class SessionWord:
    """A word to an open list or question; `numbers` holds the rows for `3` and `3,5-7`.

    `rest` is a command said to those rows (`3,5-7 タグ付ける VIP`), as typed.
    """

    word: Word
    numbers: tuple[int, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Commands for one transaction. With faults none is carried out: tell them, and offer the suggestions.

    Where `prefixed` is False and nothing fits an object's name, the door stays silent.
    """

    commands: tuple[Command, ...]
    faults: tuple[Fault, ...] = ()
    suggestions: tuple[str, ...] = ()
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class Paste:
    """Definitions; with faults nothing is stored."""

    definitions: tuple[Definition, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """What a whole file of commands and blocks says; with faults nothing of it is carried out."""

    commands: tuple[Command, ...]
    definitions: tuple[Definition, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A block that ends with 続く: keep `text` for the message that begins with ■続き."""

    text: str


@dataclass(frozen=True, slots=True)
class Continued:
    """■続き: put `text` behind what was kept, on a line of its own, and read the whole again."""

    text: str


Reading = Conversation | Menu | SessionWord | Batch | Paste | Unfinished | Continued
