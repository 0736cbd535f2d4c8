"""The hours in which somebody of the staff is on duty."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("storage", "0035_opted_out"), ("storage", "0038_forgotten")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Staff",
            name="duty",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
