"""Broadcasts that are tried on some first: the runs of the rest, and those who get nothing."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0033_doubted'), ('storage', '0033_quota_ledger')]

    initial = False

    operations = [
        ops.AddField(
            model_name='BroadcastRun',
            name='held_id',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='BroadcastRun',
            name='test_id',
            field=fields.BigIntField(null=True),
        ),
    ]
