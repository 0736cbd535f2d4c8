"""Templates and greetings keep every content: listed, taken up again, never written over unseen."""

from jobs import facts
from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend
from tests.jobs import engine

TEMPLATE = "■テンプレ 料金表\n▼本文\nカット 4,400円"
GREETING = "■あいさつ 友だち追加\n▼新規\nはじめまして\n▼ブロック解除\nおかえりなさい"


async def greet(shop: Shop, block: str) -> None:
    assert "反映しました" in (await shop.press(await shop.ask(block))).text


async def test_it_lists_the_versions_of_a_template_and_takes_one_up_again(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    await shop.ask(TEMPLATE.replace("4,400", "4,800"))
    listed = (await shop.ask("テンプレ 版 料金表")).text
    assert "版2" in listed
    assert "山田さん・今の内容「カット 4,800円」" in listed
    assert "版1に戻しました（版3）" in (await shop.ask("2")).text
    assert "4,400円" in (await shop.ask("テンプレ 書出 料金表")).text
    assert "変更なし" in (await shop.ask("テンプレ 元に戻す 料金表 版1")).text
    assert "版9はありません" in (await shop.ask("/テンプレ 元に戻す 料金表 版9")).text
    await shop.ask("取消")
    printed = (await shop.ask("テンプレ 書出 料金表")).text
    assert "4,800円" in printed
    assert "版: 2" in printed


async def test_it_confirms_an_old_version_of_a_template_in_use(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    await shop.ask("■シナリオ A\n▼すぐ\nどうぞ\n＋ボタン 料金 → 送る テンプレ:料金表")
    await shop.press(await shop.ask(TEMPLATE.replace("4,400", "4,800")))
    await shop.employ(SATO, "manager")
    assert "山田さんが版2に変更しています" in (await shop.ask(TEMPLATE.replace("4,400", "4,900"), SATO)).text
    card = await shop.ask("テンプレ 元に戻す 料金表 版1")
    assert "シナリオ「A」" in card.text
    assert "4,800" in str(await database.value("SELECT messages FROM templates"))
    assert "版1に戻しました" in (await shop.press(card)).text


async def test_it_does_not_write_over_what_another_has_written_unseen(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(TEMPLATE, SATO)
    mine = TEMPLATE.replace("4,400", "5,000")
    asked = await shop.ask(mine)
    assert "佐藤さんが版1に変更しています" in asked.text
    assert "4,400円" in (await shop.ask(asked.taps["版1を見る"])).text
    assert "書き直しました（版2）" in (await shop.press(asked)).text
    assert "書き直しました（版3）" in (await shop.ask(TEMPLATE.replace("4,400", "5,500"))).text


async def test_it_asks_when_a_print_is_older_than_what_stands_there(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(TEMPLATE)
    printed = (await shop.ask("テンプレ 書出 料金表", SATO)).text
    assert "版: 1" in printed
    assert "書き直しました" in (await shop.ask(printed.replace("4,400", "4,500"), SATO)).text
    asked = await shop.ask(printed.replace("4,400", "4,600"))
    assert "書き出した後に、版2になっています" in asked.text


async def test_it_counts_a_rename_as_no_version(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    await shop.ask("テンプレ 改名 料金表 → 料金")
    assert "版: 1" in (await shop.ask("テンプレ 書出 料金")).text


async def test_it_takes_up_an_old_version_of_both_greetings(shop: Shop) -> None:
    await greet(shop, GREETING)
    await greet(shop, "■あいさつ 友だち追加\n▼新規\nようこそ")
    await greet(shop, "■あいさつ 友だち追加\n▼ブロック解除\nまた会えましたね")
    listed = (await shop.ask("あいさつ 版")).text
    assert "版3" in listed
    assert "今の内容" in listed
    printed = (await shop.ask("あいさつ 書出")).text
    assert "版: 3" in printed
    card = await shop.ask("あいさつ 元に戻す 版1")
    assert "新規・ブロック解除" in card.text
    await shop.press(card)
    told = (await shop.ask("あいさつ 表示")).text
    assert "はじめまして" in told
    assert "おかえりなさい" in told
    await shop.ask("取消")
    assert "また会えましたね" in (await shop.ask("あいさつ 表示")).text
    assert "変更なし" in (await shop.ask("あいさつ 元に戻す 版3")).text


async def test_it_empties_a_greeting_that_an_old_version_does_not_have(shop: Shop) -> None:
    await greet(shop, "■あいさつ 友だち追加\n▼新規\nようこそ")
    await greet(shop, GREETING)
    await shop.press(await shop.ask("あいさつ 元に戻す 版1"))
    assert "ブロック解除: なし" in (await shop.ask("あいさつ 表示")).text


async def test_it_asks_when_a_printed_greeting_is_older_than_what_is_in_force(shop: Shop) -> None:
    await greet(shop, GREETING)
    printed = (await shop.ask("あいさつ 書出")).text
    await greet(shop, "■あいさつ 友だち追加\n▼新規\nようこそ")
    asked = await shop.ask(printed.replace("はじめまして", "はじめまして！"))
    assert "版2になっています" in asked.text
    assert "反映します" in (await shop.press(asked)).text


async def test_it_holds_the_greetings_back_and_lets_them_go_again(shop: Shop) -> None:
    await greet(shop, GREETING)
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await database.run("UPDATE friends SET following = false")
    assert "停止しました" in (await shop.ask("あいさつ 停止")).text
    assert "停止中" in (await shop.ask("あいさつ 表示")).text
    assert "変更はありません" in (await shop.ask("あいさつ 停止")).text
    await engine.let_happen(shop.cache, [(tanaka, facts.Followed("e1"))])
    assert await engine.outgoing() == []
    await greet(shop, "■あいさつ 友だち追加\n▼新規\nようこそ")
    assert "停止中" in (await shop.ask("あいさつ 表示")).text
    assert "公開しました" in (await shop.press(await shop.ask("あいさつ 公開"))).text
    await engine.let_happen(shop.cache, [(suzuki, facts.Followed("e2"))])
    assert [row["texts"] for row in await engine.outgoing()] == [["ようこそ"]]
    await shop.ask("取消")
    assert "停止中" in (await shop.ask("あいさつ 表示")).text
