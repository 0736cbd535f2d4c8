"""ID tokens that have opened a page, and the browsers they did it for."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0040_forms')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SpentToken',
            fields=[
                ('hash', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('browser', fields.CharField(max_length=64)),
                ('until', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'spent_tokens', 'app': 'storage', 'pk_attr': 'hash'},
            bases=['Model'],
        ),
    ]
