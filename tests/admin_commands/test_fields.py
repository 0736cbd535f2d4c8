"""項目: made, noted for one friend and for many, counted, masked, taken back."""

from datetime import UTC, datetime

import pytest

from admin_commands import fields
from admin_commands.fields import assignments
from admin_commands.fields.assignments import Assignment
from admin_commands.grammar import values
from jobs import heard, operations
from storage import database
from storage.fields import Kind
from tests.admin_commands.shop import SATO, SUZUKI, TOKYO, YAMADA, Shop, befriend, crowd, worn

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)


def read(text: str, kind: Kind, **more: object) -> str:
    try:
        return values.read(text, values.Wanted(kind, **more), NOW, TOKYO)  # type: ignore[arg-type] # one door for all
    except values.Wrong as wrong:
        return f"✗{wrong.why}"


@pytest.mark.parametrize(
    ("text", "yearly", "nearest"),
    [
        ("5/3", "0004-05-03", "2027-05-03"),
        ("１１／２０", "0004-11-20", "2026-11-20"),
        ("2/29", "0004-02-29", "✗2月29日はありません"),
        ("2月30日", "✗2月30日はありません", "✗2月30日はありません"),
        ("2023/2/29", "✗2023年2月29日はありません", "✗2023年2月29日はありません"),
        ("1990年5月3日", "1990-05-03", "1990-05-03"),
        ("令和2年5月3日", "2020-05-03", "2020-05-03"),
        ("Ｓ63.5.3", "1988-05-03", "1988-05-03"),
        ("平成元年1月8日", "1989-01-08", "1989-01-08"),
        ("19900503", "1990-05-03", "1990-05-03"),
        ("3日後", "2026-11-26", "2026-11-26"),
        ("来週あたり", "✗を日付として読めません", "✗を日付として読めません"),
    ],
)
def test_it_reads_dates_as_people_write_them(text: str, yearly: str, nearest: str) -> None:
    assert read(text, "date", yearly=True) == yearly
    assert read(text, "date") == nearest


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("３", "3"),
        ("1,200円", "1200"),
        ("千", "1000"),
        ("1.5万", "15000"),
        ("-3", "-3"),
        ("三十歳", "30"),
        ("1,20", "✗"),
    ],
)
def test_it_reads_numbers_as_people_write_them(text: str, number: str) -> None:
    assert read(text, "number")[: len(number)] == number
    assert read("12/24(木) 午後6時", "datetime") == "2026-12-24T09:00:00+00:00"
    assert [read(word, "yes_no")[:1] for word in ("○", "いいえ", "たぶん")] == ["1", "0", "✗"]
    assert read("くせげ", "choice", choices=["直毛", "くせ毛"]) == "✗は選択肢にありません（直毛・くせ毛）"


def test_it_cuts_what_is_noted_into_fields_and_values() -> None:
    known = {"来店回数", "E-mail", "メモ"}
    assert assignments.read("誕生日=5/3 来店回数 +1 メモ：前髪は 短め １＋１", known.__contains__) == [
        Assignment("誕生日", "=", "5/3"),
        Assignment("来店回数", "+", "1"),
        Assignment("メモ", "=", "前髪は 短め １＋１"),
    ]
    assert assignments.read("「E-mail」=a@b.jp メモ=「A=1 B=2」", known.__contains__) == [
        Assignment("E-mail", "=", "a@b.jp"),
        Assignment("メモ", "=", "A=1 B=2"),
    ]
    assert assignments.read("花子さんによろしく", known.__contains__) == []


