"""Friends hidden, made test friends and erased by staff."""

from storage import database
from tests.admin_commands import shop as shops
from tests.admin_commands.shop import SATO, YAMADA, Shop


async def test_it_hides_a_friend_from_lists_and_conditions_until_undone(shop: Shop) -> None:
    await shops.befriend("田中", "鈴木")
    await shop.ask("/タグ 作成 VIP")
    await shop.ask("/タグ 付ける VIP 田中")
    said = await shop.ask("/友だち 非表示 田中")
    assert "隠しました" in said.text
    assert "田中" not in (await shop.ask("/友だち 一覧")).text
    assert "非表示 1人" in (await shop.ask("/友だち 一覧")).text
    assert "田中" not in (await shop.ask("/友だち 検索 タグ:VIP")).text.split("\n", 1)[1]
    assert "田中" in (await shop.ask("/友だち 検索 非表示")).text
    assert "田中 #F1（非表示）" in (await shop.ask("/友だち 検索 田中")).text
    assert "取り消しました" in (await shop.ask("/取消")).text
    assert "田中" in (await shop.ask("/友だち 一覧")).text


async def test_it_shows_the_hidden_again(shop: Shop) -> None:
    await shops.befriend("田中")
    assert "変更なし" in (await shop.ask("/友だち 非表示 田中 解除")).text
    await shop.ask("/友だち 非表示 田中")
    assert "一覧に戻しました" in (await shop.ask("/友だち 非表示 田中 解除")).text
    assert "意味が分かりません" in (await shop.ask("/友だち 非表示 田中 なんとなく")).text


async def test_it_leaves_test_friends_out_of_conditions(shop: Shop) -> None:
    refused = await shop.ask("/友だち テスト 自分 追加")
    assert "友だち追加のあとに" in refused.text
    await database.run("INSERT INTO friends (line_user_id, line_name, created_at) VALUES ($1, '山田', now())", YAMADA)
    await shop.ask("/タグ 作成 VIP")
    await shop.ask("/タグ 付ける VIP 自分")
    assert "テスト友だちにしました" in (await shop.ask("/友だち テスト @自分 追加")).text
    assert "当てはまる友だちはいません" in (await shop.ask("/友だち 検索 タグ:VIP")).text
    assert "山田" in (await shop.ask("/友だち 検索 テスト友だち")).text
    assert "外しました" in (await shop.ask("/友だち テスト 自分 解除")).text
    assert "山田" in (await shop.ask("/友だち 検索 タグ:VIP")).text


async def test_it_erases_a_person_only_after_the_name_was_typed(shop: Shop) -> None:
    [tanaka] = await shops.befriend("田中")
    await shop.ask("/タグ 作成 VIP")
    await shop.ask("/タグ 付ける VIP 田中")
    asked = await shop.ask("/友だち 削除 田中")
    assert "元に戻せません" in asked.text
    assert await shop.say("鈴木") is None
    done = await shop.ask("田中")
    assert "消去しました" in done.text
    assert await database.value("SELECT count(*) FROM friends WHERE id = $1", tanaka) == 0
    assert await database.value("SELECT count(*) FROM friend_tags") == 0
    assert await database.value("SELECT count(*) FROM audit_entries WHERE strpos(sentence, '田中') > 0") == 0
    assert "取り消せません" in (await shop.ask("/取消")).text
    assert "見つかりません" in (await shop.ask(f"/友だち #F{tanaka}")).text


async def test_it_erases_what_was_sent_and_heard_but_not_the_numbers(shop: Shop) -> None:
    [tanaka] = await shops.befriend("田中")
    user = await database.value("SELECT line_user_id FROM friends WHERE id = $1", tanaka)
    await database.run(
        "INSERT INTO inbox (webhook_event_id, chat, event_at, received_at, body, state)"
        " VALUES ('e1', $1, now(), now(), '{\"secret\": 1}', 'done')",
        user,
    )
    row = await database.value(
        "INSERT INTO outbox (kind, class, cause, chat, body, recipients, after, state, ready_at, try_at, created_at)"
        " VALUES ('push', 'promotion', 'scenario:1', $1, '[1]', '{}', '{}', 'accepted', now(), now(), now())"
        " RETURNING id",
        user,
    )
    await database.run(
        "INSERT INTO deliveries (cause, friend_id, outbox_id, at) VALUES ('step:1:k1', $1, $2, now())", tanaka, row
    )
    await shop.ask("/友だち 削除 田中")
    await shop.ask("田中")
    assert bytes(await database.value("SELECT body FROM inbox WHERE webhook_event_id = 'e1'")) == b"{}"
    assert await database.rows("SELECT convert_from(body, 'UTF8') AS body, chat FROM outbox WHERE id = $1", row) == [
        {"body": "[]", "chat": ""}
    ]
    assert await database.value("SELECT count(*) FROM deliveries") == 1


