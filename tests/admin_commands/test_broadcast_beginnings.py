"""配信 when its time has come: as it was confirmed or not at all, once, and again where it is repeated."""

import asyncio
from typing import Any

import pytest

from storage import broadcasts as kept
from storage import database, friends, outbox, pauses, quota
from tests.admin_commands.broadcasting import (
    BLOCK,
    begin,
    confirmed,
    crowd_more,
    plan,
    state,
)
from tests.admin_commands.shop import YAMADA, Shop, befriend, crowd
from tests.jobs import engine


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda: crowd_more(13), "対象が確認時の20人から33人に変わったため"),
        (lambda: quota.record("Asia/Tokyo", 100, 90), "今月の残り通数が20人分に足りないため"),
        (lambda: pauses.hold("all", "restored"), "送信を止めている間に"),
    ],
    ids=["audience", "quota", "held"],
)
async def test_what_is_not_as_it_was_confirmed_is_left_to_staff(shop: Shop, harm: Any, told: str) -> None:
    await crowd(20)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    await harm()
    await shop.pass_time(minutes=2)
    assert await begin(shop)
    assert await state(shop) == "asked"
    assert await database.value("SELECT count(*) FROM operations") == 0
    assert told in (await shop.ask("配信 表示 年末")).text
    waiting = await database.rows("SELECT convert_from(body, 'UTF8') AS body FROM outbox WHERE state = 'waiting'")
    assert any(told in row["body"] for row in waiting)


async def test_what_could_not_begin_in_time_is_left_to_staff_who_hear_of_it_at_once(shop: Shop) -> None:
    await friends.register([(YAMADA, "山田", None, None)], "now()")
    await database.run("UPDATE friends SET following = true, hidden = true")
    await crowd(20)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    await shop.pass_time(hours=2)
    assert await begin(shop)
    assert await state(shop) == "asked"
    [push] = await database.rows("SELECT chat, convert_from(body, 'UTF8') AS body FROM outbox WHERE kind = 'push'")
    assert push["chat"] == YAMADA
    assert "1時間以上過ぎたため、送っていません" in push["body"]


async def test_two_that_begin_at_once_do_not_share_the_rest_of_the_month(shop: Shop) -> None:
    await crowd(30)
    await quota.record("Asia/Tokyo", 200, 150)
    for name in ("年末", "新春"):
        await shop.ask(BLOCK.replace("年末", name, 1))
        await confirmed(shop, await shop.ask(f"配信 送信 {name}"), 30)
    await shop.pass_time(seconds=61)
    assert [await begin(shop), await begin(shop)] == [True, True]
    assert [one.state for one in await kept.everything()] == ["sending", "asked"]


async def test_what_begins_while_a_change_is_pressed_is_not_changed(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    asked = await shop.ask(f"{BLOCK}（改訂）")
    locked, go = asyncio.Event(), asyncio.Event()

    async def begins() -> None:
        async with database.transaction():
            await database.run("UPDATE broadcast_runs SET state = 'begun', version = version + 1")
            locked.set()
            await go.wait()

    beginning = asyncio.create_task(begins())
    await locked.wait()
    pressing = asyncio.create_task(shop.press(asked))
    async with asyncio.timeout(20):
        while not await database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.02)
    go.set()
    await beginning
    assert "たった今、送り始めました" in (await pressing).text
    [one] = await kept.everything()
    assert one.source == BLOCK


async def test_an_audience_frozen_at_its_confirmation_stays_as_it_was(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK.replace("▼", "対象の判定: 確認時\n▼"))
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    await crowd_more(50)
    await shop.pass_time(minutes=2)
    assert await begin(shop)
    await plan(shop)
    assert [row["heads"] for row in await engine.outgoing()] == [20]


async def test_a_repeated_one_goes_again_until_it_is_stopped(shop: Shop) -> None:
    await crowd(20)
    written = await shop.ask("■配信 朝\n対象: 全員\n日時: 毎日 9:30\n▼本文\nおはようございます")
    assert "くり返し: 毎日 9:30" in written.text
    assert "次回 " in (await shop.ask("配信 確認 朝")).text
    assert "配信に書いてから" in (await shop.ask("配信 予約 朝 毎週水曜 10:00")).text
    await confirmed(shop, await shop.ask("配信 予約 朝"), 20)
    for day, hours in ((1, 2), (2, 24)):
        await shop.pass_time(hours=hours)
        assert await begin(shop)
        assert not await begin(shop)
        await plan(shop)
        assert await state(shop) == "scheduled"
        assert len(await engine.outgoing()) == day
    assert "前回: " in (await shop.ask("配信 表示 朝")).text
    first = await shop.ask("配信 停止 朝")
    assert "20人を止めました" in first.text
    assert "止めたのは今回の分だけです。くり返しは続き、次回は" in first.text
    assert await state(shop) == "scheduled"
    await confirmed(shop, await shop.ask("配信 再開 朝"), 20)
    assert "止めたのは今回の分だけ" in (await shop.ask("配信 停止 朝")).text
    await shop.pass_time(days=1)
    assert await begin(shop)
    assert await state(shop) == "scheduled"
    await shop.ask("配信 停止 朝")
    over = await shop.tap_typed(await shop.ask("配信 表示 朝"), "停止")
    assert "くり返しを止めました" in over.text
    assert await state(shop) == "draft"
    await shop.pass_time(days=1)
    assert not await begin(shop)
    frozen = await shop.ask("■配信 夜\n対象: 全員\n対象の判定: 確認時\n日時: 毎日 19:00\n▼本文\nx")
    assert "くり返す配信には使えません" in frozen.text


