"""Every example of conditions, actions, schedules and blocks: read, printed, read again."""

from pathlib import Path

import pytest

from admin_commands import grammar
from admin_commands.grammar import actions, definitions, normalise, schedules, segments, words
from admin_commands.grammar.readings import Batch, Paste

ACTIONS = [
    "タグ付ける VIP,購入者",
    "タグ外す 見込み",
    "項目 来店回数 +1",
    "シナリオ停止 ようこそ",
    "シナリオ開始 購入後フォロー",
    "メニュー 会員",
    "送る テンプレ:お礼 15分後",
    "マーク 要対応",
    "タグ付ける スタイル閲覧 → スコア+5",
    "タグ付ける 回答済 → 送る テンプレ:クーポン → シナリオ停止 ようこそ → 通知 グループ「{氏名}さんが回答しました」",
    "マーク 要対応 → 通知 グループ「{名前}さんが相談」",
    "タグ付ける 予約あり → 通知 担当「{名前}さん {予約日時} {コース}」",
    "項目 来店回数 +1 → 計測 来店 {料金}",
    "タグ外す 予約あり",
    "シナリオ開始 ようこそ → メニュー 通常",
    "送る テンプレ:満員",
    "アクション:VIP化",
    "タグ付ける 見込み高 → 通知 @山田「{名前} 50点」",
    "シナリオ開始 個別提案",
    "タグ付ける 来店 → シナリオ開始 来店後",
    "タグ付ける 関心 → スコア +5",
    "送る 「VIP会員になりました🎉」",
    "通知 担当 「{名前}さんがVIPに」",
    "送る 「本文」 すぐ",
    "送る 「本文」 15〜20分後",
    "送る 「本文」 次の 18:46",
    "アクション A → アクション B → アクション A",
]
ENGLISH_ACTIONS = [
    (
        "+tag VIP -> start S -> menu 会員 -> score +5",
        "タグ付ける VIP → シナリオ開始 S → メニュー 会員 → スコア +5",
    ),
    ("send template:T after 15m", "送る テンプレ:T 15分後"),
    ('notify @山田 "…"', "通知 @山田 「…」"),
]
SCHEDULES = [
    "毎週水曜 10:00",
    "毎週 月・水・金 19時半",
    "毎週月水金 10:00",
    "隔週火曜 9:00",
    "第1木曜 9:00",
    "毎月第2・4火曜 10:00",
    "最終金曜 17:00",
    "月末 18:00",
    "毎月25日 10:00 祝日は前営業日",
    "毎月31日 10:00",
    "毎年 4/1 9:00",
    "平日 8:00",
    "2026-12-24 18:00",
    "12月24日 午後6時",
    "明日 10時",
    "今夜 19時半",
    "30分後",
    "3日後 12:00",
    "12/1 18:00",
    "12/2 10:00",
]
ENGLISH_SCHEDULES = [
    ("weekly wed 10:00", "毎週水曜 10:00"),
    ("monthly 1st thu 9:00", "第1木曜 9:00"),
    ("monthly last 18:00", "月末 18:00"),
]
CONDITIONS = [
    "タグ:VIP かつ タグ:休眠 でない かつ 最終反応 30日以上前",
    "(タグ:カラー または タグ:パーマ) かつ 年齢>=30 かつ 性別=女性",
    "タグ:VIP,常連 かつ 流入:Instagram",
    "友だち追加 7日以内 かつ フォーム:来店アンケート 未回答",
    "リンク:春クーポン クリック 3回以上 かつ 予約:カット 今後あり でない",
    "誕生日 今月",
    "スコア>=50 かつ 担当なし",
    "＠休眠VIP かつ 岐阜 でない",
    "タグ:VIP かつ 最終反応 60日以内",
    "タグ:既存客 でない",
    "リンク:スタイル一覧 クリック",
    "配信:#B12 未クリック",
    "最終反応 7日以内",
    "リンク:L クリック 3回以上",
    "シナリオ:S 配信中",
    "担当なし",
    "tag:VIP and not tag:休眠 and last_reply older 30d",
    "followed within 7d and form:A unanswered",
    "link:L clicked>=3",
    "scenario:S active",
    "unassigned",
]
BLOCKS = Path(__file__).with_name("example_blocks.txt").read_text().rstrip("\n").split("\n\n")
ENGLISH_BLOCK = (
    "#scenario S\nstart: follow\ntarget: tag:VIP\n>> +1d 12:00\nhello\n+button go -> https://a.jp",
    "■シナリオ S\n開始: 友だち追加\n対象: タグ:VIP\n▼1日後 12:00\nhello\n＋ボタン go → https://a.jp",
)


