"""Templates: messages kept under a name, to be sent from anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from storage import database, named, names


class Template(Model):
    id = fields.BigIntField(primary_key=True)  # #M4
    name = fields.TextField()
    name_key = fields.TextField()
    source = fields.TextField()  # the block as staff wrote it
    messages: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()  # list of LINE message objects
    # its ▼質問, see jobs.questions
    questions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(
        default=list, db_default=SqlDefault("'[]'::jsonb")
    )
    number = fields.IntField(default=0, db_default=0)  # which of its versions this content is
    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "templates"


@dataclass(frozen=True, slots=True)
class Kept:
    id: int
    name: str
    source: str
    messages: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    number: int
    version: int


_KEPT = "id, name, source, messages, questions, number, version"


async def get(template_id: int) -> Kept:
    """A living template that is known to exist."""
    found = await database.rows(f"SELECT {_KEPT} FROM templates WHERE id = $1", template_id)
    return _kept(found[0])


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(**row | {"messages": orjson.loads(row["messages"]), "questions": orjson.loads(row["questions"])})


async def make(name: str, now: datetime) -> int:
    """A new, still empty template; its id. The name must be free."""
    found: int = await database.value(
        "INSERT INTO templates (name, name_key, source, messages, updated_at) VALUES ($1, $2, '', '[]', $3)"
        " RETURNING id",
        name,
        names.name_key(name),
        now,
    )
    return found


async def write(
    template_id: int,
    source: str,
    content: Sequence[dict[str, Any]],
    questions: Sequence[dict[str, Any]],
    number: int,
    now: datetime,
) -> int:
    """Put this content, kept as version `number`, in force; the row's new version."""
    found: int = await database.value(
        "UPDATE templates SET source = $2, messages = $3::jsonb, number = $4, version = version + 1, updated_at = $5,"
        " questions = $6::jsonb WHERE id = $1 RETURNING version",
        template_id,
        source,
        orjson.dumps(list(content)).decode(),
        number,
        now,
        orjson.dumps(list(questions)).decode(),
    )
    return found


async def everything() -> list[Kept]:
    """All the living, by number."""
    found = await database.rows(f"SELECT {_KEPT} FROM templates WHERE deleted_at IS NULL ORDER BY id")
    return [_kept(row) for row in found]


async def page(words: str, limit: int, offset: int) -> tuple[list[Kept], int]:
    """Templates whose name holds `words`, by name, and how many there are."""
    where = " FROM templates WHERE deleted_at IS NULL AND strpos(name_key, $1) > 0"
    key = names.name_key(words)
    found = await database.rows(f"SELECT {_KEPT}{where} ORDER BY name_key LIMIT $2 OFFSET $3", key, limit, offset)
    total: int = await database.value(f"SELECT count(*){where}", key)
    return [_kept(row) for row in found], total


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that sends one of these."""
    return await named.uses(["$.**.template ? (@ == $id[*])"], *numbers)
