"""Marks on friends: hidden from staff's lists, and test friends, who are left out of every condition."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0009_reactions")]

    operations = [
        ops.AddField("Friend", "hidden", fields.BooleanField(default=False, db_default=False)),
        ops.AddField("Friend", "is_test", fields.BooleanField(default=False, db_default=False)),
    ]
