"""How deep JSON is: what is nested beyond measure is refused before anything climbs down into it."""

from typing import Any


def depth(value: Any) -> int:
    """How many objects and arrays stand in one another."""
    deepest = 0
    waiting = [(value, 1)]
    while waiting:
        inner, level = waiting.pop()
        if isinstance(inner, dict | list):
            deepest = max(deepest, level)
            waiting.extend((each, level + 1) for each in (inner.values() if isinstance(inner, dict) else inner))
    return deepest
