"""How claimed outbox rows end: verdicts of whole batches, leases that ran out, packs and multicasts taken apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from storage import database
from storage.outbox import ledger, terms

ACCEPTED = "accepted"  # final
REFUSED = "refused"  # final: certainly not sent, and never will be
AGAIN = "again"  # certainly not sent: counts as not attempted
LAPSED = "lapsed"  # the call was never started
DOUBT = "doubt"  # may have been sent: only the same key and body may go again
BAD_TOKEN = "bad_token"  # noqa: S105 - no secret: LINE does not know the reply token (any more)
BATCH = 1_000  # rows one sweep looks at


@dataclass(slots=True)  # not frozen: that would cost half a microsecond for each
class Verdict:
    """What became of one attempt; `pause` in seconds before the row may be tried again."""

    id: int
    attempt: int
    word: str
    pause: float = 0.0
    request_id: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class End:
    id: int
    state: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One cause's share of a refused pack: `body` alone, for `delivery`."""

    parent: int
    attempt: int
    body: bytes
    delivery: int | None
    count: int


# `ends` (id, next, doubt, certain, unstarted, pause, request_id, error, cost, taken_at) is what each statement says;
# this carries it out and adds what was accepted to the ledger. A reply that becomes a push gets a key and a price of
# its own and keeps its turn in the talk.
CARRIED_OUT = f"""
done AS (
    UPDATE outbox o SET
        state = CASE e.next WHEN 'push' THEN 'open' ELSE e.next END,
        kind = CASE e.next WHEN 'push' THEN 'push' ELSE o.kind END,
        class = CASE WHEN e.next <> 'push' OR o.class <> 'reply' THEN o.class
                     WHEN o.cause LIKE 'event:%' THEN 'transactional' ELSE 'promotion' END,
        cost = CASE e.next WHEN 'push' THEN 1 ELSE o.cost END,
        retry_key = CASE e.next WHEN 'push' THEN gen_random_uuid() ELSE o.retry_key END,
        after = CASE e.next WHEN 'push' THEN o.after || ARRAY(
            SELECT x.id FROM outbox x
            WHERE x.chat = o.chat AND x.id < o.id AND x.kind = 'reply' AND x.state IN ('open', 'sending')
            UNION ALL SELECT x.id FROM outbox x
            WHERE x.chat = o.chat AND x.id < o.id AND x.kind = 'push' AND x.state = 'open'
            AND x.class = 'transactional')
            ELSE o.after END,
        reply_token = CASE WHEN e.next IN ('push', 'waiting') THEN NULL ELSE o.reply_token END,
        attempts = CASE WHEN e.next IN ('push', 'waiting') THEN 0 ELSE o.attempts - e.unstarted::int END,
        attempted_at = CASE WHEN e.certain AND e.next <> 'refused' THEN NULL ELSE o.attempted_at END,
        reply_started_at = CASE WHEN e.certain AND e.next <> 'refused' THEN NULL ELSE o.reply_started_at END,
        ambiguous_at = CASE WHEN e.doubt THEN coalesce(o.ambiguous_at, o.attempted_at) ELSE o.ambiguous_at END,
        try_at = CASE WHEN e.next IN ('open', 'push') THEN now() + e.pause * interval '1 second' ELSE o.try_at END,
        lease_until = NULL,
        request_id = coalesce(e.request_id, o.request_id),
        error = CASE e.next WHEN 'accepted' THEN NULL ELSE coalesce(e.error, o.error) END,
        finished_at = CASE WHEN e.next IN ('accepted', 'refused', 'unknown', 'cancelled') THEN {terms.NOW} END
    FROM ends e WHERE o.id = e.id
    RETURNING o.id, o.state, o.class, o.cause, o.chat, o.parts, o.cost, o.ambiguous_at, o.attempted_at
), {ledger.ADDED}, refunded AS (
    UPDATE quota_months q SET used = greatest(0, q.used - r.cost)
    FROM (SELECT to_char(taken_at AT TIME ZONE $1::text, 'YYYY-MM') AS month, sum(cost) AS cost FROM ends
          WHERE certain AND cost > 0 AND taken_at IS NOT NULL GROUP BY 1) r
    WHERE q.month = r.month
)
SELECT id, state FROM done
"""

