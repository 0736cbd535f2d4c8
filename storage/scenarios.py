"""Scenarios: immutable versions of steps, and each friend's walk through one (a subscription)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from storage import database


class Scenario(Model):
    id = fields.BigIntField(primary_key=True)  # #S3
    name = fields.TextField()
    name_key = fields.TextField()
    state = fields.CharField(max_length=8)  # draft | live | paused
    live_version_id = fields.BigIntField(null=True)  # what a new subscription is pinned to
    draft_version_id = fields.BigIntField(null=True)  # what the next 公開 makes live
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "scenarios"


class ScenarioVersion(Model):
    id = fields.BigIntField(primary_key=True)
    scenario_id = fields.BigIntField()
    number = fields.IntField()
    source = fields.TextField()  # the block as staff wrote it
    definition: fields.JSONField[dict[str, Any]] = fields.JSONField()  # see jobs/scenarios.py
    staff_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)

    class Meta:
        table = "scenario_versions"
        unique_together = (("scenario_id", "number"),)


class Subscription(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    scenario_id = fields.BigIntField()
    version_id = fields.BigIntField()
    state = fields.CharField(max_length=8)  # active | paused | finished | stopped | parked
    position = fields.IntField(default=0, db_default=0)  # index of the next step
    due_at = fields.DatetimeField(null=True)  # when that step is due; null when there is nothing to wait for
    started_at = fields.DatetimeField()
    previous_at = fields.DatetimeField(null=True)  # when the step before was carried out
    ended_at = fields.DatetimeField(null=True)
    error = fields.TextField(null=True)  # why it is parked

    class Meta:
        table = "subscriptions"
        indexes = (("friend_id",), ("scenario_id", "state"))


@dataclass(slots=True)
class Walk:
    """One friend's subscription as a transaction holds it, its friend locked."""

    id: int
    friend: int
    scenario: int
    version: int
    position: int
    due_at: datetime | None
    started_at: datetime
    previous_at: datetime | None
    state: str = "active"


_WALK = "id, friend_id AS friend, scenario_id AS scenario, version_id AS version, position, due_at, started_at, previous_at, state"


async def with_due(now: datetime) -> list[int]:
    """Live scenarios that have something due, the one waiting longest first."""
    found = await database.rows(
        "SELECT s.id FROM scenarios s CROSS JOIN LATERAL (SELECT due_at FROM subscriptions WHERE scenario_id = s.id"
        " AND state = 'active' AND due_at <= $1 ORDER BY due_at LIMIT 1) d"
        " WHERE s.state = 'live' AND s.deleted_at IS NULL ORDER BY d.due_at, s.id",
        now,
    )
    return [row["id"] for row in found]


async def next_due() -> datetime | None:
    """When the next step of any live scenario is due (business time)."""
    found: datetime | None = await database.value(
        "SELECT min(d.due_at) FROM scenarios s CROSS JOIN LATERAL (SELECT due_at FROM subscriptions"
        " WHERE scenario_id = s.id AND state = 'active' AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) d"
        " WHERE s.state = 'live' AND s.deleted_at IS NULL"
    )
    return found


async def claim_due(scenario_id: int, now: datetime, limit: int) -> list[int]:
    """Lock up to `limit` friends whose step in this scenario is due; those another worker holds are passed over."""
    found = await database.rows(
        # the inner query locks and skips, and only what is locked counts towards its limit (DELIVERY 9)
        "SELECT DISTINCT id FROM (SELECT f.id FROM subscriptions s JOIN friends f ON f.id = s.friend_id"
        " WHERE s.scenario_id = $1 AND s.state = 'active' AND s.due_at <= $2 ORDER BY s.due_at, s.id LIMIT $3"
        " FOR NO KEY UPDATE OF f SKIP LOCKED) claimed",
        scenario_id,
        now,
        limit,
    )
    return [row["id"] for row in found]


