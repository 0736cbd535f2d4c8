"""Links that are measured of themselves, because a button opens their address."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("storage", "0029_rested")]

    initial = False

    operations = [
        ops.AddField("Link", "automatic", fields.BooleanField(default=False, db_default=False)),
        ops.RunSQL(
            "CREATE INDEX links_automatic ON links (address) WHERE automatic AND deleted_at IS NULL", "SELECT 1"
        ),
    ]
