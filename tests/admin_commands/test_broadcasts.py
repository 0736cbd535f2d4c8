"""配信 from the block to the phones: seen before it leaves, confirmed by count, sent once, stopped, gone on with."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from admin_commands import desk
from admin_commands.broadcasts import ending
from jobs import broadcasts, configuration, facts, operations
from storage import blocking, clock, database, erasure, friends, outbox, pauses, quota, segments
from storage import broadcasts as kept
from storage.broadcasts import runs
from tests.admin_commands.shop import GROUP, SATO, TOKYO, YAMADA, Answer, Shop, befriend, crowd
from tests.jobs import delivering, engine
from tests.jobs.elsewhere import held, somebody_waits
from tests.simulator import control

TEXT = "年末のクーポンです"
BLOCK = f"""■配信 年末
対象: 全員
▼本文
{TEXT}"""


@pytest.fixture
async def stage(db: str, channel: control.Channel) -> AsyncIterator[delivering.Stage]:
    async with delivering.open_stage(channel) as stage:
        yield stage


async def state(shop: Shop) -> str:
    [one] = await kept.everything()
    return one.state


async def begin(shop: Shop) -> bool:
    return await broadcasts.begin_due(shop.cache)


async def plan(shop: Shop) -> None:
    """Let the operation be planned to its end."""
    while await operations.run_chunk(shop.cache) is not None:
        pass


async def confirmed(shop: Shop, card: Answer, count: int) -> Answer:
    """What is typed to a card that asks for the number."""
    assert f"「{count}」と送ってください" in card.text
    return await shop.ask(str(count))


async def people(stage: delivering.Stage, count: int) -> list[str]:
    """So many friends of the account at LINE and with us."""
    users = await stage.channel.crowd(count)
    await friends.register([(user, f"客{n}", None, None) for n, user in enumerate(users, 1)], "now()")
    await database.run("UPDATE friends SET following = true")
    return users


# ---- before it leaves ----


async def test_a_pasted_block_is_a_draft_of_which_nothing_leaves(shop: Shop) -> None:
    await befriend("田中", "佐々木")
    draft = await shop.ask(BLOCK)
    assert "下書き（版1）" in draft.text
    assert TEXT in draft.text
    await shop.pass_time(days=2)
    assert not await begin(shop)
    assert await state(shop) == "draft"
    assert "変更なし" in (await shop.ask(BLOCK)).text


async def test_its_card_tells_who_gets_it_who_does_not_and_what_it_costs(shop: Shop) -> None:
    tanaka, hanako, gone, hidden, test = await befriend("田中", "花子", "去った人", "隠れた人", "試す人")
    await database.run("UPDATE friends SET blocked_us = true WHERE id = $1", gone)
    await database.run("UPDATE friends SET hidden = true WHERE id = $1", hidden)
    await database.run("UPDATE friends SET is_test = true WHERE id = $1", test)
    await database.run("UPDATE friends SET line_name = NULL WHERE id = $1", hanako)
    await quota.record("Asia/Tokyo", 200, 150)
    await shop.ask("■配信 年末\n対象: 全員\n日時: 明日 23:00\n▼本文\n{名前|お客様}さん、" + TEXT)
    card = (await shop.ask("配信 確認 年末 田中")).text
    assert f"田中さん、{TEXT}" in card
    assert "対象: 2人" in card
    assert "除外: ブロック中 1 / 非表示 1 / テスト 1" in card
    assert "使用 150・残り 50 → 送ったあと 48通" in card
    assert "名前のない人が1人" in card
    assert "夜間（設定 静音）の23:00" in card
    assert "直近7日" not in card
    assert tanaka


LINKED = """■配信 年末
対象: 全員
▼本文
{名前|お客様}さん {リンク:店} か https://gone.example/a?b=1。
https://me.example/{名前} https://例え.example/ https://lin.ee/abc https://here.example/
＋ボタン 見る → https://button.example/x
＋ボタン 数えない → https://plain.example/ 計測なし
＋ボタン 電話 → tel:0312345678"""
LEADING = (
    "https://shop.example/", "https://gone.example/a?b=1", "https://here.example/",
    "https://button.example/x", "https://plain.example/",
)  # fmt: skip


async def test_what_its_links_lead_to_is_asked_for_its_card_and_dead_ones_are_told(shop: Shop) -> None:
    await crowd(20)
    await shop.ask("リンク 作成 店 https://shop.example/")
    await shop.ask(LINKED)
    with pytest.raises(desk.Unasked) as wanted:
        await shop.ask("配信 確認 年末", opened=None)
    assert set(wanted.value.addresses) == set(LEADING)
    well = dict.fromkeys(LEADING, 200)
    assert "リンク: 5件とも開けました" in (await shop.ask("配信 確認 年末", opened=well)).text
    dead = {**well, LEADING[0]: None, LEADING[1]: 404, LEADING[2]: 403, LEADING[3]: 502}
    for said in ("配信 確認 年末", "配信 予約 年末 明日 10:00", "配信 送信 年末"):
        card = (await shop.ask(said, opened=dead)).text
        assert "リンク https://shop.example/ が開けません（応答がありません）" in card
        assert "リンク https://gone.example/a?b=1 が開けません（404）" in card
        assert "リンク https://button.example/x が開けません（502）" in card
        assert card.count("が開けません") == 3
    assert "60秒後に20人へ送ります" in (await shop.ask("20", opened=None)).text


async def test_it_shows_itself_to_its_writer_for_nothing(shop: Shop) -> None:
    await shop.ask(f"{BLOCK}\n＋実行 タグ付ける 試した")
    tried = await shop.ask("配信 試す 年末")
    assert TEXT in tried.text
    assert "続けて1件の動作" in tried.text
    assert tried.rows == []
    assert "友だち追加" in (await shop.ask("/配信 試す 年末 アクションも")).text


async def test_what_it_cannot_do_is_told_and_nothing_is_kept(shop: Shop) -> None:
    assert "過ぎています" in (await shop.ask("■配信 年末\n対象: 全員\n日時: 2020-01-01 10:00\n▼本文\nx")).text
    assert "「送る」と「実行」は使えません" in (await shop.ask(f"{BLOCK}\n＋実行 送る 「追伸」")).text
    assert await database.value("SELECT count(*) FROM broadcasts") == 0
    await shop.ask(BLOCK)
    assert "対象の友だちがいません" in (await shop.ask("配信 送信 年末")).text
    assert "日時がありません" in (await shop.ask("配信 予約 年末")).text
    assert "まだ予約も" not in (await shop.ask("配信 停止 年末")).text


async def test_it_is_refused_where_the_month_has_not_enough_for_it(shop: Shop) -> None:
    await befriend("田中", "花子")
    await quota.record("Asia/Tokyo", 200, 199)
    await shop.ask(BLOCK)
    assert "今月の残りが1通足りません" in (await shop.ask("配信 送信 年末")).text
    assert await state(shop) == "draft"


async def test_operators_write_and_ask_a_manager_to_send(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await befriend("田中")
    await shop.ask(BLOCK, SATO)
    refused = await shop.ask("配信 送信 年末", SATO)
    assert "管理者に依頼" in refused.presses


async def test_from_so_many_on_a_second_manager_has_to_agree(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.ask("/設定 二人承認 配信 20人以上")
    await crowd(20)
    await shop.ask(BLOCK)
    asked = await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    assert "承認が要ります" in asked.text
    assert "20人へ送ります" in asked.text
    assert await state(shop) == "draft"
    assert "ほかの管理者以上の方が答えます" in (await shop.press(asked)).text
    assert await state(shop) == "draft"
    assert "60秒後に20人へ送ります" in (await shop.press(asked, SATO)).text
    assert await state(shop) == "holding"
    await shop.ask("配信 停止 年末")
    await shop.ask("配信 変更 年末 日時 明日 18:00")
    again = await confirmed(shop, await shop.ask("配信 予約 年末"), 20)
    await shop.ask("配信 変更 年末 日時 明日 19:00")
    assert "この表示は古くなりました" in (await shop.press(again, SATO)).text
    assert await state(shop) == "draft"


# ---- its time comes ----


async def test_a_reservation_begins_at_its_time_once_and_can_be_taken_back(shop: Shop) -> None:
    await crowd(30)
    await shop.ask("■配信 年末\n対象: 全員\n日時: 明日 18:00\n▼本文\nx")
    booked = await confirmed(shop, await shop.ask("配信 予約 年末"), 30)
    assert "予約しました" in booked.text
    assert await state(shop) == "scheduled"
    assert "もう予約中" in (await shop.ask("配信 送信 年末")).text
    await shop.ask("取消")
    assert await state(shop) == "draft"
    await confirmed(shop, await shop.ask("配信 予約 年末"), 30)
    assert not await begin(shop)
    await shop.pass_time(days=1, hours=10)
    assert [await begin(shop), await begin(shop)] == [True, False]
    assert await state(shop) == "sending"
    assert "もう送り始めたか止めたため、取り消せません" in (await shop.ask("/取消")).text
    await plan(shop)
    assert [(row["heads"], row["class"]) for row in await engine.outgoing()] == [(30, "promotion")]


async def test_a_few_friends_need_a_press_and_hear_from_it_after_a_minute(shop: Shop) -> None:
    await befriend("田中", "花子")
    await shop.ask(BLOCK)
    held = await shop.press(await shop.ask("配信 送信 年末"))
    assert "60秒後に2人へ送ります" in held.text
    assert not await begin(shop)
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    await plan(shop)
    assert await state(shop) == "done"
    assert "送信済みのため、変えられません" in (await shop.ask(f"{BLOCK}。")).text
    assert "複製" in (await shop.ask("配信 送信 年末")).text


async def test_what_is_stopped_in_its_minute_never_leaves(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask(BLOCK)
    await shop.press(await shop.ask("配信 送信 年末"))
    assert "まだ1通も送っていません" in (await shop.ask("配信 停止 年末")).text
    await shop.pass_time(minutes=5)
    assert not await begin(shop)
    assert await engine.outgoing() == []


async def test_a_stop_does_not_wait_until_many_friends_are_frozen(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    await shop.pass_time(minutes=2)
    await database.run(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7);"
        " RETURN NEW; END $$"
    )
    await database.run("CREATE TRIGGER slow BEFORE INSERT ON operations FOR EACH ROW EXECUTE FUNCTION slow()")
    try:
        async with held(lambda: database.run("SELECT pg_advisory_xact_lock(7)")):
            beginning = asyncio.create_task(begin(shop))
            await somebody_waits()
            assert "送り始めるところでしたが、1通も送りません" in (await shop.ask("配信 停止 年末")).text
        assert await beginning
    finally:
        await database.run("DROP FUNCTION slow CASCADE")
    await plan(shop)
    assert await state(shop) == "stopped"
    assert await engine.outgoing() == []
    await confirmed(shop, await shop.ask("配信 再開 年末"), 20)
    await plan(shop)
    assert [row["heads"] for row in await engine.outgoing()] == [20]


async def test_a_card_counts_for_nothing_once_the_broadcast_has_changed(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await crowd(20)
    await shop.ask(BLOCK)
    await shop.ask("配信 送信 年末")
    await shop.press(await shop.ask(f"{BLOCK}（改訂）", SATO), SATO)
    again = await shop.ask("20")
    assert "この表示は古くなりました" in again.text
    assert "改訂" in again.text
    assert await state(shop) == "draft"


async def test_of_two_who_confirm_at_once_one_sends_it(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await crowd(20)
    await shop.ask(BLOCK)
    await shop.ask("配信 送信 年末")
    await shop.ask("配信 送信 年末", SATO)
    both = await asyncio.gather(shop.ask("20", YAMADA), shop.ask("20", SATO))
    assert sorted("60秒後" in one.text for one in both) == [False, True]
    assert await database.value("SELECT count(*) FROM broadcast_runs") == 1


async def test_another_number_sends_nothing(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK)
    await shop.ask("配信 送信 年末")
    await shop.say("21")
    await shop.say("はい")
    assert await state(shop) == "draft"


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


async def crowd_more(count: int) -> None:
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT 'Ud' || lpad(to_hex(n), 31, '0'), '新' || n, true, now() FROM generate_series(1, $1::int) AS n",
        count,
    )


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


# ---- through LINE ----


async def test_everybody_meant_gets_it_once_and_nobody_else(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 260)
    marks = {"blocked_us": users[:7], "hidden": users[7:12], "is_test": users[12:15]}
    for column, some in marks.items():
        await database.run(f"UPDATE friends SET {column} = true WHERE line_user_id = ANY($1::text[])", some)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\n" + TEXT)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 245)
    await shop.pass_time(seconds=61)
    await asyncio.gather(*(begin(shop) for _ in range(3)))
    await asyncio.gather(*(operations.run_chunk(shop.cache) for _ in range(3)))
    await plan(shop)
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users[15:], 1)
    assert "送信済み: 245人" in (await shop.ask("配信 表示 年末")).text
    assert await stage.channel.used() == 245


async def test_staff_hear_of_its_end_with_their_next_word(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 13)
    await shop.ask(BLOCK.replace(TEXT, "{名前}さん、" + TEXT))
    await confirmed(shop, await shop.ask("配信 送信 年末"), 13)
    await shop.pass_time(seconds=61)
    await begin(shop)
    assert not await database.repeated(ending.tell)
    await plan(shop)
    assert not await database.repeated(ending.tell)
    await database.run("UPDATE friends SET blocked_us = true WHERE line_user_id = $1", users[0])
    await stage.work()
    assert [await database.repeated(ending.tell) for _ in range(2)] == [True, False]
    [waiting] = await database.rows("SELECT body, chat FROM outbox WHERE cause LIKE 'notice:sent:%'")
    assert waiting["chat"] == GROUP
    heard = Answer(orjson.loads(waiting["body"]), []).text.splitlines()
    assert heard == ["✅ 配信「年末」#B1 を送り終えました", "送信済み: 12人", "届けられない: 1人"]


async def test_it_stops_on_the_way_with_honest_numbers_and_goes_on_with_the_rest(
    shop: Shop, stage: delivering.Stage
) -> None:
    """Everybody has a name of their own here, so that each message is a call."""
    users = await people(stage, 120)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\n{名前}さん、" + TEXT)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 120)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await database.run("UPDATE operation_friends SET state = 'late' WHERE friend_id % 2 = 0")
    await operations.run_chunk(shop.cache)
    some = await database.rows("SELECT id FROM outbox WHERE kind = 'push' ORDER BY id LIMIT 25")
    await stage.sender.send_now([row["id"] for row in some])
    await database.run("UPDATE operation_friends SET state = 'open' WHERE state = 'late'")
    stopped = await shop.ask("配信 停止 年末")
    assert "120人中25人に送信済みです。残り95人を止めました" in stopped.text
    await plan(shop)
    await stage.work()
    assert len(await stage.channel.deliveries()) == 25
    assert await state(shop) == "stopped"
    await confirmed(shop, await shop.ask("配信 再開 年末"), 95)
    await plan(shop)
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users, 1)
    assert await state(shop) == "done"
    assert "もう送り終わっています" in (await shop.ask("配信 停止 年末")).text


async def test_it_tells_why_somebody_got_it_or_did_not(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 12)
    await database.run("UPDATE friends SET hidden = true WHERE line_name = '客1'")
    await shop.ask(BLOCK)
    why = await shop.ask("なぜ 客1 配信:年末")
    assert "まだだれにも送っていません" in why.text
    assert "この方は非表示です" in why.text
    await confirmed(shop, await shop.ask("配信 送信 年末"), 11)
    await shop.pass_time(seconds=61)
    await begin(shop)
    assert "これから送ります" in (await shop.ask("なぜ 客12 配信:年末")).text
    await plan(shop)
    assert "順番を待っています" in (await shop.ask("なぜ 客12 配信:年末")).text
    await shop.ask("配信 停止 年末")
    assert "止めたため送っていません" in (await shop.ask("なぜ 客12 配信:年末")).text
    await confirmed(shop, await shop.ask("配信 再開 年末"), 11)
    await stage.work()
    assert "LINEが受け付けました" in (await shop.ask("なぜ 客12 配信:年末")).text
    assert "送信した時の対象に入っていませんでした" in (await shop.ask("なぜ 客1 配信:年末")).text


async def test_who_may_have_got_it_gets_nothing_twice_when_it_goes_on(shop: Shop, stage: delivering.Stage) -> None:
    await people(stage, 12)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 12)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await stage.channel.fault("drop_after", "multicast", calls=1)
    await stage.work()
    stopped = await shop.ask("配信 停止 年末")
    assert "12人は届いたか分かりません" in stopped.text
    assert "残りはありません" in (await shop.ask("配信 再開 年末")).text


async def test_who_is_erased_while_it_rests_is_left_out_when_it_goes_on(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 13)
    await shop.ask("■配信 年末\n対象: 全員\n▼本文\n{名前}さん、" + TEXT)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 13)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await shop.ask("配信 停止 年末")
    await erase(users[0])
    await confirmed(shop, await shop.ask("配信 再開 年末"), 12)
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users[1:], 1)
    assert set(await stage.statuses("push")) == {200}


async def test_who_is_erased_before_a_call_to_many_is_taken_out_of_it(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 13)
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 13)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    await erase(users[0])
    await stage.work()
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(users[1:], 1)
    assert not await database.value("SELECT count(*) FROM outbox WHERE $1 = ANY(recipients)", users[0])


@pytest.mark.parametrize("when", ["確認時", "送信時"])
async def test_who_goes_between_the_freezing_and_the_planning_gets_nothing_and_hinders_nobody(
    shop: Shop, stage: delivering.Stage, when: str
) -> None:
    users = await people(stage, 15)
    await shop.ask(BLOCK.replace("▼", f"対象の判定: {when}\n▼"))
    await confirmed(shop, await shop.ask("配信 送信 年末"), 15)
    if when == "確認時":
        await erase(users[3])
    await shop.pass_time(seconds=61)
    await begin(shop)
    await erase(users[0])
    shut: int = await database.value("SELECT id FROM friends WHERE line_user_id = $1", users[1])
    await database.repeated(lambda: blocking.block([shut]))
    await database.run("UPDATE friends SET blocked_us = true WHERE line_user_id = $1", users[2])
    await plan(shop)
    await stage.work()
    reached = [*([] if when == "確認時" else [users[3]]), *users[4:]]
    assert Counter(one.chat for one in await stage.channel.deliveries()) == dict.fromkeys(reached, 1)
    shown = (await shop.ask("配信 表示 年末")).text
    assert "状態: 送信済み" in shown
    assert f"送信済み: {len(reached)}人" in shown
    assert "届けられない: 2人" in shown


async def test_what_is_being_sent_is_not_written_over_by_an_old_version(shop: Shop) -> None:
    await crowd(20)
    await shop.ask(BLOCK.replace(TEXT, "古い本文"))
    await shop.ask(BLOCK)
    await confirmed(shop, await shop.ask("配信 送信 年末"), 20)
    await shop.pass_time(seconds=61)
    assert await begin(shop)
    assert "変えられません" in (await shop.ask("配信 元に戻す 年末 版1")).text
    await plan(shop)
    assert [row["heads"] for row in await engine.outgoing()] == [20]
    assert TEXT in (await shop.ask("配信 書出 年末")).text


async def erase(user: str) -> None:
    friend: int = await database.value("SELECT id FROM friends WHERE line_user_id = $1", user)
    await database.repeated(lambda: erasure.erase(friend, user, ()))


# ---- its life ----


async def test_it_is_not_deleted_while_something_of_it_has_to_leave(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask(BLOCK)
    await shop.press(await shop.ask("配信 送信 年末"))
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    shown = await shop.ask("配信 表示 年末")
    assert "状態: 送信中" in shown.text
    assert "停止" in shown.taps
    assert "先に止めてください" in (await shop.ask("配信 削除 年末")).text


async def test_what_is_reserved_becomes_a_draft_again_when_it_is_changed(shop: Shop) -> None:
    await crowd(20)
    await shop.ask("■配信 年末\n対象: 全員\n日時: 明日 18:00\n▼本文\nx")
    await confirmed(shop, await shop.ask("配信 予約 年末"), 20)
    asked = await shop.ask("配信 変更 年末 日時 明日 19:00")
    assert "下書きに戻ります" in asked.text
    assert await state(shop) == "scheduled"
    await shop.press(asked)
    assert await state(shop) == "draft"
    await shop.pass_time(days=2)
    assert not await begin(shop)


async def test_it_is_changed_line_by_line_and_taken_back(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask(BLOCK)
    await shop.ask("配信 変更 年末 対象: タグ:VIP")
    await shop.ask("配信 変更 年末 対象の判定 確認時")
    await shop.ask("配信 変更 年末 本文\n書き直しました")
    await shop.ask("配信 変更 年末 名前 新春")
    printed = (await shop.ask("配信 書出 新春")).text
    assert printed == "■配信 新春\n対象: タグ:VIP\n対象の判定: 確認時\n版: 4\n▼本文\n書き直しました"
    await shop.ask("配信 元に戻す 新春 版1")
    assert TEXT in (await shop.ask("配信 書出 新春")).text
    assert "変えられるもの: 対象・日時" in (await shop.ask("配信 変更 新春 色 赤")).text
    for _ in range(6):
        await shop.ask("取消")
    assert await database.value("SELECT count(*) FROM broadcasts WHERE deleted_at IS NULL") == 0


async def test_it_is_copied_for_others_and_lies_in_the_bin(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask(BLOCK)
    await shop.ask("配信 複製 年末 対象: タグ:VIP")
    assert "対象: タグ:VIP" in (await shop.ask("配信 書出 「年末 のコピー」")).text
    await shop.press(await shop.ask("配信 削除 年末"))
    assert "年末" in (await shop.ask("下書き ごみ箱")).text
    assert "元に戻しました" in (await shop.ask("配信 元に戻す 年末")).text
    listed = await shop.ask("配信 一覧 下書き")
    assert "年末 #B" in listed.text
    assert "配信「年末 のコピー」" in (await shop.ask("タグ 使用先 VIP")).text


async def test_a_press_on_its_button_does_what_it_says(shop: Shop) -> None:
    [friend] = await befriend("田中")
    await shop.ask(f"{BLOCK}\n＋ボタン 興味がある → タグ付ける 興味あり\n＋実行 タグ付ける 受け取った")
    await shop.press(await shop.ask("配信 送信 年末"))
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    assert await friends.tags_of(friend) == ["受け取った"]
    [one] = await kept.everything()
    assert one.run is not None
    assert one.run.operation is not None
    assert (await runs.tally(one.run.operation)).waiting == 1
    assert await outbox.waiting_by_cause() == {f"operation:{one.run.operation}": 1}


async def test_who_has_got_it_and_clicked_can_be_written_to_again(shop: Shop, stage: delivering.Stage) -> None:
    users = await people(stage, 12)
    await shop.ask("リンク 作成 クーポン https://example.com/coupon")
    await shop.ask(f"{BLOCK}\n＋ボタン はい → タグ付ける はい")
    assert "まだ送っていません" in (await shop.ask("配信 おわび 年末")).text
    await confirmed(shop, await shop.ask("配信 送信 年末"), 12)
    await shop.pass_time(seconds=61)
    await begin(shop)
    await plan(shop)
    received, clicked = await shop.linked("配信:年末 受信"), await shop.linked("配信:年末 クリック")
    assert await count(shop, received) == 0
    await stage.work()
    assert await count(shop, received) == 12
    [button] = await database.rows("SELECT id FROM buttons")
    [friend] = await database.rows("SELECT id FROM friends WHERE line_user_id = $1", users[0])
    await engine.let_happen(shop.cache, [(friend["id"], facts.Pressed(button["id"]))])
    assert await count(shop, clicked) == 1
    await shop.ask("配信 複製 年末 対象: 配信:年末 未クリック")
    assert "対象: 11人" in (await shop.ask("配信 確認 「年末 のコピー」")).text
    sorry = await shop.ask("配信 おわび 年末")
    assert "先ほどお送りしたメッセージに誤りがありました" in sorry.text
    [draft] = [one for one in await kept.everything() if one.name == "年末 のおわび"]
    assert "年末" not in str(draft.messages)  # the name is staff's own
    assert "対象: 12人" in (await shop.ask("配信 確認 「年末 のおわび」")).text
    assert "使用先: 配信「年末 のおわび」・配信「年末 のコピー」" in (await shop.ask("配信 削除 年末")).text


async def test_who_opens_its_measured_link_has_clicked(shop: Shop) -> None:
    friend, other = await befriend("田中", "花子")
    await shop.ask(f"{BLOCK}\n＋リンク https://example.com/coupon 名前=クーポン")
    await shop.press(await shop.ask("配信 送信 年末"))
    await shop.pass_time(seconds=61)
    shop.cache = configuration.Cache(TOKYO, key="0" * 32)
    await begin(shop)
    await plan(shop)
    await database.run("UPDATE outbox SET state = 'accepted' WHERE kind = 'push'")
    await database.run(
        "INSERT INTO link_clicks (link_id, friend_id, at, span, state)"
        f" SELECT id, $1, {clock.NOW}, 1, 'done' FROM links",
        friend,
    )
    clicked, rest = await shop.linked("配信:年末 クリック"), await shop.linked("配信:年末 未クリック")
    assert await count(shop, clicked) == 1
    assert await count(shop, rest) == 1
    assert other


async def count(shop: Shop, condition: Any) -> int:
    """How many friends it is true for."""
    moment = await clock.read()
    return await segments.count(condition, segments.Sight(moment.now, TOKYO))
