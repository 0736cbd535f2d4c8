"""Sends that make no sound."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0032_marks')]

    initial = False

    operations = [
        ops.AddField(
            model_name='OutboxRow',
            name='quiet',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
