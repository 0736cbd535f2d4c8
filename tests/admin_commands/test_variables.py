"""Variables: what is noted, counted and shared, in the messages of friends; kept by number, told by today's name."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from admin_commands import templates
from jobs import messages, personal
from jobs.messages import naming
from storage import clock, database, fields, shared_values
from storage.fields import values
from tests.admin_commands.shop import TOKYO, Shop, befriend

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


async def told(written: str, friend: int = 0, name: str | None = "花子", now: datetime = NOW) -> str:
    """A text as one friend gets it."""
    said: list[dict[str, Any]] = [messages.text(written)]
    of = await personal.of(messages.variables(said), [friend], now, TOKYO)
    (message,) = messages.render(said, of(friend, name))
    shown: str = message["text"]
    return shown


@pytest.mark.usefixtures("db")
async def test_it_says_days_as_a_shop_does_and_counts_from_them() -> None:
    assert await told("{今日}まで") == "11月23日(月)まで"
    assert await told("｛明日｝/{今日+3日}/{今日＋1か月}") == "11月24日(火)/11月26日(木)/12月23日(水)"
    assert await told("{今日+39日}/{今日-1年}") == "2027年1月1日(金)/2025年11月23日(日)"
    assert await told("{{今日}}{今日|いま}") == "{今日}11月23日(月)"
    assert naming.Computed("今日", months=1).from_day(date(2027, 1, 31)) == date(2027, 2, 28)
    assert await told("{今日+9999年}です") == "です"


@pytest.mark.usefixtures("db")
async def test_it_says_what_is_noted_of_the_friend_and_shared_by_all() -> None:
    friend = (await befriend("花子"))[0]
    now = await clock.now()
    born = await fields.make("誕生日", "date", now, yearly=True)
    visits = await fields.make("来店回数", "number", now)
    until = await fields.make("期限", "date", now)
    hours = await shared_values.make("営業時間", "text", "10時〜19時", now)
    opening = await shared_values.make("開店日", "date", "2026-12-01", now)
    await values.put([(friend, born, "1990-05-03"), (friend, visits, "1200"), (friend, until, "2026-12-30")], now)
    written = f"{{#K{born}}} {{#K{visits}|0}}回 {{#K{until}+3日}} {{#V{hours}}} {{#V{opening}-1日}} {{#K99|なし}}"
    assert await told(written, friend) == "5月3日 1,200回 2027年1月2日(土) 10時〜19時 11月30日(月) なし"
    assert await told(f"{{#K{visits}|0}}回", friend + 1) == "0回"


async def test_it_keeps_numbers_so_that_a_rename_is_followed_and_what_is_deleted_falls_to_its_default(
    shop: Shop,
) -> None:
    friend = (await befriend("田中"))[0]
    await shop.ask("項目 作成 誕生日 日付")
    await shop.ask("項目 作成 来店回数 数値")
    await shop.ask(f"/項目 #F{friend} 誕生日=1990/5/3 来店回数 +1")
    made = await shop.ask(
        "■テンプレ お祝い\n▼本文\n{名前}さん、{誕生日|お誕生日}おめでとうございます。\n"
        "｛来店回数｜0｝回目、{今日+7日}までどうぞ\n＋ボタン {来店回数|0}回目の方へ → https://example.com/"
    )
    assert "お誕生日おめでとう" in made.text
    shown = await shop.ask("テンプレ 確認 お祝い 田中")
    assert "5月3日おめでとう" in shown.text
    assert "1回目" in shown.text
    stored = await database.value("SELECT messages::text || source FROM templates")
    assert "来店回数" not in stored
    assert "{誕生日" not in stored
    await shop.ask("項目 改名 来店回数 → ご来店")
    assert "｛ご来店｜0｝回目" in (await shop.ask("テンプレ 書出 お祝い")).text
    assert "使用先: テンプレ「お祝い」" in (await shop.ask("項目 表示 ご来店")).text
    card = await shop.ask("項目 削除 ご来店")
    assert "テンプレ「お祝い」" in card.text
    await shop.ask("ご来店")
    assert "0回目" in (await shop.ask("テンプレ 確認 お祝い 田中")).text
    [block] = await templates.NOUN.dumps(TOKYO)  # type: ignore[misc] # it has them
    assert "{誕生日|お誕生日}" in block
    assert "｛#K0｜0｝回目" in block


async def test_it_tells_the_line_of_a_variable_that_is_none_and_what_was_meant(shop: Shop) -> None:
    await shop.ask("項目 作成 誕生日 日付")
    wrong = await shop.ask("■テンプレ お祝い\n▼本文\nこんにちは\n{誕生目}おめでとうございます")
    assert "4行目" in wrong.text
    assert "もしかして {誕生日} ですか" in wrong.text
    wrong = await shop.ask("■テンプレ お祝い\n▼本文\n{誕生日}")
    assert "空です" in wrong.text


async def test_it_calls_variables_by_name_wherever_staff_look_at_a_scenario(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("項目 作成 来店回数 数値")
    await shop.press(await shop.ask("■シナリオ 案内\n▼すぐ\n{来店回数|0}回目です\n▼1日後 12:00\nまた"))
    await shop.ask("シナリオ 付ける 案内 田中")
    for command in ("シナリオ 表示 案内", "シナリオ 確認 案内", "シナリオ 結果 案内", "なぜ 田中"):
        told = (await shop.ask(f"/{command}")).text
        assert "{来店回数|0}" in told, command
        assert "#K" not in told


async def test_texts_of_actions_know_the_same_variables(shop: Shop) -> None:
    friend = (await befriend("田中"))[0]
    await shop.ask("項目 作成 誕生日 日付")
    await shop.ask("共通情報 作成 営業時間 10時〜19時")
    await shop.ask(f"/項目 #F{friend} 誕生日=5/3")
    for text, meant in (("{誕生目}です", "{誕生日}"), ("{営業次間}です", "{営業時間}")):
        for act in (f"送る 「{text}」", f"通知 @山田 「{text}」"):
            wrong = await shop.ask(f"■アクション 案内\n・{act}")
            assert f"もしかして {meant} ですか？" in wrong.text
    await shop.ask("■アクション 案内\n・送る 「{誕生日}、{営業時間}」\n・通知 @山田 「誕生日は{誕生日}」")
    [kept] = await database.rows("SELECT actions FROM action_sets")
    assert "誕生日}" not in kept["actions"]
    told = (await shop.ask("アクション 確認 案内 田中")).text
    assert "5月3日、10時〜19時" in told
    assert "{誕生日}" in (await shop.ask("アクション 書出 案内")).text


async def test_cards_show_names_and_never_the_numbers_that_are_kept(shop: Shop) -> None:
    await shop.ask("項目 作成 来店回数 数値")
    await shop.ask("■テンプレ 案内\n▼本文\n{来店回数|0}回目ですね")
    await shop.press(await shop.ask("■あいさつ 友だち追加\n▼新規\n{来店回数|0}回目ですね"))
    await shop.ask("■自動応答 回数\n語: 何回目\n▼返信\n{来店回数|0}回目ですね")
    await shop.ask("■配信 回数\n対象: すべての友だち\n▼本文\n{来店回数|0}回目ですね")
    for looks in (
        "テンプレ 一覧",
        "テンプレ 表示 案内",
        "テンプレ 版 案内",
        "あいさつ 表示",
        "自動応答 表示 回数",
        "配信 表示 回数",
    ):
        told = (await shop.ask(looks)).text
        assert "{来店回数|0}回目" in told, looks
        assert "#K" not in told, looks
