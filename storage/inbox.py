"""The inbox: every webhook event exactly once, its bytes kept, worked off chat by chat (a chat is a lane)."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.models import Model

from storage import clock, database

ERROR_LENGTH = 500
ATTEMPT = 15  # seconds an attempt may take before another process counts one of its own


class InboxEvent(Model):
    id = fields.BigIntField(primary_key=True)
    webhook_event_id = fields.CharField(max_length=64, unique=True)
    chat = fields.CharField(max_length=64)  # lane: the group, room or user id; "" for what has no chat
    event_at = fields.DatetimeField()
    received_at = fields.DatetimeField()  # business time; a redelivery refreshes it
    body = fields.BinaryField()
    # open | done | parked | dropped (parked, and cleared away by staff) | foreign (another destination) | unreadable
    # | stale (older than the ids kept)
    state = fields.CharField(max_length=12)
    # The process that takes an event in makes the first attempt; later ones are counted in a commit before the work.
    attempts = fields.IntField(default=1, db_default=1)
    tried_at = fields.DatetimeField(null=True)  # real time: when the last counted attempt began
    error = fields.TextField(null=True)  # how the work failed
    what = fields.CharField(max_length=16, null=True)  # of a parked event: its class in jobs.heard
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "inbox"


@dataclass(slots=True)  # not frozen: that would cost a microsecond for each event
class Incoming:
    """An event at the door, not yet stored."""

    webhook_event_id: str
    chat: str
    event_at: datetime | None  # None: LINE gave no usable time, and the time of receipt stands for it
    body: bytes
    state: str = "open"  # open | foreign | unreadable
    redelivered: bool = False
    arrived: float = field(default_factory=time.monotonic)  # real seconds; a late commit keeps the true received_at


@dataclass(frozen=True, slots=True)
class Event:
    """An event in the inbox."""

    id: int
    webhook_event_id: str
    chat: str
    event_at: datetime
    received_at: datetime
    body: bytes
    attempts: int
    error: str | None


class Unfit(Exception):
    """PostgreSQL refuses something in a row."""


class Away(Exception):
    """The database cannot take rows now; whether it has taken these is not known. The text is the error's name."""


# Without its text: an error about data quotes them.
UNFIT = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
FAILURES = (*database.TRANSIENT, asyncpg.PostgresError)

COLUMNS = "id, webhook_event_id, chat, event_at, received_at, body, attempts, error"

# One statement for a group. What is stored already stays as it is, but a redelivery gives the reply token of an event
# not yet worked off another minute, until 20 minutes after it happened (LINE_PLATFORM 2). An event older than the ids
# we keep cannot be told from a repetition: it is kept and never processed (DELIVERY 8). A time yet to come would outdo
# all later news about its friend: a clock may be fast by an hour, no more.
INSERT = """
WITH moment AS MATERIALIZED (
    SELECT clock_timestamp() + clock_offset_us * interval '1 microsecond' AS now FROM account WHERE id = 1
), arrived AS (
    SELECT e.id, e.chat, least(coalesce(e.at, received.at), received.at + interval '1 hour') AS event_at,
           received.at AS received_at, e.body, moment.now,
           CASE WHEN e.state = 'open' AND e.at < moment.now - interval '7 days' THEN 'stale' ELSE e.state END AS state
    FROM moment,
         unnest($1::text[], $2::text[], $3::timestamptz[], $4::float8[], $5::bytea[], $6::text[])
             AS e(id, chat, at, waited, body, state),
         LATERAL (SELECT moment.now - e.waited * interval '1 second' AS at) AS received
), stored AS (
    INSERT INTO inbox (webhook_event_id, chat, event_at, received_at, body, state, done_at)
    SELECT id, chat, event_at, received_at, body, state, CASE WHEN state <> 'open' THEN now END FROM arrived
    ON CONFLICT (webhook_event_id) DO UPDATE SET received_at = excluded.received_at
    WHERE inbox.state = 'open' AND excluded.webhook_event_id = ANY($7::text[])
      AND excluded.received_at > inbox.received_at
      AND excluded.received_at <= inbox.event_at + interval '20 minutes'
    RETURNING chat, state
)
SELECT array_agg(DISTINCT chat) FROM stored WHERE state = 'open'
"""


async def insert(rows: Iterable[Incoming]) -> list[str]:
    """Store a group of events in one statement and commit, over the intake's own pool; the chats that have new work.

    Raises Unfit or Away.
    """
    unique = _each_once(rows)
    now = time.monotonic()
    columns = [
        [row.webhook_event_id for row in unique],
        [row.chat for row in unique],
        [row.event_at for row in unique],
        [now - row.arrived for row in unique],
        [row.body for row in unique],
        [row.state for row in unique],
        [row.webhook_event_id for row in unique if row.redelivered],
    ]
    try:
        async with get_connection(database.INTAKE).acquire_connection() as connection:
            chats: list[str] | None = await connection.fetchval(INSERT, *columns)
    except UNFIT:
        raise Unfit from None
    except FAILURES as error:
        raise Away(type(error).__name__) from None
    return chats or []


def _each_once(rows: Iterable[Incoming]) -> list[Incoming]:
    """The rows without repetitions, in the order of their ids, so that two processes never wait crosswise."""
    by_id: dict[str, Incoming] = {}
    for row in rows:
        if row.webhook_event_id not in by_id or row.redelivered:
            by_id[row.webhook_event_id] = row
    return [by_id[key] for key in sorted(by_id)]


