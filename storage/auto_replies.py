"""Auto-replies: rules for what customers say, their live and draft versions, and how often each has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database, named, names

ANSWERED = "auto_reply"  # the kind of a friend's event; its subject is the rule


class AutoReply(Model):
    id = fields.BigIntField(primary_key=True)  # #A3
    name = fields.TextField()
    name_key = fields.TextField()
    state = fields.CharField(max_length=8)  # draft | live | paused
    # numbers in `block_versions`, where {"source", "rule", "actions"} is the content (see jobs/keywords/rules.py)
    live = fields.IntField(null=True)
    draft = fields.IntField(null=True)
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "auto_replies"


@dataclass(frozen=True, slots=True)
class Kept:
    """An auto-reply as staff see it; `live` and `draft` are numbers of versions."""

    id: int
    name: str
    state: str
    live: int | None
    draft: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Whole:
    """The same with the contents of its versions."""

    kept: Kept
    live: dict[str, Any] | None
    draft: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a rule has answered, and how many friends."""

    times: int
    friends: int
    last_at: datetime | None


_KEPT = "id, name, state, live, draft, version"


def owner(number: int) -> str:
    """Under which its versions and buttons are kept."""
    return f"auto_reply:{number}"


async def get(number: int, *, lock: bool = False) -> Kept:
    """A living auto-reply that is known to exist."""
    found = await database.rows(
        f"SELECT {_KEPT} FROM auto_replies WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", number
    )
    return Kept(**found[0])


async def make(name: str, now: datetime) -> int:
    """A new auto-reply without any version; its id. The name must be free."""
    found: int = await database.value(
        "INSERT INTO auto_replies (name, name_key, state, created_at) VALUES ($1, $2, 'draft', $3) RETURNING id",
        name,
        names.name_key(name),
        now,
    )
    return found


async def change(number: int, *, state: str, live: int | None, draft: int | None) -> int:
    """Set state and versions together; the row's new version."""
    found: int = await database.value(
        "UPDATE auto_replies SET state = $2, live = $3, draft = $4, version = version + 1 WHERE id = $1"
        " RETURNING version",
        number,
        state,
        live,
        draft,
    )
    return found


async def in_force() -> dict[int, int]:
    """id -> number of the live version, of all that answer."""
    found = await database.rows("SELECT id, live FROM auto_replies WHERE state = 'live' AND deleted_at IS NULL")
    return {row["id"]: row["live"] for row in found}


async def contents(wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The stored versions of (id, number), each as JSON text."""
    found = await database.rows(
        "SELECT x.id, x.number, v.content FROM unnest($1::bigint[], $2::int[]) AS x (id, number)"
        " JOIN block_versions v ON v.owner = 'auto_reply:' || x.id AND v.number = x.number",
        [one for one, _ in wanted],
        [number for _, number in wanted],
    )
    return {(row["id"], row["number"]): row["content"] for row in found}


async def everything(words: str = "") -> list[Whole]:
    """All the living whose name holds `words`, by number."""
    found = await database.rows(
        f"SELECT {', '.join(f'a.{one}' for one in _KEPT.split(', '))}, l.content AS live_content,"
        " d.content AS draft_content FROM auto_replies a"
        " LEFT JOIN block_versions l ON l.owner = 'auto_reply:' || a.id AND l.number = a.live"
        " LEFT JOIN block_versions d ON d.owner = 'auto_reply:' || a.id AND d.number = a.draft"
        " WHERE a.deleted_at IS NULL AND strpos(a.name_key, $1) > 0 ORDER BY a.id",
        names.name_key(words),
    )
    return [
        Whole(
            Kept(*(row[one] for one in _KEPT.split(", "))),
            orjson.loads(row["live_content"]) if row["live_content"] else None,
            orjson.loads(row["draft_content"]) if row["draft_content"] else None,
        )
        for row in found
    ]


async def answered(friends: Sequence[int], rules: Sequence[int]) -> dict[tuple[int, int], datetime]:
    """When each of these friends (locked) was answered last by each of these rules; who never was is absent."""
    found = await database.rows(
        "SELECT friend_id, subject, max(at) AS at FROM friend_events"
        " WHERE friend_id = ANY($1::bigint[]) AND kind = $3 AND subject = ANY($2::bigint[]) GROUP BY 1, 2",
        list(friends),
        list(rules),
        ANSWERED,
    )
    return {(row["friend_id"], row["subject"]): row["at"] for row in found}


async def hits(rules: Sequence[int], since: datetime) -> dict[int, Hits]:
    """How often these have answered since a moment; what never has is absent."""
    found = await database.rows(
        "SELECT subject, count(*) AS times, count(DISTINCT friend_id) AS friends, max(at) AS last_at"
        " FROM friend_events WHERE kind = $3 AND subject = ANY($1::bigint[]) AND at >= $2 GROUP BY 1",
        list(rules),
        since,
        ANSWERED,
    )
    return {row["subject"]: Hits(row["times"], row["friends"], row["last_at"]) for row in found}


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that names one of these."""
    return await named.uses(["$.**.auto_reply ? (@ == $id[*])"], *numbers)
