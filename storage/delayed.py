"""What is to be done to friends later: actions put off by a delay, each a row of its own until it is carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from storage import clock, database, friends

KEPT = timedelta(days=30)  # what is over
DOUBTED = "restored"  # the reason for which one is parked when nobody knows whether it was carried out


class DelayedActions(Model):
    id = fields.BigIntField(primary_key=True)  # "later:<id>" is the root of what comes of it
    friend_id = fields.BigIntField()
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()  # action list, judged when it is carried out
    due_at = fields.DatetimeField()  # business time
    # What set it going, before any delay: "event:812", "command:7:0", "step:40:k2". With that it is given up.
    root = fields.CharField(max_length=64)
    cause = fields.CharField(max_length=64)  # what the outbox looks at before it sends: "scenario:3", "event:812"
    scenario_id = fields.BigIntField(default=0, db_default=0)  # whose step it belongs to: waits while that one rests
    walk_id = fields.BigIntField(null=True)  # that step's subscription: it ends with it
    delays = fields.SmallIntField(default=0, db_default=0)  # shorter than a day, one after the other, that led here
    # open | done | parked | dropped (the friend cannot be reached any more, or was taken off the scenario)
    # | called_off (staff have taken back what set it going, or given it up)
    state = fields.CharField(max_length=10)
    error = fields.TextField(null=True)  # why it is parked
    over_at = fields.DatetimeField(null=True)  # since when it is done, dropped or called off
    created_at = fields.DatetimeField()

    class Meta:
        table = "delayed_actions"


@dataclass(slots=True)  # not frozen: one is made for each friend of a set
class New:
    """`actions` is the JSON of an action list."""

    friend: int
    actions: str
    due_at: datetime
    root: str
    cause: str
    delays: int


@dataclass(slots=True)
class Delayed:
    id: int
    friend: int
    actions: str
    root: str
    cause: str
    delays: int
    left: bool  # the walk to whose step it belongs was stopped since


async def put_off(new: Sequence[New], now: datetime) -> None:
    """Keep these until they are due; what a scenario's step has put off belongs to its scenario and its walk."""
    await database.run(
        "INSERT INTO delayed_actions (friend_id, actions, due_at, root, cause, delays, scenario_id, walk_id, state,"
        " created_at) SELECT friend, actions::jsonb, due_at, root, cause, delays,"
        " CASE WHEN cause LIKE 'scenario:%' THEN substr(cause, 10)::bigint ELSE 0 END,"
        " CASE WHEN root LIKE 'step:%' THEN split_part(root, ':', 2)::bigint END, 'open', $2"
        " FROM json_to_recordset($1::text::json)"
        " AS x (friend bigint, actions text, due_at timestamptz, root text, cause text, delays smallint)",
        database.many(new),
        now,
    )


# What may have something due: 0 for all that belongs to no scenario, and the live scenarios.
SOURCES = "(SELECT 0 AS id UNION ALL SELECT id FROM scenarios WHERE state = 'live' AND deleted_at IS NULL) s"
FIRST = "SELECT due_at FROM delayed_actions WHERE scenario_id = s.id AND state = 'open'"


async def with_due() -> list[int]:
    """Where something is due: scenarios, and 0 for none, what has waited longest first."""
    found = await database.rows(
        f"WITH clock AS MATERIALIZED (SELECT {clock.NOW} AS now) SELECT s.id FROM {SOURCES} CROSS JOIN LATERAL"
        f" ({FIRST} AND due_at <= (SELECT now FROM clock) ORDER BY due_at LIMIT 1) d ORDER BY d.due_at, s.id"
    )
    return [row["id"] for row in found]


async def next_due() -> datetime | None:
    """When the next of them is due (business time)."""
    found: datetime | None = await database.value(
        f"SELECT min(d.due_at) FROM {SOURCES} CROSS JOIN LATERAL ({FIRST} ORDER BY due_at LIMIT 1) d"
    )
    return found


async def claim_due(scenario_id: int, limit: int) -> dict[int, friends.Known]:
    """Up to `limit` that are due here, by id, their friends locked; those another worker holds are passed over."""
    found = await database.rows(
        f"WITH clock AS MATERIALIZED (SELECT {clock.NOW} AS now)"
        f" SELECT d.id AS delayed, {friends.KNOWN} FROM delayed_actions d JOIN friends f ON f.id = d.friend_id"
        " WHERE d.scenario_id = $1 AND d.state = 'open' AND d.due_at <= (SELECT now FROM clock)"
        " ORDER BY d.due_at, d.id LIMIT $2 FOR NO KEY UPDATE OF f SKIP LOCKED",
        scenario_id,
        limit,
    )
    return {row.pop("delayed"): friends.Known(**row) for row in found}


