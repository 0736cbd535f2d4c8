"""What became of one run of a broadcast: what LINE took or refused, and what friends did with it, from the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import database
from storage.broadcasts import runs
from storage.outbox import failed

BLOCKED_WITHIN = 7  # days behind the send in which a block is counted
REPLIED_WITHIN = 24  # hours behind the send in which a reply is counted


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun; `until` is when the next one of the broadcast did, None while there is none."""

    id: int
    operation: int
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Done:
    """How many friends did something, and how often they did it."""

    friends: int
    times: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A measured link of the run, by its name: how many were sent it, and what they did."""

    id: int
    name: str
    sent: int
    done: Done


@dataclass(frozen=True, slots=True)
class Results:
    """Whoever LINE took no message for has done nothing; None for what the messages did not hold."""

    tally: runs.Tally
    refused: dict[str, int]  # reason of `storage.outbox.failed` -> friends, the most first
    unknown: dict[str, int]
    last: datetime | None  # when the last message that LINE took left
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
        " WHERE n.broadcast_id = $1 AND n.id > r.id AND n.state = 'begun' AND n.test_id IS NULL) AS until"
        " FROM broadcast_runs r WHERE broadcast_id = $1 AND state = 'begun' ORDER BY id",
        broadcast,
    )
    return [Begun(**row) for row in found]


# Each friend for whom LINE has taken the message, and when it left: nothing that came before it came of it.
_GOT = """got AS MATERIALIZED (
    SELECT d.id, d.friend_id, coalesce(o.attempted_at, d.at) AS at FROM deliveries d
    JOIN outbox o ON o.id = d.outbox_id AND o.state = 'accepted' WHERE d.cause = $1
)"""

# `subject IS NULL` and the span are what the index is asked for.
_SAID = f"""
WITH {_GOT}, span AS MATERIALIZED (SELECT min(at) AS first, max(at) AS last FROM got)
SELECT span.last, b.friends AS blocked, r.friends AS repliers, r.times AS replies, p.friends AS pressers,
    p.times AS presses, EXISTS (SELECT 1 FROM buttons WHERE owner = $2) AS has_buttons
FROM span CROSS JOIN LATERAL (
    SELECT count(DISTINCT e.friend_id)::int AS friends FROM friend_events e JOIN got g ON g.friend_id = e.friend_id
    WHERE e.kind = 'blocked' AND e.subject IS NULL AND e.at >= span.first
    AND e.at < span.last + interval '{BLOCKED_WITHIN} days'
    AND e.at >= g.at AND e.at < g.at + interval '{BLOCKED_WITHIN} days'
) b CROSS JOIN LATERAL (
    SELECT count(DISTINCT e.friend_id)::int AS friends, count(*)::int AS times
    FROM friend_events e JOIN got g ON g.friend_id = e.friend_id
    WHERE e.kind = 'said' AND e.subject IS NULL AND e.at >= span.first
    AND e.at < span.last + interval '{REPLIED_WITHIN} hours'
    AND e.at >= g.at AND e.at < g.at + interval '{REPLIED_WITHIN} hours'
) r CROSS JOIN LATERAL (
    SELECT count(DISTINCT e.friend_id)::int AS friends, count(*)::int AS times
    FROM buttons k JOIN friend_events e ON e.kind = 'pressed' AND e.subject = k.id
    JOIN got g ON g.friend_id = e.friend_id
    WHERE k.owner = $2 AND e.at >= g.at AND e.at < coalesce($3::timestamptz, 'infinity')
) p
"""

# A row for each link and, without one, a row for all of them together.
_OPENED = f"""
WITH {_GOT}
SELECT s.link_id AS link, l.name, count(DISTINCT s.friend_id)::int AS sent,
    count(DISTINCT c.friend_id)::int AS friends, count(DISTINCT c.id)::int AS times
FROM got g JOIN link_sends s ON s.friend_id = g.friend_id AND s.delivery_id = g.id JOIN links l ON l.id = s.link_id
LEFT JOIN link_clicks c ON c.link_id = s.link_id AND c.friend_id = s.friend_id AND c.at >= g.at
    AND c.at < coalesce($2::timestamptz, 'infinity')
GROUP BY GROUPING SETS ((s.link_id, l.name), ()) ORDER BY friends DESC, link
"""

_REASONS = f"""
SELECT o.state, {failed.REASON} AS reason, count(*)::int AS friends
FROM deliveries d JOIN outbox o ON o.id = d.outbox_id AND o.state IN ('refused', 'unknown')
WHERE d.cause = $1 AND d.state IS DISTINCT FROM 'cancelled' GROUP BY 1, 2 ORDER BY friends DESC, reason
"""


async def of(run: Begun, owner: str) -> Results:
    """Of a run of the broadcast whose buttons are kept under `owner`, in five statements however many it reached."""
    cause = runs.cause(run.operation)
    reasons = await database.rows(_REASONS, cause)
    [said] = await database.rows(_SAID, cause, owner, run.until)
    opened = await database.rows(_OPENED, cause, run.until)
    links = [
        Opened(row["link"], row["name"], row["sent"], Done(row["friends"], row["times"]))
        for row in opened
        if row["link"] is not None
    ]
    [total] = [row for row in opened if row["link"] is None]
    tally = await runs.tally(run.operation)
    unknown = {row["reason"]: row["friends"] for row in reasons if row["state"] == "unknown"}
    if doubted := tally.unknown - sum(unknown.values()):  # no message of theirs had been written
        unknown["restored"] = unknown.get("restored", 0) + doubted
    return Results(
        tally=tally,
        refused={row["reason"]: row["friends"] for row in reasons if row["state"] == "refused"},
        unknown=unknown,
        last=said["last"],
        blocked=said["blocked"],
        replied=Done(said["repliers"], said["replies"]),
        pressed=Done(said["pressers"], said["presses"]) if said["has_buttons"] else None,
        opened=Done(total["friends"], total["times"]) if links else None,
        links=links,
    )
