"""グループ: the LINE groups staff work in."""

from admin_commands import cards, command, desk, lists, objects
from admin_commands.command import Argument, Command
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from storage import names, staff


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    rooms = await staff.rooms()
    here = await _here(at)
    rows = [
        cards.Row(_line(room, here), f"グループ 表示 {words.show(words.Name(room.name))}")
        for room in rooms[lists.offset(page) :][: lists.ROWS]
    ]
    return await lists.say(
        at, "👥 グループ", rows, len(rooms), page, "グループ 一覧", empty="登録したグループはありません。"
    )


async def show(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    here = await _here(at)
    rooms = await staff.rooms()
    key = names.name_key(wanted)
    found = [room for room in rooms if names.name_key(room.name) == key] if wanted else []
    found = found or [room for room in rooms if room.id == here and (not wanted or wanted == "ここ")]
    if not found:
        raise desk.Unknown(f"グループ「{wanted}」は見つかりません。", 0.0, cards.Tap("グループ 一覧", "グループ 一覧"))
    room = found[0]
    everybody = await staff.all_members()
    told = [f"👥 {_line(room, here)}"]
    if room.members is not None:
        told.append(f"メンバー: {room.members}人（通知を1回送ると{room.members}通。返信は無料）")
    told.append(f"権限のあるスタッフ: {sum(one.state == 'active' for one in everybody)}人")
    return cards.Say("\n".join(told), (cards.Tap("スタッフ 一覧", "スタッフ 一覧"),))


async def _here(at: desk.Desk) -> int | None:
    room = await staff.room(at.heard.group) if at.heard.group else None
    return room.id if room else None


def _line(room: staff.Room, here: int | None) -> str:
    people = f" {room.members}人" if room.members is not None else ""
    return f"{room.name or '名前なし'}{'（このグループ）' if room.id == here else ''}{people}・管理"


NOUN = command.Noun(
    "group",
    "登録したグループです。",
    (
        Command("group", "list", "登録したグループ", ("グループ 一覧",), "viewer", 0, show_list, options=("ページ",)),
        Command(
            "group",
            "show",
            "1つのグループ（省くとここ）",
            ("グループ 表示",),
            "viewer",
            0,
            show,
            (Argument("名前", optional=True),),
        ),
    ),
    bare="list",
)