async def test_it_lets_only_managers_erase(shop: Shop) -> None:
    await shops.befriend("田中")
    await shop.employ(SATO, "operator")
    assert "管理者" in (await shop.ask("/友だち 削除 田中", SATO)).text


async def test_it_blocks_a_friend_and_keeps_what_is_known(shop: Shop) -> None:
    [tanaka] = await shops.befriend("田中")
    await shop.ask("/タグ 作成 VIP")
    await shop.ask("/タグ 付ける VIP 田中")
    await database.run(
        "INSERT INTO delayed_actions (friend_id, actions, due_at, root, cause, state, created_at)"
        " VALUES ($1, '[]', now() + interval '2 days', 'event:1', 'event:1', 'open', now())",
        tanaka,
    )
    assert "予定の動作: " in (await shop.ask("/友だち 表示 田中")).text
    said = await shop.ask("/友だち ブロック 田中")
    assert "ブロックしました" in said.text
    assert "予定の動作1件は取りやめました" in said.text
    assert "変更なし" in (await shop.ask("/友だち ブロック 田中")).text
    assert "田中" not in (await shop.ask("/友だち 一覧")).text
    assert "田中" not in (await shop.ask("/友だち 検索 タグ:VIP")).text.split("\n", 1)[1]
    assert "田中 #F1（こちらでブロック）" in (await shop.ask("/友だち 検索 ブロック")).text
    card = (await shop.ask("/友だち 表示 田中")).text
    assert "こちらでブロック中" in card
    assert "VIP" in card
    assert "予定の動作" not in card
    assert "取り消しました" in (await shop.ask("/取消")).text
    assert "田中" in (await shop.ask("/友だち 一覧")).text
    assert "予定の動作: " in (await shop.ask("/友だち 表示 田中")).text


async def test_it_blocks_a_friend_no_more(shop: Shop) -> None:
    [tanaka] = await shops.befriend("田中")
    assert "変更なし" in (await shop.ask("/友だち ブロック解除 田中")).text
    await shop.ask("/友だち ブロック 田中")
    assert "続きから届きます" in (await shop.ask("/友だち ブロック解除 田中")).text
    await shop.ask("/友だち ブロック 田中")
    await database.run("UPDATE friends SET blocked_us = true WHERE id = $1", tanaka)
    assert "まだ届きません" in (await shop.ask("/友だち ブロック解除 田中")).text


async def test_it_sends_no_broadcasts_to_a_friend_until_undone(shop: Shop) -> None:
    [tanaka] = await shops.befriend("田中")
    said = await shop.ask("/友だち 配信停止 田中")
    assert "🔕 田中さんを配信停止にしました" in said.text
    assert "変更なし（田中さんは配信停止です）" in (await shop.ask("/友だち 配信停止 田中")).text
    assert "🔕 配信停止" in (await shop.ask("/友だち 表示 田中")).text
    assert "田中" in (await shop.ask(said.taps["配信停止の一覧"])).text
    assert "取り消しました" in (await shop.ask("/取消")).text
    assert not await database.value("SELECT opted_out FROM friends WHERE id = $1", tanaka)
    assert "変更なし（田中さんは配信を受け取る方です）" in (await shop.ask("/友だち 配信停止 田中 解除")).text
    await shop.ask("/友だち 配信停止 田中")
    assert "解除しました" in (await shop.ask("/友だち 配信停止 田中 解除")).text  # by staff alone: as easily back


async def test_what_a_friend_has_wished_is_turned_round_only_when_confirmed(shop: Shop) -> None:
    [tanaka] = await shops.befriend("田中")
    await shop.ask("/友だち 配信停止 田中")
    await database.run(
        "INSERT INTO friend_events (friend_id, kind, at) VALUES ($1, 'opted_out', now())", tanaka
    )  # they have written so themselves since
    await shop.ask("/取消")
    assert await database.value("SELECT opted_out FROM friends WHERE id = $1", tanaka)
    card = await shop.ask("/友だち 配信停止 田中 解除")
    assert "ご本人が希望されたものです" in card.text
    assert await database.value("SELECT opted_out FROM friends WHERE id = $1", tanaka)
    await shop.press(card)
    assert not await database.value("SELECT opted_out FROM friends WHERE id = $1", tanaka)
