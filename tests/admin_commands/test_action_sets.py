"""■アクション: actions under a name; tried without doing anything, run on one and on many, never in a circle."""

import pytest

from jobs import operations
from storage import database, outbox, pauses
from tests.admin_commands.shop import SATO, Shop, befriend, crowd, walks, worn

VIP = """■アクション VIP化
・タグ付ける VIP
・タグ外す 見込み
・もし タグ:VIP なら 送る 「{名前}さん、VIPになりました🎉」"""


async def sent() -> int:
    count: int = await database.value("SELECT count(*) FROM deliveries")
    return count


async def test_it_keeps_actions_under_a_name_and_shows_them(shop: Shop) -> None:
    made = await shop.ask(VIP)
    assert "✅ アクション「VIP化」#X1 を作りました（版1）" in made.text
    assert "新しく作ったタグ: VIP・見込み" in made.text
    assert "変更なし" in (await shop.ask(VIP)).text
    shown = (await shop.ask("アクション 表示 VIP化")).text
    assert "・タグ付ける VIP\n・タグ外す 見込み\n・もし タグ:VIP なら 送る" in shown
    assert "使用先: なし" in shown
    assert "VIP化 #X1 … 動作3個" in (await shop.ask("アクション")).text
    await shop.ask("タグ 改名 VIP → プレミアム")
    assert "・タグ付ける プレミアム" in (await shop.ask("アクション 書出 VIP化")).text


async def test_it_tells_step_by_step_what_would_happen_and_does_nothing(shop: Shop) -> None:
    [tanaka] = await befriend("田中 花子")
    await shop.ask("■シナリオ 歓迎\n開始: タグ:VIP が付いたら\n▼1日後 12:00\nようこそ")
    await shop.press(await shop.ask("シナリオ 公開 歓迎"))
    await shop.ask(VIP)
    await shop.ask(
        "■アクション まとめ\n・アクション VIP化\n・もし タグ:見込み なら タグ付ける A\n・タグ付ける B 15分後\n"
        "・通知 グループ 「{名前}さんです」\n・アクション VIP化 一度だけ"
    )
    told = (await shop.ask("アクション 確認 まとめ 田中")).text
    assert "もし今 田中 花子さんに「まとめ」を実行したら（まだ何もしません）" in told
    assert "1-1. タグ付ける VIP … タグが付きます・シナリオが始まります" in told
    assert "1-2. タグ外す 見込み … 変化なし" in told
    assert "「田中 花子さん、VIPになりました🎉」が届きます" in told
    assert "2. もし タグ:見込み なら タグ付ける A … 条件に合わないため、行いません" in told
    assert "3. タグ付ける B 15分後 … その時に行います" in told
    assert "4. 通知 グループ 「{名前}さんです」 … 行います" in told
    assert "5. アクション VIP化 一度だけ … メッセージが届きます" in told
    assert (await worn(tanaka), await walks(), await sent()) == ([], [], 0)
    await shop.ask("タグ 付ける VIP 田中")
    assert "1-1. タグ付ける VIP … 変化なし" in (await shop.ask("アクション 確認 まとめ 田中")).text


async def test_it_runs_on_one_after_a_press_where_something_is_sent(shop: Shop) -> None:
    [tanaka] = await befriend("田中 花子")
    await shop.ask("タグ 作成 見込み")
    await shop.ask("タグ 付ける 見込み 田中")
    await shop.ask(VIP)
    card = await shop.ask("アクション 実行 VIP化 田中")
    assert "通数: 1人あたり最大1通" in card.text.replace(": ", ": ")
    assert await sent() == 0
    done = await shop.press(card)
    assert "✅ アクション「VIP化」を田中 花子さんに実行しました" in done.text
    assert "変わったこと: タグが付いた 1・タグが外れた 1" in done.text
    assert "送ったメッセージ（1通）は、取消しても戻りません" in done.text
    assert (await worn(tanaka), await sent()) == (["VIP"], 1)
    await shop.ask("取消")
    assert (await worn(tanaka), await sent()) == (["見込み"], 1)


async def test_it_runs_at_once_what_sends_nothing_to_a_few(shop: Shop) -> None:
    people = await befriend("田中", "鈴木")
    await shop.ask("■アクション 印\n・タグ付ける A")
    assert "変わったこと: タグが付いた 2" in (await shop.ask("アクション 実行 印 田中, 鈴木")).text
    assert [await worn(one) for one in people] == [["A"], ["A"]]
    await shop.ask("取消")
    assert [await worn(one) for one in people] == [[], []]


