"""The inbox: every webhook event exactly once, its bytes kept, worked off chat by chat (a chat is a lane)."""

from tortoise import fields
from tortoise.models import Model


class InboxEvent(Model):
    id = fields.BigIntField(primary_key=True)
    webhook_event_id = fields.CharField(max_length=64, unique=True)
    chat = fields.CharField(max_length=64)  # lane: the group, room or user id; "" for what has no chat
    event_at = fields.DatetimeField()
    received_at = fields.DatetimeField()  # business time; a redelivery refreshes it
    body = fields.BinaryField()
    # open | done | parked | foreign (another destination) | unreadable | stale (older than the ids kept)
    state = fields.CharField(max_length=12)
    # The process that takes an event in makes the first attempt; later ones are counted in a commit before the work.
    attempts = fields.IntField(default=1, db_default=1)
    error = fields.TextField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "inbox"
