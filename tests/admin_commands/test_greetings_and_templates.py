"""■あいさつ and ■テンプレ: confirmed where they are live, tried for nothing, printed as they were pasted."""

import orjson

from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend

GREETING = """■あいさつ 友だち追加
▼新規
{名前|お客様}さん、はじめまして！
＋実行 タグ付ける 新規客
▼ブロック解除
おかえりなさい😊"""

TEMPLATE = """■テンプレ 料金表
▼カード カット
4,400円〜
＋ボタン 予約する → https://example.com
▼カード カラー
6,600円〜
＋ボタン 相談 → タグ付ける 相談"""


async def test_it_puts_a_greeting_in_force_only_after_a_press(shop: Shop) -> None:
    card = await shop.ask(GREETING)
    assert "新規・ブロック解除" in card.text
    assert "山田さん、はじめまして" in card.text
    assert await database.value("SELECT count(*) FROM greetings") == 0
    assert await database.value("SELECT count(*) FROM tags") == 0
    assert "反映しました" in (await shop.press(card)).text
    rows = {row["kind"]: orjson.loads(row["actions"]) for row in await database.rows("SELECT * FROM greetings")}
    number = await database.value("SELECT id FROM tags")
    assert rows["new"] == [
        {"do": "send", "messages": [{"type": "text", "text": "{名前|お客様}さん、はじめまして！"}]},
        {"do": "tag_on", "tags": [number]},
    ]
    assert rows["returning"] == [{"do": "send", "messages": [{"type": "text", "text": "おかえりなさい😊"}]}]


async def test_it_warns_that_a_new_friend_gets_greeting_and_scenario_in_a_row(shop: Shop) -> None:
    at_once = "■シナリオ ようこそ\n開始: 友だち追加\n▼すぐ\nはじめまして"
    card = await shop.ask(at_once)
    assert "続けて届きます" not in card.text
    await shop.press(card)
    card = await shop.ask(GREETING)
    assert "新しい友だちには、あいさつとシナリオ「ようこそ」の①が続けて届きます" in card.text
    await shop.press(card)
    assert "続けて届きます" not in (await shop.ask("■あいさつ 友だち追加\n▼ブロック解除\nお久しぶりです")).text
    again = await shop.ask(at_once.replace("ようこそ", "ご案内"))
    assert "新しい友だちには、あいさつ（新規）とこのシナリオの①が続けて届きます" in again.text
    later = at_once.replace("ようこそ", "後日").replace("▼すぐ", "▼1日後 12:00")
    assert "続けて届きます" not in (await shop.ask(later)).text


async def test_it_leaves_the_part_alone_that_is_not_pasted(shop: Shop) -> None:
    await shop.press(await shop.ask(GREETING))
    await shop.press(await shop.ask("■あいさつ 友だち追加\n▼ブロック解除\nまた会えましたね"))
    told = (await shop.ask("あいさつ 表示")).text
    assert "はじめまして" in told
    assert "また会えましたね" in told
    assert "変更なし" in (await shop.ask("■あいさつ 友だち追加\n▼ブロック解除\nまた会えましたね")).text


async def test_it_takes_a_greeting_back(shop: Shop) -> None:
    await shop.press(await shop.ask(GREETING))
    await shop.ask("取消")
    assert "まだありません" in (await shop.ask("あいさつ 表示")).text
    await shop.press(await shop.ask(GREETING))
    await shop.press(await shop.ask(GREETING.replace("おかえりなさい", "お久しぶり")))
    await shop.ask("取消")
    assert "おかえりなさい" in (await shop.ask("あいさつ 表示")).text


async def test_it_shows_what_a_new_friend_would_get_as_a_free_answer(shop: Shop) -> None:
    await shop.press(await shop.ask(GREETING))
    tried = await shop.ask("あいさつ 試す")
    assert tried.messages[0] == {"type": "text", "text": "山田さん、はじめまして！"}
    assert "0通" in tried.text
    assert tried.rows == []
    assert await database.value("SELECT count(*) FROM outbox") == 0


async def test_it_prints_a_greeting_that_reads_as_the_same(shop: Shop) -> None:
    await shop.press(await shop.ask(GREETING))
    printed = (await shop.ask("あいさつ 書出")).text
    assert "変更なし" in (await shop.ask(printed)).text


