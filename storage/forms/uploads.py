"""Uploads: pictures and files that friends have given a form, each for one question of one friend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from storage import database

KEPT = timedelta(days=1)  # what was never sent
MOST_LOOSE = 20  # of one friend and form: what was chosen and chosen again
MOST_BYTES = 60 * 1024 * 1024  # of one friend and form, sent or not


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


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of an upload without its bytes."""

    id: int
    token: str
    question: str
    submission: int | None
    name: str
    content_type: str
    size: int


_UPLOAD = "id, token, question, submission_id AS submission, name, content_type, size"


@dataclass(frozen=True, slots=True)
class New:
    token: str
    form: int
    friend: int
    question: str
    name: str
    content_type: str
    content: bytes


async def keep(new: New, now: datetime) -> bool:
    """Keep it until it is sent, unless this friend has filled up what one may; whether it was. The friend is locked."""
    return bool(
        await database.rows(
            "INSERT INTO form_uploads (token, form_id, friend_id, question, name, content_type, size, content, at)"
            " SELECT $1, $2, $3, $4, $5, $6, octet_length($7::bytea), $7::bytea, $8 FROM (SELECT"
            " count(*) FILTER (WHERE submission_id IS NULL) AS loose, coalesce(sum(size), 0) AS bytes"
            " FROM form_uploads WHERE form_id = $2 AND friend_id = $3) had"
            f" WHERE had.loose < {MOST_LOOSE} AND had.bytes + octet_length($7::bytea) <= {MOST_BYTES} RETURNING 1",
            new.token,
            new.form,
            new.friend,
            new.question,
            new.name,
            new.content_type,
            new.content,
            now,
        )
    )


async def of_tokens(
    form_id: int, friend_id: int, tokens: Sequence[str], submission: int | None = None
) -> dict[str, Upload]:
    """What this friend may send with this form by these tokens: not sent yet, or sent with this submission; held until
    the end of the transaction."""
    found = await database.rows(
        f"SELECT {_UPLOAD} FROM form_uploads WHERE token = ANY($1::text[]) AND form_id = $2 AND friend_id = $3"
        " AND (submission_id IS NULL OR submission_id = $4::bigint) ORDER BY id FOR NO KEY UPDATE",
        list(tokens),
        form_id,
        friend_id,
        submission,
    )
    return {row["token"]: Upload(**row) for row in found}


async def attach(ids: Sequence[int], submission: int) -> None:
    """These were sent with a submission, and nothing else is any more."""
    await database.run(
        "WITH gone AS (DELETE FROM form_uploads WHERE submission_id = $2 AND id <> ALL($1::bigint[]))"
        " UPDATE form_uploads SET submission_id = $2 WHERE id = ANY($1::bigint[])",
        list(ids),
        submission,
    )


async def of_submission(submission: int) -> dict[int, Upload]:
    """What was sent with it, by number."""
    found = await database.rows(f"SELECT {_UPLOAD} FROM form_uploads WHERE submission_id = $1 ORDER BY id", submission)
    return {row["id"]: Upload(**row) for row in found}


async def content(number: int) -> tuple[Upload, bytes] | None:
    """One with its bytes, for staff."""
    found = await database.row(f"SELECT {_UPLOAD}, content FROM form_uploads WHERE id = $1", number)
    return (Upload(**{key: one for key, one in found.items() if key != "content"}), found["content"]) if found else None


async def forget_loose(now: datetime, limit: int) -> int:
    """Up to `limit` that were not sent within a day; how many went."""
    found = await database.rows(
        "DELETE FROM form_uploads WHERE id IN (SELECT id FROM form_uploads WHERE submission_id IS NULL AND at < $1"
        " ORDER BY at LIMIT $2) AND submission_id IS NULL RETURNING 1",
        now - KEPT,
        limit,
    )
    return len(found)
