"""あいさつ: what a new friend and a returning one are told; pasted, confirmed, tried for nothing."""

from admin_commands import command
from admin_commands.command import Argument, Block, Command
from admin_commands.greetings import looks, writing
from admin_commands.greetings.looks import EXAMPLE
from admin_commands.greetings.writing import define as define
from admin_commands.wizards import messages as wizards

BLOCK = Block("greeting", "確認ボタンのあと、これからの方に届きます", EXAMPLE, "manager", 2)

NOUN = command.Noun(
    "greeting",
    "友だちになった方、戻ってきた方へのあいさつです。",
    (
        Command("greeting", "show", "今のあいさつ", ("あいさつ 表示",), "viewer", 0, looks.show),
        Command("greeting", "test", "新しい友だちに届く形で見る（0通）", ("あいさつ 試す",), "viewer", 0, looks.test),
        Command("greeting", "dump", "貼り付けられる形で書き出す", ("あいさつ 書出",), "viewer", 0, looks.dump),
        Command(
            "greeting",
            "stop",
            "届かないように止める",
            ("あいさつ 停止",),
            "manager",
            1,
            writing.stop,
        ),
        Command(
            "greeting",
            "publish",
            "止めたものをまた届くようにする",
            ("あいさつ 公開",),
            "manager",
            2,
            writing.publish,
        ),
        Command(
            "greeting",
            "versions",
            "これまでの版",
            ("あいさつ 版",),
            "viewer",
            0,
            writing.show_versions,
            options=("ページ",),
        ),
        Command(
            "greeting",
            "revert",
            "版の内容に戻す",
            ("あいさつ 元に戻す 版1",),
            "manager",
            2,
            writing.revert,
            (Argument("版"),),
        ),
    ),
    bare="show",
    block=BLOCK,
    wizard=wizards.GREETING,
    dumps=looks.dumps,
)
