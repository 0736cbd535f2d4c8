"""改名, 複製, 使用先, 検索, ごみ箱 for scenarios and templates; what has lain there long enough goes for good."""

from bot import work
from storage import database
from tests.admin_commands.shop import SATO, Shop, befriend, walks

TEMPLATE = "■テンプレ 料金表\n▼本文\nカット 4,400円〜\n＋ボタン 相談 → タグ付ける 相談"
SCENARIO = """■シナリオ ようこそ
▼すぐ
どうぞ
＋ボタン 料金 → 送る テンプレ:料金表
＋ボタン 停止 → シナリオ停止 ようこそ
▼3日後
また"""


async def stocked(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    await shop.press(await shop.ask(SCENARIO))


async def test_it_renames_what_is_used_and_is_found_by_the_new_name(shop: Shop) -> None:
    await stocked(shop)
    assert "改名しました" in (await shop.ask("テンプレ 改名 料金表 → 料金")).text
    assert "改名しました" in (await shop.ask("シナリオ 改名 ようこそ → 歓迎")).text
    printed = (await shop.ask("シナリオ 書出 歓迎")).text
    assert "テンプレ:料金" in printed
    assert "シナリオ停止 歓迎" in printed
    assert "変更なし" in (await shop.ask(printed)).text
    assert "シナリオ「歓迎」" in (await shop.ask("テンプレ 使用先 料金")).text
    await shop.ask("取消")
    assert "見つかりません" in (await shop.ask("/シナリオ 表示 歓迎")).text
    assert "ようこそ" in (await shop.ask("シナリオ 検索 よう")).text


async def test_it_refuses_a_name_that_another_has(shop: Shop) -> None:
    await stocked(shop)
    await shop.ask(TEMPLATE.replace("料金表", "お礼"))
    assert "もうあります" in (await shop.ask("/テンプレ 改名 料金表 → お礼")).text
    assert await database.value("SELECT count(*) FROM templates WHERE name = '料金表'") == 1


async def test_it_leaves_renaming_to_managers(shop: Shop) -> None:
    await stocked(shop)
    await shop.employ(SATO, "operator")
    for command in ("テンプレ 改名 料金表 → 料金", "シナリオ 改名 ようこそ → 歓迎"):
        assert "🔒" in (await shop.ask(f"/{command}", SATO)).text


async def test_it_copies_a_scenario_as_a_draft_that_speaks_of_itself(shop: Shop) -> None:
    await stocked(shop)
    told = await shop.ask("シナリオ 複製 ようこそ → 二号店")
    assert "シナリオ「二号店」#S2 下書き" in told.text
    printed = (await shop.ask("シナリオ 書出 二号店")).text
    assert "シナリオ停止 二号店" in printed
    assert "送る テンプレ:料金表" in printed
    owners = await database.rows("SELECT owner FROM buttons WHERE owner LIKE 'scenario%' ORDER BY owner")
    assert [row["owner"] for row in owners] == ["scenario:1", "scenario:1", "scenario:2", "scenario:2"]
    await shop.ask("取消")
    assert await database.value("SELECT count(*) FROM scenarios WHERE deleted_at IS NULL") == 1


async def test_it_copies_a_template(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    assert "料金表 のコピー" in (await shop.ask("テンプレ 複製 料金表")).text
    assert "4,400円" in (await shop.ask("テンプレ 書出 「料金表 のコピー」")).text


async def test_it_makes_an_old_version_the_draft_with_the_steps_of_then(shop: Shop) -> None:
    await stocked(shop)
    assert "公開しました" in (await shop.press(await shop.ask("■シナリオ ようこそ\n▼すぐ\n別の\n▼5日後\nこと"))).text
    told = await shop.ask("シナリオ 元に戻す ようこそ 版1")
    assert "版1の内容を下書きにしました" in told.text
    assert "版3" in told.text
    first, third = await database.rows(
        "SELECT definition FROM scenario_versions WHERE number IN (1, 3) ORDER BY number"
    )
    assert first == third
    assert "変更なし" in (await shop.ask("シナリオ 元に戻す ようこそ 版1")).text
    assert "版9はありません" in (await shop.ask("/シナリオ 元に戻す ようこそ 版9")).text
    await shop.ask("取消")
    assert await database.value("SELECT draft_version_id IS NULL FROM scenarios")


async def test_it_takes_things_out_of_the_bin_with_what_they_had(shop: Shop) -> None:
    await befriend("田中")
    await stocked(shop)
    await shop.ask("シナリオ 付ける ようこそ 田中")
    asked = await shop.ask("シナリオ 削除 ようこそ")
    await shop.ask("ようこそ")
    assert asked.text
    told = (await shop.ask("シナリオ 元に戻す ようこそ")).text
    assert "公開中" in told
    assert "途中の1人" in told
    assert [walk["state"] for walk in await walks()] == ["active"]
    await shop.ask("テンプレ 複製 料金表 → 仮")
    await shop.press(await shop.ask("テンプレ 削除 仮"))
    assert "元に戻しました" in (await shop.ask("テンプレ 元に戻す 仮")).text
    await shop.ask("取消")
    assert "見つかりません" in (await shop.ask("/テンプレ 表示 仮")).text


async def test_it_does_not_take_out_of_the_bin_what_has_lost_its_name(shop: Shop) -> None:
    await shop.ask(TEMPLATE)
    await shop.press(await shop.ask("テンプレ 削除 料金表"))
    await shop.ask(TEMPLATE)
    assert "先にそちらを改名" in (await shop.ask("/テンプレ 元に戻す 料金表")).text


async def test_it_lets_go_for_good_after_thirty_days(shop: Shop) -> None:
    await befriend("田中")
    await stocked(shop)
    await shop.ask("シナリオ 付ける ようこそ 田中")
    await shop.ask("タグ 作成 古い, 残す")
    await shop.ask("タグ 付ける 古い 田中")
    await shop.ask("タグ 付ける 残す 田中")
    await shop.ask("シナリオ 削除 ようこそ")
    await shop.ask("ようこそ")
    await shop.press(await shop.ask("テンプレ 削除 料金表"))
    await shop.press(await shop.ask("タグ 削除 古い"))
    await shop.pass_time(days=29)
    while await database.repeated(work.clear_bin):
        pass
    assert await database.value("SELECT count(*) FROM scenarios") == 1
    await shop.pass_time(days=2)
    assert "ごみ箱に" in (await shop.ask("/シナリオ 元に戻す ようこそ")).text
    while await database.repeated(work.clear_bin):
        pass
    for table in ("scenarios", "scenario_versions", "subscriptions", "templates", "buttons"):
        assert await database.value(f"SELECT count(*) FROM {table}") == 0, table
    assert [row["name"] for row in await database.rows("SELECT name FROM tags ORDER BY id")] == ["相談", "残す"]
    assert await database.value("SELECT count(*) FROM friend_tags") == 1
