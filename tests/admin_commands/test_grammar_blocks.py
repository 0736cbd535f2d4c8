"""Pasted blocks become plain data; the customer's text stays as it is; all that is wrong is told at once."""

from datetime import time

import pytest

from admin_commands import grammar
from admin_commands.grammar import definitions
from admin_commands.grammar.actions import Action
from admin_commands.grammar.definitions import (
    Attachment,
    Button,
    Choice,
    Do,
    Greeting,
    Link,
    Open,
    Piece,
    Run,
    Scenario,
    Template,
    Text,
    Trigger,
)
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import Batch, Continued, Conversation, Paste, Unfinished
from admin_commands.grammar.segments.kinds.tags import HasTag
from admin_commands.grammar.segments.tree import Every, Not
from admin_commands.grammar.words import Name
from jobs import hours
from jobs.timing import IMMEDIATE, Timing


def pasted(text: str) -> definitions.Definition:
    reading = grammar.read(text)
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    assert len(reading.definitions) == 1
    return reading.definitions[0]


def faults(text: str) -> tuple[Fault, ...]:
    reading = grammar.read(text)
    assert isinstance(reading, Paste)
    assert reading.definitions == () or len(reading.faults) > 0
    return reading.faults


WELCOME = """■シナリオ　ようこそ
開始：友だち追加、タグ:見込み が付いたら
対象: タグ:既存客 でない
タグ:VIP
終了: タグ:購入済 が付いたら
配信可能： 9:00〜20:00
再開始: 終わったら   // 二度目は
版: 7
// 一通目
▼すぐ
{名前|お客様}さん、ありがとうございます😊①㈱½

　二段落目\u3000
＋＋プラスで始まる
▼▼三角で始まる
■■シナリオ と書く
////コメントではない
■営業時間
// これは届かない
http://a.jp: 見てね


＋ボタン 答える → タグ付ける 答えた → 送る 「①です → はい」
＋ボタン 「A → B」 → https://example.com/予約
＋ボタン 電話 → tel:０５８－１２３ー４５６７
＋ボタン 料金 ＞ テンプレ:料金表
▼１日後 １２：００
＋画像 https://example.com/a.jpg
スタイルをご紹介します。
＋リンク https://example.com/style 名前=スタイル一覧
＋スタンプ 446/1988
▼前の通から二日後 十時半
お手入れのコツ
＋実行 シナリオ停止 全部 → シナリオ開始 次 2通目から
"""


def test_it_reads_a_scenario_whole() -> None:
    scenario = pasted(WELCOME)
    assert isinstance(scenario, Scenario)
    assert scenario.name == "ようこそ"
    assert scenario.start == (Trigger("follow"), Trigger("tag", Name("見込み")))
    assert scenario.target is not None
    assert scenario.target.tree == Every((Not(HasTag((Name("既存客"),))), HasTag((Name("VIP"),))))
    assert scenario.end == (Trigger("tag", Name("購入済")),)
    assert scenario.window == (hours.Hours((time(9), time(20))),)
    assert (scenario.restart, scenario.version) == ("finished", 7)
    assert scenario.source == WELCOME.rstrip()
    assert [step.timing for step in scenario.steps] == [
        IMMEDIATE,
        Timing("day", 1, "day", at=time(12)),
        Timing("day", 2, "day", at=time(10, 30), base="previous"),
    ]
    assert [step.line for step in scenario.steps] == [10, 27, 32]


def test_it_keeps_the_customers_text_verbatim() -> None:
    scenario = pasted(WELCOME)
    assert isinstance(scenario, Scenario)
    assert scenario.steps[0].pieces[0] == Text(
        "{名前|お客様}さん、ありがとうございます😊①㈱½\n\n　二段落目\u3000\n"
        "＋プラスで始まる\n▼三角で始まる\n■シナリオ と書く\n//コメントではない\n■営業時間\nhttp://a.jp: 見てね"
    )


def test_it_reads_attachments_in_their_order() -> None:
    scenario = pasted(WELCOME)
    assert isinstance(scenario, Scenario)
    expected: list[tuple[Piece, ...]] = [
        (
            Button("答える", Do((Action("tag_on", ((Name("答えた"),),)), Action("send", ("①です → はい",))))),
            Button("A → B", Open("https://example.com/予約")),
            Button("電話", Open("tel:058-123-4567")),
            Button("料金", Do((Action("send_template", (Name("料金表"),)),))),
        ),
        (
            Attachment("image", "https://example.com/a.jpg"),
            Text("スタイルをご紹介します。"),
            Link("https://example.com/style", definitions.Measured(Name("スタイル一覧"))),
            Attachment("sticker", "446/1988"),
        ),
        (Text("お手入れのコツ"), Run((Action("scenario_stop", (None,)), Action("scenario_start", (Name("次"), 2))))),
    ]
    assert [step.pieces[-len(wanted) :] for step, wanted in zip(scenario.steps, expected, strict=True)] == expected
    assert [piece.line for piece in scenario.steps[1].pieces] == [28, 29, 30, 31]


