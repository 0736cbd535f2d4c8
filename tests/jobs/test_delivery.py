"""Pushes and multicasts through LINE: every way a call can end, and what that means for others (DELIVERY 13 to 18)."""

import asyncio
from datetime import timedelta

import pytest

from bot import line
from jobs import delivery
from storage import clock, database, outbox, pauses, quota
from storage.outbox import ends
from tests.jobs import delivering, posting


async def add_group() -> None:
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ('C1', '管理', 'claimed', now())"
    )


async def notices() -> list[str]:
    found = await database.rows("SELECT cause FROM outbox WHERE state = 'waiting' ORDER BY id")
    return [row["cause"] for row in found]


async def scopes() -> list[str]:
    return [one.scope for one in await pauses.held()]


async def test_it_sends_pushes_and_multicasts_and_writes_their_ends(stage: delivering.Stage) -> None:
    tanaka, sato = await stage.friend("田中"), await stage.friend("佐藤")
    push = await posting.push(tanaka.id, "あなただけに")
    multicast = await posting.multicast([tanaka.id, sato.id], "みなさんに")

    await stage.work()

    assert await tanaka.texts() == ["あなただけに", "みなさんに"] or await tanaka.texts() == [
        "みなさんに",
        "あなただけに",
    ]
    assert await sato.texts() == ["みなさんに"]
    assert await posting.states(push, multicast) == ["accepted", "accepted"]
    assert await posting.delivery_states(multicast) == ["accepted", "accepted"]
    assert (await posting.outbox_row(push))["request_id"] == (await tanaka.sees("あなただけに")).request_id
    assert await posting.used() == 3 == await stage.channel.used()


