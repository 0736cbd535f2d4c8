"""The ledger of the month's messages: whatever becomes of sends, it says what LINE has counted, and for what."""

import random
from datetime import timedelta
from typing import Any, TypedDict

import asyncpg
import pytest

from storage import clock, database, outbox, pauses, quota
from storage.outbox import ends, failed, ledger
from tests import examples
from tests.jobs import delivering, engine, posting
from tests.simulator import control
from tests.storage import claiming


async def entries() -> list[dict[str, Any]]:
    return await database.rows(
        "SELECT month, class, source, operation_id, messages FROM quota_ledger ORDER BY source, month, id"
    )


async def total() -> int:
    return int(await database.value("SELECT coalesce(sum(messages), 0)::int FROM quota_ledger"))


async def sources() -> dict[str, int]:
    found = await database.rows("SELECT source, sum(messages)::int AS messages FROM quota_ledger GROUP BY source")
    return {row["source"]: row["messages"] for row in found}


# What LINE counts

WRONG = ("reset", "error_before", "error_after", "drop_after", "rate_limit", "quota_limit", "bad_request", "forbidden")


class Why(TypedDict):
    cause: str
    klass: str


class Sequence:
    """Sends and mishaps in an order of chance, against a channel whose own count is the truth."""

    def __init__(self, stage: delivering.Stage, chance: random.Random) -> None:
        self.stage = stage
        self.chance = chance
        self.people: list[control.User] = []
        self.groups: list[control.Group] = []
        self.causes: list[str] = []
        self.blocked: set[str] = set()

    async def begin(self) -> None:
        self.people = [await self.stage.friend(f"客{n}") for n in range(6)]
        self.groups = [await self.stage.channel.group(f"組{n}", self.people[: n + 2]) for n in range(2)]
        for group in self.groups:
            await group.invite_bot()
        self.causes = [await posting.add_scenario(), await posting.add_operation(), "command:7:0", posting.EVENT]

    async def act(self) -> None:
        sends = [self.push, self.push, self.multicast, self.multicast, self.to_a_group, self.with_a_stranger]
        answers = [self.reply, self.reply_too_late]
        mishaps = [self.fault, self.fault, self.lose_leases, self.block]
        staff = [self.send_refused_again, self.stop]
        await self.chance.choice([*sends, *answers, *mishaps, *staff, self.stage.work, self.again])()

    @property
    def somebody(self) -> control.User:
        return self.chance.choice(self.people)

    @property
    def why(self) -> Why:
        klass = self.chance.choice(("promotion", "transactional"))
        return {"cause": self.chance.choice(self.causes), "klass": klass}

    async def push(self) -> None:
        await posting.push(self.somebody.id, **self.why)

    async def to_a_group(self) -> None:
        place = self.chance.randrange(2)
        await posting.push(self.groups[place].id, cause="notice:told", cost=place + 2)

    async def multicast(self) -> None:
        them = self.chance.sample(self.people, self.chance.randint(1, len(self.people)))
        await posting.multicast([one.id for one in them], **self.why)

    async def with_a_stranger(self) -> None:
        """LINE refuses the call, which is halved until nobody else is in it."""
        them = [one.id for one in self.people[:3]]
        await posting.multicast([*them, f"U{self.chance.getrandbits(128):032x}"], **self.why)

    async def reply(self) -> None:
        somebody = self.somebody
        if somebody.id not in self.blocked:
            await posting.reply(somebody.id, await self.stage.token(somebody), delivering.texts("一", "二"))

    async def reply_too_late(self) -> None:
        await posting.reply(self.somebody.id, "no such token", delivering.texts("一", "二"))

    async def fault(self) -> None:
        endpoint = self.chance.choice(("push", "multicast", "reply", "*"))
        await self.stage.channel.fault(self.chance.choice(WRONG), endpoint, calls=self.chance.randint(1, 3))

    async def lose_leases(self) -> None:
        await claiming.claim()
        await posting.lose_leases()

    async def block(self) -> None:
        """We never hear of it: webhooks are thrown away here."""
        somebody = self.somebody
        if somebody.id not in self.blocked:
            self.blocked.add(somebody.id)
            await somebody.block()

    async def send_refused_again(self) -> None:
        refused = await database.rows("SELECT id FROM outbox WHERE state = 'refused'")
        await failed.again([row["id"] for row in refused], 100)

    async def stop(self) -> None:
        await outbox.cancel(self.chance.choice(self.causes))

    async def again(self) -> None:
        await self.lift()
        await self.stage.try_again()

    async def lift(self) -> None:
        await database.run("DELETE FROM pauses")

    async def settle(self) -> None:
        """Until nothing is open any more, with nothing in the way."""
        await self.stage.channel.clear_faults()
        for _ in range(10):
            await self.again()
            if not await database.value("SELECT count(*) FROM outbox WHERE state IN ('open', 'sending')"):
                return
        # a call that may have arrived, and is refused ever since
        await ends.close_doubt(posting.ZONE)