# LATERAL and LIMIT (the number of verdicts) keep the planner to the primary key however old its idea of the table is.
SETTLE = f"""
WITH {terms.CLOCK}, {terms.HELD}, was AS MATERIALIZED (
    SELECT o.*, s.word, s.pause, s.request_id, s.error
    FROM (SELECT * FROM json_to_recordset($2::text::json)
              AS s (id bigint, attempt int, word text, pause float8, request_id text, error text) LIMIT $3::int) s,
    LATERAL (
        SELECT o.id, o.class, o.cause, o.cost, o.attempted_at, o.ambiguous_at, o.inbox_id,
               o.try_at = 'infinity' AS stopped
        FROM outbox o WHERE o.id = s.id
        AND ((s.word = 'accepted' AND o.state IN ('sending', 'open', 'unknown'))
             OR (o.state = 'sending' AND o.attempts = s.attempt))
        FOR NO KEY UPDATE
    ) o
), ends AS MATERIALIZED (
    SELECT w.id, w.pause, w.request_id, w.error, w.cost, w.attempted_at AS taken_at,
        w.word = 'doubt' AS doubt, w.word = 'lapsed' AS unstarted,
        w.ambiguous_at IS NULL AND w.word IN ('refused', 'again', 'lapsed', 'bad_token') AS certain,
        CASE w.word
            WHEN 'accepted' THEN 'accepted'
            WHEN 'refused' THEN 'refused'
            WHEN 'doubt' THEN CASE
                WHEN w.stopped OR w.ambiguous_at <= {terms.NOW} - interval '{terms.KEY_LIFE} s' THEN 'unknown'
                ELSE 'open' END
            WHEN 'bad_token' THEN CASE
                WHEN w.ambiguous_at IS NOT NULL THEN CASE WHEN (
                    SELECT i.received_at >= {terms.NOW} - $4::float8 * interval '1 second' FROM inbox i
                    WHERE i.id = w.inbox_id) THEN 'accepted' ELSE 'unknown' END
                WHEN w.class = 'staff' THEN 'waiting'
                WHEN w.stopped OR {terms.stopped("w")} THEN 'cancelled'
                ELSE 'push' END
            ELSE CASE WHEN NOT w.stopped THEN 'open' WHEN w.ambiguous_at IS NULL THEN 'cancelled' ELSE 'unknown' END
        END AS next
    FROM was w
), {CARRIED_OUT}"""

# Leases of the dead, reply tokens that died before their reply began, retry keys that LINE will forget soon. The orders
# and LATERAL keep the planner to the small indexes while it does not yet know that very many rows are open.
SWEEP = f"""
WITH {terms.CLOCK}, {terms.HELD}, was AS MATERIALIZED (
    SELECT o.* FROM (
        (SELECT x.id FROM outbox x WHERE x.state = 'sending' AND x.lease_until < now()
         ORDER BY x.lease_until LIMIT {BATCH})
        UNION ALL
        (SELECT x.id FROM outbox x WHERE x.state = 'open' AND x.kind = 'reply' AND NOT {terms.token_lives("x")}
         ORDER BY x.chat, x.id LIMIT {BATCH})
        UNION ALL
        (SELECT x.id FROM outbox x WHERE x.state = 'open' AND x.kind <> 'reply'
         AND x.ambiguous_at <= {terms.NOW} - interval '{terms.KEY_LIFE} s' ORDER BY x.ambiguous_at LIMIT {BATCH})
    ) x, LATERAL (
        SELECT o.id, o.state, o.kind, o.class, o.cause, o.ambiguous_at, o.try_at = 'infinity' AS stopped
        FROM outbox o WHERE o.id = x.id
        AND CASE o.state WHEN 'open' THEN true WHEN 'sending' THEN o.lease_until < now() ELSE false END
        FOR NO KEY UPDATE SKIP LOCKED
    ) o
), ends AS MATERIALIZED (
    SELECT w.id, 0.0::float8 AS pause, NULL::text AS request_id, 0 AS cost, NULL::timestamptz AS taken_at,
        w.state = 'sending' AS doubt, false AS unstarted, false AS certain,
        CASE WHEN w.state = 'sending' THEN 'lease ran out' END AS error,
        CASE
            WHEN w.state = 'sending' AND NOT w.stopped THEN 'open'
            WHEN w.state = 'sending' OR w.kind <> 'reply' OR w.ambiguous_at IS NOT NULL THEN 'unknown'
            WHEN w.class = 'staff' THEN 'waiting'
            WHEN {terms.stopped("w")} THEN 'cancelled'
            ELSE 'push'
        END AS next
    FROM was w
), {CARRIED_OUT}"""

