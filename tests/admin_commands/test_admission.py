"""Groups are claimed with a code or left; rights come with a role and go the moment a person leaves."""

from datetime import timedelta

from jobs import heard
from storage import clock, database, staff
from tests.admin_commands.shop import GROUP, NAMES, SATO, SUZUKI, TAKAHASHI, YAMADA, Shop

ROOM = "R" + "0" * 32


async def code() -> str:
    async def work() -> str:
        return await staff.new_code("owner", await clock.now())

    return await database.repeated(work)


async def leaving() -> bool:
    """Whether the worker would leave the group now."""
    return bool(await staff.groups_to_leave(await clock.now()))


async def test_it_asks_for_a_code_and_leaves_after_ten_minutes(stranger_shop: Shop) -> None:
    welcome = await stranger_shop.hear(heard.Joined(), None)
    assert welcome is not None
    assert "登録コード" in welcome.text
    assert not await leaving()
    await stranger_shop.pass_time(minutes=10, seconds=1)
    assert await leaving()


async def test_it_hears_nothing_but_the_code_in_an_unclaimed_group(stranger_shop: Shop) -> None:
    await stranger_shop.hear(heard.Joined(), None)
    for text in ("/ヘルプ", "タグ 作成 VIP", "■シナリオ A\n▼すぐ\nこんにちは", "スタッフ 申請", "こんにちは"):
        assert await stranger_shop.say(text) is None
    assert await database.value("SELECT count(*) FROM tags") == 0


async def test_it_takes_a_code_in_any_width_and_only_once(stranger_shop: Shop) -> None:
    shop = stranger_shop
    await shop.hear(heard.Joined(), None, members=5)
    given = await code()
    wide = given.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
    answer = await shop.ask(f"登録　{wide[:4]}－{wide[4:]}")
    assert "オーナー: 山田さん" in answer.text
    assert "メンバー5人" in answer.text
    other = "C" + "9" * 32
    await shop.hear(heard.Joined(), None, chat=other)
    again = await shop.ask(f"登録 {given}", SATO, chat=other)
    assert "コードが違うか期限切れです（残り4回）" in again.text
    assert await staff.find(SATO) is None


async def test_it_keeps_the_code_as_a_salted_hash_only(stranger_shop: Shop) -> None:
    given = await code()
    [row] = await database.rows("SELECT * FROM claim_codes")
    for value in row.values():
        assert given not in str(value)
        assert given.encode() not in bytes(value if isinstance(value, bytes) else b"")


async def test_it_refuses_a_code_of_eleven_minutes_ago(stranger_shop: Shop) -> None:
    given = await code()
    await stranger_shop.pass_time(minutes=10, seconds=1)
    await stranger_shop.hear(heard.Joined(), None)
    assert "期限切れ" in (await stranger_shop.ask(f"登録 {given}")).text
    assert await staff.find(YAMADA) is None


async def test_it_leaves_a_group_after_five_wrong_codes(stranger_shop: Shop) -> None:
    shop = stranger_shop
    await shop.hear(heard.Joined(), None)
    given = await code()
    wrong = f"{(int(given) + 1) % 10**8:08d}"
    for left in (4, 3, 2, 1):
        assert f"残り{left}回" in (await shop.ask(f"登録 {wrong}")).text
        assert not await leaving()
    assert "退出します" in (await shop.ask(f"登録 {wrong}")).text
    assert await leaving()
    assert await shop.say(f"登録 {given}") is None


async def guess(shop: Shop, given: str, group: int, times: int) -> list[str]:
    """Strangers of a group of their own try other codes; what they are told."""
    chat = f"C{group:032x}"
    told = []
    for number in range(1, times + 1):
        answer = await shop.say(f"登録 {(int(given) + number) % 10**8:08d}", SATO, chat=chat)
        told.append(answer.text if answer else "")
    return told


async def test_it_lets_nobody_void_the_owners_code_by_guessing(stranger_shop: Shop) -> None:
    shop = stranger_shop
    given = await code()
    for group in range(0x100, 0x10A):
        await guess(shop, given, group, 5)
    await shop.hear(heard.Joined(), None)
    assert "オーナー: 山田さん" in (await shop.ask(f"登録 {given}")).text


