"""Scenarios: immutable versions of steps, and each friend's walk through one (a subscription)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import clock, database, friends, named, names

DOUBTED = "restored"  # the reason for which a step is parked when nobody knows whether it has left


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


_WALK = (
    "id, friend_id AS friend, scenario_id AS scenario, version_id AS version, position, due_at, started_at,"
    " previous_at, state"
)


async def with_due() -> list[int]:
    """Live scenarios that have something due, the one waiting longest first."""
    found = await database.rows(
        f"WITH clock AS MATERIALIZED (SELECT {clock.NOW} AS now)"
        " SELECT s.id FROM scenarios s CROSS JOIN LATERAL (SELECT due_at FROM subscriptions WHERE scenario_id = s.id"
        " AND state = 'active' AND due_at <= (SELECT now FROM clock) ORDER BY due_at LIMIT 1) d"
        " WHERE s.state = 'live' AND s.deleted_at IS NULL ORDER BY d.due_at, s.id"
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


async def claim_due(scenario_id: int, limit: int) -> dict[int, friends.Known]:
    """Lock up to `limit` friends whose step in this scenario is due; those another worker holds are passed over."""
    found = await database.rows(
        f"WITH clock AS MATERIALIZED (SELECT {clock.NOW} AS now)"
        # what is locked counts towards the limit, and what is passed over does not (DELIVERY 9)
        f" SELECT {friends.KNOWN} FROM subscriptions s JOIN friends f ON f.id = s.friend_id"
        " WHERE s.scenario_id = $1 AND s.state = 'active' AND s.due_at <= (SELECT now FROM clock)"
        " ORDER BY s.due_at, s.id LIMIT $2 FOR NO KEY UPDATE OF f SKIP LOCKED",
        scenario_id,
        limit,
    )
    return friends.known(found)


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


async def still_due(ids: Sequence[int], now: datetime) -> list[Walk]:
    """Those of these walks, their friends locked, whose next step is due."""
    found = await database.rows(
        f"SELECT {_WALK} FROM subscriptions WHERE id = ANY($1::bigint[]) AND state = 'active' AND due_at <= $2"
        " ORDER BY due_at, id",
        list(ids),
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


async def resume(friends: Sequence[int], scenario_id: int | None, now: datetime) -> list[int]:
    """Let paused walks of a scenario, or with None of all, go on from their place; whose."""
    found = await database.rows(
        "UPDATE subscriptions SET state = 'active', due_at = greatest(due_at, $3) WHERE friend_id = ANY($1::bigint[])"
        " AND ($2::bigint IS NULL OR scenario_id = $2) AND state = 'paused' RETURNING friend_id",
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A scenario as staff see it; the version ids name its live and its draft version."""

    id: int
    name: str
    state: str
    live_version_id: int | None
    draft_version_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class KeptVersion:
    id: int
    scenario: int
    number: int
    source: str
    definition: dict[str, Any]
    staff: str | None
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A scenario in a list, with the friends who walk through it."""

    id: int
    name: str
    state: str
    has_draft: bool
    walking: int


_KEPT = "id, name, state, live_version_id, draft_version_id, version"
_VERSION = (
    "SELECT v.id, v.scenario_id AS scenario, v.number, v.source, v.definition, s.name AS staff, v.created_at,"
    " v.published_at FROM scenario_versions v LEFT JOIN staff s ON s.id = v.staff_id"
)


async def get(scenario_id: int, *, lock: bool = False) -> Kept:
    """A living scenario that is known to exist."""
    found = await database.rows(
        f"SELECT {_KEPT} FROM scenarios WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", scenario_id
    )
    return Kept(**found[0])


async def make(name: str, now: datetime) -> int:
    """A new scenario without any version; its id. The name must be free."""
    found: int = await database.value(
        "INSERT INTO scenarios (name, name_key, state, created_at) VALUES ($1, $2, 'draft', $3) RETURNING id",
        name,
        names.name_key(name),
        now,
    )
    return found


async def add_version(
    scenario_id: int, source: str, definition: dict[str, Any], staff_id: int | None, now: datetime
) -> KeptVersion:
    """The next version, which becomes the draft; the scenario's row is locked by the caller."""
    version: int = await database.value(
        "INSERT INTO scenario_versions (scenario_id, number, source, definition, staff_id, created_at)"
        " SELECT $1, coalesce(max(number), 0) + 1, $2, $3::jsonb, $4, $5 FROM scenario_versions WHERE scenario_id = $1"
        " RETURNING id",
        scenario_id,
        source,
        orjson.dumps(definition).decode(),
        staff_id,
        now,
    )
    return await version_of(version)


async def version_of(version_id: int) -> KeptVersion:
    found = await database.rows(f"{_VERSION} WHERE v.id = $1", version_id)
    return _version(found[0])


async def versions_of(scenario_id: int, limit: int, offset: int = 0) -> tuple[list[KeptVersion], int]:
    """A page of a scenario's versions, the latest first, and how many there are."""
    found = await database.rows(
        f"{_VERSION} WHERE v.scenario_id = $1 ORDER BY v.number DESC LIMIT $2 OFFSET $3", scenario_id, limit, offset
    )
    total: int = await database.value("SELECT count(*) FROM scenario_versions WHERE scenario_id = $1", scenario_id)
    return [_version(row) for row in found], total


async def version_numbered(scenario_id: int, number: int) -> KeptVersion | None:
    found = await database.row(f"{_VERSION} WHERE v.scenario_id = $1 AND v.number = $2", scenario_id, number)
    return _version(found) if found else None


