"""スタッフ: who may do what; asked for, given, changed, taken away."""

from typing import get_args

from admin_commands import cards, command, desk, lists, objects, requests
from admin_commands.command import Argument, Command
from admin_commands.grammar import normalise, words
from admin_commands.grammar.commands import Command as Said
from storage import changes, staff

WORDS: dict[str, staff.Role] = {
    **{word: role for role, word in desk.ROLES.items()},
    **{role: role for role in get_args(staff.Role)},
    "閲覧者": "viewer",
    "担当者": "operator",
}
CAN: dict[staff.Role, str] = {
    "viewer": "一覧・確認を見る",
    "operator": "タグ付け・下書き・シナリオへの出し入れ",
    "manager": "公開・停止・削除・ほかの人の取消",
    "owner": "スタッフとグループを含むすべて",
}
STATES = {"active": "", "suspended": "（停止中）"}


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    everybody = await staff.all_members()
    shown = everybody[lists.offset(page) :][: lists.ROWS]
    rows = [
        cards.Row(f"{one.name} … {desk.ROLES[one.role]}{STATES[one.state]}", f"スタッフ 表示 {_name(one)}")
        for one in shown
    ]
    return await lists.say(at, "🧑‍💼 スタッフ", rows, len(everybody), page, "スタッフ 一覧")


