"""Templates: messages kept under a name, to be sent from anywhere."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Template(Model):
    id = fields.BigIntField(primary_key=True)  # #M4
    name = fields.TextField()
    name_key = fields.TextField()
    source = fields.TextField()  # the block as staff wrote it
    messages: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()  # list of LINE message objects
    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "templates"
