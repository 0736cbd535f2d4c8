"""The outbox as its claims read it: by endpoint in order of place, what is in doubt, what was split."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

FORWARD = [
    "DROP INDEX outbox_open, outbox_cause, outbox_chat",
    # a row split from another keeps that one's place
    "CREATE INDEX outbox_open ON outbox (kind, priority, (coalesce(parent_id, id)), id) WHERE state = 'open'",
    # narrow, so that a claim of a push or a multicast has only two indexes to write
    "CREATE INDEX outbox_cause ON outbox (cause) WHERE state = 'open'",
    "CREATE INDEX outbox_replies ON outbox (chat, id) WHERE kind = 'reply' AND state IN ('open', 'sending')",
    "CREATE INDEX outbox_pushes ON outbox (chat, id) WHERE kind = 'push' AND state = 'open'",
    "CREATE INDEX outbox_doubt ON outbox (ambiguous_at) WHERE state = 'open' AND ambiguous_at IS NOT NULL",
    # an outbox row has few deliveries as a rule: after a day of multicasts the planner would read all of them instead
    "ALTER TABLE deliveries ALTER COLUMN outbox_id SET (n_distinct = -0.5)",
    "CREATE INDEX outbox_parent ON outbox (parent_id) WHERE state IN ('open', 'sending') AND parent_id IS NOT NULL",
]

BACKWARD = [
    "ALTER TABLE deliveries ALTER COLUMN outbox_id RESET (n_distinct)",
    "DROP INDEX outbox_open, outbox_cause, outbox_replies, outbox_pushes, outbox_doubt, outbox_parent",
    "CREATE INDEX outbox_open ON outbox (priority, id) WHERE state = 'open'",
    "CREATE INDEX outbox_cause ON outbox (cause) WHERE state IN ('open', 'sending')",
    "CREATE INDEX outbox_chat ON outbox (chat, id) WHERE state IN ('open', 'sending') AND chat <> ''",
]


class Migration(migrations.Migration):
    dependencies = [("storage", "0002_rules")]

    operations = [
        ops.AlterField("OutboxRow", "cause", fields.CharField(max_length=64)),
        ops.AlterField("Pause", "scope", fields.CharField(max_length=80, primary_key=True)),
        ops.RunSQL(FORWARD, BACKWARD),
    ]