async def test_it_makes_fields_and_notes_what_is_known_of_a_friend(shop: Shop) -> None:
    [friend] = await befriend("田中 花子")
    assert "毎年、伏字" in (await shop.ask("項目 作成 誕生日 日付")).text
    assert "直毛・くせ毛・不明" in (await shop.ask("項目 作成 髪質 選択=直毛,くせ毛,不明")).text
    await shop.ask("項目 作成 来店回数 数値")
    await shop.ask("項目 作成 メモ 長文")
    told = await shop.ask("/項目 田中 花子 誕生日=1990/5/3 髪質=くせ毛 来店回数 +1 メモ=前髪は 短め")
    assert "誕生日: ****年5月3日（前: なし）" in told.text
    assert "来店回数: 1（前: なし）" in told.text
    card = await shop.ask("友だち 田中")
    assert "メモ: 前髪は 短め" in card.text
    assert "****年5月3日" in card.text
    alone = await shop.ask(f"/友だち 全表示 #F{friend}", private=True)
    assert "誕生日: 1990年5月3日" in alone.text
    assert "変更なし" in (await shop.ask("/項目 田中 髪質=くせ毛")).text
    assert "来店回数: 3（前: 1）" in (await shop.ask("/項目 田中 来店回数 ＋２")).text
    assert "来店回数" in (await shop.ask("取消")).text
    assert "来店回数: 1" in (await shop.ask("/項目 田中")).text
    assert "誕生日: なし（前: ****年5月3日）" in (await shop.ask("/項目 田中 誕生日=空")).text
    history = await shop.ask("履歴")
    assert "1990" not in history.text + card.text


