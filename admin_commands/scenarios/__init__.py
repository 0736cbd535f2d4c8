"""シナリオ: pasted as ■ blocks, looked at, published, stopped; friends put on and taken off."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.command import Argument, Block, Command
from admin_commands.scenarios import again, checking, deeds, edits, results, single, trial, views, walks
from admin_commands.scenarios.drafts import define as define
from admin_commands.scenarios.drafts import reserve as reserve
from admin_commands.wizards import messages

EXAMPLE = """■シナリオ ようこそ
開始: 友だち追加
▼すぐ
{名前}さん、友だち追加ありがとうございます😊
▼1日後 12:00
人気のメニューをご紹介します。
＋ボタン くわしく → https://example.com"""


SCENARIO = Argument("シナリオ", takes="scenario")
CROWD = Argument("友だち", many=True, crowd=True, takes="friend")
PAGES = ("ページ",)

BLOCK = Block("scenario", "下書きができます。公開するまで何も届きません", EXAMPLE, "operator", 1, most=2)

NOUN = command.Noun(
    "scenario",
    "決めた時に順番に届くメッセージです。"
    "「▼1日後 10:00 もし 来店回数>=3」「▼1日後 10:00 そうでなければ」のように分けられます。",
    (
        Command(
            "scenario",
            "list",
            "一覧と配信中の人数",
            ("シナリオ 一覧",),
            "viewer",
            0,
            views.show_list,
            (Argument("語", optional=True),),
            options=PAGES,
        ),
        Command(
            "scenario",
            "find",
            "名前の一部で探す",
            ("シナリオ 検索 {scenario}",),
            "viewer",
            0,
            views.show_list,
            (Argument("語"),),
            options=PAGES,
        ),
        Command("scenario", "show", "内容と状態", ("シナリオ 表示 {scenario}",), "viewer", 0, views.show, (SCENARIO,)),
        Command(
            "scenario",
            "check",
            "もし今始めたら、いつ何が届くか（日時を書くと、その時に始めたら）",
            (
                "シナリオ 確認 {scenario}",
                "シナリオ 確認 {scenario} {friend}",
                "シナリオ 確認 {scenario} 12/24 18:00開始なら",
            ),
            "viewer",
            0,
            checking.check,
            (
                SCENARIO,
                Argument("友だち", optional=True, takes="friend"),
                Argument("いつ開始", optional=True, rest=True),
            ),
        ),
        Command(
            "scenario",
            "test",
            "1通ずつ届く形で試す（0通。アクションはテスト友だちで）",
            ("シナリオ 試す {scenario}", "シナリオ 試す {scenario} 2通目", "シナリオ 試す {scenario} アクションも"),
            "operator",
            1,
            trial.test,
            (SCENARIO, Argument("何通目", optional=True), Argument("アクションも", optional=True)),
        ),
        Command(
            "scenario",
            "publish",
            "下書きを公開する",
            ("シナリオ 公開 {scenario}",),
            "manager",
            2,
            deeds.publish,
            (SCENARIO,),
        ),
        Command(
            "scenario",
            "stop",
            "全体を止める（途中の人は待ちます）",
            ("シナリオ 停止 {scenario}",),
            "manager",
            1,
            deeds.stop,
            (SCENARIO,),
        ),
        Command(
            "scenario",
            "resume",
            "止めたものを続ける。友だちを書くと、その方を止まった所から",
            ("シナリオ 再開 {scenario}", "シナリオ 再開 {scenario} {friend}"),
            "manager",
            2,
            deeds.resume,
            (SCENARIO, Argument("友だち", optional=True, takes="friend")),
        ),
        Command(
            "scenario",
            "attach",
            "友だちを入れる",
            (
                "シナリオ 付ける {scenario} {friend}",
                "シナリオ 付ける {scenario} {friend} 2通目から",
                "シナリオ 付ける {scenario} 対象: タグ:{tag}",
            ),
            "operator",
            1,
            walks.attach,
            (SCENARIO, CROWD, Argument("何通目から", optional=True)),
            most=3,
        ),
        Command(
            "scenario",
            "detach",
            "友だちを外す",
            ("シナリオ 外す {scenario} {friend}",),
            "operator",
            1,
            walks.detach,
            (SCENARIO, CROWD),
            most=2,
        ),
        Command(
            "scenario",
            "skip",
            "友だち1人の次の1通を飛ばす（その先は予定どおり）",
            ("シナリオ スキップ {scenario} {friend}",),
            "operator",
            1,
            single.skip,
            (SCENARIO, Argument("友だち", takes="friend")),
        ),
        Command(
            "scenario",
            "dump",
            "貼り付けられる形で書き出す",
            ("シナリオ 書出 {scenario}", "シナリオ 書出 {scenario} 版1"),
            "viewer",
            0,
            views.dump,
            (SCENARIO, Argument("版", optional=True)),
        ),
        Command(
            "scenario",
            "versions",
            "これまでの版",
            ("シナリオ 版 {scenario}",),
            "viewer",
            0,
            views.show_versions,
            (SCENARIO,),
            options=PAGES,
        ),
        Command(
            "scenario",
            "set",
            "1つだけ変える（公開中なら、だれに反映するかを選ぶ）",
            (
                "シナリオ 変更 {scenario} 2通目 時刻 13:00",
                "シナリオ 変更 {scenario} 2通目 本文",
                "シナリオ 変更 {scenario} 配信可能 9:00〜20:00",
                "シナリオ 変更 {scenario} 上限 100人",
                "シナリオ 変更 {scenario} 再開始 する",
                "シナリオ 変更 {scenario} 名前 はじめての方へ",
            ),
            "operator",
            1,
            edits.change,
            (SCENARIO, Argument("何通目・配信可能など"), Argument("時刻・本文など", optional=True, rest=True)),
            most=3,
        ),
        Command(
            "scenario",
            "new",
            "1通を足す（本文は2行目から）。名前なしなら、質問に答えて新しく作る",
            ("シナリオ 追加 {scenario} 3通目の後 5日後 12:00",),
            "operator",
            1,
            edits.add,
            # a lone 追加 under a quote is talk: the scenario is named, or これ
            (Argument("シナリオ"), Argument("何通目の後", optional=True), Argument("時刻", optional=True, rest=True)),
            most=3,
        ),
        Command(
            "scenario",
            "result",
            "始めた人・各通に届いた人・終わった人の数",
            ("シナリオ 結果 {scenario}",),
            "viewer",
            0,
            results.show,
            (SCENARIO, Argument("何通目から", optional=True)),
        ),
        Command(
            "scenario",
            "uses",
            "始めたり止めたりしている所",
            ("シナリオ 使用先 {scenario}",),
            "viewer",
            0,
            views.show_uses,
            (SCENARIO,),
        ),
        Command(
            "scenario",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("シナリオ 改名 {scenario} → はじめての方へ",),
            "manager",
            1,
            partial(lifecycle.rename, kind="scenarios"),
            (SCENARIO, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "scenario",
            "copy",
            "同じ内容の下書きを作る",
            ("シナリオ 複製 {scenario} → はじめての方へ",),
            "operator",
            1,
            again.copy,
            (SCENARIO, Argument("新しい名前", arrow=True, optional=True)),
        ),
        Command(
            "scenario",
            "revert",
            "ごみ箱から戻す。版を書くと、その版の内容を下書きにする",
            ("シナリオ 元に戻す {scenario}", "シナリオ 元に戻す {scenario} 版1"),
            "manager",
            1,
            again.revert,
            (SCENARIO, Argument("版", optional=True)),
        ),
        Command(
            "scenario",
            "delete",
            "ごみ箱へ（30日）。何通目かを書くと、その1通を外す",
            ("シナリオ 削除 {scenario}", "シナリオ 削除 {scenario} 3通目"),
            "manager",
            2,
            deeds.delete,
            (SCENARIO, Argument("何通目", optional=True)),
            most=3,
        ),
    ),
    bare="list",
    block=BLOCK,
    wizard=messages.SCENARIO,
    dumps=views.dumps,
)
