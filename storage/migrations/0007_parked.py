"""What was put aside is listed for staff: what an event was, and the way to what else is parked."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

FORWARD = [
    "CREATE INDEX subscriptions_parked ON subscriptions (scenario_id) WHERE state = 'parked'",
    "CREATE INDEX operation_friends_parked ON operation_friends (operation_id) WHERE state = 'parked'",
]


class Migration(migrations.Migration):
    dependencies = [("storage", "0006_deliveries")]

    operations = [
        ops.AddField("InboxEvent", "what", fields.CharField(max_length=16, null=True)),
        ops.RunSQL(FORWARD, "DROP INDEX subscriptions_parked, operation_friends_parked"),
    ]
