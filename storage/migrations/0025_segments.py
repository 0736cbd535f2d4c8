"""Saved segments, and how many fitted them each day."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

# names are unique among the living
FORWARD = "CREATE UNIQUE INDEX segments_name ON segments (name_key) WHERE deleted_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [('storage', '0024_action_sets')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SavedSegment',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('condition', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'segments', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SegmentCount',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('segment_id', fields.BigIntField()),
                ('day', fields.DateField()),
                ('friends', fields.IntField()),
            ],
            options={'table': 'segment_counts', 'app': 'storage', 'unique_together': (('segment_id', 'day'),), 'pk_attr': 'id', 'table_description': "How many fitted a segment when it was counted on a day of the shop's calendar."},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, "DROP INDEX segments_name"),
    ]
