"""The bin: what was deleted is kept for thirty days, comes back with all it has, and then goes for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import database, named, names

KEPT = timedelta(days=30)

# What goes with a thing for good, before it: `$1` is the thing, `$2` the most rows at once.
OWNED: dict[named.Kind, tuple[str, ...]] = {
    "tags": (
        "DELETE FROM friend_tags WHERE id IN (SELECT id FROM friend_tags WHERE tag_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM friend_tags WHERE id IN (SELECT l.id FROM friend_tags l JOIN tags t ON t.id = l.tag_id"
        " WHERE t.merged_into = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM tags WHERE id IN (SELECT id FROM tags WHERE merged_into = $1 LIMIT $2) RETURNING 1",
    ),
    "scenarios": (
        "DELETE FROM delayed_actions WHERE id IN"
        " (SELECT id FROM delayed_actions WHERE scenario_id = $1 AND state IN ('open', 'parked') LIMIT $2) RETURNING 1",
        "DELETE FROM subscriptions WHERE id IN"
        " (SELECT id FROM subscriptions WHERE scenario_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM buttons WHERE id IN"
        " (SELECT id FROM buttons WHERE owner = 'scenario:' || $1::bigint LIMIT $2) RETURNING 1",
        "DELETE FROM scenario_versions WHERE id IN"
        " (SELECT id FROM scenario_versions WHERE scenario_id = $1 LIMIT $2) RETURNING 1",
    ),
    "templates": (
        "DELETE FROM answers WHERE id IN (SELECT id FROM answers WHERE template_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM buttons WHERE id IN"
        " (SELECT id FROM buttons WHERE owner = 'template:' || $1::bigint LIMIT $2) RETURNING 1",
        "DELETE FROM block_versions WHERE id IN"
        " (SELECT id FROM block_versions WHERE owner = 'template:' || $1::bigint LIMIT $2) RETURNING 1",
    ),
    "auto_replies": (
        "DELETE FROM buttons WHERE id IN"
        " (SELECT id FROM buttons WHERE owner = 'auto_reply:' || $1::bigint LIMIT $2) RETURNING 1",
        "DELETE FROM block_versions WHERE id IN"
        " (SELECT id FROM block_versions WHERE owner = 'auto_reply:' || $1::bigint LIMIT $2) RETURNING 1",
    ),
    "action_sets": (
        "DELETE FROM block_versions WHERE id IN"
        " (SELECT id FROM block_versions WHERE owner = 'action:' || $1::bigint LIMIT $2) RETURNING 1",
    ),
    "segments": (
        "DELETE FROM segment_counts WHERE id IN"
        " (SELECT id FROM segment_counts WHERE segment_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM block_versions WHERE id IN"
        " (SELECT id FROM block_versions WHERE owner = 'segment:' || $1::bigint LIMIT $2) RETURNING 1",
    ),
    "media": (),  # its bytes go when nothing leads to them any more
    "fields": (
        "DELETE FROM field_values WHERE id IN (SELECT id FROM field_values WHERE field_id = $1 LIMIT $2) RETURNING 1",
    ),
    "broadcasts": (
        "DELETE FROM buttons WHERE id IN"
        " (SELECT id FROM buttons WHERE owner = 'broadcast:' || $1::bigint LIMIT $2) RETURNING 1",
        "DELETE FROM block_versions WHERE id IN"
        " (SELECT id FROM block_versions WHERE owner = 'broadcast:' || $1::bigint LIMIT $2) RETURNING 1",
        "DELETE FROM broadcast_runs WHERE id IN"
        " (SELECT id FROM broadcast_runs WHERE broadcast_id = $1 LIMIT $2) RETURNING 1",
    ),
    "forms": (
        "DELETE FROM form_uploads WHERE id IN (SELECT id FROM form_uploads WHERE form_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM form_answers WHERE id IN (SELECT a.id FROM submissions s JOIN form_answers a"
        " ON a.submission_id = s.id WHERE s.form_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM submissions WHERE id IN (SELECT id FROM submissions WHERE form_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM buttons WHERE id IN"
        " (SELECT id FROM buttons WHERE owner = 'form:' || $1::bigint LIMIT $2) RETURNING 1",
        "DELETE FROM block_versions WHERE id IN"
        " (SELECT id FROM block_versions WHERE owner = 'form:' || $1::bigint LIMIT $2) RETURNING 1",
    ),
    "links": (
        "DELETE FROM link_clicks WHERE id IN (SELECT id FROM link_clicks WHERE link_id = $1 LIMIT $2) RETURNING 1",
        "DELETE FROM link_sends WHERE id IN (SELECT id FROM link_sends WHERE link_id = $1 LIMIT $2) RETURNING 1",
    ),
    "shared_values": (
        "DELETE FROM shared_changes WHERE id IN"
        " (SELECT id FROM shared_changes WHERE shared_value_id = $1 LIMIT $2) RETURNING 1",
    ),
}


@dataclass(frozen=True, slots=True)
class Deleted:
    id: int
    name: str
    version: int
    deleted_at: datetime


async def find(kind: named.Kind, name: str, now: datetime) -> Deleted | None:
    """What of this name was deleted last and can still come back."""
    return await _one(kind, "name_key = $1", names.name_key(name), now)


async def get(kind: named.Kind, number: int, now: datetime) -> Deleted | None:
    """The same by number."""
    return await _one(kind, "id = $1", number, now)


async def _one(kind: named.Kind, which: str, value: str | int, now: datetime) -> Deleted | None:
    found = await database.row(
        f"SELECT id, name, version, deleted_at FROM {kind} WHERE {which} AND deleted_at >= $2{_merged(kind)}"
        " ORDER BY deleted_at DESC LIMIT 1",
        value,
        now - KEPT,
    )
    return Deleted(**found) if found else None


def _merged(kind: named.Kind) -> str:
    """A merged tag lies in no bin: it goes on as a word for another."""
    return " AND merged_into IS NULL" if kind == "tags" else ""


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies in the bin, of whatever kind."""

    kind: named.Kind
    id: int
    name: str
    deleted_at: datetime


