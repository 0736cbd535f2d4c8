"""リンク: addresses that are measured; making them, what a click does, who has opened them."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.command import Argument, Command
from admin_commands.links import looks, making

LINK = Argument("リンク", takes="link")

NOUN = command.Noun(
    "link",
    "クリックを数えるアドレスです。友だちごとのアドレスで届き、だれが開いたかが分かります。"
    "ボタンのアドレスは、名前がなくても数えます（「設定 リンク計測」、行の終わりに「計測なし」）。",
    (
        Command(
            "link",
            "list",
            "リンクの一覧と、クリックの数",
            ("リンク 一覧", "リンク 一覧 クーポン"),
            "viewer",
            0,
            looks.show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "link",
            "find",
            "名前の一部で探す",
            ("リンク 検索 クーポン",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語"),),
            options=("ページ",),
        ),
        Command(
            "link",
            "new",
            "リンクを作る（＋ボタン 見る → リンク:名前、文の中は {リンク:名前} で使えます）",
            (
                "リンク 作成 {link} https://example.com/coupon",
                "リンク 作成 {link} https://example.com/coupon クリック時=タグ付ける 関心",
            ),
            "manager",
            1,
            making.make,
            (Argument("名前"), Argument("アドレス", optional=True, rest=True)),
            options=(making.ON_CLICK,),
            most=2,
        ),
        Command(
            "link",
            "show",
            "1つのリンクの行き先と率、クリックした人",
            ("リンク 表示 {link}",),
            "viewer",
            0,
            looks.show,
            (LINK,),
            options=("ページ",),
        ),
        Command(
            "link",
            "result",
            "日ごとのクリック（何もなければ7日間）",
            ("リンク 結果 {link}", "リンク 結果 {link} 30日"),
            "viewer",
            0,
            looks.result,
            (LINK, Argument("日数", optional=True)),
        ),
        Command(
            "link", "uses", "リンクを使っている所", ("リンク 使用先 {link}",), "viewer", 0, looks.show_uses, (LINK,)
        ),
        Command(
            "link",
            "set",
            "行き先とクリックした時の動作を変える（動作は2行目から、1行に1つ）",
            (
                "リンク 変更 {link} https://example.com/new",
                "リンク 変更 {link} クリック時=タグ付ける 関心",
                "リンク 変更 {link} クリック時",
                "リンク 変更 {link} クリック時=なし",
            ),
            "manager",
            1,
            making.change,
            (LINK, Argument("新しいアドレスかクリック時", optional=True, rest=True)),
            options=(making.ON_CLICK,),
            most=2,
        ),
        Command(
            "link",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("リンク 改名 {link} → 冬クーポン",),
            "manager",
            1,
            making.rename,
            (LINK, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "link", "delete", "ごみ箱へ（30日）", ("リンク 削除 {link}",), "manager", 2, making.delete, (LINK,), most=3
        ),
        Command(
            "link",
            "revert",
            "ごみ箱から戻す",
            ("リンク 元に戻す {link}",),
            "manager",
            1,
            partial(lifecycle.revert, kind="links"),
            (LINK,),
        ),
    ),
    bare="list",
    dumps=looks.dumps,
)
