"""Questions of templates, and what friends have answered."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.fields.db_defaults import SqlDefault
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0021_auto_replies")]

    operations = [
        ops.CreateModel(
            name="Answer",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("template_id", fields.BigIntField()),
                ("question", fields.CharField(max_length=16)),
                ("choice_key", fields.TextField(unique=False)),
                ("choice", fields.TextField(unique=False)),
                ("button_id", fields.BigIntField(null=True)),
                ("friend_id", fields.BigIntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "answers",
                "app": "storage",
                "indexes": [Index(fields=["template_id", "question", "friend_id"]), Index(fields=["friend_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            "Template",
            "questions",
            fields.JSONField(default=list, db_default=SqlDefault("'[]'::jsonb"), encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
