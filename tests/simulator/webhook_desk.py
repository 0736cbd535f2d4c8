"""What a channel remembers and is told about its webhooks: answers, held events, duplicates, redelivery."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

POSTS_KEPT = 5_000


@dataclass(slots=True)
class Post:
    """One request to the bot; outcome: ok, could_not_connect, request_timeout, error_status_code, unclassified."""

    seq: int
    at_ms: int
    events: list[str]
    types: list[str]
    outcome: str
    status: int
    took_ms: float
    redelivery: bool
    body: str


@dataclass(slots=True)
class Duplicates:
    """Each of the next `events` events leaves 1 + `times` times."""

    events: int
    times: int
    redelivery: bool = False
    parallel: bool = False


@dataclass(slots=True)
class Redelivery:
    """LINE's console switch; times and pause are undocumented, hence knobs (pause in real time)."""

    on: bool = False
    times: int = 3
    pause_ms: int = 200


@dataclass(slots=True)
class WebhookDesk:
    """held keeps events in the order they happened, while holding."""

    holding: bool = False
    held: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[Duplicates] = field(default_factory=list)
    redelivery: Redelivery = field(default_factory=Redelivery)
    posts: deque[Post] = field(default_factory=lambda: deque(maxlen=POSTS_KEPT))
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)

    def take_duplicates(self) -> Duplicates | None:
        if not self.duplicates:
            return None
        plan = self.duplicates[0]
        plan.events -= 1
        if plan.events <= 0:
            self.duplicates.pop(0)
        return plan

    def remember(self, event: dict[str, Any]) -> None:
        """Keep an event so that it can be redelivered by hand."""
        self.sent[event["webhookEventId"]] = event
        while len(self.sent) > POSTS_KEPT:
            del self.sent[next(iter(self.sent))]
