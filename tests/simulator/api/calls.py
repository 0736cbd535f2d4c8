"""One call of the LINE API on its way to an endpoint."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from yarl import URL

from tests.simulator import nesting
from tests.simulator.api import answers
from tests.simulator.channel import Channel
from tests.simulator.limits import BODY_BYTES, RATE, Rate
from tests.simulator.webhooks.post import Postman

DEEPEST = 220  # levels of JSON in a body; what LINE takes is not told, and more could not be kept in the state file
MOST_DIGITS = 18


@dataclass(slots=True)
class Call:
    """after_answer is run once the bot has its answer (a webhook that follows from the call).

    answer_later is awaited for the answer instead of what the endpoint gave (only where LINE itself asks somebody).
    """

    path: str
    url: URL
    parts: Mapping[str, str]
    content_type: str
    raw: bytes
    request_id: str
    retry_key: str | None
    postman: Postman
    after_answer: Callable[[], None] | None = None
    answer_later: Callable[[], Awaitable[answers.Answer]] | None = None

    def body(self) -> dict[str, Any]:
        """The JSON object in the body; refused with LINE's words when there is none."""
        if not self.content_type.lower().startswith("application/json"):
            raise answers.refuse(415, f"The content type, {self.content_type}, is not supported")
        try:
            body = orjson.loads(self.raw)
        except orjson.JSONDecodeError as problem:
            where = f"(line: {problem.lineno}, column: {problem.colno})"
            raise answers.refuse(400, f"The request body could not be parsed as JSON {where}") from None
        if not isinstance(body, dict):
            raise answers.refuse(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
        if self.raw.count(b"{") + self.raw.count(b"[") > DEEPEST and nesting.depth(body) > DEEPEST:
            raise answers.refuse(400, "The request body is nested too deeply")
        return body

    def query(self, name: str) -> str | None:
        return self.url.query.get(name)

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number of the query; refused outside low..high."""
        text = self.query(name)
        if text is None:
            return default
        if len(text) > MOST_DIGITS or not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise answers.bad_parameter(name)
        return int(text)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """name is what faults, rates and the ledger call it; act does the whole work without waiting.

    Paths below /data belong to LINE's other host, the one for files. A body beyond most_bytes is 413.
    """

    name: str
    method: str
    path: str
    act: Callable[[Channel, Call], answers.Answer]
    retry_key: bool = False
    rate: Rate = RATE
    most_bytes: int = BODY_BYTES
