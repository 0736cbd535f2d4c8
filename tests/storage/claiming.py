"""Claiming outbox rows and ending their attempts, as a sender does."""

from collections.abc import Sequence

from storage.outbox import claims, ends
from tests.jobs import posting

LEASES = claims.Leases(15, 30)
EVERYTHING = {"reply": 100, "push": 100, "multicast": 100}
TANAKA, SATO, SUZUKI = (f"U{n:032x}" for n in (1, 2, 3))
GROUP = f"C{1:032x}"


async def claim(only: Sequence[int] | None = None, **places: int) -> list[claims.Claimed]:
    return await claims.claim(posting.ZONE, places or EVERYTHING, LEASES, only)


async def claimed_ids(only: Sequence[int] | None = None, **places: int) -> list[int]:
    return [row.id for row in await claim(only, **places)]


async def end(rows: Sequence[claims.Claimed], word: str, pause: float = 0.0) -> list[ends.End]:
    verdicts = [ends.Verdict(row.id, row.attempt, word, pause, "request", None) for row in rows]
    return await ends.settle(posting.ZONE, verdicts)
