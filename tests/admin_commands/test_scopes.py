"""Who is kept to some friends sees, counts and touches nobody else, wherever and however they ask."""

import re
from typing import Any

import pytest

from admin_commands import book, command
from jobs import heard
from storage import database, staff
from tests.admin_commands.shop import GROUP, SATO, SUZUKI, TAKAHASHI, YAMADA, Shop, befriend, crowd, worn
from tests.admin_commands.test_groups import TEAM, code, register
from tests.admin_commands.test_requests import waiting

# Of a crowd outside: who it is, and how many they are.
OUT = re.compile(r"客[0-9]+|(?<![0-9])(37|38|39|4[0-2])(人|件|回)")
INSIDE, OUTSIDE = ("岐阜田中", "岐阜鈴木"), ("大垣田中", "大垣佐々木", "大垣三郎")


@pytest.fixture
async def branch(shop: Shop) -> dict[str, int]:
    """佐藤 is an operator for the friends who wear 岐阜店; name -> number of all friends."""
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    numbers = dict(zip((*INSIDE, *OUTSIDE), await befriend(*INSIDE, *OUTSIDE), strict=True))
    await shop.ask("タグ 作成 岐阜店, VIP")
    await shop.ask("■シナリオ ようこそ\n▼すぐ\nこんにちは\n▼1日後 12:00\nいかがですか")
    await shop.press(await shop.ask("シナリオ 公開 ようこそ"))
    for name in INSIDE:
        await shop.ask(f"タグ 付ける 岐阜店 {name}")
    for name in ("岐阜田中", "大垣田中", "大垣三郎"):
        await shop.ask(f"タグ 付ける VIP {name}")
        await shop.ask(f"シナリオ 付ける ようこそ {name}")
    await shop.press(await shop.ask("スタッフ 変更 佐藤 オペレーター 範囲=タグ:岐阜店"))
    return numbers


def betrayed(told: Any, branch: dict[str, int]) -> list[str]:
    """Names and numbers of friends outside that stand anywhere in an answer."""
    shown = str(told)
    return [
        one
        for name in OUTSIDE
        for one in (name, f"#F{branch[name]}")
        if re.search(rf"{one}(?![0-9])", shown) is not None
    ]


async def test_it_shows_what_somebody_may_see_before_and_after(shop: Shop, branch: dict[str, int]) -> None:
    assert len(branch) == 5
    assert "範囲 タグ:岐阜店" in (await shop.ask("スタッフ 一覧")).text
    assert "見える友だち: タグ:岐阜店（今2人）" in (await shop.ask("スタッフ 表示 佐藤")).text
    card = await shop.ask("スタッフ 変更 佐藤 範囲=なし")
    assert "見える友だち: すべての友だち" in card.text
    await shop.press(card)
    assert "大垣三郎" in (await shop.ask("友だち 一覧", SATO)).text
    await shop.ask("取消")
    assert "大垣三郎" not in (await shop.ask("友だち 一覧", SATO)).text


async def test_it_lists_finds_and_counts_only_friends_within(shop: Shop, branch: dict[str, int]) -> None:
    for text in (
        "友だち 一覧",
        "友だち 検索 田中",
        "友だち 検索 タグ:VIP",
        "友だち 検索 タグ:VIP でない",
        "友だち 検索 全員",
        "友だち 検索 タグ:VIP または 名前 含む 大垣",
        "友だち 検索 名前 含む 大垣",
        "友だち 検索 ブロック",
        "タグ 表示 VIP",
        "タグ 一覧",
        "シナリオ 一覧",
        "シナリオ 表示 ようこそ",
        "友だち 岐阜田中",
        "ヘルプ 友だち",
        "/",
        "履歴",
        "履歴 今日",
    ):
        told = await shop.ask(text, SATO)
        assert betrayed(told, branch) == [], text
    assert "2件中" in (await shop.ask("友だち 一覧", SATO)).text
    assert "1件中" in (await shop.ask("友だち 検索 タグ:VIP", SATO)).text
    assert "友だち: 1人" in (await shop.ask("タグ 表示 VIP", SATO)).text
    assert "VIP #T2 … 1人" in (await shop.ask("タグ 一覧", SATO)).text
    assert "配信中1人" in (await shop.ask("シナリオ 一覧", SATO)).text
    assert "配信中: 1人" in (await shop.ask("シナリオ 表示 ようこそ", SATO)).text
    assert "3件中" in (await shop.ask("友だち 検索 タグ:VIP")).text
    assert "VIP #T2 … 3人" in (await shop.ask("タグ 一覧")).text
    assert "配信中3人" in (await shop.ask("シナリオ 一覧")).text


