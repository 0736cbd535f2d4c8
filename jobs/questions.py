"""Questions of templates as they are stored with them, and held ready to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs import action_lists, messages
from storage import names

AGAIN = "すでにお答えいただいています。ありがとうございます。"
FULL = "申し訳ありません。「{choice}」は定員に達したため、受付を終わりました。"


@dataclass(frozen=True, slots=True)
class Choice:
    """`most` friends may choose it; None for any number."""

    label: str
    most: int | None
    actions: action_lists.ActionList
    full: messages.Compiled  # what is said when no place is left


@dataclass(frozen=True, slots=True)
class Question:
    """`once`: a friend answers once, and is told `again` from then on."""

    text: str
    once: bool
    again: messages.Compiled
    choices: Mapping[str, Choice]  # by name key of their labels


def read(stored: Sequence[Mapping[str, Any]]) -> dict[str, Question]:
    """`[{"key": "q1.0", "text", "once", "again", "full", "choices": [{"label", "most", "actions"}]}]`, by key.

    `again` and `full` are what staff have written, or null.
    """
    return {one["key"]: _question(one) for one in stored}


def _question(one: Mapping[str, Any]) -> Question:
    choices = {}
    for choice in one["choices"]:
        label = choice["label"]
        full = messages.compile([messages.customers_text(one["full"] or FULL.replace("{choice}", label))])
        choices[names.name_key(label)] = Choice(label, choice["most"], action_lists.load(choice["actions"]), full)
    again = messages.compile([messages.customers_text(one["again"] or AGAIN)])
    return Question(one["text"], one["once"], again, choices)