async def lock(ids: Sequence[int]) -> dict[int, friends.Known]:
    """Lock the friends of these."""
    found = await database.rows("SELECT id, friend_id FROM delayed_actions WHERE id = ANY($1::bigint[])", list(ids))
    people = await friends.lock(sorted({row["friend_id"] for row in found}))
    return {row["id"]: people[row["friend_id"]] for row in found if row["friend_id"] in people}


async def take(ids: Sequence[int], now: datetime) -> list[Delayed]:
    """Those of these that are still to be carried out, in due order, their friends locked; they are done with this.

    A statement of its own after the locks (DELIVERY 4). What belongs to a scenario that rests meanwhile stays.
    """
    found = await database.rows(
        "WITH due AS MATERIALIZED (SELECT d.id, d.due_at, coalesce(w.state = 'stopped', false) AS gone"
        " FROM delayed_actions d LEFT JOIN subscriptions w ON w.id = d.walk_id"
        " WHERE d.id = ANY($1::bigint[]) AND d.state = 'open' AND d.due_at <= $2 AND (d.scenario_id = 0 OR EXISTS"
        " (SELECT 1 FROM scenarios s WHERE s.id = d.scenario_id AND s.state = 'live' AND s.deleted_at IS NULL))"
        "), taken AS (UPDATE delayed_actions d SET over_at = $2,"
        " state = CASE WHEN due.gone THEN 'dropped' ELSE 'done' END FROM due WHERE d.id = due.id"
        " RETURNING d.id, d.friend_id AS friend, d.actions, d.root, d.cause, d.delays,"
        " due.gone AS left, due.due_at)"
        ' SELECT id, friend, actions, root, cause, delays, "left" FROM taken ORDER BY due_at, id',
        list(ids),
        now,
    )
    return [Delayed(**row) for row in found]


async def drop(friend_ids: Sequence[int]) -> None:
    """Give up what is put off for friends who have blocked us: coming back weeks later they would not expect it."""
    await database.run(
        f"UPDATE delayed_actions SET state = 'dropped', over_at = {clock.NOW} WHERE friend_id = ANY($1::bigint[])"
        " AND state IN ('open', 'parked')",
        list(friend_ids),
    )


async def call_off_for(friend_ids: Sequence[int]) -> list[int]:
    """Give up what is put off for friends whom we block; which, so that it can be taken back."""
    found = await database.rows(
        f"UPDATE delayed_actions SET state = 'called_off', over_at = {clock.NOW} WHERE friend_id = ANY($1::bigint[])"
        " AND state IN ('open', 'parked') RETURNING id",
        list(friend_ids),
    )
    return [row["id"] for row in found]


async def call_off(root: str) -> list[int]:
    """Give up what this deed has put off and what was not carried out yet; which."""
    found = await database.rows(
        f"UPDATE delayed_actions SET state = 'called_off', over_at = {clock.NOW} WHERE root = $1 AND state = 'open'"
        " RETURNING id",
        root,
    )
    return [row["id"] for row in found]


async def restore(ids: Sequence[int], now: datetime) -> list[int]:
    """Let what was called off wait again; which.

    Not for a friend who has blocked us meanwhile, and not what would come more than a day late: nobody expects it.
    """
    found = await database.rows(
        "UPDATE delayed_actions d SET over_at = NULL,"
        " state = CASE WHEN d.error IS NULL THEN 'open' ELSE 'parked' END FROM friends f"
        " WHERE d.id = ANY($1::bigint[]) AND d.state = 'called_off' AND f.id = d.friend_id AND NOT f.shut"
        " AND (d.error IS NOT NULL OR d.due_at > $2::timestamptz - interval '1 day') RETURNING d.id",
        list(ids),
        now,
    )
    return [row["id"] for row in found]


async def purge(now: datetime, limit: int) -> int:
    """Forget up to `limit` that have been over for thirty days, as long as anything can be taken back; how many went.

    What waits or is put aside stays, however old.
    """
    found = await database.rows(
        "DELETE FROM delayed_actions WHERE id IN (SELECT id FROM delayed_actions WHERE over_at < $1"
        " ORDER BY over_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1",
        now - KEPT,
        limit,
    )
    return len(found)


