"""Putting into the outbox: rows and deliveries of one transaction, written in bulk with ids known beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from storage import clock, database, friend_events


@dataclass(frozen=True, slots=True)
class NewRow:
    """An outbox row to be; `body` is the JSON array of message objects (see the columns of `outbox.OutboxRow`)."""

    id: int
    kind: str
    klass: str
    priority: int
    cause: str
    chat: str
    body: bytes
    recipients: list[str] = field(default_factory=list)
    parts: list[list[int | None]] | None = None
    retry_key: UUID | None = None
    cost: int = 0
    inbox_id: int | None = None
    reply_token: str | None = None
    after: list[int] = field(default_factory=list)
    quiet: bool = False


@dataclass(slots=True)  # not frozen: that would cost half a microsecond for each
class NewDelivery:
    cause: str
    friend: int
    outbox_id: int | None
    state: str | None = None  # why there is no outbox row: "cancelled", "none" or "skipped"
    id: int | None = None


# Friend by friend through narrow indexes: on a day when few rows are open the planner would read all of them. Nothing
# older than the first unfinished row needs a look; that one is found by leaps, one for each kind and priority.
UNFINISHED = """
WITH RECURSIVE front AS (
    (SELECT kind, priority, coalesce(parent_id, id) AS place FROM outbox WHERE state = 'open' ORDER BY 1, 2, 3 LIMIT 1)
    UNION ALL
    SELECT later.* FROM front CROSS JOIN LATERAL (
        SELECT o.kind, o.priority, coalesce(o.parent_id, o.id) AS place FROM outbox o
        WHERE o.state = 'open' AND (o.kind, o.priority) > (front.kind, front.priority) ORDER BY 1, 2, 3 LIMIT 1
    ) later
), oldest AS MATERIALIZED (
    SELECT least((SELECT min(place) FROM front),
                 (SELECT min(coalesce(parent_id, id)) FROM outbox WHERE state = 'sending')) AS place
)
SELECT f AS friend_id, o.class, array_agg(DISTINCT o.id) AS ids FROM unnest($1::bigint[]) AS x (f)
CROSS JOIN LATERAL (
    SELECT outbox_id FROM deliveries WHERE friend_id = f AND outbox_id >= (SELECT place FROM oldest) OFFSET 0
) d
CROSS JOIN LATERAL (SELECT id, class FROM outbox WHERE id = d.outbox_id AND state IN ('open', 'sending') OFFSET 0) o
GROUP BY 1, 2
"""


async def reserve(rows: int, deliveries: int) -> tuple[list[int], list[int]]:
    """So many ids of outbox rows and of deliveries in rising order, to be used by `write`."""
    if not rows and not deliveries:
        return [], []
    found = await database.rows(
        "SELECT true AS row, nextval('outbox_id_seq') AS id FROM generate_series(1, $1::int)"
        " UNION ALL SELECT false, nextval('deliveries_id_seq') FROM generate_series(1, $2::int)",
        rows,
        deliveries,
    )
    return sorted(one["id"] for one in found if one["row"]), sorted(one["id"] for one in found if not one["row"])


async def unfinished(friends: Sequence[int]) -> dict[tuple[int, str], list[int]]:
    """(friend, class) -> ids of rows that have not yet been tried to the end and bind the order of later ones."""
    if not friends:
        return {}
    found = await database.rows(UNFINISHED, list(friends))
    return {(row["friend_id"], row["class"]): row["ids"] for row in found}


_ROWS = (
    "INSERT INTO outbox (id, kind, class, priority, cause, chat, body, recipients, parts, retry_key, cost,"
    " inbox_id, reply_token, after, quiet, state, ready_at, try_at, created_at)"
    " SELECT id, kind, klass, priority, cause, chat, convert_to(body, 'UTF8'), recipients, parts, retry_key,"
    f" cost, inbox_id, reply_token, after, quiet, 'open', now(), now(), {clock.NOW}"
    " FROM json_to_recordset($1::text::json)"
    " AS x (id bigint, kind text, klass text, priority smallint, cause text, chat text, body text,"
    " recipients text[], parts jsonb, retry_key uuid, cost int, inbox_id bigint, reply_token text, after bigint[],"
    " quiet boolean)"
)
_DELIVERIES = (
    "INSERT INTO deliveries (id, cause, friend_id, outbox_id, state, at)"
    f" SELECT coalesce(id, nextval('deliveries_id_seq')), cause, friend, outbox_id, state, {clock.NOW}"
    " FROM json_to_recordset($2::text::json)"
    " AS x (id bigint, cause text, friend bigint, outbox_id bigint, state text)"
)
_EVENTS = (
    "INSERT INTO friend_events (friend_id, kind, subject, at, data) SELECT friend, kind, subject, at, data"
    " FROM json_to_recordset($3::text::json)"
    " AS x (friend bigint, kind text, subject bigint, at timestamptz, data jsonb)"
)


async def deliver_to_many(cause: str, friends: Sequence[int], rows: Sequence[int | None]) -> None:
    """A delivery for each of these friends with its row; without one for whom we may not write to."""
    await database.run(
        "INSERT INTO deliveries (cause, friend_id, outbox_id, state, at)"
        f" SELECT $1, friend, row, CASE WHEN row IS NULL THEN 'cancelled' END, {clock.NOW}"
        " FROM unnest($2::bigint[], $3::bigint[]) AS x (friend, row)",
        cause,
        list(friends),
        list(rows),
    )


async def write(
    rows: Sequence[NewRow], deliveries: Sequence[NewDelivery], events: Sequence[friend_events.Entry] = ()
) -> None:
    """All of a transaction in one statement. A second delivery of the same cause to the same friend breaks the
    transaction: it would be a second send."""
    if not rows and not deliveries:
        if events:
            await friend_events.write(events)
        return
    await database.run(
        f"WITH rows AS ({_ROWS}), sent AS ({_DELIVERIES}) {_EVENTS}",
        database.many(rows),
        database.many(deliveries),
        database.many(events),
    )
