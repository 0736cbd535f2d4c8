"""Claiming outbox rows: who may go, at what cost, and in which order to one friend (DELIVERY 13, 14)."""

import asyncio
from datetime import timedelta

import orjson
import pytest

from storage import clock, database, pauses, quota
from storage.outbox import claims, ends
from tests.jobs import posting
from tests.storage import claiming

pytestmark = pytest.mark.usefixtures("db")


async def test_it_claims_in_order_of_priority_then_age_and_no_more_than_asked() -> None:
    late, first = await posting.push(claiming.TANAKA), await posting.push(claiming.SATO, priority=2)
    third = await posting.push(claiming.SUZUKI)

    assert await claiming.claimed_ids(push=2) == [first, late]
    assert await claiming.claimed_ids(push=2) == [third]
    assert await claiming.claimed_ids(push=2) == []


async def test_it_hands_over_what_is_to_be_sent_and_commits_the_attempt_and_the_cost() -> None:
    row_id = await posting.multicast([claiming.TANAKA, claiming.SATO], "お知らせ")

    [row] = await claiming.claim()

    stored = await posting.outbox_row(row_id)
    assert (row.id, row.recipients, row.body) == (row_id, [claiming.TANAKA, claiming.SATO], stored["body"])
    assert row.retry_key == stored["retry_key"]
    assert orjson.loads(row.body) == [posting.text("お知らせ")]
    assert (stored["state"], stored["attempts"]) == ("sending", 1)
    assert stored["attempted_at"] is not None
    assert stored["lease_until"] is not None
    assert await posting.used() == 2


async def test_it_never_gives_one_row_to_two() -> None:
    rows = [await posting.push(f"U{n:032x}") for n in range(40)]

    taken = await asyncio.gather(*(claiming.claimed_ids(push=15) for _ in range(8)))

    ids = [row_id for part in taken for row_id in part]
    assert len(ids) == len(set(ids))
    ids += await claiming.claimed_ids()
    assert sorted(ids) == sorted(rows)


async def test_it_takes_no_more_than_the_month_allows_however_many_claim_at_once() -> None:
    await quota.record(posting.ZONE, 25, 0)
    for n in range(60):
        await posting.push(f"U{n:032x}")

    taken = await asyncio.gather(*(claiming.claimed_ids(push=10) for _ in range(8)))

    assert sum(map(len, taken)) + len(await claiming.claimed_ids()) == 25
    assert await posting.used() == 25


async def test_it_waits_for_a_claim_not_yet_committed_before_it_counts_what_is_left_of_the_month() -> None:
    await quota.record(posting.ZONE, 1, 0)
    first, second = await posting.push(claiming.TANAKA), await posting.push(claiming.SATO)
    claimed, commit = asyncio.Event(), asyncio.Event()

    async def slowly() -> list[int]:
        async with database.transaction():
            found = await claiming.claimed_ids([first])
            claimed.set()
            await commit.wait()
            return found

    slow = asyncio.create_task(slowly())
    await claimed.wait()
    other = asyncio.create_task(claiming.claimed_ids([second]))
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
    booking = await posting.push(claiming.TANAKA, klass="transactional", priority=9)

    assert await claiming.claimed_ids(push=3) == promotions[:2]
    assert await claiming.claimed_ids(push=2) == [booking]
    assert await claiming.claimed_ids() == []


async def test_it_lets_what_the_month_can_pay_pass_what_it_cannot() -> None:
    await quota.record(posting.ZONE, 1, 0)
    await posting.multicast([claiming.TANAKA, claiming.SATO])
    await posting.push(claiming.TANAKA, cost=2)
    cheap = await posting.push(claiming.SUZUKI)

    assert await claiming.claimed_ids(push=1, multicast=1) == [cheap]


async def test_it_takes_from_the_month_of_the_accounts_own_zone_and_carries_the_limit_over() -> None:
    await quota.record(posting.ZONE, 100, 0)
    await quota.keep(posting.ZONE, 30)
    # 1 December 01:00 in Tokyo, still November in Greenwich; or the next such change of months
    now = await clock.now()
    first = (now.replace(day=1) + timedelta(days=62)).replace(day=1, hour=0, minute=0, second=0)
    await clock.move(first - timedelta(hours=8))
    await posting.push(claiming.TANAKA)

    await claiming.claim()

    found = await quota.usage(posting.ZONE)
    assert (found.month, found.used) == (first.strftime("%Y-%m"), 1)
    assert (found.allowed, found.reserve) == (100, 30)


