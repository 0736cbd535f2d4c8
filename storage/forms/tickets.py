"""Tickets of staff: links to a page to be tried, to answers as a file, to one upload; short-lived, kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tortoise import fields
from tortoise.models import Model

from storage import database

TICKET = r"[0-9A-Za-z_-]{43}"
Kind = Literal["preview", "answers", "upload"]


class FormTicket(Model):
    token_sha256 = fields.CharField(max_length=64, primary_key=True)  # the token itself is only in the link
    kind = fields.CharField(max_length=8)  # preview | answers | upload
    form_id = fields.BigIntField()
    number = fields.BigIntField()  # preview: of the version; upload: of the file; answers: how many there were
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)  # a preview is looked at as often as one likes

    class Meta:
        table = "form_tickets"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link leads to; `open` while it can still be used."""

    kind: Kind
    form: int
    number: int
    expires_at: datetime
    open: bool


_TICKET = (
    "kind, form_id AS form, number, expires_at,"
    " used_at IS NULL AND expires_at > $2 AS open FROM form_tickets WHERE token_sha256 = $1"
)


async def issue(kind: Kind, form_id: int, number: int, until: datetime) -> str:
    """A token that is good until then; tickets out of date for a day are swept away."""
    token = secrets.token_urlsafe(32)
    await database.run("DELETE FROM form_tickets WHERE expires_at < $1::timestamptz - interval '1 day'", until)
    await database.run(
        "INSERT INTO form_tickets (token_sha256, kind, form_id, number, expires_at) VALUES ($1, $2, $3, $4, $5)",
        _digest(token),
        kind,
        form_id,
        number,
        until,
    )
    return token


async def find(token: str, now: datetime) -> Ticket | None:
    """What a token leads to, without using it up; None for one nobody was given."""
    found = await database.row(f"SELECT {_TICKET}", _digest(token), now)
    return Ticket(**found) if found else None


async def take(token: str, now: datetime) -> Ticket | None:
    """Use a token up; None when it is of no use any more, or was never any."""
    found = await database.row(
        "UPDATE form_tickets SET used_at = $2 WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > $2"
        " RETURNING kind, form_id AS form, number, expires_at, true AS open",
        _digest(token),
        now,
    )
    return Ticket(**found) if found else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
