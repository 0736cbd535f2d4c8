"""Levelling, numbers, timings, conditions, action lists and did-you-mean, each by its examples."""

from datetime import date, time

import pytest

from admin_commands import grammar
from admin_commands.grammar import Context, actions, normalise, numbers, timings, words
from admin_commands.grammar.actions import Action
from admin_commands.grammar.readings import Batch
from admin_commands.grammar.segments.kinds.tags import HasTag
from admin_commands.grammar.segments.tree import Every, Not
from admin_commands.grammar.words import Id, Name, This
from jobs import timing
from jobs.timing import IMMEDIATE, Timing


def batch(text: str, context: Context | None = None) -> Batch:
    reading = grammar.read(text, context)
    assert isinstance(reading, Batch)
    return reading


# ---- levelling ----


@pytest.mark.parametrize(
    ("typed", "levelled"),
    [
        ("／タグ　追加　ＶＩＰ", "/タグ 追加 VIP"),
        ("１２：００", "12:00"),
        ("＠＃＞，", "@#>,"),
        ("ｶﾀｶﾅ ﾊﾞﾊﾟ", "カタカナ バパ"),
        ("9:00〜20:00", "9:00~20:00"),
        ("VIP、休眠", "VIP,休眠"),
        ("４８２７ー１９３５", "4827-1935"),
        ("4827―1935 − ‐", "4827-1935 - -"),
        ("V\u200bIP\ufe0f\u00a0", "VIP"),
        ("  タグ \t 一覧  ", "タグ 一覧"),
        ("カラー", "カラー"),
    ],
)
def test_it_levels_the_lookup_copy(typed: str, levelled: str) -> None:
    assert normalise.lookup(typed).text == levelled


def test_it_finds_the_way_back_to_every_raw_character() -> None:
    lookup = normalise.lookup("送る 「①㈱½Ⅲ ﾊﾞ😊」 です")
    start, end = lookup.text.index("「") + 1, lookup.text.index("」")
    assert lookup.text[start:end] == "1(株)1⁄2III バ😊"
    assert lookup.carve(start, end) == "①㈱½Ⅲ ﾊﾞ😊"


def test_it_reads_mention_offsets_in_utf16() -> None:
    assert normalise.from_utf16("😊@山田 です", 2, 3) == (1, 4)
    assert normalise.from_utf16("@山田", 0, 3) == (0, 3)
    for offset, length in ((1, 1), (0, 99), (-1, 2), (0, 0), (50, 1)):
        assert normalise.from_utf16("😊a", offset, length) is None


# ---- words ----


def test_it_reads_objects_in_every_form() -> None:
    command = batch("／タグ 付ける ＶＩＰ、「春の 客」, #T3 ＃Ｆ２１８").commands[0]
    assert command.objects(0) == (Name("ＶＩＰ"), Name("春の 客"), Id("T", 3))
    assert command.objects(1) == (Id("F", 218),)
    assert batch("/タグ 付ける VIP これ").commands[0].objects(1) == (This(),)
    for quotes in ("『VIP』", '"VIP"', "“VIP”", "'VIP'"):
        assert batch(f"/タグ 作成 {quotes}").commands[0].objects(0) == (Name("VIP"),)


def test_it_keeps_names_as_they_were_typed() -> None:
    command = batch("/タグ 作成 「①㈱ ＶＩＰ½」").commands[0]
    assert command.objects(0) == (Name("①㈱ ＶＩＰ½"),)


def test_it_reads_options_of_any_width() -> None:
    command = batch("/グループ 追加 岐阜店 役割＝オペレーター 範囲：「タグ:岐阜 店」 通知=予約, 未対応").commands[0]
    assert command.option("役割") == "オペレーター"
    assert command.option("範囲") == "タグ:岐阜 店"
    assert command.option("通知") == "予約, 未対応"
    assert command.option("色") is None


def test_it_drops_titles_from_people() -> None:
    for typed in ("田中", "田中さん", "田中様", "@田中", "＠田中さん"):
        assert words.person_name(Name(typed)) == "田中"
    assert words.person_name(Name("さん")) == "さん"


def test_it_keeps_free_text_verbatim_over_all_lines() -> None:
    command = batch("/返信 田中 16時①空いています。\n\n  お待ちして　おります！\n").commands[0]
    assert command.objects(0) == (Name("田中"),)
    assert command.text == "16時①空いています。\n\n  お待ちして　おります！"
    assert batch("/メモ 田中 犬アレルギー").commands[0].text == "犬アレルギー"


