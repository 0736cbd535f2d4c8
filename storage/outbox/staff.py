"""Rows to staff: free replies only; what cannot be delivered waits for the next word in that chat."""

from collections.abc import Sequence
from typing import Any

import orjson

from storage import clock, database

REPLY_OBJECTS = 5  # LINE_PLATFORM 3.1: message objects in one reply
PRIORITY = 0
TEXT_ROOM = 4_000  # characters; LINE takes 5,000 in a text

# One notice of a reason waits in a chat at a time.
LEAVE = f"""
INSERT INTO outbox (kind, class, priority, cause, chat, recipients, after, body, state, ready_at, try_at, created_at)
SELECT 'reply', 'staff', {PRIORITY}, 'notice:' || $2::text, c, $4::text[], '{{}}', $3::bytea, 'waiting',
       now(), now(), {clock.NOW}
FROM unnest($1::text[]) AS c WHERE NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.state = 'waiting' AND o.chat = c AND o.cause = 'notice:' || $2::text)
"""

MANAGING = """
SELECT line_group_id FROM groups WHERE state = 'claimed' AND role IN ('owner', 'manager') AND scope IS NULL
"""

WAITING = """
SELECT id, body, about, cause LIKE 'event:%' AS late FROM outbox
WHERE state = 'waiting' AND chat = $1 AND (recipients = '{}' OR $2 = ANY(recipients))
ORDER BY id LIMIT 20 FOR NO KEY UPDATE SKIP LOCKED
"""

ANSWER = f"""
WITH folded AS (
    UPDATE outbox SET state = 'folded', finished_at = {clock.NOW} WHERE id = ANY($7::bigint[])
)
INSERT INTO outbox (kind, class, priority, cause, chat, recipients, after, body, inbox_id, reply_token, state, ready_at,
    try_at, about, created_at)
VALUES ('reply', 'staff', {PRIORITY}, $1, $2, $3::text[], '{{}}', $4, $5, $6, 'open', now(),
    now(), $8::jsonb, {clock.NOW})
RETURNING id
"""


# Notices about friends wait in one message as long as it has room. Whoever is just answering there is not waited for.
TELL = f"""
WITH told AS (
    SELECT * FROM unnest($1::text[], $2::text[]) AS x (chat, text)
), found AS MATERIALIZED (
    SELECT o.id, t.chat, t.text FROM told t CROSS JOIN LATERAL (
        SELECT id, body FROM outbox WHERE state = 'waiting' AND chat = t.chat AND cause = 'notice:told'
        ORDER BY id DESC LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
    ) o WHERE length(convert_from(o.body, 'UTF8')) + length(t.text) < {TEXT_ROOM}
), added AS (
    UPDATE outbox o SET body = convert_to(jsonb_build_array(jsonb_build_object('type', 'text', 'text',
        (convert_from(o.body, 'UTF8')::jsonb -> 0 ->> 'text') || chr(10) || f.text))::text, 'UTF8')
    FROM found f WHERE o.id = f.id RETURNING o.chat
)
INSERT INTO outbox (kind, class, priority, cause, chat, recipients, after, body, state, ready_at, try_at, created_at)
SELECT 'reply', 'staff', {PRIORITY}, 'notice:told', chat, '{{}}', '{{}}', convert_to(jsonb_build_array(
    jsonb_build_object('type', 'text', 'text', text))::text, 'UTF8'), 'waiting', now(), now(), {clock.NOW}
FROM told WHERE chat NOT IN (SELECT chat FROM added)
"""


async def tell(texts: Sequence[tuple[str, str]]) -> None:
    """Leave (group, text) to be told with the next event there, behind what already waits."""
    if texts:
        await database.run(TELL, [chat for chat, _ in texts], [text for _, text in texts])


async def notice(reason: str, text: str) -> None:
    """Tell staff in the groups where managers work, with the next event there."""
    await announce(reason, [{"type": "text", "text": text}])


async def told_lately(reason: str) -> bool:
    """Whether staff were left such a notice within a day."""
    found: bool = await database.value(
        f"SELECT EXISTS (SELECT 1 FROM outbox WHERE cause = 'notice:' || $1::text"
        f" AND created_at > {clock.NOW} - interval '1 day')",
        reason,
    )
    return found


async def announce(reason: str, messages: Sequence[dict[str, Any]]) -> None:
    """The same with messages of any kind."""
    groups = [row["line_group_id"] for row in await database.rows(MANAGING)]
    await leave(groups, reason, messages)


async def leave(
    chats: Sequence[str], reason: str, messages: Sequence[dict[str, Any]], person: str | None = None
) -> None:
    """Leave messages in these talks, to be told with the next event there, or with the next one by `person`."""
    await database.run(LEAVE, list(chats), reason, orjson.dumps(messages), [person] if person else [])


async def withdraw(reason: str) -> None:
    """What still waits for this reason need not be told any more."""
    await database.run(
        f"UPDATE outbox SET state = 'cancelled', finished_at = {clock.NOW}"
        " WHERE state = 'waiting' AND cause = 'notice:' || $1::text",
        reason,
    )


async def answer(
    chat: str,
    person: str | None,
    messages: Sequence[dict[str, Any]],
    inbox_id: int,
    token: str,
    about: Any = None,
    late: dict[str, Any] | None = None,
) -> int | None:
    """Write a reply to staff in `chat`; the outbox row's id, or None when there is nothing to say.

    `messages` (at most five) may be empty; `about` is what they are about (`storage.quotable.About`). What waits for
    this chat or this person goes first, as far as five objects allow: quick replies show on the last object only, and
    that is the answer's. `late` is said before the first earlier answer that comes only now.
    """
    room = REPLY_OBJECTS - len(messages)
    if room < 0:
        raise ValueError("a reply holds five message objects")
    folded: list[int] = []
    told: list[dict[str, Any]] = []
    subjects: list[Any] = []
    for row in await database.rows(WAITING, chat, person or "") if room else ():
        found = orjson.loads(row["body"])
        about_found = orjson.loads(row["about"]) if row["about"] is not None else [None] * len(found)
        if row["late"] and late is not None and late not in [*told, *found] and len(told) + len(found) < room:
            found, about_found = [late, *found], [None, *about_found]
        if len(told) + len(found) > room:
            break
        told += found
        subjects += about_found
        folded.append(row["id"])
    said = [*told, *messages]
    subjects += [about] * len(messages)
    if not said:
        return None
    people = [person] if person and messages else []
    kept = orjson.dumps(subjects).decode() if any(subjects) else None
    row_id: int = await database.value(
        ANSWER, f"event:{inbox_id}", chat, people, orjson.dumps(said), inbox_id, token, folded, kept
    )
    return row_id
