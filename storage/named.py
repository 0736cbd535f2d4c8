"""What has a name and a number (tags, scenarios, templates): found among the living by either."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage import database, names

Kind = Literal["tags", "scenarios", "templates"]

LONGEST = 60  # characters of a name


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    name: str
    version: int


async def by_names(kind: Kind, given: Sequence[str]) -> dict[str, Named]:
    """The living things of these names, by name key."""
    found = await database.rows(
        f"SELECT id, name, version, name_key FROM {kind} WHERE name_key = ANY($1::text[]) AND deleted_at IS NULL",
        [names.name_key(name) for name in given],
    )
    return {row["name_key"]: Named(row["id"], row["name"], row["version"]) for row in found}


async def by_ids(kind: Kind, ids: Sequence[int]) -> dict[int, Named]:
    """The living things of these numbers."""
    found = await database.rows(
        f"SELECT id, name, version FROM {kind} WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL", list(ids)
    )
    return {row["id"]: Named(**row) for row in found}


async def all_names(kind: Kind, most: int = 500) -> list[str]:
    """Names of the living, the latest first, for guessing what was meant."""
    found = await database.rows(f"SELECT name FROM {kind} WHERE deleted_at IS NULL ORDER BY id DESC LIMIT $1", most)
    return [row["name"] for row in found]


async def lock(kind: Kind, ids: Sequence[int]) -> dict[int, Named]:
    """Lock these rows by id, so that nobody changes them before the transaction ends."""
    found = await database.rows(
        f"SELECT id, name, version FROM {kind} WHERE id = ANY($1::bigint[]) AND deleted_at IS NULL"
        " ORDER BY id FOR NO KEY UPDATE",
        list(ids),
    )
    return {row["id"]: Named(**row) for row in found}
