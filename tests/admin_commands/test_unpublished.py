"""下書き: what waits to be published, and the bin of all kinds."""

from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend

BLOCK = "■シナリオ {}\n▼すぐ\n{}"


async def test_it_lists_ones_own_drafts_first(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(BLOCK.format("佐藤の案", "こんにちは"), SATO)
    await shop.ask(BLOCK.format("公開済み", "こんにちは"))
    await shop.press(await shop.ask("/シナリオ 公開 公開済み"))
    await shop.press(await shop.ask(BLOCK.format("公開済み", "こんばんは")), way="draft")
    listed = (await shop.ask("/下書き")).text.split("\n")
    assert "公開済み" in listed[2]
    assert "自分" in listed[2]
    assert "佐藤の案" in listed[3]
    assert "未公開・佐藤さん" in listed[3]
    mine = (await shop.ask("/下書き", SATO)).text.split("\n")
    assert "佐藤の案" in mine[2]
    assert "シナリオ「公開済み」版2" in (await shop.ask("1")).text


async def test_it_has_those_of_auto_replies_as_well(shop: Shop) -> None:
    await shop.ask("■自動応答 営業時間\n語: 何時まで\n▼返信\n19時です")
    assert "自動応答「営業時間」#A1 未公開・自分" in (await shop.ask("/下書き")).text
    assert "自動応答ごとの削除" in (await shop.ask("/下書き 削除 営業時間")).text
    await shop.press(await shop.ask("/自動応答 公開 営業時間"))
    await shop.press(await shop.ask("■自動応答 営業時間\n語: 何時まで\n▼返信\n20時です"), way="draft")
    shown = await shop.ask("/下書き 表示 営業時間")
    assert "＋ 20時です" in shown.text
    assert shown.taps["公開"] == "/自動応答 公開 営業時間"
    await shop.ask(BLOCK.format("営業時間", "案"))
    assert "どの下書きですか" in (await shop.ask("/下書き 削除 営業時間")).text
    assert "自動応答「営業時間」の下書き（版2）を片付けました" in (await shop.ask("2")).text
    assert "下書きはありません" in (await shop.ask("/下書き 表示 #A1")).text
    await shop.ask("/取消")
    assert "20時です" in (await shop.ask("/自動応答 書出 営業時間")).text


async def test_it_drops_a_draft_and_leaves_what_is_live(shop: Shop) -> None:
    await shop.ask(BLOCK.format("A", "一"))
    assert "シナリオごとの削除" in (await shop.ask("/下書き 削除 A")).text
    await shop.press(await shop.ask("/シナリオ 公開 A"))
    await shop.press(await shop.ask(BLOCK.format("A", "二")), way="draft")
    assert "公開する" in str((await shop.ask("/下書き 表示 A")).messages)
    assert "公開中のものはそのまま" in (await shop.ask("/下書き 削除 A")).text
    assert "下書きはありません" in (await shop.ask("/下書き 表示 A")).text
    assert "一" in (await shop.ask("/シナリオ 書出 A")).text
    await shop.ask("/取消")
    assert "二" in (await shop.ask("/シナリオ 書出 A")).text


async def test_it_shows_the_bin_of_all_kinds_and_gives_back_by_number(shop: Shop) -> None:
    assert "空です" in (await shop.ask("/下書き ごみ箱")).text
    await shop.ask("/タグ 作成 VIP")
    await shop.press(await shop.ask("/タグ 削除 VIP"))
    await shop.pass_time(days=1)
    await shop.ask("■テンプレ 料金表\n▼本文\n4,400円")
    await shop.press(await shop.ask("/テンプレ 削除 料金表"))
    lying = (await shop.ask("/下書き ごみ箱")).text.split("\n")
    assert "テンプレ「料金表」" in lying[2]
    assert "タグ「VIP」" in lying[3]
    assert "元に戻しました" in (await shop.ask("2")).text
    assert "VIP" in (await shop.ask("/タグ 一覧")).text
    await shop.pass_time(days=30)
    assert "空です" in (await shop.ask("/下書き ごみ箱")).text


async def test_it_gives_back_by_name_and_asks_when_two_kinds_have_it(shop: Shop) -> None:
    await shop.ask("/タグ 作成 春")
    await shop.press(await shop.ask("/タグ 削除 春"))
    assert "タグ「春」" in (await shop.ask("/下書き 元に戻す 春")).text
    await shop.press(await shop.ask("/タグ 削除 春"))
    await shop.ask("■テンプレ 春\n▼本文\n桜")
    await shop.press(await shop.ask("/テンプレ 削除 春"))
    asked = await shop.ask("/下書き 元に戻す 春")
    assert "どれを戻しますか" in asked.text
    assert "元に戻しました" in (await shop.ask("2")).text
    assert await database.value("SELECT count(*) FROM templates WHERE deleted_at IS NULL") == 1
    assert "ありません" in (await shop.ask("/下書き 元に戻す 夏")).text


async def test_broadcasts_that_are_not_sent_are_listed_and_looked_at(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("■配信 年末\n対象: 全員\n日時: 明日 18:00\n▼本文\nx")
    listed = await shop.ask("下書き")
    assert "配信「年末」#B1 未送信・自分" in listed.text
    assert "📣 配信「年末」" in (await shop.ask("1")).text
    assert "📣 配信「年末」" in (await shop.ask("下書き 表示 年末")).text
    assert "配信 削除" in (await shop.ask("下書き 削除 #B1")).taps["削除する"]
    await shop.press(await shop.ask("配信 予約 年末"))
    assert "年末" not in (await shop.ask("下書き")).text
    await shop.ask("配信 停止 年末")
    assert "年末" in (await shop.ask("下書き")).text
