"""Buttons: immutable rows that a postback `b=<id>` names, the same for all friends and alive for ever."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class Button(Model):
    id = fields.BigIntField(primary_key=True)
    label = fields.TextField()
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField()
    owner = fields.CharField(max_length=64)  # "scenario:3", "greeting:new", "template:4"
    created_at = fields.DatetimeField()

    class Meta:
        table = "buttons"