async def step_keys(scenario_id: int) -> set[str]:
    """Every step key that any version has used: a new step must not take one of them."""
    found = await database.rows(
        "SELECT DISTINCT s ->> 'key' AS key FROM scenario_versions v,"
        " jsonb_array_elements(v.definition -> 'steps') AS s WHERE v.scenario_id = $1",
        scenario_id,
    )
    return {row["key"] for row in found}


async def change(
    scenario_id: int, *, state: str, live: int | None, draft: int | None, published_at: datetime | None = None
) -> int:
    """Set state and versions together; the scenario's new version number of its row."""
    if published_at is not None:
        await database.run(
            "UPDATE scenario_versions SET published_at = coalesce(published_at, $2) WHERE id = $1", live, published_at
        )
    found: int = await database.value(
        "UPDATE scenarios SET state = $2, live_version_id = $3, draft_version_id = $4, version = version + 1"
        " WHERE id = $1 RETURNING version",
        scenario_id,
        state,
        live,
        draft,
    )
    return found


async def delete(scenario_id: int, now: datetime) -> int:
    """Put a scenario into the bin; the new version. Who walks through it stays where they are."""
    found: int = await database.value(
        "UPDATE scenarios SET deleted_at = $2, version = version + 1 WHERE id = $1 RETURNING version",
        scenario_id,
        now,
    )
    return found


async def walking(scenario_id: int) -> int:
    """How many friends are on their way through it."""
    found: int = await database.value(
        "SELECT count(*) FROM subscriptions WHERE scenario_id = $1 AND state IN ('active', 'paused', 'parked')",
        scenario_id,
    )
    return found


async def page(words: str, limit: int, offset: int) -> tuple[list[Counted], int]:
    """Scenarios whose name holds `words`, by number, and how many there are."""
    where = " FROM scenarios s WHERE deleted_at IS NULL AND strpos(name_key, $1) > 0"
    key = names.name_key(words)
    found = await database.rows(
        "SELECT s.id, s.name, s.state, s.draft_version_id IS NOT NULL AS has_draft,"
        " (SELECT count(*) FROM subscriptions w"
        " WHERE w.scenario_id = s.id AND w.state IN ('active', 'paused', 'parked')) AS walking"
        f"{where} ORDER BY s.id LIMIT $2 OFFSET $3",
        key,
        limit,
        offset,
    )
    return [Counted(**row) for row in found], await database.value(f"SELECT count(*){where}", key)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a friend stands in a scenario: `position` of `steps` are behind them."""

    id: int
    scenario: int
    name: str
    state: str
    position: int
    steps: int
    due_at: datetime | None


async def whereabouts(friend_id: int) -> list[Whereabouts]:
    """The scenarios a friend is on the way through."""
    found = await database.rows(
        "SELECT w.id, w.scenario_id AS scenario, s.name, w.state, w.position,"
        " jsonb_array_length(v.definition -> 'steps') AS steps, w.due_at FROM subscriptions w"
        " JOIN scenarios s ON s.id = w.scenario_id JOIN scenario_versions v ON v.id = w.version_id"
        " WHERE w.friend_id = $1 AND w.state IN ('active', 'paused', 'parked') AND s.deleted_at IS NULL ORDER BY w.id",
        friend_id,
    )
    return [Whereabouts(**row) for row in found]


async def on_the_way(friends: Sequence[int], scenario_id: int) -> dict[int, tuple[int, str, datetime | None]]:
    """friend -> (subscription, state, next due) of those who walk through it now."""
    found = await database.rows(
        "SELECT friend_id, id, state, due_at FROM subscriptions WHERE friend_id = ANY($1::bigint[])"
        " AND scenario_id = $2 AND state IN ('active', 'paused', 'parked')",
        list(friends),
        scenario_id,
    )
    return {row["friend_id"]: (row["id"], row["state"], row["due_at"]) for row in found}


async def latest_walks(friends: Sequence[int], scenario_id: int) -> dict[int, int]:
    """friend -> id of the latest subscription to this scenario, whatever became of it."""
    found = await database.rows(
        "SELECT friend_id, max(id) AS id FROM subscriptions WHERE friend_id = ANY($1::bigint[]) AND scenario_id = $2"
        " GROUP BY friend_id",
        list(friends),
        scenario_id,
    )
    return {row["friend_id"]: row["id"] for row in found}


async def uses(scenario_id: int) -> list[named.Use]:
    """Everything live or in draft that starts or stops it; itself does not count."""
    return await named.uses(["$.**.scenario ? (@ == $id)"], scenario_id, but_scenario=scenario_id)


async def due_before(until: datetime) -> int:
    """How many next steps of live scenarios fall due before `until`: messages that are sure to be wanted."""
    found: int = await database.value(
        "SELECT count(*) FROM subscriptions w JOIN scenarios s ON s.id = w.scenario_id"
        " WHERE w.state = 'active' AND w.due_at < $1 AND s.state = 'live' AND s.deleted_at IS NULL",
        until,
    )
    return found


def _version(row: dict[str, Any]) -> KeptVersion:
    return KeptVersion(**row | {"definition": orjson.loads(row["definition"])})


async def called() -> dict[int, str]:
    """Scenario id -> name, deleted ones too."""
    found = await database.rows("SELECT id, name FROM scenarios")
    return {row["id"]: row["name"] for row in found}


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
        "UPDATE subscriptions SET state = 'active', error = NULL WHERE scenario_id = $1 AND state = 'parked'"
        f" AND error = '{DOUBTED}'",
        scenario_id,
    )
