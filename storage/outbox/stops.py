"""Stopping what has not left, resuming, and what is no longer known after a restore (DELIVERY 18, 22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import database, pauses
from storage.outbox import terms

RESTORED = "restored"  # the reason of the pause under which staff decide
STALE = 23 * 3600  # seconds: an older heartbeat counts as a restore


@dataclass(frozen=True, slots=True)
class Stopped:
    """People for whom a stopped cause's message is on its way, was held back, or is in doubt."""

    on_the_way: int
    stopped: int
    unknown: int


# A row being sent cannot be called back; `infinity` says that this attempt is its last.
CANCEL = f"""
WITH {terms.CLOCK}, was AS MATERIALIZED (
    SELECT o.* FROM (
        SELECT id FROM outbox WHERE cause = $1 AND state = 'open'
        UNION ALL SELECT id FROM outbox WHERE cause = $1 AND state = 'sending' ORDER BY id
    ) x, LATERAL (
        SELECT id, state, ambiguous_at, greatest(cardinality(recipients), 1) AS people FROM outbox o
        WHERE o.id = x.id AND o.state IN ('open', 'sending') AND o.class <> 'staff' FOR NO KEY UPDATE
    ) o
), ends AS (
    SELECT id, people, CASE WHEN state = 'sending' THEN 'sending' WHEN ambiguous_at IS NULL THEN 'cancelled'
        ELSE 'unknown' END AS next FROM was
), done AS (
    UPDATE outbox o SET state = e.next, try_at = CASE e.next WHEN 'sending' THEN 'infinity' ELSE o.try_at END,
        finished_at = CASE WHEN e.next <> 'sending' THEN {terms.NOW} END
    FROM ends e WHERE o.id = e.id
)
SELECT coalesce(sum(people) FILTER (WHERE next = 'sending'), 0)::int AS on_the_way,
    coalesce(sum(people) FILTER (WHERE next = 'cancelled'), 0)::int AS stopped,
    coalesce(sum(people) FILTER (WHERE next = 'unknown'), 0)::int AS unknown
FROM ends
"""

# What was held back goes on as it was; a row that is being sent may be tried again after all. Whoever cannot be written
# to any more is left out.
GO_ON = """
WITH mine AS (
    SELECT DISTINCT outbox_id AS id FROM deliveries WHERE cause = ANY($1::text[]) AND outbox_id IS NOT NULL
), was AS MATERIALIZED (
    SELECT o.id, o.state, o.kind, o.recipients FROM outbox o JOIN mine USING (id)
    WHERE o.state = 'cancelled' AND o.error IS DISTINCT FROM 'blocked' AND (o.chat <> '' OR o.recipients <> '{}')
    OR o.state = 'sending' AND o.try_at = 'infinity' ORDER BY o.id FOR NO KEY UPDATE OF o
)
UPDATE outbox o SET try_at = now(), state = CASE was.state WHEN 'cancelled' THEN 'open' ELSE o.state END,
    ready_at = CASE was.state WHEN 'cancelled' THEN now() ELSE o.ready_at END,
    finished_at = CASE was.state WHEN 'cancelled' THEN NULL ELSE o.finished_at END
FROM was WHERE o.id = was.id
RETURNING o.id, o.kind
"""

CANCEL_FOR_FRIENDS = f"""
WITH {terms.CLOCK}, was AS MATERIALIZED (
    SELECT id FROM outbox WHERE state = 'open' AND kind = 'push' AND ambiguous_at IS NULL
    AND CASE WHEN $2::bool THEN class = 'promotion' ELSE class <> 'staff' END
    AND chat = ANY(ARRAY(SELECT line_user_id::text FROM friends WHERE id = ANY($1::bigint[])))
    ORDER BY id FOR NO KEY UPDATE
), done AS (
    UPDATE outbox o SET state = 'cancelled', error = 'blocked', finished_at = {terms.NOW} FROM was WHERE o.id = was.id
    RETURNING o.id
)
SELECT count(*)::int FROM done
"""


# Of pushes that are open anew: a promotion does not go to who wants none by now.
LEAVE_OUT_OPTED_OUT = f"""
WITH {terms.CLOCK}
UPDATE outbox o SET state = 'cancelled', error = 'blocked', finished_at = {terms.NOW} FROM friends f
WHERE o.id = ANY($1::bigint[]) AND o.state = 'open' AND o.class = 'promotion'
AND f.line_user_id = o.chat AND f.opted_out
"""


def _leave_out(whom: str, which: str = "true") -> str:
    """Take `whom` out of calls to many that LINE has certainly not taken (of these calls `o` only `which`): they are
    others then, under a new key."""
    return f"""
WITH {terms.CLOCK}, gone AS MATERIALIZED (
    SELECT d.id, d.outbox_id, f.line_user_id::text AS line_user FROM deliveries d JOIN friends f ON f.id = d.friend_id
    WHERE {whom}
), was AS MATERIALIZED (
    SELECT o.id, o.recipients FROM outbox o WHERE o.state = 'open' AND o.kind = 'multicast'
    AND o.ambiguous_at IS NULL AND o.attempted_at IS NULL AND {which} AND o.id = ANY(ARRAY(SELECT outbox_id FROM gone))
    ORDER BY o.id FOR NO KEY UPDATE
), kept AS (
    SELECT w.id, ARRAY(SELECT u FROM unnest(w.recipients) WITH ORDINALITY AS x (u, place)
        WHERE u NOT IN (SELECT line_user FROM gone g WHERE g.outbox_id = w.id) ORDER BY place) AS recipients
    FROM was w
), ended AS (
    UPDATE deliveries d SET state = 'cancelled', outbox_id = NULL FROM gone g JOIN was w ON w.id = g.outbox_id
    WHERE d.id = g.id
)
UPDATE outbox o SET recipients = k.recipients, cost = cardinality(k.recipients), retry_key = gen_random_uuid(),
    state = CASE k.recipients WHEN '{{}}' THEN 'cancelled' ELSE 'open' END,
    finished_at = CASE k.recipients WHEN '{{}}' THEN {terms.NOW} END
FROM kept k WHERE o.id = k.id
"""


