"""Answers of the LINE API and the wording of its refusals (LINE_PLATFORM 3.6)."""

from dataclasses import dataclass, field
from typing import Any

import orjson

RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
QUOTA_LIMIT = "You have reached your monthly limit."
FLOOD = "Too many messages have been sent to the same user. Try again later."


@dataclass(slots=True)
class Answer:
    """body is JSON unless content_type says otherwise; note goes into the ledger of calls only."""

    status: int
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    note: str | None = None


class Refusal(Exception):
    """Thrown anywhere behind the door; carries what the bot is answered."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def ok(body: dict[str, Any] | None = None, status: int = 200) -> Answer:
    return Answer(status, orjson.dumps(body or {}))


def error(status: int, message: str, details: list[dict[str, str]] | None = None) -> Answer:
    body: dict[str, Any] = {"message": message}
    if details is not None:
        body["details"] = details
    return Answer(status, orjson.dumps(body), note=message)


def refuse(status: int, message: str, details: list[dict[str, str]] | None = None) -> Refusal:
    return Refusal(error(status, message, details))


def in_body(details: list[dict[str, str]]) -> Refusal:
    """400 with every problem found: [{message, property}]."""
    return refuse(400, f"The request body has {len(details)} error(s)", details)


def bad_property(path: str) -> Refusal:
    return refuse(400, f"The property, {path}, in the request body is invalid (line: -, column: -)")


def bad_parameter(name: str) -> Refusal:
    """A part of the path or the query."""
    return refuse(400, f"The value for the '{name}' parameter is invalid")


def not_found() -> Refusal:
    return refuse(404, "Not found")


def unauthorized() -> Answer:
    return error(
        401,
        "Authentication failed due to the following reason: invalid token. "
        "Confirm that the access token in the authorization header is valid.",
    )


def expired() -> Answer:
    """A token that was good until now; how LINE words this is not told [?]."""
    return error(401, "Authentication failed due to the following reason: access token expired.")


def forbidden() -> Answer:
    return error(403, "Access to this API is not available for your account")
