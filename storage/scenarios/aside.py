"""Walks put aside: steps that failed, cannot be read, or may have left before a restore; held until staff decide."""

from collections.abc import Sequence
from datetime import datetime

from storage import clock, database

DOUBTED = "restored"  # the reason for which a step is parked when nobody knows whether it has left


async def park(friend: int, now: datetime, error: str) -> None:
    """Take a friend's oldest due step out of the due index, with the reason, so that it holds up nobody else."""
    await database.run(
        "UPDATE subscriptions SET state = 'parked', error = $3 WHERE id = (SELECT id FROM subscriptions"
        " WHERE friend_id = $1 AND state = 'active' AND due_at <= $2 AND EXISTS (SELECT 1 FROM scenarios s"
        " WHERE s.id = scenario_id AND s.state = 'live' AND s.deleted_at IS NULL) ORDER BY due_at, id LIMIT 1)",
        friend,
        now,
        error[:500],
    )


async def put_aside(ids: Sequence[int], error: str) -> None:
    """Take these walks out, whose friends are locked."""
    await database.run(
        "UPDATE subscriptions SET state = 'parked', error = $2 WHERE id = ANY($1::bigint[]) AND state = 'active'",
        list(ids),
        error,
    )


async def doubt_due() -> None:
    """What fell due while nobody was there may have left before a restore: it is parked until staff decide."""
    await database.run(
        f"UPDATE subscriptions SET state = 'parked', error = '{DOUBTED}'"
        f" WHERE state = 'active' AND due_at <= {clock.NOW}"
    )


async def doubted() -> dict[int, int]:
    """Scenario id -> how many friends' next step is held for that reason."""
    found = await database.rows(
        "SELECT scenario_id, count(*)::int AS friends FROM subscriptions"
        f" WHERE state = 'parked' AND error = '{DOUBTED}' GROUP BY 1 ORDER BY 1"
    )
    return {row["scenario_id"]: row["friends"] for row in found}


async def trust(scenario_id: int) -> None:
    """Staff have decided: the held steps of a scenario are carried out after all."""
    await database.run(
        "UPDATE subscriptions w SET error = NULL, state ="
        " CASE WHEN (SELECT f.shut FROM friends f WHERE f.id = w.friend_id) THEN 'paused' ELSE 'active' END"
        f" WHERE scenario_id = $1 AND state = 'parked' AND error = '{DOUBTED}'",
        scenario_id,
    )


async def parked(
    scenario_ids: Sequence[int], limit: int, among: Sequence[int] | None = None
) -> dict[int, tuple[int, int]]:
    """subscription -> (friend, scenario) of the walks put aside in these scenarios; of the friends `among` if given."""
    found = await database.rows(
        "SELECT id, friend_id, scenario_id FROM subscriptions WHERE state = 'parked'"
        " AND scenario_id = ANY($1::bigint[]) AND ($3::bigint[] IS NULL OR friend_id = ANY($3)) ORDER BY id LIMIT $2",
        list(scenario_ids),
        limit,
        None if among is None else list(among),
    )
    return {row["id"]: (row["friend_id"], row["scenario_id"]) for row in found}


async def take_up(ids: Sequence[int], now: datetime) -> None:
    """Let walks that were put aside go on, their friends locked; who has blocked us meanwhile waits for a return."""
    await database.run(
        "UPDATE subscriptions w SET error = NULL, due_at = coalesce(w.due_at, $2), state ="
        " CASE WHEN (SELECT f.shut FROM friends f WHERE f.id = w.friend_id) THEN 'paused' ELSE 'active' END"
        " WHERE w.id = ANY($1::bigint[]) AND w.state = 'parked'",
        list(ids),
        now,
    )
