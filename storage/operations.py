"""Operations: deeds that concern many friends, frozen when confirmed and carried out in claimed chunks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, segments
from storage.segments import drawn


class Operation(Model):
    id = fields.BigIntField(primary_key=True)
    actions: fields.JSONField[list[dict[str, Any]]] = (
        fields.JSONField()
    )  # the action list to run for each friend, resolved
    state = fields.CharField(
        max_length=10
    )  # waiting (its time is still to come) | running | stopped | done | parked | held (nothing is done)
    total = fields.IntField()
    done = fields.IntField(default=0, db_default=0)
    audit_id = fields.BigIntField(null=True)
    error = fields.TextField(null=True)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "operations"


class OperationFriend(Model):
    id = fields.BigIntField(primary_key=True)
    operation_id = fields.BigIntField()
    friend_id = fields.BigIntField()
    # open | done | parked | dropped (parked, and cleared away by staff) | held
    state = fields.CharField(max_length=8)
    doubted = fields.BooleanField(default=False, db_default=False)  # put aside since a restore: it may have been done

    class Meta:
        table = "operation_friends"
        unique_together = (("operation_id", "friend_id"),)


@dataclass(frozen=True, slots=True)
class Running:
    id: int
    actions: list[dict[str, Any]]


async def begin(friends: Sequence[int], actions: str, audit_id: int | None, now: datetime) -> int:
    """A new operation over exactly these friends; its id."""
    operation: int = await database.value(
        "INSERT INTO operations (actions, state, total, audit_id, created_at)"
        " VALUES ($1::jsonb, 'running', $2, $3, $4) RETURNING id",
        actions,
        len(friends),
        audit_id,
        now,
    )
    await database.run(
        "INSERT INTO operation_friends (operation_id, friend_id, state) SELECT $1, f, 'open' FROM"
        " unnest($2::bigint[]) AS x (f)",
        operation,
        list(friends),
    )
    return operation


async def freeze(
    segment: segments.Segment, sight: segments.Sight, actions: str, state: Literal["waiting", "running"]
) -> tuple[int, int]:
    """A new operation over all who fit now and whom a promotion does not leave out; its id, and how many they are.

    They never leave the database: there may be a million of them, which takes longer than a statement may elsewhere.
    """
    operation: int = await database.value(
        "INSERT INTO operations (actions, state, total, created_at) VALUES ($1::jsonb, $2, 0, $3) RETURNING id",
        actions,
        state,
        sight.now,
    )
    statement = segments.Statement(sight, [operation])
    meant = segments.meant(segment, sight.meaning)
    fits = statement.among(meant, segments.left_out(meant, promotion=True))
    total: int = await database.slow_value(
        "WITH frozen AS (INSERT INTO operation_friends (operation_id, friend_id, state)"
        f" SELECT $1::bigint, f.id, 'open' FROM friends f WHERE {fits} ORDER BY f.id RETURNING 1)"
        " UPDATE operations SET total = (SELECT count(*) FROM frozen) WHERE id = $1 RETURNING total",
        *statement.values,
    )
    return operation, total


async def divide(
    operation: int,
    draw: int,
    ends: tuple[int, int],
    actions: Sequence[Mapping[str, Any]],
    state: Literal["waiting", "held"],
    now: datetime,
) -> tuple[int, int]:
    """Move the friends of an operation that has not begun whose lot in the draw lies there to a new one; its id, and
    how many they are."""
    new: int = await database.value(
        "INSERT INTO operations (actions, state, total, created_at) VALUES ($1::jsonb, $2, 0, $3) RETURNING id",
        orjson.dumps(list(actions)).decode(),
        state,
        now,
    )
    lot = drawn.half("o.friend_id", "$3::bigint", drawn.HALVES["group"])
    moved: int = await database.slow_value(
        "WITH moved AS (UPDATE operation_friends o SET operation_id = $2, state = $6 WHERE o.operation_id = $1"
        f" AND o.state = 'open' AND {lot} >= $4::bigint AND {lot} < $5::bigint RETURNING 1),"
        " less AS (UPDATE operations SET total = total - (SELECT count(*) FROM moved) WHERE id = $1)"
        " UPDATE operations SET total = (SELECT count(*) FROM moved) WHERE id = $2 RETURNING total",
        operation,
        new,
        draw,
        *ends,
        "held" if state == "held" else "open",
    )
    return new, moved


async def drawn_from(operation: int, draw: int, ends: tuple[int, int]) -> int:
    """How many of its friends have their lot in the draw there."""
    lot = drawn.half("o.friend_id", "$2::bigint", drawn.HALVES["group"])
    found: int = await database.value(
        "SELECT count(*)::int FROM operation_friends o WHERE o.operation_id = $1"
        f" AND {lot} >= $3::bigint AND {lot} < $4::bigint",
        operation,
        draw,
        *ends,
    )
    return found


async def total(operation: int) -> int:
    """Friends whom it means."""
    found: int = await database.value("SELECT total FROM operations WHERE id = $1", operation)
    return found


async def start(operation: int) -> None:
    """Let one that waits be carried out."""
    await database.run("UPDATE operations SET state = 'running' WHERE id = $1 AND state = 'waiting'", operation)


async def running() -> list[Running]:
    """All that are running, those that have done least first: a small one does not wait until a large one is over."""
    found = await database.rows("SELECT id, actions FROM operations WHERE state = 'running' ORDER BY done, id")
    return [Running(row["id"], orjson.loads(row["actions"])) for row in found]


async def still_to_write(kinds: Sequence[str]) -> int:
    """Messages that running ones have not yet written: actions of these kinds that nothing holds back or limits."""
    found: int = await database.value(
        "SELECT coalesce(sum((p.total - p.done)::bigint * (SELECT count(*) FROM jsonb_array_elements(p.actions) a"
        " WHERE a->>'do' = ANY($1::text[]) AND (NOT a ?| ARRAY['if', 'once', 'after']"
        # of what is drawn between, everybody gets one: the first of them stands for all
        " OR a#>>'{if,all,0,of}' = 'variant' AND a#>>'{if,all,0,from}' = '0'))), 0)::bigint"
        " FROM operations p WHERE p.state = 'running'",
        list(kinds),
    )
    return found


async def claim(operation: int, limit: int) -> list[int]:
    """Lock up to `limit` friends still to be done; those another worker holds are passed over.

    LATERAL keeps the planner from reading all friends, however many are open.
    """
    found: list[int] = await database.value(
        "SELECT coalesce(array_agg(id), '{}') FROM (SELECT f.id FROM"
        " (SELECT friend_id FROM operation_friends WHERE operation_id = $1 AND state = 'open' ORDER BY friend_id) o,"
        " LATERAL (SELECT id FROM friends WHERE id = o.friend_id FOR NO KEY UPDATE SKIP LOCKED) f LIMIT $2) x",
        operation,
        limit,
    )
    return found


async def still_open(operation: int, friends: Sequence[int]) -> list[int]:
    """Who of these locked friends has not been done yet; a statement of its own after the locks (DELIVERY 4)."""
    found: list[int] = await database.value(
        "SELECT coalesce(array_agg(friend_id ORDER BY friend_id), '{}') FROM operation_friends"
        " WHERE operation_id = $1 AND friend_id = ANY($2::bigint[]) AND state = 'open'",
        operation,
        list(friends),
    )
    return found


async def done(operation: int, friends: Sequence[int]) -> bool:
    """Count these locked friends as done; False when it has been stopped, and nothing for them must be committed.

    The operation's row is locked, after the friends, as late as may be: chunks of one operation go side by side.
    """
    ended: int = await database.value(
        "WITH ended AS (UPDATE operation_friends SET state = 'done' WHERE operation_id = $1"
        " AND friend_id = ANY($2::bigint[]) AND state = 'open' RETURNING 1) SELECT count(*) FROM ended",
        operation,
        list(friends),
    )
    found = await database.rows(
        "UPDATE operations SET done = done + $2 WHERE id = $1 AND state = 'running' RETURNING id", operation, ended
    )
    return bool(found)


async def park(operation: int, friend: int) -> None:
    await database.run(
        "UPDATE operation_friends SET state = 'parked' WHERE operation_id = $1 AND friend_id = $2 AND state = 'open'",
        operation,
        friend,
    )


async def doubt_running() -> None:
    """Whom running ones had still to reach may have been reached before a restore: they are parked until staff decide.

    Of one that waits for its time nobody has been: it is the run that is doubted.
    """
    await database.slow_value(
        "UPDATE operation_friends o SET state = 'parked', doubted = true FROM operations p"
        " WHERE p.id = o.operation_id AND p.state = 'running' AND o.state = 'open'"
    )


async def doubted() -> int:
    """How many friends are held for that reason."""
    found: int = await database.value(
        "SELECT count(*)::int FROM operation_friends o JOIN operations p ON p.id = o.operation_id"
        " WHERE o.state = 'parked' AND o.doubted AND p.state <> 'stopped'"
    )
    return found


async def take_up(ids: Sequence[int]) -> None:
    """Let operations that have ended go on with the friends who were left out, unless staff have taken them back.

    The history's entries are locked as an undo locks them, and then the operations, before they are looked at.
    """
    locked = "SELECT 1 FROM operations WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
    await database.run(
        "SELECT 1 FROM audit_entries WHERE id IN (SELECT audit_id FROM operations WHERE id = ANY($1::bigint[]))"
        " ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )
    await database.run(locked, list(ids))
    await database.run(
        "WITH again AS (UPDATE operations p SET state = 'running', ended_at = NULL"
        " WHERE p.id = ANY($1::bigint[]) AND p.state = 'done' AND NOT EXISTS (SELECT 1 FROM audit_entries a"
        " WHERE a.id = p.audit_id AND a.undone_at IS NOT NULL) RETURNING p.id)"
        " UPDATE operation_friends o SET state = 'open', doubted = false FROM again WHERE o.operation_id = again.id"
        " AND o.state = 'parked'",
        list(ids),
    )


async def drop(ids: Sequence[int]) -> list[int]:
    """Leave out for good whom these operations have put aside; the rows of `operation_friends`."""
    found = await database.rows(
        "UPDATE operation_friends SET state = 'dropped' WHERE operation_id = ANY($1::bigint[]) AND state = 'parked'"
        " RETURNING id",
        list(ids),
    )
    return [row["id"] for row in found]


async def finish(operation: int, now: datetime) -> bool:
    """Whether the operation is over now, since nobody is left; friends another worker still holds keep it open."""
    found = await database.rows(
        "UPDATE operations SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running' AND NOT EXISTS"
        " (SELECT 1 FROM operation_friends WHERE operation_id = $1 AND state = 'open') RETURNING id",
        operation,
        now,
    )
    return bool(found)


async def halt(operation: int, now: datetime) -> None:
    """Stop it whether or not all of it has been planned, so that nothing of it leaves the outbox either."""
    await database.run(
        "UPDATE operations SET state = 'stopped', ended_at = $2 WHERE id = $1 AND state IN ('running', 'done')",
        operation,
        now,
    )


async def go_on(operation: int) -> bool:
    """Let a stopped operation go on, also with those for whom it had failed; whether it was stopped. Who may have been
    reached before a restore stays aside."""
    found = await database.rows(
        "WITH again AS (UPDATE operations SET state = 'running', ended_at = NULL WHERE id = $1 AND state = 'stopped'"
        " RETURNING id), opened AS (UPDATE operation_friends o SET state = 'open' FROM again"
        " WHERE o.operation_id = again.id AND o.state = 'parked' AND NOT o.doubted)"
        " SELECT id FROM again",
        operation,
    )
    return bool(found)


async def place(operation: int, friend_id: int) -> str | None:
    """How far it has come with this friend; None for whom it does not mean."""
    found: str | None = await database.value(
        "SELECT state FROM operation_friends WHERE operation_id = $1 AND friend_id = $2", operation, friend_id
    )
    return found


async def stop(operation: int, now: datetime) -> int:
    """Stop a running operation; how many friends it will not reach."""
    await database.run(
        "UPDATE operations SET state = 'stopped', ended_at = $2 WHERE id = $1 AND state = 'running'", operation, now
    )
    left: int = await database.value(
        "SELECT count(*) FROM operation_friends WHERE operation_id = $1 AND state = 'open'", operation
    )
    return left
