"""Walks a JSON value along a shape and names everything that does not fit."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tests.simulator.messages import counting
from tests.simulator_checks.contract.shapes import Shape


@dataclass(frozen=True, slots=True)
class Problem:
    """at: where, as messages[0].text; undeclared: only that the description does not know the property."""

    at: str
    what: str
    undeclared: bool = False

    def __str__(self) -> str:
        return f"{self.at or 'the whole'} {self.what}"


def walk(shape: Shape, value: Any, at: str = "") -> Iterator[Problem]:
    if value is None:
        if not shape.raw.get("nullable"):
            yield Problem(at, "is null")
        return
    if shape.choices:
        yield from walk_choices(shape, value, at)
        return
    if shape.kinds and isinstance(value, dict):
        found = shape.kinds.get(value.get(shape.kind_key, ""))
        if found is None:
            yield Problem(at, f"has a {shape.kind_key} that {shape.name} does not know")
        else:
            yield from walk(found, value, at)
        return
    kind = shape.type
    if kind is not None and not IS[kind](value):
        yield Problem(at, f"is no {kind}")
        return
    if "enum" in shape.raw and value not in shape.raw["enum"]:
        yield Problem(at, f"is none of {', '.join(map(str, shape.raw['enum']))}")
    yield from WALKS.get(kind or "", walk_nothing)(shape, value, at)


def walk_choices(shape: Shape, value: Any, at: str) -> Iterator[Problem]:
    fitting = [one.name for one in shape.choices if not list(walk(one, value, at))]
    if len(fitting) != 1:
        yield Problem(at, f"fits {len(fitting)} of {', '.join(one.name for one in shape.choices)}, not one")


def walk_object(shape: Shape, value: dict[str, Any], at: str) -> Iterator[Problem]:
    for name in sorted(shape.required - value.keys()):
        yield Problem(join(at, name), "is missing")
    for name, inner in value.items():
        wanted = shape.properties.get(name, shape.others)
        if wanted is not None:
            yield from walk(wanted, inner, join(at, name))
        else:
            yield Problem(join(at, name), f"is not declared in {shape.name or 'this object'}", undeclared=True)


def walk_array(shape: Shape, value: list[Any], at: str) -> Iterator[Problem]:
    yield from within(len(value), shape.raw.get("minItems"), shape.raw.get("maxItems"), at, "items")
    if shape.raw.get("uniqueItems") and any(one in value[:index] for index, one in enumerate(value)):
        yield Problem(at, "holds the same item twice")
    if shape.items is not None:
        for index, item in enumerate(value):
            yield from walk(shape.items, item, f"{at}[{index}]")


def walk_string(shape: Shape, value: str, at: str) -> Iterator[Problem]:
    most = shape.raw.get("maxLength")
    long = most is not None and len(value) > most
    # The description does not say what it counts; for LINE it is UTF-16 units here and graphemes there. What is too
    # long in graphemes, the fewest of all, is too long anyhow.
    count = counting.graphemes(value) if long else len(value)
    yield from within(count, shape.raw.get("minLength"), most, at, "characters")
    pattern = shape.raw.get("pattern")
    if pattern is not None and re.search(pattern, value) is None:
        yield Problem(at, f"does not match {pattern}")
    form = shape.raw.get("format", "")
    if form.startswith("^"):  # LINE's file has a pattern in this place once
        if re.search(form, value) is None:
            yield Problem(at, f"does not match {form}")
    elif form in FORMS and not FORMS[form](value):
        yield Problem(at, f"is no {form}")


def walk_number(shape: Shape, value: float, at: str) -> Iterator[Problem]:
    yield from within(value, shape.raw.get("minimum"), shape.raw.get("maximum"), at, "as a value")
    if shape.raw.get("format") == "int32":
        yield from within(value, -(2**31), 2**31 - 1, at, "as an int32")
    if shape.raw.get("format") == "int64":
        yield from within(value, -(2**63), 2**63 - 1, at, "as an int64")


def walk_nothing(shape: Shape, value: Any, at: str) -> Iterator[Problem]:
    yield from ()


def within(found: float, low: float | None, high: float | None, at: str, of_what: str) -> Iterator[Problem]:
    if (low is not None and found < low) or (high is not None and found > high):
        yield Problem(at, f"has {found} {of_what}, not {low} to {high}")


def join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


def is_uri(value: str) -> bool:
    try:
        return bool(urlsplit(value).scheme)
    except ValueError:
        return False


def is_uuid(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False


def is_date_time(value: str) -> bool:
    try:
        return "T" in value and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


IS: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
}
WALKS: dict[str, Callable[[Shape, Any, str], Iterator[Problem]]] = {
    "object": walk_object,
    "array": walk_array,
    "string": walk_string,
    "integer": walk_number,
    "number": walk_number,
}
FORMS: dict[str, Callable[[str], bool]] = {"uri": is_uri, "uuid": is_uuid, "date-time": is_date_time}
