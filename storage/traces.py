"""What the record tells of one friend's way through a scenario: walks, sends, and what was noted on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from storage import database
from storage.scenarios import subscriptions

# What is noted of a friend and a scenario.
OWN = (
    *("scenario_started", "scenario_resumed", "scenario_finished", "scenario_stopped", "scenario_ended"),
    *("scenario_left", "scenario_restarted", "left_out", "step_skipped"),
)


@dataclass(frozen=True, slots=True)
class Traced:
    """A friend's walk through a scenario; `position` of its steps are behind them."""

    id: int
    scenario: int
    version: int
    number: int  # of the version
    state: str
    position: int
    due_at: datetime | None
    started_at: datetime
    counted_from: datetime  # later than that by what it has rested
    ended_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one step: `state` is the delivery's own, or that of the LINE call it was part of."""

    cause: str
    state: str
    at: datetime  # when it was decided
    sent_at: datetime | None  # when the call was begun
    kind: str | None  # reply | push | multicast
    klass: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Noted:
    kind: str
    at: datetime
    data: dict[str, Any]


async def walks(friend_id: int, scenario_id: int | None = None) -> list[Traced]:
    """The latest walk through each scenario, or through this one, that has not been deleted; the newest first."""
    found = await database.rows(
        "SELECT * FROM (SELECT DISTINCT ON (w.scenario_id) w.id, w.scenario_id AS scenario, w.version_id AS version,"
        f" v.number, w.state, w.position, w.due_at, w.started_at, {subscriptions.COUNTED} AS counted_from, w.ended_at,"
        " w.error FROM subscriptions w JOIN scenarios s ON s.id = w.scenario_id JOIN scenario_versions v"
        " ON v.id = w.version_id"
        " WHERE w.friend_id = $1 AND ($2::bigint IS NULL OR w.scenario_id = $2) AND s.deleted_at IS NULL"
        " ORDER BY w.scenario_id, w.id DESC) latest ORDER BY started_at DESC, id DESC",
        friend_id,
        scenario_id,
    )
    return [Traced(**row) for row in found]


async def sent(friend_id: int, causes: Sequence[str]) -> dict[str, Sent]:
    """Cause -> what became of it, of those there is a record of."""
    found = await database.rows(
        "SELECT d.cause, coalesce(d.state, o.state, 'lost') AS state, d.at,"
        " coalesce(o.reply_started_at, o.attempted_at) AS sent_at, o.kind, o.class AS klass, o.error"
        " FROM deliveries d LEFT JOIN outbox o ON o.id = d.outbox_id"
        " WHERE d.friend_id = $1 AND d.cause = ANY($2::text[])",
        friend_id,
        list(causes),
    )
    return {row["cause"]: Sent(**row) for row in found}


@dataclass(frozen=True, slots=True)
class PutOff:
    """Actions that a step, or what it had put off, left for later; `state` as in `storage.delayed`, for thirty days."""

    step: str  # its key
    actions: list[dict[str, Any]]
    due_at: datetime
    state: str


async def put_off(friend_id: int, walk_id: int) -> list[PutOff]:
    """What the steps of a walk have left for later, as it is due."""
    found = await database.rows(
        "SELECT split_part(root, ':', 3) AS step, actions, due_at, state FROM delayed_actions"
        " WHERE friend_id = $1 AND walk_id = $2 ORDER BY due_at, id",
        friend_id,
        walk_id,
    )
    return [PutOff(**row | {"actions": orjson.loads(row["actions"])}) for row in found]


async def noted(friend_id: int, scenario_id: int, limit: int) -> list[Noted]:
    """What was noted of them in this scenario, the latest first."""
    found = await database.rows(
        "SELECT kind, at, data FROM friend_events WHERE friend_id = $1 AND subject = $2"
        " AND (kind = ANY($3::text[]) OR kind LIKE 'refused%') ORDER BY at DESC, id DESC LIMIT $4",
        friend_id,
        scenario_id,
        list(OWN),
        limit,
    )
    return [_noted(row) for row in found]


async def refused(friend_id: int, limit: int) -> list[tuple[int, Noted]]:
    """The scenarios that a friend was not let into, and why, the latest first."""
    found = await database.rows(
        "SELECT subject, kind, at, data FROM friend_events WHERE friend_id = $1 AND kind LIKE 'refused%'"
        " AND EXISTS (SELECT 1 FROM scenarios s WHERE s.id = subject AND s.deleted_at IS NULL)"
        " ORDER BY at DESC, id DESC LIMIT $2",
        friend_id,
        limit,
    )
    return [(row["subject"], _noted(row)) for row in found]


async def definitions(version_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Scenario versions as they are stored."""
    found = await database.rows(
        "SELECT id, definition FROM scenario_versions WHERE id = ANY($1::bigint[])", list(version_ids)
    )
    return {row["id"]: orjson.loads(row["definition"]) for row in found}


def _noted(row: dict[str, Any]) -> Noted:
    return Noted(row["kind"], row["at"], orjson.loads(row["data"]) if row["data"] is not None else {})
