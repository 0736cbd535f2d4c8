"""Sends that LINE refused or that may not have arrived: looked at by cause, sent again where nothing was, given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import database, pauses
from storage.outbox import stops, terms

# Staff have not decided on it; of somebody erased nothing is left to decide. The index outbox_failed has these rows.
OPEN = (
    "o.state IN ('refused', 'unknown') AND o.settled_at IS NULL AND o.class <> 'staff'"
    " AND o.cause NOT LIKE 'notice:%' AND (o.chat <> '' OR o.recipients <> '{}')"
)
# Why, in a word: of what may have arrived, and by LINE's wording of what it refused.
REASON = """CASE
    WHEN o.state = 'unknown' THEN CASE o.error WHEN 'restored' THEN 'restored' WHEN 'the clock was moved' THEN 'moved'
        ELSE 'doubt' END
    WHEN o.error LIKE '413%' THEN 'size'
    WHEN o.error ~* 'failed to send messages|property, to|^404' THEN 'person'
    WHEN o.error ~* 'url|uri' THEN 'address'
    WHEN o.error ~* 'length must be|size must be' THEN 'length'
    ELSE 'content' END"""
# What is decided on together: all that failed of one scenario or deed (or of all answers to events) for one reason.
HEAP = f"o.state, {REASON}, CASE WHEN o.cause LIKE 'event:%' THEN 'event' ELSE o.cause END"
BODY_PAUSE = "p.scope LIKE 'cause:%' AND p.reason = 'body' AND p.until IS NULL"
HELD_ID = "abs(hashtext(p.scope)::bigint)"
# The broadcast that an operation carries out, as it is called.
SENT_BY = (
    "(SELECT '配信「' || b.name || '」' FROM broadcast_runs r JOIN broadcasts b ON b.id = r.broadcast_id"
    " WHERE r.operation_id = {})"
)

HEAPS = f"""
SELECT h.state AS kind, h.id, {{name}} AS name, false AS in_group,
    split_part(h.cause, ':', 1) || ':' || h.reason AS what, h.at, h.people AS friends, 0 AS doubted, false AS running,
    h.error
FROM (
    SELECT state, reason, cause, min(id) AS id, max(at) AS at, sum(people)::int AS people, min(error) AS error
    FROM (SELECT o.state, {REASON} AS reason, CASE WHEN o.cause LIKE 'event:%' THEN 'event' ELSE o.cause END AS cause,
              o.id, coalesce(o.finished_at, o.created_at) AS at, greatest(cardinality(o.recipients), 1) AS people,
              o.error
          FROM outbox o WHERE {OPEN}) o
    GROUP BY state, reason, cause
) h
UNION ALL
SELECT 'held', {HELD_ID}, {{name}}, false, split_part(h.cause, ':', 1) || ':body', p.at, w.people, 0, false, NULL
FROM pauses p CROSS JOIN LATERAL (SELECT substr(p.scope, 7) AS cause) h CROSS JOIN LATERAL (
    SELECT coalesce(sum(greatest(cardinality(o.recipients), 1)), 0)::int AS people FROM outbox o
    WHERE o.state = 'open' AND o.cause = h.cause
) w
WHERE {BODY_PAUSE}
""".replace(
    "{name}",
    """CASE
    WHEN h.cause LIKE 'scenario:%' THEN (
        SELECT s.name FROM scenarios s WHERE s.id = substr(h.cause, 10)::bigint)
    WHEN h.cause LIKE 'form:%' THEN (SELECT q.name FROM forms q WHERE q.id = substr(h.cause, 6)::bigint)
    WHEN h.cause LIKE 'operation:%' THEN coalesce((
        SELECT a.sentence FROM operations p JOIN audit_entries a ON a.id = p.audit_id
        WHERE p.id = substr(h.cause, 11)::bigint), {sent_by}) END""".replace(
        "{sent_by}", SENT_BY.format("substr(h.cause, 11)::bigint")
    ),
)

# Rows of the heaps that these rows lead.
ROWS = f"""
SELECT o.id FROM outbox o WHERE {OPEN} AND ({HEAP}) IN (
    SELECT {HEAP} FROM outbox o WHERE o.id = ANY($1::bigint[]) AND {OPEN})
"""

# As if never tried: a new key, its price anew; what was a reply goes as a push, for its token is dead.
AGAIN = f"""
WITH mine AS MATERIALIZED (
    SELECT o.id FROM outbox o WHERE o.id IN ({ROWS}) AND o.state = 'refused' AND o.ambiguous_at IS NULL
    ORDER BY o.id LIMIT $2 FOR NO KEY UPDATE
)
UPDATE outbox o SET state = 'open', retry_key = gen_random_uuid(), reply_token = NULL, attempts = 0,
    kind = CASE o.kind WHEN 'reply' THEN 'push' ELSE o.kind END,
    class = CASE WHEN o.class <> 'reply' THEN o.class WHEN o.cause LIKE 'event:%' THEN 'transactional'
        ELSE 'promotion' END,
    cost = greatest(o.cost, 1), attempted_at = NULL, reply_started_at = NULL, lease_until = NULL, error = NULL,
    request_id = NULL, finished_at = NULL, ready_at = now(), try_at = now()
