"""Giving, changing and taking away rights."""

from collections.abc import Sequence

from admin_commands import cards, desk, objects, scopes
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.members import duty, roles, views, wishes
from storage import changes, staff

MOST_ADDED = 10
PICKED = (
    "どなたか分かりません。新しい方は、「@」を打つと出るお名前から選び、続けて役割を書いてください。"
    "出ないときは、ご本人に「スタッフ 申請」と送ってもらってください。"
)
SEEN_BY_ALL = "グループに出た内容は、メンバー全員に見えます。範囲を守るには、専用のグループかボットとの1対1で使います。"


async def add(at: desk.Desk, said: Said) -> cards.Say:
    """A mention gives the LINE id; without one the person asks by スタッフ 申請."""
    picked = all(isinstance(one, words.Person) for one in said.objects(0))
    if not picked and len(said.args) > 1 and not roles.known(objects.text_of(said, 1)):
        raise desk.Declined(PICKED)
    role = roles.role_of(said, 1, "operator")
    if role == "owner":
        raise desk.Declined(
            "オーナーにするときは、先に管理者として追加してから「スタッフ 変更 @お名前 オーナー」と送ってください。"
        )
    given = said.objects(0)
    if len(given) > MOST_ADDED:
        raise desk.Declined(f"一度に追加できるのは{MOST_ADDED}人までです。")
    everybody = await staff.all_members()
    found = {user: name for one in given for user, name in [_candidate(at, one, everybody)]}
    known = {one.line_user_id: one for one in everybody if one.line_user_id in found}
    for one in known.values():
        if one.state == "active":
            raise desk.Declined(
                f"{one.name}さんはもう{desk.ROLES[one.role]}です。変えるには「スタッフ 変更」を使ってください。"
            )
    told = "・".join(f"{name}さん" for name in found.values())
    scope = await scopes.read(at, said)
    scopes.fits(role, scope)
    at.confirm(
        f"{told}を{desk.ROLES[role]}にします",
        [f"できること: {roles.CAN[role]}", f"見える友だち: {await scopes.told(at, scope)}"],
        holds={
            "users": sorted(found),
            "role": role,
            "scope": scope,
            "versions": {user: one.version for user, one in known.items()},
        },
        label="追加する",
        warnings=[SEEN_BY_ALL] if role in ("operator", "viewer") else [],
    )
    made = await staff.appoint_all(list(found.items()), role, scope, at.now)
    at.record(
        "staff.new",
        {"staff": [one.id for one in made], "role": role, "scope": scope},
        f"{told}を{desk.ROLES[role]}にした{await scopes.brief(scope)}",
        [changes.put_back("staff", one.id, one.version, roles.before(known.get(one.line_user_id))) for one in made],
    )
    return cards.Say(
        f"✅ {told}を{desk.ROLES[role]}にしました。",
        (cards.Tap("取消", "取消"), cards.Tap("スタッフ 一覧", "スタッフ 一覧")),
    )