def test_it_prints_a_scenario_in_canonical_form() -> None:
    printed = grammar.print_block(pasted(WELCOME))
    assert printed.split("\n")[:7] == [
        "■シナリオ ようこそ",
        "開始: 友だち追加, タグ:見込み が付いたら",
        "対象: タグ:既存客 でない かつ タグ:VIP",
        "終了: タグ:購入済 が付いたら",
        "配信可能: 9:00〜20:00",
        "再開始: 終わったら",
        "版: 7",
    ]
    assert pasted(printed) == pasted(WELCOME)


def test_it_reads_a_greeting() -> None:
    greeting = pasted(
        "■あいさつ 友だち追加\n▼新規\n{名前}さん、はじめまして！\n＋実行 シナリオ開始 ようこそ\n"
        "▼ブロック解除\nおかえりなさい😊"
    )
    assert isinstance(greeting, Greeting)
    assert [(part.kind, part.pieces) for part in greeting.parts] == [
        ("new", (Text("{名前}さん、はじめまして！"), Run((Action("scenario_start", (Name("ようこそ"), 1)),)))),
        ("returning", (Text("おかえりなさい😊"),)),
    ]


@pytest.mark.parametrize("line", ["さようなら", "＋実行 送る 「さようなら」", "＋実行 タグ付ける 離脱 1日後"])
def test_who_blocks_us_can_be_noted_but_not_written_to(line: str) -> None:
    noted = pasted("■あいさつ 友だち追加\n▼ブロック\n＋実行 タグ付ける 離脱")
    assert isinstance(noted, Greeting)
    assert noted.parts[0].kind == "blocked"
    found = faults(f"■あいさつ 友だち追加\n▼ブロック\n{line}")
    assert [(fault.line, fault.what.partition("。")[0]) for fault in found] == [(2, "の方には何も届きません")]


def test_it_reads_a_template_in_every_form() -> None:
    template = pasted(
        "■テンプレ 料金表\n▼カード カット\n＋画像 https://a.jp/1.jpg\nカット 4,400円〜\n"
        "＋ボタン 相談 → タグ付ける 相談\n"
        "▼質問\n行きますか？\n・はい → タグ付ける 行く\n・いいえ → 送る 「残念」\n・・これは本文\n"
        '▼スタンプ 446/1988\n▼本文\nこんにちは\n▼Flex お知らせ\n{"type": "bubble"}'
    )
    assert isinstance(template, Template)
    assert [(part.kind, part.title) for part in template.parts] == [
        ("card", "カット"),
        ("question", ""),
        ("body", ""),
        ("body", ""),
        ("flex", "お知らせ"),
    ]
    assert template.parts[1].pieces == (
        Text("行きますか？"),
        Choice("はい", Do((Action("tag_on", ((Name("行く"),),)),))),
        Choice("いいえ", Do((Action("send", ("残念",)),))),
        Text("・これは本文"),
    )
    assert template.parts[2].pieces == (Attachment("sticker", "446/1988"),)
    assert template.parts[4].pieces == (Text('{"type": "bubble"}'),)


@pytest.mark.parametrize(
    "text",
    [
        "【シナリオ】ようこそ\n▼すぐ\nこんにちは",
        "#シナリオ ようこそ\n▼すぐ\nこんにちは",
        "＃ｓｃｅｎａｒｉｏ ようこそ\n>> now\nこんにちは",
        "■ステップ ようこそ\n▼ すぐ\nこんにちは\n\n\n",
        "/■シナリオ ようこそ\n▼すぐ\nこんにちは",
        "\n■シナリオ 「ようこそ」\r\n▼すぐ\r\nこんにちは",
    ],
)
def test_it_takes_the_other_spellings_of_a_block(text: str) -> None:
    scenario = pasted(text)
    assert isinstance(scenario, Scenario)
    assert (scenario.name, scenario.steps[0].pieces) == ("ようこそ", (Text("こんにちは"),))


