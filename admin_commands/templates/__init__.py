"""テンプレ: messages kept under a name; pasted, looked at, printed, deleted."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.command import Argument, Block, Command
from admin_commands.templates import looks, results, writing
from admin_commands.templates.writing import define as define
from admin_commands.templates.writing import reserve as reserve
from admin_commands.wizards import messages as wizards

EXAMPLE = """■テンプレ 料金表
▼本文
カット 4,400円〜
カラー 6,600円〜
＋ボタン 予約する → https://example.com"""


TEMPLATE = Argument("テンプレ", takes="template")

BLOCK = Block("template", "送る時に名前で使えます", EXAMPLE, "operator", 1, most=2)

NOUN = command.Noun(
    "template",
    "名前を付けて取っておくメッセージです。",
    (
        Command(
            "template",
            "list",
            "テンプレの一覧",
            ("テンプレ 一覧",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "template",
            "find",
            "名前の一部で探す",
            ("テンプレ 検索 {template}",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語"),),
            options=("ページ",),
        ),
        Command(
            "template", "show", "内容と使用先", ("テンプレ 表示 {template}",), "viewer", 0, looks.show, (TEMPLATE,)
        ),
        Command(
            "template",
            "check",
            "届く形で見る（0通）",
            ("テンプレ 確認 {template}", "テンプレ 確認 {template} {friend}"),
            "viewer",
            0,
            looks.check,
            (TEMPLATE, Argument("友だち", optional=True, takes="friend")),
        ),
        Command(
            "template",
            "result",
            "▼質問に答えた人の数と、選んだ人",
            ("テンプレ 結果 {template}", "テンプレ 結果 {template} カット"),
            "viewer",
            0,
            results.show,
            (TEMPLATE, Argument("選択肢", optional=True)),
            options=(results.QUESTION, "ページ"),
        ),
        Command(
            "template",
            "test",
            "自分に届く形で見る（0通）",
            ("テンプレ 試す {template}",),
            "viewer",
            0,
            looks.check,
            (TEMPLATE,),
        ),
        Command(
            "template",
            "set",
            "本文だけを変える（本文は2行目から）",
            ("テンプレ 変更 {template} 本文", "テンプレ 変更 {template} 2つ目 本文"),
            "operator",
            1,
            writing.change,
            (TEMPLATE, Argument("何つ目か本文", optional=True), Argument("本文", optional=True)),
            most=2,
        ),
        Command(
            "template",
            "dump",
            "貼り付けられる形で書き出す",
            ("テンプレ 書出 {template}",),
            "viewer",
            0,
            looks.dump,
            (TEMPLATE,),
        ),
        Command(
            "template",
            "uses",
            "送っている所",
            ("テンプレ 使用先 {template}",),
            "viewer",
            0,
            looks.show_uses,
            (TEMPLATE,),
        ),
        Command(
            "template",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("テンプレ 改名 {template} → 料金案内",),
            "manager",
            1,
            partial(lifecycle.rename, kind="templates"),
            (TEMPLATE, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "template",
            "copy",
            "同じ内容の新しいテンプレを作る",
            ("テンプレ 複製 {template} → 料金案内",),
            "operator",
            1,
            writing.copy,
            (TEMPLATE, Argument("新しい名前", arrow=True, optional=True)),
        ),
        Command(
            "template",
            "revert",
            "ごみ箱から戻す。版を書くと、その版の内容に戻す",
            ("テンプレ 元に戻す {template}", "テンプレ 元に戻す {template} 版1"),
            "manager",
            1,
            writing.revert,
            (TEMPLATE, Argument("版", optional=True)),
            most=2,
        ),
        Command(
            "template",
            "versions",
            "これまでの版",
            ("テンプレ 版 {template}",),
            "viewer",
            0,
            writing.show_versions,
            (TEMPLATE,),
            options=("ページ",),
        ),
        Command(
            "template",
            "delete",
            "ごみ箱へ（30日）",
            ("テンプレ 削除 {template}",),
            "manager",
            2,
            writing.delete,
            (TEMPLATE,),
            most=3,
        ),
    ),
    bare="list",
    block=BLOCK,
    wizard=wizards.TEMPLATE,
    dumps=looks.dumps,
)
