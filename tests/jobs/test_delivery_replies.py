"""Replies through LINE: free, single, without a key, and so told apart with care (DELIVERY 19 and 20)."""

import asyncio
from datetime import timedelta

import pytest

from storage import clock, database, outbox, quotable
from tests.jobs import delivering, posting

BAD = [{"type": "image", "originalContentUrl": "ftp://x", "previewImageUrl": "ftp://x"}]


async def test_it_answers_with_one_free_reply(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一", "二", "三"))

    await stage.sender.send_now([row_id])

    assert [(one.text, one.how) for one in await tanaka.seen()] == [("一", "reply"), ("二", "reply"), ("三", "reply")]
    assert not await quotable.Quotable.exists()
    assert await posting.delivery_states(row_id) == ["accepted"] * 3
    assert await posting.used() == 0 == await stage.channel.used()


async def test_it_commits_that_the_reply_has_started_before_the_call(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"))
    held = await stage.channel.stop_next(1, "before")
    sending = asyncio.create_task(stage.sender.send_now([row_id]))
    assert await held.reached()

    row = await posting.outbox_row(row_id)
    assert row["state"] == "sending"
    assert row["reply_started_at"] is not None
    await held.release()
    await sending
    assert await posting.state(row_id) == "accepted"


async def test_it_pushes_when_line_does_not_know_the_token_at_the_first_attempt(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.reply(tanaka.id, "no such token", delivering.texts("一", "二"))

    await stage.sender.send_now([row_id])

    assert [(one.text, one.how) for one in await tanaka.seen()] == [("一", "push"), ("二", "push")]
    row = await posting.outbox_row(row_id)
    assert (row["state"], row["kind"], row["class"], row["cost"]) == ("accepted", "push", "transactional", 1)
    assert (await tanaka.seen())[0].retry_key == str(row["retry_key"])
    assert await posting.delivery_states(row_id) == ["accepted", "accepted"]
    assert await posting.used() == 1 == await stage.channel.used()


async def test_it_pushes_at_once_without_asking_when_the_token_is_too_old(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"), age=56)

    await stage.work()

    assert [one.how for one in await tanaka.seen()] == ["push"]
    assert await stage.channel.calls("reply") == []


async def test_it_keeps_a_staff_reply_that_line_does_not_take_for_their_next_word(stage: delivering.Stage) -> None:
    yamada = await stage.channel.user("山田")
    group = await stage.channel.group("管理", [yamada])
    await group.invite_bot()
    event = await posting.add_event(group.id)
    tag, friend = {"noun": "tag", "object": "#T1"}, {"noun": "friend", "object": "#F1"}
    first = await outbox.answer(group.id, yamada.id, [posting.text("一覧です")], event, "no such token", tag)
    assert first is not None
    await stage.sender.send_now([first])

    assert await posting.state(first) == "waiting"
    assert await stage.channel.calls("push") == []
    token = await stage.token(yamada, group)
    event = await posting.add_event(group.id)
    second = await outbox.answer(group.id, yamada.id, [posting.text("次の答えです")], event, token, friend)
    assert second is not None
    await stage.sender.send_now([second])

    assert await group.texts() == ["一覧です", "次の答えです"]
    assert [await quotable.find(group.id, one.id) for one in await group.seen()] == [tag, friend]
    assert await stage.channel.used() == 0


@pytest.mark.parametrize("kind", ["error_after", "drop_after"])
async def test_it_takes_an_unknown_token_at_the_second_attempt_for_success_soon_after_the_event(
    stage: delivering.Stage, kind: str
) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault(kind, "reply")
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"))
    await stage.work()
    assert await posting.state(row_id) == "open"
    await stage.try_again()

    assert await posting.state(row_id) == "accepted"
    assert await posting.delivery_states(row_id) == ["accepted"]
    assert await tanaka.texts() == ["一"]
    assert await stage.channel.calls("push") == []


async def test_it_replies_again_when_the_first_attempt_had_not_arrived(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("error_before", "reply")
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"))
    await stage.work()
    await stage.try_again()

    assert await posting.state(row_id) == "accepted"
    assert await tanaka.texts() == ["一"]


async def test_it_does_not_know_when_the_token_is_unknown_later_and_never_pushes(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("error_after", "reply")
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"))
    await stage.work()
    await clock.move(await clock.now() + timedelta(seconds=26))
    await stage.try_again()

    assert await posting.state(row_id) == "unknown"
    assert await posting.delivery_states(row_id) == ["unknown"]
    assert await stage.channel.calls("push") == []
    assert await tanaka.texts() == ["一"]


async def test_it_does_not_know_when_the_token_dies_in_doubt_and_never_pushes(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("reset", "reply")
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"))
    await stage.work()
    await clock.move(await clock.now() + timedelta(minutes=1))
    await stage.try_again()

    assert await posting.state(row_id) == "unknown"
    assert [call["endpoint"] for call in await stage.channel.calls()] == ["reply"]


async def test_it_repeats_the_reply_of_a_dead_process_and_sends_it_once(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"))
    held = await stage.channel.stop_next(1, "after")
    dying = stage.another()
    task = asyncio.create_task(dying.send_due())
    assert await held.reached()
    await posting.lose_leases()
    await stage.sender.settle_expired()
    await stage.work()

    assert await posting.state(row_id) == "accepted"
    assert await tanaka.texts() == ["一"]
    await held.release()
    await task
    await dying.settle()


async def test_it_replies_later_when_line_was_too_busy_and_counts_that_as_no_attempt(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("rate_limit", "reply")
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"))
    await stage.work()
    row = await posting.outbox_row(row_id)
    assert (row["state"], row["kind"], row["reply_started_at"]) == ("open", "reply", None)
    await stage.try_again()

    assert [one.how for one in await tanaka.seen()] == ["reply"]


async def test_it_splits_a_refused_pack_by_cause_and_replies_with_the_first_that_passes(
    stage: delivering.Stage,
) -> None:
    tanaka = await stage.friend()
    packs = [BAD, [posting.text("一"), posting.text("続き")], [posting.text("二")]]
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), packs)

    await stage.sender.send_now([row_id])
    await stage.work()

    assert [(one.text, one.how) for one in await tanaka.seen()] == [("一", "reply"), ("続き", "reply"), ("二", "push")]
    assert await posting.state(row_id) == "split"
    assert await posting.delivery_states(row_id) == ["refused", "accepted", "accepted"]
    assert await posting.used() == 1 == await stage.channel.used()


async def test_it_pushes_the_parts_of_a_refused_pack_when_the_token_has_died(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), [BAD, [posting.text("一")]])
    held = await stage.channel.stop_next(1, "before")
    sending = asyncio.create_task(stage.sender.send_now([row_id]))
    assert await held.reached()
    await clock.move(await clock.now() + timedelta(minutes=1))
    await held.release()
    await sending
    await stage.work()

    assert [(one.text, one.how) for one in await tanaka.seen()] == [("一", "push")]
    assert await posting.delivery_states(row_id) == ["refused", "accepted"]


async def test_it_splits_no_pack_in_doubt(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("error_before", "reply")
    await stage.channel.fault("bad_request", "reply")
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一", "二"))
    await stage.work()
    await stage.try_again()
    assert await posting.state(row_id) == "open"
    await stage.try_again()

    assert await posting.state(row_id) == "accepted"
    assert await tanaka.texts() == ["一", "二"]


async def test_it_closes_a_reply_that_line_refuses_for_one_cause(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), [BAD])
    await stage.work()

    assert await posting.state(row_id) == "refused"
    assert await posting.delivery_states(row_id) == ["refused"]
    assert await stage.channel.calls("push") == []


async def test_it_pushes_nothing_to_whom_has_blocked_us_when_the_token_has_died(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.reply(tanaka.id, await stage.token(tanaka), delivering.texts("一"), age=58)
    await database.run("UPDATE friends SET blocked_us = true")
    await stage.work()

    assert await posting.state(row_id) == "cancelled"
    assert await posting.delivery_states(row_id) == ["cancelled"]
