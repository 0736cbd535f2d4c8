"""Auto-replies: rules for what customers say, their live and draft versions, and how often each has answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage import database, drafted, named

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
class Hits:
    """How often a rule has answered, and how many friends."""

    times: int
    friends: int
    last_at: datetime | None


ROWS = drafted.Rows("auto_replies", "auto_reply")


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
