"""自動応答: rules for what customers say; pasted as ■ blocks, tried, published, made of what no rule knew."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.auto_replies import deeds, edits, looks, strange, trial
from admin_commands.auto_replies.looks import REPLIES
from admin_commands.auto_replies.writing import WAY as WAY
from admin_commands.command import Argument, Block, Command
from admin_commands.wizards import messages

EXAMPLE = """■自動応答 営業時間
語: 営業時間, 何時まで, あいてますか
優先: 10
▼返信
火〜金 10時〜19時、土日 9時〜18時です。月曜定休。
＋ボタン 地図 → https://example.com/map"""

RULE = Argument("自動応答", takes="autoreply")
PAGES = ("ページ",)

BLOCK = Block("autoreply", "下書きができます。公開するまで答えません", EXAMPLE, "operator", 1, most=2)

NOUN = command.Noun(
    "autoreply",
    "お客様の言葉に、すぐに自動で返信します（通数に入りません）。",
    (
        Command(
            "autoreply",
            "list",
            "働く順の一覧と、答えた回数",
            ("自動応答 一覧",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語", optional=True),),
            options=PAGES,
        ),
        Command(
            "autoreply",
            "find",
            "名前の一部で探す",
            ("自動応答 検索 {autoreply}",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語"),),
            options=PAGES,
        ),
        Command("autoreply", "show", "内容と状態", ("自動応答 表示 {autoreply}",), "viewer", 0, looks.show, (RULE,)),
        Command(
            "autoreply",
            "test",
            "お客様の言葉に、どれがなぜ答えるかを見る（0通。後ろの「友だち=名前」で、その方の対象と回数も）",
            ("自動応答 試す 今日は何時まで？", "自動応答 試す 何時まで？ 友だち={friend}"),
            "viewer",
            0,
            trial.test,
            (Argument("お客様の言葉", optional=True, rest=True),),
        ),
        Command(
            "autoreply",
            "unmatched",
            "どれにも当たらなかった言葉。番号でルールにできる",
            ("自動応答 漏れ",),
            "operator",
            0,
            strange.show,
            options=PAGES,
            whole=True,
        ),
        Command(
            "autoreply",
            "new",
            "1つの言葉への返信を作る（返信は2行目から）。名前なしなら、質問に答えて作る",
            ("自動応答 作成 駐車場 本文",),
            "operator",
            1,
            edits.make,
            (Argument("言葉"), Argument("本文", optional=True), Argument("返信の文", optional=True)),
            most=2,
        ),
        Command(
            "autoreply",
            "publish",
            "下書きを公開する",
            ("自動応答 公開 {autoreply}",),
            "manager",
            2,
            deeds.publish,
            (RULE,),
        ),
        Command(
            "autoreply",
            "stop",
            "答えないように止める",
            ("自動応答 停止 {autoreply}",),
            "manager",
            1,
            deeds.stop,
            (RULE,),
        ),
        Command(
            "autoreply",
            "resume",
            "止めたものをまた働かせる",
            ("自動応答 再開 {autoreply}",),
            "manager",
            2,
            deeds.resume,
            (RULE,),
        ),
        Command(
            "autoreply",
            "set",
            "1つだけ変える（語・一致・種類・時間・曜日・期間・対象・優先・回数・続けて・本文・名前）",
            (
                "自動応答 変更 {autoreply} 語 追加 何時迄",
                "自動応答 変更 {autoreply} 時間 10:00〜19:00",
                "自動応答 変更 {autoreply} 優先 20",
                "自動応答 変更 {autoreply} 回数 3時間に1回",
                "自動応答 変更 {autoreply} 本文",
            ),
            "operator",
            1,
            edits.change,
            (RULE, Argument("何を"), Argument("値", optional=True, rest=True)),
            most=2,
        ),
        Command(
            "autoreply",
            "dump",
            "貼り付けられる形で書き出す",
            ("自動応答 書出 {autoreply}", "自動応答 書出 {autoreply} 版1"),
            "viewer",
            0,
            REPLIES.dump,
            (RULE, Argument("版", optional=True)),
        ),
        Command(
            "autoreply",
            "versions",
            "これまでの版",
            ("自動応答 版 {autoreply}",),
            "viewer",
            0,
            looks.show_versions,
            (RULE,),
            options=PAGES,
        ),
        Command(
            "autoreply",
            "result",
            "答えた回数と人数",
            ("自動応答 結果 {autoreply}",),
            "viewer",
            0,
            looks.show_result,
            (RULE,),
            whole=True,
        ),
        Command(
            "autoreply",
            "uses",
            "使っている所と、使っているもの",
            ("自動応答 使用先 {autoreply}",),
            "viewer",
            0,
            looks.show_uses,
            (RULE,),
        ),
        Command(
            "autoreply",
            "rename",
            "名前を変える",
            ("自動応答 改名 {autoreply} → 定休日",),
            "manager",
            1,
            partial(lifecycle.rename, kind="auto_replies"),
            (RULE, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "autoreply",
            "copy",
            "同じ内容の下書きを作る",
            ("自動応答 複製 {autoreply} → 定休日",),
            "operator",
            1,
            WAY.copy,
            (RULE, Argument("新しい名前", arrow=True, optional=True)),
        ),
        Command(
            "autoreply",
            "revert",
            "ごみ箱から戻す。版を書くと、その版の内容に戻す",
            ("自動応答 元に戻す {autoreply}", "自動応答 元に戻す {autoreply} 版1"),
            "manager",
            1,
            WAY.revert,
            (RULE, Argument("版", optional=True)),
            most=2,
        ),
        Command(
            "autoreply",
            "delete",
            "ごみ箱へ（30日）",
            ("自動応答 削除 {autoreply}",),
            "manager",
            2,
            deeds.delete,
            (RULE,),
        ),
    ),
    bare="list",
    block=BLOCK,
    wizard=messages.AUTO_REPLY,
    dumps=REPLIES.dumps,
)