@pytest.mark.parametrize("seed", range(examples.many(18)))
async def test_it_is_what_line_has_counted_whatever_becomes_of_sends(stage: delivering.Stage, seed: int) -> None:
    await stage.channel.change(unknown_in_multicast_is_400=True)
    sequence = Sequence(stage, random.Random(seed))
    await sequence.begin()
    for _ in range(40):
        await sequence.act()
    await sequence.settle()

    missed = [one for one in await stage.channel.undelivered() if one.how in ("push", "multicast")]
    unknown = await ledger.in_doubt(posting.ZONE, (await quota.usage(posting.ZONE)).month)
    counted = await stage.channel.used()
    assert await total() <= counted + len(missed) <= await total() + unknown
    assert await posting.used() == await total() + unknown
    accepted = await database.value("SELECT coalesce(sum(cost), 0) FROM outbox WHERE state = 'accepted'")
    assert await total() == accepted > 0


async def test_it_counts_members_of_a_group_everyone_of_many_and_no_reply(stage: delivering.Stage) -> None:
    people = [await stage.friend(f"客{n}") for n in range(4)]
    group = await stage.channel.group("店", people)
    await group.invite_bot()
    await posting.push(group.id, cause="notice:told", cost=4)
    await posting.multicast([one.id for one in people[:3]], cause=await posting.add_scenario())
    await posting.reply(people[0].id, await stage.token(people[0]), delivering.texts("一"))
    await stage.work()

    assert await sources() == {"notice": 4, "scenario:1": 3}
    assert await total() == 7 == await stage.channel.used()
    assert await ledger.of_source("scenario:1", (await quota.usage(posting.ZONE)).month) == (3, 3)
    assert await ledger.of_source("scenario:1", "2020-01") == (0, 3)


