"""Messages in the group: who may, all or nothing, what is answered and what stays unanswered."""

import pytest

from jobs import heard
from storage import database, staff
from tests.admin_commands.shop import SATO, SUZUKI, TAKAHASHI, YAMADA, Shop, befriend, crowd, worn

PROSE = (
    "おはようございます！",
    "今日もよろしくお願いします",
    "タグ作っておいてください",
    "シナリオ 停止 したほうがいい？",
    "予約の件どうする？",
    "配信止めて！",
    "グループ追加してくださりありがとうございます",
    "通知静音にして寝るので",
    "友だち が来たので休憩もらいます",
    "田中さん、明日10時に来ます",
    "1",
    "3番テーブル片付けました",
    "はい",
    "やめる",
    "次",
    "次の予約は15時です",
    "12",
    "# 今日の売上",
    "#シナリオ考え中",
    "■お知らせ",
    "本日は18時で閉めます",
    "【重要】シフト変更のお願い",
    "@田中 お疲れさま",
    "？",
    "ヘルプに入れる人いますか",
    "タグの付け方",
    "使用量どれくらい？",
    "友だち",
    "タグ",
    "取消って打てばいいんだっけ",
    "登録 1234",
    "カラー2時間、カット1時間です",
    "http://example.com/menu",
    "あいさつは大事",
    "テンプレ通りの返事だね",
    "スタッフ募集の件",
    "履歴書もってきました",
    "公開は来週",
    "削除しといて",
    "次へ進みましょう",
    "VIP",
    "続きは明日",
    "🙇",
    "…",
    "了解です",
    "予約 入れる 田中様",
    "予約 キャンセル 多い",
    "予約 休み 火曜",
    "メニュー 削除 カレー",
    "メモ 追加 トイレットペーパー",
    "担当 変更 鈴木",
    "予定 変更 14時",
    "配信 停止 希望者",
    "お客様 田中様 来店",
    "お客様 2名 ご案内",
    "顧客 リスト 送る",
)

CHANGING = ["tags", "friend_tags", "scenarios", "templates", "audit_entries", "confirmations", "subscriptions"]


async def kept() -> list[int]:
    return [int(await database.value(f"SELECT count(*) FROM {table}")) for table in CHANGING]


async def test_it_is_silent_in_conversation_and_changes_nothing(shop: Shop) -> None:
    await befriend("田中")
    before = await kept()
    for who in (YAMADA, TAKAHASHI):
        answered = [line for line in PROSE if await shop.say(line, who) is not None]
        assert answered == []
    assert await kept() == before


async def test_it_always_answers_a_slash(shop: Shop) -> None:
    for text in (
        "/",
        "/?",
        "/なにこれ",
        "/シナリヲ ていし ようこそ",
        "／タグ",
        "/ /",
        "/1",
        "/配信 一覧",
        "/タグ 複製 VIP",
    ):
        assert await shop.say(text) is not None, text


