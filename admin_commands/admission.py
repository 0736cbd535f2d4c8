"""Who comes in: groups claimed with a code and left without one, people who join and leave, and their rights."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from admin_commands import cards, command, desk, groups, requests, scopes
from admin_commands.command import Argument, Command
from admin_commands.grammar import Context, read, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.readings import Batch
from admin_commands.grammar.words import Name
from jobs import heard, messages
from storage import audit, changes, dialogues, outbox, staff

UNNAMED = "名前未取得"
WELCOME = "このグループはまだ登録されていません。登録コードを送ってください（例: 登録 1234-5678）。10分で退出します。"
ROOM = "複数人トークでは使えません。グループを作って招待してください。これで退出します。"

log = structlog.get_logger()


async def outside(event: desk.Heard, group: str) -> cards.Say | None:
    """An event of a group nobody has claimed: its code is the only word that counts."""
    match event.what:
        case heard.Joined():
            return await _joined(event, group)
        case heard.Left():
            await staff.put_out(group, event.at)
            return None
        case heard.Said(text=text):
            return await _code_said(event, group, text)
    return None


async def _joined(event: desk.Heard, group: str) -> cards.Say | None:
    if _is_room(group):
        await staff.joined(group, "", None, event.at, event.now)
        return cards.Say(ROOM)
    leave_at = event.now + staff.TIME_TO_CLAIM
    new = await staff.joined(group, event.group_name or "", event.members, event.at, leave_at)
    return cards.Say(WELCOME) if new else None


async def _code_said(event: desk.Heard, group: str, text: str) -> cards.Say | None:
    found = await staff.room(group)
    if found is None:
        # the news of our coming got lost
        leave_at = event.now if _is_room(group) else event.now + staff.TIME_TO_CLAIM
        await staff.joined(group, event.group_name or "", event.members, event.at, leave_at)
        found = await staff.room(group)
    reading = read(text, Context(unclaimed=True))
    if found is None or found.state != "unclaimed" or _is_room(group) or not isinstance(reading, Batch):
        return None
    if found.leave_at is not None and found.leave_at <= event.now:
        return None
    given = reading.commands[0].objects(0)[0]
    return await _try(event, found, given.text if isinstance(given, Name) else "")


async def _try(event: desk.Heard, room: staff.Room, said: str) -> cards.Say:
    if event.person is None:
        return cards.Say("どなたか分からないため登録できません。LINEを最新版にして、もう一度送ってください。")
    code, left = await staff.try_code(room.id, said, event.now)
    if code is None:
        if room.state == "claimed":
            return cards.Say(
                "このグループは、もう登録済みです（コードは、違うか期限切れです）。"
                "グループ用のコードは、新しいグループの中で送ってください。"
            )
        if left:
            return cards.Say(f"コードが違うか期限切れです（残り{left}回）。")
        await staff.leave_now(room.id, event.now)
        log.warning("too many wrong claim codes", group=room.id)
        return cards.Say("コードが違うか期限切れです。このグループから退出します。")
    if code.group_name is not None:
        return await _further(event, room, event.person, code, code.group_name)
    member = await staff.appoint(event.person, event.names.get(event.person, UNNAMED), code.role, event.now)
    await staff.is_here(room.id, event.person, event.at)
    entry = await audit.reserve()
    if room.state == "claimed":
        sentence = f"{member.name}さんが登録コードで{desk.ROLES[code.role]}になった"
        await audit.write(entry, member.id, event.chat, event.now, "claim.run", {"group": room.id}, sentence)
        return cards.Say(f"✅ {member.name}さんを{desk.ROLES[code.role]}にしました。使い終わったコードは無効です。")
    await staff.claimed(room.id, event.group_name, event.members)
    sentence = f"{member.name}さんが登録コードでこのグループを登録した"
    await audit.write(entry, member.id, event.chat, event.now, "claim.run", {"group": room.id}, sentence)
    return _claimed(member, room, event.members or room.members)


async def _further(event: desk.Heard, room: staff.Room, person: str, code: staff.Code, name: str) -> cards.Say:
    """One more group. Whoever is staff keeps their role; anybody else gets the group's, an operator's at most."""
    member = await staff.find(person)
    if member is not None and member.state != "active":
        return cards.Say("🔒 あなたの権限は停止中です。オーナーの方が、新しいコードで登録してください。")
    back = []
    if member is None:
        role = desk.lower(code.role, "operator")
        [member] = await staff.appoint_all([(person, event.names.get(person, UNNAMED))], role, code.scope, event.now)
        back = [changes.put_back("staff", member.id, member.version, {"state": "removed"})]
    await staff.claimed(room.id, event.group_name, event.members)
    await staff.arrange(room.id, name, code.role, code.scope)
    await staff.is_here(room.id, person, event.at)
    told = f"{member.name}さん（{desk.ROLES[member.role]}）がグループ「{name}」を登録した"
    entry = await audit.reserve()
    await audit.write(entry, member.id, event.chat, event.now, "claim.run", {"group": room.id}, told, back)
    await _tell_managers(room, f"👥 {told.removesuffix('た')}ました。")
    shown = [
        f"✅ このグループを「{name}」として登録しました。",
        f"・ここでできること: {groups.limit(code.role)}{await scopes.brief(code.scope)}",
        f"・{member.name}さん: {desk.ROLES[desk.lower(member.role, code.role)]}",
        "・ほかの方は「スタッフ 申請」と送ってください。オーナーの方に届きます。",
        "・画面に出た内容は、グループの全員に見えます。",
        "・使い終わったコードは無効です。",
    ]
    return cards.Say("\n".join(shown), (cards.Tap("ヘルプ", "ヘルプ"),))


async def _tell_managers(room: staff.Room, sentence: str) -> None:
    """With the next word in the managers' groups, other than this one."""
    rooms = [one for one in await staff.rooms() if requests.manages(one, "manager") and one.id != room.id]
    await outbox.leave([one.line_group_id for one in rooms], f"group:{room.id}", [cards.text(sentence)])