async def test_it_says_outside_without_a_name_whether_or_not_there_is_one(shop: Shop, branch: dict[str, int]) -> None:
    told = {
        (await shop.ask(text, SATO)).text
        for text in (
            f"友だち 表示 #F{branch['大垣三郎']}",
            "友だち 表示 #F99999",
            "/友だち 表示 大垣三郎",
            "/友だち 表示 だれでもない",
            f"タグ 付ける VIP #F{branch['大垣佐々木']}",
            f"/タグ 外す VIP #F{branch['岐阜田中']}, #F{branch['大垣三郎']}",
            "/シナリオ 確認 ようこそ 大垣三郎",
            "/シナリオ 外す ようこそ 大垣三郎",
            "/友だち 非表示 大垣三郎",
            "/友だち テスト 大垣三郎 追加",
        )
    }
    [only] = told
    assert "担当外" in only
    assert betrayed(only, branch) == []
    assert await worn(branch["大垣佐々木"]) == []
    assert "VIP" in await worn(branch["岐阜田中"])


async def test_it_acts_on_friends_within_only(shop: Shop, branch: dict[str, int]) -> None:
    told = await shop.ask("タグ 外す VIP 対象: タグ:VIP", SATO)
    assert "1人から外しました" in told.text
    assert "VIP" in await worn(branch["大垣三郎"])
    assert "VIP" not in await worn(branch["岐阜田中"])
    await shop.ask("タグ 付ける VIP 対象: 全員", SATO)
    assert await worn(branch["大垣佐々木"]) == []
    assert "VIP" in await worn(branch["岐阜鈴木"])
    assert "当てはまる友だちはいません" in (await shop.ask("タグ 付ける VIP 対象: 名前 含む 大垣", SATO)).text


# What no example says: everybody, by every way round.
ROUNDABOUT = (
    "友だち 検索 全員",
    "友だち 検索 客",
    "友だち 検索 タグ:岐阜店 でない",
    "タグ 付ける VIP 対象: 全員",
    "タグ 外す VIP 対象: 全員",
    "タグ 複製 VIP → 写し",
    "シナリオ 付ける ようこそ 対象: 名前 含む 客",
    "シナリオ 外す ようこそ 対象: 全員",
    "シナリオ 結果 ようこそ",
    "■シナリオ ようこそ\n▼すぐ\nこんにちは\n▼2日後 12:00\nまた来てくださいね",
    "タグ 付ける VIP {friend}, 岐阜田中",
)
PLACES: dict[str, tuple[str | None, str | None, dict[str, Any]]] = {
    "a person in the group of all": ("タグ:岐阜店 かつ 名前 含む 岐阜", None, {}),
    "a person alone with the bot": ("名前 含む 岐阜", None, {"private": True}),
    "a group that is kept to them": (None, "タグ:岐阜店", {"chat": TEAM}),
    "a person and a group, each kept": ("名前 含む 岐阜 または 名前 含む 客", "タグ:岐阜店", {"chat": TEAM}),
}


async def rows_of_those_outside() -> list[Any]:
    """All that is kept about friends outside."""
    tables = ("friend_tags", "subscriptions", "deliveries", "friend_events", "operation_friends", "delayed_actions")
    kept = " UNION ALL ".join(
        f"SELECT '{table}', to_jsonb(x)::text AS kept FROM {table} x JOIN out ON out.id = x.friend_id"
        for table in tables
    )
    return await database.rows(
        "WITH out AS (SELECT * FROM friends WHERE line_name NOT LIKE '岐阜%')"
        f" SELECT 'friends' AS of, to_jsonb(out)::text AS kept FROM out UNION ALL {kept} ORDER BY 1, 2"
    )


