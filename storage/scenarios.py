"""Scenarios: immutable versions of steps, and each friend's walk through one (a subscription)."""

from tortoise import fields
from tortoise.models import Model


class Scenario(Model):
    id = fields.BigIntField(primary_key=True)  # #S3
    name = fields.TextField()
    name_key = fields.TextField()
    state = fields.CharField(max_length=8)  # draft | live | paused
    live_version_id = fields.BigIntField(null=True)  # what a new subscription is pinned to
    draft_version_id = fields.BigIntField(null=True)  # what the next 公開 makes live
    version = fields.IntField(default=1, db_default=1)
    created_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "scenarios"


class ScenarioVersion(Model):
    id = fields.BigIntField(primary_key=True)
    scenario_id = fields.BigIntField()
    number = fields.IntField()
    source = fields.TextField()  # the block as staff wrote it
    definition = fields.JSONField()  # see jobs/scenarios.py
    staff_id = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()
    published_at = fields.DatetimeField(null=True)

    class Meta:
        table = "scenario_versions"
        unique_together = (("scenario_id", "number"),)


class Subscription(Model):
    id = fields.BigIntField(primary_key=True)
    friend_id = fields.BigIntField()
    scenario_id = fields.BigIntField()
    version_id = fields.BigIntField()
    state = fields.CharField(max_length=8)  # active | paused | finished | stopped | parked
    position = fields.IntField(default=0, db_default=0)  # index of the next step
    due_at = fields.DatetimeField(null=True)  # when that step is due; null when there is nothing to wait for
    started_at = fields.DatetimeField()
    previous_at = fields.DatetimeField(null=True)  # when the step before was carried out
    ended_at = fields.DatetimeField(null=True)
    error = fields.TextField(null=True)  # why it is parked

    class Meta:
        table = "subscriptions"
        indexes = (("friend_id",), ("scenario_id", "state"))