def test_it_gives_the_raw_text_behind_an_argument() -> None:
    command = batch("/タグ 改名 VIP→プレミアム①").commands[0]
    assert (command.arrows, command.objects(0), command.objects(1)) == ((1,), (Name("VIP"),), (Name("プレミアム①"),))
    assert command.after(0) == "→プレミアム①"


def test_it_carries_out_twenty_lines_and_no_more() -> None:
    assert len(batch("\n".join(f"タグ 作成 タグ{n}" for n in range(20))).commands) == 20
    crowd = batch("\n".join(f"タグ 作成 タグ{n}" for n in range(25)))
    assert [fault.line for fault in crowd.faults] == [21]


def test_it_takes_a_condition_on_a_new_line_for_one_more() -> None:
    reading = batch("タグ 付ける VIP 対象: タグ:カット\nタグ:休眠 でない\nタグ 作成 A")
    assert [command.verb for command in reading.commands] == ["attach", "new"]
    target = reading.commands[0].target
    assert target is not None
    assert target.tree == Every((HasTag((Name("カット"),)), Not(HasTag((Name("休眠"),)))))
    assert reading.commands[1].line == 3


def test_it_tells_which_line_of_a_batch_is_wrong() -> None:
    reading = batch("/タグ 作成 A\nタグ 作成 B\nシナリヲ 停止 ようこそ")
    assert [(fault.line, fault.corrected) for fault in reading.faults] == [(3, "シナリオ 停止 ようこそ")]
    assert grammar.explain(reading.faults).startswith("❌ 3行目「シナリヲ 停止 ようこそ」が分かりません")


# ---- numbers and times ----


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12),
        ("十", 10),
        ("二十", 20),
        ("二十三", 23),
        ("百五", 105),
        ("千", 1000),
        ("1万", 10_000),
        ("2千", 2000),
        ("三万二千", 32_000),
        ("一二", 12),
        ("〇", 0),
        ("", None),
        ("あ", None),
        ("9" * 30, None),
    ],
)
def test_it_reads_numbers(typed: str, value: int | None) -> None:
    assert numbers.number(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12:00", time(12)),
        ("9時", time(9)),
        ("19時半", time(19, 30)),
        ("十時半", time(10, 30)),
        ("午後6時", time(18)),
        ("午後6:30", time(18, 30)),
        ("午前0時", time(0)),
        ("午後12時", time(12)),
        ("夜7時", time(19)),
        ("夜19時", time(19)),
        ("朝9時15分", time(9, 15)),
        ("昼1時", time(13)),
        ("6:30 pm", time(18, 30)),
        ("正午", time(12)),
        ("24:00", None),
        ("25時", None),
        ("12:60", None),
        ("夜12時", None),
        ("午前13時", None),
    ],
)
def test_it_reads_times_of_day(typed: str, value: time | None) -> None:
    found = numbers.clock(typed)
    assert (found[0] if found else None) == value


