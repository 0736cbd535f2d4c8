"""項目: what a shop notes about its friends; making fields, noting values, counting them."""

from admin_commands import command
from admin_commands.command import Argument, Command
from admin_commands.fields import looks, making, noting

FIELD = Argument("項目", takes="field")

NOUN = command.Noun(
    "field",
    "友だちごとに書いておくことです（誕生日・髪質・来店回数など）。",
    (
        Command(
            "field",
            "note",
            "友だちの項目を書く、数える、空にする",
            (
                "項目 {friend} 誕生日=5/3",
                "項目 {friend} 来店回数 +1",
                "項目 {friend} 髪質=くせ毛 メモ=前髪は短め",
                "項目 {friend} 誕生日=空",
                "項目 来店回数 +1 対象: タグ:{tag}",
            ),
            "operator",
            1,
            noting.note,
            (Argument("友だち", takes="friend", crowd=True), Argument("項目=値", optional=True, rest=True)),
            most=3,
        ),
        Command(
            "field",
            "new",
            "項目を作る",
            ("項目 作成 誕生日 日付", "項目 作成 髪質 選択=直毛,くせ毛,不明", "項目 作成 来店回数 数値"),
            "manager",
            1,
            making.make,
            (Argument("名前", many=True), Argument("種類", optional=True)),
            options=("種類", "選択", "選択肢", "表示", "毎年"),
        ),
        Command(
            "field",
            "list",
            "項目の一覧",
            ("項目 一覧", "項目 一覧 誕生"),
            "viewer",
            0,
            looks.show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "field",
            "find",
            "名前の一部で探す",
            ("項目 検索 誕生",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語"),),
            options=("ページ",),
        ),
        Command("field", "show", "1つの項目の種類と使用先", ("項目 表示 {field}",), "viewer", 0, looks.show, (FIELD,)),
        Command(
            "field",
            "result",
            "値ごとの人数、数の合計と平均",
            ("項目 集計 {field}",),
            "viewer",
            0,
            looks.tally,
            (FIELD,),
        ),
        Command(
            "field", "uses", "項目を使っている所", ("項目 使用先 {field}",), "viewer", 0, looks.show_uses, (FIELD,)
        ),
        Command(
            "field",
            "set",
            "伏字・選択肢・毎年めぐる日か・変わった時の動作を変える",
            (
                "項目 変更 {field} 表示=伏字",
                "項目 変更 髪質 選択肢=直毛,くせ毛,不明",
                "項目 変更 来店回数 変わった時=もし 来店回数>=10 なら タグ付ける 常連",
            ),
            "manager",
            1,
            making.change,
            (FIELD,),
            options=("表示", "選択肢", "選択", "毎年", "変わった時"),
            most=2,
        ),
        Command(
            "field",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("項目 改名 {field} → お誕生日",),
            "manager",
            1,
            making.rename,
            (FIELD, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "field", "delete", "ごみ箱へ（30日）", ("項目 削除 {field}",), "manager", 2, making.delete, (FIELD,), most=3
        ),
        Command("field", "revert", "ごみ箱から戻す", ("項目 元に戻す {field}",), "manager", 1, making.revert, (FIELD,)),
    ),
    bare="list",
    dumps=looks.dumps,
)
