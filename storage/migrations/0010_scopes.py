"""What a group allows at most, the friends that people and groups may see, and codes for further groups."""

from typing import Any

import orjson
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


def _scope() -> fields.JSONField[Any]:
    return fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=orjson.loads)


class Migration(migrations.Migration):
    dependencies = [("storage", "0009_reactions")]

    operations = [
        ops.AddField("ClaimCode", "group_name", fields.TextField(null=True)),
        ops.AddField("ClaimCode", "scope", _scope()),
        ops.AddField("ClaimCode", "issued_by", fields.BigIntField(null=True)),
        ops.AddField("Group", "label", fields.TextField(null=True)),
        ops.AddField("Group", "role", fields.CharField(max_length=12, default="owner", db_default="owner")),
        ops.AddField("Group", "scope", _scope()),
        ops.AddField("Staff", "scope", _scope()),
    ]
