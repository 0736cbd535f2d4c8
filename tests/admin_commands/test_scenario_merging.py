"""Two people change one scenario: neither is written over unseen, and both go in where they touch different things."""

from storage import database
from tests.admin_commands.shop import SATO, Answer, Shop

BLOCK = """■シナリオ 歓迎
▼すぐ
一つ目
▼1日後 12:00
二つ目
▼3日後
三つ目"""


async def printed(shop: Shop, who: str = SATO) -> str:
    return (await shop.ask("/シナリオ 書出 歓迎", who)).text


async def meanwhile(shop: Shop, *changes: tuple[str, str]) -> str:
    """山田 drafts, 佐藤 prints it, and 山田 changes it after that; what 佐藤 has printed."""
    await shop.employ(SATO, "operator")
    await shop.ask(BLOCK)
    before = await printed(shop)
    assert "版: 1" in before
    block = BLOCK
    for old, new in changes:
        block = block.replace(old, new)
    assert "版2" in (await shop.ask(block)).text
    return before


async def both(shop: Shop, answer: Answer) -> str:
    assert "両方入れる" in str(answer.messages)
    assert "版3" in (await shop.press(answer, SATO, way="both")).text
    return await printed(shop)


async def test_it_puts_both_in_where_they_touch_different_steps(shop: Shop) -> None:
    before = await meanwhile(shop, ("三つ目", "三つ目です"))
    asked = await shop.ask(before.replace("二つ目", "二つ目です"), SATO)
    assert "書き出した後に、版2になっています" in asked.text
    assert "山田さんが版2に変更しています" in asked.text
    assert "あなた: ②" in asked.text
    assert "山田さん: ③" in asked.text
    assert await database.value("SELECT count(*) FROM scenario_versions") == 2
    now = await both(shop, asked)
    assert "二つ目です" in now
    assert "三つ目です" in now
    assert "版: 3" in now


async def test_it_puts_steps_in_their_places_that_both_have_added_and_taken_out(shop: Shop) -> None:
    before = await meanwhile(shop, ("▼1日後 12:00\n二つ目\n", ""), ("▼3日後", "▼2日後\nその間\n▼3日後"))
    mine = before.replace("▼1日後 12:00", "▼1時間後\nもう一つ\n▼1日後 12:00").replace(
        "▼すぐ", "配信可能: 9:00〜20:00\n▼すぐ"
    )
    asked = await shop.ask(mine, SATO)
    assert "②を追加・配信可能" in asked.text
    now = await both(shop, asked)
    assert "配信可能: 9:00〜20:00" in now
    assert "▼すぐ\n一つ目\n▼1時間後\nもう一つ\n▼2日後\nその間\n▼3日後\n三つ目" in now


async def test_it_offers_only_to_write_over_where_both_have_changed_the_same(shop: Shop) -> None:
    before = await meanwhile(shop, ("二つ目", "二つめ"))
    asked = await shop.ask(before.replace("二つ目", "弐つ目"), SATO)
    assert "同じ所を変えている" in asked.text
    assert "両方入れる" not in str(asked.messages)
    await shop.press(asked, SATO, way="mine")
    assert "弐つ目" in await printed(shop)


async def test_it_says_nothing_when_both_have_done_the_same(shop: Shop) -> None:
    before = await meanwhile(shop, ("二つ目", "二つめ"))
    assert "変更なし" in (await shop.ask(before.replace("二つ目", "二つめ"), SATO)).text


async def test_it_asks_before_anothers_draft_is_written_over_without_a_version(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(BLOCK)
    assert "版2" in (await shop.ask(BLOCK.replace("三つ目", "3つ目"))).text  # one's own is replaced as it always was
    asked = await shop.ask(BLOCK.replace("二つ目", "2つ目"), SATO)
    assert "山田さんが版2に変更しています" in asked.text
    assert "上書きする" in str(asked.messages)
    assert await database.value("SELECT count(*) FROM scenario_versions") == 2
    assert "版3" in (await shop.press(asked, SATO)).text


async def test_it_goes_on_from_anothers_draft_when_one_line_changes_it(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask(BLOCK)
    assert "版2" in (await shop.ask("シナリオ 変更 歓迎 2通目 時刻 13:00", SATO)).text


async def test_it_asks_for_whom_after_both_are_in_one(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.press(await shop.ask(BLOCK))
    before = await printed(shop)
    await shop.press(await shop.ask(BLOCK.replace("三つ目", "三つ目です")))
    asked = await shop.press(await shop.ask(before.replace("二つ目", "二つ目です"), SATO), SATO, way="both")
    assert "版2→3の変更点\n変更: ②本文\n" in asked.text
    assert "公開しました" in (await shop.press(asked, SATO)).text
    now = await printed(shop)
    assert "二つ目です" in now
    assert "三つ目です" in now
