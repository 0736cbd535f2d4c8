"""Links: addresses of the web that are measured, by a name or of themselves; `clicks` has who got and opened them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names

MOST = 1_000  # living ones with a name
MOST_AUTOMATIC = 5_000


class Link(Model):
    id = fields.BigIntField(primary_key=True)  # #L3
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    address = fields.TextField()  # http or https: where it leads
    automatic = fields.BooleanField(default=False, db_default=False)  # that of every button with this address
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
    name: str  # of an automatic one: its address
    address: str
    automatic: bool
    on_click_source: str
    on_click: Sequence[Mapping[str, Any]]
    version: int


_KEPT = "id, name, address, automatic, on_click_source, on_click, version"


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


async def counted_alone() -> frozenset[int]:
    """Numbers of the automatic ones, of which nothing is wanted but to be counted."""
    found = await database.rows("SELECT id FROM links WHERE automatic AND on_click = '[]'")
    return frozenset(row["id"] for row in found)


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


async def automatic(addresses: Sequence[str], now: datetime) -> dict[str, Kept]:
    """The automatic links of these addresses, made where there are none yet; at most so many are made."""
    found = await _automatic(addresses)
    missing = [one for one in dict.fromkeys(addresses) if one not in found]
    if missing:
        await database.run(
            # of addresses that differ in capitals only, the later ones are named with what tells them apart
            "INSERT INTO links (name, name_key, address, automatic, created_at)"
            " SELECT x.address, CASE WHEN x.turn > 1 OR EXISTS (SELECT 1 FROM links l WHERE l.name_key = x.key"
            " AND l.deleted_at IS NULL) THEN x.key || ' ' || md5(x.address) ELSE x.key END, x.address, true, $3"
            " FROM (SELECT address, key, place, row_number() OVER (PARTITION BY key ORDER BY place) AS turn"
            " FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS y (address, key, place)) x"
            " WHERE (SELECT count(*) FROM links l WHERE l.automatic AND l.deleted_at IS NULL) + cardinality($1) <= $4"
            " ORDER BY x.place"
            " ON CONFLICT (name_key) WHERE deleted_at IS NULL DO NOTHING",
            missing,
            [names.name_key(one) for one in missing],
            now,
            MOST_AUTOMATIC,
        )
        found |= await _automatic(missing)
    return found


async def _automatic(addresses: Sequence[str]) -> dict[str, Kept]:
    rows = await database.rows(
        f"SELECT {_KEPT} FROM links WHERE automatic AND deleted_at IS NULL AND address = ANY($1::text[])",
        list(addresses),
    )
    return {row["address"]: _kept(row) for row in rows}


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


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that names one of these: in a condition, on a button, in the text of a message."""
    return await named.uses(["$.**.link ? (@ == $id[*])", named.in_texts("L", numbers)], *numbers)
