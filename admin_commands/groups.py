"""グループ: the LINE groups staff work in, and the most that may be done in each."""

from admin_commands import cards, command, desk, lists, objects, requests, scopes
from admin_commands.command import Argument, Command
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.members import roles
from storage import changes, names, staff

HERE = ("ここ", "このグループ")
LONGEST = 30  # characters of a name
LIST = cards.Tap("グループ 一覧", "グループ 一覧")


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    rooms = await staff.rooms()
    shown = rooms[lists.offset(page) :][: lists.ROWS]
    ranges = await scopes.briefs([room.scope for room in shown])
    rows = [
        cards.Row(f"{_line(at, room)}{of}", f"グループ 表示 {_quoted(room)}")
        for room, of in zip(shown, ranges, strict=True)
    ]
    taps = [cards.Tap("追加のしかた", "ヘルプ グループ")] if at.may("owner") else []
    empty = "登録したグループはありません。"
    return await lists.say(at, "👥 グループ", rows, len(rooms), page, "グループ 一覧", empty=empty, taps=taps)


async def show(at: desk.Desk, said: Said) -> cards.Say:
    room = await _named(at, said)
    everybody = await staff.all_members()
    told = [f"できること: {limit(room.role)}", f"見える友だち: {await scopes.told(at, room.scope)}"]
    if room.members is not None:
        told.append(f"メンバー: {room.members}人（通知を1回送ると{room.members}通。返信は無料）")
    told.append(f"権限のあるスタッフ: {sum(one.state == 'active' for one in everybody)}人")
    buttons = (cards.Tap("スタッフ 一覧", "スタッフ 一覧"), LIST)
    return cards.Say("", card=cards.panel(f"👥 {_line(at, room)}", told, buttons=buttons))


async def add(at: desk.Desk, said: Said) -> cards.Say:
    """A code by which one more group is registered, for its role only; it is told once."""
    name = _new_name(said, 0)
    await _free(name)
    role = roles.read(said.option("役割") or desk.ROLES["operator"])
    scope = await scopes.read(at, said)
    scopes.fits(role, scope)
    at.confirm(
        f"グループ「{name}」の登録コードを出します",
        [f"できること: {limit(role)}", f"見える友だち: {await scopes.told(at, scope)}"],
        holds={"name": name, "role": role, "scope": scope},
        label="コードを出す",
        warnings=["前に出したコードがあれば、使えなくなります。"],
    )
    code = await staff.new_code(role, at.now, group_name=name, scope=scope, issued_by=at.actor.staff_id)
    until = at.clock(at.now + staff.CODE_LIFE)
    told = f"グループ「{name}」（{desk.ROLES[role]}まで{await scopes.brief(scope)}）の登録コードを出した"
    at.record("group.code", {"name": name, "role": role, "scope": scope}, told)
    return cards.Say(
        f"🔑 グループ「{name}」の登録コード: {code[:4]}-{code[4:]}\n"
        "そのグループにこのアカウントを招待して、そこで次のように送ってください。\n"
        f"登録 {code[:4]}-{code[4:]}\n"
        f"1回だけ、{until}まで使えます。コードはもう表示しません。"
    )


async def change(at: desk.Desk, said: Said) -> cards.Say:
    room = await _named(at, said)
    name = _tidy(said.option("名前")) if said.option("名前") else room.name
    role = roles.read(said.option("役割") or desk.ROLES[room.role])
    scope = await scopes.read(at, said, room.scope)
    if (name, role, scope) == (room.name, room.role, room.scope):
        if not said.options:
            raise desk.Declined(
                "変えるものを書いてください（名前・役割・範囲）。",
                cards.Tap("例", f"グループ 変更 {_quoted(room)} 役割=オペレーター"),
            )
        return cards.Say(f"グループ「{room.name}」はそのままです。変更はありません。")
    await _free(name, but=room.id)
    scopes.fits(role, scope)
    if desk.RANK[role] < desk.RANK["owner"]:
        await _keep_a_group(room, "変更")
    lines = [f"名前: {room.name} → {name}"] if name != room.name else []
    lines += [f"できること: {limit(room.role)} → {limit(role)}"] if role != room.role else []
    if scope != room.scope:
        lines.append(f"見える友だち: {await scopes.told(at, room.scope)} → {await scopes.told(at, scope)}")
    at.confirm(
        f"グループ「{room.name}」を変えます",
        lines,
        holds={"group": room.id, "version": room.version, "name": name, "role": role, "scope": scope},
        label="変更する",
    )
    return await _arranged(at, room, name, role, scope, f"グループ「{room.name}」を変えた", "、".join(lines))


async def rename(at: desk.Desk, said: Said) -> cards.Say:
    room = await _named(at, said)
    name = _new_name(said, 1)
    if name == room.name:
        return cards.Say(f"グループ「{name}」のままです。変更はありません。")
    await _free(name, but=room.id)
    return await _arranged(at, room, name, room.role, room.scope, f"グループ「{room.name}」を「{name}」に改名した")


