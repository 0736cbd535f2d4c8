"""Tags: names put on friends; `興味/カラー` is the tag カラー in the folder 興味."""

from tortoise import fields
from tortoise.models import Model


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
