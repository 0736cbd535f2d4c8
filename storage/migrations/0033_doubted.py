"""Friends of an operation who may have been reached before a restore."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0032_marks')]

    initial = False

    operations = [
        ops.AddField(
            model_name='OperationFriend',
            name='doubted',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
