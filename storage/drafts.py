"""What waits to be published, of all kinds that have drafts."""

from dataclasses import dataclass
from datetime import datetime

from storage import database, named


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a thing; `new` says that the thing was never published."""

    kind: named.Kind
    id: int
    name: str
    number: int
    new: bool
    staff_id: int | None
    staff: str | None
    created_at: datetime


_WAITING = (
    "(SELECT 'scenarios' AS kind, s.id, s.name, v.number, s.live_version_id IS NULL AS new, v.staff_id, v.created_at"
    " FROM scenarios s JOIN scenario_versions v ON v.id = s.draft_version_id WHERE s.deleted_at IS NULL"
    " UNION ALL SELECT 'auto_replies', a.id, a.name, v.number, a.live IS NULL, v.staff_id, v.created_at"
    " FROM auto_replies a JOIN block_versions v ON v.owner = 'auto_reply:' || a.id AND v.number = a.draft"
    " WHERE a.deleted_at IS NULL"
    " UNION ALL SELECT 'forms', q.id, q.name, v.number, q.live IS NULL, v.staff_id, v.created_at"
    " FROM forms q JOIN block_versions v ON v.owner = 'form:' || q.id AND v.number = q.draft"
    " WHERE q.deleted_at IS NULL"
    " UNION ALL SELECT 'broadcasts', b.id, b.name, b.number, true, v.staff_id, v.created_at FROM broadcasts b"
    " LEFT JOIN broadcast_runs r ON r.id = b.run_id"
    " JOIN block_versions v ON v.owner = 'broadcast:' || b.id AND v.number = b.number"
    " WHERE b.deleted_at IS NULL AND (r.id IS NULL OR r.state = 'cancelled') AND $1::bool) d"
)


async def page(staff_id: int | None, limit: int, offset: int, *, sent: bool) -> tuple[list[Draft], int]:
    """Those of this person first, then by age, the latest first; and how many there are. `sent`: broadcasts too."""
    found = await database.rows(
        "SELECT d.*, (SELECT m.name FROM staff m WHERE m.id = d.staff_id) AS staff"
        f" FROM {_WAITING} ORDER BY d.staff_id IS DISTINCT FROM $2::bigint, d.created_at DESC, d.kind DESC, d.id"
        " LIMIT $3 OFFSET $4",
        sent,
        staff_id,
        limit,
        offset,
    )
    return [Draft(**row) for row in found], await database.value(f"SELECT count(*) FROM {_WAITING}", sent)
