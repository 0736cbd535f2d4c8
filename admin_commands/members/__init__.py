"""スタッフ: who may do what; asked for, given, changed, taken away."""

from admin_commands import command
from admin_commands.command import Argument, Command
from admin_commands.members import rights, views, wishes

PERSON, ROLE = Argument("@お名前", takes="staff"), Argument("役割", optional=True)

NOUN = command.Noun(
    "staff",
    "このボットを使う方と役割です。",
    (
        Command(
            "staff", "list", "スタッフと役割", ("スタッフ 一覧",), "viewer", 0, views.show_list, options=("ページ",)
        ),
        Command(
            "staff", "show", "1人の役割と最後の操作", ("スタッフ 表示 {staff}",), "viewer", 0, views.show, (PERSON,)
        ),
        Command(
            "staff",
            "new",
            "権限を付ける（@で選ぶ）",
            ("スタッフ 追加 @{staff} オペレーター", "スタッフ 追加 @{staff} オペレーター 範囲=タグ:{tag}"),
            "owner",
            2,
            rights.add,
            (Argument("@お名前", many=True), ROLE),
            options=("範囲",),
        ),
        Command(
            "staff",
            "set",
            "役割、見える友だちの範囲、当番（急ぎのお知らせが届く時間）を変える（オーナーにするときは、ご本人も承諾する）",
            (
                "スタッフ 変更 {staff} 管理者",
                "スタッフ 変更 {staff} オペレーター 範囲=タグ:{tag}",
                "スタッフ 変更 {staff} 当番=「平日 9:00-18:00」",
            ),
            "owner",
            2,
            rights.change,
            (PERSON, ROLE),
            options=("範囲", "当番"),
            most=3,
        ),
        Command("staff", "stop", "権限をすぐ止める", ("スタッフ 停止 {staff}",), "owner", 1, rights.stop, (PERSON,)),
        Command(
            "staff", "resume", "止めた権限を戻す", ("スタッフ 再開 {staff}",), "manager", 2, rights.resume, (PERSON,)
        ),
        Command(
            "staff", "delete", "スタッフから外す", ("スタッフ 削除 {staff}",), "owner", 2, rights.delete, (PERSON,)
        ),
        Command(
            "staff",
            "request",
            "権限を申請する（どなたでも）",
            ("スタッフ 申請",),
            "viewer",
            0,
            wishes.request,
            (ROLE,),
        ),
        Command(
            "staff",
            "approve",
            "申請を承認する（カードのボタンでもできます）",
            ("スタッフ 承認 {staff}",),
            "owner",
            2,
            wishes.approve,
            (Argument("@お名前", optional=True),),
            invites=True,
        ),
        Command(
            "staff",
            "reject",
            "申請を却下する（カードのボタンでもできます）",
            ("スタッフ 却下 {staff}",),
            "owner",
            1,
            wishes.reject,
            (PERSON,),
        ),
    ),
    bare="list",
)
