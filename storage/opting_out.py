"""Friends who want no promotions (配信停止): all else still reaches them."""

from collections.abc import Sequence

from storage import database, friends, outbox

STOPPED, BEGUN = "opted_out", "opted_in"  # of friend_events: what they have written themselves


async def choose(friend_ids: Sequence[int], *, out: bool) -> list[int]:
    """Whom of these locked friends it changed. What promotions had not begun to leave for them never will."""
    changed = await friends.flag(friend_ids, "opted_out", out)
    if out and changed:
        await outbox.cancel_for_friends(changed, promotions=True)
        await outbox.take_from_multicasts(changed, promotions=True)
    return changed


async def wished(friend_ids: Sequence[int]) -> set[int]:
    """Which of these wanted it so themselves, by the last that they have said about it."""
    found = await database.rows(
        "SELECT DISTINCT ON (friend_id) friend_id, kind FROM friend_events WHERE friend_id = ANY($1::bigint[])"
        " AND kind IN ($2, $3) ORDER BY friend_id, at DESC, id DESC",
        list(friend_ids),
        STOPPED,
        BEGUN,
    )
    return {row["friend_id"] for row in found if row["kind"] == STOPPED}
