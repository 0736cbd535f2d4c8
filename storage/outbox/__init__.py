"""The outbox: one row per LINE call, one delivery per friend per send; claimed, ended, stopped, counted."""

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from storage.outbox.gauges import Gauges as Gauges
from storage.outbox.gauges import gauges as gauges
from storage.outbox.staff import announce as announce
from storage.outbox.staff import answer as answer
from storage.outbox.staff import leave as leave
from storage.outbox.staff import notice as notice
from storage.outbox.staff import tell as tell
from storage.outbox.staff import told_lately as told_lately
from storage.outbox.staff import withdraw as withdraw
from storage.outbox.stops import Stopped as Stopped
from storage.outbox.stops import after_restore as after_restore
from storage.outbox.stops import cancel as cancel
from storage.outbox.stops import cancel_for_friends as cancel_for_friends
from storage.outbox.stops import go_on as go_on
from storage.outbox.stops import leave_out_shut as leave_out_shut
from storage.outbox.stops import resume as resume
from storage.outbox.stops import take_from_multicasts as take_from_multicasts
from storage.outbox.stops import unknown_by_cause as unknown_by_cause
from storage.outbox.stops import waiting_by_cause as waiting_by_cause


class OutboxRow(Model):
    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(max_length=12)  # reply | push | multicast
    # reply (an answer within a talk) | transactional | promotion | staff (reply-only, ignores every stop)
    klass = fields.CharField(max_length=16, source_field="class")
    priority = fields.SmallIntField(default=5, db_default=5)  # smaller goes first
    cause = fields.CharField(max_length=64)  # what the claim looks at: "scenario:3", "event:812", "notice:quota"
    chat = fields.CharField(max_length=64)  # reply and push: the user or group; multicast: ""
    recipients = ArrayField(element_type="text", default=list)  # multicast: frozen LINE user ids; staff: who asked
    body = fields.BinaryField()  # JSON array of message objects, frozen
    # What each message is about, for those who quote it (storage.quotable), or null: staff
    about = fields.JSONField[Any](null=True)
    # The sends packed into a reply, in order: [[delivery id or null, number of messages], ...]
    parts = fields.JSONField[Any](null=True)
    retry_key = fields.UUIDField(null=True)  # push and multicast
    cost = fields.IntField(default=0, db_default=0)  # messages of the month's quota
    quiet = fields.BooleanField(default=False, db_default=False)  # no sound and no banner on phones
    inbox_id = fields.BigIntField(null=True)  # reply: whose token, and so its age
    reply_token = fields.TextField(null=True)  # null in a staff reply that waits for the chat's next event
    after = ArrayField(element_type="bigint", default=list)  # earlier rows to the same friends (DELIVERY 14)
    # open | sending | accepted | refused | unknown | cancelled | waiting (staff reply without a token)
    # | split (its parts are rows of their own) | folded (a waiting row that went with a later answer)
    state = fields.CharField(max_length=12)
    attempts = fields.IntField(default=0, db_default=0)
    ready_at = fields.DatetimeField()  # real time
    try_at = fields.DatetimeField()  # real time: not before; infinity in a row being sent whose cause was stopped
    lease_until = fields.DatetimeField(null=True)  # real time
    # business time of the claim; null again when certainly not sent; of a notice that waits: when it was pushed as well
    attempted_at = fields.DatetimeField(null=True)
    ambiguous_at = fields.DatetimeField(null=True)  # business time of the first attempt whose end is not known
    reply_started_at = fields.DatetimeField(null=True)  # business time; null again when certainly not sent
    request_id = fields.CharField(max_length=64, null=True)
    error = fields.TextField(null=True)
    parent_id = fields.BigIntField(null=True)  # the first row this one was split from; it keeps that one's place
    created_at = fields.DatetimeField()  # business time
    finished_at = fields.DatetimeField(null=True)
    settled_at = fields.DatetimeField(null=True)  # business time at which staff gave up what was refused or is unknown

    class Meta:
        table = "outbox"


class Delivery(Model):
    id = fields.BigIntField(primary_key=True)
    cause = fields.CharField(max_length=64)  # "step:<subscription>:<step_key>", "event:<inbox>:<nth>", ...
    friend_id = fields.BigIntField()
    outbox_id = fields.BigIntField(null=True)
    # null: as its outbox row | cancelled (we may not write to the friend) | none (nothing to send: an action-only step)
    state = fields.CharField(max_length=12, null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "deliveries"
        unique_together = (("cause", "friend_id"),)
        indexes = (("friend_id", "outbox_id"),)
