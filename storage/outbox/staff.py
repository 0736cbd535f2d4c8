"""Rows to staff: free replies only; what cannot be delivered waits for the next word in that chat."""

from collections.abc import Sequence
from typing import Any

import orjson

from storage import clock, database

REPLY_OBJECTS = 5  # LINE_PLATFORM 3.1: message objects in one reply
PRIORITY = 0

NOTICE = f"""
INSERT INTO outbox (kind, class, priority, cause, chat, recipients, after, body, state, ready_at, try_at, created_at)
SELECT 'reply', 'staff', {PRIORITY}, 'notice:' || $1::text, g.line_group_id, '{{}}', '{{}}', $2::bytea, 'waiting',
       now(), now(), {clock.NOW}
FROM groups g WHERE g.state = 'claimed' AND NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.state = 'waiting' AND o.chat = g.line_group_id AND o.cause = 'notice:' || $1::text)
"""

WAITING = """
SELECT id, body FROM outbox WHERE state = 'waiting' AND chat = $1 AND (recipients = '{}' OR $2 = ANY(recipients))
ORDER BY id LIMIT 20 FOR NO KEY UPDATE SKIP LOCKED
"""

ANSWER = f"""
WITH folded AS (
    UPDATE outbox SET state = 'folded', finished_at = {clock.NOW} WHERE id = ANY($7::bigint[])
)
INSERT INTO outbox (kind, class, priority, cause, chat, recipients, after, body, inbox_id, reply_token, state, ready_at,
    try_at, created_at)
VALUES ('reply', 'staff', {PRIORITY}, $1, $2, $3::text[], '{{}}', $4, $5, $6, 'open', now(), now(), {clock.NOW})
RETURNING id
"""


async def notice(reason: str, text: str) -> None:
    """Tell staff in every claimed group, with the next event there; one notice of a reason waits at a time."""
    await database.run(NOTICE, reason, orjson.dumps([{"type": "text", "text": text}]))


async def answer(
    chat: str, person: str | None, messages: Sequence[dict[str, Any]], inbox_id: int, token: str
) -> int | None:
    """Write a reply to staff in `chat`; the outbox row's id, or None when there is nothing to say.

    `messages` (at most five) may be empty. What waits for this chat or this person goes first, as far as five objects
    allow: quick replies show on the last object only, and that is the answer's.
    """
    room = REPLY_OBJECTS - len(messages)
    if room < 0:
        raise ValueError("a reply holds five message objects")
    folded: list[int] = []
    told: list[dict[str, Any]] = []
    for row in await database.rows(WAITING, chat, person or "") if room else ():
        found = orjson.loads(row["body"])
        if len(told) + len(found) > room:
            break
        told += found
        folded.append(row["id"])
    said = [*told, *messages]
    if not said:
        return None
    people = [person] if person and messages else []
    row_id: int = await database.value(
        ANSWER, f"event:{inbox_id}", chat, people, orjson.dumps(said), inbox_id, token, folded
    )
    return row_id
