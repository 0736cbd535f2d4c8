"""Templates and greetings keep their versions; greetings can be stopped."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

KEEP = [
    "INSERT INTO block_versions (owner, number, content, created_at)"
    " SELECT 'template:' || id, 1, jsonb_build_object('source', source, 'messages', messages), updated_at"
    " FROM templates WHERE source <> ''",
    "UPDATE templates SET number = 1 WHERE source <> ''",
    "INSERT INTO block_versions (owner, number, content, created_at)"
    " SELECT 'greeting', 1, jsonb_object_agg(kind, jsonb_build_object('source', source, 'actions', actions)),"
    " max(updated_at) FROM greetings WHERE source <> '' HAVING count(*) > 0",
    "UPDATE greetings SET number = 1 WHERE source <> ''",
]


class Migration(migrations.Migration):
    dependencies = [("storage", "0012_media")]

    operations = [
        ops.AddField("Template", "number", fields.IntField(default=0, db_default=0)),
        ops.AddField("Greeting", "number", fields.IntField(default=0, db_default=0)),
        ops.AddField("Greeting", "stopped", fields.BooleanField(default=False, db_default=False)),
        ops.CreateModel(
            name="BlockVersion",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("owner", fields.CharField(max_length=64)),
                ("number", fields.IntField()),
                ("content", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("staff_id", fields.BigIntField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "block_versions",
                "app": "storage",
                "unique_together": (("owner", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunSQL(KEEP, "SELECT 1"),
    ]