FROM mine WHERE o.id = mine.id AND o.state = 'refused'
RETURNING o.id, o.kind
"""

GIVE_UP = f"""
WITH {terms.CLOCK}, mine AS MATERIALIZED (
    SELECT o.id FROM outbox o WHERE o.id IN ({ROWS}) ORDER BY o.id LIMIT $2 FOR NO KEY UPDATE
)
UPDATE outbox o SET settled_at = {terms.NOW} FROM mine WHERE o.id = mine.id AND o.settled_at IS NULL RETURNING o.id
"""

PEOPLE = f"""
SELECT coalesce(f.display_name, f.line_name) AS name, f.id, coalesce(o.finished_at, o.created_at) AS at
FROM outbox o CROSS JOIN LATERAL unnest(CASE o.chat WHEN '' THEN o.recipients ELSE ARRAY[o.chat::text] END) AS u (one)
JOIN friends f ON f.line_user_id = u.one
WHERE o.id IN ({ROWS}) ORDER BY o.id, f.id LIMIT $2
"""


# Heaps whose scenario or deed has been stopped or is over: the claim would pass their rows over.
RESTING = f"""
SELECT o.id FROM (SELECT id, cause, 'promotion' AS class FROM outbox WHERE id = ANY($1::bigint[])) o
WHERE NOT {terms.cause_lives("o")}
"""


@dataclass(frozen=True, slots=True)
class Missed:
    """A friend who did not get it, or may not have; `at` when that was known."""

    name: str | None
    id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """People of all that staff have not decided on: whom LINE's refusals concern, and the unknown ends."""

    refused: int
    unknown: int


async def again(heaps: Sequence[int], limit: int) -> list[int]:
    """Send anew what LINE refused for certain, of the heaps these rows lead, but to nobody who cannot be written to
    any more; ids, `limit` at most."""
    opened = await database.rows(AGAIN, list(heaps), limit) if heaps else []
    await stops.leave_out_of(opened)
    return [row["id"] for row in opened]


async def resting(heaps: Sequence[int]) -> set[int]:
    """Which of the heaps these rows lead cannot be sent anew, since what sent them is stopped."""
    return {row["id"] for row in await database.rows(RESTING, list(heaps))} if heaps else set()


async def give_up(heaps: Sequence[int], limit: int) -> list[int]:
    """Let staff hear no more of the heaps these rows lead; ids, `limit` at most."""
    return [row["id"] for row in await database.rows(GIVE_UP, list(heaps), limit)] if heaps else []


async def people(heap: int, limit: int) -> list[Missed]:
    return [Missed(row["name"], row["id"], row["at"]) for row in await database.rows(PEOPLE, [heap], limit)]


async def body(heap: int) -> bytes | None:
    """The messages of the row that leads a heap."""
    found = await database.value("SELECT body FROM outbox WHERE id = $1", heap)
    return bytes(found) if found is not None else None


async def let_go(held: Sequence[int]) -> None:
    """End the pauses of causes whose messages LINE had refused: they are tried as they are."""
    for scope in await _scopes(held):
        await stops.resume(scope)


async def drop_held(held: Sequence[int]) -> stops.Stopped:
    """Give up what waits of causes whose messages LINE refused; what they bring from now on is tried anew."""
    total = [0, 0, 0]
    for scope in await _scopes(held):
        found = await stops.cancel(scope.removeprefix("cause:"))
        total = [a + b for a, b in zip(total, (found.on_the_way, found.stopped, found.unknown), strict=True)]
        await pauses.lift(scope)
    return stops.Stopped(*total)


async def standing() -> Standing:
    [found] = await database.rows(
        "SELECT coalesce(sum(people) FILTER (WHERE state = 'refused'), 0)::int AS refused,"
        " coalesce(sum(people) FILTER (WHERE state = 'unknown'), 0)::int AS unknown"
        f" FROM (SELECT o.state, greatest(cardinality(o.recipients), 1) AS people FROM outbox o"
        f" WHERE {OPEN}) o"
    )
    return Standing(**found)


async def _scopes(held: Sequence[int]) -> list[str]:
    found = await database.rows(
        f"SELECT p.scope FROM pauses p WHERE {BODY_PAUSE} AND {HELD_ID} = ANY($1::bigint[]) ORDER BY p.scope",
        list(held),
    )
    return [row["scope"] for row in found]
