"""What has happened to friends, append-only: the ground of segments, counters and statistics."""

from tortoise import fields
from tortoise.models import Model


class FriendEvent(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    kind = fields.CharField(max_length=32)  # followed, unfollowed, said, pressed, tag_on, tag_off, scenario_started, step, ...
    subject = fields.BigIntField(null=True)  # the tag, scenario, button ... it is about
    at = fields.DatetimeField()
    data = fields.JSONField(null=True)

    class Meta:
        table = "friend_events"
        indexes = (("friend_id", "at"), ("kind", "subject", "at"))
