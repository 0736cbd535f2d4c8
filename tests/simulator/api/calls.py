"""One call of the LINE API on its way to an endpoint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from tests.simulator.api import answers
from tests.simulator.channel import Channel
from tests.simulator.limits import RATE, Rate
from tests.simulator.webhooks.post import Postman


@dataclass(slots=True)
class Call:
    """after_answer is run once the bot has its answer (a webhook that follows from the call)."""

    path: str
    parts: Mapping[str, str]
    content_type: str
    raw: bytes
    request_id: str
    retry_key: str | None
    postman: Postman
    after_answer: Callable[[], None] | None = None

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
        return body


@dataclass(frozen=True, slots=True)
class Endpoint:
    """name is what faults, rates and the ledger call it; act does the whole work without waiting.

    Paths below /data belong to LINE's other host, the one for files.
    """

    name: str
    method: str
    path: str
    act: Callable[[Channel, Call], answers.Answer]
    retry_key: bool = False
    rate: Rate = RATE
