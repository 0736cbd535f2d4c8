"""What a scenario is made of: calls with the answers LINE gives, and deeds of people between them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.control import Channel, Group, User

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """tanaka is a friend, suzuki a stranger; yamada and sato are in the group, where the bot is, too."""

    channel: Channel
    tanaka: User
    suzuki: User
    yamada: User
    sato: User
    group: Group


@dataclass(frozen=True, slots=True)
class Call:
    """One call, by the operationId of LINE's files, with the arguments that every SDK takes in the same order.

    "$name.path" in arguments and answers is something known: a person, the group, or what was kept before as `keep`.
    accepted: the name under which the call was kept whose request id a 409 tells. token: another one to call with.
    logged: whether the simulator knows whose call it is. unread: properties of LINE's reference that LINE's files, and
    so the models of its Python SDK, lack.
    """

    operation: str
    args: tuple[Any, ...] = ()
    status: int = 200
    answer: Any = None
    keep: str = ""
    accepted: str = ""
    token: str = "$token"
    logged: bool = True
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does; what came of it is kept."""

    keep: str
    does: Callable[[Stage], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """without: SDKs that cannot make these calls, and why."""

    name: str
    steps: list[Call | Deed]
    without: dict[str, str] = field(default_factory=dict)


def call(operation: str, *args: Any, **told: Any) -> Call:
    return Call(operation, args, **told)


def refused(message: str, *details: tuple[str, str]) -> Json:
    """LINE's words, and (message, property) of each detail."""
    body: Json = {"message": message}
    if details:
        body["details"] = [{"message": words, "property": where} for words, where in details]
    return body


def text(words: str = "こんにちは") -> Json:
    return {"type": "text", "text": words}