@pytest.mark.parametrize("place", PLACES)
async def test_no_command_of_the_book_names_counts_or_changes_a_friend_outside(
    shop: Shop, branch: dict[str, int], place: str
) -> None:
    """Every example of every noun, with friends inside and outside, and every card that comes of it pressed."""
    own, of_group, where = PLACES[place]
    await crowd(37, "VIP")  # 40 outside, 42 in all, 40 who wear VIP or are on their way: numbers that tell of them
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at)"
        " SELECT f.id, s.id, s.live_version_id, 'active', 1, now() + interval '1 day', now()"
        " FROM friends f, scenarios s WHERE f.line_name LIKE '客%'"
    )
    entry = await database.value("SELECT min(id) FROM audit_entries WHERE sentence LIKE '%大垣%'")
    if of_group is not None:
        await register(shop, TAKAHASHI, f"グループ 追加 岐阜 役割=オペレーター 範囲=「{of_group}」")
    await shop.press(await shop.ask(f"スタッフ 変更 佐藤 オペレーター 範囲=「{own or 'なし'}」"))
    before = await rows_of_those_outside()
    names = {"tag": "VIP", "scenario": "ようこそ", "entry": f"#Z{entry}", "staff": "佐藤"}
    examples = [example for noun in book.NOUNS for declared in noun.commands for example in declared.examples]
    wizards = [noun.wizard.begins[0] for noun in book.NOUNS if noun.wizard is not None]
    seen = ""
    for friend in ("大垣三郎", f"#F{branch['大垣三郎']}", "岐阜田中"):
        for example in dict.fromkeys((*examples, *ROUNDABOUT, *wizards, "やめる")):
            if friend != "岐阜田中" and "{friend}" not in example:
                continue
            text = command.filled(example, names | {"friend": friend})
            said = text if text.startswith("■") else f"/{text}"
            told = await shop.say(said, SATO, **where)
            answers = [told] if told is not None else []
            while told is not None and told.tokens and "管理者" not in str(told.presses) and len(answers) < 3:
                told = await shop.press(told, SATO, **where)
                answers.append(told)
            for answer in answers:
                # what they have typed themselves may stand in what they are told about it
                shown = str(answer.messages).replace(text, "").replace(friend, "")
                assert OUT.search(shown) is None, (text, shown)
                assert betrayed(shown, branch) == [], text
                seen += shown
    assert "岐阜鈴木" in seen  # something was there to be seen
    assert [one for one in await rows_of_those_outside() if one not in before] == []
    assert [one for one in before if one not in await rows_of_those_outside()] == []


async def test_a_list_that_others_were_shown_opens_nobody_outside(shop: Shop, branch: dict[str, int]) -> None:
    listed = await shop.ask("友だち 一覧")
    for number in range(1, 6):
        told = await shop.quote(listed, str(number), SATO)
        assert told is None or betrayed(told, branch) == []
    shown = await shop.ask("友だち 表示 大垣三郎")
    told = await shop.quote(shown, "/タグ 外す VIP これ", SATO)
    assert told is not None
    assert "担当外" in told.text
    assert "VIP" in await worn(branch["大垣三郎"])


async def test_it_holds_in_a_talk_of_two_and_in_every_group(shop: Shop, branch: dict[str, int]) -> None:
    for where in ({"private": True}, {"chat": GROUP}):
        told = await shop.ask("/友だち 一覧", SATO, **where)
        assert "2件中" in told.text
        assert betrayed(told, branch) == []


