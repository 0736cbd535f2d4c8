"""Broadcasts and their runs."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

# names are unique among the living; the worker looks for what is due
FORWARD = [
    "CREATE UNIQUE INDEX broadcasts_name ON broadcasts (name_key) WHERE deleted_at IS NULL",
    "CREATE INDEX broadcast_runs_due ON broadcast_runs (at) WHERE state = 'waiting'",
]
BACKWARD = ["DROP INDEX broadcast_runs_due", "DROP INDEX broadcasts_name"]


class Migration(migrations.Migration):
    dependencies = [('storage', '0030_automatic_links')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Broadcast',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('source', fields.TextField(unique=False)),
                ('definition', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('number', fields.IntField(default=0, db_default=0)),
                ('run_id', fields.BigIntField(null=True)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'broadcasts', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='BroadcastRun',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('broadcast_id', fields.BigIntField(db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('immediate', fields.BooleanField()),
                ('state', fields.CharField(max_length=10)),
                ('confirmed', fields.IntField()),
                ('definition', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('operation_id', fields.BigIntField(null=True)),
                ('reason', fields.CharField(null=True, max_length=10)),
                ('counted', fields.IntField(null=True)),
                ('staff_id', fields.BigIntField(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('begun_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('version', fields.IntField(default=1, db_default=1)),
            ],
            options={'table': 'broadcast_runs', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, BACKWARD),
    ]
