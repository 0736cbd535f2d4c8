"""Fields: what a shop notes about its friends besides tags, each of one kind; `values` has what is noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names

Kind = Literal["text", "long_text", "number", "choice", "date", "datetime", "yes_no", "image"]

MOST = 200  # living ones
MOST_CHOICES = 50


class Field(Model):
    id = fields.BigIntField(primary_key=True)  # #K3
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    kind = fields.CharField(max_length=16)
    choices: fields.JSONField[list[str]] = fields.JSONField(default=list, db_default="[]")
    masked = fields.BooleanField(default=False, db_default=False)  # not shown in groups
    yearly = fields.BooleanField(default=False, db_default=False)  # a date that comes round, like a birthday
    on_change_source = fields.TextField(default="", db_default="")  # the actions as staff wrote them, names as numbers
    on_change: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(default=list, db_default="[]")
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "fields"


class FieldValue(Model):
    """One friend's value: `text` has it whatever its kind (see `storage.fields.values`), the others what it compares
    as; the database adds `month_day`, which is 503 for the 3rd of May of any year."""

    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    field_id = fields.BigIntField()
    text = fields.TextField()
    number = fields.DecimalField(max_digits=18, decimal_places=4, null=True)
    day = fields.DateField(null=True)
    moment = fields.DatetimeField(null=True)
    at = fields.DatetimeField()  # when it became this

    class Meta:
        table = "field_values"
        unique_together = (("friend_id", "field_id"),)


@dataclass(frozen=True, slots=True)
class Kept:
    id: int
    name: str
    kind: Kind
    choices: Sequence[str]
    masked: bool
    yearly: bool
    on_change_source: str
    on_change: Sequence[Mapping[str, Any]]
    version: int


_KEPT = "id, name, kind, choices, masked, yearly, on_change_source, on_change, version"


def _kept(row: Mapping[str, Any]) -> Kept:
    return Kept(**{**row, "choices": orjson.loads(row["choices"]), "on_change": orjson.loads(row["on_change"])})


async def get(ids: Sequence[int]) -> dict[int, Kept]:
    """The living ones of these numbers."""
    found = await database.rows(
        f"SELECT {_KEPT} FROM fields WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL", list(ids)
    )
    return {row["id"]: _kept(row) for row in found}


async def everything() -> list[Kept]:
    """All the living, by number."""
    return [
        _kept(row) for row in await database.rows(f"SELECT {_KEPT} FROM fields WHERE deleted_at IS NULL ORDER BY id")
    ]


async def acting() -> dict[int, list[dict[str, Any]]]:
    """Number of a living field -> what it does where its value has changed, of those that do anything."""
    found = await database.rows("SELECT id, on_change FROM fields WHERE deleted_at IS NULL AND on_change <> '[]'")
    return {row["id"]: orjson.loads(row["on_change"]) for row in found}


async def page(words: str, limit: int, offset: int) -> tuple[list[Kept], int]:
    """Fields whose name holds `words`, by name, and how many there are."""
    where = " FROM fields WHERE deleted_at IS NULL AND strpos(name_key, $1) > 0"
    key = names.name_key(words)
    found = await database.rows(f"SELECT {_KEPT}{where} ORDER BY name_key LIMIT $2 OFFSET $3", key, limit, offset)
    total: int = await database.value(f"SELECT count(*){where}", key)
    return [_kept(row) for row in found], total


async def make(
    name: str, kind: Kind, now: datetime, *, choices: Sequence[str] = (), masked: bool = False, yearly: bool = False
) -> int:
    """A new field; its number. The name must be free."""
    found: int = await database.value(
        "INSERT INTO fields (name, name_key, kind, choices, masked, yearly, created_at)"
        " VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7) RETURNING id",
        name,
        names.name_key(name),
        kind,
        orjson.dumps(list(choices)).decode(),
        masked,
        yearly,
        now,
    )
    return found


async def change(field_id: int, kept: Kept) -> int:
    """Give it the choices, masking, turn of the year and actions of `kept`; the new version."""
    found: int = await database.value(
        "UPDATE fields SET choices = $2::jsonb, masked = $3, yearly = $4, on_change_source = $5,"
        " on_change = $6::jsonb, version = version + 1 WHERE id = $1 RETURNING version",
        field_id,
        orjson.dumps(list(kept.choices)).decode(),
        kept.masked,
        kept.yearly,
        kept.on_change_source,
        orjson.dumps(list(kept.on_change)).decode(),
    )
    return found


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that names one of these: in a condition, an action or the text of a message."""
    return await named.uses(["$.**.field ? (@ == $id[*])", named.in_texts("K", numbers)], *numbers)