def test_it_counts_steps() -> None:
    assert [numbers.nth(t) for t in ("3通目から", "3通目", "三番目", "2", "通目", "x")] == [3, 3, 3, 2, None, None]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("すぐ", IMMEDIATE),
        ("0分後", IMMEDIATE),
        ("30分後", Timing("elapsed", 30, "minute")),
        ("三時間後", Timing("elapsed", 3, "hour")),
        ("1時間半後", Timing("elapsed", 90, "minute")),
        ("半日後", Timing("elapsed", 12, "hour")),
        ("1日後", Timing("elapsed", 1, "day")),
        ("翌日", Timing("elapsed", 1, "day")),
        ("1日後 12:00", Timing("day", 1, "day", at=time(12))),
        ("1日後の12時", Timing("day", 1, "day", at=time(12))),
        ("二日後 十時半", Timing("day", 2, "day", at=time(10, 30))),
        ("翌日 9:00", Timing("day", 1, "day", at=time(9))),
        ("翌々日 午後6時", Timing("day", 2, "day", at=time(18))),
        ("1週間後 12:00", Timing("day", 7, "day", at=time(12))),
        ("当日 19:00", Timing("day", 0, "day", at=time(19))),
        ("次の金曜 18:00", Timing("weekday", weekday=4, at=time(18))),
        ("次の日曜日 18:00", Timing("weekday", weekday=6, at=time(18))),
        ("次の日 18:00", Timing("day", 1, "day", at=time(18))),
        ("次に来る18:46", Timing("clock", at=time(18, 46))),
        ("前の通から2日後 12:00", Timing("day", 2, "day", at=time(12), base="previous")),
        ("前の通から30分後", Timing("elapsed", 30, "minute", base="previous")),
        ("開始から3日後", Timing("elapsed", 3, "day")),
        ("+1d 12:00", Timing("day", 1, "day", at=time(12))),
        ("+30m", Timing("elapsed", 30, "minute")),
        ("now", IMMEDIATE),
        ("12/24 18:00", Timing("date", at=time(18), day=date(timing.NO_YEAR, 12, 24))),
        ("12月24日(木) 夜8時", Timing("date", weekday=3, at=time(20), day=date(timing.NO_YEAR, 12, 24))),
        ("2026-12-24(木) 18:00", Timing("date", at=time(18), day=date(2026, 12, 24))),
        ("前の通から2026/12/24 18時半", Timing("date", at=time(18, 30), day=date(2026, 12, 24))),
    ],
)
def test_it_reads_step_timings(typed: str, expected: Timing) -> None:
    levelled = normalise.lookup(typed).text
    assert timings.read(levelled) == (expected, len(levelled))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "いつか",
        "当日",
        "次の金曜",
        "金曜 18:00",
        "1001日後",
        "9999999分後",
        "後",
        "半",
        "12/24",
        "2/30 9:00",
        "13/1 9:00",
    ],
)
def test_it_refuses_timings_that_say_too_little(typed: str) -> None:
    assert isinstance(timings.read(typed), str)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1日ご 12:00", "1日後 12:00"),
        ("1日語", "1日後"),
        ("3じかん後", "3時間後"),
        ("よくじつ 9.30", "1日後 9:30"),
        ("2026-2-30 9:00", "2026-02-28(土) 9:00"),
        ("いつか", None),
    ],
)
def test_it_mends_slips_of_the_conversion(typed: str, meant: str | None) -> None:
    assert timings.mended(typed) == meant


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9:00〜20:00", (time(9), time(20))),
        ("９時〜夜８時", (time(9), time(20))),
        ("9:00から20:00まで", (time(9), time(20))),
        ("18:00-2:00", (time(18), time(2))),
        ("9:00〜24:00", (time(9), time(0))),
        ("0:00〜24:00", (time(0), time(0))),
        ("9:00〜9:00", None),
        ("9:00", None),
        ("9:00〜", None),
        ("9:00〜20:00 ごろ", None),
    ],
)
def test_it_reads_delivery_windows(typed: str, expected: tuple[time, time] | None) -> None:
    assert timings.window(normalise.lookup(typed).text) == expected


# ---- conditions ----


# ---- actions ----


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("送る 「ありがとう → ①です」", (Action("send", ("ありがとう → ①です",)),)),
        ("送る テンプレ:料金表", (Action("send_template", (Name("料金表"),)),)),
        ("送る テンプレ:「料金 表」", (Action("send_template", (Name("料金 表"),)),)),
        ("タグ付ける VIP,購入者", (Action("tag_on", ((Name("VIP"), Name("購入者")),)),)),
        ("タグを付ける VIP", (Action("tag_on", ((Name("VIP"),),)),)),
        ("タグ つける VIP、休眠", (Action("tag_on", ((Name("VIP"), Name("休眠")),)),)),
        ("タグ外す 見込み", (Action("tag_off", ((Name("見込み"),),)),)),
        ("シナリオ開始 購入後フォロー", (Action("scenario_start", (Name("購入後フォロー"), 1)),)),
        ("シナリオ開始 ようこそ ３通目から", (Action("scenario_start", (Name("ようこそ"), 3)),)),
        ("シナリオ停止 ようこそ", (Action("scenario_stop", (Name("ようこそ"),)),)),
        ("シナリオ停止 全部", (Action("scenario_stop", (None,)),)),
        ("シナリオ再開 全部", (Action("scenario_resume", (None,)),)),
        (
            "タグ付ける VIP → シナリオ開始 S ⇒ 送る 「x」",
            (Action("tag_on", ((Name("VIP"),),)), Action("scenario_start", (Name("S"), 1)), Action("send", ("x",))),
        ),
        (
            "+tag VIP -> start S; -tag A",
            (
                Action("tag_on", ((Name("VIP"),),)),
                Action("scenario_start", (Name("S"), 1)),
                Action("tag_off", ((Name("A"),),)),
            ),
        ),
    ],
)
def test_it_reads_action_lists(typed: str, expected: tuple[Action, ...]) -> None:
    assert actions.read(words.line_of(typed)) == (expected, [])
    assert actions.read(words.line_of(actions.show(expected))) == (expected, [])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "→",
        "送る",
        "送る こんにちは",
        "タグ付ける",
        "タグ付ける A B",
        "シナリオ開始",
        "シナリオ開始 A B",
        "ほげ VIP",
        "送る 「x",
    ],
)
def test_it_faults_actions_that_say_too_little(typed: str) -> None:
    found, faults = actions.read(words.line_of(typed))
    assert found == ()
    assert faults


