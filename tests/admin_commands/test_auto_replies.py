"""自動応答 in the shop: written, published, tried, changed, taken back; and what nobody's rule knew made a rule."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from admin_commands.grammar import Context, print_block, read
from admin_commands.grammar.readings import Paste
from jobs import facts
from storage import auto_replies as kept
from storage import clock, database
from tests.admin_commands.shop import SATO, TOKYO, Shop, befriend
from tests.jobs import engine

HOURS = """■自動応答 営業時間
語: 営業時間, 何時まで, あいてますか
優先: 10
▼返信
火〜金 10時〜19時です。"""


@pytest.fixture
async def shop(db: str) -> Shop:
    shop = Shop()
    await shop.claim()
    return shop


async def publish(shop: Shop, block: str) -> None:
    await shop.press(await shop.ask(block))


async def says(shop: Shop, friend: int, text: str) -> list[Any]:
    """What a customer gets for a text."""
    before = len(await engine.outgoing())
    await engine.let_happen(shop.cache, [(friend, facts.Said("text", text))], with_tokens=True)
    return [row["texts"] for row in (await engine.outgoing())[before:]]


# ---- the language ----

WORDS = st.text("営業時間あーアA1 +,、「」・/", min_size=1, max_size=8)


@settings(max_examples=60)
@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=2), max_size=3),
    st.sets(st.sampled_from(["文字", "スタンプ", "画像", "位置"])),
    st.sets(st.sampled_from("月火水木金土日")),
    st.sampled_from(["", "時間: 22:00〜6:00", "時間: 9:00〜12:00, 13:00〜24:00", "時間: 営業時間外"]),
    st.sampled_from(["", "回数: 1人1回", "回数: 3時間に1回", "回数: 90分に1回", "回数: 2日に1回"]),
    st.sampled_from(["", "期間: 12/1〜12/31", "期間: 〜2026-12-31", "期間: 2026-01-05〜"]),
)
def test_it_prints_what_it_reads(
    words: list[list[str]], kinds: set[str], days: set[str], hours: str, turns: str, period: str
) -> None:
    shown = ", ".join("+".join(f"『{part}』" for part in parts) for parts in words)
    lines = [f"語: {shown}" if words else "", f"種類: {'、'.join(kinds)}" if kinds else ""]
    lines += [f"曜日: {'・'.join(days)}" if days else "", hours, turns, period, "続けて: する", "優先: 3"]
    reading = read("\n".join(["■自動応答 x", *filter(None, lines), "▼返信", "はい"]), Context())
    assert isinstance(reading, Paste)
    if reading.faults:  # a word of marks alone
        assert all("語" in fault.what for fault in reading.faults)
        return
    [definition] = reading.definitions
    again = read(print_block(definition), Context())
    assert isinstance(again, Paste)
    assert list(again.definitions) == [definition]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("一致: 含めて", "「含めて」が分かりません"),
        ("語: (営業\n一致: 正規表現", "正規表現は読めません"),
        ("語: 予約+変更\n一致: 完全", "「+」は、「一致: 含む」の時だけ"),
        ("種類: 動画, 絵", "「絵」が分かりません"),
        ("時間: 10", "時間帯が読めません"),
        ("曜日: 毎朝", "曜日が読めません"),
        ("期間: 来年", "期間が読めません"),
        ("優先: 高い", "数字で書いてください"),
        ("回数: たまに", "回数が読めません"),
        ("続けて: たぶん", "「する」か「しない」"),
        ("一致: 完全", "「語:」がありません"),
        ("対象: 最終反応 > 30日前", "2通り"),
        ("鍵: x", "が分かりません"),
    ],
)
async def test_it_tells_what_is_wrong_with_a_line_and_keeps_nothing(shop: Shop, line: str, told: str) -> None:
    answer = await shop.ask(f"■自動応答 試験\n{line}\n▼返信\nはい")
    assert told in answer.text
    assert await database.value("SELECT count(*) FROM auto_replies") == 0


# ---- the life of one ----


async def test_it_answers_customers_once_it_is_published_and_not_before(shop: Shop) -> None:
    [friend] = await befriend("田中")
    draft = await shop.ask(HOURS)
    assert "下書き" in draft.text
    assert await says(shop, friend, "何時までですか？") == []
    published = await shop.press(draft)
    assert "公開しました" in published.text
    assert await says(shop, friend, "ナンジまで？") == []
    assert await says(shop, friend, "何時までですか？") == [["火〜金 10時〜19時です。"]]
    stopped = await shop.ask("自動応答 停止 営業時間")
    assert "もう答えません" in stopped.text
    assert await says(shop, friend, "何時まで") == []
    await shop.ask("取消")
    assert await says(shop, friend, "何時まで") == [["火〜金 10時〜19時です。"]]
    assert "30日で2回" in (await shop.ask("自動応答 表示 営業時間")).text
    assert "2回（1人）" in (await shop.ask("自動応答 結果 営業時間")).text


async def test_it_shows_what_a_pasted_block_changes_of_one_in_force_and_asks(shop: Shop) -> None:
    [friend] = await befriend("田中")
    await publish(shop, HOURS)
    changed = await shop.ask(HOURS.replace("19時", "20時").replace("優先: 10", "優先: 20"))
    assert "－ 優先: 10" in changed.text
    assert "＋ 火〜金 10時〜20時です。" in changed.text
    assert await says(shop, friend, "何時まで") == [["火〜金 10時〜19時です。"]]
    await shop.press(changed, way="live")
    assert await says(shop, friend, "何時まで") == [["火〜金 10時〜20時です。"]]
    back = await shop.ask("自動応答 元に戻す 営業時間 版1")
    await shop.press(back, way="draft")
    assert "下書きあり" in (await shop.ask("自動応答 一覧")).text
    await shop.press(await shop.ask("自動応答 公開 営業時間"))
    assert await says(shop, friend, "何時まで") == [["火〜金 10時〜19時です。"]]
    assert "版3" in (await shop.ask("自動応答 版 営業時間")).text
    assert "変更なし" in (await shop.ask((await shop.ask("自動応答 書出 営業時間")).text)).text


async def test_it_is_changed_by_a_line_copied_renamed_deleted_and_brought_back(shop: Shop) -> None:
    [friend] = await befriend("田中")
    await publish(shop, HOURS)
    for line in (
        "語 追加 何時迄",
        "時間 0:00〜24:00",
        "回数 3時間に1回",
        "続けて する",
        "対象 シナリオ:なし",
        "対象 ブロック でない",
    ):
        answer = await shop.ask(f"/自動応答 変更 営業時間 {line}")
        if answer.tokens:
            await shop.press(answer, way="live")
    printed = (await shop.ask("自動応答 書出 営業時間")).text
    assert "語: 営業時間, 何時まで, あいてますか, 何時迄" in printed
    assert "回数: 3時間に1回" in printed
    assert await says(shop, friend, "何時迄？") == [["火〜金 10時〜19時です。"]]
    assert await says(shop, friend, "何時迄？") == []
    await shop.ask("自動応答 変更 営業時間 本文")
    await shop.press(await shop.ask("年中無休です。"), way="live")
    await shop.ask("自動応答 改名 営業時間 → 時間")
    await shop.ask("自動応答 複製 時間 → 時間2")
    assert "年中無休" in (await shop.ask("自動応答 表示 時間2")).text
    await shop.press(await shop.ask("自動応答 削除 時間"))
    assert "時間2" in (await shop.ask("自動応答 一覧")).text
    await shop.pass_time(hours=4)
    assert await says(shop, friend, "何時迄？") == []
    await shop.ask("下書き 元に戻す 時間")
    assert await says(shop, friend, "何時迄？") == [["年中無休です。"]]


async def test_it_lets_only_managers_write_regular_expressions_and_publish(shop: Shop) -> None:
    await shop.employ(SATO, "operator")
    refused = await shop.ask("■自動応答 式\n語: (営業|定休).*日\n一致: 正規表現\n▼返信\nはい", SATO)
    assert "管理者" in refused.text
    await shop.ask(HOURS, SATO)
    assert "管理者" in (await shop.ask("自動応答 公開 営業時間", SATO)).text
    await publish(shop, "■自動応答 式\n語: (営業|定休).*日\n一致: 正規表現\n▼返信\n月曜です")
    [friend] = await befriend("田中")
    assert await says(shop, friend, "定休の日は") == [["月曜です"]]


async def test_it_warns_of_a_rule_that_is_hidden_and_of_one_that_hides(shop: Shop) -> None:
    await publish(shop, HOURS)
    above = await shop.ask("■自動応答 全部\n優先: 50\n▼返信\nありがとうございます")
    assert "「営業時間」は、働かなくなります" in above.text
    await shop.press(above)
    below = await shop.ask("■自動応答 料金\n語: 料金\n▼返信\n表をどうぞ")
    assert "「全部」がいつも先に答えるため" in below.text
    assert "「優先: 51」" in below.text


# ---- trying, and what nobody knew ----


async def test_it_tries_a_text_and_says_which_rule_answers_and_why(shop: Shop) -> None:
    assert "まだありません" in (await shop.ask("自動応答 試す 何時まで？")).text
    await publish(shop, HOURS)
    await publish(shop, "■自動応答 その他\n▼返信\n担当よりご返事します")
    hit = await shop.ask("自動応答 試す 今日は何時まで？")
    assert "「営業時間」#A1 が答えます（語「何時まで」）" in hit.text
    assert "火〜金 10時〜19時です。" in hit.text
    near = await shop.ask("自動応答 試す 何時迄やってますか")
    assert "どれにも当たりません（「その他」が動きます）" in near.text
    assert "近い: 「営業時間」の語「何時まで」" in near.text
    added = await shop.tap_typed(near, "「何時迄」を追加")
    await shop.press(added, way="live")
    assert "語「何時迄」" in (await shop.ask("自動応答 試す 何時迄やってますか")).text
    assert await database.value("SELECT count(*) FROM outbox WHERE class <> 'staff'") == 0


async def test_it_tries_a_text_for_a_friend_with_turns_and_targets(shop: Shop) -> None:
    tanaka, suzuki = await befriend("田中", "鈴木")
    await publish(shop, HOURS.replace("優先: 10", "優先: 10\n回数: 1人1回"))
    await publish(shop, "■自動応答 会員\n語: 何時まで\n対象: タグ:VIP\n▼返信\n{名前}さん専用の窓口へどうぞ")
    await says(shop, tanaka, "何時まで")
    told = (await shop.ask("自動応答 試す 何時まで？ 友だち=田中")).text
    assert "「営業時間」: 田中さんにはもう答えました（1人1回）" in told
    assert "「会員」: 「対象」に田中さんが当てはまりません" in told
    await shop.ask("タグ 付ける VIP 田中")
    told = (await shop.ask("自動応答 試す 何時まで？　友だち：#F1")).text
    assert "「会員」#A2 が答えます" in told
    assert "田中さん専用の窓口へどうぞ" in told
    told = (await shop.ask("自動応答 試す 何時まで？ 友だち=鈴木")).text
    assert "「営業時間」#A1 が答えます" in told
    await befriend("鈴木")
    asked = await shop.ask("自動応答 試す 何時まで？ 友だち=鈴木")
    assert "2人います" in asked.text
    assert "「営業時間」#A1 が答えます" in (await shop.ask("1")).text
    assert await says(shop, suzuki, "何時まで") == [["火〜金 10時〜19時です。"]], "a trial counts as no answer"


async def test_it_finds_what_was_nearly_meant_by_its_letters(shop: Shop) -> None:
    await publish(shop, HOURS)
    for typed, piece in (("何・時・迄？", "何・時・迄"), ("営業、時閒", "営業、時")):
        near = await shop.ask(f"自動応答 試す {typed}")
        assert f"「{piece}」を追加" in near.taps, near.taps
    assert "近い" not in (await shop.ask(f"自動応答 試す {'あのですね' * 12}営業字間")).text, "a letter, no phrase"


async def test_it_answers_inside_or_outside_of_the_hours_of_the_shop(shop: Shop) -> None:
    [friend] = await befriend("田中")
    warned = await shop.ask("■自動応答 夜間\n時間: 営業時間外\n▼返信\n翌営業日にお返事します")
    assert "営業時間がまだ決まっていないため、働きません" in warned.text
    assert "時間: 営業時間外" in (await shop.ask("自動応答 書出 夜間")).text
    await shop.press(warned)
    await publish(shop, "■自動応答 昼間\n語: 予約\n時間: 営業時間内\n優先: 5\n▼返信\nすぐ伺います")
    assert await says(shop, friend, "予約") == [["すぐ伺います"]]
    assert (
        "営業時間: 平日 10:00〜19:00, 土日祝 9:00〜18:00"
        in (await shop.ask("/設定 営業時間 平日 10時から19時、土日祝 9:00-18:00")).text
    )
    for moment, said in (
        (datetime(2040, 4, 26, 18, 59, 59, tzinfo=TOKYO), "すぐ伺います"),  # a Thursday
        (datetime(2040, 4, 26, 19, 0, tzinfo=TOKYO), "翌営業日にお返事します"),
        (datetime(2040, 4, 30, 9, 30, tzinfo=TOKYO), "すぐ伺います"),  # a Monday that is a holiday
        (datetime(2040, 5, 1, 9, 30, tzinfo=TOKYO), "翌営業日にお返事します"),
    ):
        await clock.move(moment)
        assert await says(shop, friend, "予約") == [[said]], moment
    assert "「昼間」: 今は時間か期間の外です" in (await shop.ask("自動応答 試す 予約")).text
    await shop.ask("/設定 営業時間 なし")
    assert await says(shop, friend, "予約") == [["すぐ伺います"]]


async def test_it_lists_what_no_rule_knew_and_makes_a_rule_of_it(shop: Shop) -> None:
    first, other = await befriend("田中", "佐藤")
    assert "まだありません" in (await shop.ask("自動応答 漏れ")).text
    await publish(shop, HOURS)
    for friend in (first, other):
        await says(shop, friend, "駐車場はありますか？")
    await says(shop, other, "トイレは")
    listed = await shop.ask("自動応答 漏れ")
    assert "駐車場はありますか？ … 2人・2回" in listed.text
    await shop.ask("1")
    draft = await shop.ask("3台分あります。")
    assert "語: 駐車場はありますか" in draft.text
    await shop.press(draft)
    assert await says(shop, first, "駐車場はありますか") == [["3台分あります。"]]
    left = await shop.ask("自動応答 漏れ")
    assert "駐車場" not in left.text
    assert "トイレは" in left.text


async def test_it_is_made_question_by_question(shop: Shop) -> None:
    [friend] = await befriend("田中")
    await shop.ask("自動応答 作成")
    for answer in ("駐車場", "駐車場, 車", "3台分あります。"):
        await shop.ask(answer)
    draft = await shop.ask("とばす")
    await shop.press(draft)
    assert await says(shop, friend, "車で行けますか") == [["3台分あります。"]]


async def test_it_counts_no_use_of_a_tag_twice_and_follows_its_name(shop: Shop) -> None:
    await publish(shop, "■自動応答 会員\n語: 会員\n対象: タグ:VIP でない\n▼返信\nどうぞ\n＋実行 タグ付ける VIP")
    assert "自動応答「会員」" in (await shop.ask("タグ 使用先 VIP")).text
    await shop.ask("タグ 改名 VIP → 特別")
    assert "対象: タグ:特別 でない" in (await shop.ask("自動応答 書出 会員")).text
    assert "タグ「特別」" in (await shop.ask("自動応答 使用先 会員")).text


async def test_it_forgets_hits_of_longer_than_the_span_in_its_list(shop: Shop) -> None:
    [friend] = await befriend("田中")
    await publish(shop, HOURS)
    await says(shop, friend, "何時まで")
    await shop.pass_time(days=31)
    await says(shop, friend, "何時まで")
    [one] = await kept.ROWS.everything()
    now = await clock.now()
    assert (await kept.hits([one.kept.id], now - timedelta(days=30)))[one.kept.id].times == 1
    assert "優先10・1回" in (await shop.ask("自動応答 一覧")).text
