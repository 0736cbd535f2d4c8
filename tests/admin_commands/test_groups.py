"""Further groups: registered with a code of their own, where nobody may do more than the group allows."""

import re
from datetime import timedelta

import pytest

from jobs import heard
from storage import clock, database, staff
from tests.admin_commands.shop import GROUP, SATO, SUZUKI, TAKAHASHI, YAMADA, Answer, Shop
from tests.admin_commands.test_requests import waiting, waiting_texts

TEAM = "C" + "6" * 32


@pytest.fixture
async def crew(shop: Shop) -> Shop:
    """山田 owner, 佐藤 operator, 鈴木 manager; there is a tag."""
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    await shop.ask("タグ 作成 VIP")
    return shop


async def code(shop: Shop, text: str = "グループ 追加 接客 役割=オペレーター") -> str:
    told = await shop.press(await shop.ask(text))
    found: list[str] = re.findall(r"\d{4}-\d{4}", told.text)
    return found[-1]


async def terminal_code() -> str:
    return await staff.new_code("owner", await clock.now())


async def register(shop: Shop, who: str = YAMADA, text: str = "グループ 追加 接客 役割=オペレーター") -> Answer:
    """One more group, whose code is said there by `who`."""
    given = await code(shop, text)
    await shop.hear(heard.Joined(), None, chat=TEAM, members=3)
    return await shop.ask(f"登録 {given}", who, chat=TEAM)


async def roles() -> dict[str, str]:
    return {one.name: f"{one.role} {one.state}" for one in await staff.all_members()}


async def test_it_registers_one_more_group_with_a_code_made_in_the_chat(crew: Shop) -> None:
    told = await register(crew)
    assert "このグループを「接客」として登録しました" in told.text
    assert "オペレーターまで" in told.text
    listed = await crew.ask("グループ 一覧")
    assert "スタッフ会議（このグループ） 5人・管理" in listed.text
    assert "接客 3人・オペレーターまで" in listed.text
    assert "グループ「接客」を登録した" in (await crew.ask("履歴")).text


async def test_it_tells_a_code_once_and_keeps_only_its_hash(crew: Shop) -> None:
    card = await crew.ask("グループ 追加 接客")
    assert not re.search(r"\d{4}-\d{4}", card.text)
    told = await crew.press(card)
    [given] = set(re.findall(r"\d{4}-\d{4}", told.text))
    for text in ("履歴", "グループ 一覧"):
        assert given not in (await crew.ask(text)).text
    assert given not in (await crew.press(card)).text
    [row] = await database.rows("SELECT * FROM claim_codes ORDER BY id DESC LIMIT 1")
    assert all(given.replace("-", "") not in str(value) for value in row.values())


async def test_it_takes_a_groups_code_once_only_and_for_ten_minutes(crew: Shop) -> None:
    given = await code(crew)
    await crew.hear(heard.Joined(), None, chat=TEAM)
    await crew.ask(f"登録 {given}", chat=TEAM)
    other = "C" + "7" * 32
    await crew.hear(heard.Joined(), None, chat=other)
    assert "期限切れ" in (await crew.ask(f"登録 {given}", chat=other)).text
    given = await code(crew, "グループ 追加 倉庫")
    await crew.pass_time(minutes=10, seconds=1)
    await crew.hear(heard.Joined(), None, chat=other)
    assert "期限切れ" in (await crew.ask(f"登録 {given}", chat=other)).text
    assert [room.name for room in await staff.rooms()] == ["スタッフ会議", "接客"]


async def test_it_gives_nobody_rights_for_a_groups_code_in_a_claimed_group(crew: Shop) -> None:
    given = await code(crew, "グループ 追加 本部 役割=オーナー")
    assert "新しいグループの中で" in (await crew.ask(f"登録 {given}", TAKAHASHI)).text
    assert "新しいグループの中で" in (await crew.ask(f"登録 {given}", SATO)).text
    assert await roles() == {"山田": "owner active", "鈴木": "manager active", "佐藤": "operator active"}


async def test_it_makes_a_stranger_with_a_groups_code_an_operator_at_most(crew: Shop) -> None:
    told = await register(crew, TAKAHASHI, "グループ 追加 本部 役割=オーナー")
    assert "高橋さん: オペレーター" in told.text
    assert (await roles())["高橋"] == "operator active"
    assert "👥 高橋さん（オペレーター）がグループ「本部」を登録しました。" in await waiting_texts(GROUP)
    entry = await database.value("SELECT max(id) FROM audit_entries")
    assert "取り消しました" in (await crew.ask(f"/取消 #Z{entry}")).text
    assert "高橋" not in await roles()


