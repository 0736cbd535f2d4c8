"""How far the purge of the outbox has come."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0037_told_runs')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Forgotten',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=16)),
                ('upto', fields.BigIntField()),
            ],
            options={'table': 'forgotten', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
