"""The coupons a shop has made at LINE, as LINE lists them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Coupon:
    """`running`: friends can still get it; LINE sends no other."""

    id: str
    title: str
    running: bool


Told = Sequence[Coupon] | Literal["unreachable"]  # what LINE has answered when it was asked for them
