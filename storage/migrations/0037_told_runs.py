"""Which runs of broadcasts staff have been told the end of: all that were there before."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0036_line_aggregates")]

    initial = False

    operations = [
        ops.AddField(
            model_name="BroadcastRun",
            name="told",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunSQL("UPDATE broadcast_runs SET told = true WHERE state = 'begun'", ""),
    ]
