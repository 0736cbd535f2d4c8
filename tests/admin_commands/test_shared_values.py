"""共通情報: said in one place, in every message from then on, now or from a set time."""

from admin_commands import shared_values as noun
from jobs import heard
from storage import database
from tests.admin_commands.shop import TOKYO, Shop, befriend


async def test_it_changes_every_message_that_uses_it_now_and_from_a_set_time(shop: Shop) -> None:
    await befriend("田中")
    assert "10時〜19時" in (await shop.ask("共通情報 作成 営業時間 10時〜19時")).text
    assert "もうあります" in (await shop.ask("共通情報 作成 営業時間 8時")).text
    await shop.ask("■テンプレ 案内\n▼本文\n営業時間は{営業時間}です。")

    async def said() -> str:
        return (await shop.ask("テンプレ 確認 案内 田中")).text

    assert "営業時間は10時〜19時です" in await said()
    assert "テンプレ「案内」" in (await shop.ask("共通情報 変更 営業時間 11時〜18時")).text
    assert "営業時間は11時〜18時です" in await said()
    await shop.ask("取消")
    assert "営業時間は10時〜19時です" in await said()
    planned = await shop.ask("共通情報 変更 営業時間 明日 0:00から「休業日」")
    assert "から「休業日」になります" in planned.text
    assert "これから1" in (await shop.ask("共通情報 表示 営業時間")).text
    assert "営業時間は10時〜19時です" in await said()
    await shop.pass_time(days=1)
    assert "営業時間は休業日です" in await said()
    await shop.ask("共通情報 変更 営業時間 3日後 0:00から 再開")
    assert "取りやめました" in (await shop.ask("共通情報 予定取消 営業時間 1")).text
    await shop.pass_time(days=4)
    assert "営業時間は休業日です" in await said()
    assert "過ぎています" in (await shop.ask("共通情報 変更 営業時間 2026-01-01 0:00から 休み")).text
    await shop.ask("共通情報 改名 営業時間 → 受付")
    assert "{受付}" in (await shop.ask("テンプレ 書出 案内")).text
    card = await shop.ask("共通情報 削除 受付")
    assert "テンプレ「案内」" in card.text
    await shop.ask("受付")
    assert "営業時間はです" in await said()
    assert "元に戻しました" in (await shop.ask("共通情報 元に戻す 受付")).text


async def test_it_counts_and_is_printed_as_the_commands_that_make_it_again(shop: Shop) -> None:
    await shop.ask("共通情報 作成 残席 数値 ５")
    await shop.ask("共通情報 作成 開店日 日付 2026/12/1")
    await shop.ask("共通情報 作成 合言葉 春の 香り")
    assert "4（前: 5）" in (await shop.ask("共通情報 変更 残席 －１")).text
    assert "2月30日はありません" in (await shop.ask("共通情報 変更 開店日 2月30日")).text
    await shop.ask("項目 作成 メモ 文字")
    assert "別の名前" in (await shop.ask("共通情報 作成 メモ あ")).text
    printed = await noun.NOUN.dumps(TOKYO)  # type: ignore[misc] # it has them
    assert printed == [
        "共通情報 作成 残席 数値 4",
        "共通情報 作成 開店日 日付 2026-12-01",
        "共通情報 作成 合言葉 文字 春の 香り",
    ]
    await database.run("TRUNCATE shared_values")
    for line in printed:
        await shop.ask(line)
    assert await noun.NOUN.dumps(TOKYO) == printed  # type: ignore[misc] # it has them


async def test_it_takes_a_name_that_is_glued_to_its_value(shop: Shop) -> None:
    assert "10時〜19時" in (await shop.ask("共通情報 作成 営業時間=10時〜19時")).text
    assert "11時〜（前: 10時〜19時）" in (await shop.ask("共通情報 変更 営業時間＝11時〜")).text
    assert "から「休業」になります" in (await shop.ask("共通情報 変更 営業時間=明日 0:00から休業")).text
    await shop.ask("共通情報 作成 残席 数値 5")
    assert "-1（前: 5）" in (await shop.ask("共通情報 変更 残席=-1")).text
    assert "-2（前: -1）" in (await shop.ask("共通情報 変更 残席 -1")).text


async def test_it_asks_before_another_value_takes_the_place_of_one_that_is_there(shop: Shop) -> None:
    await shop.ask("共通情報 作成 残席 数値 5")
    assert "「文字」に変えられません" in (await shop.ask("共通情報 作成 残席 文字 少し")).text
    assert "もうあります" in (await shop.ask("共通情報 作成 残席 5")).text
    card = await shop.ask("共通情報 作成 残席 6")
    assert "今: 5" in card.text
    assert "6（前: 5）" in (await shop.press(card)).text


async def test_its_day_can_be_chosen_from_a_calendar(shop: Shop) -> None:
    wrong = await shop.ask("共通情報 作成 開店日 日付 2月30日")
    assert "2月30日はありません" in wrong.text
    made = await shop.hear(heard.Pressed(wrong.taps["📅 日付を選ぶ"], {"date": "2026-12-01"}))
    assert made is not None
    assert "共通情報「開店日」" in made.text
    wrong = await shop.ask("共通情報 変更 開店日 13/45")
    changed = await shop.hear(heard.Pressed(wrong.taps["📅 日付を選ぶ"], {"date": "2026-12-24"}))
    assert changed is not None
    assert "12月24日" in changed.text


async def test_a_moment_behind_the_text_is_asked_about(shop: Shop) -> None:
    await shop.ask("共通情報 作成 定休日 毎週月曜")
    asked = await shop.ask("共通情報 変更 定休日 毎週火曜 明日 9:00")
    assert "いつから変えますか" in asked.text
    assert "から「毎週火曜」になります" in (await shop.press(asked, way="then")).text
    assert "毎週月曜" in (await shop.ask("共通情報 表示 定休日")).text
    asked = await shop.ask("/共通情報 変更 定休日 毎週火曜 12/31から")
    await shop.press(asked, way="now")
    assert "毎週火曜 12/31から" in (await shop.ask("共通情報 表示 定休日")).text


async def test_a_time_that_is_none_is_never_taken_for_the_text(shop: Shop) -> None:
    await shop.ask("共通情報 作成 営業時間 10時〜19時")
    refused = await shop.ask("共通情報 変更 営業時間 2月30日 0:00から 休業")
    assert "2月30日はありません" in refused.text
    for wrong in ("2月30日から 休業", "12/1 25:00から 休業", "休業 2月30日 0:00から"):
        assert (await shop.ask(f"/共通情報 変更 営業時間 {wrong}")).text.startswith("❌"), wrong
    planned = await shop.hear(heard.Pressed(refused.taps["📅 日時を選ぶ"], {"datetime": "2030-12-01T09:00"}))
    assert planned is not None
    assert "から「休業」になります" in planned.text
    assert "10時〜19時" in (await shop.ask("共通情報 表示 営業時間")).text
    for text in ("朝10時から 19時", "月曜から金曜まで", "10:30から 19:30"):
        assert text in (await shop.ask(f"/共通情報 変更 営業時間 {text}")).text
    assert "2月30日 0:00から 休業（前" in (await shop.ask("/共通情報 変更 営業時間 「2月30日 0:00から 休業」")).text
