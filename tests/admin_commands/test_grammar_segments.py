"""Conditions on friends: what is read, what is printed, what is wrong and how to mend it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from admin_commands.grammar import segments, words
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.segments.kinds.broadcasts import Received
from admin_commands.grammar.segments.kinds.coming import (
    Assigned,
    Attends,
    Booked,
    CameBy,
    Converted,
    Marked,
    Scores,
    ShowsMenu,
)
from admin_commands.grammar.segments.kinds.dates import Dated
from admin_commands.grammar.segments.kinds.fields import Compares, Contains, Exists, Field, Word
from admin_commands.grammar.segments.kinds.forms import Answer, Answered
from admin_commands.grammar.segments.kinds.links import Clicked
from admin_commands.grammar.segments.kinds.people import Blocked, Everyone, Hidden
from admin_commands.grammar.segments.kinds.saved import Saved
from admin_commands.grammar.segments.kinds.scenarios import InScenario
from admin_commands.grammar.segments.kinds.shares import Sampled, Split
from admin_commands.grammar.segments.kinds.tags import HasTag
from admin_commands.grammar.segments.moments import Before, Between, Day, In, Unclear, Within
from admin_commands.grammar.segments.tree import Every, Not, Some, Tree
from admin_commands.grammar.words import Id, Name, Object
from tests.admin_commands.anything.conditions import trees
from tests.examples import many

VIP, ASLEEP, A, B, C = (HasTag((Name(name),)) for name in ("VIP", "休眠", "A", "B", "C"))
SLEEPS, NEW = Dated("reacted", Before(30, "day")), Dated("followed", Within(7, "day"))
S, FORM, LINK = Name("S"), Name("アンケート"), Name("春クーポン")


def read(typed: str) -> tuple[Tree | None, list[Fault]]:
    lines = [words.line_of(raw, number) for number, raw in enumerate(typed.split("\n"), 1)]
    segment, faults = segments.read_lines([(line, 0, len(line.text)) for line in lines])
    return segment.tree, faults


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("タグ:VIP", VIP),
        ("タグ：ＶＩＰ", HasTag((Name("ＶＩＰ"),))),
        ("タグ:VIP でない", Not(VIP)),
        ("タグ:VIPでない", Not(VIP)),
        ("タグ:VIP なし", Not(VIP)),
        ("タグ:悩みなし", HasTag((Name("悩みなし"),))),
        ("タグ:VIP ではない かつ タグ:休眠 以外", Every((Not(VIP), Not(ASLEEP)))),
        ("タグ:VIP かつ タグ:休眠 でない", Every((VIP, Not(ASLEEP)))),
        ("タグ:VIPかつタグ:休眠でない", Every((VIP, Not(ASLEEP)))),
        ("タグ:「春の 客」", HasTag((Name("春の 客"),))),
        ("タグ:「A でない」 でない", Not(HasTag((Name("A でない"),)))),
        ("タグ:#T8", HasTag((Id("T", 8),))),
        ("タグ:VIP,常連", HasTag((Name("VIP"), Name("常連")))),
        ("タグ:VIP、 常連", HasTag((Name("VIP"), Name("常連")))),
        ("タグ:VIP+常連", HasTag((Name("VIP"), Name("常連")), every=True)),
        ("タグ:VIP,VIP", VIP),
        ("タグ:VIP(仮)", HasTag((Name("VIP(仮)"),))),
        ("not タグ:VIP and タグ:休眠", Every((Not(VIP), ASLEEP))),
        ("!タグ:VIP", Not(VIP)),
        ("not タグ:VIP でない", VIP),
        ("全員", Everyone()),
        ("タグ:A または タグ:B かつ タグ:C", Some((A, Every((B, C))))),
        ("タグ:A | タグ:B & タグ:C", Some((A, Every((B, C))))),
        ("(タグ:A または タグ:B) かつ タグ:C", Every((Some((A, B)), C))),
        ("（タグ：A または タグ：B）かつタグ:C", Every((Some((A, B)), C))),
        ("(タグ:A かつ (タグ:B かつ タグ:C))", Every((A, B, C))),
        ("(タグ:A または タグ:B) でない", Not(Some((A, B)))),
        ("not (tag:A or tag:B)", Not(Some((A, B)))),
        ("タグ:A\nタグ:B でない\n最終反応 30日以上前", Every((A, Not(B), Dated("reacted", Before(30, "day"))))),
        ("(タグ:A または\nタグ:B)\nタグ:C", Every((Some((A, B)), C))),
        ("タグ:A または\nタグ:B", Some((A, B))),
        ("かつ タグ:A", A),
        ("年齢>=30", Field(Name("年齢"), Compares(">=", "30"))),
        ("年齢≧３０", Field(Name("年齢"), Compares(">=", "30"))),
        ("年齢 ＞＝ 30", Field(Name("年齢"), Compares(">=", "30"))),
        ("年齢=>30", Field(Name("年齢"), Compares(">=", "30"))),
        ("年齢≦30", Field(Name("年齢"), Compares("<=", "30"))),
        ("年齢 30歳以上", Field(Name("年齢"), Compares(">=", "30"))),
        ("購入額>=1,000", Field(Name("購入額"), Compares(">=", "1000"))),
        ("性別=女性", Field(Name("性別"), Compares("=", "女性"))),
        ("性別!=「女 性」", Field(Name("性別"), Compares("!=", "女 性"))),
        ("電話=090-1234-5678", Field(Name("電話"), Compares("=", "090-1234-5678"))),
        ("来店日>=2026-11-01", Field(Name("来店日"), Compares(">=", "2026-11-01"))),
        ("住所 含む 岐阜", Field(Name("住所"), Contains("岐阜"))),
        ("「お 名前」 含む 「田 中」", Field(Name("お 名前"), Contains("田 中"))),
        ("誕生日 あり", Field(Name("誕生日"), Exists(True))),
        ("誕生日 なし でない", Not(Field(Name("誕生日"), Exists(False)))),
        ("誕生日 今月", Field(Name("誕生日"), In("month"))),
        ("誕生日 誕生月", Field(Name("誕生日"), In("birth_month"))),
        ("誕生日 5/3〜5/10", Field(Name("誕生日"), Between(Day(None, 5, 3), Day(None, 5, 10)))),
        ("来店日 > 30日前", Field(Name("来店日"), Unclear(">", 30, "day"))),
        ("最終反応 30日以上前", Dated("reacted", Before(30, "day"))),
        ("最終反応30日以上前", Dated("reacted", Before(30, "day"))),
        ("最終反応が三十日以上前", Dated("reacted", Before(30, "day"))),
        ("最終反応 ３ヶ月以内", Dated("reacted", Within(3, "month"))),
        ("最終反応 過去2週間", Dated("reacted", Within(2, "week"))),
        ("最終反応 > 30日前", Dated("reacted", Unclear(">", 30, "day"))),
        ("最終反応 30日前", Dated("reacted", Unclear(None, 30, "day"))),
        ("友だち追加 7日以内", Dated("followed", Within(7, "day"))),
        ("友だち追加 今日", Dated("followed", In("today"))),
        ("友だち追加 11/1〜11/30", Dated("followed", Between(Day(None, 11, 1), Day(None, 11, 30)))),
        ("友だち追加 11月1日から11月30日まで", Dated("followed", Between(Day(None, 11, 1), Day(None, 11, 30)))),
        ("友だち追加 2026-11-01〜", Dated("followed", Between(Day(2026, 11, 1), None))),
        ("友だち追加 >= 2026-11-01", Dated("followed", Between(Day(2026, 11, 1), None))),
        ("友だち追加 〜2026/11/30", Dated("followed", Between(None, Day(2026, 11, 30)))),
        ("最終配信 2か月以上前", Dated("delivered", Before(2, "month"))),
        ("シナリオ:S 配信中", InScenario(S, "active")),
        ("シナリオ:S 完了でない", Not(InScenario(S, "finished"))),
        ("シナリオ:S 停止", InScenario(S, "stopped")),
        ("シナリオ:S 未経験", InScenario(S, "never")),
        ("ステップ:S ３通目以降", InScenario(S, "from", 3)),
        ("シナリオ:S 3通目 受信 でない", Not(InScenario(S, "received", 3))),
        ("フォーム:アンケート 回答済", Answered(FORM)),
        ("フォーム:アンケート 未回答", Answered(FORM, given=False)),
        ("フォーム:アンケート 回答済 7日以内", Answered(FORM, when=Within(7, "day"))),
        ("フォーム:アンケート.満足度>=4", Answer(FORM, "満足度", "4", ">=")),
        ("フォーム:アンケート.性別=女性", Answer(FORM, "性別", "女性")),
        ("フォーム:「アンケート」.「ご 要望」=「な し」", Answer(FORM, "ご 要望", "な し")),
        ("リンク:春クーポン クリック", Clicked(LINK)),
        ("リンク:春クーポン クリック 3回以上 7日以内", Clicked(LINK, 3, Within(7, "day"))),
        ("リンク:春クーポン 未クリック", Clicked(LINK, 0)),
        ("配信:#B12 未クリック", Received(Id("B", 12), "not_clicked")),
        ("予約:カット 今後あり でない", Not(Booked(Name("カット"), "upcoming"))),
        ("予約:カット 来店 2回以上", Booked(Name("カット"), "visited", 2)),
        ("予約:カット キャンセルあり", Booked(Name("カット"), "cancelled")),
        ("予約:カット なし", Booked(Name("カット"), "none")),
        ("イベント:説明会 キャンセル待ち", Attends(Name("説明会"), "waiting")),
        ("スコア>=50", Scores(None, ">=", 50)),
        ("スコア 50点以上", Scores(None, ">=", 50)),
        ("スコア:購入意欲<-5", Scores(Name("購入意欲"), "<", -5)),
        ("流入:Instagram", CameBy(Name("Instagram"))),
        ("計測:来店 3回以上", Converted(Name("来店"), 3)),
        ("計測:来店 なし", Converted(Name("来店"), 0)),
        ("マーク:要対応", Marked(Name("要対応"))),
        ("担当:山田", Assigned(Name("山田"))),
        ("担当なし", Assigned(None)),
        ("担当:なし", Assigned(None)),
        ("メニュー:会員", ShowsMenu(Name("会員"))),
        ("ブロック", Blocked()),
        ("ブロック中 でない", Not(Blocked())),
        ("非表示", Hidden()),
        ("ランダム 10%", Sampled(10)),
        ("分割 1/2", Split(1, 2)),
        ("＠休眠VIP かつ 岐阜 でない", Every((Saved(Name("休眠VIP")), Not(Word("岐阜"))))),
        ("tag:VIP and not tag:休眠 and last_reply older 30d", Every((VIP, Not(ASLEEP), SLEEPS))),
        ("followed within 7d and form:A unanswered", Every((NEW, Answered(Name("A"), given=False)))),
        ("link:L clicked>=3", Clicked(Name("L"), 3)),
        ("scenario:S active", InScenario(S, "active")),
        ("unassigned and random 10% and not blocked", Every((Assigned(None), Sampled(10), Not(Blocked())))),
    ],
)
def test_it_reads_a_condition_and_prints_it_the_same(typed: str, tree: Tree) -> None:
    assert read(typed) == (tree, [])
    printed = segments.show(segments.Segment(typed, tree))
    assert read(printed) == (tree, []), printed


@pytest.mark.parametrize(
    ("typed", "what", "corrected"),
    [
        ("", "条件がありません", None),
        ("not", "後に条件がありません", None),
        ("タグ:", "名前がありません", None),
        ("タグ:「A", "閉じていません", None),
        ("タグ:A タグ:B", "「かつ」か「または」を入れてください", "タグ:A かつ タグ:B"),
        ("タグ:A かつ", "後に条件がありません", None),
        ("タグ:A または かつ タグ:B", "前に条件がありません", None),
        ("(タグ:A", "「)」がありません", "(タグ:A)"),
        ("タグ:A)", "合う「(」がありません", None),
        ("タグ:A, タグ:B", "「かつ」か「または」", None),
        ("タグ:A+B,C", "一緒に使えません", None),
        ("たぐぅ:A", "という条件はありません", "タグ:A"),
        ("色:赤", "という条件はありません", "色=赤"),
        ("シナリオ:S", "「配信中」「完了」「停止」「未経験」のどれか", None),
        ("シナリオ:S 配進中", "「配信中」「完了」「停止」「未経験」のどれか", "シナリオ:S 配信中"),
        ("フォーム:A 解答済", "「回答済」「未回答」のどれか", "フォーム:A 回答済"),
        ("最終反応 いつか", "いつのことか読めません", None),
        ("最終反応 0日以内", "いつのことか読めません", None),
        ("最終反応 99999日以内", "長すぎます", None),
        ("友だち追加 2月30日", "の日付はありません", None),
        ("友だち追加 > 11/1", "のように書いてください", None),
        ("ランダム 200%", "1%〜100%", None),
        ("分割 3/2", "分け方がありません", None),
        ("年齢>=", "比べる値を書いてください", None),
        ("スコア>=たくさん", "点数が読めません", None),
        ("タグ:A または タグ:B\nタグ:C", "かっこで囲んでください", None),
        ("タグ:A かつ , かつ タグ:B", "タグの名前の間だけ", None),
        ("(" * 5000, "深すぎます", None),
        ("タグ:A かつ " * 60 + "タグ:A", "多すぎます", None),
    ],
)
def test_it_says_what_is_wrong_and_what_would_do(typed: str, what: str, corrected: str | None) -> None:
    tree, faults = read(typed)
    assert tree is None
    assert len(faults) == 1
    assert what in faults[0].what
    assert faults[0].corrected == corrected


def test_it_tells_all_faults_of_a_condition_at_once() -> None:
    tree, faults = read("色:赤 かつ シナリオ:S\nランダム 0%")
    assert tree is None
    assert [(fault.line, fault.text) for fault in faults] == [(1, "色:赤"), (1, "シナリオ:S"), (2, "ランダム 0%")]


def test_it_names_both_readings_of_what_is_unclear() -> None:
    tree, _ = read("最終反応 > 30日前")
    assert tree is not None
    both = (Dated("reacted", Before(30, "day")), Dated("reacted", Within(30, "day")))
    assert segments.readings(tree) == both
    assert segments.readings(both[0]) is None


@pytest.mark.parametrize(
    "line", ["タグ:VIP", "最終反応 30日以上前", "年齢>=30", "ブロック", "(タグ:A", "ランダム 10%", "かつ タグ:A"]
)
def test_it_knows_a_line_that_goes_on_with_a_condition(line: str) -> None:
    assert segments.begins(words.line_of(line))


@pytest.mark.parametrize(
    "line", ["タグ 作成 VIP", "友だち追加ありがとう", "予約 今日", "田中", "シナリオ 一覧", "ブロックされた"]
)
def test_it_takes_a_command_or_a_remark_for_no_condition(line: str) -> None:
    assert not segments.begins(words.line_of(line))


OBJECTS: st.SearchStrategy[Object] = st.one_of(
    st.text(st.sampled_from(list("あかつVIP1一でない以外,+.()「」:=@! ")), min_size=1, max_size=6)
    .filter(lambda name: bool(name.strip()) and any(closer not in name for closer in '」』”"'))
    .map(Name),
    st.builds(Id, st.sampled_from("TSGB"), st.integers(1, 999)),
)


@given(trees(OBJECTS))
@settings(
    max_examples=many(200), suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
def test_it_reads_back_every_condition_it_prints(tree: Tree) -> None:
    printed = segments.show(segments.Segment("", tree))
    assert read(printed) == (tree, []), printed


SCRAPS = st.sampled_from(
    [
        *(
            "タグ:",
            "VIP",
            " ",
            "かつ",
            "または",
            "でない",
            "(",
            ")",
            "!",
            "not ",
            "最終反応",
            "30日",
            "以上前",
            ">",
            "=",
        ),
        *(
            "「",
            "」",
            "シナリオ:",
            "配信中",
            "@",
            ",",
            "+",
            "\n",
            "&",
            "|",
            "スコア",
            "50",
            "%",
            "ランダム",
            "分割",
            "1/2",
        ),
        *(
            "年齢",
            "誕生日",
            "今月",
            "\u200b",
            "か\u3099",
            "≧",
            "〜",
            "11/1",
            "フォーム:",
            ".",
            "リンク:",
            "クリック",
            "回以上",
        ),
        *("担当", "なし", ":", "'", '"', "３０"),
    ]
)


@given(st.lists(SCRAPS, max_size=25).map("".join))
@settings(max_examples=many(200), suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_it_never_raises_and_reads_back_whatever_it_has_read(typed: str) -> None:
    tree, faults = read(typed)
    assert (tree is None) == bool(faults)
    if tree is not None:
        printed = segments.show(segments.Segment("", tree))
        assert read(printed) == (tree, []), printed