async def test_it_gives_new_groups_two_tries_once_ten_were_wrong(stranger_shop: Shop) -> None:
    shop = stranger_shop
    given = await code()
    assert ["残り4回" in told for told in await guess(shop, given, 0x100, 1)] == [True]
    for group in (0x101, 0x102):
        await guess(shop, given, group, 5)
    first, second = await guess(shop, given, 0x103, 2)
    assert "残り1回" in first
    assert "退出します" in second
    assert "退出します" in (await guess(shop, given, 0x100, 1))[0]
    assert await database.value("SELECT wrong_tries FROM claim_codes") == 13
    assert await staff.find(SATO) is None


async def test_it_gives_a_group_that_is_invited_again_no_new_tries(stranger_shop: Shop) -> None:
    shop = stranger_shop
    given = await code()
    await shop.hear(heard.Joined(), None)
    await guess(shop, given, 0x1, 4)
    for minutes in (1, 2, 3):
        await shop.hear(heard.Left(), None, at=await clock.now() + timedelta(minutes=minutes))
        await shop.hear(heard.Joined(), None, at=await clock.now() + timedelta(minutes=minutes, seconds=1))
    await guess(shop, given, 0x1, 1)
    await shop.hear(heard.Left(), None, at=await clock.now() + timedelta(minutes=4))
    assert await shop.hear(heard.Joined(), None, at=await clock.now() + timedelta(minutes=4, seconds=1))
    assert "退出します" in (await shop.ask(f"登録 {given}")).text
    assert await staff.find(YAMADA) is None
    assert await database.value("SELECT used_at FROM claim_codes") is None


async def test_it_gives_a_group_new_tries_with_a_new_code(stranger_shop: Shop) -> None:
    shop = stranger_shop
    await shop.hear(heard.Joined(), None)
    await guess(shop, await code(), 0x1, 5)
    await shop.hear(heard.Left(), None, at=await clock.now() + timedelta(minutes=1))
    await shop.hear(heard.Joined(), None, at=await clock.now() + timedelta(minutes=1, seconds=1))
    given = await code()
    assert "残り4回" in (await guess(shop, given, 0x1, 1))[0]
    assert "オーナー: 山田さん" in (await shop.ask(f"登録 {given}")).text


async def test_it_never_claims_a_room_and_goes_politely(stranger_shop: Shop) -> None:
    told = await stranger_shop.hear(heard.Joined(), None, chat=ROOM)
    assert told is not None
    assert "グループ" in told.text
    assert await leaving()
    assert await stranger_shop.say(f"登録 {await code()}", chat=ROOM) is None
    assert await staff.find(YAMADA) is None


async def test_it_knows_a_group_whose_join_was_never_heard_of(stranger_shop: Shop) -> None:
    answer = await stranger_shop.ask(f"登録 {await code()}")
    assert "登録しました" in answer.text


