"""The audit: who changed what, in a sentence, with the inverse row changes that an undo applies."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class AuditEntry(Model):
    id = fields.BigIntField(primary_key=True)  # #Z1042
    staff_id = fields.BigIntField(null=True)
    chat = fields.CharField(max_length=64)
    at = fields.DatetimeField()
    verb = fields.CharField(max_length=40)  # "tag.attach"
    arguments: fields.JSONField[Any] = fields.JSONField()
    sentence = fields.TextField()  # Japanese, as 履歴 shows it
    inverse: fields.JSONField[Any] = (
        fields.JSONField()
    )  # list of row changes with the versions they expect; [] when it cannot be undone
    undone_at = fields.DatetimeField(null=True)
    undone_by = fields.BigIntField(null=True)
    undoes = fields.BigIntField(null=True)

    class Meta:
        table = "audit_entries"
        indexes = (("at",), ("staff_id", "at"))
