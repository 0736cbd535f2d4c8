"""Versions of saved segments; what there is becomes the first of each."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

KEEP = (
    "INSERT INTO block_versions (owner, number, content, created_at)"
    " SELECT 'segment:' || id, 1, jsonb_build_object('condition', condition, 'words', '最初の条件'), created_at FROM segments"
)


class Migration(migrations.Migration):
    dependencies = [("storage", "0029_rested")]

    initial = False

    operations = [
        ops.AddField(
            model_name="SavedSegment",
            name="number",
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.RunSQL(KEEP, "DELETE FROM block_versions WHERE owner LIKE 'segment:%'"),
    ]
