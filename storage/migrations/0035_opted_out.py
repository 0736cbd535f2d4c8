"""Friends who want no promotions."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0033_quiet'), ('storage', '0034_trials')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Friend',
            name='opted_out',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
