"""Lanes: one event of a chat at a time, oldest first; a failing event holds up nobody, a repeated one does nothing."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from bot import lanes, opening, wiring
from storage import clock, database, inbox, staff
from tests.jobs import engine, statements
from tests.simulator import control


async def until(check: Callable[[], Awaitable[Any]], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await check():
            await asyncio.sleep(0.02)


async def states() -> list[tuple[str, int]]:
    found = await database.rows("SELECT state, count(*) AS n FROM inbox GROUP BY 1 ORDER BY 1")
    return [(row["state"], row["n"]) for row in found]


def event(number: int, user: str, kind: str, milliseconds: int, **rest: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "mode": "active",
        "timestamp": milliseconds,
        "webhookEventId": f"01TEST{number:020}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": user},
    } | rest


async def put_in(*given: dict[str, Any]) -> None:
    """Events straight into the inbox, as a process that died right after its commit leaves them."""
    now = await clock.now()
    for one in given:
        at = now + timedelta(milliseconds=one["timestamp"])
        body = orjson.dumps(one | {"timestamp": int(at.timestamp() * 1000)})
        await inbox.insert([inbox.Incoming(one["webhookEventId"], one["source"]["userId"], at, body)])


ANNA, BEN = f"U{1:032x}", f"U{2:032x}"


async def test_it_works_off_a_chats_events_oldest_first_whatever_order_they_came_in(house: wiring.House) -> None:
    await engine.add_greeting("new", [engine.say("ようこそ")])
    await engine.add_greeting("returning", [engine.say("おかえりなさい")])
    await put_in(
        event(3, ANNA, "follow", -1000),
        event(2, ANNA, "unfollow", -2000),
        event(1, ANNA, "follow", -3000),
    )
    await house.lanes.start()
    await house.lanes.settle()
    await house.lanes.stop()
    kinds = [row["kind"] for row in await database.rows("SELECT kind FROM friend_events ORDER BY id")]
    assert kinds == ["followed", "blocked", "returned"]
    assert await states() == [("done", 3)]


async def test_it_does_nothing_twice_when_the_same_webhook_comes_three_times_at_once(
    bot: wiring.House, channel: control.Channel
) -> None:
    await engine.add_greeting("new", [engine.say("ようこそ")])
    await channel.duplicate_webhooks(times=3, parallel=True)
    anna = await channel.user("杏奈")
    await anna.follow()
    await anna.sees("ようこそ")
    await bot.lanes.settle()
    await bot.sender.settle()
    assert await anna.texts() == ["ようこそ"]
    assert await states() == [("done", 1)]


async def test_it_parks_a_poison_event_after_one_retry_and_lets_everybody_else_pass(house: wiring.House) -> None:
    await engine.add_greeting("new", [engine.say("ようこそ")])
    await put_in(*[event(n, f"U{n:032x}", "follow", -5000 + n) for n in range(1, 8)], event(8, BEN, "message", -1))
    poisoned = await database.value("SELECT id FROM inbox WHERE chat = $1 ORDER BY id LIMIT 1", BEN)
    # its greeting's delivery stands already, for a friend not yet born: whatever tries it must fail
    await database.run(
        "INSERT INTO deliveries (cause, friend_id, state, at)"
        " SELECT $1, n, 'none', now() FROM generate_series(1, 999) n",
        f"event:{poisoned}:1",
    )
    await house.lanes.start()
    await house.lanes.settle()

    async def settled() -> bool:
        return ("open", 1) not in await states() and await states() != []

    await until(settled)
    await house.lanes.stop()
    assert await states() == [("done", 7), ("parked", 1)]
    parked = await database.row("SELECT id, attempts, error, what FROM inbox WHERE state = 'parked'")
    assert parked == {"id": poisoned, "attempts": 2, "error": "IntegrityError", "what": "Followed"}
    assert await database.value("SELECT count(*) FROM friends WHERE following") == 6


async def test_it_tries_once_again_what_fails_after_a_process_has_died(house: wiring.House) -> None:
    await put_in(event(1, ANNA, "follow", -1000))
    await database.run("CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'broken'; END $$")
    await database.run("CREATE TRIGGER fault BEFORE INSERT ON friends FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        await house.lanes.sweep(0)
        assert await states() == [("open", 1)]
    finally:
        await database.run("DROP FUNCTION fault CASCADE")
    await house.lanes.sweep(0)
    assert await states() == [("done", 1)]


async def test_it_counts_an_attempt_before_the_work_and_gives_up_on_what_kills_each_time(house: wiring.House) -> None:
    await put_in(event(1, ANNA, "follow", -1000))
    await database.run("UPDATE inbox SET attempts = 3")
    assert await house.lanes.sweep(0) == 1
    assert await states() == [("parked", 1)]


async def test_it_takes_up_what_a_dead_process_has_left(house: wiring.House) -> None:
    await put_in(event(1, ANNA, "follow", -1000))
    assert await house.lanes.sweep(3600) == 0
    assert await house.lanes.sweep(0) == 1
    assert await database.value("SELECT following FROM friends WHERE line_user_id = $1", ANNA)


async def test_it_gives_up_on_nothing_that_others_only_wait_for(house: wiring.House, channel: control.Channel) -> None:
    await put_in(event(1, ANNA, "follow", -5000))
    await channel.fault("latency", "profile", calls=9, latency_ms=900)
    sweeps: list[asyncio.Task[int]] = []
    for number in range(1, 5):
        process = lanes.Lanes(house.line, house.cache, house.sender, opening.Web())
        sweeps.append(asyncio.create_task(process.sweep(0)))

        async def asking(last: asyncio.Task[int] = sweeps[-1], calls: int = number) -> bool:
            return last.done() or len(await channel.calls("profile")) >= calls

        await until(asking)
    assert sum(await asyncio.gather(*sweeps)) == 1
    assert await states() == [("done", 1)]


async def test_it_does_not_count_trouble_of_the_database_against_an_event(house: wiring.House) -> None:
    await put_in(event(1, ANNA, "follow", -1000))
    await database.run(
        "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"
    )
    await database.run("CREATE TRIGGER no_space BEFORE INSERT ON friends FOR EACH ROW EXECUTE FUNCTION no_space()")
    try:
        for _ in range(lanes.INTERRUPTIONS):
            process = lanes.Lanes(house.line, house.cache, house.sender, opening.Web(), patience=0.1)
            await process.sweep(0)
            assert await states() == [("open", 1)]
    finally:
        await database.run("DROP FUNCTION no_space CASCADE")
    await house.lanes.sweep(0)
    assert await states() == [("done", 1)]


async def test_it_gives_staffs_word_a_turn_of_its_own_however_late_it_comes(
    house: wiring.House, channel: control.Channel
) -> None:
    async def employ() -> None:
        await staff.appoint(BEN, "ベン", "owner", await clock.now())

    await database.repeated(employ)
    await put_in(
        event(1, ANNA, "follow", -1000), event(2, BEN, "message", -900, message={"type": "sticker", "id": "1"})
    )
    said = {"type": "text", "id": "2", "text": "/ヘルプ"}
    call = await channel.stop_next()
    sweep = asyncio.create_task(house.lanes.sweep(0))
    assert await call.reached() is not None
    await put_in(event(3, BEN, "message", -2000, message=said))
    await call.release()
    await sweep
    assert await database.value("SELECT following FROM friends WHERE line_user_id = $1", ANNA)
    assert await database.value("SELECT state FROM inbox WHERE webhook_event_id = $1", f"01TEST{3:020}") == "open"


async def test_it_believes_no_time_that_is_yet_to_come(house: wiring.House) -> None:
    century = 100 * 365 * 24 * 3600 * 1000
    await put_in(event(1, ANNA, "follow", century))
    await house.lanes.sweep(0)
    async with database.transaction():
        await clock.move(await clock.now() + timedelta(hours=2))
    await put_in(event(2, ANNA, "unfollow", -10))
    await house.lanes.sweep(0)
    assert await database.value("SELECT blocked_us FROM friends")


async def test_it_leaves_a_lane_to_whoever_works_on_it(house: wiring.House) -> None:
    await put_in(event(1, ANNA, "follow", -1000), event(2, BEN, "follow", -1000))
    async with database.transaction():
        assert await inbox.lock([ANNA]) == {ANNA}
        await asyncio.create_task(house.lanes.sweep(0), context=contextvars.Context())  # another process's connection
        assert await states() == [("done", 1), ("open", 1)]


async def test_it_lets_events_it_does_not_know_pass_and_still_meets_the_person(house: wiring.House) -> None:
    await put_in(
        event(1, ANNA, "beacon", -1000, beacon={"hwid": "x", "type": "enter"}),
        event(2, BEN, "message", -1000, message={"type": "hologram", "id": "1"}, mode="standby"),
    )
    await house.lanes.sweep(0)
    assert await states() == [("done", 2)]
    assert await database.value("SELECT count(*) FROM friends") == 2


async def test_it_answers_a_strangers_slash_like_any_word(bot: wiring.House, channel: control.Channel) -> None:
    anna = await channel.user("杏奈")
    await anna.follow()
    await anna.says("/シナリオ 一覧")
    await bot.lanes.settle()
    await bot.sender.settle()
    assert await anna.seen() == []
    assert await database.value("SELECT count(*) FROM friend_events WHERE kind = 'said'") == 1


@pytest.mark.parametrize("data", ["b=999", "b=0x1", "action=buy&id=1", "b=" + "9" * 290])
async def test_it_answers_a_button_of_unknown_make_politely(
    bot: wiring.House, channel: control.Channel, data: str
) -> None:
    anna = await channel.user("杏奈")
    await anna.follow()
    done = await channel.send_events(
        [event(1, anna.id, "postback", int((await channel.now()).timestamp() * 1000), postback={"data": data})]
    )
    assert done.status == 200
    await bot.lanes.settle()
    await bot.sender.settle()
    assert any("このボタンは今は使えません" in text for text in await anna.texts())


async def test_it_takes_ten_statements_for_a_text_with_a_keyword_rule_and_three_actions(house: wiring.House) -> None:
    [friend] = await engine.add_friends(1)
    on, off = await engine.add_tag("質問"), await engine.add_tag("新規")
    await database.run("INSERT INTO friend_tags (friend_id, tag_id, at) VALUES ($1, $2, now())", friend, off)
    actions = [
        engine.say("{名前}さん、10時からです"),
        {"do": "tag_on", "tags": [on]},
        {"do": "tag_off", "tags": [off]},
    ]
    await engine.add_auto_reply("営業時間", "何時から", actions=actions)
    message = {"type": "text", "id": "1", "text": "何時からですか？"}
    told: list[str] = []
    for number in (1, 2):  # with the first the rules are read
        await put_in(event(number, ANNA, "message", 0, message=message, replyToken=f"token{number}"))

        async def work() -> list[str]:
            with statements.counted() as sent:
                await house.lanes._transaction([ANNA], lanes.Asked())  # noqa: SLF001 - what one transaction asks for
            return sent

        told = await database.repeated(work)
    assert 0 < len(told) <= 10, "\n".join(told)
    replies = [row for row in await engine.outgoing() if row["kind"] == "reply"]
    assert [row["texts"] for row in replies] == [["友だち1さん、10時からです"]] * 2
