"""Staff, the groups they work in, and the one-time codes by which a group is claimed."""

from tortoise import fields
from tortoise.models import Model


class Staff(Model):
    id = fields.BigIntField(primary_key=True)
    line_user_id = fields.CharField(max_length=64, unique=True)
    name = fields.TextField()
    role = fields.CharField(max_length=12)  # owner | manager | operator | viewer
    state = fields.CharField(max_length=12)  # active | suspended | removed
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    last_command_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff"


class Group(Model):
    id = fields.BigIntField(primary_key=True)
    line_group_id = fields.CharField(max_length=64, unique=True)
    name = fields.TextField()
    state = fields.CharField(max_length=12)  # unclaimed | claimed | left
    joined_at = fields.DatetimeField()
    leave_at = fields.DatetimeField(null=True)  # an unclaimed group is left then
    wrong_codes = fields.IntField(default=0, db_default=0)
    members = fields.IntField(null=True)  # heads a push to the group costs, when last counted
    version = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "groups"


class Membership(Model):
    id = fields.BigIntField(primary_key=True)
    group_id = fields.BigIntField()
    line_user_id = fields.CharField(max_length=64)
    left_at = fields.DatetimeField(null=True)
    state_at = fields.DatetimeField()  # joins and leaves apply only when newer

    class Meta:
        table = "memberships"
        unique_together = (("group_id", "line_user_id"),)


class ClaimCode(Model):
    id = fields.BigIntField(primary_key=True)
    salt = fields.BinaryField()
    digest = fields.BinaryField()
    role = fields.CharField(max_length=12)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    wrong_tries = fields.IntField(default=0, db_default=0)
    void = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "claim_codes"