async def open_chats(older_than_seconds: float, limit: int, *, tried: bool = True) -> list[str]:
    """Chats with an open event received longer ago than that, the longest waiting first; with `tried` off without
    those at which another process may be working.

    The age is of business time, which never runs slower than real time: no chat is found later than it should be.
    """
    found = await database.rows(
        "SELECT chat FROM inbox WHERE state = 'open' GROUP BY chat"
        f" HAVING min(received_at) <= {clock.NOW} - $1::float8 * interval '1 second'"
        f" AND ($3 OR coalesce(max(tried_at) < now() - interval '{ATTEMPT} s', true))"
        " ORDER BY min(received_at) LIMIT $2",
        older_than_seconds,
        limit,
        tried,
    )
    return [row["chat"] for row in found]


async def lock(chats: Sequence[str]) -> set[str]:
    """Take the lanes of these chats until the transaction ends, without waiting; the ones that were free."""
    found = await database.rows(
        "SELECT chat FROM unnest($1::text[]) AS chat WHERE pg_try_advisory_xact_lock(hashtextextended(chat, 0))",
        list(chats),
    )
    return {row["chat"] for row in found}


async def oldest(chats: Iterable[str]) -> list[Event]:
    """Each chat's oldest open event, oldest first; a statement of its own after `lock`."""
    found = await database.rows(
        f"SELECT e.* FROM unnest($1::text[]) AS c(chat) CROSS JOIN LATERAL (SELECT {COLUMNS} FROM inbox"
        " WHERE state = 'open' AND inbox.chat = c.chat ORDER BY event_at, webhook_event_id LIMIT 1) AS e"
        " ORDER BY e.event_at, e.webhook_event_id",
        list(chats),
    )
    return [_event(row) for row in found]


async def find(id: int) -> Event | None:
    """An event that was stored, in whatever state, as long as it is kept."""
    found = await database.row(f"SELECT {COLUMNS} FROM inbox WHERE id = $1", id)
    return _event(found) if found else None


async def done(ids: Sequence[int]) -> None:
    await database.run(
        f"UPDATE inbox SET state = 'done', done_at = {clock.NOW} WHERE id = ANY($1::bigint[]) AND state = 'open'",
        list(ids),
    )


async def park(id: int, error: str, what: str | None = None) -> None:
    """Put an event aside that cannot be worked off; `error` says why, without anything of what people wrote."""
    await database.run(
        "UPDATE inbox SET state = 'parked', error = $2, what = $3 WHERE id = $1 AND state = 'open'",
        id,
        error.replace("\0", "\ufffd").encode("utf-8", "replace").decode()[:ERROR_LENGTH],
        what,
    )


async def count_attempt(ids: Sequence[int]) -> dict[int, int]:
    """One more attempt at each of these open events, by id; to be committed before the attempt is made.

    An event at which another process may be working is left out: it would be counted towards a killer's end.
    """
    found = await database.rows(
        "UPDATE inbox SET attempts = attempts + 1, tried_at = now() WHERE id = ANY($1::bigint[]) AND state = 'open'"
        f" AND (tried_at IS NULL OR tried_at < now() - interval '{ATTEMPT} s') RETURNING id, attempts",
        list(ids),
    )
    return {row["id"]: row["attempts"] for row in found}


async def survived(ids: Sequence[int]) -> None:
    """Take a counted attempt back from these events: they are still open, but whoever tried them lives."""
    await database.run(
        "UPDATE inbox SET attempts = attempts - 1, tried_at = NULL"
        " WHERE id = ANY($1::bigint[]) AND state = 'open' AND attempts > 1",
        list(ids),
    )


async def failed(id: int, error: str) -> None:
    """Note that the work on an open event failed, and how; the next failure is its last."""
    await database.run(
        "UPDATE inbox SET attempts = attempts + 1, error = $2 WHERE id = $1 AND state = 'open'", id, error
    )


async def requeue(ids: Sequence[int]) -> None:
    """Open parked events again, as if they had just come in; the sweep finds them."""
    await database.run(
        "UPDATE inbox SET state = 'open', attempts = 1, tried_at = NULL, error = NULL"
        " WHERE id = ANY($1::bigint[]) AND state = 'parked'",
        list(ids),
    )


async def drop(ids: Sequence[int]) -> list[int]:
    """Clear parked events away, never to be worked off; the ones that were."""
    found = await database.rows(
        f"UPDATE inbox SET state = 'dropped', done_at = {clock.NOW} WHERE id = ANY($1::bigint[]) AND state = 'parked'"
        " RETURNING id",
        list(ids),
    )
    return [row["id"] for row in found]


async def purge(limit: int) -> int:
    """Delete up to `limit` finished events of more than seven days ago; how many went.

    An event goes only when its own time, too, is seven days past: from then on a repetition of it is stale.
    """
    found = await database.rows(
        f"WITH week AS MATERIALIZED (SELECT {clock.NOW} - interval '7 days' AS ago)"
        " DELETE FROM inbox WHERE id IN (SELECT id FROM inbox"
        " WHERE state <> 'open' AND state <> 'parked' AND done_at < (SELECT ago FROM week)"
        " AND event_at < (SELECT ago FROM week) ORDER BY done_at LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING id",
        limit,
    )
    return len(found)


def _event(row: Mapping[str, Any]) -> Event:
    return Event(**row)
