"""A tape: one JSON line per exchange, in the order of the answers."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Exchange:
    """to: "line" (host: api or data) or "bot"; status None: there was no answer.

    body and answer are JSON values in their masks; what is no JSON is {"bytes": its length}, nothing is None.
    """

    to: str
    host: str
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any
    status: int | None
    answer_headers: dict[str, str]
    answer: Any


def line(exchange: Exchange) -> bytes:
    return orjson.dumps(asdict(exchange), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS)


def read(path: Path) -> Iterator[Exchange]:
    """ValueError when it is no tape."""
    for number, text in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            yield Exchange(**orjson.loads(text))
        except (TypeError, ValueError):
            raise ValueError(f"{path}, line {number}: not a recorded exchange") from None