@pytest.mark.parametrize("state", ["paused", "draft"])
async def test_it_holds_promotions_of_a_scenario_that_is_not_live(state: str) -> None:
    cause = await posting.add_scenario(state)
    await posting.push(claiming.TANAKA, klass="promotion", cause=cause)
    answer = await posting.push(claiming.SATO, klass="transactional", cause=cause)

    assert await claiming.claimed_ids() == [answer]


async def test_it_holds_promotions_of_a_deleted_scenario_and_of_a_stopped_operation() -> None:
    deleted = await posting.add_scenario()
    await database.run("UPDATE scenarios SET deleted_at = now()")
    await posting.push(claiming.TANAKA, klass="promotion", cause=deleted)
    await posting.push(claiming.SATO, klass="promotion", cause=await posting.add_operation("stopped"))
    running = await posting.push(claiming.SUZUKI, klass="promotion", cause=await posting.add_operation())

    assert await claiming.claimed_ids() == [running]


async def test_it_closes_a_push_to_a_friend_who_has_blocked_us_and_takes_nothing_for_it() -> None:
    row_id = await posting.push(claiming.TANAKA)
    await posting.add_friend(claiming.TANAKA, blocked=True)

    assert await claiming.claimed_ids() == []
    assert await posting.state(row_id) == "cancelled"
    assert await posting.delivery_states(row_id) == ["cancelled"]
    assert await posting.used() == 0


async def test_it_obeys_each_stop_and_staffs_replies_obey_the_channels_alone() -> None:
    promotion = await posting.multicast([claiming.TANAKA], klass="promotion", cause=await posting.add_scenario())
    answer = await posting.push(claiming.SATO)
    talk = await posting.reply(claiming.SUZUKI, "other", [[posting.text("はい")]])
    staffs = await posting.reply(claiming.GROUP, "token", [[posting.text("はい")]], klass="staff")
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
        rows = await claiming.claim()
        assert {row.id for row in rows} == passing, scope
        await claiming.end(rows, ends.LAPSED)
        await pauses.lift(scope)


async def test_it_forgets_a_rest_that_is_over_by_itself() -> None:
    row_id = await posting.push(claiming.TANAKA)
    await pauses.slow("push", 30)
    assert await claiming.claimed_ids() == []
    await database.run("UPDATE pauses SET until = now() - interval '1 second'")
    assert await claiming.claimed_ids() == [row_id]


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
    await posting.push(claiming.TANAKA)
    mine = await posting.push(claiming.SATO)

    assert await claiming.claimed_ids([mine, 999]) == [mine]


async def test_it_probes_a_failing_endpoint_with_one_row_and_rather_one_in_doubt_already() -> None:
    doubt, fresh = await posting.push(claiming.TANAKA, priority=9), await posting.push(claiming.SATO, priority=1)
    await claiming.end(await claiming.claim([doubt]), ends.DOUBT)
    await posting.waited(0)
    await pauses.outage("push", 1)
    assert await claiming.claimed_ids() == []

    assert [row.id for row in await claims.probe(posting.ZONE, ["push"], claiming.LEASES)] == [doubt]
    assert [row.id for row in await claims.probe(posting.ZONE, ["push"], claiming.LEASES)] == [fresh]
    assert await claims.probe(posting.ZONE, ["push"], claiming.LEASES) == []


# Rule 14: order among rows to the same friend


async def test_it_starts_a_later_row_only_after_the_earlier_ones_attempt_has_ended() -> None:
    first = await posting.push(claiming.TANAKA)
    second = await posting.push(claiming.TANAKA, after=[first])

    rows = await claiming.claim()
    assert [row.id for row in rows] == [first]
    assert await claiming.claimed_ids() == []
    await claiming.end(rows, ends.ACCEPTED)
    assert await claiming.claimed_ids() == [second]


