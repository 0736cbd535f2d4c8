"""What staff can quote: LINE's ids of the bot's answers, and what each is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from tortoise import fields
from tortoise.models import Model

from storage import clock, database

KEPT = timedelta(days=30)

# What a message is about: {"object": "#S3", "entry": 1042, "list": {...}}, each only where there is one. `entry` is
# the audit entry it tells of, `list` the rows of a list as `admin_commands.lists` keeps them.
About = dict[str, Any]


class Quotable(Model):
    message_id = fields.CharField(max_length=64, primary_key=True)  # LINE's
    chat = fields.CharField(max_length=64)
    about: fields.JSONField[About] = fields.JSONField()
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "quotable"


KEEP = f"""
INSERT INTO quotable (message_id, chat, about, at)
SELECT s.message, o.chat, o.about -> s.nth, {clock.NOW}
FROM unnest($1::bigint[], $2::int[], $3::text[]) AS s (id, nth, message) JOIN outbox o ON o.id = s.id
WHERE jsonb_typeof(o.about -> s.nth) = 'object'
ON CONFLICT (message_id) DO NOTHING
"""


async def keep(sent: Mapping[int, Sequence[str]]) -> None:
    """The ids LINE gave to the messages of outbox rows, by row and in order."""
    told = [(row, nth, message) for row, ids in sent.items() for nth, message in enumerate(ids)]
    columns = ([one[place] for one in told] for place in range(3))
    await database.run(KEEP, *columns)


async def find(chat: str, message_id: str) -> About | None:
    """What a message of the bot in this chat is about; None when it is not known."""
    found = await database.value(
        "SELECT about FROM quotable WHERE message_id = $1 AND chat = $2", message_id[:64], chat
    )
    about: About | None = orjson.loads(found) if found is not None else None
    return about


async def purge(now: datetime, limit: int) -> int:
    """Forget up to `limit` messages of more than thirty days ago; how many went."""
    found = await database.rows(
        "DELETE FROM quotable WHERE message_id IN (SELECT message_id FROM quotable WHERE at < $1 ORDER BY at LIMIT $2"
        " FOR UPDATE SKIP LOCKED) RETURNING 1",
        now - KEPT,
        limit,
    )
    return len(found)
