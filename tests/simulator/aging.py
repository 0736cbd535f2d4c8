"""Things that are good for a time only, kept oldest first: those whose time is over are forgotten from the front."""

from collections.abc import Callable
from typing import TypeVar

Kept = TypeVar("Kept")


def forget(kept: dict[str, Kept], is_over: Callable[[Kept], bool]) -> None:
    while kept:
        oldest = next(iter(kept))
        if not is_over(kept[oldest]):
            return
        del kept[oldest]
