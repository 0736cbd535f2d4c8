"""Versions of what is kept as one piece: a template, an action set, a segment, an auto-reply, a form, all greetings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database

GREETINGS = "greeting"


class BlockVersion(Model):
    id = fields.BigIntField(primary_key=True)
    owner = fields.CharField(max_length=64)  # template:4, action:5, auto_reply:5, form:3, segment:2, greeting
    number = fields.IntField()
    # of a template {"source", "messages"}; of an action set {"source", "actions"}; of a form {"source", "form"}; of an
    # auto-reply {"source", "rule", "actions"}; of a segment {"condition", "words"}; of the greetings their kinds, each
    # with "source" and "actions"
    content: fields.JSONField[dict[str, Any]] = fields.JSONField()
    staff_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "block_versions"
        unique_together = (("owner", "number"),)


@dataclass(frozen=True, slots=True)
class Kept:
    number: int
    content: dict[str, Any]
    staff_id: int | None
    staff: str | None
    created_at: datetime


_KEPT = (
    "SELECT v.number, v.content, v.staff_id, s.name AS staff, v.created_at FROM block_versions v"
    " LEFT JOIN staff s ON s.id = v.staff_id WHERE v.owner = $1"
)


def owner(kind: Literal["templates", "action_sets", "segments"], number: int) -> str:
    return {"templates": f"template:{number}", "action_sets": f"action:{number}", "segments": f"segment:{number}"}[kind]


async def add(owner: str, content: dict[str, Any], staff_id: int | None, now: datetime) -> int:
    """Keep what has just been written; its number. The owner's row is locked by the caller."""
    number: int = await database.value(
        "INSERT INTO block_versions (owner, number, content, staff_id, created_at)"
        " SELECT $1::text, coalesce(max(number), 0) + 1, $2::jsonb, $3, $4 FROM block_versions WHERE owner = $1::text"
        " RETURNING number",
        owner,
        orjson.dumps(content).decode(),
        staff_id,
        now,
    )
    return number


async def numbered(owner: str, number: int) -> Kept | None:
    found = await database.row(f"{_KEPT} AND v.number = $2", owner, number)
    return _kept(found) if found else None


async def page(owner: str, limit: int, offset: int) -> tuple[list[Kept], int]:
    """A page of versions, the latest first, and how many there are."""
    found = await database.rows(f"{_KEPT} ORDER BY v.number DESC LIMIT $2 OFFSET $3", owner, limit, offset)
    total: int = await database.value("SELECT count(*) FROM block_versions WHERE owner = $1", owner)
    return [_kept(row) for row in found], total


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(**row | {"content": orjson.loads(row["content"])})
