"""Saved action sets."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

# names are unique among the living
FORWARD = "CREATE UNIQUE INDEX action_sets_name ON action_sets (name_key) WHERE deleted_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [('storage', '0023_blocked_by_us')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ActionSet',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('source', fields.TextField(unique=False)),
                ('actions', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('number', fields.IntField(default=0, db_default=0)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'action_sets', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, "DROP INDEX action_sets_name"),
    ]
