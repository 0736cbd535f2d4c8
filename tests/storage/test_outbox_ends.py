"""How attempts on outbox rows end: verdicts, stops, replies whose token dies (DELIVERY 15, 18, 20)."""

from datetime import timedelta

import pytest

from storage import clock, outbox, pauses, quota
from storage.outbox import ends
from tests.jobs import posting
from tests.storage import claiming

pytestmark = pytest.mark.usefixtures("db")


async def test_it_counts_a_certain_refusal_as_no_attempt_and_gives_the_cost_back() -> None:
    row_id = await posting.multicast([claiming.TANAKA, claiming.SATO])
    await claiming.end(await claiming.claim(), ends.AGAIN, pause=5)

    row = await posting.outbox_row(row_id)
    assert (row["state"], row["attempted_at"], row["ambiguous_at"]) == ("open", None, None)
    assert await posting.used() == 0
    assert await claiming.claimed_ids() == []
    assert (await outbox.cancel(posting.EVENT)).stopped == 2


async def test_it_keeps_a_doubt_with_its_key_body_and_cost_through_certain_refusals() -> None:
    row_id = await posting.push(claiming.TANAKA)
    [first] = await claiming.claim()
    await claiming.end([first], ends.DOUBT)
    await posting.waited(0)
    [second] = await claiming.claim()

    assert (second.retry_key, second.body, second.ambiguous) == (first.retry_key, first.body, True)
    assert await posting.used() == 1
    await claiming.end([second], ends.LAPSED)
    row = await posting.outbox_row(row_id)
    assert (row["state"], row["attempts"]) == ("open", 1)
    assert row["ambiguous_at"] is not None
    assert await posting.used() == 1


async def test_it_retries_what_may_have_gone_even_when_the_month_is_used_up() -> None:
    await quota.record(posting.ZONE, 1, 0)
    row_id = await posting.push(claiming.TANAKA)
    await claiming.end(await claiming.claim(), ends.DOUBT)
    await posting.waited(0)

    assert await claiming.claimed_ids() == [row_id]


async def test_it_ignores_the_verdict_of_an_attempt_that_is_no_longer_its_holders() -> None:
    row_id = await posting.push(claiming.TANAKA)
    [stale] = await claiming.claim()
    await posting.lose_leases()
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["open"]
    [current] = await claiming.claim()

    assert await claiming.end([stale], ends.AGAIN) == []
    assert await claiming.end([stale], ends.REFUSED) == []
    assert await posting.state(row_id) == "sending"
    await claiming.end([current], ends.DOUBT)
    # but an acceptance is true whoever brings it
    assert [one.state for one in await claiming.end([stale], ends.ACCEPTED)] == ["accepted"]
    assert await posting.delivery_states(row_id) == ["accepted"]


async def test_it_takes_a_dead_holders_row_for_an_attempt_whose_end_is_not_known() -> None:
    row_id = await posting.push(claiming.TANAKA)
    [first] = await claiming.claim()
    assert await ends.sweep(posting.ZONE) == []
    await posting.lose_leases()
    await ends.sweep(posting.ZONE)

    row = await posting.outbox_row(row_id)
    assert (row["state"], row["ambiguous_at"]) == ("open", row["attempted_at"])
    assert (await outbox.cancel(posting.EVENT)).unknown == 1
    assert first.retry_key == row["retry_key"]


async def test_it_gives_up_a_doubt_after_23_hours_of_business_time_and_never_sends_it_again() -> None:
    row_id = await posting.push(claiming.TANAKA)
    await claiming.end(await claiming.claim(), ends.DOUBT)
    await posting.waited(0)
    await clock.move(await clock.now() + timedelta(hours=22, minutes=59))
    assert await ends.sweep(posting.ZONE) == []
    await clock.move(await clock.now() + timedelta(minutes=2))

    assert await claiming.claimed_ids() == []
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["unknown"]
    assert await posting.delivery_states(row_id) == ["unknown"]
    assert await posting.used() == 1


