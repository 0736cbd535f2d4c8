"""A cast for tests of the outbox: friends, events with reply tokens, and rows as a plan would write them."""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from storage import clock, database, sends

ZONE = "Asia/Tokyo"
EVENT = "event:1"


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


async def add_friend(user_id: str, blocked: bool = False) -> int:
    found: int = await database.value(
        "INSERT INTO friends (line_user_id, blocked_us, created_at) VALUES ($1, $2, now())"
        " ON CONFLICT (line_user_id) DO UPDATE SET blocked_us = excluded.blocked_us RETURNING id",
        user_id,
        blocked,
    )
    return found


async def add_scenario(state: str = "live") -> str:
    """A scenario's cause, as the outbox names it."""
    number = await database.value("SELECT count(*) + 1 FROM scenarios")
    found = await database.value(
        "INSERT INTO scenarios (name, name_key, state, created_at) VALUES ($1, $1, $2, now()) RETURNING id",
        f"シナリオ{number}",
        state,
    )
    return f"scenario:{found}"


async def add_operation(state: str = "running") -> str:
    found = await database.value(
        "INSERT INTO operations (actions, state, total, created_at) VALUES ('[]', $1, 1, now()) RETURNING id", state
    )
    return f"operation:{found}"


async def add_event(chat: str, age: float = 0.0) -> int:
    """An event of this chat that arrived `age` seconds of business time ago; its inbox id."""
    found: int = await database.value(
        "INSERT INTO inbox (webhook_event_id, chat, event_at, received_at, body, state)"
        f" SELECT $1, $2, t, t, '', 'done' FROM (SELECT {clock.NOW} - $3::float8 * interval '1 second' AS t) x"
        " RETURNING id",
        uuid.uuid4().hex,
        chat,
        age,
    )
    return found


async def push(
    user: str,
    words: str = "こんにちは",
    *,
    klass: str = "transactional",
    cause: str = EVENT,
    after: Sequence[int] = (),
    priority: int = 5,
    cost: int = 1,
) -> int:
    [row_id], _ = await sends.reserve(1, 0)
    row = sends.NewRow(
        id=row_id,
        kind="push",
        klass=klass,
        priority=priority,
        cause=cause,
        chat=user,
        body=orjson.dumps([text(words)]),
        retry_key=uuid.uuid4(),
        cost=cost,
        after=list(after),
    )
    await _write(row, [user])
    return row_id


async def multicast(
    users: Sequence[str],
    words: str = "お知らせ",
    *,
    klass: str = "promotion",
    cause: str = EVENT,
    after: Sequence[int] = (),
    messages: Sequence[dict[str, Any]] | None = None,
) -> int:
    [row_id], _ = await sends.reserve(1, 0)
    row = sends.NewRow(
        id=row_id,
        kind="multicast",
        klass=klass,
        priority=5,
        cause=cause,
        chat="",
        recipients=list(users),
        body=orjson.dumps(list(messages) if messages else [text(words)]),
        retry_key=uuid.uuid4(),
        cost=len(users),
        after=list(after),
    )
    await _write(row, users)
    return row_id


async def reply(
    user: str, token: str, packs: Sequence[Sequence[dict[str, Any]]], *, age: float = 0.0, klass: str = "reply"
) -> int:
    """A reply to an event `age` seconds old; `packs`: each cause's messages. A staff reply has one pack."""
    event = await add_event(user, age)
    [row_id], numbers = await sends.reserve(1, len(packs) if klass != "staff" else 0)
    row = sends.NewRow(
        id=row_id,
        kind="reply",
        klass=klass,
        priority=1,
        cause=f"event:{event}",
        chat=user,
        body=orjson.dumps([one for pack in packs for one in pack]),
        parts=[[number, len(pack)] for number, pack in zip(numbers, packs, strict=True)] if numbers else None,
        inbox_id=event,
        reply_token=token,
    )
    friend = await add_friend(user) if numbers else 0
    await sends.write([row], [sends.NewDelivery(f"event:{event}:{n}", friend, row_id, id=n) for n in numbers])
    return row_id


async def _write(row: sends.NewRow, users: Sequence[str]) -> None:
    friends = [await add_friend(user) for user in users]
    await sends.write([row], [sends.NewDelivery(f"row:{row.id}", friend, row.id) for friend in sorted(set(friends))])


async def outbox_row(row_id: int) -> dict[str, Any]:
    [found] = await database.rows("SELECT * FROM outbox WHERE id = $1", row_id)
    return found


async def state(row_id: int) -> str:
    return str((await outbox_row(row_id))["state"])


async def states(*row_ids: int) -> list[str]:
    return [await state(row_id) for row_id in row_ids]


async def delivery_states(row_id: int) -> list[str]:
    """Of the deliveries that belong to a row, or to the rows it was split into."""
    found = await database.rows(
        "SELECT coalesce(d.state, o.state) AS state FROM deliveries d JOIN outbox o ON o.id = d.outbox_id"
        " WHERE o.id = $1 OR o.parent_id = $1 ORDER BY d.id",
        row_id,
    )
    return [row["state"] for row in found]


async def waited(seconds: float, *row_ids: int) -> None:
    """These rows (or all) have been ready so much longer (real time), and may be tried again now."""
    await database.run(
        "UPDATE outbox SET ready_at = ready_at - $1::float8 * interval '1 second',"
        " try_at = CASE WHEN try_at = 'infinity' THEN try_at ELSE least(try_at, now()) END"
        " WHERE $2::bigint[] = '{}' OR id = ANY($2::bigint[])",
        seconds,
        list(row_ids),
    )


async def lose_leases() -> None:
    """As if whoever holds rows had died a while ago."""
    await database.run("UPDATE outbox SET lease_until = now() - interval '1 second' WHERE state = 'sending'")


async def used() -> int:
    return int(await database.value("SELECT coalesce(sum(used), 0) FROM quota_months"))
