"""Fields of friends with their values, and shared values with what they are to become."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

FORWARD = [
    "CREATE UNIQUE INDEX fields_name ON fields (name_key) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX shared_values_name ON shared_values (name_key) WHERE deleted_at IS NULL",
    "CREATE INDEX shared_changes_open ON shared_changes (at) WHERE state = 'open'",
    "CREATE INDEX shared_changes_value ON shared_changes (shared_value_id)",
    # the anniversary of a date: 503 is the 3rd of May
    "ALTER TABLE field_values ADD COLUMN month_day smallint GENERATED ALWAYS AS"
    " ((date_part('month', day) * 100 + date_part('day', day))::smallint) STORED",
    # a long text would not fit into an index whole
    "CREATE INDEX field_values_text ON field_values (field_id, left(text, 64))",
    "CREATE INDEX field_values_number ON field_values (field_id, number) WHERE number IS NOT NULL",
    "CREATE INDEX field_values_day ON field_values (field_id, day) WHERE day IS NOT NULL",
    "CREATE INDEX field_values_month_day ON field_values (field_id, month_day) WHERE month_day IS NOT NULL",
    "CREATE INDEX field_values_moment ON field_values (field_id, moment) WHERE moment IS NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [('storage', '0017_active_on')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Field',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('kind', fields.CharField(max_length=16)),
                ('choices', fields.JSONField(default=list, db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('masked', fields.BooleanField(default=False, db_default=False)),
                ('yearly', fields.BooleanField(default=False, db_default=False)),
                ('on_change_source', fields.TextField(default='', db_default='', unique=False)),
                ('on_change', fields.JSONField(default=list, db_default='[]', encoder=JSON_DUMPS, decoder=loads)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'fields', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FieldValue',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('friend_id', fields.BigIntField()),
                ('field_id', fields.BigIntField()),
                ('text', fields.TextField(unique=False)),
                ('number', fields.DecimalField(null=True, max_digits=18, decimal_places=4)),
                ('day', fields.DateField(null=True)),
                ('moment', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'field_values', 'app': 'storage', 'unique_together': (('friend_id', 'field_id'),), 'pk_attr': 'id', 'table_description': "One friend's value: `text` has it whatever its kind (see `storage.fields.values`), the others what it compares"},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SharedChange',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('shared_value_id', fields.BigIntField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('text', fields.TextField(unique=False)),
                ('state', fields.CharField(default='open', db_default='open', max_length=16)),
                ('version', fields.IntField(default=1, db_default=1)),
            ],
            options={'table': 'shared_changes', 'app': 'storage', 'pk_attr': 'id', 'table_description': 'A value that is to hold from `at` on. It does so whether or not the worker has written it down yet.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SharedValue',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('kind', fields.CharField(max_length=16)),
                ('text', fields.TextField(unique=False)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shared_values', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, "SELECT 1"),
    ]