async def test_it_wants_a_new_code_when_it_was_put_out_and_invited_again(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    assert await shop.hear(heard.Left(), None) is None
    assert await shop.say("/ヘルプ") is None
    await shop.pass_time(seconds=5)
    again = await shop.hear(heard.Joined(), None)
    assert again is not None
    assert await shop.say("/ヘルプ") is None
    assert "登録しました" in (await shop.ask(f"登録 {await code()}")).text
    assert "ヘルプ" in (await shop.ask("/ヘルプ", SATO)).text


async def test_it_ignores_old_news_of_coming_and_going(shop: Shop) -> None:
    long_ago = await clock.now() - timedelta(hours=1)
    await shop.hear(heard.Left(), None, at=long_ago)
    assert await shop.hear(heard.Joined(), None, at=long_ago) is None
    assert "ヘルプ" in (await shop.ask("/ヘルプ")).text


async def test_it_suspends_staff_the_moment_they_leave(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    card = await shop.ask("■シナリオ A\n▼すぐ\nこんにちは", SATO)
    assert await shop.hear(heard.MembersLeft((SATO,)), None) is None
    assert "停止中" in (await shop.ask("タグ 作成 VIP", SATO)).text
    assert "権限のあるスタッフ用" in (await shop.press(card, SATO)).text
    assert "停止中" in (await shop.ask("/タグ 一覧", SATO, private=True)).text
    assert await database.value("SELECT count(*) FROM tags") == 0
    assert "退出し、権限を停止した" in (await shop.ask("履歴 一覧")).text


async def test_it_gives_rights_back_only_by_a_manager(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    await shop.employ(TAKAHASHI, "operator")
    await shop.hear(heard.MembersLeft((SATO,)), None)
    await shop.pass_time(minutes=1)
    back = await shop.hear(heard.MembersJoined((SATO,)), None)
    assert back is not None
    assert "権限は停止中" in back.text
    assert "停止中" in (await shop.ask("タグ 作成 VIP", SATO)).text
    assert "管理者以上" in (await shop.ask("スタッフ 再開 佐藤", TAKAHASHI)).text
    card = await shop.ask("スタッフ 再開 佐藤", SUZUKI)
    assert "戻しました" in (await shop.press(card, SUZUKI)).text
    assert "作りました" in (await shop.ask("タグ 作成 VIP", SATO)).text


async def test_it_offers_to_let_somebody_back_whose_name_has_a_space(shop: Shop) -> None:
    names = {**NAMES, SATO: "佐藤 花"}
    await shop.employ(SATO, "operator")
    await shop.say("ヘルプ", SATO, names=names)
    await shop.hear(heard.MembersLeft((SATO,)), None)
    back = await shop.hear(heard.MembersJoined((SATO,)), None)
    assert back is not None
    card = await shop.ask(back.taps["佐藤 花さんを再開"])
    assert "佐藤 花さんの権限（オペレーター）を戻します" in card.text


async def test_it_does_not_suspend_for_news_older_than_the_return(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    now = await clock.now()
    await shop.hear(heard.MembersJoined((SATO,)), None, at=now)
    await shop.hear(heard.MembersLeft((SATO,)), None, at=now - timedelta(minutes=1))
    assert "作りました" in (await shop.ask("タグ 作成 VIP", SATO)).text


async def test_it_learns_a_name_that_line_had_not_told_at_first(stranger_shop: Shop) -> None:
    shop = stranger_shop
    await shop.hear(heard.Joined(), None)
    await shop.ask(f"登録 {await code()}", names={})
    assert "山田 … オーナー" in (await shop.ask("スタッフ 一覧")).text


async def test_it_greets_a_newcomer_without_rights(shop: Shop) -> None:
    told = await shop.hear(heard.MembersJoined((SATO,)), None)
    assert told is not None
    assert "佐藤さん" in told.text
    assert "まだ権限はありません" in told.text


async def test_it_brings_a_lost_owner_back_by_a_code_in_the_claimed_group(shop: Shop) -> None:
    await shop.hear(heard.MembersLeft((YAMADA,)), None)
    given = await code()
    assert "オーナーにしました" in (await shop.ask(f"登録 {given}", SATO)).text
    assert "このグループは、もう登録済みです" in (await shop.ask(f"登録 {given}", SATO)).text
    member = await staff.find(SATO)
    assert member is not None
    assert member.role == "owner"


async def test_it_lets_the_nameless_read_but_never_act(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    assert "VIP" in (await shop.ask("タグ 一覧", None)).text
    assert "見ることだけ" in (await shop.ask("タグ 作成 休眠", None)).text
    assert await shop.say("3", None) is None
    unclaimed = "C" + "7" * 32
    await shop.hear(heard.Joined(), None, chat=unclaimed)
    assert "どなたか分からない" in (await shop.ask(f"登録 {await code()}", None, chat=unclaimed)).text


async def test_it_stays_silent_about_pictures_and_unknown_presses(shop: Shop) -> None:
    assert await shop.hear(heard.Other()) is None
    assert await shop.hear(heard.Pressed("b=1")) is None
    assert await shop.hear(heard.Pressed("")) is None
    odd = await shop.hear(heard.Pressed("t=" + "x" * 290))
    assert odd is not None
    assert "もう使えません" in odd.text


async def test_it_keeps_two_groups_apart(shop: Shop) -> None:
    second = "C" + "5" * 32
    await shop.claim(SATO, chat=second)
    await shop.ask("タグ 作成 VIP")
    card = await shop.ask("タグ 削除 VIP")
    assert "もう使えません" in (await shop.press(card, chat=second)).text
    assert "削除しました" in (await shop.press(card, chat=GROUP)).text


async def test_it_opens_the_history_of_somebody_whose_name_has_a_space(shop: Shop) -> None:
    names = {**NAMES, SATO: "佐藤 花"}
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 作成 休眠", SATO, names=names)
    tap = (await shop.ask("スタッフ 表示 「佐藤 花」")).taps["履歴"]
    told = (await shop.ask(tap)).text
    assert "休眠" in told
    assert "VIP" not in told


async def test_it_never_makes_an_owner_of_a_stranger_by_one_press(shop: Shop) -> None:
    stranger = f"U{0xEE:032x}"
    card = await shop.ask("スタッフ 申請 オーナー", stranger)
    assert "役割: 管理者" in card.text
    await shop.press(card)
    member = await staff.find(stranger)
    assert member is not None
    assert member.role == "manager"
