"""The ledger of the month's messages: what each accepted send took, and what it was sent for; rows are only added."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise import fields
from tortoise.models import Model

from storage import database
from storage.outbox import terms


class LedgerEntry(Model):
    """What LINE took in one batch of ends for one source. A trigger refuses every change of what stands here."""

    id = fields.BigIntField(primary_key=True)
    # 2026-11, in the account's zone (LINE's months are Japan's): of the attempt that was paid for, so that what was
    # accepted over midnight stands in the month that `quota_months` took it from
    month = fields.CharField(max_length=7)
    at = fields.DatetimeField()  # business time at which we knew
    klass = fields.CharField(max_length=16, source_field="class")
    # broadcast:12 | scenario:3 | auto_reply:4 | form:3 | greeting | button | link:3 | event
    # | deed:812 (entry of the history) | notice | whatever else the outbox calls a cause
    source = fields.CharField(max_length=64)
    operation_id = fields.BigIntField(null=True)  # of a broadcast: which run it was
    messages = fields.IntField()

    class Meta:
        table = "quota_ledger"
        indexes = (("month", "source"), ("source",), ("operation_id",))


# What a send that became a push was to answer, by what happened to that friend at that moment. A scenario's step that
# was to go as a reply is the scenario's.
_ANSWERED = """coalesce((
        SELECT 'scenario:' || s.scenario_id FROM deliveries d
        JOIN subscriptions s ON s.id = split_part(d.cause, ':', 2)::bigint
        WHERE d.id = g.delivery AND (d.cause LIKE 'step:%' OR d.cause LIKE 'end:%')
    ), (
        SELECT CASE e.kind WHEN 'auto_reply' THEN 'auto_reply:' || e.subject
               WHEN 'followed' THEN 'greeting' WHEN 'returned' THEN 'greeting' ELSE 'button' END
        FROM inbox i JOIN friends f ON f.line_user_id = g.chat
        JOIN friend_events e ON e.friend_id = f.id AND e.at = i.event_at
        WHERE i.id = split_part(g.cause, ':', 2)::bigint
        AND e.kind IN ('auto_reply', 'followed', 'returned', 'pressed', 'video_completed')
        ORDER BY e.kind LIMIT 1
    ), 'event')"""

_SOURCE = f"""CASE split_part(g.cause, ':', 1)
    WHEN 'operation' THEN coalesce(
        (SELECT 'broadcast:' || r.broadcast_id FROM broadcast_runs r WHERE r.operation_id = g.operation),
        (SELECT 'deed:' || p.audit_id FROM operations p WHERE p.id = g.operation), 'deed')
    WHEN 'command' THEN 'deed:' || split_part(g.cause, ':', 2)
    WHEN 'click' THEN coalesce((
        SELECT 'link:' || c.link_id FROM link_clicks c WHERE c.id = split_part(g.cause, ':', 2)::bigint), 'link')
    WHEN 'event' THEN {_ANSWERED}
    WHEN 'notice' THEN 'notice'
    ELSE g.cause END"""

# A part of the statement that ends attempts: `done` are its rows as they have become, $1 the zone. One entry for each
# source of a batch, so that a hundred calls of a broadcast are hardly more work than one.
ADDED = f"""ledger AS (
    INSERT INTO quota_ledger (month, at, class, source, operation_id, messages)
    SELECT g.month, {terms.NOW}, g.class, {_SOURCE}, g.operation, g.messages
    FROM (
        SELECT to_char(coalesce(ambiguous_at, attempted_at, {terms.NOW}) AT TIME ZONE $1::text, 'YYYY-MM') AS month,
            class, cause, sum(cost) AS messages,
            CASE WHEN cause LIKE 'operation:%' THEN substr(cause, 11)::bigint END AS operation,
            CASE WHEN cause LIKE 'event:%' THEN chat END AS chat,
            CASE WHEN cause LIKE 'event:%' THEN (parts -> 0 ->> 0)::bigint END AS delivery
        FROM done WHERE state = 'accepted' AND cost > 0 GROUP BY 1, 2, 3, 5, 6, 7
    ) g
)"""

# What may have been accepted and does not stand in the ledger: calls on their way, in doubt, or given up as unknown.
IN_DOUBT = """(
    SELECT coalesce(sum(o.cost), 0)::int FROM (
        SELECT cost, coalesce(ambiguous_at, attempted_at) AS at FROM outbox WHERE state = 'sending'
        UNION ALL SELECT cost, ambiguous_at FROM outbox WHERE state = 'open' AND ambiguous_at IS NOT NULL
        UNION ALL SELECT cost, coalesce(ambiguous_at, attempted_at) FROM outbox WHERE state = 'unknown'
    ) o WHERE o.cost > 0 AND to_char(o.at AT TIME ZONE {zone}, 'YYYY-MM') = {month})"""

_NAMED = """
SELECT x.kind, x.number, sum(x.messages)::int AS messages, CASE x.kind
    WHEN 'broadcast' THEN (SELECT name FROM broadcasts WHERE id = x.number)
    WHEN 'scenario' THEN (SELECT name FROM scenarios WHERE id = x.number)
    WHEN 'auto_reply' THEN (SELECT name FROM auto_replies WHERE id = x.number)
    WHEN 'form' THEN (SELECT name FROM forms WHERE id = x.number)
    WHEN 'link' THEN (SELECT coalesce(name, address) FROM links WHERE id = x.number) END AS name
FROM (
    SELECT split_part(source, ':', 1) AS kind, nullif(split_part(source, ':', 2), '')::bigint AS number, messages
    FROM quota_ledger WHERE month = $1
) x GROUP BY x.kind, x.number ORDER BY messages DESC, x.kind, x.number
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one source has taken: `number` and `name` of the thing, None where there is none (any more)."""

    kind: str  # the word before the colon of `LedgerEntry.source`
    number: int | None
    messages: int
    name: str | None


async def of_month(month: str) -> list[Spent]:
    """What each source has taken of a month, the most first."""
    return [Spent(**row) for row in await database.rows(_NAMED, month)]


async def in_doubt(zone: str, month: str) -> int:
    """Messages of a month that may have been taken: on their way, or nobody knows."""
    return int(await database.value(f"SELECT {IN_DOUBT.format(zone='$1::text', month='$2::text')}", zone, month))


async def of_operation(operation: int) -> int:
    """What one run of a broadcast, or another deed for many friends, has taken."""
    return int(
        await database.value(
            "SELECT coalesce(sum(messages), 0)::int FROM quota_ledger WHERE operation_id = $1", operation
        )
    )


async def of_source(source: str, month: str) -> tuple[int, int]:
    """What it has taken of a month, and since ever."""
    found = await database.row(
        "SELECT coalesce(sum(messages) FILTER (WHERE month = $2), 0)::int AS lately,"
        " coalesce(sum(messages), 0)::int AS ever FROM quota_ledger WHERE source = $1",
        source,
        month,
    )
    return (found["lately"], found["ever"]) if found else (0, 0)


async def price(rows: Sequence[int]) -> int:
    """What rows of the outbox that were just written will take."""
    return int(
        await database.value("SELECT coalesce(sum(cost), 0)::int FROM outbox WHERE id = ANY($1::bigint[])", list(rows))
    )