async def test_a_repeated_one_that_is_left_to_staff_once_goes_again(shop: Shop) -> None:
    await crowd(20)
    await shop.ask("■配信 朝\n対象: 全員\n日時: 毎日 9:30\n▼本文\nおはようございます")
    await confirmed(shop, await shop.ask("配信 予約 朝"), 20)
    await pauses.hold("all", "staff")
    await shop.pass_time(hours=2)
    assert await begin(shop)
    told = await database.value("SELECT string_agg(convert_from(body, 'UTF8'), '') FROM outbox WHERE state = 'waiting'")
    assert "今回だけを見送り、くり返しは続きます。次回は" in told
    assert "くり返しをやめるには「配信 停止 #B1」" in told
    assert await state(shop) == "scheduled"
    assert "送信を止めている間に予定の時刻になったため、送っていません" in (await shop.ask("配信 表示 朝")).text
    await outbox.resume("all")
    await crowd_more(13)
    await shop.pass_time(days=1)
    assert await begin(shop)
    assert "20人から33人に変わったため、送っていません" in (await shop.ask("配信 表示 朝")).text
    await database.run("UPDATE friends SET hidden = true WHERE line_name LIKE '新%'")
    await shop.pass_time(days=1)
    assert await begin(shop)
    await plan(shop)
    assert [row["heads"] for row in await engine.outgoing() if row["class"] == "promotion"] == [20]
    assert "送っていません" not in (await shop.ask("配信 表示 朝")).text


async def test_one_sent_by_hand_tells_that_it_will_be_repeated(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("■配信 朝\n対象: 全員\n日時: 毎日 9:30\n▼本文\nおはようございます")
    card = await shop.ask("配信 送信 朝")
    assert "くり返し: 毎日 9:30" in card.text
    assert "からくり返します（やめるには「配信 停止」）" in (await shop.press(card)).text
    assert "くり返しを止めました" in (await shop.ask("配信 停止 朝")).text


async def test_the_rest_holds_those_for_whom_it_failed_and_nobody_whom_staff_left_out(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    await shop.pass_time(minutes=2)
    await begin(shop)
    for state_, doubted, friend in (("parked", False, 0), ("parked", True, 1), ("dropped", False, 2)):
        await database.run(
            "UPDATE operation_friends SET state = $1, doubted = $2 WHERE friend_id ="
            " (SELECT friend_id FROM operation_friends ORDER BY friend_id LIMIT 1 OFFSET $3)",
            state_,
            doubted,
            friend,
        )
    stopped = await shop.ask("配信 停止 年末")
    assert "残り19人を止めました" in stopped.text
    assert "1人は届いたか分かりません" in stopped.text
    await confirmed(shop, await shop.ask("配信 再開 年末"), 18)
    await plan(shop)
    assert [row["heads"] for row in await engine.outgoing()] == [18]


async def test_its_card_leaves_what_others_have_still_to_send(shop: Shop) -> None:
    await crowd(30)
    await quota.record("Asia/Tokyo", 200, 150)
    await shop.ask(BLOCK)
    await shop.ask(BLOCK.replace("年末", "新春", 1))
    await confirmed(shop, await shop.ask("配信 送信 年末"), 30)
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    assert "使用 150・残り 20 → " in (await shop.ask("配信 確認 新春")).text
    assert "10通足りません" in (await shop.ask("配信 送信 新春")).text
    await plan(shop)
    assert "使用 150・残り 20 → " in (await shop.ask("配信 確認 新春")).text


async def test_an_audience_that_changes_while_it_is_frozen_is_not_the_one_confirmed(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK.replace("▼", "対象の判定: 確認時\n▼"))
    card = await shop.ask("配信 送信 年末")
    await database.run(
        "CREATE FUNCTION newcomer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO friends (line_user_id, following, created_at) VALUES ('Unew', true, now()); RETURN NEW; END $$"
    )
    await database.run("CREATE TRIGGER newcomer BEFORE INSERT ON operations FOR EACH ROW EXECUTE FUNCTION newcomer()")
    try:
        assert "確かめた20人から21人に、たった今変わりました" in (await confirmed(shop, card, 20)).text
    finally:
        await database.run("DROP FUNCTION newcomer CASCADE")
    assert await state(shop) == "draft"
    assert await database.value("SELECT count(*) FROM operations") == 0
