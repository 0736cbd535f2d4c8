"""Holds one call of the LINE API, as it came over the wire, against LINE's description of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson

from tests.simulator_checks.contract import operations, overlay, walker
from tests.simulator_checks.contract.operations import Operation, Parameter
from tests.simulator_checks.contract.shapes import Shape
from tests.simulator_checks.contract.walker import Problem

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data"
ACCEPTED_BEFORE = 409  # an accepted retry key: the first request was taken


@dataclass(frozen=True, slots=True)
class Call:
    """route: the path as the server knows it, with {names}; parts: what stood in their places; headers in any case."""

    method: str
    route: str
    parts: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Found:
    """violations: what must not be; remarks: properties in a client's request that LINE does not declare."""

    violations: list[Problem]
    remarks: list[Problem]


class Contract:
    """LINE's files, read once."""

    def __init__(self) -> None:
        self.documents = operations.read()
        self.operations = operations.operations(self.documents)
        self.callback = self.documents[overlay.WEBHOOKS].shape({"$ref": "#/components/schemas/CallbackRequest"})

    def found(self, method: str, route: str) -> list[Operation]:
        return self.operations.get(place(method, route), [])

    def named(self, operation: str) -> Operation:
        """By its operationId."""
        return next(one for found in self.operations.values() for one in found if one.name == operation)

    def webhook(self, body: Any) -> list[Problem]:
        """What does not fit in a webhook's body."""
        return list(walker.walk(self.callback, body))

    def call(self, call: Call, answer: Answer, *, request_checked: bool = True) -> Found:
        """What does not fit in a call. A refused request may be as wrong as it likes; an accepted one may not.

        One operation of those at this address must fit; with several, the closest one speaks.
        """
        found = []
        for one in self.found(call.method, call.route):
            of_request = list(asked(one, call)) if request_checked and taken(answer) else []
            wrong = [problem for problem in of_request if not problem.undeclared]
            remarks = [problem for problem in of_request if problem.undeclared]
            found.append(Found([*wrong, *answered(one, answer)], remarks))
        if not found:
            return Found([Problem("", "is no call that LINE describes")], [])
        return min(found, key=lambda one: len(one.violations))


def taken(answer: Answer) -> bool:
    return answer.good or answer.status == ACCEPTED_BEFORE


def place(method: str, route: str) -> operations.Place:
    """A path of the simulator as LINE's host and path."""
    for beginning, (host, there) in overlay.HOSTS.items():
        if route.startswith(beginning):
            return host, method, operations.template(there + route.removeprefix(beginning))
    return overlay.API_HOST, method, operations.template(route)


def asked(operation: Operation, call: Call) -> Iterator[Problem]:
    yield from of_parameters(operation, call)
    if not call.body:
        if operation.body_required:
            yield Problem("request", "has no body")
        return
    media = media_type(call.headers)
    if not operation.bodies:
        yield Problem("request", "has a body, and none is declared", undeclared=True)
        return
    if media not in operation.bodies and "*/*" not in operation.bodies:
        yield Problem("request", f"is {media}, not {', '.join(operation.bodies)}")
        return
    shape = operation.bodies.get(media)
    if shape is not None:
        yield from walker.walk(shape, read(media, call.headers, call.body, shape), "request")


def of_parameters(operation: Operation, call: Call) -> Iterator[Problem]:
    in_path = list(call.parts.values())
    declared = {one.name for one in operation.parameters if one.place == "query"}
    for name in call.query:
        if name not in declared:
            yield Problem(f"?{name}", "is not declared", undeclared=True)
    for one in operation.parameters:
        if one.place == "path":
            given: list[str] = [in_path.pop(0)]
        elif one.place == "query":
            given = listed(one, call.query.get(one.name, []))
        else:
            given = [value for key, value in call.headers.items() if key.lower() == one.name.lower()]
        yield from of_parameter(one, given)


def listed(parameter: Parameter, given: Sequence[str]) -> list[str]:
    """A list is written once for each value, or with commas between them as the Node SDK does; empty: no value."""
    if parameter.shape.type != "array":
        return list(given)
    return [one for text in given if text for one in text.split(",")]


def of_parameter(parameter: Parameter, given: list[str]) -> Iterator[Problem]:
    at = f"{parameter.place} {parameter.name}"
    if not given:
        if parameter.required:
            yield Problem(at, "is missing")
        return
    yield from walker.walk(parameter.shape, typed(parameter.shape, given), at)


def answered(operation: Operation, answer: Answer) -> Iterator[Problem]:
    yield from of_headers(operation, answer)
    declared = operation.answers.get(answer.status)
    media = media_type(answer.headers)
    if declared is None and answer.good:
        yield Problem("answer", f"is {answer.status}, and {', '.join(map(str, operation.answers))} is declared")
    elif not declared and answer.good:
        if answer.body not in (b"", b"{}"):
            yield Problem("answer", "has a body, and none is declared", undeclared=True)
    elif not answer.good and not (declared or {}).get(media):
        yield from walker.walk(operation.error, read(media, answer.headers, answer.body), "answer")
    elif declared and media not in declared and "*/*" not in declared:
        yield Problem("answer", f"is {media}, not {', '.join(declared)}")
    elif declared and (shape := declared.get(media)) is not None:
        yield from walker.walk(shape, read(media, answer.headers, answer.body), "answer")


def of_headers(operation: Operation, answer: Answer) -> Iterator[Problem]:
    """x-line-request-id always, and on 409 that of the first request [R#response-headers]."""
    if not operation.place[2].startswith("/v2/bot/"):
        return
    wanted = ["x-line-request-id"]
    if answer.status == ACCEPTED_BEFORE:
        wanted.append("x-line-accepted-request-id")
    for name in wanted:
        try:
            UUID({key.lower(): value for key, value in answer.headers.items()}.get(name, ""))
        except ValueError:
            yield Problem(f"header {name}", "is missing or no UUID")


def media_type(headers: Mapping[str, str]) -> str:
    found = next((value for key, value in headers.items() if key.lower() == "content-type"), "")
    return found.partition(";")[0].strip().lower()


def read(media: str, headers: Mapping[str, str], body: bytes, shape: Shape | None = None) -> Any:
    """The body as a JSON value; forms become objects, typed as their shape would have it."""
    if media == JSON:
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            return body
    if media == FORM:
        return typed_form(parse_qs(body.decode(), keep_blank_values=True), shape)
    if media == PARTS:
        return typed_form(form_parts(headers, body), shape)
    return body.decode("latin-1")


def form_parts(headers: Mapping[str, str], body: bytes) -> dict[str, list[str]]:
    kind = next(value for key, value in headers.items() if key.lower() == "content-type")
    whole = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=policy.HTTP)
    fields: dict[str, list[str]] = {}
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        fields.setdefault(str(name), []).append(content.decode() if isinstance(content, bytes) else "")
    return fields


def typed_form(fields: Mapping[str, Sequence[str]], shape: Shape | None) -> dict[str, Any]:
    known: Mapping[str, Shape] = {} if shape is None else shape.properties
    return {name: typed(known[name], list(values)) if name in known else values[0] for name, values in fields.items()}


def typed(shape: Shape, given: list[str]) -> Any:
    """Text from a path, query, header or form as what it stands for; as it is when it is nothing of the kind."""
    if shape.type == "array":
        return given
    value = given[0]
    if shape.type == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if shape.type == "boolean" and value in ("true", "false"):
        return value == "true"
    return value
