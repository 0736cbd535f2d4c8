"""What has been sent is forgotten after a month, but not that it was sent, nor what may leave again."""

from datetime import timedelta
from typing import Any

import pytest

from storage import clock, database, retention

BODY = '[{"type":"text","text":"田中さん"}]'


async def row(state: str, days: int, *, kind: str = "push", settled: int | None = None) -> int:
    """An outbox row of so many days ago."""
    number: int = await database.value(
        "INSERT INTO outbox (kind, class, cause, chat, recipients, after, body, state, ready_at, try_at, created_at,"
        " finished_at, settled_at) SELECT $1::text, 'promotion', 'operation:1', '', CASE $1::text WHEN"
        " 'multicast' THEN ARRAY['U1', 'U2'] ELSE '{}' END, '{}', convert_to($2, 'UTF8'), $3::text, now(), now(),"
        f" a.ago, CASE WHEN $3::text <> 'open' THEN a.ago END, {clock.NOW} - $5 * interval '1 day'"
        f" FROM (SELECT {clock.NOW} - $4 * interval '1 day' AS ago) a RETURNING id",
        kind,
        BODY,
        state,
        float(days),
        float(settled) if settled is not None else None,
    )
    return number


async def forget(limit: int = 2) -> None:
    while await retention.forget_bodies(await clock.now(), limit):
        pass


async def kept() -> list[int]:
    found = await database.rows("SELECT id FROM outbox WHERE body <> '[]'::bytea ORDER BY id")
    return [one["id"] for one in found]


async def test_what_was_said_goes_after_a_month_and_the_rest_of_the_row_stays(db: str) -> None:
    await row("accepted", 40)
    many = await row("accepted", 40, kind="multicast")
    await row("split", 35)
    young = [await row("accepted", 20), await row("accepted", 1)]
    await forget()
    assert await kept() == young
    assert await database.value("SELECT recipients FROM outbox WHERE id = $1", many) == []
    assert await database.value("SELECT count(*) FROM outbox WHERE state = 'accepted'") == 4
    await clock.move(await clock.now() + timedelta(days=12))
    await forget()
    assert await kept() == young[1:]


@pytest.mark.parametrize("state", ["open", "cancelled", "refused", "unknown", "waiting"])
async def test_what_may_leave_again_keeps_what_it_says(db: str, state: str) -> None:
    old = await row(state, 40, kind="multicast")
    await row("accepted", 35)
    await forget()
    assert await kept() == [old]
    assert await database.value("SELECT recipients FROM outbox WHERE id = $1", old) == ["U1", "U2"]


async def test_what_failed_goes_when_staff_gave_it_up_a_month_ago(db: str) -> None:
    await row("refused", 80, settled=40)
    lately = await row("refused", 80, settled=20)
    await forget()
    assert await kept() == [lately]


async def operation(days: int, state: str = "done", friends: str = "done") -> int:
    found: int = await database.value(
        "WITH p AS (INSERT INTO operations (actions, state, total, created_at, ended_at)"
        f" SELECT '[]', $1, 1, {clock.NOW}, {clock.NOW} - $2 * interval '1 day' RETURNING id), f AS ("
        "INSERT INTO operation_friends (operation_id, friend_id, state)"
        " SELECT id, n, $3 FROM p, generate_series(1, 3) AS n) SELECT id FROM p",
        state,
        float(days),
        friends,
    )
    return found


async def test_a_deeds_friends_go_when_it_cannot_be_taken_back_any_more(db: str) -> None:
    await operation(40)
    stays: list[Any] = [await operation(20), await operation(40, "stopped"), await operation(40, friends="parked")]
    stays.append(await operation(40))
    await database.run(
        "INSERT INTO broadcast_runs (broadcast_id, at, immediate, state, confirmed, definition, operation_id,"
        f" created_at) VALUES (1, {clock.NOW}, true, 'begun', 3, '{{}}', $1, {clock.NOW})",
        stays[-1],
    )
    while await retention.forget_deeds(await clock.now(), 2):
        pass
    found = await database.rows("SELECT DISTINCT operation_id FROM operation_friends ORDER BY 1")
    assert [one["operation_id"] for one in found] == stays
