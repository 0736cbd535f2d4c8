"""What stands still though nobody has stopped it, since when; which notices nobody has heard, and who can be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database
from storage.outbox import claims, terms

LOOKED_AT = 200  # rows at the head of each kind's queue
OVERDUE = 120  # seconds after which something that could be done is looked at
STANDING = 600  # seconds it must stand still before staff are told
UNHEARD = 180  # seconds a notice that is worth a message waits for somebody's next word
# Notices worth a message when nobody speaks. Of a refused credential, or after a restore, nothing could be sent.
URGENT = "o.cause IN ('notice:refused', 'notice:unknown', 'notice:parked', 'notice:stuck', 'notice:outage')" + (
    " OR o.cause LIKE 'notice:body:%' OR o.cause = 'notice:quota:promotion'"
)


class Alarm(Model):
    reason = fields.CharField(max_length=16, primary_key=True)  # quota | outage | stuck
    since = fields.DatetimeField()  # real time
    told = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "alarms"


# Heads of the queues that are due and held by nobody's wish, and why; leases nobody has taken back; work overdue. While
# calls of a kind are on their way its queue is only long.
STANDS_STILL = f"""
WITH {terms.CLOCK}, {terms.HELD}, {claims.MONTH}, heads AS MATERIALIZED (
    SELECT o.* FROM unnest(ARRAY['reply', 'push', 'multicast']) AS k (kind) CROSS JOIN LATERAL (
        SELECT x.id, x.kind, x.class, x.cause, x.cost, x.ambiguous_at, x.ready_at FROM outbox x
        WHERE x.state = 'open' AND x.kind = k.kind AND x.try_at <= now()
        ORDER BY x.priority, coalesce(x.parent_id, x.id), x.id LIMIT {LOOKED_AT}
    ) o
)
SELECT DISTINCT reason FROM (SELECT o.kind, CASE
    WHEN {terms.SCOPES} && ARRAY['outage:' || o.kind, 'endpoint:' || o.kind] THEN 'outage'
    WHEN NOT {terms.affordable("o")} OR {terms.SCOPES} && ARRAY['quota:' || o.class] THEN 'quota'
    ELSE 'stuck' END AS reason
    FROM heads o
    WHERE o.class <> 'staff' AND o.ready_at < now() - interval '{OVERDUE} s' AND NOT {terms.stopped("o")}
        AND NOT {terms.SCOPES} && ARRAY['channel'] AND {terms.cause_lives("o")}
) o WHERE reason <> 'stuck' OR NOT EXISTS (SELECT 1 FROM outbox s WHERE s.state = 'sending' AND s.kind = o.kind)
UNION SELECT 'stuck' WHERE EXISTS (
    SELECT 1 FROM outbox WHERE state = 'sending' AND lease_until < now() - interval '{OVERDUE} s')
UNION SELECT 'stuck' WHERE EXISTS (
    SELECT 1 FROM inbox WHERE state = 'open' AND received_at < {terms.NOW} - interval '{OVERDUE} s')
UNION SELECT 'stuck' WHERE EXISTS (
    SELECT 1 FROM scenarios s CROSS JOIN LATERAL (
        SELECT 1 FROM subscriptions w WHERE w.scenario_id = s.id AND w.state = 'active'
        AND w.due_at < {terms.NOW} - interval '{OVERDUE} s' LIMIT 1) w
    WHERE s.state = 'live' AND s.deleted_at IS NULL)
UNION SELECT 'stuck' WHERE EXISTS (
    SELECT 1 FROM delayed_actions WHERE state = 'open' AND scenario_id = 0
    AND due_at < {terms.NOW} - interval '{OVERDUE} s')
"""

# One notice of a reason may wait in several groups; it is one message all the same.
UNHEARD_NOTICES = f"""
WITH {terms.CLOCK}, unheard AS (
    SELECT o.id, o.cause, o.body FROM outbox o WHERE o.state = 'waiting' AND o.attempted_at IS NULL
    AND o.ready_at < now() - interval '{UNHEARD} s' AND ({URGENT}) ORDER BY o.id FOR NO KEY UPDATE SKIP LOCKED
), marked AS (
    UPDATE outbox o SET attempted_at = {terms.NOW} FROM unheard WHERE o.id = unheard.id
)
SELECT DISTINCT ON (cause) cause, body FROM unheard ORDER BY cause, id
"""

# Who decides or has hours of duty, is there, and has added the account; whoever was heard last first among equals.
REACHED = """
SELECT f.line_user_id, s.role IN ('owner', 'manager') AS decides, s.duty
FROM staff s JOIN friends f ON f.line_user_id = s.line_user_id
WHERE s.state = 'active' AND (s.role IN ('owner', 'manager') OR s.duty IS NOT NULL) AND s.scope IS NULL
AND f.following AND NOT f.shut
ORDER BY s.role = 'owner' DESC, s.last_command_at DESC NULLS LAST, s.id
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice nobody has heard: `cause` as its outbox row says it, and its words."""

    cause: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told at the cost of a message; `duty` are hours as jobs.hours has them, or None."""

    line_user_id: str
    decides: bool
    duty: list[Any] | None


async def standing_still(zone: str) -> list[str]:
    """The reasons for which something stands still now."""
    return [row["reason"] for row in await database.rows(STANDS_STILL, zone)]


async def note(reasons: list[str]) -> tuple[list[str], list[str]]:
    """Keep since when these hold, and that others hold no more: (those to be told of now, those that are over)."""
    over = await database.rows("DELETE FROM alarms WHERE NOT reason = ANY($1::text[]) RETURNING reason", reasons)
    await database.run(
        "INSERT INTO alarms (reason, since) SELECT r, now() FROM unnest($1::text[]) AS x (r) ORDER BY r"
        " ON CONFLICT (reason) DO NOTHING",
        reasons,
    )
    due = await database.rows(
        f"UPDATE alarms SET told = true WHERE NOT told AND since < now() - interval '{STANDING} s' RETURNING reason"
    )
    return [row["reason"] for row in due], [row["reason"] for row in over]


async def unheard() -> list[Notice]:
    """Urgent notices that have waited for minutes; each is given out once."""
    found = await database.rows(UNHEARD_NOTICES)
    return [Notice(row["cause"], _text(orjson.loads(row["body"])[0])) for row in found]


async def reached() -> list[Person]:
    """Who can be told at the cost of a message; who decides, the owner first."""
    return [Person(**row | {"duty": orjson.loads(row["duty"] or "null")}) for row in await database.rows(REACHED)]


def _text(message: Mapping[str, str]) -> str:
    return message.get("text", "")
