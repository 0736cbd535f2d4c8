"""What the desk tells: bubbles, deeds and their webhooks, deliveries and what reached nobody."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """One bubble from the bot on a phone. how: reply, push, multicast, broadcast or narrowcast.

    at_ms: in the channel's time."""

    id: str
    message: Json
    how: str
    at_ms: int
    seq: int
    request_id: str
    retry_key: str | None

    @property
    def text(self) -> str:
        """The words of a text, template or Flex bubble (its altText)."""
        return str(self.message.get("text") or self.message.get("altText") or "")


@dataclass(frozen=True, slots=True)
class Done:
    """A deed. event: the webhook event it made, if any; outcome: ok, could_not_connect, request_timeout,
    error_status_code, unclassified, or None when nothing was sent (held, no webhook, or not waited for)."""

    answer: Json

    @property
    def event(self) -> Json | None:
        event: Json | None = self.answer.get("event")
        return event

    @property
    def outcome(self) -> str | None:
        webhook = self.answer.get("webhook")
        return None if webhook is None else str(webhook["outcome"])

    @property
    def status(self) -> int:
        """The bot's HTTP status; 0 without one."""
        webhook = self.answer.get("webhook")
        return 0 if webhook is None else int(webhook["status"])

    @property
    def message_id(self) -> str:
        return str(self.answer["message_id"])


@dataclass(frozen=True, slots=True)
class Fetch:
    """kind: preview or media; by: the phone's owner, None for the crawler; place: where the address stands.

    status None: not asked (a foreign host), or no answer; problem: why a phone cannot show it."""

    kind: str
    url: str
    place: str
    by: str | None
    at_ms: int
    status: int | None
    content_type: str | None
    size: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class Menu:
    """The rich menu on a phone. bar: the words on it; source: user, default or manager; picture: its path or None;
    deleted: the bot has deleted it, and the phone has not looked again."""

    id: str
    name: str
    bar: str
    size: Json
    areas: list[Json]
    open: bool
    source: str
    deleted: bool
    picture: str | None

    @property
    def labels(self) -> list[str | None]:
        return [area["action"].get("label") for area in self.areas]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One bubble that reached a phone (chat: user id) or a group (chat: group id)."""

    seq: int
    chat: str
    message_id: str
    index: int
    how: str
    at_ms: int
    request_id: str
    retry_key: str | None
    message: Json
    quiet: bool  # no sound on the phone

    @property
    def text(self) -> str:
        return str(self.message.get("text") or self.message.get("altText") or "")


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Accepted by LINE, seen by nobody. why: blocked, deleted, not_friend or unknown."""

    seq: int
    chat: str
    why: str
    how: str
    at_ms: int
    request_id: str
    retry_key: str | None
    messages: list[Json]


@dataclass(frozen=True, slots=True)
class Findings:
    """violations: of the simulator; remarks: properties in the bot's requests that LINE does not declare."""

    violations: list[str]
    remarks: list[str]


def bubbles(entries: list[Json]) -> list[Seen]:
    seen = []
    for entry in entries:
        if entry["kind"] == "bot":
            for message_id, message in zip(entry["ids"], entry["messages"], strict=True):
                how, at_ms, seq = entry["how"], entry["at_ms"], entry["seq"]
                seen.append(Seen(message_id, message, how, at_ms, seq, entry["request_id"], entry["retry_key"]))
    return seen
