"""Actions put off until later, and what is done to a friend once for ever."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

INDEXES = (
    "CREATE INDEX delayed_due ON delayed_actions (scenario_id, due_at, id) WHERE state = 'open'",
    "CREATE INDEX delayed_root ON delayed_actions (root) WHERE state = 'open'",
    "CREATE INDEX delayed_parked ON delayed_actions (scenario_id) WHERE state = 'parked'",
    "CREATE INDEX delayed_friend ON delayed_actions (friend_id)",
)


class Migration(migrations.Migration):
    dependencies = [('storage', '0019_tag_rules')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DelayedActions',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('friend_id', fields.BigIntField()),
                ('actions', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('root', fields.CharField(max_length=64)),
                ('cause', fields.CharField(max_length=64)),
                ('scenario_id', fields.BigIntField(default=0, db_default=0)),
                ('walk_id', fields.BigIntField(null=True)),
                ('state', fields.CharField(max_length=10)),
                ('error', fields.TextField(null=True, unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'delayed_actions', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Once',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('friend_id', fields.BigIntField()),
                ('key', fields.CharField(max_length=64)),
            ],
            options={'table': 'done_once', 'app': 'storage', 'unique_together': (('friend_id', 'key'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        *(ops.RunSQL(one, "SELECT 1") for one in INDEXES),
    ]