async def test_it_gives_up_at_the_verdict_when_the_doubt_is_old_by_then() -> None:
    row_id = await posting.push(claiming.TANAKA)
    await claiming.end(await claiming.claim(), ends.DOUBT)
    await posting.waited(0)
    rows = await claiming.claim()
    await clock.move(await clock.now() + timedelta(hours=24))
    await claiming.end(rows, ends.DOUBT)

    assert await posting.state(row_id) == "unknown"


async def test_it_gives_back_to_the_month_it_took_from() -> None:
    row_id = await posting.push(claiming.TANAKA)
    rows = await claiming.claim()
    await clock.move(await clock.now() + timedelta(days=32))
    await claiming.end(rows, ends.AGAIN)
    assert await posting.used() == 0
    assert await claiming.claimed_ids() == [row_id]
    assert (await quota.usage(posting.ZONE)).used == 1


# Rules 18 and 20: stops, and replies whose token dies


async def test_it_stops_what_has_not_left_and_gives_up_what_is_in_doubt() -> None:
    cause = await posting.add_scenario()
    sent = await posting.push(claiming.TANAKA, cause=cause, priority=1)
    doubt = await posting.push(claiming.SATO, cause=cause, priority=2)
    on_its_way = await posting.multicast([claiming.TANAKA, claiming.SATO], cause=cause)
    untried = await posting.multicast([claiming.TANAKA, claiming.SATO, claiming.SUZUKI], cause=cause)
    other = await posting.push(claiming.SUZUKI)
    await claiming.end(await claiming.claim([sent]), ends.ACCEPTED)
    await claiming.end(await claiming.claim([doubt]), ends.DOUBT)
    [going] = await claiming.claim([on_its_way])

    found = await outbox.cancel(cause)

    assert found == outbox.Stopped(on_the_way=2, stopped=3, unknown=1)
    assert await posting.states(sent, doubt, on_its_way, untried, other) == [
        "accepted",
        "unknown",
        "sending",
        "cancelled",
        "open",
    ]
    assert await posting.delivery_states(doubt) == ["unknown"]
    assert await posting.delivery_states(untried) == ["cancelled"] * 3
    await claiming.end([going], ends.ACCEPTED)
    assert await posting.state(on_its_way) == "accepted"


@pytest.mark.parametrize(
    ("word", "left"), [(ends.DOUBT, "unknown"), (ends.AGAIN, "cancelled"), (ends.LAPSED, "cancelled")]
)
async def test_it_gives_a_row_stopped_while_being_sent_no_second_attempt(word: str, left: str) -> None:
    row_id = await posting.push(claiming.TANAKA)
    rows = await claiming.claim()
    await outbox.cancel(posting.EVENT)
    await claiming.end(rows, word)

    assert await posting.state(row_id) == left
    assert await posting.delivery_states(row_id) == [left]


async def test_it_gives_up_a_row_stopped_while_being_sent_when_its_holder_dies() -> None:
    row_id = await posting.push(claiming.TANAKA)
    await claiming.claim()
    await outbox.cancel(posting.EVENT)
    await posting.lose_leases()
    await ends.sweep(posting.ZONE)

    assert await posting.state(row_id) == "unknown"


async def test_it_halves_no_multicast_that_was_stopped_meanwhile() -> None:
    row_id = await posting.multicast([claiming.TANAKA, claiming.SATO])
    [row] = await claiming.claim()
    await outbox.cancel(posting.EVENT)
    halves = await ends.bisect(posting.ZONE, [ends.Verdict(row_id, row.attempt, "bisect")])

    assert await posting.states(*halves) == ["cancelled", "cancelled"]
    assert await posting.delivery_states(row_id) == ["cancelled", "cancelled"]


async def test_it_closes_pushes_not_begun_to_friends_who_block() -> None:
    tanaka = await posting.add_friend(claiming.TANAKA)
    begun, untried = await posting.push(claiming.TANAKA, priority=1), await posting.push(claiming.TANAKA)
    other = await posting.push(claiming.SATO)
    await claiming.end(await claiming.claim([begun]), ends.DOUBT)

    assert await outbox.cancel_for_friends([tanaka]) == 1
    assert await posting.states(begun, untried, other) == ["open", "cancelled", "open"]
    assert await posting.delivery_states(untried) == ["cancelled"]


