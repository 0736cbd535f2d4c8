"""Measured links, who was sent them and who has opened them."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

FORWARD = [
    "CREATE UNIQUE INDEX links_name ON links (name_key) WHERE deleted_at IS NULL",
    "CREATE INDEX link_clicks_open ON link_clicks (at, id) WHERE state = 'open'",
    "CREATE INDEX link_clicks_parked ON link_clicks (link_id) WHERE state = 'parked'",
]


class Migration(migrations.Migration):
    dependencies = [('storage', '0026_charts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Link',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('address', fields.TextField(unique=False)),
                ('on_click_source', fields.TextField(default='', db_default='', unique=False)),
                ('on_click', fields.JSONField(default=list, db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'links', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LinkClick',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('link_id', fields.BigIntField()),
                ('friend_id', fields.BigIntField()),
                ('button_id', fields.BigIntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('span', fields.BigIntField()),
                ('state', fields.CharField(max_length=8)),
                ('error', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'link_clicks', 'app': 'storage', 'unique_together': (('link_id', 'friend_id', 'span'),), 'indexes': [Index(fields=['link_id', 'at']), Index(fields=['friend_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LinkSend',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('link_id', fields.BigIntField()),
                ('friend_id', fields.BigIntField()),
                ('delivery_id', fields.BigIntField()),
            ],
            options={'table': 'link_sends', 'app': 'storage', 'indexes': [Index(fields=['link_id', 'friend_id']), Index(fields=['friend_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, "SELECT 1"),
    ]