async def test_it_does_not_overwrite_what_another_has_put_in_force_meanwhile(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    mine = await shop.ask(GREETING)
    await shop.press(await shop.ask(GREETING.replace("はじめまして", "ようこそ"), SATO), SATO)
    assert "古くなりました" in (await shop.press(mine)).text
    assert "ようこそ" in (await shop.ask("あいさつ 表示")).text


async def test_it_keeps_a_template_at_once_and_shows_it_for_a_friend(shop: Shop) -> None:
    await befriend("田中 花子")
    made = await shop.ask(TEMPLATE)
    assert "#M1 を作りました" in made.text
    assert made.messages[0]["template"]["type"] == "carousel"
    await shop.ask("■テンプレ お礼\n▼本文\n{名前}さん、ありがとう")
    assert "田中 花子さん、ありがとう" in (await shop.ask("テンプレ 確認 お礼 田中")).text
    assert "料金表 #M1" in (await shop.ask("テンプレ 一覧")).text


async def test_it_confirms_a_change_to_a_template_that_is_sent_from_somewhere(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(TEMPLATE)
    await shop.ask("■シナリオ A\n▼すぐ\nどうぞ\n＋ボタン 料金 → 送る テンプレ:料金表")
    changed = TEMPLATE.replace("4,400", "4,800")
    assert "管理者以上" in (await shop.ask(changed, SATO)).text
    card = await shop.ask(changed)
    assert "使用先: シナリオ「A」" in card.text
    assert "4,400" in str(await database.value("SELECT messages FROM templates"))
    assert "書き直しました" in (await shop.press(card)).text
    assert "4,800" in str(await database.value("SELECT messages FROM templates"))


async def test_it_rewrites_a_template_nobody_uses_at_once_and_takes_it_back(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    await shop.ask(TEMPLATE.replace("4,400", "4,800"))
    assert "4,800" in (await shop.ask("テンプレ 書出 料金表")).text
    await shop.ask("取消")
    assert "4,400" in (await shop.ask("テンプレ 書出 料金表")).text
    assert "変更なし" in (await shop.ask(TEMPLATE)).text


async def test_it_deletes_a_template(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    assert "削除しました" in (await shop.press(await shop.ask("テンプレ 削除 料金表"))).text
    assert "見つかりません" in (await shop.ask("/テンプレ 表示 料金表")).text
    await shop.ask(TEMPLATE)
    assert "取り消せません" in (await shop.ask("/取消 #Z3")).text


async def test_it_refuses_a_template_with_nothing_to_send(shop: Shop) -> None:
    told = await shop.ask("■テンプレ 空\n▼本文\n＋実行 タグ付ける A")
    assert "❌" in told.text
    assert await database.value("SELECT count(*) FROM templates") == 0


async def test_it_takes_words_that_look_like_its_own_unfinished_buttons(shop: Shop) -> None:
    assert "作りました" in (await shop.ask("■テンプレ 合言葉\n▼本文\nb=?7")).text
    button = '{"type":"button","action":{"type":"postback","label":"見る","data":"b=?7"}}'
    bubble = f'{{"type":"bubble","body":{{"type":"box","layout":"vertical","contents":[{button}]}}}}'
    told = await shop.ask(f"■テンプレ 案内\n▼Flex お知らせ\n{bubble}")
    assert "「b=?7」は使えません" in told.text
    assert [row["name"] for row in await database.rows("SELECT name FROM templates")] == ["合言葉"]


async def test_it_shows_which_greeting_and_template_can_no_longer_be_read(shop: Shop) -> None:
    await shop.press(await shop.ask("■あいさつ 友だち追加\n▼新規\nこんにちは"))
    await shop.ask("■テンプレ 表\n▼本文\n料金")
    await shop.ask("■テンプレ 裏\n▼本文\n内緒")
    await database.run('UPDATE greetings SET source = \'むかしの形\', actions = \'[{"do": "send", "messages": 7}]\'')
    await database.run("UPDATE templates SET source = 'むかしの形', messages = '7' WHERE name = '表'")
    fresh = Shop()
    assert "⚠ 新規: 保存された内容を今は読めない" in (await fresh.ask("あいさつ 表示")).text
    listed = (await fresh.ask("テンプレ 一覧")).text
    assert "表 #M1 … ⚠ 保存された内容を今は読めない" in listed
    assert "内緒" in listed
    assert "⚠" in (await fresh.ask("テンプレ 表示 表")).text
    assert "むかしの形" in (await fresh.ask("あいさつ 書出")).text
    assert "むかしの形" in (await fresh.ask("テンプレ 書出 表")).text
    assert "メッセージの形" in (await fresh.ask("テンプレ 確認 表")).text
    told = (await fresh.ask("/設定")).text
    assert "読めないため止めている内容: あいさつ、テンプレ #M1" in told


PRICES = "■テンプレ 料金表\n▼本文\nカット 4,400円\n＋ボタン 予約する → https://example.com"


async def test_it_changes_the_text_of_a_template_and_leaves_its_buttons(shop: Shop) -> None:
    await shop.ask(PRICES)
    told = await shop.ask("テンプレ 変更 料金表 本文\nカット 4,800円\nタグ 作成 VIP")
    assert "書き直しました（版2）" in told.text
    printed = (await shop.ask("テンプレ 書出 料金表")).text
    assert "カット 4,800円\nタグ 作成 VIP\n＋ボタン 予約する" in printed
    await shop.ask("取消")
    assert "カット 4,400円\n＋ボタン" in (await shop.ask("テンプレ 書出 料金表")).text


async def test_it_asks_for_the_new_text_of_a_template(shop: Shop) -> None:
    await shop.ask(PRICES)
    asked = await shop.ask("テンプレ 変更 料金表")
    assert "カット 4,400円" in asked.text
    assert "このまま送ってください" in asked.text
    assert "版2" in (await shop.ask("カット 5,000円")).text
    assert "カット 5,000円" in (await shop.ask("テンプレ 試す 料金表")).text


async def test_it_wants_to_know_which_part_of_a_template(shop: Shop) -> None:
    await shop.ask("■テンプレ 案内\n▼本文\n一つ\n▼本文\n二つ")
    assert "▼は2つあります" in (await shop.ask("テンプレ 変更 案内 本文\nx")).text
    assert "▼は2つまで" in (await shop.ask("テンプレ 変更 案内 3つ目 本文\nx")).text
    assert "版2" in (await shop.ask("テンプレ 変更 案内 2つ目 本文\n変えた")).text
    assert "▼本文\n一つ\n▼本文\n変えた" in (await shop.ask("テンプレ 書出 案内")).text


async def test_it_confirms_a_changed_text_that_is_sent_from_somewhere(shop: Shop) -> None:
    await shop.ask(PRICES)
    await shop.press(await shop.ask("■シナリオ A\n▼すぐ\nこんにちは\n＋実行 送る テンプレ:料金表"))
    card = await shop.ask("テンプレ 変更 料金表 本文\nカット 6,000円")
    assert "使用先" in card.text
    assert "4,400円" in (await shop.ask("テンプレ 書出 料金表")).text
    await shop.press(card)
    assert "6,000円" in (await shop.ask("テンプレ 書出 料金表")).text
