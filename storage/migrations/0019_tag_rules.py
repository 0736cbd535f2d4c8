"""Tags with a limit of wearers, and with actions of their own."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0018_fields")]

    operations = [
        ops.AddField("Tag", "max_friends", fields.IntField(null=True)),
        ops.AddField(
            "Tag",
            "rules",
            fields.JSONField(default=dict, db_default=SqlDefault("'{}'::jsonb"), encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