async def test_it_starts_no_reply_with_a_token_about_to_die_and_pushes_instead() -> None:
    row_id = await posting.reply(claiming.TANAKA, "token", [[posting.text("一")], [posting.text("二")]], age=56)

    assert await claiming.claimed_ids() == []
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["open"]
    row = await posting.outbox_row(row_id)
    assert (row["kind"], row["class"], row["cost"], row["reply_token"]) == ("push", "transactional", 1, None)
    assert row["retry_key"] is not None
    rows = await claiming.claim()
    assert [one.kind for one in rows] == ["push"]
    await claiming.end(rows, ends.ACCEPTED)
    assert await posting.delivery_states(row_id) == ["accepted", "accepted"]


async def test_it_counts_a_tokens_age_in_business_time() -> None:
    await posting.reply(claiming.TANAKA, "token", [[posting.text("一")]])
    await clock.move(await clock.now() + timedelta(minutes=1))
    assert await claiming.claimed_ids() == []


async def test_it_never_pushes_a_reply_that_may_have_arrived() -> None:
    row_id = await posting.reply(claiming.TANAKA, "token", [[posting.text("一")]])
    await claiming.end(await claiming.claim(), ends.DOUBT, pause=0)
    await clock.move(await clock.now() + timedelta(minutes=1))

    assert await claiming.claimed_ids() == []
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["unknown"]
    assert (await posting.outbox_row(row_id))["kind"] == "reply"


async def test_it_commits_that_a_reply_has_started_and_takes_it_back_when_it_certainly_has_not() -> None:
    row_id = await posting.reply(claiming.TANAKA, "token", [[posting.text("一")]])
    rows = await claiming.claim()
    assert (await posting.outbox_row(row_id))["reply_started_at"] is not None
    await claiming.end(rows, ends.AGAIN)
    assert (await posting.outbox_row(row_id))["reply_started_at"] is None


async def test_it_closes_a_reply_whose_token_dies_while_stopped() -> None:
    stopped = await posting.reply(claiming.TANAKA, "token", [[posting.text("一")]])
    await pauses.hold("all", "staff")
    await clock.move(await clock.now() + timedelta(minutes=1))

    await ends.sweep(posting.ZONE)

    assert await posting.state(stopped) == "cancelled"
    assert await posting.delivery_states(stopped) == ["cancelled"]


async def test_it_closes_such_a_reply_also_when_the_stop_ends_before_anybody_has_looked() -> None:
    stopped = await posting.reply(claiming.TANAKA, "token", [[posting.text("一")]])
    await pauses.hold("all", "staff")
    await clock.move(await clock.now() + timedelta(minutes=1))
    fresh = await posting.reply(claiming.SATO, "other", [[posting.text("二")]])

    assert await outbox.resume("all")

    assert await posting.states(stopped, fresh) == ["cancelled", "open"]
    assert await posting.delivery_states(stopped) == ["cancelled"]
    assert await claiming.claimed_ids() == [fresh]


async def test_it_closes_a_reply_that_line_does_not_know_when_stopped_meanwhile() -> None:
    row_id = await posting.reply(claiming.TANAKA, "token", [[posting.text("一")]])
    rows = await claiming.claim()
    await pauses.hold("all", "staff")
    await claiming.end(rows, ends.BAD_TOKEN)
    assert await posting.state(row_id) == "cancelled"


async def test_it_pushes_what_replies_leave_behind_in_the_order_of_the_talk() -> None:
    first = await posting.reply(claiming.TANAKA, "one", [[posting.text("一")]], age=58)
    second = await posting.reply(claiming.TANAKA, "two", [[posting.text("二")]], age=57)
    await ends.sweep(posting.ZONE)

    rows = await claiming.claim()
    assert [row.id for row in rows] == [first]
    await claiming.end(rows, ends.ACCEPTED)
    assert await claiming.claimed_ids() == [second]
