"""The one LINE official account this install serves: its bot, its clock, its configuration's version, its heartbeat."""

from datetime import UTC, datetime

from tortoise import fields
from tortoise.models import Model

from storage import database

RESTORED = datetime(1970, 1, 1, tzinfo=UTC)  # the heartbeat that `./ayumi restore` leaves behind
ONLY = 1  # one install = one account = one row


class Account(Model):
    id = fields.IntField(primary_key=True)
    bot_user_id = fields.CharField(max_length=64, null=True)
    bot_name = fields.TextField(null=True)
    clock_offset_us = fields.BigIntField(default=0, db_default=0)
    config_version = fields.BigIntField(default=1, db_default=1)
    heartbeat_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account"


async def configuration_changed() -> None:
    """Whoever changes rules says so in the same transaction; stale copies are dropped everywhere (law 13).

    The version is a time and not a count: what is rolled back must leave no number that another change takes again,
    for a copy read within the transaction may be held under it.
    """
    await database.run(
        "UPDATE account SET config_version ="
        " greatest(config_version + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) WHERE id = $1",
        ONLY,
    )


async def bot() -> str | None:
    """The bot's own LINE user id, once it is known."""
    found: str | None = await database.value("SELECT bot_user_id FROM account WHERE id = $1", ONLY)
    return found


async def remember_bot(line_user_id: str, name: str) -> None:
    await database.run(
        "UPDATE account SET bot_user_id = $2, bot_name = $3 WHERE id = $1 AND bot_user_id IS NULL",
        ONLY,
        line_user_id,
        name,
    )


async def beat() -> None:
    """Say that the system is alive, in the database's own time; a restored backup shows by an old heartbeat."""
    await database.run("UPDATE account SET heartbeat_at = clock_timestamp() WHERE id = $1", ONLY)


async def heartbeat(*, lock: bool = False) -> datetime | None:
    """When the system last said that it was alive; None before the first time. With `lock` nobody else says so before
    the end of the transaction."""
    found: datetime | None = await database.value(
        f"SELECT heartbeat_at FROM account WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", ONLY
    )
    return found
