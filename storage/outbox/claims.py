"""Claiming outbox rows: one statement takes rows, pays for them and hands over what is to be sent (DELIVERY 13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from storage import database
from storage.outbox import terms

KINDS = 3  # reply, push, multicast


@dataclass(slots=True)  # not frozen: that would cost two microseconds for each
class Claimed:
    """A row that is ours until its lease ends. `attempt` fences it: only this attempt's verdict will count."""

    id: int
    kind: str
    klass: str
    cause: str
    chat: str
    recipients: list[str]
    body: bytes
    parts: list[tuple[int | None, int]]
    retry_key: UUID | None
    reply_token: str | None
    attempt: int
    ambiguous: bool  # an earlier attempt's end is not known
    split: bool  # made from another row
    late: float  # seconds from when it was ready to when it was claimed
    quiet: bool = False
    unit: str | None = None  # the name under which LINE counts it


# The month's row is locked when something costs, so that no two claims take the same rest. Before the first claim of
# a month it is last month's row that says what is allowed.
MONTH = f"""month AS MATERIALIZED (
    SELECT q.allowed, q.reserve, CASE WHEN q.month = to_char({terms.NOW} AT TIME ZONE $1::text, 'YYYY-MM')
           THEN q.used ELSE 0 END AS used
    FROM quota_months q WHERE q.month <= to_char({terms.NOW} AT TIME ZONE $1::text, 'YYYY-MM')
    ORDER BY q.month DESC LIMIT 1
)"""

LOCKED_MONTH = f"""locked AS MATERIALIZED (
    SELECT q.allowed, q.reserve, CASE WHEN q.month = to_char({terms.NOW} AT TIME ZONE $1::text, 'YYYY-MM')
           THEN q.used ELSE 0 END AS used
    FROM quota_months q WHERE q.month = (
        SELECT max(month) FROM quota_months WHERE month <= to_char({terms.NOW} AT TIME ZONE $1::text, 'YYYY-MM'))
    AND EXISTS (SELECT 1 FROM candidates c WHERE c.price > 0)
    FOR NO KEY UPDATE
)"""


def _statement(only: str, probing: bool = False) -> str:
    order = "o.priority, coalesce(o.parent_id, o.id), o.id"
    if probing:
        order = f"o.ambiguous_at IS NULL, {order}"
    # Staff's rows, which pass some stops, are replies: a queue that is held back as a whole need not be read. LIMIT
    # tells the planner that there are three kinds: then it plans once, since planning costs more than claiming.
    unprobed = "" if probing else ", 'outage:' || room.kind"
    return f"""
WITH {terms.CLOCK}, {terms.HELD}, {MONTH}, candidates AS MATERIALIZED (
    SELECT c.*,
           c.kind = 'push' AND c.class <> 'staff' AND c.ambiguous_at IS NULL AND coalesce((
               SELECT f.shut FROM friends f WHERE f.line_user_id = c.chat), false) AS blocked
    FROM (SELECT * FROM unnest($2::text[], $3::int[]) AS r (kind, places) LIMIT {KINDS}) room, LATERAL (
        SELECT o.id, o.kind, o.class, o.chat, o.priority, coalesce(o.parent_id, o.id) AS place, o.ambiguous_at,
               CASE WHEN o.ambiguous_at IS NULL THEN o.cost ELSE 0 END AS price
        FROM outbox o
        WHERE o.kind = room.kind AND {only} {terms.may_go("o", probing)} AND {terms.in_turn("o")}
        ORDER BY {order}
        LIMIT room.places FOR NO KEY UPDATE SKIP LOCKED
    ) c
    WHERE room.kind = 'reply' OR NOT {terms.SCOPES} && ARRAY['all', 'channel', 'endpoint:' || room.kind{unprobed}]
), {LOCKED_MONTH}, priced AS (
    SELECT c.*, sum(CASE WHEN c.blocked THEN 0 ELSE c.price END)
               OVER (ORDER BY c.class = 'promotion', c.priority, c.place, c.id) AS total
    FROM candidates c
), taken AS MATERIALIZED (
    SELECT p.* FROM priced p LEFT JOIN locked l ON true
    WHERE p.price = 0 OR p.blocked OR l.allowed IS NULL
       OR p.total <= l.allowed - l.used - CASE WHEN p.class = 'promotion' THEN l.reserve ELSE 0 END
), paid AS (
    INSERT INTO quota_months AS q (month, allowed, used, reserve)
    SELECT to_char({terms.NOW} AT TIME ZONE $1::text, 'YYYY-MM'), (SELECT allowed FROM locked), sum(price),
           coalesce((SELECT reserve FROM locked), 0)
    FROM taken WHERE NOT blocked HAVING sum(price) > 0
    ON CONFLICT (month) DO UPDATE SET used = q.used + excluded.used
), closed AS (
    UPDATE outbox o SET state = 'cancelled', error = 'blocked', finished_at = {terms.NOW}
    FROM taken t WHERE o.id = t.id AND t.blocked
)
UPDATE outbox o SET state = 'sending', attempts = o.attempts + 1, attempted_at = {terms.NOW},
    lease_until = now() + (CASE o.kind WHEN 'multicast' THEN $5::float8 ELSE $4::float8 END) * interval '1 second',
    reply_started_at = CASE o.kind WHEN 'reply' THEN coalesce(o.reply_started_at, {terms.NOW}) END
FROM taken t WHERE o.id = t.id AND NOT t.blocked
RETURNING o.id, o.kind, o.class AS klass, o.cause, o.chat, o.recipients, o.body, o.parts, o.retry_key, o.reply_token,
    o.quiet, o.attempts AS attempt, o.ambiguous_at IS NOT NULL AS ambiguous, o.parent_id IS NOT NULL AS split,
    extract(epoch FROM now() - o.ready_at)::float8 AS late, o.priority, t.place,
    CASE WHEN o.cause LIKE 'operation:%' THEN (SELECT a.unit FROM line_aggregates a
        WHERE a.operation_id = substr(o.cause, 11)::bigint AND NOT a.refused) END AS unit
"""


