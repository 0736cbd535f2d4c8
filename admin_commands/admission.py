"""Who comes in: groups claimed with a code and left without one, people who join and leave, and their rights."""

from collections.abc import Sequence

import structlog

from admin_commands import cards, command, desk
from admin_commands.command import Argument, Command
from admin_commands.grammar import Context, read, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.readings import Batch
from admin_commands.grammar.words import Name
from jobs import heard
from storage import audit, changes, staff

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


async def _try(event: desk.Heard, room: staff.Room, code: str) -> cards.Say:
    if event.person is None:
        return cards.Say("どなたか分からないため登録できません。LINEを最新版にして、もう一度送ってください。")
    role, left = await staff.try_code(room.id, code, event.now)
    if role is None:
        if room.state == "claimed":
            return cards.Say("コードが違うか期限切れです。")
        if left:
            return cards.Say(f"コードが違うか期限切れです（残り{left}回）。")
        await staff.leave_now(room.id, event.now)
        log.warning("too many wrong claim codes", group=room.id)
        return cards.Say("コードが違うか期限切れです。このグループから退出します。")
    member = await staff.appoint(event.person, event.names.get(event.person, UNNAMED), role, event.now)
    entry = await audit.reserve()
    if room.state == "claimed":
        sentence = f"{member.name}さんが登録コードで{desk.ROLES[role]}になった"
        await audit.write(entry, member.id, event.chat, event.now, "claim.run", {"group": room.id}, sentence)
        return cards.Say(f"✅ {member.name}さんを{desk.ROLES[role]}にしました。使い終わったコードは無効です。")
    await staff.claimed(room.id, event.group_name, event.members)
    sentence = f"{member.name}さんが登録コードでこのグループを登録した"
    await audit.write(entry, member.id, event.chat, event.now, "claim.run", {"group": room.id}, sentence)
    return _claimed(member, event.members or room.members)


def _claimed(member: staff.Member, members: int | None) -> cards.Say:
    told = [f"✅ このグループを「管理グループ」に登録しました。{desk.ROLES[member.role]}: {member.name}さん"]
    told.append("・使い終わったコードは無効です")
    if members is not None and members > 1:
        told.append(f"・メンバー{members}人のうち、今回権限が付いたのは{member.name}さんだけです")
        told.append(f"・このグループへの通知は1回で{members}通（人数分）使うため、返信（無料）だけでお答えします")
    told.append("・画面に出た内容は、グループの全員に見えます")
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
    names = [f"{known[user].name if user in known else event.names.get(user, '新しい方')}さん" for user in new]
    suspended = [known[user] for user in new if user in known and known[user].state == "suspended"]
    strangers = [user for user in new if user not in known]
    told = [f"👋 {'・'.join(names[:5])}が入りました。"]
    taps = [
        cards.Tap(f"{one.name}さんを再開", f"スタッフ 再開 {words.show(words.Name(one.name))}") for one in suspended
    ]
    if suspended:
        told.append("権限は停止中です。戻すには管理者の方が「スタッフ 再開 @お名前」と送ってください。")
    if strangers:
        told.append("まだ権限はありません。付けるにはオーナーの方が「スタッフ 追加 @お名前 役割」と送ってください。")
    return cards.Say("\n".join(told), tuple(taps))


async def _went(event: desk.Heard, room: staff.Room, users: Sequence[str]) -> None:
    """Rights end the moment a person leaves."""
    if event.members is not None:
        await staff.counted(room.id, event.members)
    gone = await staff.suspend(await staff.moved(room.id, users, event.at, here=False))
    if not gone:
        return
    names = "・".join(f"{member.name}さん" for member in gone)
    await audit.write(
        await audit.reserve(),
        None,
        event.chat,
        event.now,
        "staff.left",
        {"staff": [member.id for member in gone]},
        f"{names}がグループを退出し、権限を停止した",
        [changes.put_back("staff", member.id, member.version, {"state": "active"}) for member in gone],
    )


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
            "登録コードを使う（コードはサーバーで ./ayumi claim-code）",
            ("登録 1234-5678",),
            "viewer",
            1,
            claim,
            (Argument("コード"),),
        ),
    ),
    bare="run",
)
