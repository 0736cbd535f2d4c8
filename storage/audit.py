"""The audit: who changed what, in a sentence, with the inverse row changes that an undo applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database
from storage import staff as people


class AuditEntry(Model):
    id = fields.BigIntField(primary_key=True)  # #Z1042
    staff_id = fields.BigIntField(null=True)
    chat = fields.CharField(max_length=64)
    at = fields.DatetimeField()
    verb = fields.CharField(max_length=40)  # "tag.attach"
    arguments: fields.JSONField[dict[str, Any]] = fields.JSONField()
    sentence = fields.TextField()  # Japanese, as 履歴 shows it
    # list of row changes with the versions they expect (storage/changes.py); [] when it cannot be undone
    inverse: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    undone_at = fields.DatetimeField(null=True)
    undone_by = fields.BigIntField(null=True)
    undoes = fields.BigIntField(null=True)

    class Meta:
        table = "audit_entries"
        indexes = (("at",), ("staff_id", "at"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history; `staff` is the name of who did it, None for the system itself; `group` is that of the
    group where it was done, None in a talk of two; `needs` is the role that it took."""

    id: int
    staff_id: int | None
    staff: str | None
    group: str | None
    at: datetime
    verb: str
    sentence: str
    inverse: list[dict[str, Any]]
    undone_at: datetime | None
    undoes: int | None
    needs: people.Role


_ENTRY = (
    "SELECT a.id, a.staff_id, s.name AS staff, coalesce(g.label, g.name) AS group, a.at, a.verb, a.sentence, a.inverse,"
    " a.undone_at, a.undoes, coalesce(a.arguments->>'needs', 'operator') AS needs"
    " FROM audit_entries a LEFT JOIN staff s ON s.id = a.staff_id"
    " LEFT JOIN groups g ON g.line_group_id = a.chat"
)


async def reserve() -> int:
    """The id the next entry shall have, so that what it causes can name it."""
    found: int = await database.value("SELECT nextval('audit_entries_id_seq')")
    return found


async def write(
    entry_id: int,
    staff_id: int | None,
    chat: str,
    at: datetime,
    verb: str,
    arguments: dict[str, Any],
    sentence: str,
    inverse: Sequence[dict[str, Any]] = (),
    undoes: int | None = None,
) -> None:
    await database.run(
        "INSERT INTO audit_entries (id, staff_id, chat, at, verb, arguments, sentence, inverse, undoes)"
        " VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8::jsonb, $9)",
        entry_id,
        staff_id,
        chat,
        at,
        verb,
        orjson.dumps(arguments).decode(),
        sentence,
        orjson.dumps(list(inverse)).decode(),
        undoes,
    )


async def lock(entry_id: int) -> Entry | None:
    """The entry, locked, so that two undos of it cannot both happen."""
    found = await database.row(f"{_ENTRY} WHERE a.id = $1 FOR NO KEY UPDATE OF a", entry_id)
    return _entry(found) if found else None


async def latest_of(staff_id: int) -> int | None:
    """The last thing this person did that has not been undone; undoing itself does not count."""
    found: int | None = await database.value(
        "SELECT id FROM audit_entries WHERE staff_id = $1 AND undone_at IS NULL AND undoes IS NULL"
        " ORDER BY at DESC, id DESC LIMIT 1",
        staff_id,
    )
    return found


async def mark_undone(entry_id: int, by: int | None, at: datetime) -> None:
    await database.run("UPDATE audit_entries SET undone_at = $2, undone_by = $3 WHERE id = $1", entry_id, at, by)


async def follow(moved: Sequence[tuple[dict[str, Any], int, int]], since: datetime) -> None:
    """Rows that were put back are again as the deeds before had left them, so that those can be taken back in turn.

    `moved`: a row change that was applied, the version the row had before the deed it took back, and the one it has.
    """
    told = [
        {"change": {"do": "set", "table": one["table"], "key": one["key"], "version": before}, "now": now}
        for one, before, now in moved
    ]
    if not told:
        return
    await database.run(
        "WITH moved AS (SELECT x -> 'change' AS change, x -> 'now' AS now FROM jsonb_array_elements($1::jsonb) AS x)"
        " UPDATE audit_entries a SET inverse = (SELECT jsonb_agg(CASE WHEN m.now IS NULL THEN c.one"
        " ELSE c.one || jsonb_build_object('version', m.now, 'before', coalesce((c.one ->> 'before')::int,"
        " (c.one ->> 'version')::int - 1)) END ORDER BY c.nth)"
        " FROM jsonb_array_elements(a.inverse) WITH ORDINALITY AS c (one, nth)"
        " LEFT JOIN moved m ON c.one @> m.change)"
        " WHERE a.at > $2 AND a.undone_at IS NULL"
        " AND EXISTS (SELECT 1 FROM moved m WHERE a.inverse @> jsonb_build_array(m.change))",
        orjson.dumps(told).decode(),
        since,
    )


async def search(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    staff_id: int | None = None,
    words: Sequence[str] = (),
    limit: int = 10,
    offset: int = 0,
) -> tuple[list[Entry], int]:
    """A page of the history, the latest first, and how many entries there are in all; every word must occur."""
    where = (
        " WHERE ($1::timestamptz IS NULL OR a.at >= $1) AND ($2::timestamptz IS NULL OR a.at < $2)"
        " AND ($3::bigint IS NULL OR a.staff_id = $3)"
        " AND NOT EXISTS (SELECT 1 FROM unnest($4::text[]) AS w WHERE strpos(lower(a.sentence), lower(w)) = 0)"
    )
    values = (since, until, staff_id, list(words))
    found = await database.rows(
        f"{_ENTRY}{where} ORDER BY a.at DESC, a.id DESC LIMIT $5 OFFSET $6", *values, limit, offset
    )
    total: int = await database.value(f"SELECT count(*) FROM audit_entries a{where}", *values)
    return [_entry(row) for row in found], total


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(**row | {"inverse": orjson.loads(row["inverse"])})
