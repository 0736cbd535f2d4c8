"""What could not be carried out and was put aside (events, clicks, steps, what was put off, operations' friends), and
what did not arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from storage import database, delayed, scenarios
from storage.links import clicks
from storage.outbox import failed

Kind = Literal["event", "scenario", "delayed", "operation", "click", "refused", "unknown", "held"]


@dataclass(frozen=True, slots=True)
class Heap:
    """What is looked at and decided on together: one event, the next steps of one scenario, what its steps (or
    with number 0 all else) had put off, friends of an operation, or the clicks on one link; sends of one cause that
    LINE refused for one reason, of which nobody knows whether they arrived, or which wait since LINE refused one.

    `name` is that of the friend or group, of the scenario or link, or what the operation is called in the history.
    `what` names an event by the class of `jobs.heard`, of sends the kind of their cause and why: scenario:length.
    `friends` of what was put off, and of a link, are its rows.
    `doubted`: how many of the steps, rows or friends may have been done before a restore. `running`: the operation
    has not yet come to its end.
    """

    kind: Kind
    id: int
    name: str | None
    in_group: bool
    what: str | None
    at: datetime
    friends: int
    doubted: int
    running: bool
    error: str | None


# What staff have taken back is no longer theirs to repeat; a deleted scenario has nothing to go on with.
HEAPS = f"""
SELECT 'event' AS kind, i.id, coalesce(f.display_name, f.line_name, g.name) AS name, g.id IS NOT NULL AS in_group,
    i.what, i.event_at AS at, 1 AS friends, 0 AS doubted, false AS running, i.error
FROM inbox i LEFT JOIN friends f ON f.line_user_id = i.chat LEFT JOIN groups g ON g.line_group_id = i.chat
WHERE i.state = 'parked'
UNION ALL
SELECT 'scenario', s.id, s.name, false, NULL, coalesce(w.at, s.created_at), w.friends, w.doubted, false, w.error
FROM scenarios s JOIN (
    SELECT scenario_id, min(due_at) AS at, count(*)::int AS friends,
        (count(*) FILTER (WHERE error = '{scenarios.DOUBTED}'))::int AS doubted, min(error) AS error
    FROM subscriptions WHERE state = 'parked' GROUP BY 1
) w ON w.scenario_id = s.id
WHERE s.deleted_at IS NULL
UNION ALL
SELECT 'delayed', d.scenario_id, s.name, false, NULL, d.at, d.friends, d.doubted, false, d.error
FROM (
    SELECT scenario_id, min(due_at) AS at, count(*)::int AS friends,
        (count(*) FILTER (WHERE error = '{delayed.DOUBTED}'))::int AS doubted, min(error) AS error
    FROM delayed_actions WHERE state = 'parked' GROUP BY 1
) d LEFT JOIN scenarios s ON s.id = d.scenario_id
WHERE d.scenario_id = 0 OR s.deleted_at IS NULL
UNION ALL
SELECT 'click', l.id, l.name, false, NULL, c.at, c.friends, c.doubted, false, c.error
FROM links l JOIN (
    SELECT link_id, min(at) AS at, count(*)::int AS friends,
        (count(*) FILTER (WHERE error = '{clicks.DOUBTED}'))::int AS doubted, min(error) AS error
    FROM link_clicks WHERE state = 'parked' GROUP BY 1
) c ON c.link_id = l.id
UNION ALL
SELECT 'operation', p.id, coalesce(a.sentence, {failed.SENT_BY.format("p.id")}),
    false, NULL, p.created_at, o.friends, o.doubted, p.state = 'running', NULL
FROM operations p LEFT JOIN audit_entries a ON a.id = p.audit_id JOIN (
    SELECT operation_id, count(*)::int AS friends, (count(*) FILTER (WHERE doubted))::int AS doubted
    FROM operation_friends WHERE state = 'parked' GROUP BY 1
) o ON o.operation_id = p.id
WHERE p.state <> 'stopped' AND a.undone_at IS NULL
UNION ALL
{failed.HEAPS}
"""


async def page(limit: int, offset: int) -> tuple[list[Heap], int]:
    """A page of the heaps, the latest first, and how many there are."""
    found = await database.rows(
        f"SELECT * FROM ({HEAPS}) h ORDER BY at DESC, kind, id LIMIT $1 OFFSET $2", limit, offset
    )
    return [_heap(row) for row in found], await count()


async def these(wanted: Sequence[tuple[Kind, int]]) -> list[Heap]:
    """Those of these heaps that are still there."""
    found = await database.rows(
        f"SELECT h.* FROM ({HEAPS}) h JOIN unnest($1::text[], $2::bigint[]) AS w (kind, id) USING (kind, id)"
        " ORDER BY at DESC, kind, id",
        [kind for kind, _ in wanted],
        [number for _, number in wanted],
    )
    return [_heap(row) for row in found]


async def count() -> int:
    found: int = await database.value(f"SELECT count(*)::int FROM ({HEAPS}) h")
    return found


def _heap(row: dict[str, Any]) -> Heap:
    return Heap(**row)
