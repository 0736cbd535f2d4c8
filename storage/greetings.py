"""Greetings: the action lists run for a new friend (`new`), one who returns (`returning`) or blocks us (`blocked`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database

Kind = Literal["new", "returning", "blocked"]


class Greeting(Model):
    kind = fields.CharField(max_length=16, primary_key=True)  # new | returning | blocked
    source = fields.TextField()
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()  # action list, see jobs/actions/
    number = fields.IntField(default=0, db_default=0)  # the version of the greetings in which it was written
    stopped = fields.BooleanField(default=False, db_default=False)  # kept, and sent to nobody
    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "greetings"


@dataclass(frozen=True, slots=True)
class Kept:
    kind: Kind
    source: str
    actions: list[dict[str, Any]]
    number: int
    stopped: bool
    version: int


_KEPT = "kind, source, actions, number, stopped, version"


async def all_kept() -> dict[str, Kept]:
    """All greetings as they are; one never written, or emptied by an undo, is absent."""
    found = await database.rows(f"SELECT {_KEPT} FROM greetings WHERE actions <> '[]'")
    return {row["kind"]: Kept(**row | {"actions": orjson.loads(row["actions"])}) for row in found}


async def lock(kind: Kind, now: datetime) -> Kept:
    """This greeting's row, made if need be, locked."""
    await database.run(
        "INSERT INTO greetings (kind, source, actions, updated_at) VALUES ($1, '', '[]', $2)"
        " ON CONFLICT (kind) DO NOTHING",
        kind,
        now,
    )
    found = await database.rows(f"SELECT {_KEPT} FROM greetings WHERE kind = $1 FOR NO KEY UPDATE", kind)
    return Kept(**found[0] | {"actions": orjson.loads(found[0]["actions"])})


async def write(kind: Kind, source: str, actions: Sequence[dict[str, Any]], number: int, now: datetime) -> int:
    """The row's new version; `number` is the version of the greetings."""
    found: int = await database.value(
        "UPDATE greetings SET source = $2, actions = $3::jsonb, number = $4, version = version + 1, updated_at = $5"
        " WHERE kind = $1 RETURNING version",
        kind,
        source,
        orjson.dumps(list(actions)).decode(),
        number,
        now,
    )
    return found


async def stop(kind: Kind, stopped: bool) -> int:
    """Hold a greeting back, or let it be sent again; the row's new version."""
    found: int = await database.value(
        "UPDATE greetings SET stopped = $2, version = version + 1 WHERE kind = $1 RETURNING version", kind, stopped
    )
    return found