# ---- put aside ----


async def park(delayed_id: int, error: str) -> None:
    """Take one out of the due index, with the reason; its friend is locked."""
    await database.run(
        "UPDATE delayed_actions SET state = 'parked', error = $2 WHERE id = $1 AND state = 'open'",
        delayed_id,
        error[:500],
    )


async def doubt_due() -> None:
    """What fell due while nobody was there may have been done before a restore: it is parked until staff decide."""
    await database.run(
        f"UPDATE delayed_actions SET state = 'parked', error = '{DOUBTED}'"
        f" WHERE state = 'open' AND due_at <= {clock.NOW}"
    )


async def doubted() -> int:
    """How many are held for that reason."""
    found: int = await database.value(
        f"SELECT count(*)::int FROM delayed_actions WHERE state = 'parked' AND error = '{DOUBTED}'"
    )
    return found


async def parked(scenario_ids: Sequence[int], limit: int, among: Sequence[int] | None = None) -> dict[int, int]:
    """id -> friend of those put aside in these scenarios, 0 for none; of the friends `among` if given."""
    found = await database.rows(
        "SELECT id, friend_id FROM delayed_actions WHERE state = 'parked' AND scenario_id = ANY($1::bigint[])"
        " AND ($3::bigint[] IS NULL OR friend_id = ANY($3)) ORDER BY id LIMIT $2",
        list(scenario_ids),
        limit,
        None if among is None else list(among),
    )
    return {row["id"]: row["friend_id"] for row in found}


async def take_up(ids: Sequence[int]) -> None:
    """Let these be carried out after all, their friends locked."""
    await database.run(
        "UPDATE delayed_actions SET state = 'open', error = NULL WHERE id = ANY($1::bigint[]) AND state = 'parked'",
        list(ids),
    )


async def give_up(ids: Sequence[int]) -> None:
    """Clear these away, their friends locked."""
    await database.run(
        f"UPDATE delayed_actions SET state = 'called_off', over_at = {clock.NOW} WHERE id = ANY($1::bigint[])"
        " AND state = 'parked'",
        list(ids),
    )


# ---- looked at ----


async def waiting(friend_id: int) -> list[datetime]:
    """When what still waits for this friend is due, the next one first; what a resting scenario holds is not told."""
    found = await database.rows(
        "SELECT due_at FROM delayed_actions d WHERE friend_id = $1 AND state = 'open' AND (scenario_id = 0 OR EXISTS"
        " (SELECT 1 FROM scenarios s WHERE s.id = d.scenario_id AND s.state = 'live' AND s.deleted_at IS NULL))"
        " AND NOT EXISTS (SELECT 1 FROM subscriptions w WHERE w.id = d.walk_id AND w.state = 'stopped')"
        " ORDER BY due_at",
        friend_id,
    )
    return [row["due_at"] for row in found]


async def due_before(until: datetime, kinds: Sequence[str]) -> int:
    """How many actions of these kinds fall due before `until`; those that are still to be judged are left out."""
    found: int = await database.value(
        "SELECT count(*) FROM delayed_actions d CROSS JOIN LATERAL jsonb_array_elements(d.actions) a"
        " WHERE d.state = 'open' AND d.due_at < $1 AND a->>'do' = ANY($2::text[]) AND NOT a ?| ARRAY['if', 'once']"
        " AND (d.scenario_id = 0 OR EXISTS (SELECT 1 FROM scenarios s WHERE s.id = d.scenario_id AND s.state = 'live'"
        " AND s.deleted_at IS NULL)) AND NOT EXISTS (SELECT 1 FROM subscriptions w WHERE w.id = d.walk_id"
        " AND w.state = 'stopped')",
        until,
        list(kinds),
    )
    return found


async def friends_of(roots: Sequence[str], ids: Sequence[int]) -> list[int]:
    """For whom something of these deeds still waits, or these were: to be locked before they are changed."""
    found = await database.rows(
        "SELECT friend_id FROM delayed_actions WHERE root = ANY($1::text[]) AND state = 'open'"
        " UNION SELECT friend_id FROM delayed_actions WHERE id = ANY($2::bigint[])",
        list(roots),
        list(ids),
    )
    return sorted(row["friend_id"] for row in found)
