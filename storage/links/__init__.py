"""Links: addresses of the web that are measured, each with a name; `clicks` has who was sent one and who opened it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names

MOST = 1_000  # living ones


class Link(Model):
    id = fields.BigIntField(primary_key=True)  # #L3
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    address = fields.TextField()  # http or https: where it leads
    on_click_source = fields.TextField(default="", db_default="")  # the actions as staff wrote them, names as numbers
    on_click: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(default=list, db_default="[]")
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "links"


@dataclass(frozen=True, slots=True)
class Kept:
    id: int
    name: str
    address: str
    on_click_source: str
    on_click: Sequence[Mapping[str, Any]]
    version: int


_KEPT = "id, name, address, on_click_source, on_click, version"


def _kept(row: Mapping[str, Any]) -> Kept:
    return Kept(**{**row, "on_click": orjson.loads(row["on_click"])})


async def get(ids: Sequence[int]) -> dict[int, Kept]:
    """The living ones of these numbers."""
    found = await database.rows(
        f"SELECT {_KEPT} FROM links WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL", list(ids)
    )
    return {row["id"]: _kept(row) for row in found}


async def everything() -> list[Kept]:
    """All the living, by number."""
    found = await database.rows(f"SELECT {_KEPT} FROM links WHERE deleted_at IS NULL ORDER BY id")
    return [_kept(row) for row in found]


async def leading() -> dict[int, str]:
    """Number -> address, of those in the bin too: what customers hold leads on while it can come back."""
    return {row["id"]: row["address"] for row in await database.rows("SELECT id, address FROM links")}


async def acting() -> dict[int, str]:
    """Number of a living link -> what a click does, as JSON, of those that do anything."""
    found = await database.rows("SELECT id, on_click FROM links WHERE deleted_at IS NULL AND on_click <> '[]'")
    return {row["id"]: row["on_click"] for row in found}


async def make(name: str, address: str, now: datetime) -> int:
    """A new link; its number. The name must be free."""
    found: int = await database.value(
        "INSERT INTO links (name, name_key, address, created_at) VALUES ($1, $2, $3, $4) RETURNING id",
        name,
        names.name_key(name),
        address,
        now,
    )
    return found


async def change(kept: Kept) -> int:
    """Give it the address and the actions of `kept`; the new version."""
    found: int = await database.value(
        "UPDATE links SET address = $2, on_click_source = $3, on_click = $4::jsonb, version = version + 1"
        " WHERE id = $1 RETURNING version",
        kept.id,
        kept.address,
        kept.on_click_source,
        orjson.dumps(list(kept.on_click)).decode(),
    )
    return found


async def delete(link_id: int, now: datetime) -> int:
    """Put a link into the bin; the new version."""
    found: int = await database.value(
        "UPDATE links SET deleted_at = $2, version = version + 1 WHERE id = $1 RETURNING version", link_id, now
    )
    return found


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that names one of these: in a condition, on a button, in the text of a message."""
    return await named.uses(["$.**.link ? (@ == $id[*])", named.in_texts("L", numbers)], *numbers)
