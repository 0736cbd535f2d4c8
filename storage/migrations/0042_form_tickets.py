"""The links that staff are given to look at a form, its answers and its files."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0041_spent_tokens')]

    initial = False

    operations = [
        ops.CreateModel(
            name='FormTicket',
            fields=[
                ('token_sha256', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('kind', fields.CharField(max_length=8)),
                ('form_id', fields.BigIntField()),
                ('number', fields.BigIntField()),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'form_tickets', 'app': 'storage', 'pk_attr': 'token_sha256'},
            bases=['Model'],
        ),
    ]
