"""Friends whom the shop blocks, and in one column all whom nothing of ours may reach."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0022_answers")]

    operations = [
        ops.AddField(
            model_name="Friend",
            name="blocked_by_us",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunSQL(
            "ALTER TABLE friends ADD COLUMN shut boolean NOT NULL"
            " GENERATED ALWAYS AS (blocked_us OR blocked_by_us) STORED",
            "ALTER TABLE friends DROP COLUMN shut",
        ),
    ]
