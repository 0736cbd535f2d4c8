"""Settings that staff change by chat: each a key with a JSON value, absent while the default holds."""

from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import database


class Setting(Model):
    key = fields.CharField(max_length=32, primary_key=True)
    value: fields.JSONField[Any] = fields.JSONField(null=True)  # JSON null: the default again
    version = fields.IntField(default=1, db_default=1)

    class Meta:
        table = "settings"


async def chosen() -> dict[str, Any]:
    """What has been chosen; keys at their default are absent."""
    found = await database.rows("SELECT key, value FROM settings WHERE value IS NOT NULL AND value <> 'null'")
    return {row["key"]: orjson.loads(row["value"]) for row in found}


async def hold(key: str) -> None:
    """Let those for whom it matters what others do under a setting follow one another, until the transaction ends."""
    await database.run("SELECT 1 FROM settings WHERE key = $1 FOR NO KEY UPDATE", key)


async def choose(key: str, value: Any) -> tuple[Any, int]:
    """Set a key; its value before, and the row's new version."""
    before = await database.row("SELECT value FROM settings WHERE key = $1 FOR NO KEY UPDATE", key)
    version: int = await database.value(
        "INSERT INTO settings (key, value) VALUES ($1, $2::jsonb) ON CONFLICT (key) DO UPDATE"
        " SET value = excluded.value, version = settings.version + 1 RETURNING version",
        key,
        orjson.dumps(value).decode(),
    )
    return (orjson.loads(before["value"]) if before and before["value"] is not None else None), version
