"""Alarms: what stands still is told once, and what nobody has heard is pushed to one person, once."""

from collections.abc import AsyncIterator

import pytest

from bot import wiring
from jobs import alarms
from storage import database, outbox, pauses, quota
from tests.admin_commands.shop import SATO, YAMADA, Shop, open_in_the_morning
from tests.jobs import delivering, posting
from tests.simulator import control
from tests.stories.test_first_evening import claimed_group


@pytest.fixture
async def yamada(db: str) -> str:
    """The owner, a friend of the account, and the group where managers work."""
    await open_in_the_morning()
    await Shop().claim()
    await posting.add_friend(YAMADA)
    await database.run("UPDATE friends SET following = true")
    return YAMADA


async def look() -> list[int]:
    return await database.repeated(lambda: alarms.look(posting.ZONE))


async def unheard_for(minutes: float) -> None:
    await database.run(
        "UPDATE outbox SET ready_at = ready_at - $1 * interval '1 minute' WHERE state = 'waiting'", minutes
    )


async def standing_for(minutes: float) -> None:
    await database.run("UPDATE alarms SET since = since - $1 * interval '1 minute'", minutes)


async def waiting() -> list[str]:
    found = await database.rows("SELECT cause FROM outbox WHERE state = 'waiting' ORDER BY id")
    return [row["cause"] for row in found]


async def test_it_pushes_one_message_to_one_person_when_nobody_has_heard(yamada: str) -> None:
    await outbox.notice("refused", "届かなかったメッセージがあります。")
    assert await look() == []
    await unheard_for(4)
    [row] = await look()
    pushed = await posting.outbox_row(row)
    assert (pushed["chat"], pushed["kind"], pushed["cost"]) == (yamada, "push", 1)
    assert "届かなかった" in pushed["body"].decode()
    assert "1通使って" in pushed["body"].decode()
    await unheard_for(60)
    assert await look() == []
    assert await waiting() == ["notice:refused"]


async def test_it_pushes_nothing_that_somebody_has_heard_or_that_can_wait(yamada: str) -> None:
    await outbox.notice("refused", "届かなかった")
    await outbox.notice("restored", "控えから戻した")
    await database.run("UPDATE outbox SET state = 'folded' WHERE cause = 'notice:refused'")
    await unheard_for(60)
    assert await look() == []


@pytest.mark.parametrize("scope", ["all", "channel", "class:transactional", "outage:push"])
async def test_it_keeps_a_push_for_later_that_could_not_leave(yamada: str, scope: str) -> None:
    await outbox.notice("unknown", "届いたか分からない")
    await unheard_for(4)
    await pauses.hold(scope, "staff")
    assert await look() == []
    await pauses.lift(scope)
    assert len(await look()) == 1


async def test_it_spends_no_message_that_the_month_does_not_have(yamada: str) -> None:
    await quota.record(posting.ZONE, 10, 10)
    await outbox.notice("refused", "届かなかった")
    await unheard_for(4)
    assert await look() == []


async def test_it_is_not_silenced_by_promotions_that_wait(yamada: str) -> None:
    """What they would take is not taken yet; an alarm goes before them."""
    await quota.record(posting.ZONE, 10, 5)
    for number in range(5):
        await posting.push(f"U{number}", klass="promotion")
    await outbox.notice("refused", "届かなかった")
    await unheard_for(4)
    assert len(await look()) == 1


async def test_it_pushes_to_nobody_who_has_not_added_the_account(yamada: str) -> None:
    await outbox.notice("refused", "届かなかった")
    await unheard_for(4)
    await database.run("UPDATE friends SET blocked_us = true")
    assert await look() == []
    await database.run("UPDATE friends SET blocked_us = false")
    assert len(await look()) == 1


async def test_it_pushes_to_whoever_is_on_duty_and_else_to_who_decides(yamada: str) -> None:
    """It is eight in the morning."""
    shop = Shop()
    await shop.employ(SATO, "operator")
    await posting.add_friend(SATO)
    await database.run("UPDATE friends SET following = true")
    told = []
    for number, hours in enumerate(("7:00-9:00", "9:00-18:00", "いつでも", "なし")):
        await shop.press(await shop.ask(f"スタッフ 変更 佐藤 当番=「{hours}」"))
        await outbox.notice(f"body:{number}", "届かなかった")
        await unheard_for(4)
        [row] = await look()
        told.append((await posting.outbox_row(row))["chat"])
    assert told == [SATO, yamada, SATO, yamada]


