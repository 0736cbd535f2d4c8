"""What friends wrote that meant nothing to any auto-reply: short phrases, to make rules of, gone after ninety days.

Each is kept with the friend who wrote it, so that it goes with the friend, and is shown only with counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from storage import database

KEPT = timedelta(days=90)
OF_ONE = 20  # different phrases of one friend


class UnmatchedText(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    key = fields.TextField()  # folded
    text = fields.TextField()  # as it was written last
    times = fields.IntField(default=1, db_default=1)
    last_at = fields.DatetimeField()

    class Meta:
        table = "unmatched_texts"
        unique_together = (("friend_id", "key"),)
        indexes = (("key",), ("last_at",))


@dataclass(frozen=True, slots=True)
class Written:
    friend: int
    key: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """A phrase, how many friends wrote it, and how often."""

    key: str
    text: str
    friends: int
    times: int


async def note(given: Sequence[Written]) -> None:
    """Count these; the friends are locked, and each is in it once. Who has written too many others is left out."""
    await database.run(
        "INSERT INTO unmatched_texts (friend_id, key, text, last_at)"
        " SELECT friend, key, text, at FROM json_to_recordset($1::text::json)"
        " AS x (friend bigint, key text, text text, at timestamptz) WHERE $2 >"
        " (SELECT count(*) FROM unmatched_texts u WHERE u.friend_id = x.friend AND u.key <> x.key)"
        " ON CONFLICT (friend_id, key) DO UPDATE SET times = unmatched_texts.times + 1, text = excluded.text,"
        " last_at = excluded.last_at",
        database.many(given),
        OF_ONE,
    )


async def page(limit: int, offset: int) -> tuple[list[Counted], int]:
    """What most friends have written comes first; and how many phrases there are."""
    found = await database.rows(
        "SELECT key, (array_agg(text ORDER BY last_at DESC))[1] AS text, count(*) AS friends, sum(times)::int AS times"
        " FROM unmatched_texts GROUP BY key ORDER BY friends DESC, times DESC, key LIMIT $1 OFFSET $2",
        limit,
        offset,
    )
    total: int = await database.value("SELECT count(DISTINCT key) FROM unmatched_texts")
    return [Counted(**row) for row in found], total


async def keys(most: int) -> list[str]:
    """Different phrases, at most so many."""
    found = await database.rows("SELECT DISTINCT key FROM unmatched_texts LIMIT $1", most)
    return [row["key"] for row in found]


async def drop(keys: Sequence[str]) -> None:
    """These mean something now."""
    await database.run("DELETE FROM unmatched_texts WHERE key = ANY($1::text[])", list(keys))


async def purge(now: datetime, limit: int) -> int:
    """Forget what nobody has written for ninety days, so many at once; how many went."""
    gone = await database.rows(
        "DELETE FROM unmatched_texts WHERE id IN (SELECT id FROM unmatched_texts WHERE last_at < $1 ORDER BY last_at"
        " LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1",
        now - KEPT,
        limit,
    )
    return len(gone)
