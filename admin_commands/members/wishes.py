"""What a person has to say yes to: the wish to be let in, and the offer to become an owner."""

from admin_commands import cards, desk, requests, scopes
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.members import roles
from storage import changes, dialogues, names, staff

APPROVE = "スタッフ 承認"


async def request(at: desk.Desk, said: Said) -> cards.Say:
    """Anybody in a claimed group may ask; the card is for an owner to press."""
    user = at.heard.person
    if user is None:
        raise desk.Declined("どなたか分からないため申請できません。LINEを最新版にして、もう一度送ってください。")
    if at.actor.suspended:
        raise desk.Declined("🔒 あなたの権限は停止中です。戻せるのは管理者の方です。")
    if at.actor.staff_id is not None:
        return cards.Say(f"{at.actor.name}さんはもう{desk.ROLES[at.actor.own]}です。")
    if at.room is None:
        raise desk.Declined("申請は、スタッフのグループの中で送ってください。")
    name = at.heard.names.get(user) or "お名前未取得"
    role = desk.lower(desk.lower(roles.role_of(said, 0, "operator"), "manager"), at.room.role)  # owners are asked first
    return await requests.put(
        at,
        f"🙋 {name}さんからスタッフの申請です。",
        [f"役割: {desk.ROLES[role]}{await scopes.brief(at.room.scope)}（{roles.CAN[role]}）"],
        APPROVE,
        user,
        {"staff_id": None, "needs": "owner", "name": name},
        {"wish": {"user": user, "name": name, "role": role, "scope": at.room.scope}},
    )


async def approve(at: desk.Desk, said: Said) -> cards.Say:
    """What the button of a wish or an offer does, whose card holds it; or the wish of whoever is named."""
    if "offer" in at.held:
        return await _accept(at)
    wish = at.held.get("wish")
    if wish is None:
        card = await _open_wish(at, said)
        wish = card.arguments["held"]["wish"]
        await dialogues.use(card.token, at.actor.user_id or "", at.now)
    known = await staff.find(wish["user"])
    if known is not None and known.state == "active":
        return cards.Say(f"{known.name}さんはもう{desk.ROLES[known.role]}です。")
    role: staff.Role = wish["role"]
    if "wish" not in at.held:
        at.confirm(
            f"{wish['name']}さんを{desk.ROLES[role]}にします",
            [f"できること: {roles.CAN[role]}"],
            holds=wish,
            label="承認する",
        )
    [one] = await staff.appoint_all([(wish["user"], wish["name"])], role, wish.get("scope"), at.now)
    at.record(
        "staff.approve",
        {"staff": one.id, "role": role},
        f"{one.name}さんの申請を承認した（{desk.ROLES[role]}）",
        [changes.put_back("staff", one.id, one.version, roles.before(known))],
    )
    return cards.Say(
        f"✅ {one.name}さんを{desk.ROLES[role]}にしました。",
        (cards.Tap("取消", "取消"), cards.Tap("スタッフ 一覧", "スタッフ 一覧")),
    )


async def reject(at: desk.Desk, said: Said) -> cards.Say:
    return await requests.refuse(at, await _open_wish(at, said))


async def _open_wish(at: desk.Desk, said: Said) -> dialogues.Card:
    """The wish of the person named; the only one when nobody is named."""
    given = said.objects(0)
    open_ = await dialogues.requests_open(APPROVE, at.now)
    if given:
        key = names.name_key(words.person_name(given[0]) or words.show(given[0]))
        user = given[0].user_id if isinstance(given[0], words.Person) else None
        open_ = [
            one for one in open_ if one.asker == user or key in names.name_key(one.arguments["held"]["wish"]["name"])
        ]
    if not open_:
        raise desk.Declined("待っている申請はありません。ご本人に「スタッフ 申請」と送ってもらってください。")
    if len(open_) > 1:
        who = "・".join(f"{one.arguments['held']['wish']['name']}さん" for one in open_)
        raise desk.Declined(f"申請が{len(open_)}件あります（{who}）。お名前を書いてください。例: {APPROVE} 佐藤")
    return open_[0]


async def offer(at: desk.Desk, one: staff.Member) -> cards.Say:
    """Both have to want it: an owner has typed it, now the new one accepts."""
    if at.room is None or not requests.manages(at.room, "owner"):
        raise desk.Declined("オーナーにするときは、お二人のいる管理グループで送ってください。")
    until = at.now + desk.PRESSED_LIFE
    held = {"offer": {"staff": one.id, "version": one.version, "by": at.actor.staff_id}}
    token = await dialogues.ask(at.chat, one.line_user_id, "asker", APPROVE, {"held": held}, at.now, until)
    card = cards.card(
        f"👑 {one.name}さん、オーナーになりますか",
        [f"{at.actor.name}さんからの申し出です。", f"できること: {roles.CAN['owner']}"],
        token=token,
        label="オーナーになる",
        notes=[f"{one.name}さんだけが押せます・{at.clock(until)}まで有効"],
    )
    return cards.Say("", card=card)


async def _accept(at: desk.Desk) -> cards.Say:
    held = at.held["offer"]
    everybody = {one.id: one for one in await staff.lock_all()}
    one, by = everybody.get(held["staff"]), everybody.get(held["by"])
    if one is None or one.id != at.actor.staff_id or one.version != held["version"]:
        raise desk.Declined(
            "その間に役割が変わったため、この申し出は使えません。オーナーの方にもう一度お願いしてください。"
        )
    if by is None or by.role != "owner" or by.state != "active":
        raise desk.Declined("申し出た方が今はオーナーではないため、この申し出は使えません。")
    version = await staff.entitle(one.id, "owner", None)
    at.record(
        "staff.set",
        {"staff": one.id, "role": "owner", "offered_by": by.id},
        f"{one.name}さんを{desk.ROLES[one.role]}からオーナーにした（{by.name}さんの申し出を{one.name}さんが承諾）",
        [changes.put_back("staff", one.id, version, {"role": one.role, "scope": one.scope})],
    )
    return cards.Say(f"👑 {one.name}さんがオーナーになりました。", (cards.Tap("スタッフ 一覧", "スタッフ 一覧"),))
