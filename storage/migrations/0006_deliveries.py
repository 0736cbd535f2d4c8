"""A delivery ends as its outbox row does: only one without a row has a state of its own, and no end is written twice."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

FORWARD = ["DROP INDEX deliveries_open", "UPDATE deliveries SET state = NULL WHERE outbox_id IS NOT NULL"]
BACKWARD = [
    "UPDATE deliveries d SET state = CASE WHEN o.state IN ('accepted', 'refused', 'unknown', 'cancelled') THEN o.state"
    " ELSE 'open' END FROM outbox o WHERE o.id = d.outbox_id",
    "CREATE INDEX deliveries_open ON deliveries (friend_id) WHERE state = 'open'",
]


class Migration(migrations.Migration):
    dependencies = [("storage", "0005_inbox_tried")]

    operations = [
        ops.RemoveIndex("Delivery", fields=["outbox_id"]),
        ops.AlterField("Delivery", "state", fields.CharField(max_length=12, null=True)),
        ops.RunSQL(FORWARD, BACKWARD),
        ops.AddIndex("Delivery", Index(fields=["friend_id", "outbox_id"])),
    ]
