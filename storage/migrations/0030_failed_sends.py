"""What LINE refused or nobody knows of waits for staff's decision; what stands still is remembered."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

INDEX = (
    "CREATE INDEX outbox_failed ON outbox (id)"
    " WHERE state IN ('refused', 'unknown') AND settled_at IS NULL AND class <> 'staff'"
)

class Migration(migrations.Migration):
    dependencies = [('storage', '0029_rested')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Alarm',
            fields=[
                ('reason', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('told', fields.BooleanField(default=False, db_default=False)),
            ],
            options={'table': 'alarms', 'app': 'storage', 'pk_attr': 'reason'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='OutboxRow',
            name='settled_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(INDEX, "DROP INDEX outbox_failed"),
    ]
