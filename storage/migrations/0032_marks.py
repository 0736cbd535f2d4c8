"""How far the month is used, as staff have been told."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0030_failed_sends'), ('storage', '0031_broadcasts'), ('storage', '0031_tag_wearers')]

    initial = False

    operations = [
        ops.AddField(
            model_name='QuotaMonth',
            name='told',
            field=fields.SmallIntField(default=0, db_default=0),
        ),
    ]
