"""設定: settings that staff choose, what they change, and the way back."""

import pytest

from storage import database
from tests.admin_commands.shop import SATO, Shop


async def test_it_hears_only_slashes_once_the_prefix_is_required(shop: Shop) -> None:
    assert "接頭辞: 不要" in (await shop.ask("/設定")).text
    assert await shop.say("タグ 作成 VIP") is not None
    done = await shop.ask("/設定 接頭辞 必須")
    assert "接頭辞: 必須" in done.text
    assert await shop.say("タグ 作成 休眠") is None
    assert "休眠" in (await shop.ask("/タグ 作成 休眠")).text
    assert "変更なし" in (await shop.ask("/設定 接頭辞 必須")).text
    await shop.ask("/タグ 一覧")
    undone = await shop.ask("/取消")
    assert "取り消しました" in undone.text
    await shop.ask("/取消")
    assert await shop.say("タグ 一覧") is not None


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("21:00-8:00", "21:00〜8:00"),
        ("22時〜7時", "22:00〜7:00"),
        ("２２：３０－６：００", "22:30〜6:00"),
        ("なし", "なし"),
    ],
)
async def test_it_reads_quiet_hours_as_people_write_them(shop: Shop, typed: str, shown: str) -> None:
    await shop.ask("/設定 静音 20:00-9:00")
    assert f"静音: {shown}" in (await shop.ask(f"/設定 静音 {typed}")).text


async def test_it_marks_steps_that_wait_for_the_morning(shop: Shop) -> None:
    block = "■シナリオ ようこそ\n▼すぐ\nこんにちは\n▼1日後 23:00\n夜です\n▼2日後 12:00\n昼です\n▼3日後 8:00\n朝です"
    shown = await shop.ask(block)
    assert shown.text.count("（静音のため）") == 1
    assert "23:00から（静音のため）" in shown.text
    await shop.ask("/設定 静音 なし")
    assert "静音" not in (await shop.ask("/シナリオ 確認 ようこそ")).text


async def test_it_refuses_what_it_cannot_read_and_changes_nothing(shop: Shop) -> None:
    for wrong in ("静音 夜だけ", "静音 25:00-8:00", "静音 8:00-8:00", "接頭辞 たぶん", "二人承認 配信", "二人承認 0人"):
        refused = await shop.ask(f"/設定 {wrong}")
        assert "使えません" in refused.text
        assert "例: " in refused.text
    assert "設定できるのは" in (await shop.ask("/設定 二人承認制 配信")).text
    assert await database.value("SELECT count(*) FROM settings") == 0


async def test_it_explains_one_setting(shop: Shop) -> None:
    told = await shop.ask("/設定 静音")
    assert "静音: 21:00〜8:00" in told.text
    assert "設定 静音 なし" in told.taps


async def test_it_lets_managers_look_but_only_owners_choose(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    assert "オーナーの方" in (await shop.ask("/設定 接頭辞 必須", SATO)).text
    assert "静音" in (await shop.ask("/設定 一覧", SATO)).text
    assert "止めました" in (await shop.ask("/設定 緊急停止", SATO)).text
