"""Greetings: the action lists run for a new friend (`new`) and for one who comes back (`returning`)."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Greeting(Model):
    kind = fields.CharField(max_length=16, primary_key=True)  # new | returning
    source = fields.TextField()
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()  # action list, see jobs/actions.py
    version = fields.IntField(default=1, db_default=1)
    updated_at = fields.DatetimeField()

    class Meta:
        table = "greetings"
