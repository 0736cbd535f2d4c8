"""What LINE's crawler and people's phones have fetched because of messages that reached them."""

from collections import deque
from dataclasses import dataclass, field

from tests.simulator.ledger import Send

KEPT = 20_000


@dataclass(slots=True)
class Fetch:
    """kind: preview (the crawler) or media (a phone); by: the phone's owner, None for the crawler.

    status None: it was not asked for, or there was no answer. size in bytes. problem: why a phone cannot show it.
    """

    kind: str
    url: str
    place: str
    by: str | None
    at_ms: int
    status: int | None = None
    content_type: str | None = None
    size: int = 0
    problem: str | None = None


@dataclass(slots=True)
class Fetches:
    """due: sends whose links and media nobody has looked at yet; under_way: how many are being looked at."""

    due: list[Send] = field(default_factory=list)
    under_way: int = 0
    done: deque[Fetch] = field(default_factory=lambda: deque(maxlen=KEPT))
