"""Narrowcasts: sends to people by audience and attribute, under way for a while before they arrive."""

from dataclasses import dataclass, field
from typing import Any

from tests.simulator import japan

KEPT_MS = 14 * japan.DAY_MS
WAITING, SENDING, SUCCEEDED, FAILED = "waiting", "sending", "succeeded", "failed"
TOO_FEW, SMALL_AUDIENCE, PARTIAL = 2, 4, 5
WHY = {
    1: "internal error",
    TOO_FEW: "audience size is not enough",
    3: "the request was accepted before",
    SMALL_AUDIENCE: "audience size is less than 50",
    PARTIAL: "delivery was canceled, since it would have reached only some of the recipients",
}


@dataclass(slots=True)
class Narrowcast:
    """reserved: of the month's quota, until it has ended. error: one of WHY. reached: user ids."""

    request_id: str
    retry_key: str | None
    accepted_ms: int
    sending_ms: int
    ends_ms: int
    messages: list[dict[str, Any]]
    quiet: bool
    recipient: dict[str, Any] | None
    demographic: dict[str, Any] | None
    most: int | None
    up_to_quota: bool
    whole_or_nothing: bool
    reserved: int
    ended: bool = False
    error: int | None = None
    reached: list[str] = field(default_factory=list)

    def phase(self, now_ms: int) -> str:
        if self.ended:
            return SUCCEEDED if self.error is None else FAILED
        return WAITING if now_ms < self.sending_ms else SENDING


@dataclass(slots=True)
class Narrowcasts:
    """open: request ids of those that have not ended, oldest first."""

    by_request: dict[str, Narrowcast] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)

    def add(self, made: Narrowcast) -> None:
        self.by_request[made.request_id] = made
        self.open.append(made.request_id)

    def forget_open(self) -> None:
        for request_id in self.open:
            del self.by_request[request_id]
        self.open.clear()

    def find(self, request_id: str, now_ms: int) -> Narrowcast | None:
        """One of the last fourteen days."""
        found = self.by_request.get(request_id)
        return None if found is None or now_ms - found.accepted_ms > KEPT_MS else found
