"""What has happened to friends, append-only: the ground of segments, counters and statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from storage import database


class FriendEvent(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    kind = fields.CharField(max_length=32)  # followed, said, pressed, tag_added, scenario_started, step, ...
    subject = fields.BigIntField(null=True)  # the tag, scenario, button ... it is about
    at = fields.DatetimeField()
    data: fields.JSONField[Any] = fields.JSONField(null=True)

    class Meta:
        table = "friend_events"
        indexes = (("friend_id", "at"), ("kind", "subject", "at"))


@dataclass(slots=True)  # not frozen: that would cost half a microsecond for each
class Entry:
    friend: int
    kind: str
    subject: int | None
    at: datetime
    data: Any = None


async def write(entries: Sequence[Entry]) -> None:
    await database.run(
        "INSERT INTO friend_events (friend_id, kind, subject, at, data) SELECT friend, kind, subject, at, data"
        " FROM json_to_recordset($1::text::json)"
        " AS x (friend bigint, kind text, subject bigint, at timestamptz, data jsonb)",
        database.many(entries),
    )


async def had(kind: str, pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Which of these (friend, subject) have an entry of this kind."""
    found = await database.rows(
        "SELECT DISTINCT e.friend_id, e.subject FROM friend_events e"
        " JOIN unnest($2::bigint[], $3::bigint[]) AS x (friend, subject)"
        " ON e.friend_id = x.friend AND e.subject = x.subject WHERE e.kind = $1",
        kind,
        [friend for friend, _ in pairs],
        [subject for _, subject in pairs],
    )
    return {(row["friend_id"], row["subject"]) for row in found}