async def test_it_carries_out_all_lines_or_none(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    before = await kept()
    told = await shop.ask("タグ 作成 VIP\nタグ 付ける VIP 田中\nタグ 付ける 無い 田中")
    assert "「無い」は見つかりません" in told.text
    assert told.rows == []
    assert await kept() == before
    assert await worn(tanaka) == []
    told = await shop.ask("タグ 作成 VIP\nタグ 付ける VIP 田中")
    assert "作りました" in told.text
    assert "付けました" in told.text
    assert await worn(tanaka) == ["VIP"]


async def test_it_says_which_of_many_lines_stopped_them_all(shop: Shop) -> None:
    lines = [f"タグ 作成 客{number}" for number in range(19)]
    told = await shop.ask("\n".join([*lines, "タグ 改名 まったく別 → 上客"]))
    assert "「まったく別」は見つかりません" in told.text
    assert await database.value("SELECT count(*) FROM tags") == 0


async def test_it_confirms_many_with_what_the_same_message_makes(shop: Shop) -> None:
    await crowd(48)
    card = await shop.ask("タグ 作成 夏\nタグ 作成 祭\nタグ 付ける 夏, 祭 対象: 全員")
    assert "48人に付けます" in card.text
    assert "48人に付けました" in (await shop.press(card)).text
    assert await database.value("SELECT count(*) FROM friend_tags") == 96
    assert "実行済み" in (await shop.press(card)).text


async def test_it_sends_nothing_for_a_message_that_was_turned_down(shop: Shop) -> None:
    await befriend("田中")
    await shop.press(await shop.ask("■シナリオ A\n▼すぐ\nこんにちは"))
    told = await shop.ask("シナリオ 付ける A 田中\nタグ 表示 無い")
    assert told.rows == []
    assert await database.value("SELECT count(*) FROM outbox") == 0
    assert await database.value("SELECT count(*) FROM subscriptions") == 0


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        ("viewer", "タグ 一覧", "タグ 作成 休眠"),
        ("operator", "タグ 作成 休眠", "タグ 削除 VIP"),
        ("operator", "■シナリオ B\n▼すぐ\nやあ", "シナリオ 公開 A"),
        ("operator", "シナリオ 確認 A", "■あいさつ 友だち追加\n▼新規\nやあ"),
        ("manager", "タグ 削除 VIP", "スタッフ 停止 山田"),
        ("manager", "シナリオ 公開 A", "スタッフ 変更 山田 閲覧"),
    ],
)
async def test_it_keeps_each_role_to_its_rights_and_says_who_can(
    shop: Shop, role: staff.Role, allowed: str, refused: str
) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask("■シナリオ A\n▼すぐ\nこんにちは")
    await shop.employ(SATO, role)
    before = await kept()
    told = await shop.ask(refused, SATO)
    assert told.text.startswith("🔒")
    assert "ができるのは" in told.text
    assert list(told.taps) in (["管理者に依頼"], ["オーナーに依頼"])
    await database.run("DELETE FROM confirmations WHERE asker = $1", SATO)  # the offer to ask somebody else
    assert await kept() == before
    assert "🔒" not in (await shop.ask(allowed, SATO)).text


