"""The outbox besides its claims: staff's rows, what a restore leaves, and numbers (DELIVERY 22)."""

from datetime import timedelta

import orjson
import pytest

from storage import account, clock, database, outbox, pauses, quota
from storage.outbox import claims, ends
from tests.jobs import posting
from tests.storage import claiming

pytestmark = pytest.mark.usefixtures("db")


async def claim_group() -> None:
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ($1, '管理', 'claimed', now())",
        claiming.GROUP,
    )


# Staff's rows


async def test_it_keeps_a_staff_reply_without_a_token_for_that_persons_next_word() -> None:
    lost = await outbox.answer(
        claiming.GROUP, claiming.TANAKA, [posting.text("一覧です")], await posting.add_event(claiming.GROUP, 58), "dead"
    )
    assert lost is not None
    await ends.sweep(posting.ZONE)
    assert await posting.state(lost) == "waiting"
    assert (await posting.outbox_row(lost))["reply_token"] is None

    event = await posting.add_event(claiming.GROUP)
    assert await outbox.answer(claiming.GROUP, claiming.SATO, [], event, "satos") is None
    late = posting.text("さきほどの結果です。")
    found = await outbox.answer(claiming.GROUP, claiming.TANAKA, [posting.text("次の答え")], event, "fresh", late=late)

    assert found is not None
    row = await posting.outbox_row(found)
    assert orjson.loads(row["body"]) == [late, posting.text("一覧です"), posting.text("次の答え")]
    assert (row["state"], row["reply_token"], row["class"], row["cost"]) == ("open", "fresh", "staff", 0)
    assert await posting.state(lost) == "folded"
    assert await claiming.claimed_ids() == [found]


async def test_it_puts_no_more_than_five_objects_into_an_answer() -> None:
    await claim_group()
    for number in range(4):
        await outbox.notice(f"test {number}", f"お知らせ{number}")
    answer = [posting.text(str(n)) for n in range(3)]

    found = await outbox.answer(
        claiming.GROUP, claiming.TANAKA, answer, await posting.add_event(claiming.GROUP), "token"
    )

    assert found is not None
    body = orjson.loads((await posting.outbox_row(found))["body"])
    assert body == [posting.text("お知らせ0"), posting.text("お知らせ1"), *answer]
    rest = await outbox.answer(claiming.GROUP, None, [], await posting.add_event(claiming.GROUP), "next")
    assert rest is not None
    assert len(orjson.loads((await posting.outbox_row(rest))["body"])) == 2
    with pytest.raises(ValueError, match="five"):
        await outbox.answer(
            claiming.GROUP, claiming.TANAKA, answer * 2, await posting.add_event(claiming.GROUP), "token"
        )


async def test_it_tells_each_claimed_group_once_of_one_reason() -> None:
    await outbox.notice("channel", "止まっています")
    assert await database.value("SELECT count(*) FROM outbox") == 0
    await claim_group()
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ('C2', 'よそ', 'unclaimed', now())"
    )
    for _ in range(3):
        await outbox.notice("channel", "止まっています")

    [row] = await database.rows("SELECT * FROM outbox")
    assert (row["chat"], row["state"], row["class"], row["kind"]) == (claiming.GROUP, "waiting", "staff", "reply")
    assert await claiming.claimed_ids() == []


# Rule 22: after a restore


async def test_it_gives_up_all_unfinished_rows_after_a_restore_and_waits_for_staff() -> None:
    cause = await posting.add_scenario()
    untried = await posting.multicast([claiming.TANAKA, claiming.SATO], cause=cause)
    begun = await posting.push(claiming.TANAKA, priority=1)
    await claiming.claim([begun])
    await claim_group()
    await outbox.notice("quota", "上限です")

    assert await outbox.after_restore(await clock.now() - timedelta(hours=24)) == 2

    assert await posting.states(untried, begun) == ["unknown", "unknown"]
    assert await posting.delivery_states(untried) == ["unknown", "unknown"]
    assert await outbox.unknown_by_cause() == {posting.EVENT: 1, cause: 2}
    assert await database.value("SELECT count(*) FROM outbox WHERE state = 'waiting'") == 1
    late = await posting.push(claiming.SUZUKI)
    assert await claiming.claimed_ids() == []
    assert await outbox.resume("all")
    assert await claiming.claimed_ids() == [late]


async def test_it_needs_no_decision_after_a_short_stop_or_on_a_new_database() -> None:
    row_id = await posting.push(claiming.TANAKA)
    await account.beat()
    for heartbeat in (None, await clock.now() - timedelta(hours=22)):
        assert await outbox.after_restore(heartbeat) is None
    assert await claiming.claimed_ids() == [row_id]
    assert await outbox.after_restore(None, declared=True) == 1


# Numbers


async def test_it_raises_our_count_to_lines_and_lifts_its_quota_pause_when_there_is_room() -> None:
    await posting.push(claiming.TANAKA)
    await claiming.claim()
    await pauses.hold("quota:promotion", "quota")
    await quota.record(posting.ZONE, 200, 200)
    assert [one.scope for one in await pauses.held()] == ["quota:promotion"]
    await quota.record(posting.ZONE, 500, 40)
    found = await quota.usage(posting.ZONE)
    assert (found.allowed, found.used, found.line_used) == (500, 200, 40)
    assert await pauses.held() == []


async def test_it_counts_what_waits() -> None:
    await posting.push(claiming.TANAKA)
    await posting.multicast([claiming.SATO, claiming.SUZUKI])
    await posting.waited(30)
    doubt = await posting.push(claiming.SATO)
    await claiming.end(await claiming.claim([doubt]), ends.DOUBT, pause=60)
    await pauses.hold("class:promotion", "staff")

    found = await outbox.gauges()

    assert found.depth == {("open", "transactional"): 2, ("open", "promotion"): 1}
    assert 30 <= found.oldest_ready < 60
    assert (found.unknown, found.doubtful, found.put_off, found.pauses) == (0, 1, 1, ["class:promotion"])
    assert (await quota.usage(posting.ZONE)).waiting == 3


async def test_it_knows_when_something_may_change() -> None:
    assert await claims.next_at() is None
    row_id = await posting.push(claiming.TANAKA)
    await database.run("UPDATE outbox SET try_at = now() + interval '1 hour' WHERE id = $1", row_id)
    assert await claims.next_at() == (await posting.outbox_row(row_id))["try_at"]
