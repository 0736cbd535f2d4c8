"""Charts staff were shown: what is drawn, under an address nobody can guess, for thirty days."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database

PUBLIC_ID = r"[0-9A-Za-z_-]{22}"
KEPT = timedelta(days=30)


class Chart(Model):
    id = fields.BigIntField(primary_key=True)
    public_id = fields.CharField(max_length=32, unique=True)  # the end of its address
    drawn: fields.JSONField[Any] = fields.JSONField()  # jobs.charts.to_json
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "charts"


async def keep(drawn: Mapping[str, Any], now: datetime) -> str:
    """The public id under which it is found."""
    public_id = secrets.token_urlsafe(16)
    await database.run(
        "INSERT INTO charts (public_id, drawn, at) VALUES ($1, $2::jsonb, $3)",
        public_id,
        orjson.dumps(drawn).decode(),
        now,
    )
    return public_id


async def find(public_id: str) -> dict[str, Any] | None:
    found = await database.value("SELECT drawn FROM charts WHERE public_id = $1", public_id)
    drawn: dict[str, Any] | None = orjson.loads(found) if found is not None else None
    return drawn


async def purge(now: datetime, limit: int) -> int:
    """Forget up to `limit` of more than thirty days ago; how many went."""
    found = await database.rows(
        "DELETE FROM charts WHERE id IN (SELECT id FROM charts WHERE at < $1 ORDER BY at LIMIT $2"
        " FOR UPDATE SKIP LOCKED) RETURNING 1",
        now - KEPT,
        limit,
    )
    return len(found)
