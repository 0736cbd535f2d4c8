"""セグメント 足す: a condition put together by taps alone, counted line by line after each."""

import pytest

from storage import database
from tests.admin_commands.shop import Answer, Shop, befriend


@pytest.fixture
async def friends(shop: Shop) -> list[int]:
    """田中 (VIP), 山田 (VIP, 常連), 佐々木 (常連)."""
    people = await befriend("田中", "山田", "佐々木")
    await shop.ask("タグ 作成 VIP, 常連")
    await shop.ask("タグ 付ける VIP #F1, #F2")
    await shop.ask("タグ 付ける 常連 #F2, #F3")
    return people


async def by_taps(shop: Shop, answer: Answer, *labels: str) -> Answer:
    for label in labels:
        answer = await shop.tap_typed(answer, label)
    return answer


@pytest.mark.usefixtures("friends")
async def test_it_puts_a_condition_together_from_nothing(shop: Shop) -> None:
    asked = await shop.ask("セグメント 足す")
    assert "今の条件: 全員" in asked.text
    told = await by_taps(shop, asked, "タグ", "VIP")
    assert "👥 対象: 2人" in told.text
    assert "条件: タグ:VIP" in told.text
    told = await by_taps(shop, told, "条件を足す", "タグ", "常連")
    assert "・タグ「VIP」あり 2人" in told.text
    assert "・かつ タグ「常連」あり 1人" in told.text
    either = await by_taps(shop, told, "最後を「または」に")
    assert "条件: タグ:VIP または タグ:常連" in either.text
    assert "👥 対象: 3人" in either.text
    without = await by_taps(shop, told, "最後を「でない」に")
    assert "条件: タグ:VIP かつ タグ:常連 でない" in without.text
    assert "👥 対象: 1人" in without.text
    assert "条件: タグ:VIP かつ タグ:常連\n" in f"{(await by_taps(shop, without, '最後の「でない」を外す')).text}\n"
    assert without.taps["名前を付けて保存"] == "セグメント 作成 （名前） 対象: タグ:VIP かつ タグ:常連 でない"


@pytest.mark.usefixtures("friends")
async def test_it_joins_the_last_two_of_several_by_or(shop: Shop) -> None:
    told = await shop.ask("セグメント 確認 対象: 全員 かつ タグ:VIP かつ タグ:常連")
    either = await by_taps(shop, told, "最後を「または」に")
    assert "条件: 全員 かつ (タグ:VIP または タグ:常連)" in either.text
    more = await by_taps(shop, either, "最後を「でない」に")
    assert "条件: 全員 かつ (タグ:VIP または タグ:常連 でない)" in more.text


@pytest.mark.usefixtures("friends")
async def test_it_asks_what_there_is_to_say_of_each_kind(shop: Shop) -> None:
    await shop.press(await shop.ask("■シナリオ 冬\n▼1日後 12:00\nこんにちは"))
    await shop.ask("シナリオ 付ける 冬 #F1")
    await shop.ask("リンク 作成 春 https://example.com/")
    await shop.ask("項目 作成 髪質 選択=直毛,くせ毛")
    await shop.ask("項目 作成 来店回数 数値")
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    for labels, found in {
        ("シナリオ", "冬", "シナリオ:冬 配信中"): "シナリオ「冬」を配信中 1人",
        ("リンク", "春", "リンク:春 未クリック"): "リンク「春」を未クリック 2人",
        ("項目", "髪質", "髪質=くせ毛"): "「髪質」がくせ毛 0人",
        ("項目", "来店回数", "来店回数>=3"): "「来店回数」が3以上 0人",
        ("セグメント", "大切"): "セグメント「大切」 2人",
        ("友だち追加・最終反応・最終配信", "友だち追加 7日以内"): "友だち追加から7日以内 2人",
        ("分割", "分割 1/2"): "全体を2等分した1番目",
    }.items():
        told = await _walk(shop, await shop.ask("セグメント 足す 対象: タグ:VIP"), labels)
        assert f"・かつ {found}" in told.text, told.text


async def _walk(shop: Shop, answer: Answer, labels: tuple[str, ...]) -> Answer:
    """By the numbers of the rows, as a phone without quick replies would."""
    for label in labels:
        line = next(one for one in answer.text.split("\n") if one.partition(" ")[2] == label)
        answer = await shop.ask(line.partition(" ")[0].rstrip("."))
    return answer


@pytest.mark.usefixtures("friends")
async def test_it_begins_with_a_saved_segment(shop: Shop) -> None:
    await shop.ask("セグメント 作成 大切 タグ:VIP")
    told = await by_taps(shop, await shop.ask("セグメント 足す 大切"), "タグ", "常連")
    assert "条件: @大切 かつ タグ:常連" in told.text
    assert "👥 対象: 1人" in told.text


async def test_it_turns_pages_and_takes_numbers(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask(f"タグ 作成 {', '.join(f'タグ{number:02}' for number in range(1, 14))}")
    asked = await by_taps(shop, await shop.ask("セグメント 足す"), "タグ")
    assert "13件中 1–10" in asked.text
    assert "タグ11" not in asked.text
    await shop.ask("次")
    assert "条件: タグ:タグ12" in (await shop.ask("12")).text


async def test_it_says_so_where_there_is_nothing_to_choose_from(shop: Shop) -> None:
    before = await database.value("SELECT count(*) FROM audit_entries")
    told = await by_taps(shop, await shop.ask("セグメント 足す"), "リンク")
    assert "リンクがまだありません" in told.text
    assert "どの種類の条件" in (await by_taps(shop, told, "ほかの条件を足す")).text
    assert "という種類の条件はありません" in (await shop.ask("セグメント 足す 天気 対象: 全員")).text
    assert "タグ #T9 は見つかりません" in (await shop.ask("セグメント 足す #T9 対象: 全員")).text
    assert "#F1 の条件はありません" in (await shop.ask("セグメント 足す #F1 対象: 全員")).text
    assert await database.value("SELECT count(*) FROM audit_entries") == before