CLOSE_DOUBT = f"""
WITH {terms.CLOCK}, was AS MATERIALIZED (
    SELECT o.id FROM outbox o WHERE o.state = 'open' AND o.ambiguous_at IS NOT NULL ORDER BY o.id FOR NO KEY UPDATE
), ends AS MATERIALIZED (
    SELECT w.id, 0.0::float8 AS pause, NULL::text AS request_id, 0 AS cost, NULL::timestamptz AS taken_at,
        false AS doubt, false AS unstarted, false AS certain, 'the clock was moved' AS error, 'unknown' AS next
    FROM was w
), {CARRIED_OUT}"""

IN_DOUBT = f"""
WITH {terms.CLOCK}, {terms.HELD}
SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'sending')
    OR EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'open' AND o.ambiguous_at IS NOT NULL
               AND NOT {terms.stopped("o")} AND {terms.cause_lives("o")})
"""

# Columns of a row that its parts inherit.
INHERITED = "priority, cause, chat, inbox_id, reply_token, after, quiet, ready_at, created_at"
OF_PARENT = ", ".join(f"p.{name}" for name in INHERITED.split(", "))

TAKEN_APART = f"""
parents AS MATERIALIZED (
    UPDATE outbox o SET state = 'split', lease_until = NULL, finished_at = {terms.NOW}, request_id = p.request_id,
        error = p.error
    FROM (SELECT * FROM unnest($2::bigint[], $3::int[], $4::text[], $5::text[])
          AS p (id, attempt, request_id, error)) p
    WHERE o.id = p.id AND o.attempts = p.attempt AND o.state = 'sending' AND o.ambiguous_at IS NULL
    RETURNING o.*
), refunded AS (
    UPDATE quota_months q SET used = greatest(0, q.used - r.cost)
    FROM (SELECT to_char(attempted_at AT TIME ZONE $1::text, 'YYYY-MM') AS month, sum(cost) AS cost FROM parents
          WHERE cost > 0 GROUP BY 1) r
    WHERE q.month = r.month
)"""

BISECT = f"""
WITH {terms.CLOCK}, {TAKEN_APART}, halves AS MATERIALIZED (
    SELECT p.id AS parent, h.people, gen_random_uuid() AS key
    FROM parents p, LATERAL (VALUES (p.recipients[:cardinality(p.recipients) / 2]),
                                    (p.recipients[cardinality(p.recipients) / 2 + 1:])) h (people)
), children AS (
    INSERT INTO outbox (kind, class, {INHERITED}, body, recipients, cost, retry_key, parent_id, state, try_at)
    SELECT p.kind, p.class, {OF_PARENT}, p.body, h.people,
           cardinality(h.people), h.key, coalesce(p.parent_id, p.id),
           CASE WHEN p.try_at = 'infinity' THEN 'cancelled' ELSE 'open' END, now()
    FROM parents p JOIN halves h ON h.parent = p.id ORDER BY p.id, h.people[1] <> p.recipients[1]
    RETURNING id, retry_key
), moved AS (
    UPDATE deliveries d SET outbox_id = c.id
    FROM children c JOIN halves h ON h.key = c.retry_key JOIN friends f ON f.line_user_id = ANY(h.people)
    WHERE d.outbox_id = h.parent AND d.friend_id = f.id
)
SELECT id FROM children ORDER BY id
"""

