"""Photos, films, sounds and files that staff have sent: copied from LINE soon after, kept for a week unless named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from storage import clock, database
from storage.media import contents

KEPT = "7 days"
WAITED_FOR = "5 minutes"  # how long a photo may come after the words that want it
LEASE = "150 s"  # real time after which another process may copy what a dead one had in hand


class Received(Model):
    id = fields.BigIntField(primary_key=True)
    message_id = fields.CharField(max_length=64, unique=True)
    chat = fields.CharField(max_length=64)
    person = fields.CharField(max_length=64, null=True)
    kind = fields.CharField(max_length=16)  # image | video | audio | file, as LINE called it
    duration_ms = fields.BigIntField(null=True)  # of a film or sound, as LINE told it
    state = fields.CharField(max_length=8, default="wanted")  # wanted | kept | gone (LINE has it no more) | unfit
    content: fields.ForeignKeyNullableRelation[contents.Content] = fields.ForeignKeyField(
        "storage.Content", related_name="received", null=True, on_delete=fields.SET_NULL
    )
    tries = fields.IntField(default=0, db_default=0)
    try_at = fields.DatetimeField()  # real time
    at = fields.DatetimeField()
    # What is to be done with it once it is copied: a command, and the event whose reply may tell how it went.
    wish = fields.TextField(null=True)
    wish_event = fields.BigIntField(null=True)

    class Meta:
        table = "received"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A photo, film, sound or file as an event told of it."""

    message_id: str
    chat: str
    person: str | None
    kind: str
    duration_ms: int | None
    inbox_id: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be copied; `tries` counts this one."""

    id: int
    message_id: str
    kind: str
    duration_ms: int | None
    tries: int


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody has sent, as far as it has come; sizes in pixels."""

    id: int
    state: str
    content: int | None
    kind: contents.Kind | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A command that waited for something to be copied; `event` is None once the reply has been used."""

    id: int
    message_id: str
    chat: str
    person: str
    command: str
    event: int | None


NOTE = f"""
WITH arrived AS (
    SELECT a.*, d.id AS dialogue, d.data->>'command' AS wish
    FROM json_to_recordset($1::text::json) AS a (message_id text, chat text, person text, kind text,
        duration_ms bigint, inbox_id bigint)
    LEFT JOIN dialogues d ON d.chat = a.chat AND d.person = a.person AND d.kind = 'media'
        AND d.at > {clock.NOW} - interval '{WAITED_FOR}'
    WHERE EXISTS (SELECT 1 FROM groups g WHERE g.line_group_id = a.chat AND g.state = 'claimed')
       OR EXISTS (SELECT 1 FROM staff s WHERE s.line_user_id = a.chat AND s.state = 'active')
), answered AS (
    DELETE FROM dialogues WHERE id IN (SELECT dialogue FROM arrived)
)
INSERT INTO received (message_id, chat, person, kind, duration_ms, state, try_at, at, wish, wish_event)
SELECT message_id, chat, person, kind, duration_ms, 'wanted', now(), {clock.NOW}, wish,
    CASE WHEN wish IS NOT NULL THEN inbox_id END
