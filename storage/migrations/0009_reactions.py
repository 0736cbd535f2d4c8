"""A press is a reaction as a message is."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0008_claim_tries")]

    operations = [ops.RenameField("Friend", "last_message_at", "last_reaction_at")]
