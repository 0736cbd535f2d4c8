"""What was said in messages that have left, and whom finished deeds concerned: forgotten after a month, in pieces."""

from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from storage import database

KEPT = timedelta(days=31)  # behind what staff may still take back (30 days)


class Forgotten(Model):
    id = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=16, unique=True)  # outbox
    upto = fields.BigIntField()  # the id up to which its rows have been looked at

    class Meta:
        table = "forgotten"


# Rows stay, for the counts and なぜ; what they said goes, and to whom a call to many went, which `deliveries` knows.
# What may leave again keeps both: what waits, what was stopped, and what failed until staff have given it up for good.
_BODIES = """
WITH mark AS MATERIALIZED (
    SELECT upto FROM forgotten WHERE name = 'outbox' FOR UPDATE
), part AS MATERIALIZED (
    SELECT o.id, o.created_at FROM mark, LATERAL (
        SELECT id, created_at FROM outbox WHERE id > mark.upto ORDER BY id LIMIT $2) o
), reached AS MATERIALIZED (
    SELECT coalesce((SELECT min(id) - 1 FROM part WHERE created_at >= $1), (SELECT max(id) FROM part)) AS upto
), cleared AS (
    UPDATE outbox o SET body = '[]', about = NULL, reply_token = NULL,
        recipients = CASE o.kind WHEN 'multicast' THEN '{}' ELSE o.recipients END
    FROM part p, reached r WHERE o.id = p.id AND p.id <= r.upto
    AND (o.state IN ('accepted', 'split', 'folded') AND o.finished_at < $1
         OR o.state IN ('refused', 'unknown') AND o.settled_at < $1)
)
UPDATE forgotten f SET upto = greatest(f.upto, r.upto) FROM reached r WHERE f.name = 'outbox' AND r.upto IS NOT NULL
RETURNING (SELECT count(*) FROM part p WHERE p.id <= r.upto)::int AS passed
"""

# Of broadcasts なぜ tells who was meant, and in which part of a test: their friends stay.
_DEEDS = """
DELETE FROM operation_friends WHERE id IN (
    SELECT f.id FROM operations p JOIN operation_friends f ON f.operation_id = p.id AND f.state = 'done'
    WHERE p.state = 'done' AND p.ended_at < $1
    AND NOT EXISTS (SELECT 1 FROM broadcast_runs r WHERE p.id IN (r.operation_id, r.held_id)) LIMIT $2
) RETURNING 1
"""


async def forget_bodies(now: datetime, limit: int) -> int:
    """Look at up to `limit` rows of the outbox, each once when it is a month old; how many."""
    await database.run("INSERT INTO forgotten (name, upto) VALUES ('outbox', 0) ON CONFLICT DO NOTHING")
    found = await database.rows(_BODIES, now - KEPT, limit)
    return int(found[0]["passed"]) if found else 0


async def forget_deeds(now: datetime, limit: int) -> int:
    """Up to `limit` friends of deeds that were over a month ago; how many went."""
    return len(await database.rows(_DEEDS, now - KEPT, limit))
