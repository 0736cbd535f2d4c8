"""Auto-replies, and what no rule knew."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

# names are unique among the living
FORWARD = "CREATE UNIQUE INDEX auto_replies_name ON auto_replies (name_key) WHERE deleted_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [('storage', '0020_delayed')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AutoReply',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('state', fields.CharField(max_length=8)),
                ('live', fields.IntField(null=True)),
                ('draft', fields.IntField(null=True)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'auto_replies', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='UnmatchedText',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('friend_id', fields.BigIntField()),
                ('key', fields.TextField(unique=False)),
                ('text', fields.TextField(unique=False)),
                ('times', fields.IntField(default=1, db_default=1)),
                ('last_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'unmatched_texts', 'app': 'storage', 'unique_together': (('friend_id', 'key'),), 'indexes': [Index(fields=['key']), Index(fields=['last_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, "DROP INDEX auto_replies_name"),
    ]
