"""Wrong claim codes are counted for each group and code, so that being invited again gives no new tries."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0007_parked")]

    operations = [ops.AddField("Group", "wrong_for", fields.BigIntField(null=True))]