def _claimed(member: staff.Member, room: staff.Room, members: int | None) -> cards.Say:
    told = [f"✅ このグループを「管理グループ」に登録しました。{desk.ROLES[member.role]}: {member.name}さん"]
    if room.role != "owner":
        told.append(f"・前の設定のままです。ここでできること: {groups.limit(room.role)}")
    told.append("・使い終わったコードは無効です。")
    if members is not None and members > 1:
        told.append(f"・メンバー{members}人のうち、今回権限が付いたのは{member.name}さんだけです。")
        told.append("・ほかの方は「スタッフ 申請」と送ると、権限をお願いできます。")
        told.append(f"・このグループへの通知は1回で{members}通（人数分）使うため、返信（無料）だけでお答えします。")
    told.append("・画面に出た内容は、グループの全員に見えます。")
    told.append("まずは「はじめる」を押してみてください。お店の準備を順番に進められます。")
    taps = (
        cards.Tap("はじめる", "はじめる"),
        cards.Tap("ヘルプ", "ヘルプ"),
        cards.Tap("スタッフ 一覧", "スタッフ 一覧"),
    )
    return cards.Say("\n".join(told), taps)


async def claim(at: desk.Desk, said: Said) -> cards.Say:
    """A code said in a claimed group gives its role: so a lost owner comes back."""
    given = said.objects(0)[0]
    room = await staff.room(at.heard.group or "")
    if room is None:
        raise desk.Declined("登録コードは、登録するグループの中で送ってください。")
    return await _try(at.heard, room, given.text if isinstance(given, Name) else "")


async def inside(event: desk.Heard, group: str, room: staff.Room) -> cards.Say | None:
    """What happens to a claimed group itself and to its members."""
    match event.what:
        case heard.Joined():
            # we had been out without hearing of it: whoever invited us again has to show a code
            return await _joined(event, group)
        case heard.Left():
            if await staff.put_out(group, event.at):
                entry = await audit.reserve()
                sentence = f"ボットがグループ「{room.name}」から外され、登録が無効になった"
                await audit.write(entry, None, event.chat, event.now, "group.left", {"group": room.id}, sentence)
                await _tell_managers(room, f"⚠ {sentence.removesuffix('た')}ました。設定は残っています。")
            return None
        case heard.MembersJoined(user_ids=users):
            return await _came(event, room, users)
        case heard.MembersLeft(user_ids=users):
            await _went(event, room, users)
            return None
    return None


