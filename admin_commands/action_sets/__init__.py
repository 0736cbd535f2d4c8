"""アクション: actions kept under a name; pasted, tried on a friend without doing anything, run, deleted."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.action_sets import looks, running, trying, writing
from admin_commands.action_sets.writing import define as define
from admin_commands.action_sets.writing import reserve as reserve
from admin_commands.command import Argument, Block, Command
from admin_commands.wizards import messages as wizards

EXAMPLE = """■アクション VIP化
・タグ付ける VIP
・送る 「VIP会員になりました」"""

ACTION = Argument("アクション", takes="action")

BLOCK = Block("action", "ボタンやシナリオから名前で実行できます", EXAMPLE, "operator", 1, most=2)

NOUN = command.Noun(
    "action",
    "名前を付けて取っておく、いくつかの動作です（書ける動作は「ヘルプ 動作」）。",
    (
        Command(
            "action",
            "list",
            "アクションの一覧",
            ("アクション 一覧",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "action",
            "find",
            "名前の一部で探す",
            ("アクション 検索 {action}",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語"),),
            options=("ページ",),
        ),
        Command("action", "show", "内容と使用先", ("アクション 表示 {action}",), "viewer", 0, looks.show, (ACTION,)),
        Command(
            "action",
            "check",
            "1人に実行したら何が起きるかを見る（何もしません）",
            ("アクション 確認 {action} {friend}",),
            "viewer",
            0,
            trying.check,
            (ACTION, Argument("友だち", takes="friend")),
        ),
        Command(
            "action",
            "run",
            "1人か、条件に合う友だちに実行する",
            ("アクション 実行 {action} {friend}", "アクション 実行 {action} 対象: タグ:{tag}"),
            "operator",
            1,
            running.run,
            (ACTION, Argument("友だち", many=True, crowd=True, takes="friend")),
            most=3,
        ),
        Command(
            "action",
            "uses",
            "実行している所",
            ("アクション 使用先 {action}",),
            "viewer",
            0,
            looks.show_uses,
            (ACTION,),
        ),
        Command(
            "action",
            "dump",
            "貼り付けられる形で書き出す",
            ("アクション 書出 {action}",),
            "viewer",
            0,
            looks.dump,
            (ACTION,),
        ),
        Command(
            "action",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("アクション 改名 {action} → 会員化",),
            "manager",
            1,
            partial(lifecycle.rename, kind="action_sets"),
            (ACTION, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "action",
            "copy",
            "同じ内容の新しいアクションを作る",
            ("アクション 複製 {action} → 会員化",),
            "operator",
            1,
            writing.copy,
            (ACTION, Argument("新しい名前", arrow=True, optional=True)),
        ),
        Command(
            "action",
            "revert",
            "ごみ箱から戻す。版を書くと、その版の内容に戻す",
            ("アクション 元に戻す {action}", "アクション 元に戻す {action} 版1"),
            "manager",
            1,
            writing.revert,
            (ACTION, Argument("版", optional=True)),
            most=2,
        ),
        Command(
            "action",
            "versions",
            "これまでの版",
            ("アクション 版 {action}",),
            "viewer",
            0,
            writing.show_versions,
            (ACTION,),
            options=("ページ",),
        ),
        Command(
            "action",
            "delete",
            "ごみ箱へ（30日）",
            ("アクション 削除 {action}",),
            "manager",
            2,
            writing.delete,
            (ACTION,),
            most=3,
        ),
    ),
    bare="list",
    block=BLOCK,
    wizard=wizards.ACTION,
    dumps=looks.dumps,
)
