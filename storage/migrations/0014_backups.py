"""The configuration as text, as it was at a time, and the tickets by which it is fetched once."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('storage', '0013_block_versions'), ('storage', '0013_quotable')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Backup',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('staff_id', fields.BigIntField(null=True)),
                ('sha256', fields.CharField(max_length=64)),
                ('text', fields.TextField(unique=False)),
            ],
            options={'table': 'backups', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='BackupTicket',
            fields=[
                ('token_sha256', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('backup', fields.ForeignKeyField('storage.Backup', source_field='backup_id', db_constraint=True, to_field='id', related_name='tickets', on_delete=OnDelete.CASCADE)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'backup_tickets', 'app': 'storage', 'pk_attr': 'token_sha256'},
            bases=['Model'],
        ),
        ops.RunSQL("CREATE INDEX backup_tickets_backup ON backup_tickets (backup_id)", "SELECT 1"),
    ]
