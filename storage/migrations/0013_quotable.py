from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0012_media')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Quotable',
            fields=[
                ('message_id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('chat', fields.CharField(max_length=64)),
                ('about', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'quotable', 'app': 'storage', 'pk_attr': 'message_id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='OutboxRow',
            name='about',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]