async def test_it_leaves_staff_their_own_role_when_they_register_a_group(crew: Shop) -> None:
    await register(crew, SUZUKI)
    assert (await roles())["鈴木"] == "manager active"


async def test_it_gives_a_suspended_person_nothing_for_a_groups_code(crew: Shop) -> None:
    await crew.ask("スタッフ 停止 佐藤")
    told = await register(crew, SATO)
    assert "停止中" in told.text
    assert (await roles())["佐藤"] == "operator suspended"
    assert len(await staff.rooms()) == 1


async def test_it_voids_a_groups_code_when_its_maker_is_no_owner_any_more(crew: Shop) -> None:
    given = await code(crew)
    await crew.employ(SATO, "owner")
    await crew.ask("スタッフ 停止 山田", SATO)
    await crew.hear(heard.Joined(), None, chat=TEAM)
    assert "期限切れ" in (await crew.ask(f"登録 {given}", TAKAHASHI, chat=TEAM)).text
    assert len(await staff.rooms()) == 1


@pytest.mark.parametrize("who", [YAMADA, SUZUKI, SATO])
async def test_it_lets_nobody_do_more_than_the_group_allows(crew: Shop, who: str) -> None:
    await register(crew, SATO)
    told = await crew.ask("タグ 改名 VIP → 上客", who, chat=TEAM)
    assert told.text.startswith("🔒")
    assert "作りました" in (await crew.ask("タグ 作成 休眠", who, chat=TEAM)).text
    if who != SATO:
        assert "このグループではできません" in told.text
        assert told.tokens == []
        assert "改名しました" in (await crew.ask("タグ 改名 VIP → 上客", who)).text


async def test_it_is_a_group_for_looking_only_when_it_is_set_so(crew: Shop) -> None:
    await register(crew, SATO, "グループ 追加 見学 役割=閲覧")
    assert "VIP" in (await crew.ask("タグ 一覧", SATO, chat=TEAM)).text
    assert "このグループではできません" in (await crew.ask("タグ 作成 休眠", SATO, chat=TEAM)).text
    assert "作りました" in (await crew.ask("タグ 作成 休眠", SATO)).text


async def test_it_carries_requests_and_wishes_from_there_to_the_managers(crew: Shop) -> None:
    await register(crew, SATO)
    await database.run("DELETE FROM outbox")
    refused = await crew.ask("タグ 改名 VIP → 上客", SATO, chat=TEAM)
    assert "管理グループに依頼を出しました" in (await crew.press(refused, SATO, chat=TEAM)).text
    card = await waiting(GROUP)
    assert "このボタンは管理者以上の方用です" in (await crew.press(card, SUZUKI, chat=TEAM)).text
    assert "改名しました" in (await crew.press(card, SUZUKI)).text
    assert "鈴木さんが、佐藤さんの依頼" in (await waiting_texts(TEAM))[0]
    assert await waiting_texts(GROUP) == []
    asked = await crew.ask("スタッフ 申請 管理者", TAKAHASHI, chat=TEAM)
    assert "管理グループに依頼を出しました" in asked.text
    card = await waiting(GROUP)
    assert "高橋さんからスタッフの申請" in card.text
    assert "高橋さんをオペレーターにしました" in (await crew.press(card)).text


async def test_it_never_posts_notices_into_a_group_of_operators(crew: Shop) -> None:
    await register(crew, SATO)
    await database.run("DELETE FROM outbox")
    await crew.hear(heard.MembersLeft((SATO,)), None, chat=TEAM)
    assert await waiting_texts(TEAM) == []
    assert await waiting_texts(GROUP) == ["👋 佐藤さんがグループ「接客」を退出し、権限を停止しました。"]


async def test_it_suspends_nobody_who_leaves_a_group_of_operators_but_stays_among_the_managers(crew: Shop) -> None:
    await register(crew, SUZUKI)
    await crew.ask("タグ 一覧", SUZUKI)
    await crew.hear(heard.MembersLeft((SUZUKI, SATO)), None, chat=TEAM)
    assert await roles() == {"山田": "owner active", "鈴木": "manager active", "佐藤": "operator suspended"}
    await crew.pass_time(seconds=5)
    await crew.hear(heard.MembersLeft((SUZUKI,)), None)
    assert (await roles())["鈴木"] == "manager suspended"