FROM arrived ON CONFLICT (message_id) DO NOTHING RETURNING wish_event
"""


async def note(arrivals: Sequence[Arrival]) -> set[int]:
    """Want what came in staff's groups and in their own talks with the bot; nothing else is copied.

    The events that brought what their sender had said to wait for: they are answered once it is copied.
    """
    found = await database.rows(NOTE, database.many(arrivals))
    return {row["wish_event"] for row in found if row["wish_event"] is not None}


async def take_back(unsent: Sequence[tuple[str, str]]) -> None:
    """(message, chat): whoever sent it has taken it back, and unless it has a name by now it is erased at once."""
    await database.run(
        "WITH gone AS (UPDATE received r SET state = 'gone', content_id = NULL FROM received old,"
        " unnest($1::text[], $2::text[]) AS x (message_id, chat) WHERE r.id = old.id"
        " AND old.message_id = x.message_id AND old.chat = x.chat RETURNING old.content_id)"
        " DELETE FROM contents c WHERE id IN (SELECT content_id FROM gone)"
        " AND NOT EXISTS (SELECT 1 FROM media m WHERE m.content_id = c.id)",
        [message for message, _ in unsent],
        [chat for _, chat in unsent],
    )


async def claim(limit: int) -> list[Wanted]:
    """What is to be copied now, for this process alone as long as the lease lasts."""
    found = await database.rows(
        f"UPDATE received SET tries = tries + 1, try_at = now() + interval '{LEASE}' WHERE id IN"
        " (SELECT id FROM received WHERE state = 'wanted' AND try_at <= now() ORDER BY try_at LIMIT $1"
        " FOR UPDATE SKIP LOCKED) RETURNING id, message_id, kind, duration_ms, tries",
        limit,
    )
    return [Wanted(**row) for row in found]


async def copied(received_id: int, made: contents.Made) -> bool:
    """Keep what was copied; False, and nothing is kept, when it was taken back meanwhile or another was first."""
    if not await database.rows("SELECT 1 FROM received WHERE id = $1 AND state = 'wanted' FOR UPDATE", received_id):
        return False
    content_id = await contents.keep(made)
    await database.run("UPDATE received SET state = 'kept', content_id = $2 WHERE id = $1", received_id, content_id)
    return True


async def lost(received_id: int, state: str) -> None:
    """It will not come any more: `gone`, or `unfit` to be kept."""
    await database.run("UPDATE received SET state = $2 WHERE id = $1 AND state = 'wanted'", received_id, state)


async def later(received_id: int, seconds: float) -> None:
    await database.run(
        "UPDATE received SET try_at = now() + $2::float8 * interval '1 second' WHERE id = $1 AND state = 'wanted'",
        received_id,
        seconds,
    )


async def by_message(chat: str, message_id: str) -> Found | None:
    """What this message of this chat brought."""
    found = await database.row(
        "SELECT r.id, r.state, r.content_id AS content, c.kind, c.width, c.height FROM received r"
        " LEFT JOIN contents c ON c.id = r.content_id WHERE r.message_id = $2 AND r.chat = $1",
        chat,
        message_id,
    )
    return Found(**found) if found else None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file somebody has sent; `size` in bytes, None as long as it has not been copied."""

    id: int
    state: str
    content: int | None
    size: int | None


async def dropped(
    chat: str,
    person: str,
    *,
    number: int | None = None,
    message: str | None = None,
    since: datetime | None = None,
) -> Dropped | None:
    """The last file of this person in this chat: of this number, of this message, or sent since."""
    found = await database.row(
        "SELECT r.id, r.state, r.content_id AS content, v.size FROM received r LEFT JOIN content_versions v"
        f" ON v.content_id = r.content_id AND v.variant = '{contents.ORIGINAL}' WHERE r.chat = $1 AND r.person = $2"
        " AND r.kind = 'file' AND ($3::bigint IS NULL OR r.id = $3) AND ($4::text IS NULL OR r.message_id = $4)"
        " AND ($5::timestamptz IS NULL OR r.at > $5) ORDER BY r.id DESC LIMIT 1",
        chat,
        person,
        number,
        message,
        since,
    )
    return Dropped(**found) if found else None


async def wish(received_id: int, person: str, command: str, event: int) -> None:
    """Carry out `command` for `person` once it is copied, and tell it by the reply of `event`."""
    await database.run(
        "UPDATE received SET person = $2, wish = $3, wish_event = $4 WHERE id = $1",
        received_id,
        person,
        command,
        event,
    )


_WISH = "id, message_id, chat, person, wish AS command, wish_event AS event"


async def wishes(limit: int) -> list[Wish]:
    """Commands whose waiting has an end, the oldest first."""
    found = await database.rows(
        f"SELECT {_WISH} FROM received WHERE wish IS NOT NULL AND state <> 'wanted' ORDER BY id LIMIT $1", limit
    )
    return [Wish(**row) for row in found]


async def waiting_wish(received_id: int) -> Wish | None:
    """The command that waits for this one and has not been answered at all."""
    found = await database.row(
        "UPDATE received SET wish_event = NULL FROM (SELECT id AS old, wish_event AS event FROM received"
        " WHERE id = $1 FOR UPDATE) AS o WHERE id = old AND wish IS NOT NULL AND wish_event IS NOT NULL"
        " AND state = 'wanted' RETURNING id, message_id, chat, person, wish AS command, o.event",
        received_id,
    )
    return Wish(**found) if found else None


async def granted(received_id: int) -> bool:
    """The wish is being carried out now; False when another process was first."""
    return bool(
        await database.rows(
            "UPDATE received SET wish = NULL WHERE id = $1 AND wish IS NOT NULL AND state <> 'wanted' RETURNING id",
            received_id,
        )
    )


async def forget_old() -> int:
    """Forget what came more than a week ago; how many rows. What has a name keeps its bytes."""
    found: list[dict[str, Any]] = await database.rows(
        f"DELETE FROM received WHERE at < {clock.NOW} - interval '{KEPT}' AND wish IS NULL RETURNING id"
    )
    return len(found)
