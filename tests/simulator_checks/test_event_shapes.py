"""Our examples of LINE's webhook events are what LINE describes, and leave out nothing of it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator_checks import event_shapes
from tests.simulator_checks.contract.calls import Contract
from tests.simulator_checks.contract.shapes import Shape

COMMON = ("source", "replyToken")  # optional for some kind or other; that is seen over all kinds together


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract()


def body(*events: event_shapes.Json) -> event_shapes.Json:
    return {"destination": event_shapes.BOT, "events": list(events)}


@pytest.mark.parametrize("name", event_shapes.DESCRIBED)
def test_an_example_is_what_line_describes(name: str, contract: Contract) -> None:
    assert [str(one) for one in contract.webhook(body(event_shapes.DESCRIBED[name]))] == []


@pytest.mark.parametrize("name", event_shapes.TO_COME)
def test_what_may_come_is_in_no_description(name: str, contract: Contract) -> None:
    """But for a picker of the future, whose name may be anything."""
    found = contract.webhook(body(event_shapes.ALL[name]))
    assert bool(found) == (name != "a postback of an unknown picker")


def looked_at(shape: Shape, value: Any) -> Iterator[tuple[Shape, dict[str, Any]]]:
    """Each object in a value, with its shape."""
    if isinstance(value, list) and shape.items is not None:
        for one in value:
            yield from looked_at(shape.items, one)
    elif isinstance(value, dict) and shape.kinds:
        yield from looked_at(shape.kinds[value[shape.kind_key]], value)
    elif isinstance(value, dict):
        yield shape, value
        for name, inner in value.items():
            if name in shape.properties:
                yield from looked_at(shape.properties[name], inner)


def test_the_examples_have_every_kind_property_and_value_of_the_description(contract: Contract) -> None:
    """Each kind of each discriminator; each property there and, if it may be, not there; each value of each enum."""
    given: dict[tuple[str, str], set[bool]] = defaultdict(set)
    values: dict[tuple[str, str], set[Any]] = defaultdict(set)
    shapes: dict[str, Shape] = {}
    for shape, value in looked_at(contract.callback, body(*event_shapes.DESCRIBED.values())):
        shapes[shape.name] = shape
        for name in shape.properties:
            given[shape.name, name].add(name in value)
            values[shape.name, name].add(str(value.get(name)))
    kinds = {one.name for shape in shapes.values() for inner in inside(shape) for one in inner.kinds.values()}
    assert kinds - shapes.keys() == set()
    for (owner, name), seen in given.items():
        optional = name not in shapes[owner].required and name not in COMMON
        wanted = {True, False} if optional else {True}
        missing = wanted - seen if name not in COMMON else set()
        assert not missing, f"{owner}.{name} is {'absent' if False in missing else 'present'} in no example"
        enum = shapes[owner].properties[name].raw.get("enum", [])
        assert set(enum) - values[owner, name] == set() or name == "mode", f"{owner}.{name}"
    for name in COMMON:
        assert {state for (_, one), seen in given.items() if one == name for state in seen} == {True, False}


def inside(shape: Shape) -> Iterator[Shape]:
    for inner in shape.properties.values():
        yield inner
        if inner.items is not None:
            yield inner.items