async def test_a_group_keeps_everybody_in_it_to_its_friends(shop: Shop, branch: dict[str, int]) -> None:
    told = await register(shop, TAKAHASHI, "グループ 追加 大垣 役割=オペレーター 範囲=「名前 含む 大垣」")
    assert "範囲 名前 含む 「大垣」" in told.text
    for who in (YAMADA, TAKAHASHI):
        assert "3件中" in (await shop.ask("/友だち 一覧", who, chat=TEAM)).text
        assert "担当外" in (await shop.ask("/友だち 岐阜田中", who, chat=TEAM)).text
    assert "担当の友だちはまだいません" in (await shop.ask("/友だち 一覧", SATO, chat=TEAM)).text
    assert "3件中" in (await shop.ask("/友だち 一覧", TAKAHASHI, private=True)).text
    assert "5件中" in (await shop.ask("/友だち 一覧", YAMADA, private=True)).text
    assert "大垣 3人・オペレーターまで・範囲 名前 含む 「大垣」" in (await shop.ask("グループ 一覧")).text
    assert betrayed(await shop.ask("グループ 一覧", SATO), dict.fromkeys(branch, 0) | {"大垣佐々木": 99}) == []


async def test_it_narrows_at_once_for_lists_and_cards_shown_before(shop: Shop, branch: dict[str, int]) -> None:
    await shop.press(await shop.ask("スタッフ 変更 佐藤 範囲=全員"))
    await shop.ask("友だち 一覧", SATO)
    await crowd(20, "VIP")
    card = await shop.ask("タグ 外す VIP 対象: タグ:VIP", SATO)
    assert "23人" in card.text
    await shop.press(await shop.ask("スタッフ 変更 佐藤 範囲=タグ:岐阜店"))
    told = await shop.press(card, SATO)
    assert "1人から外しました" in told.text or "古くなりました" in told.text
    assert "VIP" in await worn(branch["大垣三郎"])
    for number in ("1", "2", "3", "4", "5"):
        assert betrayed(await shop.ask(number, SATO), branch) == []


async def test_it_leaves_to_managers_what_was_done_to_friends_who_are_outside_now(
    shop: Shop, branch: dict[str, int]
) -> None:
    await shop.ask("タグ 外す 岐阜店 岐阜鈴木", SATO)
    assert await worn(branch["岐阜鈴木"]) == []
    refused = await shop.ask("取消", SATO)
    assert "担当外の友だちが含まれる" in refused.text
    assert await worn(branch["岐阜鈴木"]) == []
    assert list(refused.taps) == ["管理者に依頼"]


async def test_it_shows_of_the_history_only_ones_own_part(shop: Shop, branch: dict[str, int]) -> None:
    await shop.ask("タグ 付ける VIP 岐阜鈴木", SATO)
    told = await shop.ask("履歴", SATO)
    assert "1件中" in told.text
    assert "岐阜鈴木" in told.text
    entry = await database.value("SELECT min(id) FROM audit_entries WHERE sentence LIKE '%大垣%'")
    assert betrayed(await shop.ask(f"履歴 #Z{entry}", SATO), branch) == []
    assert "管理者" in (await shop.ask("履歴 @山田", SATO)).text


async def test_it_shows_nobody_kept_to_some_friends_what_failed_for_all(shop: Shop, branch: dict[str, int]) -> None:
    assert len(branch) == 5
    assert "すべての友だちに関わる" in (await shop.ask("エラー 一覧", SATO)).text
    assert "処理できなかったもの" in (await shop.ask("エラー 一覧")).text


async def test_it_gives_no_scope_to_those_who_change_things_for_everybody(shop: Shop, branch: dict[str, int]) -> None:
    assert len(branch) == 5
    for text in ("スタッフ 変更 佐藤 管理者 範囲=タグ:VIP", "グループ 変更 ここ 範囲=タグ:VIP"):
        assert "オペレーターと閲覧だけ" in (await shop.ask(text)).text
    await shop.press(await shop.ask("スタッフ 変更 佐藤 管理者"))
    assert "5件中" in (await shop.ask("友だち 一覧", SATO)).text
    member = await staff.find(SATO)
    assert member is not None
    assert member.scope is None
    await shop.ask("取消")
    assert "2件中" in (await shop.ask("友だち 一覧", SATO)).text


