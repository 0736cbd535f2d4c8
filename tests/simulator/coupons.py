"""Coupons an account has made; they run until they are closed."""

from dataclasses import dataclass, field
from typing import Any

from tests.simulator import ids

RUNNING, CLOSED = "RUNNING", "CLOSED"


@dataclass(slots=True)
class Coupon:
    """content: what the bot asked for."""

    id: str
    created_ms: int
    content: dict[str, Any]
    closed: bool = False

    @property
    def status(self) -> str:
        return CLOSED if self.closed else RUNNING


@dataclass(slots=True)
class Coupons:
    """by_id, oldest first."""

    by_id: dict[str, Coupon] = field(default_factory=dict)

    def add(self, content: dict[str, Any], now_ms: int) -> Coupon:
        made = Coupon(ids.ulid(now_ms), now_ms, content)
        self.by_id[made.id] = made
        return made

    def runs(self, coupon_id: object) -> bool:
        found = self.by_id.get(coupon_id) if isinstance(coupon_id, str) else None
        return found is not None and not found.closed
