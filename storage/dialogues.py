"""What a person in a chat is in the middle of: the last list shown, and cards waiting to be confirmed."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Dialogue(Model):
    id = fields.BigIntField(primary_key=True)
    chat = fields.CharField(max_length=64)
    person = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=16)  # list | block (a definition to be continued) | command (last use)
    data: fields.JSONField[Any] = fields.JSONField()
    at = fields.DatetimeField()

    class Meta:
        table = "dialogues"
        unique_together = (("chat", "person", "kind"),)


class Confirmation(Model):
    token = fields.CharField(max_length=16, primary_key=True)  # the postback is t=<token>
    chat = fields.CharField(max_length=64)
    asker = fields.CharField(max_length=64)
    policy = fields.CharField(max_length=20)  # asker | asker_or_manager | anyone_registered
    command = fields.TextField()  # the full command line that a press runs
    arguments: fields.JSONField[Any] = fields.JSONField(
        null=True
    )  # what was resolved when the card was shown, versions included
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    used_by = fields.CharField(max_length=64, null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "confirmations"