async def _came(event: desk.Heard, room: staff.Room, users: Sequence[str]) -> cards.Say | None:
    if event.members is not None:
        await staff.counted(room.id, event.members)
    new = await staff.moved(room.id, users, event.at, here=True)
    if not new:
        return None
    known = {member.line_user_id: member for member in await staff.all_members()}
    names = {user: known[user].name if user in known else event.names.get(user, "新しい方") for user in new}
    shown = "・".join(f"{names[user]}さん" for user in new[:5])
    told = [f"👋 {shown}が入りました。"]
    suspended = [known[user] for user in new if user in known and known[user].state == "suspended"]
    taps = [
        cards.Tap(f"{one.name}さんを再開", f"スタッフ 再開 {words.show(words.Name(one.name))}") for one in suspended
    ]
    if suspended:
        told.append("権限は停止中です。戻すには管理者の方が「スタッフ 再開 @お名前」と送ってください。")
    strangers = {user: names[user] for user in new if user not in known}
    if strangers and requests.manages(room, "owner"):
        told.append("まだ権限はありません。付けるにはオーナーの方が「スタッフ 追加 @お名前 役割」と送ってください。")
        taps.append(cards.Tap("権限を付ける", token=await _invitation(event, strangers)))
    elif strangers:
        told.append("まだ権限はありません。ご本人が「スタッフ 申請」と送ると、オーナーの方に届きます。")
    return cards.Say("\n".join(told), tuple(taps))


async def _invitation(event: desk.Heard, strangers: Mapping[str, str]) -> str:
    """The token of a button that lets these people (LINE user id -> name) in, as if managers had mentioned them."""
    text = "スタッフ 追加 "
    mentions: list[dict[str, Any]] = []
    for user, name in strangers.items():
        text += ", " if mentions else ""
        offset, length = messages.utf16_len(text), messages.utf16_len(f"@{name}")
        mentions.append({"offset": offset, "length": length, "user_id": user, "is_self": False})
        text += f"@{name}"
    kept = {"held": {}, "mentions": mentions}
    until = event.now + requests.WAITING_LIFE
    return await dialogues.ask(event.chat, "", "asker_or_manager", f"{text} オペレーター", kept, event.now, until)


async def _went(event: desk.Heard, room: staff.Room, users: Sequence[str]) -> None:
    """Rights end the moment a person leaves; out of a group of operators, not those who are among the managers."""
    if event.members is not None:
        await staff.counted(room.id, event.members)
    went = await staff.moved(room.id, users, event.at, here=False)
    stay = set() if requests.manages(room, "manager") else await staff.among_managers(went)
    gone = await staff.suspend([user for user in went if user not in stay])
    if not gone:
        return
    names = "・".join(f"{member.name}さん" for member in gone)
    told = f"{names}がグループ「{room.name}」を退出し、権限を停止した"
    await audit.write(
        await audit.reserve(),
        None,
        event.chat,
        event.now,
        "staff.left",
        {"staff": [member.id for member in gone], "group": room.id},
        told,
        [changes.put_back("staff", member.id, member.version, {"state": "active"}) for member in gone],
    )
    await outbox.notice(f"left:{event.inbox_id}", f"👋 {told.removesuffix('た')}ました。")


def _is_room(group: str) -> bool:
    """A talk of several people that is no group: it has no name and cannot be claimed."""
    return group.startswith("R")


NOUN = command.Noun(
    "claim",
    "コードでグループを登録します。",
    (
        Command(
            "claim",
            "run",
            "登録コードを使う（コードは、設置した方がサーバーで出す）",
            ("登録 1234-5678",),
            "viewer",
            1,
            claim,
            (Argument("コード"),),
        ),
    ),
    bare="run",
)
