"""The day of each friend's last sign of life, by which lists are put in order; and the few with marks at hand.

The day and not the moment has the index, so that only a friend's first reaction of a day has to write it.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

FORWARD = (
    "ALTER TABLE friends ADD COLUMN active_on date NOT NULL GENERATED ALWAYS AS"
    " ((greatest(last_reaction_at, followed_at, created_at) AT TIME ZONE 'UTC')::date) STORED",
    "CREATE INDEX friends_active ON friends (active_on)",
    "CREATE INDEX friends_marked ON friends (id) WHERE hidden OR is_test",
)


class Migration(migrations.Migration):
    dependencies = [("storage", "0016_targets")]

    operations = [
        ops.RunSQL(FORWARD[0], "ALTER TABLE friends DROP COLUMN active_on"),
        ops.RunSQL(FORWARD[1], "DROP INDEX friends_active"),
        ops.RunSQL(FORWARD[2], "DROP INDEX friends_marked"),
    ]