TAKE_FROM_MULTICASTS = _leave_out(
    "d.friend_id = ANY($1::bigint[]) AND d.outbox_id >= (SELECT min(coalesce(parent_id, id)) FROM outbox"
    " WHERE state = 'open')",
    "(o.class = 'promotion' OR NOT $2::bool)",
)
LEAVE_OUT_SHUT = _leave_out(
    "d.outbox_id = ANY($1::bigint[]) AND (f.shut OR f.opted_out AND EXISTS"
    " (SELECT 1 FROM outbox p WHERE p.id = d.outbox_id AND p.class = 'promotion'))"
)

CLOSE_DEAD_REPLIES = f"""
WITH {terms.CLOCK}, {terms.HELD}, was AS MATERIALIZED (
    SELECT o.id FROM outbox o WHERE o.state = 'open' AND o.kind = 'reply' AND o.ambiguous_at IS NULL
    AND {terms.stopped("o")} AND NOT {terms.token_lives("o")} ORDER BY o.id FOR NO KEY UPDATE
)
UPDATE outbox o SET state = 'cancelled', finished_at = {terms.NOW} FROM was WHERE o.id = was.id
"""

FORGET_ALL = f"""
WITH {terms.CLOCK}, done AS (
    UPDATE outbox SET state = 'unknown', lease_until = NULL, error = '{RESTORED}', finished_at = {terms.NOW}
    WHERE state IN ('open', 'sending') AND class <> 'staff' RETURNING id
)
SELECT count(*)::int FROM done
"""


async def cancel(cause: str) -> Stopped:
    """Close what of `cause` has not been tried; what is in doubt becomes unknown and is never tried again.

    Set the cause's own state first, in the same transaction, so that no planner or claim brings up more of it.
    """
    return Stopped(**(await database.rows(CANCEL, cause))[0])


async def go_on(causes: Sequence[str]) -> None:
    """Let what `cancel` has closed leave after all: the causes of its deliveries. What is unknown stays so."""
    opened = await database.rows(GO_ON, list(causes))
    await leave_out_of(opened)


async def leave_out_of(opened: Sequence[Mapping[str, Any]]) -> None:
    """Of rows that are open anew (`id`, `kind`), whoever must not be written to any more."""
    await leave_out_shut([row["id"] for row in opened if row["kind"] == "multicast"])
    if pushes := [row["id"] for row in opened if row["kind"] == "push"]:
        await database.run(LEAVE_OUT_OPTED_OUT, pushes)


async def cancel_for_friends(friends: Sequence[int], *, promotions: bool = False) -> int:
    """Close pushes not begun to friends who have blocked us, or only promotions to who wants none; how many."""
    return int(await database.value(CANCEL_FOR_FRIENDS, list(friends), promotions)) if friends else 0


async def take_from_multicasts(friends: Sequence[int], *, promotions: bool = False) -> None:
    """Leave these friends out of calls to many that LINE has not taken, or only out of promotions."""
    await database.run(TAKE_FROM_MULTICASTS, list(friends), promotions)


async def leave_out_shut(multicasts: Sequence[int]) -> None:
    """Leave friends who must not be written to any more out of these calls, which are open anew."""
    if multicasts:
        await database.run(LEAVE_OUT_SHUT, list(multicasts))


async def resume(scope: str) -> bool:
    """End a stop. A reply whose token died under it is closed first: it must not turn into a push now."""
    await database.run(CLOSE_DEAD_REPLIES)
    return await pauses.lift(scope)


async def after_restore(heartbeat: datetime | None, declared: bool = False) -> int | None:
    """Before the first send of a process: when the last heartbeat is old, or a restore is declared, nothing unfinished
    can be known, and all sending waits for staff. How many rows became unknown; None when there is no doubt."""
    if not declared and not await database.value(
        "SELECT $1::timestamptz < now() - $2::float8 * interval '1 second'", heartbeat, STALE
    ):
        return None
    await pauses.hold("all", RESTORED)
    return int(await database.value(FORGET_ALL))


async def waiting_by_cause() -> dict[str, int]:
    """How many people's messages of each cause would leave if nothing were held back."""
    found = await database.rows(
        "SELECT cause, sum(greatest(cardinality(recipients), 1))::int AS people FROM outbox"
        " WHERE state = 'open' AND class <> 'staff' GROUP BY cause ORDER BY cause"
    )
    return {row["cause"]: row["people"] for row in found}


async def unknown_by_cause() -> dict[str, int]:
    """How many people's messages of each cause are unknown: what staff decide on after a restore."""
    found = await database.rows(
        "SELECT cause, sum(greatest(cardinality(recipients), 1))::int AS people FROM outbox"
        " WHERE state = 'unknown' AND settled_at IS NULL AND class <> 'staff' GROUP BY cause ORDER BY cause"
    )
    return {row["cause"]: row["people"] for row in found}
