"""Several people at the same moment: each thing happens once, and nothing goes missing."""

import asyncio

from jobs import heard
from storage import database, staff
from tests.admin_commands.shop import GROUP, SATO, YAMADA, Answer, Shop, befriend

SECOND = "C" + "0" * 31 + "2"


async def test_it_lets_one_of_two_presses_win(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    told = await asyncio.gather(*(shop.press(card) for _ in range(4)))
    assert sorted("削除しました" in one.text for one in told) == [False, False, False, True]
    assert await database.value("SELECT count(*) FROM audit_entries WHERE verb = 'tag.delete'") == 1


async def test_it_keeps_an_owner_when_two_owners_stop_each_other(shop: Shop) -> None:
    await shop.claim(SATO, chat=SECOND)
    await asyncio.gather(
        shop.ask("スタッフ 停止 佐藤", YAMADA, chat=GROUP), shop.ask("スタッフ 停止 山田", SATO, chat=SECOND)
    )
    everybody = await staff.all_members()
    assert sorted(one.state for one in everybody) == ["active", "suspended"]


async def test_it_makes_a_tag_once_when_two_groups_make_it(shop: Shop) -> None:
    await shop.claim(SATO, chat=SECOND)
    told = await asyncio.gather(
        shop.ask("タグ 作成 VIP", YAMADA, chat=GROUP), shop.ask("タグ 作成 vip", SATO, chat=SECOND)
    )
    assert sorted("作りました" in one.text for one in told) == [False, True]
    assert await database.value("SELECT count(*) FROM tags") == 1


async def test_it_publishes_for_one_of_two_who_press_their_own_card(shop: Shop) -> None:
    await shop.claim(SATO, chat=SECOND)
    mine = await shop.ask("■シナリオ A\n▼すぐ\nこんにちは")
    theirs = await shop.ask("シナリオ 公開 A", SATO, chat=SECOND)
    told = await asyncio.gather(shop.press(mine, chat=GROUP), shop.press(theirs, SATO, chat=SECOND))
    assert sum("公開しました" in one.text for one in told) == 1
    assert await database.value("SELECT count(*) FROM audit_entries WHERE verb = 'scenario.publish'") == 1


async def test_it_takes_one_entry_back_once_when_two_ask(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await shop.claim(SATO, chat=SECOND)
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 付ける VIP 田中")
    number = await database.value("SELECT max(id) FROM audit_entries")
    told = await asyncio.gather(
        shop.ask(f"/取消 #Z{number}", YAMADA, chat=GROUP), shop.ask(f"/取消 #Z{number}", SATO, chat=SECOND)
    )
    assert sorted("取り消しました" in one.text for one in told) == [False, True]
    assert await database.value("SELECT count(*) FROM friend_tags WHERE friend_id = $1", tanaka) == 0


async def test_it_reads_the_rules_anew_after_a_message_that_was_turned_down(shop: Shop) -> None:
    """What a savepoint has undone must not be remembered by the copy of the rules in memory."""
    await befriend("田中")
    await shop.press(await shop.ask("■シナリオ A\n▼すぐ\nこんにちは\n▼1日後\nまた"))
    told = await shop.ask("シナリオ 停止 A\nタグ 作成 X\nタグ 付ける X 田中\nタグ 表示 無い")
    assert "見つかりません" in told.text
    assert await database.value("SELECT state FROM scenarios") == "live"
    await shop.ask("タグ 作成 Y")
    await shop.ask("タグ 改名 Y → Z")
    started = await shop.ask("シナリオ 付ける A 田中")
    assert len(started.rows) == 1


async def test_it_answers_two_people_in_one_group_separately(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 VIP, 休眠")
    await shop.ask("タグ 一覧 VIP")
    await shop.ask("タグ 一覧 休眠", SATO)
    mine, theirs = await asyncio.gather(shop.ask("1"), shop.ask("1", SATO))
    assert "「VIP」" in mine.text
    assert "「休眠」" in theirs.text


async def test_it_survives_people_leaving_while_they_press(shop: Shop) -> None:
    await shop.employ(SATO, "owner")
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP", SATO)

    async def leave() -> Answer | None:
        return await shop.hear(heard.MembersLeft((SATO,)), None)

    await asyncio.gather(shop.press(card, SATO), leave())
    assert "スタッフ用" in (await shop.press(card, SATO)).text
