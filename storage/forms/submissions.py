"""Submissions: who has answered a form, each time once, and what was answered, one row for each value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tortoise import fields
from tortoise.models import Model

from storage import database


class Submission(Model):
    id = fields.BigIntField(primary_key=True)  # "form:<id>" is the root of what comes of it
    form_id = fields.BigIntField()
    version_number = fields.IntField()  # the version of the form that was answered
    friend_id = fields.BigIntField()
    attempt = fields.IntField()  # the friend's 1st, 2nd … answer to this form
    revision = fields.IntField(default=1, db_default=1)  # 1 as it was first sent; each edit is one more
    at = fields.DatetimeField()
    edited_at = fields.DatetimeField(null=True)
    score = fields.DecimalField(max_digits=18, decimal_places=4, null=True)
    result = fields.CharField(max_length=16, null=True)  # the key of the result that was shown

    class Meta:
        table = "submissions"
        unique_together = (("form_id", "friend_id", "attempt"),)
        indexes = (("form_id", "at", "id"), ("friend_id",))


class FormAnswer(Model):
    id = fields.BigIntField(primary_key=True)
    submission_id = fields.BigIntField()
    form_id = fields.BigIntField()
    friend_id = fields.BigIntField()
    question = fields.CharField(max_length=16)  # its key, the same in all versions
    option = fields.CharField(max_length=16, null=True)  # the key of what was chosen
    text = fields.TextField()  # the value in its one spelling; of a choice its label, of その他 what was written
    number = fields.DecimalField(max_digits=18, decimal_places=4, null=True)  # what it compares as

    class Meta:
        table = "form_answers"
        indexes = (
            ("submission_id",),
            ("form_id", "question", "option", "friend_id"),
            ("friend_id", "form_id"),
        )


@dataclass(frozen=True, slots=True)
class Value:
    """One row of an answer."""

    question: str
    option: str | None
    text: str
    number: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One submission without its values."""

    id: int
    form: int
    version: int
    friend: int
    attempt: int
    revision: int
    at: datetime
    edited_at: datetime | None
    score: Decimal | None
    result: str | None


GIVEN = (
    "s.id, s.form_id AS form, s.version_number AS version, s.friend_id AS friend, s.attempt, s.revision, s.at,"
    " s.edited_at, s.score, s.result"
)


async def latest(form_id: int, friend_id: int) -> Given | None:
    """A friend's last submission of a form."""
    found = await database.row(
        f"SELECT {GIVEN} FROM submissions s WHERE s.form_id = $1 AND s.friend_id = $2 ORDER BY s.attempt DESC LIMIT 1",
        form_id,
        friend_id,
    )
    return Given(**found) if found else None


async def attempted(form_id: int, friend_id: int, attempt: int) -> Given | None:
    """A friend's first, second … submission of a form."""
    found = await database.row(
        f"SELECT {GIVEN} FROM submissions s WHERE s.form_id = $1 AND s.friend_id = $2 AND s.attempt = $3",
        form_id,
        friend_id,
        attempt,
    )
    return Given(**found) if found else None


async def values(submission_ids: Sequence[int]) -> dict[int, list[Value]]:
    """What was answered in each of these, in the order of the form."""
    found = await database.rows(
        "SELECT submission_id, question, option, text, number FROM form_answers"
        " WHERE submission_id = ANY($1::bigint[]) ORDER BY id",
        list(submission_ids),
    )
    by: dict[int, list[Value]] = {}
    for row in found:
        by.setdefault(row.pop("submission_id"), []).append(Value(**row))
    return by
