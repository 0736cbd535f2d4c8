"""使用量: what the month has left, and a cap on what is sent of itself."""

from storage import quota
from tests.admin_commands.shop import SATO, Shop, befriend

ZONE = "Asia/Tokyo"


async def test_it_says_when_no_limit_is_known(shop: Shop) -> None:
    assert "まだ読めていない" in (await shop.ask("/使用量 上限 100")).text


async def test_it_caps_what_is_sent_of_itself_after_a_press(shop: Shop) -> None:
    await quota.record(ZONE, 5000, 1880)
    asked = await shop.ask("/使用量 上限 4500")
    assert "あと2,620通" in asked.text
    assert (await quota.usage(ZONE)).reserve == 0
    assert "上限: 4,500通" in (await shop.press(asked)).text
    assert (await quota.usage(ZONE)).reserve == 500
    assert "4,500通まで" in (await shop.ask("/使用量")).text
    assert "変更なし" in (await shop.ask("/使用量 上限 4500通")).text
    assert "取り消しました" in (await shop.ask("/取消")).text
    assert (await quota.usage(ZONE)).reserve == 0


async def test_it_lifts_the_cap(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    await shop.press(await shop.ask("/使用量 上限 100"))
    assert "なし" in (await shop.press(await shop.ask("/使用量 上限 なし"))).text
    assert (await quota.usage(ZONE)).reserve == 0


async def test_it_refuses_what_is_no_number_or_too_much(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    for wrong in ("201", "たくさん", "99999999999999999999", "-5"):
        assert "200 までの数" in (await shop.ask(f"/使用量 上限 {wrong}")).text
    assert "200通" in (await shop.ask("/使用量 上限")).text


async def test_it_leaves_a_cap_that_was_changed_since(shop: Shop) -> None:
    await quota.record(ZONE, 200, 0)
    await shop.press(await shop.ask("/使用量 上限 100"))
    await quota.keep(ZONE, 7)
    assert "取り消せません" in (await shop.ask("/取消")).text
    assert (await quota.usage(ZONE)).reserve == 7


async def test_it_is_the_owners_to_decide(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    assert "オーナー" in (await shop.ask("/使用量 上限 100", SATO)).text


async def test_it_counts_what_actions_are_to_send_this_month(shop: Shop) -> None:
    await befriend("田中")
    await quota.record(ZONE, 200, 199)
    await shop.ask("■アクション 後で\n・送る 「一」 15分後\n・タグ付ける 済 15分後\n・送る 「二」 20分後")
    await shop.press(await shop.ask("/アクション 実行 後で 田中"))
    told = (await shop.ask("/使用量")).text
    assert "見込み: 2通以上" in told
    assert "足りなくなる見込み" in told
    await shop.ask("/取消")
    assert "見込み" not in (await shop.ask("/使用量")).text
