"""What the models cannot say: partial indexes, rules that hold only among the living, the one account row."""

from tortoise import migrations
from tortoise.migrations import operations as ops

FORWARD = [
    "INSERT INTO account (id) VALUES (1)",
    # lanes: each chat's oldest open event
    "CREATE INDEX inbox_open ON inbox (chat, event_at, webhook_event_id) WHERE state = 'open'",
    "CREATE INDEX inbox_parked ON inbox (received_at) WHERE state = 'parked'",
    "CREATE INDEX inbox_done ON inbox (done_at) WHERE state <> 'open' AND state <> 'parked'",
    # due steps, oldest first within a scenario
    "CREATE INDEX subscriptions_due ON subscriptions (scenario_id, due_at, id) WHERE state = 'active' AND due_at IS NOT NULL",
    "CREATE UNIQUE INDEX subscriptions_one_walk ON subscriptions (friend_id, scenario_id)"
    " WHERE state IN ('active', 'paused', 'parked')",
    # the outbox: what can go, and what still binds the order of a friend's messages
    "CREATE INDEX outbox_open ON outbox (priority, id) WHERE state = 'open'",
    "CREATE INDEX outbox_sending ON outbox (lease_until) WHERE state = 'sending'",
    "CREATE INDEX outbox_cause ON outbox (cause) WHERE state IN ('open', 'sending')",
    "CREATE INDEX outbox_waiting ON outbox (chat, id) WHERE state = 'waiting'",
    "CREATE INDEX outbox_chat ON outbox (chat, id) WHERE state IN ('open', 'sending') AND chat <> ''",
    "CREATE INDEX outbox_unknown ON outbox (finished_at) WHERE state = 'unknown'",
    "CREATE INDEX deliveries_open ON deliveries (friend_id) WHERE state = 'open'",
    # names are unique among the living
    "CREATE UNIQUE INDEX tags_name ON tags (name_key) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX templates_name ON templates (name_key) WHERE deleted_at IS NULL",
    "CREATE UNIQUE INDEX scenarios_name ON scenarios (name_key) WHERE deleted_at IS NULL",
    "CREATE INDEX operation_friends_open ON operation_friends (operation_id, friend_id) WHERE state = 'open'",
    # due rows leave these tables quickly: keep their indexes small
    "ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)",
    "ALTER TABLE subscriptions SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80)",
    "ALTER TABLE inbox SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80)",
]

BACKWARD = [
    "DROP INDEX inbox_open, inbox_parked, inbox_done, subscriptions_due, subscriptions_one_walk, outbox_open,"
    " outbox_sending, outbox_cause, outbox_waiting, outbox_chat, outbox_unknown, deliveries_open, tags_name,"
    " templates_name, scenarios_name, operation_friends_open",
    "DELETE FROM account",
]


class Migration(migrations.Migration):
    dependencies = [("storage", "0001_initial")]

    operations = [ops.RunSQL(FORWARD, BACKWARD)]
