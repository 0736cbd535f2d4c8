"""Action lists as data: what is stored in greetings, buttons and steps, and what is held ready to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs import messages


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do; `kind` names an entry of `jobs.actions.KINDS`, `arguments` are its stored ones."""

    kind: str
    arguments: Mapping[str, Any]
    content: messages.Compiled | None = None

    def same_deed(self) -> str:
        """Equal for two actions that one statement may carry out for both their friends."""
        return f"{self.kind} {self.arguments}"


ActionList = tuple[Action, ...]


def load(stored: Sequence[Mapping[str, Any]]) -> ActionList:
    """`[{"do": "tag_on", "tags": [3]}, ...]` ready to run."""
    return tuple(
        Action(
            kind=one["do"],
            arguments={name: given for name, given in one.items() if name != "do"},
            content=messages.compile(one["messages"]) if "messages" in one else None,
        )
        for one in stored
    )