async def _arranged(
    at: desk.Desk, room: staff.Room, name: str, role: staff.Role, scope: scopes.Scope, did: str, details: str = ""
) -> cards.Say:
    version = await staff.arrange(room.id, name, role, scope)
    before = {"label": room.name, "role": room.role, "scope": room.scope}
    what = f"（{details}）" if details else ""
    at.record("group.set", {"group": room.id}, did + what, [changes.put_back("groups", room.id, version, before)])
    return cards.Say(f"✅ {did.removesuffix('た')}ました{what}。", (cards.Tap("取消", "取消"), LIST))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    room = await _named(at, said)
    await _keep_a_group(room, "削除")
    at.confirm(
        f"🗑 グループ「{room.name}」の登録を消し、ボットは退出します",
        ["スタッフの権限はそのままです。もう一度使うには、新しい登録コードで招待し直してください。"],
        holds={"group": room.id, "version": room.version},
        warnings=["取り消せません。"],
        typed=room.name,
    )
    await staff.give_up(room.id, at.now)
    at.record("group.delete", {"group": room.id}, f"グループ「{room.name}」の登録を消した")
    return cards.Say(f"🗑 グループ「{room.name}」の登録を消しました。ボットはまもなく退出します。", (LIST,))


async def _named(at: desk.Desk, said: Said) -> staff.Room:
    """The claimed group of this name; this one when none is named."""
    wanted = objects.text_of(said, 0)
    rooms = await staff.rooms()
    if not wanted or wanted in HERE:
        found = [room for room in rooms if at.room is not None and room.id == at.room.id]
    elif isinstance(number := said.objects(0)[0], words.Id):
        found = [room for room in rooms if number.letter == "J" and room.id == number.number]
    else:
        key = names.name_key(wanted)
        found = [room for room in rooms if names.name_key(room.name) == key]
    if not found and not wanted:
        raise desk.Declined("グループの名前を書いてください。", LIST)
    if not found:
        raise desk.Unknown(f"グループ「{wanted}」は見つかりません。", 0.0, LIST)
    if len(found) > 1:
        raise desk.Declined(
            f"「{wanted}」という名前のグループがいくつかあります。"
            "そのグループの中で「グループ 改名 ここ → 新しい名前」と送ると、分けられます。"
        )
    at.found_something = True
    return found[0]


def _new_name(said: Said, place: int) -> str:
    given = said.objects(place)[0]
    objects.refuse_this(given)
    return _tidy(given.text if isinstance(given, words.Name) else words.show(given))


def _tidy(given: str | None) -> str:
    name = " ".join((given or "").split())
    if not names.name_key(name) or name in HERE:
        raise desk.Declined("グループの名前を書いてください。例: グループ 改名 ここ → 管理")
    if len(name) > LONGEST:
        raise desk.Declined(f"グループの名前は{LONGEST}字までです（今 {len(name)}字）。")
    return name


async def _free(name: str, *, but: int = 0) -> None:
    if any(names.name_key(room.name) == names.name_key(name) and room.id != but for room in await staff.rooms()):
        raise desk.Declined(f"グループ「{name}」はもうあります。別の名前にしてください。", LIST)


async def _keep_a_group(room: staff.Room, deed: str) -> None:
    """Some group must remain in which owners can do everything."""
    await staff.lock_all()
    if requests.manages(room, "owner") and not any(
        requests.manages(one, "owner") for one in await staff.rooms() if one.id != room.id
    ):
        raise desk.Declined(
            f"「{room.name}」は最後の管理グループなので{deed}できません。先に別のグループを登録してください。"
        )


def limit(role: staff.Role) -> str:
    """The most that may be done in a group."""
    return "制限なし（その方の役割まで）" if role == "owner" else f"{desk.ROLES[role]}まで（{roles.CAN[role]}）"


def _line(at: desk.Desk, room: staff.Room) -> str:
    people = f" {room.members}人" if room.members is not None else ""
    here = "（このグループ）" if at.room is not None and room.id == at.room.id else ""
    kind = "管理" if requests.manages(room, "owner") else f"{desk.ROLES[room.role]}まで"
    return f"{room.name or '名前なし'}{here}{people}・{kind}"


def _quoted(room: staff.Room) -> str:
    return words.show(words.Name(room.name))


NAME = Argument("名前")

NOUN = command.Noun(
    "group",
    "スタッフが使うグループと、そこでできることです。",
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
        Command(
            "group",
            "new",
            "もう1つのグループを登録するコードを出す（10分・1回）",
            ("グループ 追加 接客 役割=オペレーター", "グループ 追加 岐阜店 役割=オペレーター 範囲=タグ:{tag}"),
            "owner",
            2,
            add,
            (NAME,),
            options=("役割", "範囲"),
        ),
        Command(
            "group",
            "set",
            "名前や、そこでできることを変える",
            ("グループ 変更 接客 役割=閲覧", "グループ 変更 接客 範囲=なし"),
            "owner",
            2,
            change,
            (NAME,),
            options=("名前", "役割", "範囲"),
        ),
        Command(
            "group",
            "rename",
            "名前を変える",
            ("グループ 改名 接客 → 受付",),
            "owner",
            1,
            rename,
            (NAME, Argument("新しい名前", arrow=True)),
        ),
        Command(
            "group", "delete", "登録を消し、ボットが退出する", ("グループ 削除 接客",), "owner", 3, delete, (NAME,)
        ),
    ),
    bare="list",
)