async def test_it_sends_what_was_just_committed_and_is_back_when_the_end_is_written(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.push(tanaka.id, "すぐに")

    await stage.sender.send_now([row_id])

    assert await posting.state(row_id) == "accepted"
    assert await tanaka.texts() == ["すぐに"]


async def test_it_leaves_to_the_worker_what_cannot_go_now(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.push(tanaka.id, klass="promotion", cause=await posting.add_scenario("paused"))

    await asyncio.wait_for(stage.sender.send_now([row_id, 999]), 5)

    assert await posting.state(row_id) == "open"


async def test_it_sends_in_order_what_waits_for_something_on_its_way(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("latency", "push", calls=1, latency_ms=200)
    first = await posting.push(tanaka.id, "一")
    second = await posting.push(tanaka.id, "二", after=[first])

    await asyncio.gather(
        stage.sender.send_now([second]), stage.sender.send_now([first]), stage.sender.send_now([second])
    )

    assert await tanaka.texts() == ["一", "二"]


async def test_it_sends_many_small_lots_at_once_each_exactly_once(stage: delivering.Stage) -> None:
    users = await stage.channel.crowd(60)
    rows = [await posting.push(user, "一度だけ") for user in users]
    other = stage.another()

    await asyncio.gather(
        *(stage.sender.send_now([row]) for row in rows), other.send_now(rows), stage.work(other), stage.work()
    )
    await stage.work()

    assert await posting.states(*rows) == ["accepted"] * 60
    assert sorted(one.chat for one in await stage.channel.deliveries()) == sorted(users)
    assert set(await stage.statuses("push")) == {200}


# Rule 15: what is certain and what is not


@pytest.mark.parametrize("kind", ["error_after", "drop_after"])
async def test_it_tries_an_unknown_end_again_with_the_same_key_until_line_knows_it(
    stage: delivering.Stage, kind: str
) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault(kind, "push", calls=2)
    row_id = await posting.push(tanaka.id)

    await stage.work()
    assert await posting.state(row_id) == "open"
    assert (await posting.outbox_row(row_id))["ambiguous_at"] is not None
    await stage.try_again()
    await stage.try_again()

    assert await posting.state(row_id) == "accepted"
    assert len(await tanaka.texts()) == 1
    calls = await stage.channel.calls("push")
    assert len({call["retry_key"] for call in calls}) == 1
    assert calls[-1]["status"] == 409
    assert await posting.used() == 1


@pytest.mark.parametrize("kind", ["error_before", "reset"])
async def test_it_sends_once_what_line_had_not_taken(stage: delivering.Stage, kind: str) -> None:
    users = await stage.channel.crowd(3)
    await stage.channel.fault(kind, "multicast")
    row_id = await posting.multicast(users)

    await stage.work()
    await stage.try_again()

    assert await posting.state(row_id) == "accepted"
    assert await stage.channel.received() == dict.fromkeys(users, 1)


async def test_it_waits_longer_before_each_new_attempt(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("error_before", "push", calls=3)
    row_id = await posting.push(tanaka.id)
    waits = []
    for _ in range(3):
        await posting.waited(0)
        await stage.work()
        waits.append(
            await database.value("SELECT extract(epoch FROM try_at - now())::float8 FROM outbox WHERE id = $1", row_id)
        )

    assert waits[0] <= 30 < waits[1] <= 60 < waits[2] <= 120


async def test_it_reports_a_doubt_of_23_hours_and_never_sends_it_again(stage: delivering.Stage) -> None:
    await add_group()
    tanaka = await stage.friend()
    await stage.channel.fault("error_after", "push")
    row_id = await posting.push(tanaka.id)
    await stage.work()
    await stage.channel.advance(hours=23, seconds=1)
    await clock.move(await clock.now() + timedelta(hours=23, seconds=1))

    await stage.try_again()

    assert await posting.states(row_id) == ["unknown"]
    assert await posting.delivery_states(row_id) == ["unknown"]
    assert await stage.statuses("push") == [500]
    assert await notices() == ["notice:unknown"]


async def test_it_does_not_take_a_refusal_for_the_end_of_a_doubt(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("drop_after", "push")
    await stage.channel.fault("bad_request", "push")
    await stage.channel.fault("rate_limit", "push")
    row_id = await posting.push(tanaka.id)
    for _ in range(3):
        await stage.try_again()
        assert await posting.state(row_id) == "open"
        assert await posting.used() == 1
    await stage.try_again()

    assert await posting.state(row_id) == "accepted"
    assert len(await tanaka.texts()) == 1


async def test_it_bisects_no_multicast_that_may_have_arrived(stage: delivering.Stage) -> None:
    users = await stage.channel.crowd(2)
    await stage.channel.fault("drop_after", "multicast")
    await stage.channel.fault("bad_request", "multicast")
    row_id = await posting.multicast(users)
    await stage.work()
    await stage.try_again()
    assert await posting.state(row_id) == "open"
    await stage.try_again()

    assert await posting.state(row_id) == "accepted"
    assert await stage.channel.received() == dict.fromkeys(users, 1)


async def test_it_counts_what_never_left_us_as_no_attempt(stage: delivering.Stage) -> None:
    row_id = await posting.push((await stage.friend()).id)
    async with line.Client("http://127.0.0.1:9", "token") as nowhere:
        await stage.work(delivery.Delivery(nowhere, delivering.TOKYO))

    row = await posting.outbox_row(row_id)
    assert (row["state"], row["attempts"], row["attempted_at"], row["ambiguous_at"]) == ("open", 1, None, None)
    assert await posting.used() == 0
    assert (await outbox.cancel(posting.EVENT)).stopped == 1


async def test_it_sends_with_the_same_key_what_a_dead_process_may_have_sent(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    row_id = await posting.push(tanaka.id)
    held = await stage.channel.stop_next(1, "after")
    dying = stage.another()
    task = asyncio.create_task(dying.send_due())
    assert await held.reached()
    await posting.lose_leases()
    assert [one.state for one in await stage.sender.settle_expired()] == ["open"]

    await stage.work()

    assert await posting.state(row_id) == "accepted"
    assert await stage.statuses("push") == [409]
    await held.release()
    await task
    await dying.settle()
    assert await posting.state(row_id) == "accepted"
    assert len(await tanaka.texts()) == 1


async def test_it_starts_nothing_when_its_lease_is_too_short_and_gives_the_row_back(stage: delivering.Stage) -> None:
    row_id = await posting.push((await stage.friend()).id)

    sender = stage.another(start_within=-1.0)
    await sender.send_due()
    await sender.settle()

    row = await posting.outbox_row(row_id)
    assert (row["state"], row["attempts"], row["attempted_at"]) == ("open", 0, None)
    assert await posting.used() == 0
    assert await stage.channel.calls("push") == []


async def test_it_goes_on_with_all_others_when_one_row_is_broken(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    broken = await posting.push(tanaka.id, "壊れた")
    await database.run("UPDATE outbox SET retry_key = NULL WHERE id = $1", broken)
    sound = await posting.push(tanaka.id, "無事")

    await stage.work()

    assert await posting.states(broken, sound) == ["open", "accepted"]
    assert await tanaka.texts() == ["無事"]


async def test_it_stores_no_unprintable_error(stage: delivering.Stage) -> None:
    row_id = await posting.push((await stage.friend()).id)
    await database.run("UPDATE outbox SET state = 'sending', attempts = 1")
    verdict = ends.Verdict(row_id, 1, ends.REFUSED, error="a\0b")
    await ends.settle(posting.ZONE, [verdict])
    assert (await posting.outbox_row(row_id))["error"] == "ab"


# Rule 16: what one end says about all others


@pytest.mark.parametrize("kind", ["unauthorized", "forbidden"])
async def test_it_pauses_the_channel_with_rows_untouched_when_the_credential_is_refused(
    stage: delivering.Stage, kind: str
) -> None:
    await add_group()
    tanaka = await stage.friend()
    await stage.channel.fault(kind, "push", calls=1)
    row_id = await posting.push(tanaka.id)
    sender = stage.another(channel_check=0.0)
    await sender.send_now([row_id])

    row = await posting.outbox_row(row_id)
    assert (row["state"], row["attempted_at"], row["cost"]) == ("open", None, 1)
    assert await posting.used() == 0
    assert await scopes() == ["channel"]
    assert await notices() == ["notice:channel"]

    await stage.channel.fault("unauthorized", "*", calls=1)
    await sender.send_due()
    assert await scopes() == ["channel"]
    await stage.work(sender)
    await stage.work(sender)
    assert await scopes() == []
    assert await posting.state(row_id) == "accepted"


async def test_it_slows_only_the_endpoint_that_was_too_fast(stage: delivering.Stage) -> None:
    tanaka, sato = await stage.friend("田中"), await stage.friend("佐藤")
    await stage.channel.fault("rate_limit", "push")
    push = await posting.push(tanaka.id)
    await stage.work()
    assert await scopes() == ["endpoint:push"]
    multicast = await posting.multicast([tanaka.id, sato.id])
    await stage.work()

    assert await posting.states(push, multicast) == ["open", "accepted"]
    await stage.try_again()
    assert await posting.state(push) == "accepted"
    assert await scopes() == []


async def test_it_pauses_only_the_class_for_which_the_month_is_used_up(stage: delivering.Stage) -> None:
    await add_group()
    tanaka = await stage.friend()
    await stage.channel.fault("quota_limit", "multicast")
    promotion = await posting.multicast([tanaka.id], klass="promotion")
    await stage.work()
    booking = await posting.push(tanaka.id, "ご予約の件")
    await stage.try_again()

    assert await posting.states(promotion, booking) == ["open", "accepted"]
    assert (await posting.outbox_row(promotion))["attempted_at"] is None
    assert await posting.used() == 1
    assert await scopes() == ["quota:promotion"]
    assert await notices() == ["notice:quota:promotion"]
    await quota.record(posting.ZONE, 1000, 1)
    await stage.try_again()
    assert await posting.state(promotion) == "accepted"


async def test_it_puts_off_only_the_row_of_a_refusal_it_does_not_know(stage: delivering.Stage) -> None:
    tanaka, sato = await stage.friend("田中"), await stage.friend("佐藤")
    await stage.channel.fault("error_before", "push", status=429)
    first = await posting.push(tanaka.id)
    await stage.sender.send_now([first])
    second = await posting.push(sato.id)
    await stage.work()

    assert await posting.states(first, second) == ["open", "accepted"]
    row = await posting.outbox_row(first)
    assert row["attempted_at"] is None
    assert row["try_at"] - row["ready_at"] > timedelta(seconds=30)
    assert await scopes() == []


async def test_it_sends_single_probes_while_calls_fail_and_all_the_rest_when_one_succeeds(
    stage: delivering.Stage,
) -> None:
    users = await stage.channel.crowd(40)
    sender = stage.another(slots={"reply": 2, "push": 2, "multicast": 2}, first_probe=60.0)
    await stage.channel.fault("error_before", "push", calls=9)
    rows = [await posting.push(user, klass="promotion", cause=await cause_of(users, user)) for user in users]

    await stage.work(sender)

    assert await scopes() == ["outage:push"]
    tried = await database.value("SELECT count(*) FROM outbox WHERE ambiguous_at IS NOT NULL")
    made = len(await stage.channel.calls("push"))
    assert tried <= 7
    assert made < 9
    # as long as it fails, each probe is one call, and rather of a row in doubt already
    await posting.waited(0)
    await database.run("UPDATE pauses SET until = now()")
    await sender.send_due()
    await sender.settle()
    assert len(await stage.channel.calls("push")) == made + 1
    assert await database.value("SELECT count(*) FROM outbox WHERE ambiguous_at IS NOT NULL") == tried
    await stage.channel.clear_faults()
    await posting.waited(0)
    await database.run("UPDATE pauses SET until = now()")
    await stage.work(sender)

    assert await scopes() == []
    assert await posting.states(*rows) == ["accepted"] * 40
    assert await stage.channel.received() == dict.fromkeys(users, 1)


async def cause_of(users: list[str], user: str) -> str:
    return posting.EVENT if users.index(user) % 2 else "event:2"


async def test_it_stops_everything_but_the_few_tried_when_stopped_in_an_outage(stage: delivering.Stage) -> None:
    users = await stage.channel.crowd(50)
    sender = stage.another(slots={"reply": 2, "push": 2, "multicast": 2}, first_probe=60.0)
    await stage.channel.fault("error_before", "push", calls=99)
    for user in users:
        await posting.push(user)
    await stage.work(sender)

    stopped = await outbox.cancel(posting.EVENT)

    assert stopped.on_the_way == 0
    assert stopped.unknown <= 7
    assert stopped.stopped == 50 - stopped.unknown
    await stage.channel.clear_faults()
    await stage.try_again()
    assert await stage.channel.deliveries() == []


async def test_it_gives_one_probe_of_an_endpoint_to_one_process(stage: delivering.Stage) -> None:
    await pauses.outage("push", 1.0)
    await pauses.outage("multicast", 60.0)
    assert await pauses.probe_due() == []
    await database.run("UPDATE pauses SET until = now() WHERE scope = 'outage:push'")
    taken = await asyncio.gather(*(pauses.probe_due() for _ in range(6)))
    assert sorted(taken) == [[], [], [], [], [], ["push"]]


# Rule 17: refused multicasts and pushes


async def test_it_stops_the_cause_whose_messages_line_takes_for_nobody(stage: delivering.Stage) -> None:
    await add_group()
    tanaka, sato = await stage.friend("田中"), await stage.friend("佐藤")
    faulty, other = await posting.add_scenario(), await posting.add_scenario()
    bad = await posting.multicast(
        [tanaka.id, sato.id], cause=faulty, messages=[{"type": "image", "originalContentUrl": "ftp://x"}]
    )
    later = await posting.multicast([sato.id, tanaka.id], cause=faulty)
    await stage.sender.send_now([bad])
    sound = await posting.multicast([tanaka.id, sato.id], "無事", cause=other)
    await stage.work()

    assert await posting.states(bad, later, sound) == ["open", "open", "accepted"]
    row = await posting.outbox_row(bad)
    assert (row["attempted_at"], row["ambiguous_at"]) == (None, None)
    assert await scopes() == [f"cause:{faulty}"]
    assert await notices() == [f"notice:body:{faulty}"]
    assert await posting.used() == 2
    assert (await outbox.cancel(faulty)).stopped == 4


@pytest.mark.parametrize("fault", ["rate_limit", "bad_request"])
async def test_it_leaves_out_whom_we_have_blocked_while_a_call_was_being_made(
    stage: delivering.Stage, fault: str
) -> None:
    users = await stage.channel.crowd(4)
    row = await posting.multicast(users)
    stop = await stage.channel.stop_next()
    await stage.channel.fault(fault, "multicast", calls=1)
    sending = asyncio.create_task(stage.sender.send_now([row]))
    await stop.reached()
    await database.run("UPDATE friends SET blocked_by_us = true WHERE line_user_id = $1", users[1])
    await stop.release()
    await sending
    await stage.try_again()
    assert sorted(one.chat for one in await stage.channel.deliveries()) == sorted({*users} - {users[1]})
    assert await posting.used() == 3


async def test_it_halves_a_refused_multicast_down_to_the_one_at_fault(stage: delivering.Stage) -> None:
    users = await stage.channel.crowd(20)
    nobody = "not a user id"
    people = [*users[:13], nobody, *users[13:]]
    row_id = await posting.multicast(people)

    await stage.work()

    assert await posting.state(row_id) == "split"
    assert await stage.channel.received() == dict.fromkeys(users, 1)
    refused = await database.rows("SELECT recipients FROM outbox WHERE state = 'refused'")
    assert [one["recipients"] for one in refused] == [[nobody]]
    assert sorted(await posting.delivery_states(row_id)) == ["accepted"] * 20 + ["refused"]
    assert len(await stage.channel.calls("validate_multicast")) == 1
    calls = await stage.channel.calls("multicast")
    assert len({call["retry_key"] for call in calls}) == len(calls)
    assert await posting.used() == 20 == await stage.channel.used()


async def test_it_takes_a_refused_push_for_a_delivery_error(stage: delivering.Stage) -> None:
    row_id = await posting.push(f"U{7:032x}")
    await stage.work()

    row = await posting.outbox_row(row_id)
    assert row["state"] == "refused"
    assert row["error"].startswith("400 Failed to send messages")
    assert await posting.delivery_states(row_id) == ["refused"]
    assert await posting.used() == 0


# Rules 12, 13, 18


async def test_it_stops_between_calls(stage: delivering.Stage) -> None:
    users = await stage.channel.crowd(30)
    cause = await posting.add_scenario()
    sender = stage.another(paces={"reply": 20, "push": 20, "multicast": 20})
    held = await stage.channel.stop_next(3, "before")
    for user in users:
        await posting.push(user, klass="promotion", cause=cause)
    working = asyncio.create_task(stage.work(sender))
    assert await held.reached()
    await database.run("UPDATE scenarios SET state = 'paused'")
    found = await outbox.cancel(cause)
    await held.release()
    await working

    # what was claimed may still leave: half a second's worth
    assert found.on_the_way >= 1
    assert found.unknown == 0
    assert found.stopped >= 30 - 3 - 10
    assert len(await stage.channel.deliveries()) <= 30 - found.stopped
    assert await database.value("SELECT count(*) FROM outbox WHERE state = 'open'") == 0


async def test_it_waits_for_doubts_before_the_clock_moves_and_gives_up_the_rest(stage: delivering.Stage) -> None:
    await add_group()
    tanaka, sato = await stage.friend("田中"), await stage.friend("佐藤")
    await stage.channel.fault("error_after", "push", calls=1)
    known = await posting.push(tanaka.id)
    await stage.work()
    await posting.waited(0)
    assert await stage.another(move_patience=30.0).close_ambiguous_for_move() == 0
    assert await posting.state(known) == "accepted"

    await stage.channel.fault("error_after", "push", calls=99)
    unknown = await posting.push(sato.id)
    untried = await posting.push(sato.id, klass="promotion", cause=await posting.add_scenario("paused"))
    await stage.work()
    assert await stage.another(move_patience=0.2).close_ambiguous_for_move() == 1
    assert await posting.states(unknown, untried) == ["unknown", "open"]
    assert await posting.delivery_states(unknown) == ["unknown"]
    assert await notices() == ["notice:unknown"]


async def test_it_keeps_to_the_pace_it_is_given(stage: delivering.Stage) -> None:
    users = await stage.channel.crowd(60)
    for user in users:
        await posting.push(user)
    sender = stage.another(paces={"reply": 100, "push": 100, "multicast": 100})
    started = asyncio.get_running_loop().time()
    await stage.work(sender)

    assert asyncio.get_running_loop().time() - started >= 0.5
    assert len(await stage.channel.received()) == 60


async def test_it_claims_no_more_than_can_start_in_half_a_second(stage: delivering.Stage) -> None:
    for n in range(80):
        await posting.push(f"U{n:032x}")
    held = await stage.channel.stop_next(1, "before")
    sender = stage.another(
        slots={"reply": 1, "push": 1, "multicast": 1}, paces={"reply": 9, "push": 20, "multicast": 9}
    )
    working = asyncio.create_task(sender.send_due())
    assert await held.reached()

    assert await database.value("SELECT count(*) FROM outbox WHERE state = 'sending'") <= 10
    await held.release()
    await working
    await sender.settle()
