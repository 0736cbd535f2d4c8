"""配信 from the block to its confirmation: seen before it leaves, confirmed by count, stopped, changed, copied."""

import asyncio

import pytest

from admin_commands import desk
from storage import broadcasts as kept
from storage import database, friends, outbox, quota
from storage.broadcasts import runs
from tests.admin_commands.broadcasting import (
    BLOCK,
    TEXT,
    begin,
    confirmed,
    plan,
    state,
)
from tests.admin_commands.shop import SATO, YAMADA, Shop, befriend, crowd
from tests.jobs import engine
from tests.jobs.elsewhere import held, somebody_waits


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
