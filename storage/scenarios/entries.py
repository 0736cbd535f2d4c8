"""Beginning a scenario among others: places under its cap, walks that go on, walks that give way."""

from collections.abc import Sequence
from datetime import datetime

from storage import database
from storage.scenarios.subscriptions import WALK, Walk

OPEN = ("active", "paused", "parked")  # states of a walk that is on its way


async def begun_under_lock(scenario_id: int) -> int:
    """How many friends have ever begun it; nobody else can begin it until this transaction ends."""
    await database.rows("SELECT id FROM scenarios WHERE id = $1 FOR NO KEY UPDATE", scenario_id)
    return await begun(scenario_id)


async def begun(scenario_id: int) -> int:
    """How many friends have ever begun it."""
    found: int = await database.value(
        "SELECT count(DISTINCT friend_id) FROM subscriptions WHERE scenario_id = $1", scenario_id
    )
    return found


async def latest_stopped(friends: Sequence[int], scenario_id: int) -> list[Walk]:
    """The walks of these locked friends who were taken off a scenario and have not begun it again."""
    found = await database.rows(
        f"SELECT * FROM (SELECT DISTINCT ON (friend_id) {WALK} FROM subscriptions"
        " WHERE friend_id = ANY($1::bigint[]) AND scenario_id = $2 ORDER BY friend_id, id DESC) w"
        " WHERE state = 'stopped'",
        list(friends),
        scenario_id,
    )
    return [Walk(**row) for row in found]


async def stop_others(friends: Sequence[int], but_scenario: int, now: datetime) -> list[tuple[int, int]]:
    """Take these friends off every other scenario; the (friend, scenario) pairs that were walking."""
    found = await database.rows(
        "UPDATE subscriptions SET state = 'stopped', due_at = NULL, ended_at = $3 WHERE friend_id = ANY($1::bigint[])"
        " AND state IN ('active', 'paused', 'parked') AND scenario_id <> $2 RETURNING friend_id, scenario_id",
        list(friends),
        but_scenario,
        now,
    )
    return [(row["friend_id"], row["scenario_id"]) for row in found]
