"""Names under which LINE counts what broadcasts send, and its figures."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0033_quiet'), ('storage', '0035_stop_run')]

    initial = False

    operations = [
        ops.CreateModel(
            name='LineAggregate',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('operation_id', fields.BigIntField(unique=True)),
                ('unit', fields.CharField(max_length=30)),
                ('refused', fields.BooleanField(default=False, db_default=False)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('read_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('seen', fields.IntField(null=True)),
                ('clicked', fields.IntField(null=True)),
                ('played', fields.IntField(null=True)),
                ('finished', fields.IntField(null=True)),
            ],
            options={'table': 'line_aggregates', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