async def test_it_says_what_is_wrong_where_and_how_it_is_written(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("項目 作成 誕生日 日付")
    await shop.ask("項目 作成 髪質 選択=直毛,くせ毛")
    wrong = await shop.ask("/項目 田中 誕生日=2月30日")
    assert "項目「誕生日」: 2月30日はありません。" in wrong.text
    assert "誕生日=5/3、誕生日=1990-05-03" in wrong.text
    wrong = await shop.ask("/項目 田中 髪質=くせげ")
    assert "選択肢にありません（直毛・くせ毛）" in wrong.text
    assert "くせ毛" in (await shop.tap_typed(wrong, "髪質=くせ毛")).text
    wrong = await shop.ask("/項目 田中 誕生目=5/3")
    assert "もしかして: 誕生日" in wrong.text
    assert "5月3日" in (await shop.tap_typed(wrong, "誕生日")).text
    assert "+1 はできません" in (await shop.ask("/項目 田中 髪質 +1")).text
    assert await database.value("SELECT count(*) FROM field_values") == 2
    assert await shop.say("項目 田中 よろしくね") is None


async def test_a_day_that_cannot_be_read_is_chosen_from_a_calendar(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("項目 作成 誕生日 日付")
    await shop.ask("項目 作成 来店予定 日時")
    wrong = await shop.ask("/項目 田中 誕生日=2月30日")
    data = wrong.taps["📅 日付を選ぶ"]
    assert "1990-05-03" in wrong.text
    asked = await shop.hear(heard.Pressed(data, {"date": "1990-05-03"}), YAMADA)
    assert asked is not None
    assert "誕生日: ****年5月3日（前: なし）" in asked.text
    assert "2月30日" not in (await shop.ask("取消")).text
    wrong = await shop.ask("/項目 田中 来店予定=あさって")
    assert "項目「来店予定」: 「あさって」に時刻がありません。" in wrong.text
    data = wrong.taps["📅 日時を選ぶ"]
    asked = await shop.hear(heard.Pressed(data, {"datetime": "2026-12-24T18:30"}), YAMADA)
    assert asked is not None
    assert "18:30" in asked.text
    for hostile in ({}, {"date": "明日 タグ 削除 VIP"}, {"date": "2026-12-24\n/タグ 削除 VIP"}):
        refused = await shop.hear(heard.Pressed(data, hostile), YAMADA)
        assert refused is not None
        assert "もう使えません" in refused.text
    stranger = await shop.hear(heard.Pressed(data, {"datetime": "2026-12-25T10:00"}), SUZUKI)
    assert stranger is not None
    assert "権限のあるスタッフ用" in stranger.text


async def test_it_writes_under_a_quote_and_asks_whom_without_one(shop: Shop) -> None:
    [friend] = await befriend("田中")
    await shop.ask("項目 作成 来店回数 数値")
    card = await shop.ask("友だち 田中")
    for said in ("項目 これ 来店回数 +1", "項目 来店回数 +1", "項目 来店回数=7"):
        told = await shop.quote(card, said)
        assert told is not None, said
        assert f"#F{friend}" in told.text
    assert "来店回数: 7" in (await shop.ask("/項目 田中")).text
    assert "どなたの" in (await shop.ask("/項目 来店回数 +1")).text
    assert "#K1" in (await shop.ask("/項目 来店回数")).text


async def test_it_shows_how_to_note_something_as_it_is_heard_in_the_group(shop: Shop) -> None:
    await befriend("田中 花子")
    made = await shop.ask("項目 作成 来店回数 数値")
    shown = await shop.ask("項目 表示 来店回数")
    for told in (made.text, shown.text):
        typed = told.split("書き方: ")[1].split("文の中")[0].strip().replace("…", "3")
        assert "来店回数" in (await shop.ask(typed)).text


async def test_it_counts_for_many_and_takes_it_back(shop: Shop) -> None:
    await shop.ask("タグ 作成 VIP")
    await shop.ask("項目 作成 来店回数 数値")
    await shop.ask("項目 作成 会員 選択=金,銀")
    await crowd(12, "VIP")
    card = await shop.ask("/項目 来店回数 +1 会員=金 対象: タグ:VIP")
    assert "12人" in card.text
    assert "12人の項目を書きました" in (await shop.press(card)).text
    summed = await shop.ask("項目 集計 来店回数")
    assert "合計: 12" in summed.text
    assert "・金 12人" in (await shop.ask("項目 集計 会員")).text
    assert "取り消しました: 12人の項目" in (await shop.ask("取消")).text
    assert "記入: 0人" in (await shop.ask("項目 集計 会員")).text


async def test_it_changes_renames_deletes_and_brings_back(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("項目 作成 髪質 選択=直毛,くせ毛")
    await shop.ask("/項目 田中 髪質=くせ毛")
    card = await shop.ask("項目 変更 髪質 選択肢=直毛,不明")
    assert "1人の記入はそのまま残り" in card.text
    assert "直毛・不明" in (await shop.press(card)).text
    assert "・くせ毛 1人" in (await shop.ask("項目 集計 髪質")).text
    await shop.ask("項目 改名 髪質 → 髪のくせ")
    assert "髪のくせ" in (await shop.ask("項目 表示 #K1")).text
    assert "伏字" in (await shop.ask("項目 変更 髪のくせ 表示=伏字")).text
    assert "髪のくせ: ****" in (await shop.ask("/項目 田中")).text
    await shop.press(await shop.ask("項目 削除 髪のくせ"))
    assert "まだ" in (await shop.ask("項目 一覧")).text
    assert "記入1人" in (await shop.ask("項目 元に戻す 髪のくせ")).text


async def test_it_shows_no_more_of_friends_than_one_may_see(shop: Shop) -> None:
    await shop.ask("タグ 作成 担当")
    await befriend("田中", "鈴木")
    await shop.ask("タグ 付ける 担当 田中")
    await shop.ask("項目 作成 会員 選択=金,銀")
    await shop.ask("/項目 田中 会員=金")
    await shop.ask("/項目 鈴木 会員=金")
    await shop.employ(SATO, "operator")
    await database.run("UPDATE staff SET scope = '{\"tag\": 1}' WHERE line_user_id = $1", SATO)
    assert "・金 1人" in (await shop.ask("項目 集計 会員", SATO)).text
    assert "・金 2人" in (await shop.ask("項目 集計 会員", YAMADA)).text
    assert "担当外" in (await shop.ask("/項目 鈴木 会員=銀", SATO)).text


async def test_it_is_printed_as_the_command_that_makes_it_again(shop: Shop) -> None:
    await shop.ask("項目 作成 誕生日 日付 表示=通常")
    await shop.ask("項目 作成 髪質 選択=直毛,くせ毛")
    await shop.ask("項目 作成 電話")
    await shop.ask("項目 作成 電話 文字")
    assert "使えません" in (await shop.ask("項目 作成 「髪 質」 文字")).text
    assert "使えません" in (await shop.ask("項目 作成 名前 文字")).text
    printed = await fields.NOUN.dumps(TOKYO)  # type: ignore[misc] # it has them
    assert printed == [
        "項目 作成 誕生日 日付 毎年=はい 表示=通常",
        "項目 作成 髪質 選択 選択肢=直毛,くせ毛 表示=通常",
        "項目 作成 電話 文字 表示=伏字",
    ]
    await database.run("TRUNCATE fields")
    for line in printed:
        await shop.ask(line)
    assert await fields.NOUN.dumps(TOKYO) == printed  # type: ignore[misc] # it has them


async def test_it_tells_conditions_on_fields_in_plain_words(shop: Shop) -> None:
    await befriend("田中")
    await shop.ask("項目 作成 誕生日 日付")
    await shop.ask("項目 作成 来店回数 数値")
    await shop.ask("/項目 田中 誕生日=今日 来店回数=3")
    told = await shop.ask("友だち 検索 誕生日 7日以内 かつ 来店回数>=3")
    assert "「誕生日」が7日以内に来る" in told.text
    assert "「来店回数」が3以上" in told.text
    assert "田中" in told.text


async def test_it_acts_when_a_value_has_changed_and_only_then(shop: Shop) -> None:
    [friend] = await befriend("田中")
    await shop.ask("項目 作成 来店回数 数値")
    told = await shop.ask("項目 変更 来店回数 変わった時=もし 来店回数>=3 なら タグ付ける 常連")
    assert "変えました" in told.text
    assert "変わった時: もし 来店回数>=3 なら タグ付ける 常連" in (await shop.ask("項目 表示 来店回数")).text
    await shop.ask("/項目 田中 来店回数=2")
    assert await worn(friend) == []
    await shop.ask("/項目 田中 来店回数 +1")
    assert await worn(friend) == ["常連"]
    await shop.ask("タグ 外す 常連 田中")
    await shop.ask("/項目 田中 来店回数=3")
    assert await worn(friend) == []
    assert "終わらなくなる" in (await shop.ask("項目 変更 来店回数 変わった時=項目 来店回数 +1")).text
    assert (await fields.NOUN.dumps(TOKYO))[1] == (  # type: ignore[misc] # it has them
        "項目 変更 来店回数 変わった時=もし 来店回数>=3 なら タグ付ける 常連"
    )
    await shop.ask("項目 変更 来店回数 変わった時=なし")
    assert len(await fields.NOUN.dumps(TOKYO)) == 1  # type: ignore[misc] # it has them


async def test_it_asks_before_a_field_that_is_there_becomes_another(shop: Shop) -> None:
    await shop.ask("項目 作成 髪質 選択=直毛,くせ毛")
    assert "「日付」に変えられません" in (await shop.ask("項目 作成 髪質 日付")).text
    assert "もうあります" in (await shop.ask("項目 作成 髪質 選択 選択肢=直毛,くせ毛 表示=通常")).text
    card = await shop.ask("項目 作成 髪質 選択=直毛,くせ毛,不明")
    assert "これから: 選択: 直毛・くせ毛・不明" in card.text
    assert "変えました" in (await shop.press(card)).text


async def test_it_says_before_that_many_cannot_be_put_back_and_stops_the_rest(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.ask("タグ 作成 VIP")
    await crowd(12, "VIP")
    await shop.ask("項目 作成 会員 文字")
    monkeypatch.setattr(operations, "MOST_AT_ONCE", 11)
    card = await shop.ask("/項目 会員=金 対象: タグ:VIP")
    assert "取消では残りを止めるだけで、書いた分は戻りません" in card.text
    begun = await shop.press(card)
    assert "残りを止めました" in (await shop.ask(begun.taps["取消"])).text
    assert await database.value("SELECT state FROM operations") == "stopped"


async def test_the_kind_may_be_named_as_such(shop: Shop) -> None:
    assert "（数値）" in (await shop.ask("項目 作成 来店回数 種類=数値")).text


async def test_the_record_tells_a_count_and_never_words(shop: Shop) -> None:
    await befriend("田中")
    for made in ("来店回数 数値", "メモ 文字"):
        await shop.ask(f"項目 作成 {made}")
    await shop.ask("/項目 田中 来店回数 +3")
    await shop.ask("/項目 田中 メモ=内緒の話")
    history = (await shop.ask("履歴")).text
    assert "項目「来店回数」を書いた（来店回数: 3）" in history
    assert "内緒" not in history
