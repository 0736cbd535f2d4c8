"""Friends: everyone who follows the account or has written to it, and whether we may write to them."""

from tortoise import fields
from tortoise.models import Model


class Friend(Model):
    id = fields.BigIntField(primary_key=True)  # shown to staff as #F218
    line_user_id = fields.CharField(max_length=64, unique=True)
    line_name = fields.TextField(null=True)
    display_name = fields.TextField(null=True)  # what staff call this friend, before the LINE name
    picture_url = fields.TextField(null=True)
    language = fields.CharField(max_length=16, null=True)
    following = fields.BooleanField(default=False, db_default=False)  # has followed at least once
    blocked_us = fields.BooleanField(default=False, db_default=False)
    # follow and unfollow apply only when newer than this (DELIVERY 8); the event id breaks ties
    state_at = fields.DatetimeField(null=True)
    state_event = fields.CharField(max_length=64, null=True)
    followed_at = fields.DatetimeField(null=True)
    last_message_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "friends"
