"""What became of one run of a broadcast: what LINE took or refused, and what friends did with it, from the record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from storage import database, segments
from storage.broadcasts import runs
from storage.outbox import failed

BLOCKED_WITHIN = 7  # days behind the send in which a block is counted
REPLIED_WITHIN = 24  # hours behind the send in which a reply is counted
SAMPLE = 2_000  # friends whose messages tell which links the run held: all were sent the same


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun; `until` is when the next one of the broadcast did, None while there is none."""

    id: int
    operation: int
    at: datetime
    until: datetime | None
    actions: Sequence[Mapping[str, Any]]  # the action list of each friend

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The message objects of it all, not rendered."""
        return [one for action in self.actions for one in action.get("messages", ())]


@dataclass(frozen=True, slots=True)
class Done:
    """How many friends did something, and how often they did it."""

    friends: int
    times: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A measured link of the run, by its name, and what friends did."""

    id: int
    name: str
    done: Done


NOBODY = Done(0, 0)


@dataclass(frozen=True, slots=True)
class Results:
    """Whoever LINE took no message for has done nothing; None for what the messages did not hold."""

    tally: runs.Tally
    refused: dict[str, int]  # reason of `storage.outbox.failed` -> friends, the most first
    unknown: dict[str, int]
    first: datetime | None  # when the first message that LINE took left
    last: datetime | None
    blocked: int
    replied: Done
    pressed: Done | None
    opened: Done | None  # any of its links: one friend counts once
    links: Sequence[Opened]  # the most opened first

    @property
    def left_out(self) -> int:
        """Friends who had blocked us before their turn came."""
        return self.tally.left_out - sum(self.refused.values())


async def begun(broadcast: int) -> list[Begun]:
    """Its runs that have begun, the first first."""
    found = await database.rows(
        "SELECT id, operation_id AS operation, begun_at AS at, (SELECT min(n.begun_at) FROM broadcast_runs n"
        # the rest of a trial does not end what its test is counted by
        " WHERE n.broadcast_id = $1 AND n.id > r.id AND n.state = 'begun' AND n.test_id IS NULL) AS until,"
        " definition->'actions' AS actions FROM broadcast_runs r"
        " WHERE broadcast_id = $1 AND state = 'begun' ORDER BY id",
        broadcast,
    )
    return [Begun(**row | {"actions": orjson.loads(row["actions"] or "[]")}) for row in found]


# When a friend's message left: nothing that came before it came of it.
_LEFT = "coalesce(o.attempted_at, d.at)"
_GOT = (
    "JOIN deliveries d ON d.cause = $1 AND d.friend_id = {}"
    " JOIN outbox o ON o.id = d.outbox_id AND o.state = 'accepted'"
)

# One look at all messages of the run; the others begin with what friends did and look those few up.
_ENDS = f"""
SELECT {runs.END} AS state, CASE WHEN o.state IN ('refused', 'unknown') AND d.state IS DISTINCT FROM 'cancelled'
    THEN {failed.REASON} END AS reason, count(*)::int AS friends, min({_LEFT}) AS first, max({_LEFT}) AS last
FROM deliveries d LEFT JOIN outbox o ON o.id = d.outbox_id WHERE d.cause = $1{{theirs}}
GROUP BY 1, 2 ORDER BY friends DESC, reason
"""

# `subject IS NULL` and the span are what the index is asked for.
_DID = f"""
SELECT e.kind, count(DISTINCT e.friend_id)::int AS friends, count(*)::int AS times FROM (
    SELECT kind, friend_id, at, interval '{BLOCKED_WITHIN} days' AS within FROM friend_events
    WHERE kind = 'blocked' AND subject IS NULL AND at >= $2 AND at < $3::timestamptz + interval '{BLOCKED_WITHIN} days'
    UNION ALL
    SELECT kind, friend_id, at, interval '{REPLIED_WITHIN} hours' FROM friend_events
    WHERE kind = 'said' AND subject IS NULL AND at >= $2 AND at < $3::timestamptz + interval '{REPLIED_WITHIN} hours'
    UNION ALL
    SELECT p.kind, p.friend_id, p.at, NULL FROM buttons k JOIN friend_events p ON p.kind = 'pressed'
        AND p.subject = k.id WHERE k.owner = $4 AND p.at >= $2 AND p.at < coalesce($5::timestamptz, 'infinity')
) e {_GOT.format("e.friend_id")}
WHERE e.at >= {_LEFT} AND (e.within IS NULL OR e.at < {_LEFT} + e.within){{theirs}} GROUP BY 1
"""

