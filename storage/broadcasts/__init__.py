"""Broadcasts (配信): what staff have written for many friends, as long as it is a draft and ever after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names, segments
from storage.broadcasts import runs
from storage.broadcasts.runs import Run, State

EMPTY: Mapping[str, Any] = {}


class Broadcast(Model):
    id = fields.BigIntField(primary_key=True)  # #B12
    name = fields.TextField()
    name_key = fields.TextField()
    source = fields.TextField()  # the block as staff wrote it
    # {"target": condition, "frozen": judged when it is confirmed, else when it is sent, "at": moment or null for as
    # soon as it is sent by hand, "repeats": jobs.recurrence JSON or null, "uncapped": there if it goes also to who has
    # had enough, "actions": the action list of each friend, the one send first; with "trial"
    # (storage.broadcasts.trials) that of each variant, for those who get it}; empty before it is written
    definition: fields.JSONField[dict[str, Any]] = fields.JSONField()
    number = fields.IntField(default=0, db_default=0)  # which of its versions this content is
    run_id = fields.BigIntField(null=True)  # the latest of its `broadcast_runs`
    stop_run_id = fields.BigIntField(null=True)  # the run that was to be stopped while it was being begun
    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "broadcasts"


@dataclass(frozen=True, slots=True)
class Kept:
    """A broadcast and where it stands; `run` is its latest one, None while nothing of it holds."""

    id: int
    name: str
    source: str
    definition: dict[str, Any]
    number: int
    version: int
    state: State
    run: Run | None

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The message objects that each friend gets, not yet rendered."""
        return [one for action in self.definition.get("actions", ()) for one in action.get("messages", ())]

    @property
    def uncapped(self) -> bool:
        """Whether it also goes to who has had as many broadcasts as they may get (上限: 無視)."""
        return bool(self.definition.get("uncapped"))

    def sight(self, sight: segments.Sight) -> segments.Sight:
        """The same, as it is judged who gets this broadcast."""
        return runs.sight(self.definition, sight)


_KEPT = "b.id, b.name, b.source, b.definition, b.number, b.version"


def owner(number: int) -> str:
    """Under which its versions and buttons are kept."""
    return f"broadcast:{number}"


async def get(number: int, *, lock: bool = False) -> Kept:
    """A living broadcast that is known to exist."""
    if lock:
        await database.run("SELECT 1 FROM broadcasts WHERE id = $1 FOR NO KEY UPDATE", number)
    [found] = await _found("b.id = $1", number)
    return found


async def _found(where: str, *values: Any) -> list[Kept]:
    rows = await database.rows(
        f"SELECT {_KEPT}, {runs.STATE} AS state, {runs.COLUMNS} FROM broadcasts b {runs.LATEST} WHERE {where}", *values
    )
    return [
        Kept(
            row["id"],
            row["name"],
            row["source"],
            orjson.loads(row["definition"]),
            row["number"],
            row["version"],
            row["state"],
            runs.of_row(row) if row["state"] != "draft" else None,
        )
        for row in rows
    ]


async def make(name: str, now: datetime) -> int:
    """A new, still empty broadcast; its id. The name must be free."""
    found: int = await database.value(
        "INSERT INTO broadcasts (name, name_key, source, definition, updated_at) VALUES ($1, $2, '', '{}', $3)"
        " RETURNING id",
        name,
        names.name_key(name),
        now,
    )
    return found


async def write(number: int, source: str, definition: Mapping[str, Any], version: int, now: datetime) -> int:
    """Let it say this, kept as `version`; the row's new version."""
    found: int = await database.value(
        "UPDATE broadcasts SET source = $2, definition = $3::jsonb, number = $4, updated_at = $5, version = version + 1"
        " WHERE id = $1 RETURNING version",
        number,
        source,
        orjson.dumps(dict(definition)).decode(),
        version,
        now,
    )
    return found


async def ask_to_stop(number: int, run: int) -> None:
    """Whoever is beginning this run stops it before anything of it can leave; the broadcast's row is locked."""
    await database.run("UPDATE broadcasts SET stop_run_id = $2 WHERE id = $1", number, run)


async def asked_to_stop(number: int, run: int) -> bool:
    """Whether that was asked of this run; nobody can ask any more until the transaction ends."""
    found: int | None = await database.value(
        "SELECT stop_run_id FROM broadcasts WHERE id = $1 FOR NO KEY UPDATE", number
    )
    return found == run


async def delete(number: int, now: datetime) -> int:
    """The new version."""
    found: int = await database.value(
        "UPDATE broadcasts SET deleted_at = $2, version = version + 1 WHERE id = $1 RETURNING version", number, now
    )
    return found


async def everything() -> list[Kept]:
    """All the living, by number."""
    return await _found("b.deleted_at IS NULL ORDER BY b.id")


async def page(words: str, states: Sequence[State], limit: int, offset: int) -> tuple[list[Kept], int]:
    """Broadcasts in one of these states whose name holds `words`, the latest first, and how many there are."""
    where = f"b.deleted_at IS NULL AND strpos(b.name_key, $1) > 0 AND {runs.STATE} = ANY($2::text[])"
    key, wanted = names.name_key(words), list(states)
    found = await _found(f"{where} ORDER BY b.id DESC LIMIT $3 OFFSET $4", key, wanted, limit, offset)
    total: int = await database.value(f"SELECT count(*) FROM broadcasts b {runs.LATEST} WHERE {where}", key, wanted)
    return found, total


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft whose condition names one of these."""
    return await named.uses(["$.**.broadcast ? (@ == $id[*])"], *numbers)
