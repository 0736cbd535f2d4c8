"""Each friend's lot, drawn once from the id: by it conditions take a share of all friends, always the same."""

from tortoise import migrations
from tortoise.migrations import operations as ops

FORWARD = (
    "ALTER TABLE friends ADD COLUMN lot bigint GENERATED ALWAYS AS"
    " (('x' || left(encode(sha256(int8send(id)), 'hex'), 16))::bit(64)::bigint) STORED"
)


class Migration(migrations.Migration):
    dependencies = [("storage", "0014_backups")]

    operations = [ops.RunSQL(FORWARD, "ALTER TABLE friends DROP COLUMN lot")]