async def test_it_asks_back_when_a_scope_cannot_be_read(shop: Shop, branch: dict[str, int]) -> None:
    assert len(branch) == 5
    told = await shop.ask("スタッフ 変更 佐藤 範囲=タグ:岐阜支店")
    assert "見つかりません" in told.text
    assert any("範囲=タグ:岐阜店" in tap for tap in told.taps.values())
    assert "まだ使えません" in (await shop.ask("スタッフ 変更 佐藤 範囲=担当:自分")).text
    assert "2件中" in (await shop.ask("友だち 一覧", SATO)).text


async def test_it_carries_a_request_of_theirs_out_for_all_friends(shop: Shop, branch: dict[str, int]) -> None:
    refused = await shop.ask("/タグ 改名 VIP → 上客", SATO, private=True)
    await shop.press(refused, SATO, private=True)
    await shop.press(await waiting(GROUP), SUZUKI)
    assert await worn(branch["大垣三郎"]) == ["上客"]


async def test_it_never_shows_a_line_id(shop: Shop, branch: dict[str, int]) -> None:
    users = [row["line_user_id"] for row in await database.rows("SELECT line_user_id FROM friends")]
    for text in (
        "友だち 一覧",
        "友だち 岐阜鈴木",
        "友だち 検索 田中",
        f"友だち #F{branch['大垣三郎']}",
        "スタッフ 一覧",
    ):
        for private in (False, True):
            told = await shop.ask(f"/{text}", private=private)
            assert not any(user in str(told.messages) for user in [*users, SATO, YAMADA]), text


async def test_many_messages_at_once_are_for_managers(shop: Shop, branch: dict[str, int]) -> None:
    assert len(branch) == 5
    await crowd(12, "岐阜店")
    refused = await shop.ask("シナリオ 付ける ようこそ 対象: 全員", SATO)
    assert "11人以上" in refused.text
    assert list(refused.taps) == ["管理者に依頼"]


async def test_a_code_for_a_scoped_group_keeps_whoever_uses_it_to_its_friends(
    shop: Shop, branch: dict[str, int]
) -> None:
    given = await code(shop, "グループ 追加 岐阜 範囲=タグ:岐阜店")
    await shop.hear(heard.Joined(), None, chat=TEAM)
    await shop.ask(f"登録 {given}", TAKAHASHI, chat=TEAM)
    assert betrayed(await shop.ask("/友だち 一覧", TAKAHASHI, private=True), branch) == []
    asked = await shop.ask("スタッフ 申請", f"U{0xD1:032x}", chat=TEAM)
    assert "依頼を出しました" in asked.text
    assert "範囲 タグ:岐阜店" in (await waiting(GROUP)).text


async def test_it_follows_a_tag_that_becomes_another(shop: Shop, branch: dict[str, int]) -> None:
    await shop.ask("タグ 作成 岐阜本店")
    card = await shop.ask("タグ 統合 岐阜店 → 岐阜本店")
    assert "使用先: スタッフ「佐藤」" in card.text
    await shop.press(card)
    assert "範囲 タグ:岐阜本店" in (await shop.ask("スタッフ 一覧")).text
    assert "見える友だち: タグ:岐阜本店（今2人）" in (await shop.ask("スタッフ 表示 佐藤")).text
    await shop.ask("タグ 付ける 岐阜本店 大垣佐々木")
    told = await shop.ask("友だち 一覧", SATO)
    assert "3件中" in told.text
    assert "大垣佐々木" in told.text
    assert "大垣三郎" not in told.text


async def test_it_warns_before_the_tag_of_a_scope_is_deleted_and_then_shows_nobody(
    shop: Shop, branch: dict[str, int]
) -> None:
    assert len(branch) == 5
    assert "スタッフ「佐藤」" in (await shop.ask("タグ 使用先 岐阜店")).text
    card = await shop.ask("タグ 削除 岐阜店")
    assert "使用先: スタッフ「佐藤」" in card.text
    await shop.ask("岐阜店")
    await database.run("DELETE FROM friend_tags WHERE tag_id = 1")  # as the bin does when thirty days are over
    assert "担当の友だちはまだいません" in (await shop.ask("友だち 一覧", SATO)).text
