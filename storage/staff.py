"""Staff, the groups they work in, and the one-time codes by which a group is claimed."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage import database


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


async def is_active(line_user_id: str) -> bool:
    found = await database.rows("SELECT 1 FROM staff WHERE line_user_id = $1 AND state = 'active'", line_user_id)
    return bool(found)


async def groups_to_leave(now: datetime) -> list[Group]:
    """Groups whose time to be claimed is over."""
    return await Group.filter(state="unclaimed", leave_at__lte=now).order_by("id").limit(20)


async def left(group_id: int) -> None:
    """The bot is out of this group; its settings are kept."""
    await database.run("UPDATE groups SET state = 'left', version = version + 1 WHERE id = $1", group_id)
