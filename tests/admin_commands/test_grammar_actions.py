"""Action lists: every act with its condition, time and 一度だけ; what is wrong with one; what contradicts itself."""

from dataclasses import replace
from datetime import time

import pytest

from admin_commands.grammar import actions, words
from admin_commands.grammar.actions import Action, Changed, OwnDate, Spread, To
from admin_commands.grammar.schedules import After, At, Day
from admin_commands.grammar.segments import Segment
from admin_commands.grammar.words import Name, Person
from jobs.timing import Timing

X = Action("send", ("x",))

# (as written, what it is, as printed)
WRITTEN: list[tuple[str, Action, str]] = [
    ("項目 来店回数 +1", Action("field", (Name("来店回数"), Changed("+", "1"))), "項目 来店回数 +1"),
    ("項目 来店回数－１", Action("field", (Name("来店回数"), Changed("-", "1"))), "項目 来店回数 -1"),
    ("項目 誕生日=5/3", Action("field", (Name("誕生日"), Changed("=", "5/3"))), "項目 誕生日=5/3"),
    ("項目 メモ = 「①犬 → 猫」", Action("field", (Name("メモ"), Changed("=", "①犬 → 猫"))), "項目 メモ=「①犬 → 猫」"),
    ("項目 「E-mail」=a@b.jp", Action("field", (Name("E-mail"), Changed("=", "a@b.jp"))), "項目 「E-mail」=a@b.jp"),
    ("項目を消す 誕生日", Action("field_clear", (Name("誕生日"),)), "項目消す 誕生日"),
    ("シナリオ 切替 次", Action("scenario_switch", (Name("次"),)), "シナリオ切替 次"),
    ("メニュー 会員", Action("menu", (Name("会員"),)), "メニュー 会員"),
    ("メニュー 解除", Action("menu", (None,)), "メニュー 解除"),
    ("メニュー 「解除」", Action("menu", (Name("解除"),)), "メニュー 「解除」"),
    (
        "リマインド 説明会 {説明会日時}",
        Action("remind", (Name("説明会"), OwnDate("説明会日時"))),
        "リマインド 説明会 {説明会日時}",
    ),
    (
        "リマインド 説明会 12月24日 午後6時",
        Action("remind", (Name("説明会"), At(Day(12, 24), time(18)))),
        "リマインド 説明会 12/24 18:00",
    ),
    (
        "リマインド 説明会 3日後 12:00",
        Action("remind", (Name("説明会"), After(3, "day", time(12)))),
        "リマインド 説明会 3日後 12:00",
    ),
    ("リマインド解除 説明会", Action("remind_off", (Name("説明会"),)), "リマインド解除 説明会"),
    ("マーク 要対応", Action("mark", (Name("要対応"),)), "マーク 要対応"),
    ("非表示", Action("hide"), "非表示"),
    ("表示", Action("unhide"), "表示"),
    ("担当 @山田", Action("assign", (Name("@山田"),)), "担当 @山田"),
    ("担当 自動", Action("assign", ("auto",)), "担当 自動"),
    ("担当 なし", Action("assign", ("nobody",)), "担当 なし"),
    (
        "通知 @山田「{名前}さん」",
        Action("notify", (To("staff", Name("@山田")), "{名前}さん")),
        "通知 @山田 「{名前}さん」",
    ),
    ("通知 担当 「x」", Action("notify", (To("assigned"), "x")), "通知 担当 「x」"),
    ("通知 当番 「x」", Action("notify", (To("on_duty"), "x")), "通知 当番 「x」"),
    ("通知 全員「x」", Action("notify", (To("everybody"), "x")), "通知 全員 「x」"),
    ("通知 グループ「x」", Action("notify", (To("group"), "x")), "通知 グループ 「x」"),
    ("通知 グループ 岐阜店 「x」", Action("notify", (To("group", Name("岐阜店")), "x")), "通知 グループ 岐阜店 「x」"),
    ("予約キャンセル", Action("booking_cancel", (None,)), "予約キャンセル"),
    ("予約 キャンセル カット", Action("booking_cancel", (Name("カット"),)), "予約キャンセル カット"),
    ("予約案内 カット", Action("booking_offer", (Name("カット"),)), "予約案内 カット"),
    ("イベント申込 会", Action("event_join", (Name("会"),)), "イベント申込 会"),
    ("イベント取消 会", Action("event_leave", (Name("会"),)), "イベント取消 会"),
    ("空き待ち カット", Action("wait", (Name("カット"),)), "空き待ち カット"),
    ("スコア +5", Action("score", (None, Changed("+", "5"))), "スコア +5"),
    ("スコア+5 15分後", Action("score", (None, Changed("+", "5")), timing=Timing("elapsed", 15)), "スコア +5 15分後"),
    ("スコア＋十点", Action("score", (None, Changed("+", "10"))), "スコア +10"),
    ("スコア:購入意欲 −10", Action("score", (Name("購入意欲"), Changed("-", "10"))), "スコア:購入意欲 -10"),
    ("スコア:「購入 意欲」=0", Action("score", (Name("購入 意欲"), Changed("=", "0"))), "スコア:「購入 意欲」 =0"),
    ("計測 購入", Action("convert", (Name("購入"), None)), "計測 購入"),
    ("計測 購入 4,400円", Action("convert", (Name("購入"), "4400")), "計測 購入 4400"),
    ("計測 購入 1万", Action("convert", (Name("購入"), "10000")), "計測 購入 10000"),
    ("計測 来店 {料金}", Action("convert", (Name("来店"), "{料金}")), "計測 来店 {料金}"),
    ("アクション VIP化", Action("run", (Name("VIP化"),)), "アクション VIP化"),
    ("アクション:VIP化", Action("run", (Name("VIP化"),)), "アクション VIP化"),
    ("テンプレ:料金表", Action("send_template", (Name("料金表"),)), "送る テンプレ:料金表"),
    ("送る 「x」 すぐ", X, "送る 「x」"),
    ("送る 「x」 15分後", replace(X, timing=Timing("elapsed", 15)), "送る 「x」 15分後"),
    ("送る 「x」 十五〜二十分後", replace(X, timing=Spread(15, 20)), "送る 「x」 15〜20分後"),
    ("送る 「x」 次の18時46分", replace(X, timing=Timing("clock", at=time(18, 46))), "送る 「x」 次の 18:46"),
    (
        "送る 「x」 3日後 12:00 一度だけ",
        replace(X, timing=Timing("day", 3, "day", at=time(12)), once=True),
        "送る 「x」 3日後 12:00 一度だけ",
    ),
    ("send 'x' after 2h", replace(X, timing=Timing("elapsed", 2, "hour")), "送る 「x」 2時間後"),
    ("タグ付ける VIP 一度だけ", Action("tag_on", ((Name("VIP"),),), once=True), "タグ付ける VIP 一度だけ"),
    ("タグ付ける 「一度だけ」", Action("tag_on", ((Name("一度だけ"),),)), "タグ付ける 「一度だけ」"),
]


