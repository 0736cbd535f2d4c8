"""The inbox holds every event once and gives it out chat by chat."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from storage import clock, database, inbox
from storage.inbox import Incoming

pytestmark = pytest.mark.usefixtures("db")

CAFE = "Ccafe"
YUKI = "Uyuki"
KEN = "Uken"


def incoming(event_id: str, chat: str = YUKI, at: datetime | None = None, **more: object) -> Incoming:
    return Incoming(event_id, chat, at or datetime.now(UTC), b'{"type":"message"}', **more)  # type: ignore[arg-type]


async def stored(event_id: str) -> inbox.InboxEvent:
    return await inbox.InboxEvent.get(webhook_event_id=event_id)


async def taken(*chats: str) -> list[str]:
    return [event.webhook_event_id for event in await inbox.oldest(chats)]


async def age(event_id: str, by: timedelta) -> None:
    """Let an event have happened, come in and been done that much earlier."""
    await database.run(
        "UPDATE inbox SET event_at = event_at - $2::interval, received_at = received_at - $2::interval,"
        " done_at = done_at - $2::interval WHERE webhook_event_id = $1",
        event_id,
        by,
    )


async def test_it_stores_a_group_of_events_and_names_the_chats_with_work() -> None:
    at = datetime(2026, 11, 23, 9, 30, 0, 123000, tzinfo=UTC)
    chats = await inbox.insert([incoming("a", YUKI), incoming("b", KEN), incoming("c", YUKI)])
    assert sorted(chats) == [KEN, YUKI]
    await inbox.insert([Incoming("d", CAFE, datetime.now(UTC), b"\x00\xff\x80")])
    assert (await stored("d")).body == b"\x00\xff\x80"
    await inbox.insert([incoming("e", at=datetime.now(UTC).replace(microsecond=123000))])
    assert (await stored("e")).event_at.microsecond == at.microsecond
    assert (await stored("e")).attempts == 1


async def test_it_keeps_the_first_of_events_with_one_id() -> None:
    first = Incoming("a", YUKI, datetime.now(UTC), b"first")
    assert await inbox.insert([first, Incoming("a", YUKI, datetime.now(UTC), b"second")]) == [YUKI]
    assert await inbox.insert([Incoming("a", YUKI, datetime.now(UTC), b"third")]) == []
    assert await inbox.InboxEvent.all().count() == 1
    assert (await stored("a")).body == b"first"


async def test_it_takes_three_copies_at_once_as_one() -> None:
    heard = await asyncio.gather(*(inbox.insert([incoming("a"), incoming("b")]) for _ in range(3)))
    assert sum(bool(chats) for chats in heard) == 1
    assert await inbox.InboxEvent.all().count() == 2


async def test_it_counts_receipt_in_business_time() -> None:
    await clock.move(await clock.now() + timedelta(days=3))
    await inbox.insert([incoming("a")])
    assert abs((await stored("a")).received_at - await clock.now()) < timedelta(seconds=5)


async def test_it_keeps_the_time_of_receipt_when_the_commit_was_late() -> None:
    await inbox.insert([incoming("a", arrived=time.monotonic() - 30)])
    late = await clock.now() - (await stored("a")).received_at
    assert timedelta(seconds=29) < late < timedelta(seconds=35)


async def test_it_gives_an_event_without_a_time_that_of_its_receipt() -> None:
    await inbox.insert([Incoming("a", YUKI, None, b"{}")])
    event = await stored("a")
    assert event.event_at == event.received_at


async def test_it_lets_a_redelivery_refresh_an_open_event() -> None:
    await inbox.insert([incoming("a")])
    await age("a", timedelta(minutes=5))
    assert await inbox.insert([incoming("a", redelivered=True)]) == [YUKI]
    event = await stored("a")
    assert await clock.now() - event.received_at < timedelta(seconds=5)
    assert await clock.now() - event.event_at > timedelta(minutes=4)


async def test_it_refreshes_nothing_for_a_mere_duplicate() -> None:
    await inbox.insert([incoming("a")])
    await age("a", timedelta(minutes=5))
    assert await inbox.insert([incoming("a")]) == []
    assert await clock.now() - (await stored("a")).received_at > timedelta(minutes=4)


async def test_it_refreshes_nothing_later_than_twenty_minutes_after_the_event() -> None:
    await inbox.insert([incoming("a")])
    await age("a", timedelta(minutes=21))
    assert await inbox.insert([incoming("a", redelivered=True)]) == []
    assert await clock.now() - (await stored("a")).received_at > timedelta(minutes=20)


async def test_it_refreshes_nothing_that_is_done() -> None:
    await inbox.insert([incoming("a")])
    await inbox.done([(await stored("a")).id])
    await age("a", timedelta(minutes=5))
    assert await inbox.insert([incoming("a", redelivered=True)]) == []
    assert await clock.now() - (await stored("a")).received_at > timedelta(minutes=4)


async def test_it_stores_what_is_older_than_the_ids_kept_without_opening_it() -> None:
    week = timedelta(days=7)
    now = await clock.now()
    await inbox.insert([incoming("old", at=now - week - timedelta(minutes=1))])
    await inbox.insert([incoming("young", KEN, at=now - week + timedelta(minutes=1))])
    assert (await stored("old")).state == "stale"
    assert (await stored("young")).state == "open"
    assert await taken(YUKI, KEN) == ["young"]


async def test_it_opens_no_event_of_another_account() -> None:
    assert await inbox.insert([incoming("a", state="foreign")]) == []
    assert await taken(YUKI) == []
    assert (await stored("a")).state == "foreign"


@pytest.mark.parametrize("chat", ["U\0", "U\ud800", "U" * 65])
async def test_it_says_which_rows_postgresql_refuses_without_quoting_them(chat: str) -> None:
    with pytest.raises(inbox.Unfit) as refused:
        await inbox.insert([incoming("a"), incoming("b", chat)])
    assert str(refused.value) == ""
    assert await inbox.InboxEvent.all().count() == 0


async def test_it_gives_the_oldest_open_event_of_each_chat() -> None:
    now = datetime.now(UTC)
    await inbox.insert(
        [
            incoming("b", YUKI, now),
            incoming("a", YUKI, now),
            incoming("c", YUKI, now - timedelta(seconds=1)),
            incoming("d", KEN, now - timedelta(seconds=2)),
            incoming("e", CAFE, now - timedelta(seconds=9)),
        ]
    )
    assert await taken(YUKI, KEN, "Unobody") == ["d", "c"]
    await inbox.done([(await stored("c")).id])
    assert await taken(YUKI) == ["a"]
    await inbox.done([(await stored("a")).id])
    assert await taken(YUKI) == ["b"]


async def test_it_gives_the_event_with_its_bytes_and_times() -> None:
    at = datetime.now(UTC).replace(microsecond=0)
    await inbox.insert([Incoming("a", YUKI, at, b'{"x":1}')])
    (event,) = await inbox.oldest([YUKI])
    assert event.body == b'{"x":1}'
    assert (event.event_at, event.chat, event.attempts, event.error) == (at, YUKI, 1, None)
    assert event.received_at >= at


async def test_it_locks_a_lane_for_one_transaction_and_never_waits() -> None:
    holding, let_go = asyncio.Event(), asyncio.Event()

    async def first() -> set[str]:
        async with database.transaction():
            got = await inbox.lock([YUKI, CAFE])
            holding.set()
            await let_go.wait()
            return got

    async def second() -> set[str]:
        async with database.transaction():
            return await inbox.lock([YUKI, KEN])

    holder = asyncio.create_task(first())
    await holding.wait()
    assert await asyncio.wait_for(second(), 5) == {KEN}
    let_go.set()
    assert await holder == {YUKI, CAFE}
    assert await second() == {YUKI, KEN}


async def test_it_finds_the_chats_left_over_longest_waiting_first() -> None:
    await inbox.insert([incoming("a", YUKI), incoming("b", KEN), incoming("c", CAFE), incoming("d", "Udone")])
    for event_id, seconds in (("a", 20), ("b", 60), ("d", 90)):
        await age(event_id, timedelta(seconds=seconds))
    await inbox.done([(await stored("d")).id])
    assert await inbox.open_chats(10, 5) == [KEN, YUKI]
    assert await inbox.open_chats(10, 1) == [KEN]
    assert await inbox.open_chats(0, 5) == [KEN, YUKI, CAFE]


async def test_it_counts_attempts_of_open_events_only() -> None:
    await inbox.insert([incoming("a"), incoming("b", KEN)])
    a, b = (await stored("a")).id, (await stored("b")).id
    await inbox.done([b])
    assert await inbox.count_attempt([a, b]) == {a: 2}
    assert await inbox.count_attempt([a]) == {}  # the first one may still be going on
    await database.run("UPDATE inbox SET tried_at = tried_at - interval '16 s'")
    assert await inbox.count_attempt([a]) == {a: 3}


async def test_it_takes_back_the_attempts_of_those_who_live() -> None:
    await inbox.insert([incoming("a")])
    a = (await stored("a")).id
    await inbox.count_attempt([a])
    assert await inbox.open_chats(0, 5, tried=False) == []
    await inbox.survived([a])
    assert await inbox.open_chats(0, 5, tried=False) == [YUKI]
    assert (await stored("a")).attempts == 1


async def test_it_keeps_a_counted_attempt_when_the_work_is_rolled_back() -> None:
    await inbox.insert([incoming("a")])
    a = (await stored("a")).id
    await inbox.count_attempt([a])

    async def fail() -> None:
        async with database.transaction():
            await inbox.done([a])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    event = await stored("a")
    assert (event.attempts, event.state) == (2, "open")


async def test_it_parks_an_event_and_lets_the_next_of_its_chat_pass() -> None:
    now = datetime.now(UTC)
    await inbox.insert([incoming("a", at=now), incoming("b", at=now + timedelta(seconds=1))])
    a = (await stored("a")).id
    await inbox.park(a, "KeyError\0 \ud800" + "x" * 1000)
    assert await taken(YUKI) == ["b"]
    event = await stored("a")
    assert event.state == "parked"
    assert event.error is not None
    assert event.error.startswith("KeyError\ufffd ?xxx")
    assert len(event.error) == inbox.ERROR_LENGTH


async def test_it_opens_a_parked_event_again() -> None:
    await inbox.insert([incoming("a"), incoming("b", KEN)])
    a, b = (await stored("a")).id, (await stored("b")).id
    await inbox.count_attempt([a])
    await inbox.park(a, "KeyError")
    await inbox.requeue([a, b])
    (event,) = await inbox.oldest([YUKI])
    assert (event.attempts, event.error) == (1, None)
    assert (await stored("b")).state == "open"


async def test_it_drops_only_what_is_parked() -> None:
    await inbox.insert([incoming("a"), incoming("b", KEN)])
    a, b = (await stored("a")).id, (await stored("b")).id
    await inbox.park(a, "KeyError")
    assert await inbox.drop([a, b]) == [a]
    assert ((await stored("a")).state, (await stored("b")).state) == ("dropped", "open")
    await age("a", timedelta(days=7, minutes=1))
    assert await inbox.purge(10) == 1


async def test_it_finishes_nothing_that_is_parked() -> None:
    await inbox.insert([incoming("a")])
    a = (await stored("a")).id
    await inbox.park(a, "KeyError")
    await inbox.done([a])
    assert (await stored("a")).state == "parked"


async def test_it_purges_only_what_is_finished_and_seven_days_old() -> None:
    await inbox.insert([incoming(name, chat=f"U{name}") for name in ("done", "new", "open", "parked")])
    await inbox.insert([incoming("foreign", state="foreign")])
    await inbox.done([(await stored("done")).id, (await stored("new")).id])
    await inbox.park((await stored("parked")).id, "KeyError")
    for name in ("done", "open", "parked", "foreign"):
        await age(name, timedelta(days=7, minutes=1))
    await age("new", timedelta(days=6))
    assert await inbox.purge(1) == 1
    assert await inbox.purge(10) == 1
    assert await inbox.purge(10) == 0
    assert sorted([event.webhook_event_id for event in await inbox.InboxEvent.all()]) == ["new", "open", "parked"]


async def test_it_never_takes_a_purged_event_for_a_new_one() -> None:
    """LINE's clock may be ahead of ours: such an event outlives its seven days until a repetition is stale."""
    ahead = datetime.now(UTC) + timedelta(hours=1)
    await inbox.insert([incoming("a", at=ahead)])
    await inbox.done([(await stored("a")).id])
    await clock.move(datetime.now(UTC) + timedelta(days=7, minutes=30))
    assert await inbox.purge(10) == 0
    await clock.move(datetime.now(UTC) + timedelta(days=7, minutes=90))
    assert await inbox.purge(10) == 1
    await inbox.insert([incoming("a", at=ahead)])
    assert (await stored("a")).state == "stale"
