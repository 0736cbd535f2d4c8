"""Operations: deeds that concern many friends, frozen when confirmed and carried out in claimed chunks."""

from tortoise import fields
from tortoise.models import Model


class Operation(Model):
    id = fields.BigIntField(primary_key=True)
    actions = fields.JSONField()  # the action list to run for each friend, resolved
    state = fields.CharField(max_length=10)  # running | stopped | done | parked
    total = fields.IntField()
    done = fields.IntField(default=0, db_default=0)
    audit_id = fields.BigIntField(null=True)
    error = fields.TextField(null=True)
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "operations"


class OperationFriend(Model):
    id = fields.BigIntField(primary_key=True)
    operation_id = fields.BigIntField()
    friend_id = fields.BigIntField()
    state = fields.CharField(max_length=8)  # open | done | parked
    changed = fields.BooleanField(default=False, db_default=False)  # what an undo has to take back

    class Meta:
        table = "operation_friends"
        unique_together = (("operation_id", "friend_id"),)
