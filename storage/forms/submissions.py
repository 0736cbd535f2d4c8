"""Submissions: who has answered a form, each time once, and what was answered, one row for each value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database


class Submission(Model):
    id = fields.BigIntField(primary_key=True)  # "submission:<id>" is the root of what comes of it
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


@dataclass(frozen=True, slots=True)
class New:
    """What is to be kept of a submission; `values` are its answers in the order of the form."""

    form: int
    version: int
    friend: int
    attempt: int
    score: Decimal | None
    result: str | None
    values: Sequence[Value]


_VALUES = (
    "INSERT INTO form_answers (submission_id, form_id, friend_id, question, option, text, number)"
    " SELECT k.id, $1, $3, v.question, v.option, v.text, v.number FROM kept k CROSS JOIN ROWS FROM"
    " (json_to_recordset($8::text::json) AS (question text, option text, text text, number numeric))"
    " WITH ORDINALITY AS v (question, option, text, number, place) ORDER BY v.place"
)


async def keep(new: New, now: datetime) -> int:
    """A submission with its answers; its number. The friend is locked, and this attempt is the next one."""
    found = await database.value(
        "WITH kept AS (INSERT INTO submissions (form_id, version_number, friend_id, attempt, at, score, result)"
        f" VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id), answered AS ({_VALUES}) SELECT id FROM kept",
        *_columns(new, now),
    )
    return int(found)


async def rewrite(submission_id: int, new: New, now: datetime) -> int:
    """The same submission with other answers; its new revision. Its friend is locked."""
    found = await database.value(
        "WITH kept AS (UPDATE submissions SET version_number = $2, revision = revision + 1, edited_at = $5,"
        " score = $6, result = $7 WHERE id = $9 AND form_id = $1 AND friend_id = $3 AND attempt = $4"
        " RETURNING id, revision),"
        " gone AS (DELETE FROM form_answers a USING kept k WHERE a.submission_id = k.id),"
        f" answered AS ({_VALUES}) SELECT revision FROM kept",
        *_columns(new, now),
        submission_id,
    )
    return int(found)


def _columns(new: New, now: datetime) -> tuple[object, ...]:
    rows = [
        {"question": one.question, "option": one.option, "text": one.text}
        | {"number": None if one.number is None else str(one.number)}
        for one in new.values
    ]
    given = orjson.dumps(rows).decode()
    return new.form, new.version, new.friend, new.attempt, now, new.score, new.result, given


@dataclass(frozen=True, slots=True)
class Taken:
    """How many places of a form are taken, and of options by (question, option); no more than there are is counted."""

    form: int
    options: Mapping[tuple[str, str], int]


async def taken(
    form_id: int, places: int | None, options: Mapping[tuple[str, str], int], but: int | None = None
) -> Taken:
    """Count up to these limits, leaving out one submission; exact behind a lock on the form's row."""
    found = await database.rows(
        "SELECT NULL AS question, NULL AS option, (SELECT count(*) FROM (SELECT 1 FROM submissions s"
        " WHERE s.form_id = $1 AND s.id IS DISTINCT FROM $2::bigint LIMIT $3::int) x) AS taken"
        " UNION ALL SELECT o.question, o.option, (SELECT count(*) FROM (SELECT 1 FROM form_answers a"
        " WHERE a.form_id = $1 AND a.question = o.question AND a.option = o.option"
        " AND a.submission_id IS DISTINCT FROM $2::bigint LIMIT o.places) x)"
        " FROM unnest($4::text[], $5::text[], $6::int[]) AS o (question, option, places)",
        form_id,
        but,
        places or 0,
        [question for question, _ in options],
        [option for _, option in options],
        list(options.values()),
    )
    return Taken(found[0]["taken"], {(row["question"], row["option"]): row["taken"] for row in found[1:]})
