"""Media: what staff send, its bytes in the versions phones ask for, and the names it is kept under."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

FORWARD = [
    # names are unique among the living
    "CREATE UNIQUE INDEX media_name ON media (name_key) WHERE deleted_at IS NULL",
    "CREATE INDEX received_wanted ON received (try_at) WHERE state = 'wanted'",
    "CREATE INDEX received_wishes ON received (id) WHERE wish IS NOT NULL",
    "CREATE INDEX received_old ON received (at)",
    # foreign keys get no index by themselves, and what nothing leads to is looked for
    "CREATE INDEX received_content ON received (content_id)",
    "CREATE INDEX media_content ON media (content_id)",
    # pictures are packed already; unpacked they can be read piece by piece
    "ALTER TABLE content_versions ALTER COLUMN data SET STORAGE EXTERNAL",
]


class Migration(migrations.Migration):
    dependencies = [("storage", "0011_settings")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Content',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=8)),
                ('width', fields.IntField(null=True)),
                ('height', fields.IntField(null=True)),
                ('duration_ms', fields.BigIntField(null=True)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'contents', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ContentVersion',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('content', fields.ForeignKeyField('storage.Content', source_field='content_id', db_constraint=True, to_field='id', related_name='versions', on_delete=OnDelete.CASCADE)),
                ('variant', fields.CharField(max_length=12)),
                ('mime', fields.CharField(max_length=40)),
                ('size', fields.BigIntField()),
                ('sha256', fields.CharField(max_length=64)),
                ('data', fields.BinaryField(null=True)),
                ('file', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'content_versions', 'app': 'storage', 'unique_together': (('content', 'variant'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Media',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('public_id', fields.CharField(unique=True, max_length=32)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('kind', fields.CharField(max_length=8)),
                ('content', fields.ForeignKeyField('storage.Content', source_field='content_id', db_constraint=True, to_field='id', related_name='media', on_delete=OnDelete.RESTRICT)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'media', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Received',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('message_id', fields.CharField(unique=True, max_length=64)),
                ('chat', fields.CharField(max_length=64)),
                ('person', fields.CharField(null=True, max_length=64)),
                ('kind', fields.CharField(max_length=16)),
                ('duration_ms', fields.BigIntField(null=True)),
                ('state', fields.CharField(default='wanted', max_length=8)),
                ('content', fields.ForeignKeyField('storage.Content', source_field='content_id', null=True, db_constraint=True, to_field='id', related_name='received', on_delete=OnDelete.SET_NULL)),
                ('tries', fields.IntField(default=0, db_default=0)),
                ('try_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('wish', fields.TextField(null=True, unique=False)),
                ('wish_event', fields.BigIntField(null=True)),
            ],
            options={'table': 'received', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, "SELECT 1"),
    ]
