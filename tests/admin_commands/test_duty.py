"""当番: the hours of duty are given, shown, taken back, and refused to whom notices of the whole shop are not for."""

from tests.admin_commands.shop import SATO, Shop


async def test_it_gives_hours_of_duty_and_takes_them_back(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    card = await shop.ask("スタッフ 変更 佐藤 当番=「平日 9:00-18:00」")
    assert "「なし」から「平日 9:00〜18:00」" in card.text
    assert "友だち追加していない間は" in card.text
    assert "「平日 9:00〜18:00」にしました" in (await shop.press(card)).text
    assert "当番: 平日 9:00〜18:00" in (await shop.ask("スタッフ 表示 佐藤")).text
    assert "役割: オペレーター" in (await shop.ask("スタッフ 表示 佐藤")).text
    assert "変更はありません" in (await shop.ask("スタッフ 変更 佐藤 当番=「平日 9:00-18:00」")).text
    await shop.ask("取消")
    assert "当番" not in (await shop.ask("スタッフ 表示 佐藤")).text


async def test_it_forgets_the_hours_of_whoever_leaves_the_staff(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.press(await shop.ask("スタッフ 変更 佐藤 当番=いつでも"))
    await shop.employ(SATO, "manager")
    assert "当番: いつでも" in (await shop.ask("スタッフ 表示 佐藤")).text
    await shop.press(await shop.ask("スタッフ 削除 佐藤"))
    await shop.employ(SATO, "operator")
    assert "当番" not in (await shop.ask("スタッフ 表示 佐藤")).text


async def test_it_refuses_hours_that_cannot_be_read_and_whom_they_are_not_for(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    assert "当番の時間が読めません" in (await shop.ask("スタッフ 変更 佐藤 当番=そのうち")).text
    assert "分けて変えてください" in (await shop.ask("スタッフ 変更 佐藤 管理者 当番=いつでも")).text
    assert "オーナー" in (await shop.ask("スタッフ 変更 佐藤 当番=いつでも", SATO)).text
    await shop.ask("タグ 作成 岐阜店")
    await shop.press(await shop.ask("スタッフ 変更 佐藤 範囲=タグ:岐阜店"))
    assert "当番にできません" in (await shop.ask("スタッフ 変更 佐藤 当番=いつでも")).text
    assert "当番" not in (await shop.ask("スタッフ 表示 佐藤")).text
