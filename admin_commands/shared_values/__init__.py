"""共通情報: what messages say alike to everybody, changed in one place, now or from a set time on."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.command import Argument, Command
from admin_commands.shared_values import deeds, looks

VALUE = Argument("共通情報", takes="shared_value")

NOUN = command.Noun(
    "shared_value",
    "どの文にも使える共通の言葉です（営業時間・電話番号・キャンペーンの期限など）。",
    (
        Command(
            "shared_value",
            "list",
            "共通情報の一覧と今の内容",
            ("共通情報 一覧", "共通情報 一覧 営業"),
            "viewer",
            0,
            looks.show_list,
            (Argument("語", optional=True),),
            options=("ページ",),
        ),
        Command(
            "shared_value",
            "show",
            "1つの内容・これからの変更・使用先",
            ("共通情報 表示 {shared_value}",),
            "viewer",
            0,
            looks.show,
            (VALUE,),
        ),
        Command(
            "shared_value",
            "new",
            "共通情報を作る（文字・数値・日付）",
            ("共通情報 作成 営業時間 10時〜19時", "共通情報 作成 残席 数値 5", "共通情報 作成 開店日 日付 2026-12-01"),
            "manager",
            1,
            deeds.make,
            (Argument("名前"), Argument("内容", rest=True, optional=True)),
        ),
        Command(
            "shared_value",
            "set",
            "内容を変える。日時を書くと、その時から変わる",
            (
                "共通情報 変更 {shared_value} 11時〜18時",
                "共通情報 変更 {shared_value} 12/1 0:00から 休業中",
                "共通情報 変更 残席 -1",
            ),
            "manager",
            1,
            deeds.change,
            (VALUE, Argument("内容", rest=True, optional=True)),
        ),
        Command(
            "shared_value",
            "cancel",
            "これからの変更を取りやめる",
            ("共通情報 予定取消 {shared_value} 1",),
            "manager",
            1,
            deeds.cancel,
            (VALUE, Argument("番号", optional=True)),
        ),
        Command(
            "shared_value",
            "uses",
            "使っている所",
            ("共通情報 使用先 {shared_value}",),
            "viewer",
            0,
            looks.show_uses,
            (VALUE,),
        ),
        Command(
            "shared_value",
            "rename",
            "名前を変える（使っている文も付いてきます）",
            ("共通情報 改名 {shared_value} → 受付時間",),
            "manager",
            1,
            deeds.rename,
            (VALUE, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "shared_value",
            "delete",
            "ごみ箱へ（30日）",
            ("共通情報 削除 {shared_value}",),
            "manager",
            2,
            deeds.delete,
            (VALUE,),
            most=3,
        ),
        Command(
            "shared_value",
            "revert",
            "ごみ箱から戻す",
            ("共通情報 元に戻す {shared_value}",),
            "manager",
            1,
            partial(lifecycle.revert, kind="shared_values"),
            (VALUE,),
        ),
    ),
    bare="list",
    dumps=looks.dumps,
)
