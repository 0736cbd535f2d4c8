"""When the last counted attempt at an event began: nobody counts another while that one may still be going on."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0004_friend_names")]

    operations = [ops.AddField("InboxEvent", "tried_at", fields.DatetimeField(null=True))]
