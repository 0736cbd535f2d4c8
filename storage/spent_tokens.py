"""ID tokens that have opened a page: each is good for the browser that showed it first, and for no other."""

from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from storage import database

KEPT = timedelta(days=1)  # beyond a token's end, so that no clock brings it back


class SpentToken(Model):
    hash = fields.CharField(max_length=64, primary_key=True)  # SHA-256, in hex
    browser = fields.CharField(max_length=64)  # the hash of that browser's own cookie
    until = fields.DatetimeField(db_index=True)  # business time: the token's end

    class Meta:
        table = "spent_tokens"


async def spend(token_hash: str, browser: str, until: datetime) -> bool:
    """Whether this browser may show the token: the first one may, as often as it likes, and nobody else."""
    first: str = await database.value(
        "INSERT INTO spent_tokens AS s (hash, browser, until) VALUES ($1, $2, $3)"
        " ON CONFLICT (hash) DO UPDATE SET until = s.until RETURNING browser",
        token_hash,
        browser,
        until,
    )
    return first == browser


async def purge(now: datetime, limit: int) -> int:
    """Forget what could not be shown any more anyway, so many at once; how many went."""
    gone = await database.rows(
        "DELETE FROM spent_tokens WHERE hash IN (SELECT hash FROM spent_tokens WHERE until < $1 ORDER BY until LIMIT $2"
        " FOR UPDATE SKIP LOCKED) RETURNING 1",
        now - KEPT,
        limit,
    )
    return len(gone)
