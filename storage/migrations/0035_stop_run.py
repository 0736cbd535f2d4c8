"""A stop that comes while a run is being begun."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0034_trials')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Broadcast',
            name='stop_run_id',
            field=fields.BigIntField(null=True),
        ),
    ]