UNPACK = f"""
WITH {terms.CLOCK}, {TAKEN_APART}, children AS (
    INSERT INTO outbox (kind, class, {INHERITED}, recipients, body, parts, parent_id, state, try_at)
    SELECT p.kind, p.class, {OF_PARENT}, p.recipients, c.body, c.parts::jsonb,
           coalesce(p.parent_id, p.id), CASE WHEN p.try_at = 'infinity' THEN 'cancelled' ELSE 'open' END, now()
    FROM parents p JOIN unnest($6::bigint[], $7::bytea[], $8::text[]) WITH ORDINALITY AS c (parent, body, parts, nth)
        ON c.parent = p.id
    ORDER BY p.id, c.nth
    RETURNING id, parts
), moved AS (
    UPDATE deliveries d SET outbox_id = c.id
    FROM (SELECT id, (jsonb_array_elements(parts) ->> 0)::bigint AS delivery FROM children) c
    WHERE d.id = c.delivery
)
SELECT id FROM children ORDER BY id
"""


async def settle(zone: str, verdicts: Sequence[Verdict], certain: float = terms.REPEAT_CERTAIN) -> list[End]:
    """Write the ends of a batch of attempts: rows and refunds in one statement.

    A verdict counts only for the attempt it belongs to; acceptance counts whenever it comes to be known. `certain`:
    seconds from `received_at` within which a repeated reply's "invalid token" means that the first one arrived.
    """
    said = [replace(one, error=_text(one.error)) if one.error else one for one in verdicts]
    said.sort(key=lambda one: one.id)  # the order of the locks
    return _ends(await database.rows(SETTLE, zone, database.many(said), len(said), certain))


async def sweep(zone: str) -> list[End]:
    """Leases of dead processes become doubt; dead tokens: push, wait (staff), closed (stopped) or unknown (in doubt);
    what is in doubt for 23 hours becomes unknown. At most some thousands at a time."""
    return _ends(await database.rows(SWEEP, zone))


async def in_doubt() -> bool:
    """Whether anything is being sent, or was and waits to be tried again."""
    return bool(await database.value(IN_DOUBT))


async def close_doubt(zone: str) -> list[End]:
    """Give up what is in doubt as unknown."""
    return _ends(await database.rows(CLOSE_DOUBT, zone))


async def bisect(zone: str, refused: Sequence[Verdict]) -> list[int]:
    """Take refused multicasts apart into halves with keys of their own, at their parents' place; the new ids."""
    return [row["id"] for row in await database.rows(BISECT, zone, *_parents(refused))]


async def unpack(zone: str, refused: Sequence[Verdict], pieces: Sequence[Piece]) -> list[int]:
    """Take refused reply packs apart into one reply per cause, in order; the new ids."""
    found = await database.rows(
        UNPACK,
        zone,
        *_parents(refused),
        [one.parent for one in pieces],
        [one.body for one in pieces],
        [orjson.dumps([[one.delivery, one.count]]).decode() for one in pieces],
    )
    return [row["id"] for row in found]


def _parents(refused: Sequence[Verdict]) -> list[list[Any]]:
    return [
        [one.id for one in refused],
        [one.attempt for one in refused],
        [one.request_id for one in refused],
        [_text(one.error) for one in refused],
    ]


def _ends(found: list[dict[str, Any]]) -> list[End]:
    return [End(row["id"], row["state"]) for row in found]


def _text(text: str | None) -> str | None:
    """PostgreSQL takes no NUL in a text."""
    return None if text is None else text.replace("\0", "")
