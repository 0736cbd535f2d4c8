"""Business time: the database's clock plus an offset kept there, so that every process agrees and restarts keep it."""

from dataclasses import dataclass
from datetime import datetime

from storage import account, database


@dataclass(frozen=True, slots=True)
class Moment:
    """What a transaction reads in the statement after its locks: the business time and the configuration's version."""

    now: datetime
    config_version: int


NOW = "(SELECT clock_timestamp() + clock_offset_us * interval '1 microsecond' FROM account WHERE id = 1)"


async def read() -> Moment:
    found = await database.rows(f"SELECT {NOW} AS now, config_version FROM account WHERE id = $1", account.ONLY)
    return Moment(found[0]["now"], found[0]["config_version"])


async def now() -> datetime:
    return (await read()).now


async def move(to: datetime) -> datetime:
    """Set business time to `to` (sandbox only), never backwards; the new time."""
    found = await database.rows(
        "UPDATE account SET clock_offset_us = greatest(clock_offset_us,"
        " (extract(epoch FROM $1::timestamptz - clock_timestamp()) * 1000000)::bigint)"
        " WHERE id = $2 RETURNING clock_timestamp() + clock_offset_us * interval '1 microsecond' AS now",
        to,
        account.ONLY,
    )
    moved: datetime = found[0]["now"]
    return moved
