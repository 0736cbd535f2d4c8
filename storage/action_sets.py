"""Saved action sets: actions kept under a name, to be run from anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names


class ActionSet(Model):
    id = fields.BigIntField(primary_key=True)  # #X5
    name = fields.TextField()
    name_key = fields.TextField()
    source = fields.TextField()  # the block as staff wrote it
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()  # action list, see jobs/actions/
    number = fields.IntField(default=0, db_default=0)  # which of its versions this content is
    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "action_sets"


@dataclass(frozen=True, slots=True)
class Kept:
    id: int
    name: str
    source: str
    actions: list[dict[str, Any]]
    number: int
    version: int


_KEPT = "id, name, source, actions, number, version"


def _kept(row: Mapping[str, Any]) -> Kept:
    return Kept(**{**row, "actions": orjson.loads(row["actions"])})


async def get(number: int) -> Kept:
    """A living set that is known to exist."""
    [found] = await database.rows(f"SELECT {_KEPT} FROM action_sets WHERE id = $1", number)
    return _kept(found)


async def make(name: str, now: datetime) -> int:
    """A new, still empty set; its id. The name must be free."""
    found: int = await database.value(
        "INSERT INTO action_sets (name, name_key, source, actions, updated_at) VALUES ($1, $2, '', '[]', $3)"
        " RETURNING id",
        name,
        names.name_key(name),
        now,
    )
    return found


async def write(number: int, source: str, actions: Sequence[dict[str, Any]], content: int, now: datetime) -> int:
    """Put these actions, kept as version `content`, in force; the row's new version."""
    found: int = await database.value(
        "UPDATE action_sets SET source = $2, actions = $3::jsonb, number = $4, version = version + 1, updated_at = $5"
        " WHERE id = $1 RETURNING version",
        number,
        source,
        orjson.dumps(list(actions)).decode(),
        content,
        now,
    )
    return found


async def everything() -> list[Kept]:
    """All the living, by number."""
    return [
        _kept(row)
        for row in await database.rows(f"SELECT {_KEPT} FROM action_sets WHERE deleted_at IS NULL ORDER BY id")
    ]


async def page(words: str, limit: int, offset: int) -> tuple[list[Kept], int]:
    """Sets whose name holds `words`, by name, and how many there are."""
    where = " FROM action_sets WHERE deleted_at IS NULL AND strpos(name_key, $1) > 0"
    key = names.name_key(words)
    found = await database.rows(f"SELECT {_KEPT}{where} ORDER BY name_key LIMIT $2 OFFSET $3", key, limit, offset)
    total: int = await database.value(f"SELECT count(*){where}", key)
    return [_kept(row) for row in found], total


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that runs one of these."""
    return await named.uses(['$.** ? (@.do == "run").set ? (@ == $id[*])'], *numbers)


def run_by(actions: Sequence[Mapping[str, Any]]) -> list[int]:
    """The sets that an action list runs, in order."""
    return [one["set"] for one in actions if one["do"] == "run"]


def circle(number: int, sets: Mapping[int, Sequence[Mapping[str, Any]]]) -> list[int]:
    """The way from a set back to itself (5, 7, 5) by what each of `sets` runs; empty where there is none."""
    ways = [[number]]
    seen: set[int] = set()
    while ways:
        way = ways.pop()
        for after in run_by(sets.get(way[-1], ())):
            if after == number:
                return [*way, number]
            if after not in seen:
                seen.add(after)
                ways.append([*way, after])
    return []
