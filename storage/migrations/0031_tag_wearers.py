"""Who wears a tag is read from an index alone: in the table a tag's friends lie scattered among all others' tags."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0030_automatic_links"), ("storage", "0030_segment_versions")]

    operations = [
        ops.AddIndex("FriendTag", Index(fields=["tag_id", "friend_id"])),
        ops.RemoveIndex("FriendTag", fields=["tag_id"]),
    ]
