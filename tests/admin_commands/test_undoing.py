"""取消 takes back what was done as far as nobody has touched it since, and says what stays."""

import pytest

from storage import clock, database, quota
from tests.admin_commands.shop import SATO, SUZUKI, TAKAHASHI, Shop, befriend, crowd, walks, worn


async def live(shop: Shop, name: str = "A", body: str = "▼すぐ\nこんにちは\n▼1日後\nまた") -> None:
    await shop.press(await shop.ask(f"■シナリオ {name}\n{body}"))


async def test_it_says_when_there_is_nothing_to_take_back(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    assert "取り消せる操作はありません" in (await shop.ask("/取消", SATO)).text


async def test_it_takes_back_only_what_was_put_on_just_then(shop: Shop) -> None:
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 鈴木")
    await shop.ask("タグ 付ける VIP 田中, 鈴木")
    await shop.ask("取消")
    assert await worn(tanaka) == []
    assert await worn(suzuki) == ["VIP"]


async def test_it_leaves_what_was_put_on_again_by_hand_and_says_so(shop: Shop) -> None:
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 田中, 鈴木")
    await shop.ask("タグ 外す VIP 鈴木", SATO)
    await shop.ask("タグ 付ける VIP 鈴木", SATO)
    told = await shop.ask("取消")
    assert "うち1人は" in told.text
    assert await worn(tanaka) == []
    assert await worn(suzuki) == ["VIP"]


async def test_it_puts_a_tag_back_on(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 田中")
    await shop.ask("タグ 外す VIP 田中")
    assert await worn(tanaka) == []
    await shop.ask("取消")
    assert await worn(tanaka) == ["VIP"]


async def test_it_does_again_what_was_taken_back(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 田中")
    undone = await shop.ask("取消")
    assert await worn(tanaka) == []
    assert "取り消しました" in (await shop.ask(undone.taps["やり直す"])).text
    assert await worn(tanaka) == ["VIP"]


async def test_it_takes_one_thing_back_once(shop: Shop) -> None:
    made = await shop.ask("タグ 作成 VIP")
    assert "取消" in made.taps
    entry = await database.value("SELECT max(id) FROM audit_entries")
    assert "取り消しました" in (await shop.ask(f"/取消 #Z{entry}")).text
    assert "取消済み" in (await shop.ask(f"/取消 #Z{entry}")).text


async def test_it_refuses_when_another_has_changed_the_same_thing_since(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 改名 VIP → プレミアム")
    await shop.ask("タグ 改名 プレミアム → 特別", SATO)
    assert "その後に変更されているため" in (await shop.ask("取消")).text
    assert await database.value("SELECT name FROM tags") == "特別"


async def test_it_does_not_bring_back_a_name_that_is_taken_now(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 改名 VIP → プレミアム")
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 VIP", SATO)
    assert "取り消せません" in (await shop.ask("取消")).text
    assert await database.value("SELECT count(*) FROM tags WHERE name = 'VIP'") == 1


async def test_it_takes_off_a_scenario_without_starting_anything(shop: Shop) -> None:
    await befriend("田中")
    await live(shop)
    put = await shop.ask("シナリオ 付ける A 田中")
    assert len(put.rows) == 1
    told = await shop.ask("取消")
    assert "もう送ったメッセージは取り消せません" in told.text
    assert told.rows == []
    assert [walk["state"] for walk in await walks()] == ["stopped"]


async def test_it_puts_a_friend_back_on_the_same_place(shop: Shop) -> None:
    await befriend("田中")
    await live(shop)
    await shop.ask("シナリオ 付ける A 田中")
    before = await walks()
    await shop.ask("シナリオ 外す A 田中")
    assert [walk["state"] for walk in await walks()] == ["stopped"]
    await shop.ask("取消")
    assert await walks() == before
    assert await database.value("SELECT due_at IS NOT NULL FROM subscriptions")


async def test_it_holds_the_place_of_a_friend_who_has_blocked_us_meanwhile(shop: Shop) -> None:
    await befriend("田中")
    await live(shop)
    await shop.ask("シナリオ 付ける A 田中")
    await shop.ask("シナリオ 外す A 田中")
    await database.run("UPDATE friends SET blocked_us = true")
    await shop.ask("取消")
    assert [walk["state"] for walk in await walks()] == ["paused"]


async def test_it_takes_a_publication_back(shop: Shop) -> None:
    await live(shop, body="▼すぐ\n一つ目")
    await shop.press(await shop.press(await shop.ask("■シナリオ A\n▼すぐ\n二つ目"), way="draft"))
    first, second = await database.rows("SELECT id FROM scenario_versions ORDER BY id")
    assert await database.value("SELECT live_version_id FROM scenarios") == second["id"]
    await shop.ask("取消")
    [row] = await database.rows("SELECT state, live_version_id, draft_version_id FROM scenarios")
    assert row == {"state": "live", "live_version_id": first["id"], "draft_version_id": second["id"]}


async def test_it_tells_all_processes_when_rules_have_changed_back(shop: Shop) -> None:
    await live(shop)
    before = (await clock.read()).config_version
    await shop.ask("取消")
    assert (await clock.read()).config_version > before


async def test_it_lets_only_managers_take_back_what_others_did(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    await shop.ask("タグ 作成 VIP")
    entry = await database.value("SELECT max(id) FROM audit_entries")
    assert "できるのは管理者以上の方です" in (await shop.ask(f"/取消 #Z{entry}", SATO)).text
    assert "取り消しました" in (await shop.ask(f"/取消 #Z{entry}", SUZUKI)).text


async def test_it_gives_the_actor_a_day_and_managers_thirty(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 VIP", SATO)
    entry = await database.value("SELECT max(id) FROM audit_entries")
    await shop.pass_time(hours=24, seconds=1)
    assert await shop.say("取消", SATO) is None
    assert "24時間を過ぎた" in (await shop.ask("/取消", SATO)).text
    await shop.pass_time(days=29)
    assert "30日を過ぎた" in (await shop.ask(f"/取消 #Z{entry}")).text
    assert await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL") == 1


async def test_it_leaves_rights_to_owners(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    await shop.ask("スタッフ 停止 佐藤")
    entry = await database.value("SELECT max(id) FROM audit_entries")
    assert "オーナー" in (await shop.ask(f"/取消 #Z{entry}", SUZUKI)).text
    assert "取り消しました" in (await shop.ask("取消")).text


async def test_it_leaves_rights_to_owners_however_they_were_changed(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    await shop.employ(TAKAHASHI, "operator")
    await shop.ask("スタッフ 停止 佐藤\nスタッフ 停止 高橋")
    batch = await database.value("SELECT max(id) FROM audit_entries")
    assert "オーナー" in (await shop.ask(f"/取消 #Z{batch}", SUZUKI)).text
    await shop.ask("取消")
    undone = await database.value("SELECT max(id) FROM audit_entries")
    assert "オーナー" in (await shop.ask(f"/取消 #Z{undone}", SUZUKI)).text
    assert await database.value("SELECT count(*) FROM staff WHERE state = 'active'") == 4


async def test_it_keeps_an_owner_whatever_is_taken_back(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.ask("スタッフ 変更 佐藤 オーナー")
    await shop.press(await shop.ask("オーナー"), SATO)
    entry = await database.value("SELECT max(id) FROM audit_entries")
    await shop.ask("スタッフ 停止 山田", SATO)
    assert "オーナーがいなくなります" in (await shop.ask(f"/取消 #Z{entry}", SATO)).text
    assert await database.value("SELECT role FROM staff WHERE line_user_id = $1", SATO) == "owner"


async def test_it_takes_a_whole_message_back_at_once(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("タグ 作成 VIP, 休眠\nタグ 付ける VIP 田中\nタグ 付ける 休眠 田中")
    assert await worn(tanaka) == ["VIP", "休眠"]
    assert await database.value("SELECT count(*) FROM audit_entries WHERE verb = 'batch'") == 1
    await shop.ask("取消")
    assert await worn(tanaka) == []
    assert await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL") == 0


async def test_it_stops_a_deed_for_thousands_and_turns_it_round(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP, 常連")
    await crowd(1_100, "常連")
    card = await shop.ask("タグ 付ける VIP 対象: タグ:常連")
    assert "少しずつ" in card.text
    assert "作業を始めました" in (await shop.press(card)).text
    [operation] = await database.rows("SELECT id, total, state FROM operations")
    assert operation["total"] == 1_100
    await database.run(
        "UPDATE operation_friends SET state = 'done' WHERE id IN (SELECT id FROM operation_friends ORDER BY id LIMIT 5)"
    )
    await database.run(
        f"INSERT INTO friend_tags (friend_id, tag_id, at) SELECT friend_id, 1, {clock.NOW} + interval '1 second'"
        " FROM operation_friends WHERE state = 'done'"
    )
    assert "取り消しました" in (await shop.ask("取消")).text
    first, second = await database.rows("SELECT state, total FROM operations ORDER BY id")
    assert first["state"] == "stopped"
    assert second["total"] == 5


async def test_it_shows_history_with_filters(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 作成 休眠", SATO)
    await shop.pass_time(days=1)
    await shop.ask("タグ 作成 常連")
    every = (await shop.ask("履歴 一覧")).text
    assert all(word in every for word in ("VIP", "休眠", "常連", "佐藤"))
    today = (await shop.ask("/履歴 今日")).text
    assert "常連" in today
    assert "VIP" not in today
    by_sato = (await shop.ask("/履歴 @佐藤")).text
    assert "休眠" in by_sato
    assert "VIP" not in by_sato
    assert "休眠" in (await shop.ask("/履歴 昨日 休眠")).text
    assert "休眠" not in (await shop.ask("/履歴 昨日 VIP")).text
    assert "ありません" in (await shop.ask("/履歴 2/30")).text
    of_a_tag = (await shop.ask("/履歴 タグ:休眠")).text
    assert "休眠" in of_a_tag
    assert "VIP" not in of_a_tag


async def test_it_opens_an_entry_by_its_row(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask("/履歴 一覧")
    opened = await shop.ask("1")
    assert "タグ「VIP」を作った" in opened.text
    assert "取り消しました" in (await shop.ask(opened.taps["取消"])).text


async def test_it_tells_who_where_and_what_was_before(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("/タグ 作成 VIP")
    await shop.ask("/タグ 付ける VIP 田中")
    told = await shop.ask("/履歴 #Z3")
    assert "山田" in told.text
    assert "新しくタグが付いた友だち: 1人" in told.text
    assert "グループ「スタッフ会議」" in told.text
    await shop.ask("/タグ 改名 VIP → お得意様")
    assert "前の名前: 「VIP」" in (await shop.ask("/履歴 #Z4")).text
    await shop.employ(SATO, "operator")
    await shop.press(await shop.ask("/スタッフ 変更 佐藤 管理者"))
    await shop.ask("/履歴")
    assert "前の役割: オペレーター" in (await shop.ask("1")).text


async def test_it_takes_back_two_changes_of_one_thing_in_one_message(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 改名 VIP → 上客\nタグ 改名 上客 → お得意様")
    undone = await shop.ask("取消")
    assert "その後に変更された" not in undone.text
    assert "VIP" in (await shop.ask("タグ 一覧")).text
    await shop.ask(undone.taps["やり直す"])
    assert "お得意様" in (await shop.ask("タグ 一覧")).text


async def test_it_takes_the_right_to_do_a_thing_to_take_it_back(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await live(shop)
    await shop.ask("シナリオ 停止 A", SATO)
    await shop.employ(SATO, "operator")
    refused = await shop.ask("取消", SATO)
    assert "管理者以上の方" in refused.text
    assert "管理者に依頼" in refused.taps
    assert await database.value("SELECT state FROM scenarios") == "paused"
    await shop.employ(SATO, "manager")
    assert "取り消しました" in (await shop.ask("取消", SATO)).text


async def test_it_lets_no_manager_take_back_what_only_owners_may_set(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await quota.record("Asia/Tokyo", 5000, 0)
    await shop.press(await shop.ask("使用量 上限 4500"))
    number = await database.value("SELECT max(id) FROM audit_entries")
    assert "オーナーの方" in (await shop.ask(f"/取消 #Z{number}", SATO)).text
    again = await shop.ask("取消")
    assert "取り消しました" in again.text
    assert "オーナーの方" in (await shop.ask(again.taps["やり直す"], SATO)).text


async def test_it_takes_one_deed_after_the_other_back_to_the_first(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 改名 VIP → 上客\nタグ 改名 上客 → 特客", SATO)
    assert "その後に変更されている" in (await shop.ask("取消")).text
    await shop.ask("取消", SATO)
    assert "取り消しました" in (await shop.ask("取消")).text
    assert await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL") == 0


async def test_it_takes_back_what_was_written_before_what_was_taken_back(shop: Shop) -> None:
    for price in (100, 200, 300):
        await shop.ask(f"■テンプレ 料金\n▼本文\n{price}円")
    back = [await shop.ask("取消") for _ in range(3)]
    assert ["取り消しました" in one.text for one in back] == [True, True, True]
    for again in reversed(back):
        assert "取り消しました" in (await shop.ask(again.taps["やり直す"])).text
    assert "300円" in (await shop.ask("テンプレ 書出 料金")).text


async def test_it_takes_a_number_without_a_slash(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.pass_time(hours=1)
    assert "取り消しました" in (await shop.ask("取消 ＃Ｚ２")).text


async def test_it_takes_back_by_the_button_only_the_deed_it_stands_under(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 休眠", SATO)
    made = await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 作成 上客")
    assert "ほかの人の操作の取消" in (await shop.tap_typed(made, "取消", SATO)).text
    assert "タグ「VIP」を作った" in (await shop.tap_typed(made, "取消")).text
    draft = await shop.ask("■シナリオ A\n▼すぐ\nこんにちは")
    assert draft.taps["取消"].startswith("/取消 #Z")


@pytest.mark.parametrize(
    ("makes", "uses", "user"),
    [
        ("タグ 作成 甲", "■テンプレ 乙\n▼本文\nはい\n＋ボタン 押す → タグ付ける 甲", "テンプレ「乙」"),
        ("項目 作成 甲 文字", "■テンプレ 乙\n▼本文\nこれは{甲}です", "テンプレ「乙」"),
        ("共通情報 作成 甲 文字 あ", "■テンプレ 乙\n▼本文\nこれは{甲}です", "テンプレ「乙」"),
        ("■アクション 甲\n・非表示", "■アクション 乙\n・アクション 甲", "アクション「乙」"),
        ("/セグメント 作成 甲 最終反応 30日以上前", "/セグメント 作成 乙 対象: @甲 でない", "セグメント「乙」"),
    ],
)
async def test_it_keeps_what_others_have_come_to_use_and_names_them(
    shop: Shop, makes: str, uses: str, user: str
) -> None:
    assert "作りました" in (await shop.ask(makes)).text
    entry = await database.value("SELECT max(id) FROM audit_entries")
    await shop.ask(uses)
    refused = await shop.ask(f"取消 #Z{entry}")
    assert "ほかで使われています" in refused.text
    assert f"使用先: {user}" in refused.text
    assert "取り消しました" in (await shop.ask("取消")).text
    assert "取り消しました" in (await shop.ask(f"取消 #Z{entry}")).text


async def test_it_takes_a_tag_away_along_with_the_draft_that_brought_it(shop: Shop) -> None:
    await live(shop)
    await shop.ask("■シナリオ A\n版: 1\n▼すぐ\nこんにちは\n＋ボタン 押す → タグ付ける 甲")
    assert "取り消しました" in (await shop.ask("取消")).text
    assert await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL") == 0
