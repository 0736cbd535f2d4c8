"""Uploads: pictures and files that friends have given a form, each for one question of one friend."""

from tortoise import fields
from tortoise.models import Model


class FormUpload(Model):
    id = fields.BigIntField(primary_key=True)
    token = fields.CharField(max_length=43, unique=True)  # 256 bits of chance: how the page names it
    form_id = fields.BigIntField()
    friend_id = fields.BigIntField()
    question = fields.CharField(max_length=16)
    submission_id = fields.BigIntField(null=True)  # what it was sent with; without, it goes after a day
    name = fields.TextField()  # as it was called on the phone, made harmless
    content_type = fields.CharField(max_length=64)
    size = fields.IntField()  # bytes
    content = fields.BinaryField()
    at = fields.DatetimeField()

    class Meta:
        table = "form_uploads"
        indexes = (("friend_id", "form_id"), ("submission_id",))