async def page(now: datetime, limit: int, offset: int) -> tuple[list[Lying], int]:
    """All that can still come back, the latest first, and how much it is."""
    lying = " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, id, name, deleted_at FROM {kind} WHERE deleted_at >= $1{_merged(kind)}"
        for kind in OWNED
    )
    found = await database.rows(
        f"SELECT * FROM ({lying}) x ORDER BY deleted_at DESC, kind, id LIMIT $2 OFFSET $3", now - KEPT, limit, offset
    )
    total: int = await database.value(f"SELECT count(*) FROM ({lying}) x", now - KEPT)
    return [Lying(**row) for row in found], total


async def put_in(kind: named.Kind, number: int, now: datetime) -> int:
    """Out of everybody's sight, with everything it has; the new version."""
    found: int = await database.value(
        f"UPDATE {kind} SET deleted_at = $2, version = version + 1 WHERE id = $1 RETURNING version", number, now
    )
    return found


async def take_out(kind: named.Kind, number: int) -> int:
    """Alive again, with everything it had; the new version. The name must be free."""
    found: int = await database.value(
        f"UPDATE {kind} SET deleted_at = NULL, version = version + 1 WHERE id = $1 RETURNING version", number
    )
    return found


async def clear(now: datetime, most: int) -> bool:
    """Let go for good of what has lain for thirty days, in pieces; whether there may be more to do."""
    return any([await _clear(kind, now, most) for kind in OWNED])


async def _clear(kind: named.Kind, now: datetime, most: int) -> bool:
    number = await database.value(
        f"SELECT id FROM {kind} WHERE deleted_at < $1{_merged(kind)} ORDER BY deleted_at LIMIT 1"
        " FOR UPDATE SKIP LOCKED",
        now - KEPT,
    )
    if number is None:
        return False
    for statement in OWNED[kind]:
        if await database.rows(statement, number, most):
            return True
    await database.run(f"DELETE FROM {kind} WHERE id = $1", number)
    return True
