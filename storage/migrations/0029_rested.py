"""By how much blocks have made a walk late."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("storage", "0028_delays")]

    operations = [
        ops.AddField(model_name="Subscription", name="rested", field=fields.IntField(default=0, db_default=0)),
    ]