# A row for each link that was held or opened and, without one, a row for all of them together.
_OPENED = f"""
WITH clicked AS MATERIALIZED (
    SELECT DISTINCT c.id, c.link_id, c.friend_id FROM link_clicks c
    JOIN link_sends s ON s.link_id = c.link_id AND s.friend_id = c.friend_id
    {_GOT.format("c.friend_id")} AND d.id = s.delivery_id
    WHERE c.link_id = ANY($2::bigint[]) AND c.at >= $3 AND c.at < coalesce($4::timestamptz, 'infinity')
    AND c.at >= {_LEFT}{{theirs}}
), several AS MATERIALIZED (
    SELECT id, friend_id FROM deliveries WHERE cause = $1 AND outbox_id IS NOT NULL ORDER BY friend_id LIMIT {SAMPLE}
)
SELECT * FROM (
    SELECT l.id AS link, l.name, count(DISTINCT c.friend_id)::int AS friends, count(c.id)::int AS times,
        EXISTS (SELECT 1 FROM several d JOIN link_sends s ON s.link_id = l.id AND s.friend_id = d.friend_id
            AND s.delivery_id = d.id) AS held
    FROM links l LEFT JOIN clicked c ON c.link_id = l.id WHERE l.id = ANY($2::bigint[]) GROUP BY l.id
    UNION ALL SELECT NULL, NULL, count(DISTINCT friend_id)::int, count(*)::int, true FROM clicked
) x WHERE held OR times > 0 ORDER BY friends DESC, link
"""


async def of(run: Begun, owner: str, links: Collection[int], sight: segments.Sight) -> Results:
    """Of a run of the broadcast whose buttons are kept under `owner` and whose messages lead to these links, counted
    among the friends whom `sight` sees; in four statements however many it reached."""
    cause = runs.cause(run.operation)
    ends = await _asked(_ENDS, "d.friend_id", sight, cause)
    tally = await runs.tallied([run.operation], [{**row, "cause": cause} for row in ends], sight)
    unknown = _reasons(ends, "unknown")
    if doubted := tally.unknown - sum(unknown.values()):  # no message of theirs had been written
        unknown["restored"] = unknown.get("restored", 0) + doubted
    first, last = next(((row["first"], row["last"]) for row in ends if row["state"] == "accepted"), (None, None))
    did, opened = {}, []
    if first is not None:
        rows = await _asked(_DID, "e.friend_id", sight, cause, first, last, owner, run.until)
        did = {row["kind"]: Done(row["friends"], row["times"]) for row in rows}
        opened = await _asked(_OPENED, "c.friend_id", sight, cause, list(links), first, run.until) if links else []
    buttons = await database.value("SELECT EXISTS (SELECT 1 FROM buttons WHERE owner = $1)", owner)
    told = {row["link"]: Done(row["friends"], row["times"]) for row in opened}
    named = [Opened(row["link"], row["name"], told[row["link"]]) for row in opened if row["link"] is not None]
    return Results(
        tally=tally,
        refused=_reasons(ends, "refused"),
        unknown=unknown,
        first=first,
        last=last,
        blocked=did.get("blocked", NOBODY).friends,
        replied=did.get("said", NOBODY),
        pressed=did.get("pressed", NOBODY) if buttons else None,
        opened=told[None] if named else None,
        links=named,
    )


async def _asked(sql: str, friend: str, sight: segments.Sight, *values: Any) -> list[dict[str, Any]]:
    """Rows of a statement about friends in this column, of those whom one sees."""
    statement = segments.Statement(sight, values)
    return await database.rows(sql.replace("{theirs}", statement.belongs(friend)), *statement.values)


def _reasons(ends: Sequence[Mapping[str, Any]], state: str) -> dict[str, int]:
    return {row["reason"]: row["friends"] for row in ends if row["state"] == state}