async def test_it_counts_once_what_was_taken_at_an_attempt_that_seemed_to_fail(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    await stage.channel.fault("drop_after", "push")
    row = await posting.push(tanaka.id)
    await stage.work()
    assert (await posting.state(row), await total()) == ("open", 0)
    assert await ledger.in_doubt(posting.ZONE, (await quota.usage(posting.ZONE)).month) == 1
    await stage.try_again()

    assert (await posting.state(row), await total()) == ("accepted", 1)
    assert await stage.channel.used() == 1


async def test_it_writes_one_entry_for_a_batch_of_ends_in_their_own_statement(db: str) -> None:
    cause = await posting.add_scenario()
    for n in range(30):
        await posting.push(f"U{n:032x}", klass="promotion", cause=cause)
    rows = await claiming.claim()
    await claiming.end(rows, ends.ACCEPTED)
    await claiming.end(rows, ends.ACCEPTED)

    [entry] = await entries()
    assert (entry["source"], entry["class"], entry["messages"]) == (cause, "promotion", 30)


async def test_it_puts_what_was_taken_over_midnight_into_the_month_that_paid(db: str) -> None:
    now = await clock.now()
    first = (now.replace(day=1) + timedelta(days=62)).replace(day=1, hour=0, minute=0, second=0)
    await clock.move(first - timedelta(hours=9, seconds=30))  # the last minute of a month in Tokyo
    await posting.push(claiming.TANAKA)
    rows = await claiming.claim()
    await clock.move(first - timedelta(hours=8))
    await claiming.end(rows, ends.ACCEPTED)

    [entry] = await entries()
    assert entry["month"] == await database.value("SELECT month FROM quota_months WHERE used = 1")
    assert entry["month"] == (first - timedelta(days=1)).strftime("%Y-%m")


async def test_it_only_grows(db: str) -> None:
    await posting.push(claiming.TANAKA)
    await claiming.end(await claiming.claim(), ends.ACCEPTED)
    for statement in ("UPDATE quota_ledger SET messages = 0", "DELETE FROM quota_ledger"):
        with pytest.raises(asyncpg.RaiseError, match="only added"):
            await database.run(statement)
    await database.run("DELETE FROM outbox")
    assert await total() == 1


# What for


async def test_it_names_what_a_late_answer_was_to(db: str) -> None:
    [friend] = await engine.add_friends(1)
    user = f"U{1:032x}"
    at = {"followed": None, "pressed": None, "auto_reply": 4, "video_completed": 9}
    for place, (kind, subject) in enumerate(at.items()):
        event = await posting.add_event(user, age=40 - place)
        await database.run(
            "INSERT INTO friend_events (friend_id, kind, subject, at) SELECT $1, x, $3::bigint, event_at FROM inbox,"
            " unnest($4::text[]) AS x WHERE id = $2",
            friend,
            event,
            subject,
            [kind, "said"],
        )
        await posting.push(user, cause=f"event:{event}")
    await posting.push(user, cause=f"event:{await posting.add_event(user)}")
    await claiming.end(await claiming.claim(), ends.ACCEPTED)

    assert await sources() == {"greeting": 1, "button": 2, "auto_reply:4": 1, "event": 1}


async def test_a_step_that_was_to_be_a_reply_is_the_scenarios(stage: delivering.Stage) -> None:
    tanaka = await stage.friend()
    scenario = await posting.add_scenario()
    row = await posting.reply(tanaka.id, "no such token", delivering.texts("一通目"))
    walk = await database.value(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, started_at)"
        " VALUES (1, $1, 1, 'active', now()) RETURNING id",
        int(scenario.removeprefix("scenario:")),
    )
    await database.run("UPDATE deliveries SET cause = $2 WHERE outbox_id = $1", row, f"step:{walk}:k1")
    await stage.work()

    assert await sources() == {scenario: 1}


async def test_it_keeps_what_deeds_clicks_and_notices_took(db: str) -> None:
    [friend] = await engine.add_friends(1)
    operation = await posting.add_operation()
    await database.run("UPDATE operations SET audit_id = 12")
    click = await database.value(
        "INSERT INTO link_clicks (link_id, friend_id, at, span, state) VALUES (3, $1, now(), 1, 'done') RETURNING id",
        friend,
    )
    for cause in (operation, "command:15:0", f"click:{click}", "click:99", "notice:usage", "strange"):
        await posting.push(f"U{1:032x}", klass="transactional", cause=cause)
    await claiming.end(await claiming.claim(), ends.ACCEPTED)

    assert await sources() == {"deed:12": 1, "deed:15": 1, "link:3": 1, "link": 1, "notice": 1, "strange": 1}
    assert await ledger.of_operation(int(operation.removeprefix("operation:"))) == 1


# What others send


async def spend(count: int) -> None:
    for n in range(count):
        await posting.push(f"U{n:032x}")
    await claiming.end(await claiming.claim(), ends.ACCEPTED)


async def others() -> int:
    return (await quota.usage(posting.ZONE)).others


async def test_what_others_sent_is_what_line_counts_beyond_the_ledger(db: str) -> None:
    await quota.record(posting.ZONE, 200, 7)
    assert await others() == 7
    await spend(10)
    await quota.record(posting.ZONE, 200, 12)  # LINE's count lags, and leaves out who blocks us
    assert await others() == 7
    await quota.record(posting.ZONE, 200, 37)
    assert await others() == 27
    assert (await quota.usage(posting.ZONE)).used == 37