async def test_it_keeps_the_order_of_rows_that_have_both_waited_long_in_a_queue() -> None:
    first = await posting.multicast([claiming.TANAKA])
    second = await posting.push(claiming.TANAKA, after=[first])
    await posting.waited(60)

    rows = await claiming.claim(push=10)
    assert rows == []
    rows = await claiming.claim()
    assert [row.id for row in rows] == [first]
    # a slow first attempt is still an attempt under way
    assert await claiming.claimed_ids() == []
    await claiming.end(rows, ends.ACCEPTED)
    assert await claiming.claimed_ids() == [second]


@pytest.mark.parametrize("trouble", ["paused", "delayed", "retrying", "held by its cause", "lease ran out"])
async def test_it_lets_others_pass_a_row_in_trouble_after_ten_seconds(trouble: str) -> None:
    cause = await posting.add_scenario("paused" if trouble == "held by its cause" else "live")
    stuck = await posting.multicast([claiming.TANAKA, claiming.SATO], cause=cause)
    later = await posting.push(claiming.TANAKA, after=[stuck], cause=cause, klass="transactional")
    if trouble == "paused":
        await pauses.hold("endpoint:multicast", "rate")
    elif trouble == "delayed":
        await database.run("UPDATE outbox SET try_at = now() + interval '1 hour' WHERE id = $1", stuck)
    elif trouble == "retrying":
        await claiming.end(await claiming.claim(multicast=1), ends.DOUBT, pause=3600)
    elif trouble == "lease ran out":
        await claiming.claim(multicast=1)
        await posting.lose_leases()

    assert await claiming.claimed_ids(push=9) == []
    await database.run("UPDATE outbox SET ready_at = ready_at - interval '9 seconds'")
    assert await claiming.claimed_ids(push=9) == []
    await database.run("UPDATE outbox SET ready_at = ready_at - interval '2 seconds'")
    assert await claiming.claimed_ids(push=9) == [later]


async def test_it_holds_back_a_reply_for_earlier_replies_of_its_own_chat_only() -> None:
    first = await posting.reply(claiming.TANAKA, "one", [[posting.text("一")]])
    second = await posting.reply(claiming.TANAKA, "two", [[posting.text("二")]])
    other = await posting.reply(claiming.SATO, "three", [[posting.text("三")]])

    rows = await claiming.claim()
    assert [row.id for row in rows] == [first, other]
    await claiming.end(rows, ends.ACCEPTED)
    assert await claiming.claimed_ids() == [second]


async def test_it_never_lets_two_rows_with_one_reply_token_overlap() -> None:
    whole = await posting.reply(claiming.TANAKA, "token", [[posting.text("一")], [posting.text("二")]])
    [row] = await claiming.claim()
    pieces = [ends.Piece(whole, row.attempt, b"[]", delivery, 1) for delivery, _ in row.parts]
    first, second = await ends.unpack(posting.ZONE, [ends.Verdict(whole, row.attempt, "unpack")], pieces)

    rows = await claiming.claim()
    assert [one.id for one in rows] == [first]
    await claiming.end(rows, ends.DOUBT, pause=3600)
    await database.run("UPDATE outbox SET ready_at = ready_at - interval '1 minute'")
    assert await claiming.claimed_ids() == []
    await database.run("UPDATE outbox SET state = 'accepted' WHERE id = $1", first)
    assert await claiming.claimed_ids() == [second]


async def test_it_gives_the_halves_of_a_multicast_their_parents_place_and_bond() -> None:
    users = [f"U{n:032x}" for n in range(5)]
    whole = await posting.multicast(users)
    later = await posting.push(users[4], after=[whole])
    other = await posting.multicast([claiming.SATO])
    [row] = await claiming.claim(multicast=1)

    halves = await ends.bisect(posting.ZONE, [ends.Verdict(whole, row.attempt, "bisect")])

    found = [await posting.outbox_row(one) for one in halves]
    assert [one["recipients"] for one in found] == [users[:2], users[2:]]
    assert [one["cost"] for one in found] == [2, 3]
    assert len({row.retry_key, *(one["retry_key"] for one in found)}) == 3
    assert await posting.state(whole) == "split"
    assert await posting.used() == 0
    assert await claiming.claimed_ids(push=9) == []
    rows = await claiming.claim(multicast=2)
    assert [one.id for one in rows] == halves
    assert await claiming.claimed_ids(multicast=2) == [other]
    await claiming.end(rows, ends.ACCEPTED)
    assert await posting.delivery_states(whole) == ["accepted"] * 5
    assert await claiming.claimed_ids() == [later]
