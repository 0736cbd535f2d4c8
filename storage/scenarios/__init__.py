"""Scenarios: immutable versions of steps, and each friend's walk through one (a subscription)."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from storage.scenarios.aside import DOUBTED as DOUBTED
from storage.scenarios.aside import doubt_due as doubt_due
from storage.scenarios.aside import doubted as doubted
from storage.scenarios.aside import park as park
from storage.scenarios.aside import parked as parked
from storage.scenarios.aside import put_aside as put_aside
from storage.scenarios.aside import take_up as take_up
from storage.scenarios.aside import trust as trust
from storage.scenarios.entries import OPEN as OPEN
from storage.scenarios.entries import begun as begun
from storage.scenarios.entries import begun_under_lock as begun_under_lock
from storage.scenarios.entries import latest_stopped as latest_stopped
from storage.scenarios.entries import stop_others as stop_others
from storage.scenarios.funnels import Came as Came
from storage.scenarios.funnels import buttons_of as buttons_of
from storage.scenarios.funnels import came as came
from storage.scenarios.renewals import Standing as Standing
from storage.scenarios.renewals import friends_on_their_way as friends_on_their_way
from storage.scenarios.renewals import keys_of as keys_of
from storage.scenarios.renewals import on_their_way as on_their_way
from storage.scenarios.renewals import standing as standing
from storage.scenarios.renewals import steps_done as steps_done
from storage.scenarios.renewals import to_renew as to_renew
from storage.scenarios.renewals import turn as turn
from storage.scenarios.renewals import walked as walked
from storage.scenarios.renewals import walks_by_id as walks_by_id
from storage.scenarios.subscriptions import Alike as Alike
from storage.scenarios.subscriptions import OnTheWay as OnTheWay
from storage.scenarios.subscriptions import Walk as Walk
from storage.scenarios.subscriptions import Whereabouts as Whereabouts
from storage.scenarios.subscriptions import alike_before as alike_before
from storage.scenarios.subscriptions import all_open as all_open
from storage.scenarios.subscriptions import begin as begin
from storage.scenarios.subscriptions import claim_due as claim_due
from storage.scenarios.subscriptions import due_walks as due_walks
from storage.scenarios.subscriptions import latest_walks as latest_walks
from storage.scenarios.subscriptions import next_due as next_due
from storage.scenarios.subscriptions import on_the_way as on_the_way
from storage.scenarios.subscriptions import open_walks as open_walks
from storage.scenarios.subscriptions import pause as pause
from storage.scenarios.subscriptions import rest as rest
from storage.scenarios.subscriptions import resume as resume
from storage.scenarios.subscriptions import save as save
from storage.scenarios.subscriptions import still_due as still_due
from storage.scenarios.subscriptions import stop as stop
from storage.scenarios.subscriptions import walking as walking
from storage.scenarios.subscriptions import walks as walks
from storage.scenarios.subscriptions import whereabouts as whereabouts
from storage.scenarios.subscriptions import with_due as with_due
from storage.scenarios.versions import Counted as Counted
from storage.scenarios.versions import Kept as Kept
from storage.scenarios.versions import KeptVersion as KeptVersion
from storage.scenarios.versions import Sources as Sources
from storage.scenarios.versions import add_version as add_version
from storage.scenarios.versions import called as called
from storage.scenarios.versions import change as change
from storage.scenarios.versions import get as get
from storage.scenarios.versions import make as make
from storage.scenarios.versions import page as page
from storage.scenarios.versions import sources as sources
from storage.scenarios.versions import step_keys as step_keys
from storage.scenarios.versions import uses as uses
from storage.scenarios.versions import version_numbered as version_numbered
from storage.scenarios.versions import version_of as version_of
from storage.scenarios.versions import versions_of as versions_of


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
    definition: fields.JSONField[dict[str, Any]] = fields.JSONField()  # see jobs/scenarios.py
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
    # Seconds by which blocks, and having been taken off, have made it late: its timetable counts from so much later
    rested = fields.IntField(default=0, db_default=0)
    error = fields.TextField(null=True)  # why it is parked

    class Meta:
        table = "subscriptions"
        indexes = (("friend_id",), ("scenario_id", "state"))
