"""Buttons: immutable rows that a postback `b=<id>` names, the same for all friends and alive for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database


class Button(Model):
    id = fields.BigIntField(primary_key=True)
    label = fields.TextField()
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    owner = fields.CharField(max_length=64)  # "scenario:3", "greeting:new", "template:4", "broadcast:12"
    created_at = fields.DatetimeField()

    class Meta:
        table = "buttons"


@dataclass(frozen=True, slots=True)
class Wanted:
    label: str
    actions: list[dict[str, Any]]


async def make(owner: str, wanted: Sequence[Wanted], now: datetime) -> list[int]:
    """The ids of buttons that do just this; those that this owner has already are taken again, the others made."""
    if not wanted:
        return []
    values = (owner, [one.label for one in wanted], [orjson.dumps(one.actions).decode() for one in wanted])
    await database.run(
        "INSERT INTO buttons (owner, label, actions, created_at)"
        " SELECT DISTINCT $1, x.label, x.actions::jsonb, $4::timestamptz"
        " FROM unnest($2::text[], $3::text[]) AS x (label, actions) WHERE NOT EXISTS"
        " (SELECT 1 FROM buttons b WHERE b.owner = $1 AND b.label = x.label AND b.actions = x.actions::jsonb)",
        *values,
        now,
    )
    found = await database.rows(
        "SELECT min(b.id) AS id FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS x (label, actions, place)"
        " JOIN buttons b ON b.owner = $1 AND b.label = x.label AND b.actions = x.actions::jsonb"
        " GROUP BY x.place ORDER BY x.place",
        *values,
    )
    return [row["id"] for row in found]


async def labels(ids: Sequence[int]) -> dict[int, str]:
    found = await database.rows("SELECT id, label FROM buttons WHERE id = ANY($1::bigint[])", list(ids))
    return {row["id"]: row["label"] for row in found}