async def test_it_changes_a_group_and_takes_that_back(crew: Shop) -> None:
    await register(crew)
    card = await crew.ask("グループ 変更 接客 役割=閲覧 名前=見学")
    assert "接客 → 見学" in card.text
    assert "見学 3人・閲覧まで" not in (await crew.ask("グループ 一覧")).text
    assert "「接客」を変えました（名前: 接客 → 見学、" in (await crew.press(card)).text
    assert "見学 3人・閲覧まで" in (await crew.ask("グループ 一覧")).text
    assert "オーナー" in (await crew.ask(f"/取消 #Z{await newest()}", SUZUKI)).text
    assert "取り消しました" in (await crew.ask("取消")).text
    assert "接客 3人・オペレーターまで" in (await crew.ask("グループ 一覧")).text


async def newest() -> int:
    found: int = await database.value("SELECT max(id) FROM audit_entries")
    return found


async def test_it_renames_a_group_but_not_to_a_name_that_is_taken(crew: Shop) -> None:
    await register(crew)
    assert "改名しました" in (await crew.ask("グループ 改名 接客 → 受付")).text
    assert "もうあります" in (await crew.ask("グループ 改名 ここ → 受付")).text
    assert "もうあります" in (await crew.ask("グループ 追加 受付")).text
    assert "受付" in (await crew.ask("グループ 表示 受付")).text
    await crew.ask("取消")
    assert "接客" in (await crew.ask("グループ 表示 接客")).text


async def test_it_shows_an_old_card_anew_when_the_group_has_changed_meanwhile(crew: Shop) -> None:
    await register(crew)
    card = await crew.ask("グループ 変更 接客 役割=閲覧")
    await crew.ask("グループ 改名 接客 → 受付")
    await crew.ask("グループ 改名 受付 → 接客")
    again = await crew.press(card)
    assert "古くなりました" in again.text
    assert "接客 3人・オペレーターまで" in (await crew.ask("グループ 一覧")).text


async def test_it_leaves_a_group_only_when_its_name_is_typed(crew: Shop) -> None:
    await register(crew)
    asked = await crew.ask("グループ 削除 接客")
    assert "「接客」と送ってください" in asked.text
    assert await crew.say("接客", SUZUKI) is None
    assert "まもなく退出します" in (await crew.ask("接客")).text
    assert [group.line_group_id for group in await staff.groups_to_leave(await clock.now())] == [TEAM]
    assert await crew.say("/タグ 一覧", SATO, chat=TEAM) is None
    given = await code(crew, "グループ 追加 倉庫")
    assert await crew.say(f"登録 {given}", SATO, chat=TEAM) is None


async def test_it_keeps_the_last_group_in_which_owners_can_do_everything(crew: Shop) -> None:
    await register(crew)
    assert "最後の管理グループ" in (await crew.ask("グループ 削除 スタッフ会議")).text
    assert "最後の管理グループ" in (await crew.ask("グループ 変更 ここ 役割=管理者")).text
    await crew.press(await crew.ask("グループ 変更 接客 役割=オーナー"))
    raised = await newest()
    await crew.press(await crew.ask("グループ 変更 スタッフ会議 役割=管理者"))
    assert "管理グループがなくなります" in (await crew.ask(f"/取消 #Z{raised}", private=True)).text
    assert "接客 3人・管理" in (await crew.ask("/グループ 一覧", private=True)).text


@pytest.mark.parametrize(
    "text", ["グループ 追加 X", "グループ 変更 ここ 役割=閲覧", "グループ 改名 ここ → X", "グループ 削除 ここ"]
)
async def test_it_leaves_groups_to_owners(crew: Shop, text: str) -> None:
    assert "できるのはオーナーの方です" in (await crew.ask(text, SUZUKI)).text


async def test_it_voids_a_group_it_was_put_out_of_and_keeps_what_was_set(crew: Shop) -> None:
    await register(crew)
    await database.run("DELETE FROM outbox")
    await crew.hear(heard.Left(), None, chat=TEAM, at=await clock.now() + timedelta(seconds=1))
    assert await crew.say("/タグ 一覧", SATO, chat=TEAM) is None
    assert "ボットがグループ「接客」から外され" in (await waiting_texts(GROUP))[0]
    await crew.pass_time(seconds=5)
    await crew.hear(heard.Joined(), None, chat=TEAM)
    given = await database.repeated(terminal_code)
    told = await crew.ask(f"登録 {given}", chat=TEAM)
    assert "前の設定のまま" in told.text
    assert "このグループではできません" in (await crew.ask("タグ 削除 VIP", chat=TEAM)).text


