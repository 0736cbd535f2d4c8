"""A tag that starts a scenario: staff are told, and taking the tag back stops what it has begun."""

from tests.admin_commands.shop import Shop, befriend, walks, worn

THANKS = """■シナリオ お礼
開始: タグ:来店 が付いたら
▼1日後 12:00
ありがとうございました。"""


async def test_it_tells_and_takes_back_what_a_tag_has_started(shop: Shop) -> None:
    hanako, _ = await befriend("田中 花子", "鈴木 一郎")
    await shop.press(await shop.ask(THANKS))
    told = await shop.ask("タグ 付ける 来店 田中")
    assert "シナリオ「お礼」が始まりました" in told.text
    assert [one["state"] for one in await walks()] == ["active"]
    await shop.ask("取消")
    assert (await worn(hanako), [one["state"] for one in await walks()]) == ([], ["stopped"])


async def test_it_tells_that_who_wears_the_tag_already_is_left_out(shop: Shop) -> None:
    await befriend("田中 花子", "鈴木 一郎", "佐藤 次郎")
    await shop.ask("タグ 作成 来店")
    await shop.ask("タグ 付ける 来店 田中")
    await shop.ask("タグ 付ける 来店 鈴木")
    await shop.pass_time(days=1)
    card = await shop.ask(THANKS)
    assert "すでに付いている2人には始まりません" in card.text
    await shop.press(card)
    assert "タグ「来店」が公開の前に付いていたため" in (await shop.ask("なぜ 田中 シナリオ:お礼")).text
    assert "公開の前に付いていたため" not in (await shop.ask("なぜ 佐藤 シナリオ:お礼")).text
    assert "すでに付いている" not in (await shop.ask(THANKS.replace("した。", "す。"))).text


async def test_it_leaves_alone_what_went_on_before_the_tag(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.press(await shop.ask(THANKS))
    await shop.ask("シナリオ 付ける お礼 田中")
    told = await shop.ask("タグ 付ける 来店 田中")
    assert "始まりました" not in told.text
    await shop.ask("取消")
    assert [one["state"] for one in await walks()] == ["active"]


async def test_it_offers_the_right_order_of_tag_and_friend(shop: Shop) -> None:
    [hanako] = await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP")
    told = await shop.ask("タグ 付ける 田中 VIP")
    assert "もしかして: タグ 付ける VIP 田中" in told.text
    assert await worn(hanako) == []
    await shop.tap_typed(told, "タグ 付ける VIP 田中")
    assert await worn(hanako) == ["VIP"]