async def show(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.member(at, said, 0)
    last = at.moment(one.last_command_at) if one.last_command_at else "まだありません"
    told = [
        f"🧑‍💼 {one.name}さん … {desk.ROLES[one.role]}{STATES[one.state]}",
        f"できること: {CAN[one.role]}",
        f"最後の操作: {last}",
    ]
    return cards.Say(
        "\n".join(told),
        (
            cards.Tap("履歴", f"履歴 {words.show(words.Name(f'@{one.name}'))}"),
            cards.Tap("スタッフ 一覧", "スタッフ 一覧"),
        ),
    )


async def add(at: desk.Desk, said: Said) -> cards.Say:
    """A mention gives the LINE id; without one the person asks by スタッフ 申請."""
    given = said.objects(0)[0]
    role = _role(said, 1, "operator")
    if not isinstance(given, words.Person):
        return await _add_known(at, said, role)
    if given.user_id is None:
        raise desk.Declined(
            f"{given.text} さんが誰か、LINEから分かりませんでした。ご本人に「スタッフ 申請」と送ってもらってください。"
        )
    known = await staff.find(given.user_id)
    if known is not None and known.state == "active":
        raise desk.Declined(
            f"{known.name}さんはもう{desk.ROLES[known.role]}です。変えるには「スタッフ 変更」を使ってください。"
        )
    name = at.heard.names.get(given.user_id) or words.person_name(given)
    return await _appoint(at, given.user_id, name, role, known)


async def _add_known(at: desk.Desk, said: Said, role: staff.Role) -> cards.Say:
    """Somebody who has asked for it is known by name."""
    one = await objects.member(at, said, 0)
    if one.state == "active":
        raise desk.Declined(f"{one.name}さんはもう{desk.ROLES[one.role]}です。")
    return await _appoint(at, one.line_user_id, one.name, role, one)


async def _appoint(at: desk.Desk, user_id: str, name: str, role: staff.Role, known: staff.Member | None) -> cards.Say:
    warnings = ["このグループの内容は、メンバー全員に見えます"] if role in ("operator", "viewer") else []
    at.confirm(
        f"{name}さんを{desk.ROLES[role]}にします",
        [f"できること: {CAN[role]}"],
        holds={"user": user_id, "role": role, "version": known.version if known else 0},
        label="追加する",
        warnings=warnings,
        typed=desk.ROLES[role] if role == "owner" else None,
    )
    one = await staff.appoint(user_id, name, role, at.now)
    before = {"role": known.role, "state": known.state} if known else {"state": "removed"}
    at.record(
        "staff.new",
        {"staff": one.id, "role": role},
        f"{one.name}さんを{desk.ROLES[role]}にした",
        [changes.put_back("staff", one.id, one.version, before)],
    )
    return cards.Say(
        f"✅ {one.name}さんを{desk.ROLES[role]}にしました。",
        (cards.Tap("取消", "取消"), cards.Tap("スタッフ 一覧", "スタッフ 一覧")),
    )


async def change(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.member(at, said, 0)
    role = _role(said, 1, None)
    if one.role == role:
        return cards.Say(f"{one.name}さんはもう{desk.ROLES[role]}です。変更はありません。")
    await _keep_an_owner(one, "変更")
    at.confirm(
        f"{one.name}さんを{desk.ROLES[one.role]}から{desk.ROLES[role]}に変えます",
        [f"できること: {CAN[role]}"],
        holds={"staff": one.id, "version": one.version, "role": role},
        label="変更する",
        typed=desk.ROLES[role] if role == "owner" else None,
    )
    version = await staff.change(one.id, role=role)
    at.record(
        "staff.set",
        {"staff": one.id, "role": role},
        f"{one.name}さんを{desk.ROLES[one.role]}から{desk.ROLES[role]}にした",
        [changes.put_back("staff", one.id, version, {"role": one.role})],
    )
    return cards.Say(f"✅ {one.name}さんを{desk.ROLES[role]}にしました。", (cards.Tap("取消", "取消"),))


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    """Rights are taken away at once: stopping is easier than starting."""
    one = await objects.member(at, said, 0)
    if one.state != "active":
        return cards.Say(f"{one.name}さんの権限はもう停止中です。変更はありません。")
    await _keep_an_owner(one, "停止")
    version = await staff.change(one.id, state="suspended")
    at.record(
        "staff.stop",
        {"staff": one.id},
        f"{one.name}さんの権限を停止した",
        [changes.put_back("staff", one.id, version, {"state": "active"})],
    )
    return cards.Say(
        f"⏸ {one.name}さんの権限を停止しました。",
        (cards.Tap("再開", f"スタッフ 再開 {_name(one)}"), cards.Tap("取消", "取消")),
    )


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.member(at, said, 0)
    if one.state == "active":
        return cards.Say(f"{one.name}さんの権限は停止していません。変更はありません。")
    if desk.RANK[one.role] >= desk.RANK[at.actor.role] and not at.may("owner"):
        raise desk.Declined(f"🔒 {desk.ROLES[one.role]}の権限を戻せるのはオーナーです。")
    at.confirm(
        f"{one.name}さんの権限（{desk.ROLES[one.role]}）を戻します",
        [f"できること: {CAN[one.role]}"],
        holds={"staff": one.id, "version": one.version},
        label="再開する",
    )
    version = await staff.change(one.id, state="active")
    at.record(
        "staff.resume",
        {"staff": one.id},
        f"{one.name}さんの権限（{desk.ROLES[one.role]}）を戻した",
        [changes.put_back("staff", one.id, version, {"state": "suspended"})],
    )
    return cards.Say(f"✅ {one.name}さんの権限を戻しました（{desk.ROLES[one.role]}）。", (cards.Tap("取消", "取消"),))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.member(at, said, 0)
    await _keep_an_owner(one, "削除")
    at.confirm(
        f"{one.name}さんをスタッフから外します",
        [f"今の役割: {desk.ROLES[one.role]}{STATES[one.state]}"],
        holds={"staff": one.id, "version": one.version},
        label="外す",
    )
    version = await staff.change(one.id, state="removed")
    at.record(
        "staff.delete",
        {"staff": one.id},
        f"{one.name}さんをスタッフから外した",
        [changes.put_back("staff", one.id, version, {"state": one.state})],
    )
    return cards.Say(f"✅ {one.name}さんをスタッフから外しました。", (cards.Tap("取消", "取消"),))


async def request(at: desk.Desk, said: Said) -> cards.Say:
    """Anybody in a claimed group may ask; the card is for an owner to press."""
    user = at.heard.person
    if user is None:
        raise desk.Declined("どなたか分からないため申請できません。LINEを最新版にして、もう一度送ってください。")
    if at.actor.suspended:
        raise desk.Declined("🔒 あなたの権限は停止中です。戻せるのは管理者の方です。")
    if at.actor.staff_id is not None:
        return cards.Say(f"{at.actor.name}さんはもう{desk.ROLES[at.actor.role]}です。")
    if at.heard.group is None:
        raise desk.Declined("申請は管理グループの中で送ってください。")
    name = at.heard.names.get(user) or "お名前未取得"
    role = desk.lower(_role(said, 0, "operator") if said.args else "operator", at.room.role if at.room else "owner")
    return await requests.put(
        at,
        f"🙋 {name}さんからスタッフの申請です。",
        [f"役割: {desk.ROLES[role]}（{CAN[role]}）"],
        "スタッフ 承認",
        user,
        {"staff_id": None, "needs": "owner", "name": name},
        {"wish": {"user": user, "name": name, "role": role}},
    )


async def approve(at: desk.Desk, said: Said) -> cards.Say:  # noqa: ARG001 - one signature for all commands
    """What the button of a request does; the one who asked is held in its card."""
    wish = at.held.get("wish")
    if wish is None:
        raise desk.Declined("承認は、申請のカードのボタンを押してください。")
    known = await staff.find(wish["user"])
    if known is not None and known.state == "active":
        return cards.Say(f"{known.name}さんはもう{desk.ROLES[known.role]}です。")
    role: staff.Role = wish["role"]
    one = await staff.appoint(wish["user"], wish["name"], role, at.now)
    at.record(
        "staff.approve",
        {"staff": one.id, "role": role},
        f"{one.name}さんの申請を承認した（{desk.ROLES[role]}）",
        [changes.put_back("staff", one.id, one.version, {"state": "removed"})],
    )
    return cards.Say(
        f"✅ {one.name}さんを{desk.ROLES[role]}にしました。",
        (cards.Tap("取消", "取消"), cards.Tap("スタッフ 一覧", "スタッフ 一覧")),
    )


def _role(said: Said, place: int, usual: staff.Role | None) -> staff.Role:
    if place >= len(said.args):
        if usual is None:
            raise desk.Declined("役割を書いてください（閲覧・オペレーター・管理者・オーナー）。")
        return usual
    asked = normalise.fold(objects.text_of(said, place))
    found = next((role for word, role in WORDS.items() if normalise.fold(word) == asked), None)
    if found is None:
        raise desk.Declined(f"役割「{asked}」は分かりません。閲覧・オペレーター・管理者・オーナーから選んでください。")
    return found


async def _keep_an_owner(one: staff.Member, deed: str) -> None:
    """The last owner cannot be taken away, even by two people at once: all rows are locked first."""
    everybody = await staff.lock_all()
    owners = [other for other in everybody if other.role == "owner" and other.state == "active"]
    if [other.id for other in owners] == [one.id]:
        raise desk.Declined(
            f"{one.name}さんは最後のオーナーなので{deed}できません。先に別の方をオーナーにしてください。"
        )


def _name(one: staff.Member) -> str:
    return words.show(words.Name(one.name))


PERSON, ROLE = Argument("@お名前"), Argument("役割", optional=True)

NOUN = command.Noun(
    "staff",
    "このボットを使う方と役割です。",
    (
        Command("staff", "list", "スタッフと役割", ("スタッフ 一覧",), "viewer", 0, show_list, options=("ページ",)),
        Command("staff", "show", "1人の役割と最後の操作", ("スタッフ 表示 {staff}",), "viewer", 0, show, (PERSON,)),
        Command(
            "staff",
            "new",
            "権限を付ける（@で選ぶ）",
            ("スタッフ 追加 @{staff} オペレーター",),
            "owner",
            2,
            add,
            (PERSON, ROLE),
            most=3,
        ),
        Command(
            "staff",
            "set",
            "役割を変える",
            ("スタッフ 変更 {staff} 管理者",),
            "owner",
            2,
            change,
            (PERSON, Argument("役割")),
            most=3,
        ),
        Command("staff", "stop", "権限をすぐ止める", ("スタッフ 停止 {staff}",), "owner", 1, stop, (PERSON,)),
        Command("staff", "resume", "止めた権限を戻す", ("スタッフ 再開 {staff}",), "manager", 2, resume, (PERSON,)),
        Command("staff", "delete", "スタッフから外す", ("スタッフ 削除 {staff}",), "owner", 2, delete, (PERSON,)),
        Command("staff", "request", "権限を申請する（どなたでも）", ("スタッフ 申請",), "viewer", 0, request, (ROLE,)),
        Command("staff", "approve", "申請カードのボタンで承認する", ("スタッフ 承認",), "owner", 2, approve),
    ),
    bare="list",
)