async def test_it_takes_back_all_that_came_of_it_by_whatever_way(shop: Shop) -> None:
    [tanaka] = await befriend("田中 花子")
    await shop.ask("項目 作成 来店回数 数値")
    await shop.ask("/項目 田中 来店回数=3")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 変更 VIP 付いた時=項目 来店回数 +1")
    await shop.ask("■アクション 片付け\n・タグ付ける VIP\n・非表示")
    told = (await shop.ask("アクション 確認 片付け 田中")).text
    assert "1. タグ付ける VIP … タグが付きます・項目が変わります" in told
    assert "2. 非表示 … 非表示になります" in told
    done = await shop.press(await shop.ask("アクション 実行 片付け 田中"))  # the tag acts by itself
    assert "項目が変わった 1" in done.text
    stands = "SELECT f.hidden, v.text FROM friends f JOIN field_values v ON v.friend_id = f.id"
    assert dict((await database.rows(stands))[0]) == {"hidden": True, "text": "4"}
    await shop.ask("取消")
    assert dict((await database.rows(stands))[0]) == {"hidden": False, "text": "3"}
    assert await worn(tanaka) == []


async def test_it_has_the_number_typed_before_many_get_messages(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await crowd(12)
    await shop.ask(VIP)
    assert "管理者" in (await shop.ask("アクション 実行 VIP化 対象: 全員", SATO)).text
    card = await shop.ask("アクション 実行 VIP化 対象: 全員")
    assert "合わせて最大12通" in card.text
    assert "12人に実行しました" in (await shop.ask("12")).text
    assert await sent() == 12


@pytest.mark.parametrize("count", [12, 1_001], ids=["at once", "operation"])
async def test_what_waits_for_the_end_of_a_stop_does_not_leave_once_it_is_taken_back(shop: Shop, count: int) -> None:
    await crowd(count)
    await shop.ask("■アクション 案内\n・送る 「こんにちは」")
    await pauses.hold("all", "staff")
    await shop.ask("アクション 実行 案内 対象: 全員")
    await shop.ask(str(count))
    while await operations.run_chunk(shop.cache) is not None:
        pass
    assert sum((await outbox.waiting_by_cause()).values()) == count
    assert "取り消しました" in (await shop.ask("取消")).text
    await outbox.resume("all")
    assert await outbox.waiting_by_cause() == {}


async def test_it_runs_on_more_than_a_thousand_as_an_operation_that_is_taken_back(shop: Shop) -> None:
    await crowd(1_001)
    await shop.ask("■アクション 印\n・タグ付ける A")
    card = await shop.ask("アクション 実行 印 対象: 全員")
    assert "少しずつ" in (await shop.press(card)).text
    while await operations.run_chunk(shop.cache) is not None:
        pass
    assert await database.value("SELECT count(*) FROM friend_tags") == 1_001
    await shop.ask("取消")
    while await operations.run_chunk(shop.cache) is not None:
        pass
    assert await database.value("SELECT count(*) FROM friend_tags") == 0


async def test_it_runs_a_set_within_another_in_its_place(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("■アクション 内\n・タグ付ける A")
    await shop.ask("■アクション 外\n・アクション 内\n・もし タグ:A なら タグ付ける B → タグ外す A")
    await shop.ask("アクション 実行 外 田中")
    assert await worn(tanaka) == ["B"]
    assert "アクション「外」" in (await shop.ask("アクション 使用先 内")).text


@pytest.mark.parametrize("way", ["一度に", "順に"])
async def test_it_refuses_sets_that_run_in_a_circle(shop: Shop, way: str) -> None:
    blocks = ["■アクション A\n・アクション B", "■アクション B\n・アクション C", "■アクション C\n・アクション A"]
    if way == "一度に":
        told = await shop.ask("\n".join(blocks))
        assert await database.value("SELECT count(*) FROM action_sets") == 0
    else:
        await shop.ask("■アクション C\n・タグ付ける X")
        await shop.ask(blocks[1])
        await shop.ask(blocks[0])
        told = await shop.ask(blocks[2])
    assert "一周してしまう" in told.text
    assert "「C」 → 「A」 → 「B」 → 「C」" in told.text


async def test_it_does_not_run_for_ever_where_a_circle_came_back_by_an_undo(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask("■アクション B\n・タグ付ける Y")
    await shop.ask("■アクション A\n・アクション B\n・タグ付ける X")
    changed = await shop.ask("■アクション A\n・タグ付ける Z")
    await shop.ask("■アクション B\n・アクション A\n・タグ付ける Y")
    await shop.tap_typed(changed, "取消")
    assert "アクション B" in (await shop.ask("アクション 書出 A")).text
    assert "1-1. アクション B" in (await shop.ask("アクション 確認 B 田中")).text
    await shop.ask("アクション 実行 B 田中")
    assert await worn(tanaka) == ["X", "Y"]


async def test_it_warns_of_what_contradicts_itself_with_line_numbers(shop: Shop) -> None:
    told = (await shop.ask("■アクション A\n・タグ付ける X\n・送る 「y」\n・タグ外す X")).text
    assert "⚠ 2行目と4行目: タグ「X」を付けて、外しています" in told


async def test_it_changes_copies_deletes_and_brings_back(shop: Shop) -> None:
    await shop.ask(VIP)
    assert "（版2）" in (await shop.ask(VIP.replace("見込み", "休眠"))).text
    assert "版1に戻しました" in (await shop.ask("アクション 元に戻す VIP化 版1")).text
    assert "タグ外す 見込み" in (await shop.ask("アクション 書出 VIP化")).text
    assert "「会員化」#X2 を作りました" in (await shop.ask("アクション 複製 VIP化 → 会員化")).text
    await shop.ask("■テンプレ 表\n▼本文\nx\n＋ボタン 入る → アクション:会員化")
    assert "テンプレ「表」" in (await shop.ask("アクション 使用先 会員化")).text
    await shop.ask("アクション 改名 会員化 → 会員")
    assert "アクション 会員" in (await shop.ask("テンプレ 書出 表")).text
    card = await shop.ask("アクション 削除 会員")
    assert "何も行われなくなります" in card.text
    await shop.ask("会員")
    assert "見つかりません" in (await shop.ask("/アクション 表示 会員")).text
    assert "元に戻しました" in (await shop.ask("アクション 元に戻す 会員")).text
    changed = await shop.ask("■アクション 会員\n・タグ付ける Z")
    assert "使用先: テンプレ「表」" in changed.text
    assert "－ ・タグ付ける VIP\n" in changed.text
    assert "＋ ・タグ付ける Z\n" in changed.text
    await shop.press(changed)
    assert "タグ付ける Z" in (await shop.ask("アクション 書出 会員")).text


async def test_it_offers_the_line_that_lacks_its_bullet(shop: Shop) -> None:
    told = await shop.ask("■アクション A\nタグ付ける X")
    assert "「・」を付けてください" in told.text
    assert "・タグ付ける X" in told.text


async def test_it_is_made_question_by_question(shop: Shop) -> None:
    assert "アクションの名前" in (await shop.ask("アクション 作成")).text
    assert "行うことを1つ" in (await shop.ask("会員化")).text
    assert "もしかして: タグ付ける VIP" in (await shop.ask("タグつけろ VIP")).text
    more = await shop.ask("タグ付ける VIP")
    assert "続けますか" in more.text
    await shop.ask("2")
    await shop.ask("送る 「ようこそ」")
    assert "#X1 を作りました" in (await shop.ask("1")).text
    assert "・タグ付ける VIP\n・送る 「ようこそ」" in (await shop.ask("アクション 書出 会員化")).text


async def test_it_tells_a_group_and_a_colleague_whatever_they_are_called_by_now(shop: Shop) -> None:
    await befriend("田中")
    await shop.employ(SATO, "operator")
    told = await shop.ask("■アクション 知らせ\n・通知 グループ 支店 「来店」")
    assert "グループ「支店」が見つかりません" in told.text
    assert "「@鈴木」が見つかりません" in (await shop.ask("■アクション 知らせ\n・通知 @鈴木 「来店」")).text
    await shop.ask("グループ 改名 ここ → 本店")
    await shop.ask("■アクション 知らせ\n・通知 グループ 本店 「来店」\n・通知 @佐藤 「電話」")
    await shop.ask("グループ 改名 ここ → 「駅前 店」")
    await database.run("UPDATE staff SET name = '佐藤 誠' WHERE line_user_id = $1", SATO)
    printed = (await shop.ask("アクション 書出 知らせ")).text
    assert "・通知 グループ 「駅前 店」 「来店」\n・通知 「@佐藤 誠」 「電話」" in printed
    assert "変更なし" in (await shop.ask(printed)).text
    assert "駅前 店" in (await shop.ask("グループ 表示 #J1")).text
    assert "佐藤 誠" in (await shop.ask("スタッフ 表示 #W2")).text
    await shop.ask("アクション 実行 知らせ 田中")
    [waiting] = [row["body"] for row in await database.rows("SELECT body FROM outbox WHERE state = 'waiting'")]
    assert "来店" in waiting.decode()
    assert "@佐藤 誠さんへ: 電話" in waiting.decode()