def read_actions(text: str) -> tuple[actions.Action, ...]:
    found, faults = actions.read(words.line_of(text))
    assert faults == []
    return found


@pytest.mark.parametrize("text", ACTIONS)
def test_it_reads_every_example_of_actions(text: str) -> None:
    found = read_actions(text)
    assert read_actions(actions.show(found)) == found


@pytest.mark.parametrize(("english", "japanese"), ENGLISH_ACTIONS)
def test_it_reads_actions_in_english(english: str, japanese: str) -> None:
    assert actions.show(read_actions(english)) == japanese


@pytest.mark.parametrize("text", SCHEDULES)
def test_it_reads_every_example_of_schedules(text: str) -> None:
    found = schedules.whole(normalise.lookup(text).text)
    assert isinstance(found, schedules.Schedule)
    assert schedules.whole(schedules.show(found)) == found


@pytest.mark.parametrize(("english", "japanese"), ENGLISH_SCHEDULES)
def test_it_reads_schedules_in_english(english: str, japanese: str) -> None:
    found = schedules.whole(english)
    assert isinstance(found, schedules.Schedule)
    assert schedules.show(found) == japanese


def test_it_reads_every_example_of_conditions_that_the_language_has() -> None:
    for text in CONDITIONS:
        found, faults = segments.read(words.line_of(text))
        assert faults == [], text
        again, faults = segments.read(words.line_of(segments.show(found)))
        assert (again, faults) == (found, []), text


def test_it_holds_every_example_block() -> None:
    kinds = [block.split(" ")[0] for block in BLOCKS]
    assert kinds == [
        *("■シナリオ", "■フォーム", "■メニュー", "■予約", "■テンプレ", "■あいさつ"),
        *("■配信", "■自動応答", "■リマインド", "■イベント", "■スコア", "■アクション"),
    ]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_it_reads_every_example_block(block: str) -> None:
    reading = grammar.read(block)
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    (definition,) = reading.definitions
    printed = grammar.print_block(definition)
    assert grammar.read(printed) == Paste((definition,)), printed
    assert grammar.print_block(definition) == printed


def test_it_reads_a_block_in_english() -> None:
    reading = grammar.read(ENGLISH_BLOCK[0])
    assert isinstance(reading, Paste)
    assert (len(reading.definitions), reading.faults) == (1, ())
    assert grammar.print_block(reading.definitions[0]) == ENGLISH_BLOCK[1]


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("/scenario check ようこそ 田中", "シナリオ 確認 ようこそ 田中"),
        ("/bc stop #B12", "配信 停止 #B12"),
        ("/tag attach VIP 田中", "タグ 付ける VIP 田中"),
    ],
)
def test_it_reads_commands_in_english(english: str, japanese: str) -> None:
    reading = grammar.read(english)
    assert isinstance(reading, Batch)
    assert [grammar.canonical(command) for command in reading.commands] == [japanese]


# ---- blocks of the kinds still to come ----


def outline(text: str) -> definitions.Outline:
    reading = grammar.read(text)
    assert isinstance(reading, Paste)
    assert reading.faults == ()
    (found,) = reading.definitions
    assert isinstance(found, definitions.Outline)
    return found


def test_it_gives_a_form_its_questions_and_lists() -> None:
    reading = grammar.read(BLOCKS[1])
    assert isinstance(reading, Paste)
    [form] = reading.definitions
    assert isinstance(form, definitions.Form)
    name, menu = form.parts[:2]
    assert isinstance(name, definitions.FormQuestion)
    assert isinstance(menu, definitions.FormQuestion)
    assert (name.label, name.kind, name.required, name.to) == ("お名前", "text", True, words.Name("氏名"))
    assert menu.options == (
        definitions.FormOption("カット", (actions.Action("tag_on", ((words.Name("希望カット"),),)),)),
        definitions.FormOption("カラー", (actions.Action("tag_on", ((words.Name("希望カラー"),),)),)),
        definitions.FormOption("その他", other=True),
    )
    assert len(form.actions) == 4