def test_it_reads_several_blocks_of_one_message() -> None:
    reading = grammar.read("■テンプレ A\n▼本文\nあ\n■シナリオ B\n▼すぐ\nい\n【イベント】はそのまま")
    assert isinstance(reading, Paste)
    assert [type(found) for found in reading.definitions] == [Template, Scenario]
    scenario = reading.definitions[1]
    assert isinstance(scenario, Scenario)
    assert scenario.steps[0].pieces == (Text("い\n【イベント】はそのまま"),)


def test_it_tells_all_faults_of_a_block_with_their_lines() -> None:
    found = faults(
        "■シナリオ ようこそ\n開始: 誕生日\n配信可\n対照: タグ:VIP\n色: 赤\n▼１日ご 12:00\n本文\n＋ボタソ 予約 → https://a.jp\n"
        "▼3日後 25:00\n＋ボタン 予約 → ほげ\n▼1日後 12:00 もし ほげ:x\nx\n＋タグ付ける VIP\n▼すぐ"
    )
    assert [fault.line for fault in found] == [2, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14]
    corrected = {fault.line: fault.corrected for fault in found if fault.corrected}
    assert corrected == {
        4: "対象: タグ:VIP",
        6: "▼1日後 12:00",
        8: "＋ボタン 予約 → https://a.jp",
        11: "▼1日後 12:00 もし ほげ=x",
        13: "＋実行 タグ付ける VIP",
    }
    told = grammar.explain(found)
    assert told.count("❌") == 5
    assert told.endswith("ほかに6か所あります。")
    assert "❌ 6行目「▼１日ご 12:00」の時間が読めません。\nもしかして: ▼1日後 12:00" in told


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("■シナリオ\n▼すぐ\nx", 1, "名前がありません"),
        ("■シナリオ ようこそ", 1, "▼ の行がありません"),
        ("■シナリオ ようこそ\n▼すぐ\n\n", 2, "本文がありません"),
        ("■シナリオ ようこそ\n開始: 手動\n開始: 手動\n▼すぐ\nx", 3, "2回"),
        ("■シナリオ ようこそ\n＋画像 https://a.jp\n▼すぐ\nx", 2, "▼ の下に"),
        ("■シナリオ ようこそ\n会場: 本店\n▼すぐ\nx", 2, "■シナリオでは使いません"),
        ("■シナリオ ようこそ\n▼当日\nx", 2, "時刻がありません"),
        ("■シナリオ ようこそ\n▼すぐ\n＋画像", 3, "https://"),
        ("■シナリオ ようこそ\n▼すぐ\n＋画像 店の 外観", 3, "「」で囲んで"),
        ("■シナリオ ようこそ\n▼すぐ\nx\n＋回答後 タグ付ける VIP", 4, "では使えません"),
        ("■シナリオ ようこそ\n▼すぐ\nx\n＋1でお願いします", 4, "「＋＋」"),
        ("■シナリオ ようこそ\n▼すぐ\nx\n＋ボタン 予約する", 4, "→ がありません"),
        ("■あいさつ\n▼新規\nx\n▼新規\ny", 4, "2回"),
    ],
)
def test_it_says_what_is_wrong(text: str, line: int, says: str) -> None:
    found = faults(text)
    assert [fault.line for fault in found] == [line]
    assert says in found[0].what


def test_it_asks_about_a_kind_it_does_not_know_only_when_a_block_follows() -> None:
    assert faults("■シナリヨ ようこそ\n▼すぐ\nx")[0].corrected == "■シナリオ ようこそ"
    assert faults("■シナリオようこそ\n▼すぐ\nx")[0].corrected == "■シナリオ ようこそ"
    known = ("■シナリオ", "■あいさつ", "■テンプレ", "■配信", "■アクション", "■フォーム", "■自動応答")
    assert faults("■ほげ\n＋ボタン あ → https://a.jp")[0].examples == known
    for text in (
        "■シナリヨ",
        "■お知らせ\n日時: 12/1\n▼場所\n本店",
        "【シナリオ】の打ち合わせ\n14時から",
        "#シナリオ 会議",
    ):
        assert isinstance(grammar.read(text), Conversation)


def test_it_joins_a_block_sent_in_two_messages() -> None:
    first = grammar.read("■シナリオ A\n▼すぐ\nx\n続く\n")
    second = grammar.read("■続き\n▼1日後\ny")
    assert isinstance(first, Unfinished)
    assert isinstance(second, Continued)
    scenario = pasted(f"{first.text}\n{second.text}")
    assert isinstance(scenario, Scenario)
    assert [step.pieces for step in scenario.steps] == [(Text("x"),), (Text("y"),)]


def test_it_reads_a_command_that_mentions_a_block_word_as_a_command() -> None:
    assert isinstance(grammar.read("シナリオ 書出 ようこそ"), Batch)
