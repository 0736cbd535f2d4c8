"""A tag merged into another stays as a word for it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0009_reactions")]

    operations = [ops.AddField("Tag", "merged_into", fields.BigIntField(null=True))]