def _candidate(at: desk.Desk, given: words.Object, everybody: Sequence[staff.Member]) -> tuple[str, str]:
    """(LINE user id, name) of whoever is to be let in; without a mention only those are known who once were."""
    if isinstance(given, words.Person):
        if given.user_id is None:
            raise desk.Declined(
                f"{given.text} さんがどなたか、LINEからは分かりませんでした。"
                "ご本人に「スタッフ 申請」と送ってもらってください。"
            )
        return given.user_id, at.heard.names.get(given.user_id) or words.person_name(given)
    try:
        one = objects.member_named(at, given, everybody)
    except desk.Unknown as unknown:
        raise desk.Unknown(
            f"{unknown.message}\n新しい方は、「@」を打つと出るお名前から選んでください。"
            "出ないときは、ご本人に「スタッフ 申請」と送ってもらってください。",
            unknown.likeness,
        ) from None
    return one.line_user_id, one.name


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """Another role, another 範囲, or both; managers and owners see everybody, so theirs ends."""
    if said.option(duty.OPTION) is not None:
        return await duty.change(at, said)
    one = await objects.member(at, said, 0)
    ranged = said.option(scopes.OPTION) is not None
    role = roles.role_of(said, 1, one.role if ranged else None)
    scope = await scopes.read(at, said, one.scope)
    if not ranged and desk.RANK[role] > desk.RANK["operator"]:
        scope = None
    scopes.fits(role, scope)
    if (role, scope) == (one.role, one.scope):
        return cards.Say(f"{one.name}さんはもう{desk.ROLES[role]}{await scopes.brief(scope)}です。変更はありません。")
    if role == "owner" and one.state != "active":
        raise desk.Declined(f"{one.name}さんの権限は停止中です。先に「スタッフ 再開」と送ってください。")
    await _keep_an_owner(one, "変更")
    new = f"{desk.ROLES[role]}{await scopes.brief(scope)}"
    old = f"{desk.ROLES[one.role]}{await scopes.brief(one.scope)}"
    at.confirm(
        f"{one.name}さんを{old}から{new}に変えます",
        [f"できること: {roles.CAN[role]}", f"見える友だち: {await scopes.told(at, scope)}"],
        holds={"staff": one.id, "version": one.version, "role": role, "scope": scope},
        label="変更する",
        warnings=[SEEN_BY_ALL] if scope is not None else [],
        typed=desk.ROLES[role] if role == "owner" else None,
    )
    if role == "owner":
        return await wishes.offer(at, one)
    version = await staff.entitle(one.id, role, scope)
    at.record(
        "staff.set",
        {"staff": one.id, "role": role, "scope": scope},
        f"{one.name}さんを{old}から{new}にした",
        [changes.put_back("staff", one.id, version, {"role": one.role, "scope": one.scope})],
    )
    return cards.Say(f"✅ {one.name}さんを{new}にしました。", (cards.Tap("取消", "取消"),))


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    """Rights are taken away at once: stopping is easier than starting."""
    one = await objects.member(at, said, 0)
    if one.state != "active":
        return cards.Say(f"{one.name}さんの権限はもう停止中です。変更はありません。")
    await _keep_an_owner(one, "停止")
    version = await staff.change(one.id, "suspended")
    at.record(
        "staff.stop",
        {"staff": one.id},
        f"{one.name}さんの権限を停止した",
        [changes.put_back("staff", one.id, version, {"state": "active"})],
    )
    return cards.Say(
        f"⏸ {one.name}さんの権限を停止しました。",
        (cards.Tap("再開", f"スタッフ 再開 {views.quoted(one)}"), cards.Tap("取消", "取消")),
    )


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.member(at, said, 0)
    if one.state == "active":
        return cards.Say(f"{one.name}さんの権限は停止していません。変更はありません。")
    if desk.RANK[one.role] >= desk.RANK[at.actor.role]:
        at.permit("owner", f"{desk.ROLES[one.role]}の再開")
    at.confirm(
        f"{one.name}さんの権限（{desk.ROLES[one.role]}）を戻します",
        [f"できること: {roles.CAN[one.role]}"],
        holds={"staff": one.id, "version": one.version},
        label="再開する",
    )
    version = await staff.change(one.id, "active")
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
        [f"今の役割: {desk.ROLES[one.role]}{roles.STATES[one.state]}"],
        holds={"staff": one.id, "version": one.version},
        label="外す",
    )
    version = await staff.change(one.id, "removed")
    at.record(
        "staff.delete",
        {"staff": one.id},
        f"{one.name}さんをスタッフから外した",
        [changes.put_back("staff", one.id, version, {"state": one.state})],
    )
    return cards.Say(f"✅ {one.name}さんをスタッフから外しました。", (cards.Tap("取消", "取消"),))


async def _keep_an_owner(one: staff.Member, deed: str) -> None:
    """The last owner cannot be taken away, even by two people at once: all rows are locked first."""
    everybody = await staff.lock_all()
    owners = [other for other in everybody if other.role == "owner" and other.state == "active"]
    if [other.id for other in owners] == [one.id]:
        raise desk.Declined(
            f"{one.name}さんは最後のオーナーなので{deed}できません。先に別の方をオーナーにしてください。"
        )
