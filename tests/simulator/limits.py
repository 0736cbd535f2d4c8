"""The numbers LINE enforces over time: rates, the month's quota, reply tokens, retry keys."""

from dataclasses import dataclass, field

from tests.simulator import aging, japan

REPLY_TOKEN_MS = 60_000
REPLY_TOKEN_LATEST_MS = 20 * 60_000
RETRY_KEY_MS = 24 * 3_600_000
TALKED_TO_US_MS = 7 * 24 * 3_600_000
BODY_BYTES = 2 * 1024 * 1024
RECIPIENTS = 500
MESSAGES = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls in so many seconds [R#rate-limits]."""

    calls: int
    seconds: int = 1


RATE = Rate(2_000)


@dataclass(slots=True)
class Bucket:
    """One token bucket: refilled by the channel's clock; it holds what one period allows, which LINE does not
    disclose [?]. rate: tokens in a millisecond."""

    holds: float
    rate: float
    tokens: float
    filled_ms: int

    def take(self, now_ms: int) -> bool:
        if now_ms > self.filled_ms:
            self.tokens = min(self.holds, self.tokens + (now_ms - self.filled_ms) * self.rate)
            self.filled_ms = now_ms
        if self.tokens < 1.0 - 1e-9:
            return False
        self.tokens -= 1.0
        return True


@dataclass(slots=True)
class Rates:
    """Per endpoint buckets of one channel; scale 1.0 is LINE's own, None switches them off.

    refills: False stops the refilling, so that a test can count to a limit however slowly it runs.
    """

    scale: float | None = 1.0
    refills: bool = True
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def allows(self, endpoint: str, rate: Rate, now_ms: int) -> bool:
        if self.scale is None:
            return True
        bucket = self.buckets.get(endpoint)
        if bucket is None:
            holds = max(rate.calls * self.scale, 1.0)
            bucket = Bucket(holds, rate.calls * self.scale / (rate.seconds * 1000), holds, now_ms)
            self.buckets[endpoint] = bucket
        return bucket.take(now_ms if self.refills else bucket.filled_ms)

    def set_scale(self, scale: float | None) -> None:
        self.scale = scale
        self.buckets.clear()


@dataclass(slots=True)
class Quota:
    """Messages used in each month of Japan's time, against a limit (None: no limit).

    reserved: kept back for narrowcasts on their way.
    """

    limit: int | None = None
    used: dict[str, int] = field(default_factory=dict)
    month: str = ""
    month_from_ms: int = 0
    month_to_ms: int = 0
    reserved: int = 0

    def used_now(self, now_ms: int) -> int:
        return self.used.get(self.month_of(now_ms), 0)

    def allows(self, cost: int, now_ms: int) -> bool:
        return self.limit is None or self.used_now(now_ms) + self.reserved + cost <= self.limit

    def left(self, now_ms: int) -> int | None:
        """How many may still be sent; None without a limit."""
        return None if self.limit is None else self.limit - self.used_now(now_ms) - self.reserved

    def spend(self, cost: int, now_ms: int) -> None:
        month = self.month_of(now_ms)
        self.used[month] = self.used.get(month, 0) + cost

    def month_of(self, now_ms: int) -> str:
        """'2026-11'; worked out once a month, because every send asks."""
        if not self.month_from_ms <= now_ms < self.month_to_ms:
            self.month, self.month_from_ms, self.month_to_ms = japan.month(now_ms)
        return self.month


@dataclass(slots=True)
class ReplyToken:
    """received_ms is the last time a webhook carrying it left for the bot (0: not yet)."""

    chat_id: str
    event_ms: int
    received_ms: int = 0


@dataclass(slots=True)
class ReplyTokens:
    """The tokens that may still be used, oldest first."""

    open: dict[str, ReplyToken] = field(default_factory=dict)

    def give(self, token: str, chat_id: str, event_ms: int) -> None:
        aging.forget(self.open, lambda old: event_ms - old.event_ms > REPLY_TOKEN_LATEST_MS)
        self.open[token] = ReplyToken(chat_id, event_ms)

    def received(self, token: str, now_ms: int) -> None:
        if token in self.open:
            self.open[token].received_ms = now_ms

    def chat_of(self, token: str, now_ms: int) -> str | None:
        """The chat it answers to, or None when it is unknown, used or too old."""
        entry = self.open.get(token)
        if entry is None or not entry.received_ms:
            return None
        if now_ms - entry.received_ms > REPLY_TOKEN_MS or now_ms - entry.event_ms > REPLY_TOKEN_LATEST_MS:
            return None
        return entry.chat_id

    def use(self, token: str) -> None:
        del self.open[token]


@dataclass(slots=True)
class Accepted:
    """What the first request with a retry key was answered."""

    at_ms: int
    request_id: str
    body: bytes


@dataclass(slots=True)
class RetryKeys:
    """Keys of accepted requests, per endpoint, oldest first; a failed request leaves none."""

    by_endpoint: dict[str, dict[str, Accepted]] = field(default_factory=dict)

    def find(self, endpoint: str, key: str, now_ms: int) -> Accepted | None:
        accepted = self.by_endpoint.get(endpoint, {}).get(key)
        if accepted is None or now_ms - accepted.at_ms >= RETRY_KEY_MS:
            return None
        return accepted

    def keep(self, endpoint: str, key: str, accepted: Accepted) -> None:
        keys = self.by_endpoint.setdefault(endpoint, {})
        keys.pop(key, None)
        aging.forget(keys, lambda old: accepted.at_ms - old.at_ms >= RETRY_KEY_MS)
        keys[key] = accepted
