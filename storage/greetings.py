"""Greetings: the action lists run for a new friend (`new`) and for one who comes back (`returning`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database

Kind = Literal["new", "returning"]


class Greeting(Model):
    kind = fields.CharField(max_length=16, primary_key=True)  # new | returning
    source = fields.TextField()
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()  # action list, see jobs/actions.py
    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "greetings"


@dataclass(frozen=True, slots=True)
class Kept:
    kind: Kind
    source: str
    actions: list[dict[str, Any]]
    version: int


async def all_kept() -> dict[str, Kept]:
    """Both greetings as they are; one never written, or emptied by an undo, is absent."""
    found = await database.rows("SELECT kind, source, actions, version FROM greetings WHERE actions <> '[]'")
    return {row["kind"]: Kept(**row | {"actions": orjson.loads(row["actions"])}) for row in found}


async def lock(kind: Kind, now: datetime) -> Kept:
    """This greeting's row, made if need be, locked."""
    await database.run(
        "INSERT INTO greetings (kind, source, actions, updated_at) VALUES ($1, '', '[]', $2)"
        " ON CONFLICT (kind) DO NOTHING",
        kind,
        now,
    )
    found = await database.rows(
        "SELECT kind, source, actions, version FROM greetings WHERE kind = $1 FOR NO KEY UPDATE", kind
    )
    return Kept(**found[0] | {"actions": orjson.loads(found[0]["actions"])})


async def write(kind: Kind, source: str, actions: Sequence[dict[str, Any]], now: datetime) -> int:
    """The new version."""
    found: int = await database.value(
        "UPDATE greetings SET source = $2, actions = $3::jsonb, version = version + 1, updated_at = $4"
        " WHERE kind = $1 RETURNING version",
        kind,
        source,
        orjson.dumps(list(actions)).decode(),
        now,
    )
    return found