async def test_it_lets_a_manager_publish_what_an_operator_has_pasted(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.employ(SUZUKI, "manager")
    card = await shop.ask("■シナリオ A\n▼すぐ\nこんにちは", SATO)
    assert "管理者の方が押せます" in card.text
    assert "管理者以上" in (await shop.press(card, SATO)).text
    assert await database.value("SELECT state FROM scenarios") == "draft"
    assert "公開しました" in (await shop.press(card, SUZUKI)).text


async def test_it_tells_a_member_without_rights_how_to_ask_for_them(shop: Shop) -> None:
    told = await shop.ask("タグ 作成 VIP", SATO)
    assert "権限がありません" in told.text
    assert told.taps == {"スタッフ 申請": "/スタッフ 申請"}
    assert await database.value("SELECT count(*) FROM tags") == 0
    asked = await shop.ask("スタッフ 申請", SATO)
    assert "佐藤さんからスタッフの申請" in asked.text
    await shop.employ(SUZUKI, "manager")
    assert "オーナー" in (await shop.press(asked, SUZUKI)).text
    assert "スタッフ用" in (await shop.press(asked, SATO)).text
    assert "オペレーターにしました" in (await shop.press(asked)).text
    assert "作りました" in (await shop.ask("タグ 作成 VIP", SATO)).text
    assert "承認済み" in (await shop.press(asked)).text


async def test_it_adds_staff_by_mention_and_confirms(shop: Shop) -> None:
    card = await shop.mention("スタッフ 追加 @佐藤 管理者", "佐藤", SATO)
    assert "佐藤さんを管理者にします" in card.text
    assert await staff.find(SATO) is None
    assert "管理者にしました" in (await shop.press(card)).text
    found = await staff.find(SATO)
    assert found is not None
    assert (found.name, found.role, found.state) == ("佐藤", "manager", "active")
    assert "佐藤 … 管理者" in (await shop.ask("スタッフ 一覧")).text


async def test_it_wants_the_word_typed_to_make_an_owner(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    asked = await shop.ask("スタッフ 変更 佐藤 オーナー")
    assert "「オーナー」と送ってください" in asked.text
    assert "佐藤さん、オーナーになりますか" in (await shop.ask("オーナー")).text


async def test_it_never_takes_the_last_owner_away(shop: Shop) -> None:
    for text in ("スタッフ 停止 山田", "スタッフ 削除 山田", "スタッフ 変更 山田 閲覧"):
        assert "最後のオーナー" in (await shop.ask(text)).text
    found = await staff.find(YAMADA)
    assert found is not None
    assert (found.role, found.state) == ("owner", "active")


async def test_it_removes_staff(shop: Shop) -> None:
    await shop.employ(SATO, "manager")
    await shop.press(await shop.ask("スタッフ 削除 佐藤"))
    assert "権限がありません" in (await shop.ask("タグ 作成 VIP", SATO)).text
    assert "佐藤" not in (await shop.ask("スタッフ 一覧")).text
    await shop.ask("取消")
    assert "作りました" in (await shop.ask("タグ 作成 VIP", SATO)).text


async def test_it_is_polite_about_what_is_not_there_yet(shop: Shop) -> None:
    assert "「リマインド」はまだ使えません" in (await shop.ask("リマインド 一覧")).text
    assert "「イベント」はまだ使えません" in (await shop.ask("/イベント 作成 A")).text
    told = await shop.ask("/タグ 出力 A")
    assert "タグの「出力」はまだ使えません" in told.text
    assert "統合" in told.text


async def test_it_suggests_the_corrected_line(shop: Shop) -> None:
    await shop.ask("■シナリオ ようこそ\n▼すぐ\nこんにちは")
    told = await shop.ask("/シナリオ 表示 ようこそう")
    assert "もしかして: ようこそ" in told.text
    assert told.taps["ようこそ"] == "/シナリオ 表示 ようこそ"
    missing = await shop.ask("/タグ 表示 休眠")
    assert missing.taps["「休眠」を作る"] == "/タグ 作成 休眠"


async def test_it_shows_how_a_command_is_written_when_something_is_missing(shop: Shop) -> None:
    told = await shop.ask("/タグ 付ける VIP")
    assert "友だちが書かれていません" in told.text
    assert "書き方: タグ 付ける タグ[, …] 友だち" in told.text
    assert "1つだけ" in (await shop.ask("/タグ 表示 VIP, 休眠")).text
    assert "多すぎます" in (await shop.ask("/使用量 たくさん")).text
    assert "使えません" in (await shop.ask("/タグ 作成 VIP 色=赤")).text
    assert "使えません" in (await shop.ask("/タグ 表示 対象: タグ:VIP")).text


async def test_it_pages_lists_and_opens_rows_by_number(shop: Shop) -> None:
    await shop.ask("タグ 作成 " + ", ".join(f"タグ{n:02d}" for n in range(1, 16)))
    first = await shop.ask("タグ 一覧")
    assert "15件中 1–10" in first.text
    assert first.taps["次へ"] == "/タグ 一覧 ページ=2"
    second = await shop.ask("次")
    assert "15件中 11–15" in second.text
    assert "最後のページ" in (await shop.ask("次")).text
    assert "タグ「タグ12」" in (await shop.ask("12")).text
    assert "1–10" in (await shop.ask("前")).text
    assert "番号は 1〜10" in (await shop.ask("11")).text


async def test_it_takes_numbers_only_from_whoever_asked_and_for_ten_minutes(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("タグ 一覧")
    assert await shop.say("1", SATO) is None
    assert "VIP" in (await shop.ask("1")).text
    await shop.pass_time(minutes=10, seconds=1)
    assert await shop.say("1") is None


async def test_it_asks_which_friend_is_meant_and_never_takes_the_first(shop: Shop) -> None:
    [hanako, taro] = await befriend("田中 花子", "田中 太郎")
    await shop.ask("タグ 作成 VIP")
    asked = await shop.ask("タグ 付ける VIP 田中")
    assert "2人います" in asked.text
    assert await worn(hanako) == await worn(taro) == []
    row = 1 if "1. 田中 花子" in asked.text else 2
    await shop.ask(str(row))
    assert await worn(hanako) == ["VIP"]
    assert await shop.say(str(3 - row)) is None
    assert await worn(taro) == []


async def test_it_finds_who_is_called_just_so_among_many(shop: Shop) -> None:
    [tanaka] = await befriend("田中")
    await befriend(*(f"田中 {number}" for number in range(15)))
    await shop.ask("タグ 作成 VIP")
    assert "田中さんに付けました" in (await shop.ask("タグ 付ける VIP 田中")).text
    assert await worn(tanaka) == ["VIP"]
    await befriend("ﾀﾅｶ", "タナカ", "タナカ屋")
    asked = await shop.ask("タグ 付ける VIP たなか")
    assert "3人います" in asked.text


async def test_it_acts_on_several_rows_of_a_list(shop: Shop) -> None:
    people = await befriend("田中", "鈴木", "高橋")
    await shop.ask("タグ 作成 VIP")
    await shop.ask("友だち 一覧")
    assert "2人に付けました" in (await shop.ask("1,3 タグ 付ける VIP")).text
    assert sorted([len(await worn(one)) for one in people]) == [0, 1, 1]


async def test_it_shows_a_friend_by_name_number_and_kana(shop: Shop) -> None:
    [friend] = await befriend("ﾀﾅｶ ハナコ")
    for text in (f"友だち #F{friend}", "友だち たなか", "友だち 検索 タナカ", f"友だち ＃Ｆ{friend}"):
        assert "ﾀﾅｶ ハナコ" in (await shop.ask(text)).text


async def test_it_takes_a_friends_whole_name_without_quotes(shop: Shop) -> None:
    hanako, taro, makoto = await befriend("田中 花子", "田中 太郎", "佐藤 誠")
    await shop.ask("タグ 作成 VIP")
    assert f"#F{taro}" in (await shop.ask("友だち 田中 太郎")).text
    assert "2人に付けました" in (await shop.ask("タグ 付ける VIP 田中 花子, 佐藤 誠")).text
    assert [await worn(one) for one in (hanako, taro, makoto)] == [["VIP"], [], ["VIP"]]
    assert "友だち「田中 次郎」は見つかりません" in (await shop.ask("/友だち 田中 次郎")).text
    assert "「急ぎ」の意味が分かりません" in (await shop.ask("/友だち 「田中 花子」 急ぎ")).text
    assert "タグ「VIP」を1人に付けました" not in (await shop.ask("タグ 付ける VIP 田中 花子")).text


async def test_it_finds_friends_by_tags(shop: Shop) -> None:
    await befriend("田中", "鈴木")
    await shop.ask("タグ 作成 VIP, 休眠")
    await shop.ask("タグ 付ける VIP 田中, 鈴木")
    await shop.ask("タグ 付ける 休眠 鈴木")
    told = await shop.ask("友だち 検索 タグ:VIP かつ タグ:休眠 でない")
    assert "田中" in told.text
    assert "鈴木" not in told.text


async def test_it_opens_the_menu_when_it_is_called_by_name(shop: Shop) -> None:
    found = await shop.hear(heard.Said("@Ayumi", mentions=(heard.Mention(0, 6, None, True),)))
    assert found is not None
    assert "/ヘルプ タグ" in found.taps.values()


async def test_it_helps_with_the_shops_own_names(shop: Shop) -> None:
    await befriend("渡辺 直美")
    await shop.ask("タグ 作成 カラー好き")
    told = await shop.ask("ヘルプ タグ")
    assert "タグ 付ける カラー好き 「渡辺 直美」" in told.text
    await shop.employ(SATO, "viewer")
    assert "（オペレーターから）" in (await shop.ask("ヘルプ タグ", SATO)).text


async def test_it_works_at_a_staff_members_own_desk_with_a_slash_only(shop: Shop) -> None:
    assert await shop.say("タグ 作成 VIP", private=True) is None
    assert "作りました" in (await shop.ask("/タグ 作成 VIP", private=True)).text
    card = await shop.ask("/タグ 削除 VIP", private=True)
    assert "削除しました" in (await shop.press(card, private=True)).text


async def test_it_joins_a_block_sent_in_parts(shop: Shop) -> None:
    assert "続きを待っています" in (await shop.ask("■シナリオ 長い話\n▼すぐ\n一つ目\n続く")).text
    assert await shop.say("■続き\n▼1日後\n別の人", SUZUKI) is not None
    assert await shop.say("ところで今日のお昼は？") is None
    told = await shop.ask("■続き\n▼1日後\n二つ目")
    assert "合計: 2通" in told.text
    assert "続きを待っているブロックがありません" in (await shop.ask("■続き\n▼2日後\n三つ目")).text


async def test_it_does_not_join_what_another_person_began(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    await shop.ask("■シナリオ A\n▼すぐ\n一つ目\n続く")
    assert "ありません" in (await shop.ask("■続き\n▼1日後\n二つ目", SATO)).text


async def test_it_counts_the_month(shop: Shop) -> None:
    assert "使用: 0通" in (await shop.ask("使用量")).text
    await database.run(
        "INSERT INTO quota_months (month, allowed, used, reserve, line_used, read_at)"
        " SELECT to_char(now() AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM'), 5000, 1880, 100, 1875, now()"
    )
    told = (await shop.ask("使用量")).text
    assert "1,880 / 5,000通（残り 3,120通）" in told
    assert "38%" in told
    assert "1,875通" in told


async def test_it_shows_the_groups(shop: Shop) -> None:
    assert "スタッフ会議（このグループ） 5人" in (await shop.ask("グループ 一覧")).text
    assert "5通" in (await shop.ask("グループ 表示")).text


@pytest.mark.parametrize(
    "text",
    [
        "/タグ 作成 " + "あ" * 4_000,
        "/タグ 作成 「閉じない",
        "/タグ 作成 {{7*7}}",
        "/タグ 作成 一覧",
        "/タグ 作成 \u202eGIV\u200b",
        "/" + "タグ 作成 " * 900,
        "/友だち #F99999999999999999",
        "/取消 #Z99999999999999999999",
        "/タグ 付ける VIP 対象: タグ:" + "(" * 500,
        "■シナリオ " + "A" * 4_000 + "\n▼すぐ\nあ",
        "/友だち 検索 %' OR 1=1 --",
        "/友だち \u0000",
        "/タグ 一覧 ページ=99999999999",
        "/履歴 9999-99-99",
        "\n".join(["/タグ 一覧"] * 25),
    ],
)
async def test_it_survives_hostile_lines_without_doing_anything_unasked(shop: Shop, text: str) -> None:
    await shop.ask("タグ 作成 VIP")
    before = await database.value("SELECT count(*) FROM friend_tags")
    found = await shop.say(text)
    assert found is not None
    assert len(found.messages) <= 5
    assert await database.value("SELECT count(*) FROM friend_tags") == before
    assert TAKAHASHI not in found.text


async def test_it_offers_what_a_friend_can_be_given_from_their_card(shop: Shop) -> None:
    await befriend("田中", "佐藤")
    await shop.ask("タグ 作成 VIP, 常連")
    card = await shop.ask("友だち 佐藤")
    asked = await shop.tap_typed(card, "タグを付ける")
    assert "どのタグを#F2に付けるか、番号で選んでください" in asked.text
    assert "「VIP」を佐藤さんに付けました" in (await shop.ask("1")).text
    assert await worn(2) == ["VIP"]
    assert "シナリオがまだありません" in (await shop.tap_typed(card, "シナリオに入れる")).text
    await shop.ask("■シナリオ 歓迎\n▼すぐ\nこんにちは")
    assert "歓迎" in (await shop.tap_typed(card, "シナリオに入れる")).text
    assert "書き方" in (await shop.ask("タグ 付ける #T1")).text