async def test_it_pushes_to_nobody_on_duty_who_is_away_or_kept_to_some_friends(yamada: str) -> None:
    shop = Shop()
    await shop.employ(SATO, "operator")
    await posting.add_friend(SATO)
    await database.run("UPDATE friends SET following = true")
    await shop.press(await shop.ask("スタッフ 変更 佐藤 当番=いつでも"))
    for number, change in enumerate(
        (
            "UPDATE staff SET state = 'suspended' WHERE name LIKE '佐藤%'",
            """UPDATE staff SET state = 'active', scope = '{"everyone": true}' WHERE name LIKE '佐藤%'""",
            "UPDATE staff SET scope = NULL WHERE name LIKE '佐藤%'",
        )
    ):
        await database.run(change)
        await outbox.notice(f"body:{number}", "届かなかった")
        await unheard_for(4)
        [row] = await look()
        assert (await posting.outbox_row(row))["chat"] == (SATO if number == 2 else yamada)


async def test_it_tells_once_of_a_row_that_should_have_left_long_ago(yamada: str) -> None:
    row = await posting.push("U" + "7" * 32)
    await look()
    assert await waiting() == []
    await posting.waited(180, row)
    await look()
    await standing_for(11)
    await look()
    assert await waiting() == ["notice:stuck"]
    await database.run("UPDATE outbox SET state = 'folded' WHERE state = 'waiting'")
    await look()
    assert await waiting() == []


async def test_it_takes_a_long_queue_that_moves_for_no_trouble(yamada: str) -> None:
    rows = [await posting.push("U" + f"{n:032x}") for n in range(3)]
    await posting.waited(3600, *rows)
    await database.run(
        "UPDATE outbox SET state = 'sending', lease_until = now() + interval '9 seconds' WHERE id = $1", rows[0]
    )
    await look()
    assert await database.value("SELECT count(*) FROM alarms") == 0


async def test_it_takes_back_what_is_over(yamada: str) -> None:
    row = await posting.push("U" + "7" * 32)
    await posting.waited(180, row)
    await look()
    await standing_for(11)
    await look()
    await database.run("UPDATE outbox SET state = 'accepted' WHERE id = $1", row)
    await look()
    assert await waiting() == []
    assert await database.value("SELECT count(*) FROM alarms") == 0


async def test_it_tells_apart_why_something_stands_still(yamada: str) -> None:
    row = await posting.push("U" + "7" * 32)
    await posting.waited(180, row)
    reasons = {"outage": "outage:push", "quota": "quota:transactional"}
    for reason, scope in reasons.items():
        await pauses.hold(scope, reason)
        await look()
        assert [one["reason"] for one in await database.rows("SELECT reason FROM alarms")] == [reason]
        await pauses.lift(scope)
    await quota.record(posting.ZONE, 10, 10)
    await look()
    assert [one["reason"] for one in await database.rows("SELECT reason FROM alarms")] == ["quota"]


@pytest.mark.parametrize("scope", ["all", "class:promotion"])
async def test_it_is_silent_about_what_staff_have_stopped(yamada: str, scope: str) -> None:
    paused = await posting.push("U" + "7" * 32, klass="promotion", cause=await posting.add_scenario("paused"))
    stopped = await posting.push("U" + "8" * 32, klass="promotion")
    await pauses.hold(scope, "staff")
    await posting.waited(3600, paused, stopped)
    await look()
    assert await database.value("SELECT count(*) FROM alarms") == 0


async def test_it_tells_of_a_lease_that_nobody_took_back_and_of_events_nobody_takes_up(yamada: str) -> None:
    row = await posting.push("U" + "7" * 32)
    await database.run(
        "UPDATE outbox SET state = 'sending', lease_until = now() - interval '3 minutes' WHERE id = $1", row
    )
    await look()
    assert await database.value("SELECT reason FROM alarms") == "stuck"
    await database.run("UPDATE outbox SET state = 'accepted' WHERE id = $1", row)
    await look()
    assert await database.value("SELECT count(*) FROM alarms") == 0
    event = await posting.add_event("U" + "7" * 32, age=600)
    await database.run("UPDATE inbox SET state = 'open' WHERE id = $1", event)
    await look()
    assert await database.value("SELECT reason FROM alarms") == "stuck"


@pytest.fixture
async def stage(yamada: str, channel: control.Channel) -> AsyncIterator[delivering.Stage]:
    async with delivering.open_stage(channel) as stage:
        yield stage


async def test_it_reaches_the_owner_through_line(stage: delivering.Stage) -> None:
    owner = await stage.friend("山田")
    await database.run("UPDATE friends SET following = true")
    await database.run("UPDATE staff SET line_user_id = $1", owner.id)
    await outbox.notice("parked", "うまく処理できずに残っているものがあります。")
    await unheard_for(4)
    await stage.sender.send_now(await look())
    assert "うまく処理できずに" in (await owner.texts())[0]
    assert await stage.channel.used() == 1


async def test_it_is_the_workers_duty(bot: wiring.House, channel: control.Channel) -> None:
    yamada, _ = await claimed_group(channel)
    await yamada.follow()
    await bot.lanes.settle()
    await database.repeated(lambda: outbox.notice("refused", "お客様に届かなかったメッセージがあります。"))
    await unheard_for(4)
    bot.waker.wake()
    assert (await yamada.sees("1通使って")).how == "push"