def test_it_takes_a_hook_for_the_whole_block_wherever_it_stands() -> None:
    inside = outline(
        "■予約 カット\n＋予約時 タグ付ける A\n▼リマインド 前日 18:00\n明日です\n＋終了後 1日後 12:00 タグ外す A\n続き"
    )
    assert [hook.when for hook in inside.hooks] == ["予約時", "終了後"]
    assert inside.hooks[1].timing is not None
    assert inside.sections[0].pieces == (definitions.Text("明日です\n続き"),)


def test_it_gives_a_menu_its_areas_and_a_score_its_thresholds() -> None:
    menu, score = outline(BLOCKS[2]), outline(BLOCKS[10])
    areas = {one.key: one.value for one in menu.settings}
    booking = definitions.Goto("booking", words.Name("カット"))
    assert areas["A"] == definitions.Bullet("📅 予約する", booking)
    assert areas["画像"] == "自動"
    assert [one.key for one in score.settings] == ["しきい値 50", "しきい値 80"]
    assert score.settings[1].value == (actions.Action("scenario_start", (words.Name("個別提案"), 1)),)
    assert score.pieces[0] == definitions.Bullet("リンク:春クーポン クリック +5 (1日1回)")


def test_it_reads_who_gets_a_broadcast_and_when() -> None:
    reading = grammar.read("■配信 年末\n日時: 12/1 18:00\n対象: タグ:VIP\nタグ:A でない\n対象の判定: 確認時\n▼本文\nx")
    assert isinstance(reading, Paste)
    [sent] = reading.definitions
    assert isinstance(sent, definitions.Broadcast)
    assert sent.at is not None
    assert schedules.show(sent.at) == "12/1 18:00"
    assert sent.target is not None
    assert segments.show(sent.target) == "タグ:VIP かつ タグ:A でない"
    assert sent.frozen
    again = grammar.read(grammar.print_block(sent))
    assert isinstance(again, Paste)
    assert list(again.definitions) == [sent]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("対象: 全員\n日時: 12/1\n▼本文\nx", "に時刻がありません"),
        ("対象: 全員\n対象の判定: いつか\n▼本文\nx", "の値が分かりません"),
        ("▼本文\nx", "「対象:」の行がありません"),
        ("対象: 全員", "▼ の行がありません"),
        ("対象: 全員\n▼質問\nどれ\n・A", "■テンプレに書き"),
    ],
)
def test_it_tells_what_a_broadcast_lacks(lines: str, told: str) -> None:
    reading = grammar.read(f"■配信 年末\n{lines}")
    assert isinstance(reading, Paste)
    assert any(told in fault.what for fault in reading.faults), reading.faults


def test_it_keeps_signs_of_the_customers_text_in_any_kind() -> None:
    text = "■リマインド 会\n▼前日 18:00\n＋＋1名様\n▼▼本日\n■■お知らせ\n////コメント\n・持ち物\n// 消える\n①㈱½Ⅲ ｶﾞ"
    found = outline(text)
    body = "＋1名様\n▼本日\n■お知らせ\n//コメント\n・持ち物\n①㈱½Ⅲ ｶﾞ"
    assert found.sections[0].pieces == (definitions.Text(body),)
    assert outline(grammar.print_block(found)) == found


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("■フォーム\n▼お名前 [短文]", 1, "名前がありません"),
        ("■フォーム A\n説名: x\n▼お名前 [短文]", 2, "分かりません"),
        ("■フォーム A\n会場: x\n▼お名前 [短文]", 2, "■フォームでは使いません"),
        ("■フォーム A\n説明:\n▼お名前 [短文]", 2, "内容が書かれていません"),
        ("■フォーム A\n▼\n・x", 2, "種類がありません"),
        ("■フォーム A\n▼問 [短文]\n＋回答後 ほげ", 3, "分かりません"),
        ("■アクション A\n・ほげ VIP", 2, "分かりません"),
        ("■メニュー A\nA: 予約 → ほげ", 2, "分かりません"),
    ],
)
def test_it_says_what_is_wrong_with_a_block_of_any_kind(text: str, line: int, says: str) -> None:
    reading = grammar.read(text)
    assert isinstance(reading, Paste)
    assert [fault.line for fault in reading.faults] == [line]
    assert says in reading.faults[0].what
