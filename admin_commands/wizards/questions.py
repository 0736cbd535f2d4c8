"""Declaring a wizard: its questions in order, what may be tapped, and what each answer puts into the block."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from admin_commands import desk
from admin_commands.grammar import lexicon
from storage import staff

END = "end"  # what follows the last question


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to tap: the lines it adds (none: ""), and the key of the question that follows ("": the next one)."""

    label: str
    adds: str = ""
    then: str = ""


# How often each question has been answered so far, by key.
Answered = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Question:
    """One step. What is not tapped but written is put behind `sign` and read by the grammar as part of the block.

    `prompt` may depend on what has been answered. `offer` finds choices among what the shop has, told behind
    `choices`. `written`: words of one's own are an answer too. `verbatim`: they are the customer's, taken as they are,
    and begin a line of their own. `missing` is what a block that ends here still lacks to be readable; an answer that
    lacks nothing leads to `whole_to` where there is one. `skip_to` is where とばす leads ("": to the next one). `check`
    raises Refused. `standing` tells what there is now of what is asked for. `head`: its line belongs to the head of the
    block, whatever has been answered before. `picks`: the answer may be chosen on a calendar. `lists`: it is one of the
    choices that customers get, of which なし may be one.
    """

    key: str
    prompt: str | Callable[[Answered], str]
    sign: str = ""
    choices: tuple[Choice, ...] = ()
    offer: Callable[[desk.Desk], Awaitable[Sequence[Choice]]] | None = None
    written: bool = True
    verbatim: bool = False
    optional: bool = False
    skip_to: str = ""
    missing: str = ""
    whole_to: str = ""
    check: Callable[[desk.Desk, str], Awaitable[None]] | None = None
    standing: Callable[[desk.Desk], Awaitable[str]] | None = None
    head: bool = False
    picks: Literal["", "date", "datetime"] = ""
    lists: bool = False

    def asked(self, answered: Answered) -> str:
        return self.prompt if isinstance(self.prompt, str) else self.prompt(answered)


@dataclass(frozen=True, slots=True)
class Wizard:
    """`noun` and `verbs` are what begins it when nothing follows them; `head` is what its block begins with.

    `makes` names in a word what is being made, for those who look on.
    """

    noun: str
    verbs: tuple[str, ...]
    makes: str
    role: staff.Role
    questions: tuple[Question, ...]
    head: str = ""

    @property
    def begins(self) -> tuple[str, ...]:
        """The commands that begin it: `シナリオ 作成`."""
        noun = lexicon.NOUN[self.noun]
        found = [lexicon.verb_of(noun, verb) for verb in self.verbs]
        return tuple(f"{noun.words[0]} {verb.words[0]}" for verb in found if verb is not None)

    def question(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.key == key), None)

    def place(self, question: Question) -> int:
        """Where a question stands, from 0."""
        return self.questions.index(question)
