"""タグ: making, listing, putting on and taking off, limits, renaming, merging, deleting."""

from functools import partial

from admin_commands import command, lifecycle
from admin_commands.command import Argument, Command
from admin_commands.tags import deeds, looks, merging, rules, wearing
from admin_commands.tags.deeds import quoted as quoted
from admin_commands.wizards import tags

TAG = Argument("タグ", takes="tag")
TAGS = Argument("タグ", many=True, takes="tag")
CROWD = Argument("友だち", many=True, crowd=True, takes="friend")

NOUN = command.Noun(
    "tag",
    "友だちに付ける目印です。",
    (
        Command(
            "tag",
            "list",
            "タグの一覧と人数",
            ("タグ 一覧", "タグ 一覧 {tag}", "タグ 一覧 興味/"),
            "viewer",
            0,
            looks.show_list,
            (Argument("語かフォルダ/", optional=True),),
            options=("ページ",),
        ),
        Command(
            "tag",
            "find",
            "名前の一部で探す",
            ("タグ 検索 {tag}",),
            "viewer",
            0,
            looks.show_list,
            (Argument("語"),),
            options=("ページ",),
        ),
        Command(
            "tag",
            "new",
            "タグを作る",
            ("タグ 作成 {tag}", "タグ 作成 {tag}, 休眠, 興味/カラー"),
            "operator",
            1,
            deeds.make,
            (Argument("名前", many=True),),
        ),
        Command(
            "tag",
            "attach",
            "友だちにタグを付ける",
            ("タグ 付ける {tag} {friend}", "タグ 付ける {tag} 対象: タグ:常連 かつ タグ:休眠 でない"),
            "operator",
            1,
            wearing.attach,
            (TAGS, CROWD),
            most=3,
        ),
        Command(
            "tag",
            "detach",
            "友だちからタグを外す",
            ("タグ 外す {tag} {friend}",),
            "operator",
            1,
            wearing.detach,
            (TAGS, CROWD),
            most=2,
        ),
        Command("tag", "show", "1つのタグの人数と使用先", ("タグ 表示 {tag}",), "viewer", 0, looks.show, (TAG,)),
        Command("tag", "uses", "タグを使っている所", ("タグ 使用先 {tag}",), "viewer", 0, looks.show_uses, (TAG,)),
        Command(
            "tag",
            "set",
            "付けられる人数（先着順）と、付いた時・外れた時・超過時の動作を決める（動作は2行目から、1行に1つ）",
            (
                "タグ 変更 {tag} 上限=50",
                "タグ 変更 {tag} 付いた時",
                "タグ 変更 {tag} 超過時=送る 「満員になりました」",
                "タグ 変更 {tag} 2回目以降=する",
            ),
            "manager",
            1,
            rules.change,
            (TAG, Argument("付いた時・外れた時・超過時", optional=True)),
            options=(rules.LIMIT, *rules.MOMENTS.values(), rules.AGAIN),
            most=2,
        ),
        Command(
            "tag",
            "rename",
            "名前を変える（使っている所も付いてきます）",
            ("タグ 改名 {tag} → プレミアム",),
            "manager",
            1,
            partial(lifecycle.rename, kind="tags"),
            (TAG, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "tag",
            "merge",
            "2つのタグを1つにする（友だちも使っている所も移ります）",
            ("タグ 統合 {tag} → プレミアム",),
            "manager",
            2,
            merging.merge,
            (TAG, Argument("統合先のタグ", arrow=True, optional=True)),
        ),
        Command(
            "tag",
            "copy",
            "同じ友だちに付いた新しいタグを作る",
            ("タグ 複製 {tag} → プレミアム",),
            "operator",
            1,
            merging.copy,
            (TAG, Argument("新しい名前", arrow=True, optional=True)),
            most=2,
        ),
        Command("tag", "delete", "ごみ箱へ（30日）", ("タグ 削除 {tag}",), "manager", 2, deeds.delete, (TAG,), most=3),
        Command("tag", "revert", "ごみ箱から戻す", ("タグ 元に戻す {tag}",), "manager", 1, deeds.revert, (TAG,)),
    ),
    bare="list",
    wizard=tags.WIZARD,
    dumps=looks.dumps,
)
