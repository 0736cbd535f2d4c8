"""Friends whom the shop blocks: nothing more is sent to them, all that is known of them stays."""

from collections.abc import Sequence
from datetime import datetime

from storage import database, delayed, outbox, scenarios


async def block(friend_ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Whom of these locked friends it is new for, and what had been put off for them (`delayed.restore`).

    Their walks rest in their place, and what has not begun to leave is closed.
    """
    found = await database.rows(
        "UPDATE friends SET blocked_by_us = true WHERE id = ANY($1::bigint[]) AND NOT blocked_by_us RETURNING id",
        list(friend_ids),
    )
    blocked = sorted(row["id"] for row in found)
    if not blocked:
        return [], []
    await scenarios.pause(blocked)
    await outbox.cancel_for_friends(blocked)
    await outbox.take_from_multicasts(blocked)
    return blocked, await delayed.call_off_for(blocked)


async def release(friend_ids: Sequence[int], now: datetime) -> dict[int, bool]:
    """Whom of these locked friends we had blocked -> whether they can be reached now, and then their walks go on."""
    found = await database.rows(
        "UPDATE friends SET blocked_by_us = false WHERE id = ANY($1::bigint[]) AND blocked_by_us"
        " RETURNING id, blocked_us",
        list(friend_ids),
    )
    reached = {row["id"]: not row["blocked_us"] for row in found}
    await scenarios.resume([friend for friend, so in reached.items() if so], None, now)
    return reached
