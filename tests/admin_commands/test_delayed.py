"""What actions have put off, as staff see it: on a friend's card, taken back with its deed, among what failed."""

from datetime import timedelta

import pytest

from jobs import due, operations
from storage import clock, database
from tests.admin_commands.shop import Shop, befriend, crowd, worn

LATER = "■アクション 後で\n・タグ付ける 確認済 15分後"


async def states() -> list[str]:
    return [row["state"] for row in await database.rows("SELECT state FROM delayed_actions ORDER BY id")]


async def pass_time(shop: Shop, **time: float) -> None:
    await clock.move(await clock.now() + timedelta(**time))
    while (await due.run_set(shop.cache)).friends:
        pass


async def test_it_tells_on_a_friends_card_what_is_to_come_and_does_it_then(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask(LATER)
    assert "その時に行います" in (await shop.ask("アクション 実行 後で 田中")).text
    await shop.ask("アクション 実行 後で 田中")
    told = (await shop.ask("友だち 表示 田中")).text
    assert "予定の動作: " in told
    assert "ほか1件" in told
    await pass_time(shop, minutes=15)
    assert await worn(tanaka) == ["確認済"]
    assert "予定の動作" not in (await shop.ask("友だち 表示 田中")).text


async def test_it_calls_off_what_is_to_come_with_the_deed(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.ask(LATER)
    await shop.ask("アクション 実行 後で 田中")
    assert "取り消しました" in (await shop.ask("取消")).text
    assert "予定の動作" not in (await shop.ask("友だち 表示 田中")).text
    await pass_time(shop, hours=1)
    assert await worn(tanaka) == []
    assert await states() == ["called_off"]


async def test_it_lists_what_failed_and_does_it_after_all_or_never(shop: Shop) -> None:
    people = await befriend("田中", "鈴木")
    await shop.ask(LATER)
    await shop.ask("アクション 実行 後で 田中, 鈴木")
    await database.run("UPDATE delayed_actions SET state = 'parked', error = 'ValueError'")
    assert "予定の動作 2件" in (await shop.ask("エラー 一覧")).text
    assert "ValueError" in (await shop.ask("エラー 表示 予定0")).text
    card = await shop.ask("エラー 削除 予定0")
    assert "予定の動作は行いません" in card.text
    await shop.press(card)
    assert await states() == ["called_off"] * 2
    await shop.ask("取消")
    assert await states() == ["parked"] * 2
    await shop.press(await shop.ask("エラー 再送 すべて"))
    await pass_time(shop, minutes=15)
    assert [await worn(one) for one in people] == [["確認済"]] * 2


async def test_it_ends_what_a_deed_on_many_has_put_off_with_the_operation(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 11)
    await crowd(12)
    await shop.ask(LATER)
    card = await shop.ask("アクション 実行 後で 対象: 全員")
    await shop.press(card)
    while await operations.run_chunk(shop.cache) is not None:
        pass
    assert set(await states()) == {"open"}
    assert "取り消しました" in (await shop.ask("取消")).text
    assert set(await states()) == {"called_off"}
