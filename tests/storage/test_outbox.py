"""The outbox's statements: who may be claimed and when, how attempts end, what a stop closes (DELIVERY 13 to 22)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest

from storage import account, clock, database, outbox, pauses, quota
from storage.outbox import claims, ends
from tests.jobs import posting

pytestmark = pytest.mark.usefixtures("db")

LEASES = claims.Leases(15, 30)
EVERYTHING = {"reply": 100, "push": 100, "multicast": 100}
TANAKA, SATO, SUZUKI = (f"U{n:032x}" for n in (1, 2, 3))
GROUP = f"C{1:032x}"


async def claim(only: Sequence[int] | None = None, **places: int) -> list[claims.Claimed]:
    return await claims.claim(posting.ZONE, places or EVERYTHING, LEASES, only)


async def claimed_ids(only: Sequence[int] | None = None, **places: int) -> list[int]:
    return [row.id for row in await claim(only, **places)]


async def end(rows: Sequence[claims.Claimed], word: str, pause: float = 0.0) -> list[ends.End]:
    verdicts = [ends.Verdict(row.id, row.attempt, word, pause, "request", None) for row in rows]
    return await ends.settle(posting.ZONE, verdicts)


async def claim_group() -> None:
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ($1, '管理', 'claimed', now())", GROUP
    )


# Rule 13: the claim


async def test_it_claims_in_order_of_priority_then_age_and_no_more_than_asked() -> None:
    late, first = await posting.push(TANAKA), await posting.push(SATO, priority=2)
    third = await posting.push(SUZUKI)

    assert await claimed_ids(push=2) == [first, late]
    assert await claimed_ids(push=2) == [third]
    assert await claimed_ids(push=2) == []


async def test_it_hands_over_what_is_to_be_sent_and_commits_the_attempt_and_the_cost() -> None:
    row_id = await posting.multicast([TANAKA, SATO], "お知らせ")

    [row] = await claim()

    stored = await posting.outbox_row(row_id)
    assert (row.id, row.recipients, row.body) == (row_id, [TANAKA, SATO], stored["body"])
    assert row.retry_key == stored["retry_key"]
    assert orjson.loads(row.body) == [posting.text("お知らせ")]
    assert (stored["state"], stored["attempts"]) == ("sending", 1)
    assert stored["attempted_at"] is not None
    assert stored["lease_until"] is not None
    assert await posting.used() == 2


async def test_it_never_gives_one_row_to_two() -> None:
    rows = [await posting.push(f"U{n:032x}") for n in range(40)]

    taken = await asyncio.gather(*(claimed_ids(push=15) for _ in range(8)))

    ids = [row_id for part in taken for row_id in part]
    assert len(ids) == len(set(ids))
    ids += await claimed_ids()
    assert sorted(ids) == sorted(rows)


async def test_it_takes_no_more_than_the_month_allows_however_many_claim_at_once() -> None:
    await quota.record(posting.ZONE, 25, 0)
    for n in range(60):
        await posting.push(f"U{n:032x}")

    taken = await asyncio.gather(*(claimed_ids(push=10) for _ in range(8)))

    assert sum(map(len, taken)) + len(await claimed_ids()) == 25
    assert await posting.used() == 25


async def test_it_waits_for_a_claim_not_yet_committed_before_it_counts_what_is_left_of_the_month() -> None:
    await quota.record(posting.ZONE, 1, 0)
    first, second = await posting.push(TANAKA), await posting.push(SATO)
    claimed, commit = asyncio.Event(), asyncio.Event()

    async def slowly() -> list[int]:
        async with database.transaction():
            found = await claimed_ids([first])
            claimed.set()
            await commit.wait()
            return found

    slow = asyncio.create_task(slowly())
    await claimed.wait()
    other = asyncio.create_task(claimed_ids([second]))
    async with asyncio.timeout(10):
        while not await database.value(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0"
        ):
            assert not other.done()
    commit.set()

    assert (await slow, await other) == ([first], [])
    assert await posting.used() == 1


async def test_it_keeps_the_reserve_from_promotions_only() -> None:
    await quota.record(posting.ZONE, 10, 0)
    await quota.keep(posting.ZONE, 8)
    promotions = [await posting.push(f"U{n:032x}", klass="promotion", priority=1) for n in range(4)]
    booking = await posting.push(TANAKA, klass="transactional", priority=9)

    assert await claimed_ids(push=3) == promotions[:2]
    assert await claimed_ids(push=2) == [booking]
    assert await claimed_ids() == []


async def test_it_lets_what_the_month_can_pay_pass_what_it_cannot() -> None:
    await quota.record(posting.ZONE, 1, 0)
    await posting.multicast([TANAKA, SATO])
    await posting.push(TANAKA, cost=2)
    cheap = await posting.push(SUZUKI)

    assert await claimed_ids(push=1, multicast=1) == [cheap]


async def test_it_takes_from_the_month_of_the_accounts_own_zone_and_carries_the_limit_over() -> None:
    await quota.record(posting.ZONE, 100, 0)
    await quota.keep(posting.ZONE, 30)
    # 1 December 01:00 in Tokyo, still November in Greenwich; or the next such change of months
    now = await clock.now()
    first = (now.replace(day=1) + timedelta(days=62)).replace(day=1, hour=0, minute=0, second=0)
    await clock.move(first - timedelta(hours=8))
    await posting.push(TANAKA)

    await claim()

    found = await quota.usage(posting.ZONE)
    assert (found.month, found.used) == (first.strftime("%Y-%m"), 1)
    assert (found.allowed, found.reserve) == (100, 30)


@pytest.mark.parametrize("state", ["paused", "draft"])
async def test_it_holds_promotions_of_a_scenario_that_is_not_live(state: str) -> None:
    cause = await posting.add_scenario(state)
    await posting.push(TANAKA, klass="promotion", cause=cause)
    answer = await posting.push(SATO, klass="transactional", cause=cause)

    assert await claimed_ids() == [answer]


async def test_it_holds_promotions_of_a_deleted_scenario_and_of_a_stopped_operation() -> None:
    deleted = await posting.add_scenario()
    await database.run("UPDATE scenarios SET deleted_at = now()")
    await posting.push(TANAKA, klass="promotion", cause=deleted)
    await posting.push(SATO, klass="promotion", cause=await posting.add_operation("stopped"))
    running = await posting.push(SUZUKI, klass="promotion", cause=await posting.add_operation())

    assert await claimed_ids() == [running]


async def test_it_closes_a_push_to_a_friend_who_has_blocked_us_and_takes_nothing_for_it() -> None:
    row_id = await posting.push(TANAKA)
    await posting.add_friend(TANAKA, blocked=True)

    assert await claimed_ids() == []
    assert await posting.state(row_id) == "cancelled"
    assert await posting.delivery_states(row_id) == ["cancelled"]
    assert await posting.used() == 0


async def test_it_obeys_each_stop_and_staffs_replies_obey_the_channels_alone() -> None:
    promotion = await posting.multicast([TANAKA], klass="promotion", cause=await posting.add_scenario())
    answer = await posting.push(SATO)
    talk = await posting.reply(SUZUKI, "other", [[posting.text("はい")]])
    staffs = await posting.reply(GROUP, "token", [[posting.text("はい")]], klass="staff")
    scenario = f"cause:{(await posting.outbox_row(promotion))['cause']}"
    held = {
        "all": {staffs},
        "channel": set(),
        "class:promotion": {answer, talk, staffs},
        "quota:transactional": {promotion, talk, staffs},
        "endpoint:push": {promotion, talk, staffs},
        "outage:multicast": {answer, talk, staffs},
        "class:reply": {promotion, answer, staffs},
        scenario: {answer, talk, staffs},
        "class:staff": {promotion, answer, talk, staffs},
    }
    for scope, passing in held.items():
        await pauses.hold(scope, "test")
        rows = await claim()
        assert {row.id for row in rows} == passing, scope
        await end(rows, ends.LAPSED)
        await pauses.lift(scope)


async def test_it_forgets_a_rest_that_is_over_by_itself() -> None:
    row_id = await posting.push(TANAKA)
    await pauses.slow("push", 30)
    assert await claimed_ids() == []
    await database.run("UPDATE pauses SET until = now() - interval '1 second'")
    assert await claimed_ids() == [row_id]


async def test_it_lengthens_the_rest_of_an_endpoint_that_is_too_fast_again_and_counts_one_complaint_once() -> None:
    async def rest() -> float:
        return float(await database.value("SELECT extract(epoch FROM until - at)::float8 FROM pauses"))

    for expected in (0.5, 1, 2, 4, 8, 8):
        await pauses.slow("push", 0.5)
        await pauses.slow("push", 0.5)
        assert await rest() == expected
        await database.run("UPDATE pauses SET at = at - (until - now()), until = now()")
    await database.run("UPDATE pauses SET until = now() - interval '11 seconds'")
    await pauses.slow("push", 0.5)
    assert await rest() == 0.5


async def test_it_claims_only_what_it_is_told_to() -> None:
    await posting.push(TANAKA)
    mine = await posting.push(SATO)

    assert await claimed_ids([mine, 999]) == [mine]


async def test_it_probes_a_failing_endpoint_with_one_row_and_rather_one_in_doubt_already() -> None:
    doubt, fresh = await posting.push(TANAKA, priority=9), await posting.push(SATO, priority=1)
    await end(await claim([doubt]), ends.DOUBT)
    await posting.waited(0)
    await pauses.outage("push", 1)
    assert await claimed_ids() == []

    assert [row.id for row in await claims.probe(posting.ZONE, ["push"], LEASES)] == [doubt]
    assert [row.id for row in await claims.probe(posting.ZONE, ["push"], LEASES)] == [fresh]
    assert await claims.probe(posting.ZONE, ["push"], LEASES) == []


# Rule 14: order among rows to the same friend


async def test_it_starts_a_later_row_only_after_the_earlier_ones_attempt_has_ended() -> None:
    first = await posting.push(TANAKA)
    second = await posting.push(TANAKA, after=[first])

    rows = await claim()
    assert [row.id for row in rows] == [first]
    assert await claimed_ids() == []
    await end(rows, ends.ACCEPTED)
    assert await claimed_ids() == [second]


async def test_it_keeps_the_order_of_rows_that_have_both_waited_long_in_a_queue() -> None:
    first = await posting.multicast([TANAKA])
    second = await posting.push(TANAKA, after=[first])
    await posting.waited(60)

    rows = await claim(push=10)
    assert rows == []
    rows = await claim()
    assert [row.id for row in rows] == [first]
    # a slow first attempt is still an attempt under way
    assert await claimed_ids() == []
    await end(rows, ends.ACCEPTED)
    assert await claimed_ids() == [second]


@pytest.mark.parametrize("trouble", ["paused", "delayed", "retrying", "held by its cause", "lease ran out"])
async def test_it_lets_others_pass_a_row_in_trouble_after_ten_seconds(trouble: str) -> None:
    cause = await posting.add_scenario("paused" if trouble == "held by its cause" else "live")
    stuck = await posting.multicast([TANAKA, SATO], cause=cause)
    later = await posting.push(TANAKA, after=[stuck], cause=cause, klass="transactional")
    if trouble == "paused":
        await pauses.hold("endpoint:multicast", "rate")
    elif trouble == "delayed":
        await database.run("UPDATE outbox SET try_at = now() + interval '1 hour' WHERE id = $1", stuck)
    elif trouble == "retrying":
        await end(await claim(multicast=1), ends.DOUBT, pause=3600)
    elif trouble == "lease ran out":
        await claim(multicast=1)
        await posting.lose_leases()

    assert await claimed_ids(push=9) == []
    await database.run("UPDATE outbox SET ready_at = ready_at - interval '9 seconds'")
    assert await claimed_ids(push=9) == []
    await database.run("UPDATE outbox SET ready_at = ready_at - interval '2 seconds'")
    assert await claimed_ids(push=9) == [later]


async def test_it_holds_back_a_reply_for_earlier_replies_of_its_own_chat_only() -> None:
    first = await posting.reply(TANAKA, "one", [[posting.text("一")]])
    second = await posting.reply(TANAKA, "two", [[posting.text("二")]])
    other = await posting.reply(SATO, "three", [[posting.text("三")]])

    rows = await claim()
    assert [row.id for row in rows] == [first, other]
    await end(rows, ends.ACCEPTED)
    assert await claimed_ids() == [second]


async def test_it_never_lets_two_rows_with_one_reply_token_overlap() -> None:
    whole = await posting.reply(TANAKA, "token", [[posting.text("一")], [posting.text("二")]])
    [row] = await claim()
    pieces = [ends.Piece(whole, row.attempt, b"[]", delivery, 1) for delivery, _ in row.parts]
    first, second = await ends.unpack(posting.ZONE, [ends.Verdict(whole, row.attempt, "unpack")], pieces)

    rows = await claim()
    assert [one.id for one in rows] == [first]
    await end(rows, ends.DOUBT, pause=3600)
    await database.run("UPDATE outbox SET ready_at = ready_at - interval '1 minute'")
    assert await claimed_ids() == []
    await database.run("UPDATE outbox SET state = 'accepted' WHERE id = $1", first)
    assert await claimed_ids() == [second]


async def test_it_gives_the_halves_of_a_multicast_their_parents_place_and_bond() -> None:
    users = [f"U{n:032x}" for n in range(5)]
    whole = await posting.multicast(users)
    later = await posting.push(users[4], after=[whole])
    other = await posting.multicast([SATO])
    [row] = await claim(multicast=1)

    halves = await ends.bisect(posting.ZONE, [ends.Verdict(whole, row.attempt, "bisect")])

    found = [await posting.outbox_row(one) for one in halves]
    assert [one["recipients"] for one in found] == [users[:2], users[2:]]
    assert [one["cost"] for one in found] == [2, 3]
    assert len({row.retry_key, *(one["retry_key"] for one in found)}) == 3
    assert await posting.state(whole) == "split"
    assert await posting.used() == 0
    assert await claimed_ids(push=9) == []
    rows = await claim(multicast=2)
    assert [one.id for one in rows] == halves
    assert await claimed_ids(multicast=2) == [other]
    await end(rows, ends.ACCEPTED)
    assert await posting.delivery_states(whole) == ["accepted"] * 5
    assert await claimed_ids() == [later]


# Rule 15: verdicts


async def test_it_counts_a_certain_refusal_as_no_attempt_and_gives_the_cost_back() -> None:
    row_id = await posting.multicast([TANAKA, SATO])
    await end(await claim(), ends.AGAIN, pause=5)

    row = await posting.outbox_row(row_id)
    assert (row["state"], row["attempted_at"], row["ambiguous_at"]) == ("open", None, None)
    assert await posting.used() == 0
    assert await claimed_ids() == []
    assert (await outbox.cancel(posting.EVENT)).stopped == 2


async def test_it_keeps_a_doubt_with_its_key_body_and_cost_through_certain_refusals() -> None:
    row_id = await posting.push(TANAKA)
    [first] = await claim()
    await end([first], ends.DOUBT)
    await posting.waited(0)
    [second] = await claim()

    assert (second.retry_key, second.body, second.ambiguous) == (first.retry_key, first.body, True)
    assert await posting.used() == 1
    await end([second], ends.LAPSED)
    row = await posting.outbox_row(row_id)
    assert (row["state"], row["attempts"]) == ("open", 1)
    assert row["ambiguous_at"] is not None
    assert await posting.used() == 1


async def test_it_retries_what_may_have_gone_even_when_the_month_is_used_up() -> None:
    await quota.record(posting.ZONE, 1, 0)
    row_id = await posting.push(TANAKA)
    await end(await claim(), ends.DOUBT)
    await posting.waited(0)

    assert await claimed_ids() == [row_id]


async def test_it_ignores_the_verdict_of_an_attempt_that_is_no_longer_its_holders() -> None:
    row_id = await posting.push(TANAKA)
    [stale] = await claim()
    await posting.lose_leases()
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["open"]
    [current] = await claim()

    assert await end([stale], ends.AGAIN) == []
    assert await end([stale], ends.REFUSED) == []
    assert await posting.state(row_id) == "sending"
    await end([current], ends.DOUBT)
    # but an acceptance is true whoever brings it
    assert [one.state for one in await end([stale], ends.ACCEPTED)] == ["accepted"]
    assert await posting.delivery_states(row_id) == ["accepted"]


async def test_it_takes_a_dead_holders_row_for_an_attempt_whose_end_is_not_known() -> None:
    row_id = await posting.push(TANAKA)
    [first] = await claim()
    assert await ends.sweep(posting.ZONE) == []
    await posting.lose_leases()
    await ends.sweep(posting.ZONE)

    row = await posting.outbox_row(row_id)
    assert (row["state"], row["ambiguous_at"]) == ("open", row["attempted_at"])
    assert (await outbox.cancel(posting.EVENT)).unknown == 1
    assert first.retry_key == row["retry_key"]


async def test_it_gives_up_a_doubt_after_23_hours_of_business_time_and_never_sends_it_again() -> None:
    row_id = await posting.push(TANAKA)
    await end(await claim(), ends.DOUBT)
    await posting.waited(0)
    await clock.move(await clock.now() + timedelta(hours=22, minutes=59))
    assert await ends.sweep(posting.ZONE) == []
    await clock.move(await clock.now() + timedelta(minutes=2))

    assert await claimed_ids() == []
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["unknown"]
    assert await posting.delivery_states(row_id) == ["unknown"]
    assert await posting.used() == 1


async def test_it_gives_up_at_the_verdict_when_the_doubt_is_old_by_then() -> None:
    row_id = await posting.push(TANAKA)
    await end(await claim(), ends.DOUBT)
    await posting.waited(0)
    rows = await claim()
    await clock.move(await clock.now() + timedelta(hours=24))
    await end(rows, ends.DOUBT)

    assert await posting.state(row_id) == "unknown"


async def test_it_gives_back_to_the_month_it_took_from() -> None:
    row_id = await posting.push(TANAKA)
    rows = await claim()
    await clock.move(await clock.now() + timedelta(days=32))
    await end(rows, ends.AGAIN)
    assert await posting.used() == 0
    assert await claimed_ids() == [row_id]
    assert (await quota.usage(posting.ZONE)).used == 1


# Rules 18 and 20: stops, and replies whose token dies


async def test_it_stops_what_has_not_left_and_gives_up_what_is_in_doubt() -> None:
    cause = await posting.add_scenario()
    sent = await posting.push(TANAKA, cause=cause, priority=1)
    doubt = await posting.push(SATO, cause=cause, priority=2)
    on_its_way = await posting.multicast([TANAKA, SATO], cause=cause)
    untried = await posting.multicast([TANAKA, SATO, SUZUKI], cause=cause)
    other = await posting.push(SUZUKI)
    await end(await claim([sent]), ends.ACCEPTED)
    await end(await claim([doubt]), ends.DOUBT)
    [going] = await claim([on_its_way])

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
    await end([going], ends.ACCEPTED)
    assert await posting.state(on_its_way) == "accepted"


@pytest.mark.parametrize(
    ("word", "left"), [(ends.DOUBT, "unknown"), (ends.AGAIN, "cancelled"), (ends.LAPSED, "cancelled")]
)
async def test_it_gives_a_row_stopped_while_being_sent_no_second_attempt(word: str, left: str) -> None:
    row_id = await posting.push(TANAKA)
    rows = await claim()
    await outbox.cancel(posting.EVENT)
    await end(rows, word)

    assert await posting.state(row_id) == left
    assert await posting.delivery_states(row_id) == [left]


async def test_it_gives_up_a_row_stopped_while_being_sent_when_its_holder_dies() -> None:
    row_id = await posting.push(TANAKA)
    await claim()
    await outbox.cancel(posting.EVENT)
    await posting.lose_leases()
    await ends.sweep(posting.ZONE)

    assert await posting.state(row_id) == "unknown"


async def test_it_halves_no_multicast_that_was_stopped_meanwhile() -> None:
    row_id = await posting.multicast([TANAKA, SATO])
    [row] = await claim()
    await outbox.cancel(posting.EVENT)
    halves = await ends.bisect(posting.ZONE, [ends.Verdict(row_id, row.attempt, "bisect")])

    assert await posting.states(*halves) == ["cancelled", "cancelled"]
    assert await posting.delivery_states(row_id) == ["cancelled", "cancelled"]


async def test_it_closes_pushes_not_begun_to_friends_who_block() -> None:
    tanaka = await posting.add_friend(TANAKA)
    begun, untried = await posting.push(TANAKA, priority=1), await posting.push(TANAKA)
    other = await posting.push(SATO)
    await end(await claim([begun]), ends.DOUBT)

    assert await outbox.cancel_for_friends([tanaka]) == 1
    assert await posting.states(begun, untried, other) == ["open", "cancelled", "open"]
    assert await posting.delivery_states(untried) == ["cancelled"]


async def test_it_starts_no_reply_with_a_token_about_to_die_and_pushes_instead() -> None:
    row_id = await posting.reply(TANAKA, "token", [[posting.text("一")], [posting.text("二")]], age=56)

    assert await claimed_ids() == []
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["open"]
    row = await posting.outbox_row(row_id)
    assert (row["kind"], row["class"], row["cost"], row["reply_token"]) == ("push", "transactional", 1, None)
    assert row["retry_key"] is not None
    rows = await claim()
    assert [one.kind for one in rows] == ["push"]
    await end(rows, ends.ACCEPTED)
    assert await posting.delivery_states(row_id) == ["accepted", "accepted"]


async def test_it_counts_a_tokens_age_in_business_time() -> None:
    await posting.reply(TANAKA, "token", [[posting.text("一")]])
    await clock.move(await clock.now() + timedelta(minutes=1))
    assert await claimed_ids() == []


async def test_it_never_pushes_a_reply_that_may_have_arrived() -> None:
    row_id = await posting.reply(TANAKA, "token", [[posting.text("一")]])
    await end(await claim(), ends.DOUBT, pause=0)
    await clock.move(await clock.now() + timedelta(minutes=1))

    assert await claimed_ids() == []
    assert [one.state for one in await ends.sweep(posting.ZONE)] == ["unknown"]
    assert (await posting.outbox_row(row_id))["kind"] == "reply"


async def test_it_commits_that_a_reply_has_started_and_takes_it_back_when_it_certainly_has_not() -> None:
    row_id = await posting.reply(TANAKA, "token", [[posting.text("一")]])
    rows = await claim()
    assert (await posting.outbox_row(row_id))["reply_started_at"] is not None
    await end(rows, ends.AGAIN)
    assert (await posting.outbox_row(row_id))["reply_started_at"] is None


async def test_it_closes_a_reply_whose_token_dies_while_stopped() -> None:
    stopped = await posting.reply(TANAKA, "token", [[posting.text("一")]])
    await pauses.hold("all", "staff")
    await clock.move(await clock.now() + timedelta(minutes=1))

    await ends.sweep(posting.ZONE)

    assert await posting.state(stopped) == "cancelled"
    assert await posting.delivery_states(stopped) == ["cancelled"]


async def test_it_closes_such_a_reply_also_when_the_stop_ends_before_anybody_has_looked() -> None:
    stopped = await posting.reply(TANAKA, "token", [[posting.text("一")]])
    await pauses.hold("all", "staff")
    await clock.move(await clock.now() + timedelta(minutes=1))
    fresh = await posting.reply(SATO, "other", [[posting.text("二")]])

    assert await outbox.resume("all")

    assert await posting.states(stopped, fresh) == ["cancelled", "open"]
    assert await posting.delivery_states(stopped) == ["cancelled"]
    assert await claimed_ids() == [fresh]


async def test_it_closes_a_reply_that_line_does_not_know_when_stopped_meanwhile() -> None:
    row_id = await posting.reply(TANAKA, "token", [[posting.text("一")]])
    rows = await claim()
    await pauses.hold("all", "staff")
    await end(rows, ends.BAD_TOKEN)
    assert await posting.state(row_id) == "cancelled"


async def test_it_pushes_what_replies_leave_behind_in_the_order_of_the_talk() -> None:
    first = await posting.reply(TANAKA, "one", [[posting.text("一")]], age=58)
    second = await posting.reply(TANAKA, "two", [[posting.text("二")]], age=57)
    await ends.sweep(posting.ZONE)

    rows = await claim()
    assert [row.id for row in rows] == [first]
    await end(rows, ends.ACCEPTED)
    assert await claimed_ids() == [second]


# Staff's rows


async def test_it_keeps_a_staff_reply_without_a_token_for_that_persons_next_word() -> None:
    lost = await outbox.answer(GROUP, TANAKA, [posting.text("一覧です")], await posting.add_event(GROUP, 58), "dead")
    assert lost is not None
    await ends.sweep(posting.ZONE)
    assert await posting.state(lost) == "waiting"
    assert (await posting.outbox_row(lost))["reply_token"] is None

    event = await posting.add_event(GROUP)
    assert await outbox.answer(GROUP, SATO, [], event, "satos") is None
    late = posting.text("さきほどの結果です。")
    found = await outbox.answer(GROUP, TANAKA, [posting.text("次の答え")], event, "fresh", late=late)

    assert found is not None
    row = await posting.outbox_row(found)
    assert orjson.loads(row["body"]) == [late, posting.text("一覧です"), posting.text("次の答え")]
    assert (row["state"], row["reply_token"], row["class"], row["cost"]) == ("open", "fresh", "staff", 0)
    assert await posting.state(lost) == "folded"
    assert await claimed_ids() == [found]


async def test_it_puts_no_more_than_five_objects_into_an_answer() -> None:
    await claim_group()
    for number in range(4):
        await outbox.notice(f"test {number}", f"お知らせ{number}")
    answer = [posting.text(str(n)) for n in range(3)]

    found = await outbox.answer(GROUP, TANAKA, answer, await posting.add_event(GROUP), "token")

    assert found is not None
    body = orjson.loads((await posting.outbox_row(found))["body"])
    assert body == [posting.text("お知らせ0"), posting.text("お知らせ1"), *answer]
    rest = await outbox.answer(GROUP, None, [], await posting.add_event(GROUP), "next")
    assert rest is not None
    assert len(orjson.loads((await posting.outbox_row(rest))["body"])) == 2
    with pytest.raises(ValueError, match="five"):
        await outbox.answer(GROUP, TANAKA, answer * 2, await posting.add_event(GROUP), "token")


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
    assert (row["chat"], row["state"], row["class"], row["kind"]) == (GROUP, "waiting", "staff", "reply")
    assert await claimed_ids() == []


# Rule 22: after a restore


async def test_it_gives_up_all_unfinished_rows_after_a_restore_and_waits_for_staff() -> None:
    cause = await posting.add_scenario()
    untried = await posting.multicast([TANAKA, SATO], cause=cause)
    begun = await posting.push(TANAKA, priority=1)
    await claim([begun])
    await claim_group()
    await outbox.notice("quota", "上限です")

    assert await outbox.after_restore(await clock.now() - timedelta(hours=24)) == 2

    assert await posting.states(untried, begun) == ["unknown", "unknown"]
    assert await posting.delivery_states(untried) == ["unknown", "unknown"]
    assert await outbox.unknown_by_cause() == {posting.EVENT: 1, cause: 2}
    assert await database.value("SELECT count(*) FROM outbox WHERE state = 'waiting'") == 1
    late = await posting.push(SUZUKI)
    assert await claimed_ids() == []
    assert await outbox.resume("all")
    assert await claimed_ids() == [late]


async def test_it_needs_no_decision_after_a_short_stop_or_on_a_new_database() -> None:
    row_id = await posting.push(TANAKA)
    await account.beat()
    for heartbeat in (None, await clock.now() - timedelta(hours=22)):
        assert await outbox.after_restore(heartbeat) is None
    assert await claimed_ids() == [row_id]
    assert await outbox.after_restore(None, declared=True) == 1


# Numbers


async def test_it_raises_our_count_to_lines_and_lifts_its_quota_pause_when_there_is_room() -> None:
    await posting.push(TANAKA)
    await claim()
    await pauses.hold("quota:promotion", "quota")
    await quota.record(posting.ZONE, 200, 200)
    assert [one.scope for one in await pauses.held()] == ["quota:promotion"]
    await quota.record(posting.ZONE, 500, 40)
    found = await quota.usage(posting.ZONE)
    assert (found.allowed, found.used, found.line_used) == (500, 200, 40)
    assert await pauses.held() == []


async def test_it_counts_what_waits() -> None:
    await posting.push(TANAKA)
    await posting.multicast([SATO, SUZUKI])
    await posting.waited(30)
    doubt = await posting.push(SATO)
    await end(await claim([doubt]), ends.DOUBT, pause=60)
    await pauses.hold("class:promotion", "staff")

    found = await outbox.gauges()

    assert found.depth == {("open", "transactional"): 2, ("open", "promotion"): 1}
    assert 30 <= found.oldest_ready < 60
    assert (found.unknown, found.doubtful, found.put_off, found.pauses) == (0, 1, 1, ["class:promotion"])
    assert (await quota.usage(posting.ZONE)).waiting == 3


async def test_it_knows_when_something_may_change() -> None:
    assert await claims.next_at() is None
    row_id = await posting.push(TANAKA)
    await database.run("UPDATE outbox SET try_at = now() + interval '1 hour' WHERE id = $1", row_id)
    assert await claims.next_at() == (await posting.outbox_row(row_id))["try_at"]
