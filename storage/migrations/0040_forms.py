"""Forms, their submissions and answers, and what was uploaded with them."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

FORWARD = [
    "CREATE UNIQUE INDEX forms_name ON forms (name_key) WHERE deleted_at IS NULL",
    "CREATE INDEX form_uploads_loose ON form_uploads (at) WHERE submission_id IS NULL",
]


class Migration(migrations.Migration):
    dependencies = [('storage', '0039_duty')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Form',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.TextField(unique=False)),
                ('name_key', fields.TextField(unique=False)),
                ('state', fields.CharField(max_length=8)),
                ('live', fields.IntField(null=True)),
                ('draft', fields.IntField(null=True)),
                ('version', fields.IntField(default=1, db_default=1)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('deleted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'forms', 'app': 'storage', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FormAnswer',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('submission_id', fields.BigIntField()),
                ('form_id', fields.BigIntField()),
                ('friend_id', fields.BigIntField()),
                ('question', fields.CharField(max_length=16)),
                ('option', fields.CharField(null=True, max_length=16)),
                ('text', fields.TextField(unique=False)),
                ('number', fields.DecimalField(null=True, max_digits=18, decimal_places=4)),
            ],
            options={'table': 'form_answers', 'app': 'storage', 'indexes': [Index(fields=['submission_id']), Index(fields=['form_id', 'question', 'option', 'friend_id']), Index(fields=['friend_id', 'form_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FormUpload',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('token', fields.CharField(unique=True, max_length=43)),
                ('form_id', fields.BigIntField()),
                ('friend_id', fields.BigIntField()),
                ('question', fields.CharField(max_length=16)),
                ('submission_id', fields.BigIntField(null=True)),
                ('name', fields.TextField(unique=False)),
                ('content_type', fields.CharField(max_length=64)),
                ('size', fields.IntField()),
                ('content', fields.BinaryField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'form_uploads', 'app': 'storage', 'indexes': [Index(fields=['friend_id', 'form_id']), Index(fields=['submission_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Submission',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('form_id', fields.BigIntField()),
                ('version_number', fields.IntField()),
                ('friend_id', fields.BigIntField()),
                ('attempt', fields.IntField()),
                ('revision', fields.IntField(default=1, db_default=1)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('edited_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('score', fields.DecimalField(null=True, max_digits=18, decimal_places=4)),
                ('result', fields.CharField(null=True, max_length=16)),
            ],
            options={'table': 'submissions', 'app': 'storage', 'unique_together': (('form_id', 'friend_id', 'attempt'),), 'indexes': [Index(fields=['form_id', 'at', 'id']), Index(fields=['friend_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.RunSQL(FORWARD, "SELECT 1"),
    ]