def read(text: str) -> tuple[Action, ...]:
    found, faults = actions.read(words.line_of(text))
    assert faults == []
    return found


@pytest.mark.parametrize(("text", "action", "printed"), WRITTEN)
def test_it_reads_and_prints_every_act(text: str, action: Action, printed: str) -> None:
    assert read(text) == (action,)
    assert actions.show([action]) == printed
    assert read(printed) == (action,)


def test_it_prints_all_acts_of_one_list() -> None:
    whole = " → ".join(text for text, _, _ in WRITTEN)
    assert actions.show(read(whole)) == " → ".join(printed for _, _, printed in WRITTEN)


@pytest.mark.parametrize("text", ["もし タグ:VIP なら 送る 「x」 一度だけ", "もしタグ:VIPなら 送る「x」 1回だけ"])
def test_it_reads_a_condition_in_front(text: str) -> None:
    (only,) = read(text)
    assert isinstance(only.when, Segment)
    assert (replace(only, when=None), only.once) == (replace(X, once=True), True)
    assert actions.show([only]) == "もし タグ:VIP なら 送る 「x」 一度だけ"


def test_it_knows_a_mentioned_colleague() -> None:
    line = words.line_of("通知 @山田 太郎「x」", 1, [Person("U7", "@山田 太郎", 3, 9)])
    ((only,), faults) = actions.read(line)
    assert faults == []
    to = only.given[0]
    assert isinstance(to, To)
    assert isinstance(to.who, Person)
    assert to.who.user_id == "U7"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("もし タグ:VIP 送る 「x」", "「なら」がありません"),
        ("もし なら 送る 「x」", "もし 条件 なら 動作"),
        ("もし タグ:VIP なら", "もし 条件 なら 動作"),
        ("通知 「x」", "宛先が読めません"),
        ("通知 担当", "「本文」"),
        ("項目 来店回数", "書き方が読めません"),
        ("項目 来店回数 +あ", "数字"),
        ("スコア", "スコアの書き方"),
        ("計測", "計測の名前"),
        ("計測 購入 たくさん", "金額が読めません"),
        ("送る 「x」 20〜15分後", "短い方を先に"),
        ("送る 「x」 999999日後", "長すぎます"),
        ("リマインド 説明会", "名前と日時"),
        ("リマインド 説明会 12/24", "時刻がありません"),
        ("リマインド 説明会 毎週水曜 10:00", "1回分"),
        ("非表示 田中", "何も書きません"),
        ("マーク", "マークの名前"),
        ("空き待ち A B", "1つ"),
    ],
)
def test_it_says_what_is_wrong_with_an_act(text: str, says: str) -> None:
    found, faults = actions.read(words.line_of(text))
    assert found == ()
    assert [says in fault.what for fault in faults] == [True]


@pytest.mark.parametrize(
    ("lists", "told"),
    [
        (["タグ付ける VIP, A", "タグ外す vip"], ["1行目と2行目: タグ「vip」を付けて、外しています"]),
        (["タグ外す A → タグ付ける A"], ["1行目: タグ「A」を付けて、外しています"]),
        (["シナリオ開始 A", "シナリオ切替 B"], ["1行目と2行目: シナリオ「A」と「B」を同時に始めています"]),
        (["シナリオ開始 A → シナリオ開始 A"], []),
        (["メニュー 会員 → メニュー 解除"], ["1行目: メニューを2回変えています（後のほうになります）"]),
        (["もし タグ:A なら タグ付ける B → もし タグ:A でない なら タグ外す B"], []),
        (["もし タグ:A なら タグ付ける B → もし タグ:A なら タグ外す B"], ["1行目: タグ「B」を付けて、外しています"]),
        (["タグ付ける A → 送る 「x」 → メニュー 会員"], []),
    ],
)
def test_it_finds_what_contradicts_itself(lists: list[str], told: list[str]) -> None:
    placed = [(read(text), number) for number, text in enumerate(lists, 1)]
    assert actions.conflicts(placed) == told
