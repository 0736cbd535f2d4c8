from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0010_friend_marks'), ('storage', '0010_merged_tags'), ('storage', '0010_scopes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Setting',
            fields=[
                ('key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ('value', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('version', fields.IntField(default=1, db_default=1)),
            ],
            options={'table': 'settings', 'app': 'storage', 'pk_attr': 'key'},
            bases=['Model'],
        ),
    ]
