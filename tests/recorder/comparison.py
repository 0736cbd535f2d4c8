"""Holds a tape against LINE's description, and against a tape of the simulator's."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from tests.recorder.tape import Exchange
from tests.simulator_checks.contract import overlay
from tests.simulator_checks.contract.calls import Answer, Call, Contract
from tests.simulator_checks.contract.operations import Operation

HOSTS = {"api": overlay.API_HOST, "data": overlay.HOSTS["/data/"][0]}

# What was exchanged (a call and its status, or a kind of event), and what stood in it: {("/source/type", "text")}
Shapes = dict[str, set[tuple[str, str]]]


def problems(exchanges: Iterable[Exchange], contract: Contract) -> list[str]:
    """What LINE's description does not allow, or does not know: each kind once."""
    found: dict[str, None] = {}
    for one in exchanges:
        for problem in of_webhook(one, contract) if one.to == "bot" else of_call(one, contract):
            found[problem] = None
    return list(found)


def of_webhook(one: Exchange, contract: Contract) -> Iterator[str]:
    if one.status != 200:
        yield f"webhook: the bot answered {one.status or 'nothing'}"
    for problem in contract.webhook(one.body):
        yield f"webhook: {generic(str(problem))}"


def of_call(one: Exchange, contract: Contract) -> Iterator[str]:
    if one.status is None:
        yield f"{one.method} {one.path}: LINE gave no answer"
        return
    operation, parts = operation_of(one, contract)
    if operation is None:
        yield f"{one.method} {one.path}: a call that LINE does not describe"
        return
    route = ("/data" if one.host == "data" else "") + operation.place[2]
    call = Call(one.method, route, parts, one.query, one.headers, dumped(one.body))
    found = contract.call(call, Answer(one.status, one.answer_headers, dumped(one.answer)))
    for problem in (*found.violations, *found.remarks):
        yield f"{one.method} {operation.place[2]} ({one.status}): {generic(str(problem))}"


def operation_of(one: Exchange, contract: Contract) -> tuple[Operation | None, dict[str, str]]:
    """The described call at this address (the one with most words of its own), and what stands in its places."""
    best: tuple[int, Operation, dict[str, str]] | None = None
    for (host, method, template), operations in contract.operations.items():
        if host != HOSTS.get(one.host) or method != one.method:
            continue
        pattern = "([^/]+)".join(re.escape(piece) for piece in template.split("{}"))
        if found := re.fullmatch(pattern, one.path):
            parts = {str(place): value for place, value in enumerate(found.groups())}
            if best is None or len(parts) < best[0]:
                best = len(parts), operations[0], parts
    return (None, {}) if best is None else (best[1], best[2])


def dumped(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, dict) and value.keys() == {"bytes"}:
        return b"x" * int(value["bytes"])
    return orjson.dumps(value)


def generic(problem: str) -> str:
    """Places in lists do not matter: the same thing wrong in each of five messages is one thing."""
    return re.sub(r"\[\d+\]|/\d+(?=/|$|\b)", "[]", problem)


def shapes(exchanges: Iterable[Exchange], contract: Contract) -> Shapes:
    """What stands in the answers of LINE and in its webhooks; what the bot says is its own affair."""
    found: Shapes = {}
    for one in exchanges:
        if one.to == "bot":
            for event in one.body.get("events", []) if isinstance(one.body, dict) else []:
                found.setdefault(f"webhook {kind(event)}", set()).update(paths(event, ""))
        else:
            operation, _ = operation_of(one, contract)
            name = f"{one.method} {operation.place[2] if operation else one.path} ({one.status})"
            found.setdefault(name, set()).update(
                {*paths(one.answer, ""), *((f"header {h}", "text") for h in one.answer_headers)}
            )
    return found


def kind(event: dict[str, Any]) -> str:
    message = event.get("message")
    inner = f"/{message.get('type')}" if isinstance(message, dict) else ""
    source = event.get("source")
    place = f" in a {source.get('type')}" if isinstance(source, dict) else ""
    return f"{event.get('type')}{inner}{place}"


def paths(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, f"{at}/{key}")
    elif isinstance(value, list):
        yield at, "list"
        for inner in value:
            yield from paths(inner, at + "[]")
    elif isinstance(value, bool):
        yield at, "yes or no"
    elif isinstance(value, int | float):
        yield at, "number"
    elif value is not None:
        yield at, "text"


def differences(live: Shapes, reference: Shapes) -> list[str]:
    """What LINE says and the simulator never does, and the other way round, where both took part in the same thing."""
    found = []
    for name in sorted(live):
        if name not in reference:
            found.append(f"{name}: the simulator's tape has nothing of the kind")
            continue
        found += [f"{name}: only LINE says {at} ({what})" for at, what in sorted(live[name] - reference[name])]
        found += [f"{name}: only the simulator says {at} ({what})" for at, what in sorted(reference[name] - live[name])]
    return found
