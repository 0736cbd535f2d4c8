"""Tags: names put on friends; `興味/カラー` is the tag カラー in the folder 興味."""

from collections.abc import Sequence
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage import database


class Tag(Model):
    id = fields.BigIntField(primary_key=True)  # #T8
    name = fields.TextField()
    name_key = fields.TextField()  # unique among the living
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "tags"


class FriendTag(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    tag_id = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "friend_tags"
        unique_together = (("friend_id", "tag_id"),)
        indexes = (("tag_id",),)


async def put_on(friends: Sequence[int], tag_ids: Sequence[int], now: datetime) -> list[tuple[int, int]]:
    """Put every living tag on every friend; the (friend, tag) pairs that are new."""
    found = await database.rows(
        "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT f, t.id, $3 FROM unnest($1::bigint[]) AS x (f)"
        " CROSS JOIN tags t WHERE t.id = ANY($2::bigint[]) AND t.deleted_at IS NULL ORDER BY f, t.id"
        " ON CONFLICT (friend_id, tag_id) DO NOTHING RETURNING friend_id, tag_id",
        list(friends),
        list(tag_ids),
        now,
    )
    return [(row["friend_id"], row["tag_id"]) for row in found]


async def take_off(friends: Sequence[int], tag_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Take every tag off every friend; the (friend, tag) pairs that were there."""
    found = await database.rows(
        "DELETE FROM friend_tags WHERE friend_id = ANY($1::bigint[]) AND tag_id = ANY($2::bigint[])"
        " RETURNING friend_id, tag_id",
        list(friends),
        list(tag_ids),
    )
    return [(row["friend_id"], row["tag_id"]) for row in found]


async def held(friends: Sequence[int], tag_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Which of these friends have which of these tags."""
    found = await database.rows(
        "SELECT friend_id, tag_id FROM friend_tags WHERE friend_id = ANY($1::bigint[]) AND tag_id = ANY($2::bigint[])",
        list(friends),
        list(tag_ids),
    )
    return {(row["friend_id"], row["tag_id"]) for row in found}