async def test_it_makes_an_owner_only_when_both_want_it(crew: Shop) -> None:
    await crew.ask("スタッフ 変更 佐藤 オーナー")
    offer = await crew.ask("オーナー")
    assert (await roles())["佐藤"] == "operator active"
    for other in (YAMADA, SUZUKI):
        assert "佐藤さん用" in (await crew.press(offer, other)).text
    assert "オーナーになりました" in (await crew.press(offer, SATO)).text
    assert (await roles())["佐藤"] == "owner active"
    assert "実行済み" in (await crew.press(offer, SATO)).text
    assert "山田さんの申し出を佐藤さんが承諾" in (await crew.ask("履歴")).text
    assert "取り消しました" in (await crew.ask(f"/取消 #Z{await newest()}")).text
    assert (await roles())["佐藤"] == "operator active"


async def test_it_makes_nobody_an_owner_by_an_offer_that_no_longer_stands(crew: Shop) -> None:
    await crew.ask("スタッフ 変更 佐藤 オーナー")
    offer = await crew.ask("オーナー")
    await crew.press(await crew.ask("スタッフ 変更 佐藤 閲覧"))
    assert "役割が変わった" in (await crew.press(offer, SATO)).text
    await crew.ask("スタッフ 変更 佐藤 オーナー")
    offer = await crew.ask("オーナー")
    await crew.employ(SUZUKI, "owner")
    await crew.ask("スタッフ 停止 山田", SUZUKI)
    assert "今はオーナーではない" in (await crew.press(offer, SATO)).text
    assert (await roles())["佐藤"] == "viewer active"


async def test_it_lets_the_offered_one_decline(crew: Shop) -> None:
    await crew.ask("スタッフ 変更 佐藤 オーナー")
    offer = await crew.ask("オーナー")
    assert "やめました" in (await crew.ask("やめる", SATO)).text
    assert "期限切れ" in (await crew.press(offer, SATO)).text
    assert (await roles())["佐藤"] == "operator active"


async def test_it_takes_no_typed_approval_for_an_offer(crew: Shop) -> None:
    assert "できるのはオーナーの方です" in (await crew.ask("スタッフ 承認", SATO)).text


async def test_it_lets_newcomers_in_by_a_button_that_only_managers_press(crew: Shop) -> None:
    told = await crew.hear(heard.MembersJoined((TAKAHASHI, f"U{0xC1:032x}")), None)
    assert told is not None
    assert "高橋さん・新しい方さんが入りました" in told.text
    assert "管理者以上の方用" in (await crew.press(told, SATO)).text
    assert "オーナーに依頼" in (await crew.press(told, SUZUKI)).taps
    card = await crew.press(told)
    assert "高橋さん・新しい方さんをオペレーターにします" in card.text
    assert "高橋" not in await roles()
    assert "オペレーターにしました" in (await crew.press(card)).text
    assert (await roles())["高橋"] == "operator active"
    await crew.ask("取消")
    assert "高橋" not in await roles()


async def test_it_answers_wishes_by_name_as_well(crew: Shop) -> None:
    await crew.ask("スタッフ 申請", TAKAHASHI)
    assert "もう依頼してあります" in (await crew.ask("スタッフ 申請 管理者", TAKAHASHI)).text
    assert "オーナー" in (await crew.ask("スタッフ 承認 高橋", SUZUKI)).text
    card = await crew.ask("スタッフ 承認 高橋")
    assert "高橋さんをオペレーターにします" in card.text
    assert "高橋" not in await roles()
    assert "高橋さんをオペレーターにしました" in (await crew.press(card)).text
    assert "待っている申請はありません" in (await crew.ask("スタッフ 承認 高橋")).text
    guest = f"U{0xC2:032x}"
    asked = await crew.ask("スタッフ 申請", guest)
    assert "却下しました" in (await crew.ask("スタッフ 却下 お名前未取得")).text
    assert "却下" in (await crew.press(asked)).text
    assert await staff.find(guest) is None


async def test_it_says_how_to_name_somebody_new(crew: Shop) -> None:
    told = await crew.ask("スタッフ 追加 @田村 オペレーター")
    assert "「田村」さんはスタッフにいません" in told.text
    assert "「@」を打つと出るお名前から" in told.text
    assert await crew.say("スタッフ 追加 募集") is None
