"""控え: the whole configuration as text, as it was at a time, and the tickets by which it is fetched once each."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from storage import database

MOST = 30  # kept at a time
TICKET = r"[0-9A-Za-z_-]{43}"


class Backup(Model):
    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    staff_id = fields.BigIntField(null=True)  # who asked for it; null when it was made at night
    sha256 = fields.CharField(max_length=64)
    text = fields.TextField()  # without the comment that heads the file

    class Meta:
        table = "backups"


class BackupTicket(Model):
    token_sha256 = fields.CharField(max_length=64, primary_key=True)  # the token itself is only in the link
    backup: fields.ForeignKeyRelation[Backup] = fields.ForeignKeyField("storage.Backup", related_name="tickets")
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "backup_tickets"


@dataclass(frozen=True, slots=True)
class Kept:
    """`staff` is the name of who asked for it."""

    id: int
    at: datetime
    staff: str | None
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link leads to; `open` while it can still be used."""

    backup_at: datetime
    expires_at: datetime
    open: bool


_KEPT = "SELECT b.id, b.at, s.name AS staff, b.sha256, b.text FROM backups b LEFT JOIN staff s ON s.id = b.staff_id"


async def keep(text: str, staff_id: int | None, now: datetime) -> tuple[Kept, bool]:
    """Keep a text unless the last one says the same; the one that holds, and whether it is new."""
    last = await latest()
    sha256 = digest(text)
    if last is not None and last.sha256 == sha256:
        return last, False
    number: int = await database.value(
        "INSERT INTO backups (at, staff_id, sha256, text) VALUES ($1, $2, $3, $4) RETURNING id",
        now,
        staff_id,
        sha256,
        text,
    )
    await database.run("DELETE FROM backups WHERE id NOT IN (SELECT id FROM backups ORDER BY id DESC LIMIT $1)", MOST)
    found = await database.rows(f"{_KEPT} WHERE b.id = $1", number)
    return Kept(**found[0]), True


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def latest() -> Kept | None:
    found = await database.row(f"{_KEPT} ORDER BY b.id DESC LIMIT 1")
    return Kept(**found) if found else None


async def get(number: int) -> Kept | None:
    found = await database.row(f"{_KEPT} WHERE b.id = $1", number)
    return Kept(**found) if found else None


async def last_before(moment: datetime) -> Kept | None:
    """The last one made before this moment."""
    found = await database.row(f"{_KEPT} WHERE b.at < $1 ORDER BY b.id DESC LIMIT 1", moment)
    return Kept(**found) if found else None


async def page(limit: int, offset: int) -> tuple[list[Kept], int]:
    """A page of them, the latest first, and how many there are."""
    found = await database.rows(f"{_KEPT} ORDER BY b.id DESC LIMIT $1 OFFSET $2", limit, offset)
    total: int = await database.value("SELECT count(*) FROM backups")
    return [Kept(**row) for row in found], total


async def issue(number: int, until: datetime) -> str:
    """A token by which this one can be fetched once; tickets out of date for a day are swept away."""
    token = secrets.token_urlsafe(32)
    await database.run("DELETE FROM backup_tickets WHERE expires_at < $1::timestamptz - interval '1 day'", until)
    await database.run(
        "INSERT INTO backup_tickets (token_sha256, backup_id, expires_at) VALUES ($1, $2, $3)",
        digest(token),
        number,
        until,
    )
    return token


async def ticket(token: str, now: datetime) -> Ticket | None:
    """What a token leads to, without using it up; None for one nobody was given."""
    found = await database.row(
        "SELECT b.at AS backup_at, t.expires_at, t.used_at IS NULL AND t.expires_at > $2 AS open"
        " FROM backup_tickets t JOIN backups b ON b.id = t.backup_id WHERE t.token_sha256 = $1",
        digest(token),
        now,
    )
    return Ticket(**found) if found else None


async def take(token: str, now: datetime) -> Kept | None:
    """Use a token up; None when it is of no use any more, or was never any."""
    number = await database.value(
        "UPDATE backup_tickets SET used_at = $2 WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > $2"
        " RETURNING backup_id",
        digest(token),
        now,
    )
    return await get(number) if number is not None else None
