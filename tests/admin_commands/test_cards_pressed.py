"""Cards that ask for confirmation: pressed once, by the right person, in time, while what they show is still true."""

import pytest

from storage import database, quota
from tests.admin_commands.shop import SATO, SUZUKI, Shop, befriend, crowd, worn

STORY = "■シナリオ ようこそ\n開始: 友だち追加\n▼すぐ\n{name}"


async def tags() -> int:
    return int(await database.value("SELECT count(*) FROM tags WHERE deleted_at IS NULL"))


async def test_it_does_a_thing_once_however_often_it_is_pressed(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    assert await tags() == 1
    assert "削除しました" in (await shop.press(card)).text
    assert "山田さんが" in (await shop.press(card)).text
    assert "実行済み" in (await shop.press(card)).text
    assert await tags() == 0


async def test_it_keeps_a_card_for_its_asker_when_somebody_else_presses(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    assert "山田さん用" in (await shop.press(card, SATO)).text
    assert "スタッフ用" in (await shop.press(card, SUZUKI)).text
    assert await tags() == 1
    assert "削除しました" in (await shop.press(card)).text


async def test_it_shows_the_fresh_card_when_things_have_changed_since(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    await shop.ask("タグ 付ける VIP 田中")
    fresh = await shop.press(card)
    assert "古くなりました" in fresh.text
    assert "友だち: 1人" in fresh.text
    assert await tags() == 1
    assert "削除しました" in (await shop.press(fresh)).text


async def test_it_lets_a_card_expire(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    await shop.pass_time(minutes=30, seconds=1)
    expired = await shop.press(card)
    assert "期限切れ" in expired.text
    assert expired.taps == {"もう一度": "/タグ 削除 VIP"}
    assert await tags() == 1


async def test_it_takes_yes_and_no_in_words(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP, 休眠")
    await shop.ask("タグ 削除 VIP")
    assert "やめました" in (await shop.ask("やめる")).text
    assert await shop.say("はい") is None
    await shop.ask("タグ 削除 休眠")
    assert "削除しました" in (await shop.ask("はい")).text
    assert await tags() == 1


async def test_it_never_takes_a_second_yes_for_a_card_that_was_left_lying(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP, 休眠")
    left = await shop.ask("タグ 削除 VIP")
    await shop.ask("タグ 削除 休眠")
    assert "「休眠」を削除" in (await shop.ask("はい")).text
    assert await shop.say("はい") is None
    await shop.ask("タグ 作成 春")
    await shop.ask("タグ 削除 春")
    assert "やめました" in (await shop.ask("やめる")).text
    assert await shop.say("はい") is None
    assert await tags() == 2
    assert "「VIP」を削除" in (await shop.press(left)).text


async def test_it_takes_a_yes_of_later_for_talk_among_staff(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    await shop.pass_time(minutes=10, seconds=1)
    assert await shop.say("はい") is None
    assert "ヘルプ" in (await shop.ask("/はい")).taps
    assert await tags() == 1
    assert "削除しました" in (await shop.press(card)).text


async def test_it_takes_a_yes_only_from_the_asker(shop: Shop) -> None:
    await shop.employ(SATO, "owner")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 削除 VIP")
    assert await shop.say("はい", SATO) is None
    assert await shop.say("やめる", SATO) is None
    assert await tags() == 1


async def test_it_gives_two_people_their_own_cards(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.ask("タグ 作成 VIP, 休眠")
    mine = await shop.ask("タグ 削除 VIP")
    theirs = await shop.ask("タグ 削除 休眠", SATO)
    assert "「休眠」を削除" in (await shop.press(theirs, SATO)).text
    assert "「VIP」を削除" in (await shop.press(mine)).text
    assert await tags() == 0


async def test_it_wants_the_name_typed_for_a_tag_in_use(shop: Shop) -> None:
    await shop.ask("■シナリオ A\n開始: タグ:VIP が付いたら\n▼すぐ\nこんにちは")
    asked = await shop.ask("タグ 削除 VIP")
    assert "「VIP」と送ってください" in asked.text
    assert "シナリオ「A」" in asked.text
    assert asked.tokens == []
    assert await shop.say("いいよ") is None
    assert await tags() == 1
    assert "削除しました" in (await shop.ask("ｖｉｐ")).text


async def test_it_tells_what_the_steps_that_come_at_once_cost(shop: Shop) -> None:
    await shop.ask("タグ 作成 常連")
    await crowd(12, "常連")
    body = "▼すぐ\n1\n▼すぐ もし タグ:常連\n2\n＋実行 送る 「4」\n▼すぐ そうでなければ\n3\n▼1日後 12:00\n5\n▼すぐ\n6"
    await shop.press(await shop.ask(f"■シナリオ A\n{body}"))
    assert "通数: すぐに最大36通\n" in (await shop.ask("シナリオ 付ける A 対象: タグ:常連")).text
    await quota.record("Asia/Tokyo", 100, 70)
    asked = (await shop.ask("シナリオ 付ける A 対象: タグ:常連")).text
    assert "通数: すぐに最大36通（残り 30 → 送ったあと 0通）" in asked
    assert "今月の残りでは6通足りません" in asked
    later = (await shop.ask("シナリオ 付ける A 4通目から 対象: タグ:常連")).text
    assert "通数:" not in later


async def test_it_wants_the_number_typed_before_many_get_messages(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.ask("タグ 作成 常連")
    await crowd(12, "常連")
    await shop.press(await shop.ask("■シナリオ A\n▼すぐ\nこんにちは"))
    asked = await shop.ask("シナリオ 付ける A 対象: タグ:常連")
    assert "「12」と送ってください" in asked.text
    assert await shop.say("12", SATO) is None
    assert "数が違います" in (await shop.ask("21")).text
    assert "数が違います" in (await shop.ask("1,2１人")).text
    assert await database.value("SELECT count(*) FROM subscriptions") == 0
    done = await shop.ask("１２ 人")
    assert "12人を入れました" in done.text
    assert await database.value("SELECT count(*) FROM subscriptions") == 12
    assert done.rows


@pytest.mark.parametrize("name", ["中止", "やめる", "はい", "次"])
async def test_it_deletes_nothing_when_a_word_that_stops_is_also_a_name(shop: Shop, name: str) -> None:
    await shop.ask(f"■シナリオ A\n開始: タグ:{name} が付いたら\n▼すぐ\nこんにちは")
    asked = await shop.ask(f"タグ 削除 {name}")
    assert f"「「{name}」」と送ってください" in asked.text
    await shop.say(name)
    assert await tags() == 1
    await shop.ask(f"タグ 削除 {name}")
    await shop.ask("/やめる")
    assert await tags() == 1
    await shop.ask(f"タグ 削除 {name}")
    assert "削除しました" in (await shop.ask(f"「{name}」")).text


async def test_it_forgets_a_typed_confirmation_after_five_minutes(shop: Shop) -> None:
    await shop.ask("■シナリオ A\n開始: タグ:VIP が付いたら\n▼すぐ\nこんにちは")
    await shop.ask("タグ 削除 VIP")
    await shop.pass_time(minutes=5, seconds=1)
    assert await shop.say("VIP") is None
    assert await tags() == 1


async def test_it_asks_first_when_more_than_ten_are_concerned(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP, 常連")
    await crowd(11, "常連")
    card = await shop.ask("タグ 付ける VIP 対象: タグ:常連")
    assert "11人" in card.text
    assert await database.value("SELECT count(*) FROM friend_tags") == 11
    assert "11人に付けました" in (await shop.press(card)).text
    assert await database.value("SELECT count(*) FROM friend_tags") == 22


async def test_it_does_what_few_friends_concern_at_once(shop: Shop) -> None:
    [tanaka, suzuki] = await befriend("田中", "鈴木")
    await shop.ask("タグ 作成 VIP")
    assert "2人に付けました" in (await shop.ask("タグ 付ける VIP 田中, 鈴木")).text
    assert await worn(tanaka) == await worn(suzuki) == ["VIP"]


async def test_it_publishes_a_draft_only_while_it_is_the_one_shown(shop: Shop) -> None:
    first = await shop.ask(STORY.format(name="こんにちは"))
    second = await shop.ask(STORY.format(name="こんばんは"))
    stale = await shop.press(first)
    assert "古くなりました" in stale.text
    assert "こんばんは" in stale.text
    assert await database.value("SELECT state FROM scenarios") == "draft"
    assert "版2を公開しました" in (await shop.press(second)).text


async def test_it_takes_no_bare_number_for_a_row_of_an_older_list_while_a_card_waits(shop: Shop) -> None:
    await befriend("田中 花子")
    await shop.ask("タグ 作成 VIP, 休眠")
    await shop.ask("友だち 一覧")
    await shop.ask("タグ 削除 VIP")
    assert "実行するには「はい」" in (await shop.ask("1")).text
    assert "付けました" in (await shop.ask("1 タグ付ける 休眠")).text  # with words behind it, it still means the row
    await shop.ask("友だち 一覧")
    assert "田中 花子" in (await shop.ask("1")).text
