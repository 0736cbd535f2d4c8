"""How many short delays led to what is put off, and since when it is over."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0027_links")]

    operations = [
        ops.AddField(model_name="DelayedActions", name="delays", field=fields.SmallIntField(default=0, db_default=0)),
        ops.AddField(model_name="DelayedActions", name="over_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(
            "UPDATE delayed_actions SET over_at = due_at WHERE state IN ('done', 'dropped', 'called_off')", "SELECT 1"
        ),
        ops.RunSQL(
            "CREATE INDEX delayed_over ON delayed_actions (over_at) WHERE over_at IS NOT NULL",
            "DROP INDEX delayed_over",
        ),
    ]