CLAIM = _statement("")
CLAIM_THESE = _statement("o.id = ANY($6::bigint[]) AND")
PROBE = _statement("", probing=True)

NEXT = """
SELECT least(
    (SELECT min(try_at) FROM outbox WHERE state = 'open' AND try_at > now()),
    (SELECT min(lease_until) FROM outbox WHERE state = 'sending'),
    (SELECT min(until) FROM pauses WHERE until > now()),
    (SELECT now() + interval '1 second' WHERE EXISTS (SELECT 1 FROM outbox WHERE state = 'open' AND try_at <= now()))
) AS at
"""


@dataclass(frozen=True, slots=True)
class Leases:
    """Seconds a claimed row is ours; a multicast may need a second call that asks what was wrong with it."""

    single: float
    multicast: float


async def claim(
    zone: str, places: Mapping[str, int], leases: Leases, only: Sequence[int] | None = None
) -> list[Claimed]:
    """Take up to `places[kind]` rows of each kind that may go now, in order; of `only` when given.

    In one statement: looks at every pause, the cause, the friend and the order among rows to one friend; takes the
    cost from the month; commits the attempt. Rows to friends who block us are closed on the way.
    """
    wanted = {kind: count for kind, count in places.items() if count > 0}
    if not wanted:
        return []
    if len(wanted) > KINDS:
        raise ValueError("more kinds of rows than a claim looks at")
    values: list[Any] = [zone, list(wanted), list(wanted.values()), leases.single, leases.multicast]
    if only is None:
        return _claimed(await database.rows(CLAIM, *values))
    return _claimed(await database.rows(CLAIM_THESE, *values, list(only)))


async def probe(zone: str, endpoints: Sequence[str], leases: Leases) -> list[Claimed]:
    """One row for each of these failing endpoints, rather one in doubt already than one never tried."""
    places = [1] * len(endpoints)
    return _claimed(await database.rows(PROBE, zone, list(endpoints), places, leases.single, leases.multicast))


async def next_at() -> datetime | None:
    """Real time at which something may change; None when nothing is unfinished."""
    at: datetime | None = await database.value(NEXT)
    return at


def _claimed(found: list[dict[str, Any]]) -> list[Claimed]:
    found.sort(key=lambda row: (row["priority"], row["place"], row["id"]))
    return [_row(row) for row in found]


def _row(row: dict[str, Any]) -> Claimed:
    return Claimed(
        row["id"],
        row["kind"],
        row["klass"],
        row["cause"],
        row["chat"],
        row["recipients"],
        bytes(row["body"]),
        [(delivery, count) for delivery, count in orjson.loads(row["parts"] or "[]")],
        row["retry_key"],
        row["reply_token"],
        row["attempt"],
        row["ambiguous"],
        row["split"],
        row["late"],
        row["quiet"],
        row["unit"],
    )