async def due_walks(friends: Sequence[int], now: datetime) -> list[Walk]:
    """All due walks of these locked friends in live scenarios, in due order."""
    found = await database.rows(
        f"SELECT {_WALK} FROM subscriptions w WHERE friend_id = ANY($1::bigint[]) AND state = 'active' AND due_at <= $2"
        " AND EXISTS (SELECT 1 FROM scenarios s WHERE s.id = w.scenario_id AND s.state = 'live' AND s.deleted_at"
        " IS NULL)"
        " ORDER BY due_at, id",
        list(friends),
        now,
    )
    return [Walk(**row) for row in found]


async def walks(friends: Sequence[int], scenario_id: int) -> list[Walk]:
    """The latest walk of each of these friends in a scenario, whatever its state."""
    found = await database.rows(
        f"SELECT DISTINCT ON (friend_id) {_WALK} FROM subscriptions"
        " WHERE friend_id = ANY($1::bigint[]) AND scenario_id = $2 ORDER BY friend_id, id DESC",
        list(friends),
        scenario_id,
    )
    return [Walk(**row) for row in found]


async def begin(friends: Sequence[int], scenario_id: int, version_id: int, position: int, now: datetime) -> list[Walk]:
    """New walks for these friends; a friend who is already walking is passed over by the rule in the database."""
    found = await database.rows(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, started_at)"
        " SELECT f, $2, $3, 'active', $4, $5 FROM unnest($1::bigint[]) AS x (f)"
        " ON CONFLICT (friend_id, scenario_id) WHERE state IN ('active', 'paused', 'parked') DO NOTHING"
        f" RETURNING {_WALK}",
        list(friends),
        scenario_id,
        version_id,
        position,
        now,
    )
    return [Walk(**row) for row in found]


async def save(walks: Sequence[Walk], now: datetime) -> None:
    """Write back where these walks stand."""
    await database.run(
        "UPDATE subscriptions w SET state = x.state, position = x.position, due_at = x.due_at, previous_at ="
        " x.previous_at,"
        " ended_at = CASE WHEN x.state IN ('finished', 'stopped') THEN $6::timestamptz END"
        " FROM unnest($1::bigint[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[])"
        " AS x (id, state, position, due_at, previous_at) WHERE w.id = x.id",
        [walk.id for walk in walks],
        [walk.state for walk in walks],
        [walk.position for walk in walks],
        [walk.due_at for walk in walks],
        [walk.previous_at for walk in walks],
        now,
    )


async def stop(friends: Sequence[int], scenario_id: int | None, now: datetime) -> list[tuple[int, int]]:
    """Take these friends off one scenario, or with None off all; the (friend, scenario) pairs that were walking."""
    found = await database.rows(
        "UPDATE subscriptions SET state = 'stopped', due_at = NULL, ended_at = $3 WHERE friend_id = ANY($1::bigint[])"
        " AND state IN ('active', 'paused', 'parked') AND ($2::bigint IS NULL OR scenario_id = $2)"
        " RETURNING friend_id, scenario_id",
        list(friends),
        scenario_id,
        now,
    )
    return [(row["friend_id"], row["scenario_id"]) for row in found]


async def pause(friends: Sequence[int]) -> None:
    """Hold all walks of friends who have blocked us; their place is kept."""
    await database.run(
        "UPDATE subscriptions SET state = 'paused' WHERE friend_id = ANY($1::bigint[]) AND state = 'active'",
        list(friends),
    )


async def resume(friends: Sequence[int], scenario_id: int, now: datetime) -> list[int]:
    """Let paused walks of a scenario go on from their place; whose."""
    found = await database.rows(
        "UPDATE subscriptions SET state = 'active', due_at = greatest(due_at, $3) WHERE friend_id = ANY($1::bigint[])"
        " AND scenario_id = $2 AND state = 'paused' RETURNING friend_id",
        list(friends),
        scenario_id,
        now,
    )
    return [row["friend_id"] for row in found]


async def park(friend: int, now: datetime, error: str) -> None:
    """Take a friend's oldest due step out of the due index, with the reason, so that it holds up nobody else."""
    await database.run(
        "UPDATE subscriptions SET state = 'parked', error = $3 WHERE id = (SELECT id FROM subscriptions"
        " WHERE friend_id = $1 AND state = 'active' AND due_at <= $2 ORDER BY due_at, id LIMIT 1)",
        friend,
        now,
        error[:500],
    )
