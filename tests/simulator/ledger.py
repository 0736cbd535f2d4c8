"""What each phone has seen, what was accepted but reached nobody, and every call that was made."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.contents import Content

CALLS_KEPT = 20_000


@dataclass(slots=True)
class Send:
    """One accepted send; its messages are shared by all who got it.

    quiet: no sound on the phones (notificationDisabled). unit: the aggregation unit it is counted under.
    """

    seq: int
    how: str
    at_ms: int
    request_id: str
    retry_key: str | None
    to: str | None
    messages: list[dict[str, Any]]
    first_id: int
    delivered: list[str] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)
    cost: int = 0
    quiet: bool = False
    unit: str | None = None

    def message_id(self, index: int) -> str:
        return str(self.first_id + index)


@dataclass(slots=True)
class Said:
    """One bubble of a person; only_shown is a displayText, which is no message to the bot."""

    seq: int
    at_ms: int
    by: str
    id: str
    message: dict[str, Any]
    only_shown: bool = False
    unsent: bool = False
    edited: bool = False


@dataclass(slots=True)
class Note:
    """A grey line in a talk: somebody joined, left, invited the bot."""

    seq: int
    at_ms: int
    by: str | None
    what: str


Entry = Send | Said | Note


@dataclass(slots=True)
class CallRecord:
    """One LINE API call: number counts over all calls of the channel, from 1."""

    number: int
    at_ms: int
    endpoint: str
    path: str
    status: int | None
    request_id: str
    retry_key: str | None
    note: str | None


@dataclass(slots=True)
class Ledger:
    """Everything kept of one channel; in load mode only the counts."""

    seq: int = 0
    next_message_id: int = 461230966842064897
    sends: list[Send] = field(default_factory=list)
    talks: dict[str, list[Entry]] = field(default_factory=dict)
    calls: deque[CallRecord] = field(default_factory=lambda: deque(maxlen=CALLS_KEPT))
    calls_started: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    contents: dict[str, Content] = field(default_factory=dict)

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def take_message_ids(self, count: int) -> int:
        """The first of `count` consecutive ids."""
        first = self.next_message_id
        self.next_message_id += count
        return first

    def add(self, chat_id: str, entry: Entry) -> None:
        self.talks.setdefault(chat_id, []).append(entry)

    def talk(self, chat_id: str, after: int = 0) -> list[Entry]:
        """The entries of a chat with a seq beyond `after`, oldest first."""
        entries = self.talks.get(chat_id, [])
        start = len(entries)
        while start and entries[start - 1].seq > after:
            start -= 1
        return entries[start:]

    def forget(self) -> None:
        """Everything but the numbers, which go on: ids are never given twice."""
        self.sends.clear()
        self.talks.clear()
        self.calls.clear()
        self.contents.clear()

    def said(self, chat_id: str, message_id: str) -> Said | None:
        for entry in reversed(self.talks.get(chat_id, [])):
            if isinstance(entry, Said) and entry.id == message_id:
                return entry
        return None

    def deliveries(self, after: int = 0) -> Iterator[tuple[Send, str, int]]:
        """Each message object that reached somebody: (send, user or group id, index in the send)."""
        for send in self.sends:
            if send.seq > after:
                for chat_id in send.delivered:
                    for index in range(len(send.messages)):
                        yield send, chat_id, index


def shown(send: Send, chat_id: str) -> dict[str, Any]:
    """How a send looks in one talk, for tests and pages."""
    return {
        "kind": "bot",
        "seq": send.seq,
        "chat": chat_id,
        "at_ms": send.at_ms,
        "how": send.how,
        "request_id": send.request_id,
        "retry_key": send.retry_key,
        "cost": send.cost,
        "quiet": send.quiet,
        "unit": send.unit,
        "ids": [send.message_id(index) for index in range(len(send.messages))],
        "messages": send.messages,
    }


def shown_entry(entry: Entry, chat_id: str) -> dict[str, Any]:
    if isinstance(entry, Send):
        return shown(entry, chat_id)
    if isinstance(entry, Note):
        return {
            "kind": "note",
            "seq": entry.seq,
            "chat": chat_id,
            "at_ms": entry.at_ms,
            "by": entry.by,
            "what": entry.what,
        }
    return {
        "kind": "person",
        "seq": entry.seq,
        "chat": chat_id,
        "at_ms": entry.at_ms,
        "by": entry.by,
        "id": entry.id,
        "message": entry.message,
        "only_shown": entry.only_shown,
        "unsent": entry.unsent,
        "edited": entry.edited,
    }
