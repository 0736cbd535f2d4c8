"""Shared values (共通情報): what messages say alike to everybody, now and from set times on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from tortoise import fields
from tortoise.models import Model

from storage import database, named, names

Kind = Literal["text", "number", "date"]

MOST = 200  # living ones
MOST_CHANGES = 50  # open ones of one value
GREATEST = Decimal(10) ** 12


class SharedValue(Model):
    id = fields.BigIntField(primary_key=True)  # #V2
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    kind = fields.CharField(max_length=16)
    text = fields.TextField()  # spelled as in storage.fields.values; empty: nothing
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "shared_values"


class SharedChange(Model):
    """A value that is to hold from `at` on. It does so whether or not the worker has written it down yet."""

    id = fields.BigIntField(primary_key=True)
    shared_value_id = fields.BigIntField()
    at = fields.DatetimeField()
    text = fields.TextField()
    state = fields.CharField(max_length=16, default="open", db_default="open")  # open | done | cancelled
    version = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "shared_changes"


@dataclass(frozen=True, slots=True)
class Kept:
    """`text` is what holds now."""

    id: int
    name: str
    kind: Kind
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    id: int
    value: int
    at: datetime
    text: str
    version: int


_NOW = (
    "coalesce((SELECT c.text FROM shared_changes c WHERE c.shared_value_id = v.id AND c.state = 'open' AND c.at <= $1"
    " ORDER BY c.at DESC, c.id DESC LIMIT 1), v.text) AS text"
)


async def get(ids: Sequence[int], now: datetime) -> dict[int, Kept]:
    """The living ones of these numbers, with what holds now."""
    found = await database.rows(
        f"SELECT v.id, v.name, v.kind, {_NOW}, v.version FROM shared_values v"
        " WHERE v.id = ANY($2::bigint[]) AND v.deleted_at IS NULL",
        now,
        list(ids),
    )
    return {row["id"]: Kept(**row) for row in found}


async def everything(now: datetime) -> list[Kept]:
    """All the living, by number."""
    found = await database.rows(
        f"SELECT v.id, v.name, v.kind, {_NOW}, v.version FROM shared_values v WHERE v.deleted_at IS NULL ORDER BY v.id",
        now,
    )
    return [Kept(**row) for row in found]


async def page(words: str, limit: int, offset: int, now: datetime) -> tuple[list[Kept], int]:
    """Values whose name holds `words`, by name, and how many there are."""
    key = names.name_key(words)
    found = await database.rows(
        f"SELECT v.id, v.name, v.kind, {_NOW}, v.version FROM shared_values v WHERE v.deleted_at IS NULL"
        " AND strpos(v.name_key, $2) > 0 ORDER BY v.name_key LIMIT $3 OFFSET $4",
        now,
        key,
        limit,
        offset,
    )
    total: int = await database.value(
        "SELECT count(*) FROM shared_values WHERE deleted_at IS NULL AND strpos(name_key, $1) > 0", key
    )
    return [Kept(**row) for row in found], total


async def make(name: str, kind: Kind, text: str, now: datetime) -> int:
    """A new value; its number. The name must be free."""
    found: int = await database.value(
        "INSERT INTO shared_values (name, name_key, kind, text, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        name,
        names.name_key(name),
        kind,
        text,
        now,
    )
    return found


async def write(value_id: int, text: str, now: datetime) -> int:
    """Let this hold from now on; the new version. Changes whose time has come are over by it."""
    await settle(now, value_id)
    found: int = await database.value(
        "UPDATE shared_values SET text = $2, version = version + 1 WHERE id = $1 RETURNING version", value_id, text
    )
    return found


async def add(value_id: int, amount: Decimal, now: datetime) -> tuple[str, str] | None:
    """Add to a living number; what it was and is. None where there is no such number, or it would go too far."""
    await settle(now, value_id)
    row = await database.row(
        "UPDATE shared_values v SET text = trim_scale(old.number + $2::numeric)::text, version = v.version + 1"
        " FROM (SELECT id, text, coalesce(nullif(text, ''), '0')::numeric AS number FROM shared_values"
        " WHERE id = $1 AND kind = 'number' AND deleted_at IS NULL FOR NO KEY UPDATE) old"
        " WHERE v.id = old.id AND abs(old.number + $2::numeric) <= $3::numeric RETURNING old.text AS before, v.text",
        value_id,
        amount,
        GREATEST,
    )
    return (row["before"], row["text"]) if row is not None else None


async def plan(value_id: int, at: datetime, text: str) -> int:
    """Let this hold from `at` on; the number of the change."""
    found: int = await database.value(
        "INSERT INTO shared_changes (shared_value_id, at, text) VALUES ($1, $2, $3) RETURNING id", value_id, at, text
    )
    return found


async def planned(value_id: int | None, now: datetime) -> list[Change]:
    """Changes of one value, or of all, that are still to come, the next first."""
    found = await database.rows(
        "SELECT c.id, c.shared_value_id AS value, c.at, c.text, c.version FROM shared_changes c"
        " JOIN shared_values v ON v.id = c.shared_value_id AND v.deleted_at IS NULL"
        " WHERE c.state = 'open' AND c.at > $1 AND ($2::bigint IS NULL OR c.shared_value_id = $2)"
        " ORDER BY c.at, c.id",
        now,
        value_id,
    )
    return [Change(**row) for row in found]


async def cancel(change_id: int) -> int:
    """Take back a change that is still to come; its new version."""
    found: int = await database.value(
        "UPDATE shared_changes SET state = 'cancelled', version = version + 1 WHERE id = $1 RETURNING version",
        change_id,
    )
    return found


async def settle(now: datetime, value_id: int | None = None) -> int:
    """Write down what has come to hold by time alone; how many changes are over by it."""
    found: int = await database.value(
        "WITH come AS (UPDATE shared_changes c SET state = 'done', version = c.version + 1 WHERE c.state = 'open'"
        " AND c.at <= $1 AND ($2::bigint IS NULL OR c.shared_value_id = $2)"
        " RETURNING c.shared_value_id, c.at, c.id, c.text),"
        " last AS (SELECT DISTINCT ON (shared_value_id) shared_value_id, text FROM come"
        " ORDER BY shared_value_id, at DESC, id DESC),"
        " written AS (UPDATE shared_values v SET text = l.text, version = v.version + 1 FROM last l"
        " WHERE v.id = l.shared_value_id RETURNING 1)"
        " SELECT count(*) FROM come",
        now,
        value_id,
    )
    return found


async def next_at() -> datetime | None:
    """When the next change is to hold that nobody has written down yet."""
    found: datetime | None = await database.value("SELECT min(at) FROM shared_changes WHERE state = 'open'")
    return found


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that names one of these: in the text of a message or an action."""
    return await named.uses(["$.**.shared ? (@ == $id[*])", named.in_texts("V", numbers)], *numbers)
