"""Properties of the simulator's own things that may be set from outside, each checked against its type."""

from collections.abc import Iterable
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from tests.simulator.people import Impossible


class Knobs:
    """names: which of a class's annotated properties (None: all)."""

    def __init__(self, kind: type, names: Iterable[str] | None = None) -> None:
        hints = get_type_hints(kind)
        self.types: dict[str, TypeAdapter[Any]] = {
            name: TypeAdapter(hints[name], config=ConfigDict(strict=True)) for name in names or hints
        }

    def set(self, thing: Any, wanted: dict[str, Any]) -> None:
        """All those that stand in `wanted`, or none when one is wrong."""
        values: dict[str, Any] = {}
        for name in self.types.keys() & wanted.keys():
            try:
                values[name] = self.types[name].validate_python(wanted[name])
            except ValidationError as problem:
                raise Impossible(f"{name}: {problem.errors()[0]['msg']}") from None
        for name, value in values.items():
            setattr(thing, name, value)

    def shown(self, thing: Any) -> dict[str, Any]:
        return {name: getattr(thing, name) for name in self.types}