def test_it_mends_a_mistyped_action() -> None:
    _, faults = actions.read(words.line_of("タグつけろ VIP"))
    assert [fault.corrected for fault in faults] == ["タグ付ける VIP"]


# ---- did you mean ----


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/シナリヲ ていし ようこそう", "シナリオ 停止 ようこそう"),
        ("/フオーム 一覧", "フォーム 一覧"),
        ("/brodcast list", "配信 一覧"),
        ("/配診 一覧", "配信 一覧"),
        ("/背信 停止 #B12", "配信 停止 #B12"),
        ("/変身 田中 こんにちは", "返信 田中 こんにちは"),
        ("/当録 4827-1935", "登録 4827-1935"),
        ("/シナリオ 提示 ようこそ", "シナリオ 停止 ようこそ"),
        ("/シナリオ 後悔 ようこそ", "シナリオ 公開 ようこそ"),
        ("/タグ 着ける VIP 田中", "タグ 付ける VIP 田中"),
        ("/担当 点ける 田中", "担当 付ける 田中"),
        ("/タグ さくじょう VIP", "タグ 削除 VIP"),
        ("/たぐ さくせえ VIP", "タグ 作成 VIP"),
        ("/作成 タグ VIP", "タグ 作成 VIP"),
        ("/タグ VIP", "タグ 表示 VIP"),
    ],
)
def test_it_guesses_what_was_meant_and_runs_nothing(typed: str, meant: str) -> None:
    reading = batch(typed)
    assert reading.commands == ()
    assert reading.suggestions[0] == meant


@pytest.mark.parametrize(
    ("typed", "noun", "verb"),
    [
        ("/しなりお いちらん", "scenario", "list"),
        ("/よやく いちらん", "booking", "list"),
        ("/シナリオ ていし ようこそ", "scenario", "stop"),
        ("/タグ さくせい VIP", "tag", "new"),
        ("/とうけい", "stats", None),
        ("/タグを追加 VIP", "tag", "new"),
        ("/タグ追加 VIP", "tag", "new"),
        ("/シナリオの一覧", "scenario", "list"),
        ("/シナリオを停止する ようこそ", "scenario", "stop"),
        ("/TAG ADD VIP", "tag", "new"),
    ],
)
def test_it_reads_kana_and_glue_behind_a_prefix(typed: str, noun: str, verb: str | None) -> None:
    command = batch(typed).commands[0]
    assert (command.noun, command.verb) == (noun, verb)


def test_it_asks_what_starting_means() -> None:
    both = ("シナリオ 公開 ようこそ", "シナリオ 付ける ようこそ")
    for typed in ("シナリオ 開始 ようこそ", "/シナリオ 始める ようこそ"):
        reading = batch(typed)
        assert reading.commands == ()
        assert reading.suggestions == both


@pytest.mark.parametrize(
    "typed",
    [
        "/タグの付け方",
        "/タグを付けるには",
        "/タグ 削除 方法",
        "/シナリオ ?",
        "シナリオ ？",
        "/シナリオ？",
        "/タグ 作り方教えて",
    ],
)
def test_it_takes_a_question_for_help_and_never_for_the_deed(typed: str) -> None:
    command = batch(typed).commands[0]
    assert (command.noun, command.verb) == ("help", "show")


def test_it_tells_an_unclosed_quote() -> None:
    reading = batch("/タグ 作成 「春の 客")
    assert [fault.what for fault in reading.faults] == ["の「 が閉じていません"]
