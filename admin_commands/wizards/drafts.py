"""What somebody has answered so far: kept after every step, for thirty days, the one they are at before the parked."""

import secrets
import string
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from admin_commands.grammar import blocks, normalise
from admin_commands.wizards.questions import END, Choice, Question, Wizard
from storage import dialogues

KEPT = timedelta(days=30)
MOST = 5  # of one person in one chat
LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer to the question `key` added, and the question it led to ("": the next one)."""

    key: str
    adds: str
    then: str = ""


@dataclass(slots=True)
class Draft:
    """One wizard under way. `step` counts its changes, so that an old button is known; `shown` are its choices now."""

    token: str
    noun: str
    at: datetime  # when its person last dealt with it
    answers: list[Answer] = field(default_factory=list)
    shown: list[Choice] = field(default_factory=list)
    step: int = 0
    resting: bool = False  # words of one's own are no answers until it is taken up again

    def text(self, wizard: Wizard, more: Answer | None = None) -> str:
        """The block so far, with `more` answered too."""
        given = [*self.answers, more] if more is not None else self.answers
        heads = {one.key for one in wizard.questions if one.head}
        placed = sorted(given, key=lambda one: one.key not in heads)
        told = "\n".join(filter(None, [wizard.head, *(one.adds for one in placed)]))
        last = normalise.lines_of(told)[-1]
        # a customer's text may end with the word by which a block in several messages is continued
        return f"{told}\n//" if normalise.lookup(last).text == blocks.TO_BE_CONTINUED else told

    def question(self, wizard: Wizard) -> Question | None:
        """What comes next; None when all has been answered."""
        if not self.answers:
            return wizard.questions[0]
        last = self.answers[-1]
        if last.then == END:
            return None
        if last.then:
            return wizard.question(last.then) or self._unanswered(wizard)
        before = wizard.question(last.key)
        if before is None:
            return self._unanswered(wizard)
        place = wizard.place(before) + 1
        return wizard.questions[place] if place < len(wizard.questions) else None

    def _unanswered(self, wizard: Wizard) -> Question | None:
        """The questions have changed since: go on with the first that has not been answered."""
        return next((one for one in wizard.questions if not self.answered[one.key]), None)

    @property
    def answered(self) -> Counter[str]:
        return Counter(one.key for one in self.answers)


def new(wizard: Wizard, now: datetime) -> Draft:
    return Draft("".join(secrets.choice(LETTERS) for _ in range(dialogues.TOKEN_LENGTH)), wizard.noun, now)


@dataclass(slots=True)
class Kept:
    """Everything one person has under way in one chat, what they were at last first.

    `asking`: which of them to go on with has just been asked.
    """

    drafts: list[Draft] = field(default_factory=list)
    asking: bool = False


async def of(chat: str, person: str, now: datetime) -> Kept:
    found = await dialogues.lasting(chat, person, "wizard")
    if found is None:
        return Kept()
    drafts = [_read(one) for one in found["drafts"]]
    return Kept([one for one in drafts if one.at > now - KEPT], found["asking"])


async def keep(chat: str, person: str, kept: Kept, now: datetime) -> None:
    if not kept.drafts:
        await dialogues.close(chat, person, "wizard")
        return
    await dialogues.forget("wizard", now - KEPT)
    stored = [asdict(one) | {"at": one.at.isoformat()} for one in kept.drafts]
    await dialogues.keep(chat, person, "wizard", {"drafts": stored, "asking": kept.asking}, now)


def _read(stored: Mapping[str, Any]) -> Draft:
    return Draft(
        token=stored["token"],
        noun=stored["noun"],
        at=datetime.fromisoformat(stored["at"]),
        answers=[Answer(**one) for one in stored["answers"]],
        shown=[Choice(**one) for one in stored["shown"]],
        step=stored["step"],
        resting=stored["resting"],
    )