async def test_what_may_have_been_taken_is_not_put_down_to_others(db: str) -> None:
    first, second, third = [await posting.push(f"U{n:032x}") for n in range(3)]
    await quota.record(posting.ZONE, 200, 0)
    rows = {row.id: row for row in await claiming.claim()}
    await claiming.end([rows[first]], ends.DOUBT)
    await claiming.end([rows[second]], ends.DOUBT)
    await database.run("UPDATE outbox SET state = 'unknown' WHERE id = $1", second)
    assert await posting.states(first, second, third) == ["open", "unknown", "sending"]
    await quota.record(posting.ZONE, 200, 3)
    assert await others() == 0


async def test_an_answer_from_before_the_months_turn_says_nothing_of_this_one(db: str) -> None:
    asked = await clock.now()
    await clock.move(asked + timedelta(days=32))
    await quota.record(posting.ZONE, 200, 150, asked)
    assert (await quota.usage(posting.ZONE)).used == 0
    assert await others() == 0


async def test_line_refuses_a_promotion_in_the_middle_and_a_booking_still_goes(stage: delivering.Stage) -> None:
    """LINE knows what others have sent before we do: the class that it refuses waits, the other goes while it can."""
    await database.run(
        "INSERT INTO groups (line_group_id, name, state, joined_at) VALUES ('C1', '管理', 'claimed', now())"
    )
    people = [await stage.friend(f"客{n}") for n in range(6)]
    await quota.record(posting.ZONE, 5, 0)
    await stage.channel.change(quota=4)
    promotions = [await posting.multicast([one.id for one in people[at : at + 2]], klass="promotion") for at in (0, 2)]
    await posting.push(people[0].id)
    await stage.work()

    assert sorted(await posting.states(*promotions)) == ["accepted", "open"]
    assert [one.scope for one in await pauses.held()] == ["quota:promotion"]
    booking = await posting.push(people[5].id, "ご予約の件")
    await stage.try_again()
    assert await posting.state(booking) == "accepted"
    last = await posting.push(people[4].id, "もう一件")
    await stage.try_again()
    assert await posting.state(last) == "open"
    told = await database.rows("SELECT cause FROM outbox WHERE state = 'waiting' ORDER BY cause")
    assert [row["cause"] for row in told] == ["notice:quota:promotion", "notice:quota:transactional"]
    assert await total() == 4 == await stage.channel.used() == await posting.used()


async def test_what_others_sent_counts_towards_the_ceiling_of_promotions_and_no_further(db: str) -> None:
    await quota.record(posting.ZONE, 20, 0)
    await quota.keep(posting.ZONE, 5)
    await quota.record(posting.ZONE, 20, 12)  # by other hands
    too_many = await posting.multicast([f"U{n:032x}" for n in range(4)], klass="promotion")
    fitting = await posting.multicast([f"U{n:032x}" for n in range(3)], klass="promotion")

    assert await claiming.claimed_ids() == [fitting]
    assert await claiming.claimed_ids() == []
    bookings = [await posting.push(f"U{n:032x}", klass="transactional", priority=9) for n in range(6)]
    assert await claiming.claimed_ids() == bookings[:5]
    await quota.keep(posting.ZONE, 0)
    assert await claiming.claimed_ids() == []
    assert await posting.states(too_many, bookings[5]) == ["open", "open"]


async def test_what_answers_customers_takes_what_is_left_before_promotions_do(db: str) -> None:
    await quota.record(posting.ZONE, 8, 0)
    await quota.keep(posting.ZONE, 5)
    await posting.multicast([f"U{n:032x}" for n in range(3)], klass="promotion")
    bookings = [await posting.push(f"U{n:032x}", klass="transactional", priority=9) for n in range(6)]

    assert await claiming.claimed_ids() == bookings
