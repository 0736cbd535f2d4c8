"""取消: taking back what was done, as far as nobody has changed it since, and saying honestly what stays."""

from collections.abc import Sequence
from datetime import timedelta

from admin_commands import cards, command, desk, masking, objects, places, requests
from admin_commands.command import Argument, Command
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from jobs import operations
from storage import account, audit, changes, friends, staff, uses
from storage import operations as deeds

OWN = timedelta(hours=24)
MANAGERS = timedelta(days=30)

LEFT = {
    "set": "その後に変更されたため、戻していないものが{}件あります",
    "tags_off": "うち{}人はその間に外れたか付け直されたので、そのままです",
    "tags_on": "うち{}人はその間に付け直されたので、そのままです",
    "walks_off": "うち{}人はもう終わっていたので、そのままです",
    "walks_on": "うち{}人は戻せませんでした（その間に始め直したか、完了しています）",
    "reserve": "その後に変えられた上限は、そのままです",
    "mark": "うち{}人は、もう元の状態です",
    "block": "うち{}人は、もう元の状態です",
    "unblock": "うち{}人は、もう元の状態です",
    "walks_back": "うち{}人はその後に先へ進んだため、戻していません",
    "wait_again": "うち{}件は、もう待たせられませんでした（友だちのブロックなど）",
    "operation": "もう済んでいて、戻せるものがないものが{}件あります",
    "unplan": "送り始めたものは取り消せません",
    "park": "うち{}件は、片付けてから日がたったため戻せませんでした",
}


async def undo(at: desk.Desk, said: Said) -> cards.Say:
    entry = await _which(at, said)
    if entry.undone_at is not None:
        raise desk.Declined(f"#Z{entry.id} は {at.moment(entry.undone_at)} に取消済みです。")
    sentence = masking.shown(at, entry.sentence)
    _permitted(at, entry)
    if not entry.inverse:
        raise desk.Declined(f"「{sentence}」(#Z{entry.id}) は取り消せません。")
    if _about_rights(entry):
        await staff.lock_all()
    applied = await _apply(at, entry)
    _refuse_nothing(entry, sentence, applied)
    await _refuse_used(entry, sentence, [one.change for one in applied if one.change["do"] == "set" and one.done])
    if any(changes.runs_on(one.change["table"]) for one in applied if one.change["do"] == "set" and one.done):
        await account.configuration_changed()
    if _about_rights(entry) and not await staff.owned():
        raise desk.Declined("これを取り消すとオーナーがいなくなります。先に別の方をオーナーにしてください。")
    regrouped = any(one.done and one.change.get("table") == "groups" for one in applied)
    if regrouped and not any(requests.manages(room, "owner") for room in await staff.rooms()):
        raise desk.Declined("これを取り消すと管理グループがなくなります。先に別のグループを登録してください。")
    await audit.mark_undone(entry.id, at.actor.staff_id, at.now)
    put_back = [one.change for one in applied if one.change["do"] == "set" and one.done]
    await audit.follow([(one, changes.version_before(one), one["version"] + 1) for one in put_back], at.now - MANAGERS)
    reverse = [change for one in reversed(applied) for change in one.reverse]
    at.record("undo.run", {"entry": entry.id}, f"取消: {sentence}", reverse)
    at.undoes = entry.id if entry.undoes is None else None  # what is done again counts as a deed of its own
    told = [f"↩ 取り消しました: {sentence}（#Z{entry.id}、{at.moment(entry.at)}）"]
    if any(change["do"] == "operation" and not change["actions"] for change in entry.inverse):
        told.append("※残りを止めました。済んだ分は戻りません。")
    told += [f"※{LEFT[one.change['do']].format(one.kept)}。" for one in applied if one.kept]
    if any(change["do"] in ("walks_off", "walks_back", "operation", "call_off") for change in entry.inverse):
        told.append("※もう送ったメッセージは取り消せません。")
    again = (cards.Tap("やり直す", f"取消 #Z{await at.entry_id()}"),) if reverse else ()
    return cards.Say("\n".join(told), (*again, cards.Tap("履歴", "履歴")))


async def _which(at: desk.Desk, said: Said) -> audit.Entry:
    """The entry that is named, or the last one of whoever asks."""
    given = said.objects(0)
    number: int | None = None
    if given:
        if not isinstance(given[0], words.Id) or given[0].letter != "Z":
            raise desk.Declined("取り消すものを番号で書いてください。例: 取消 #Z12", cards.Tap("履歴", "履歴"))
        number = given[0].number
    elif at.actor.staff_id is not None:
        number = await audit.latest_of(at.actor.staff_id)
        if number is None:
            raise desk.Declined("取り消せる操作はありません。", cards.Tap("履歴", "履歴"))
    entry = await audit.lock(number) if number is not None and number < 2**62 else None
    if entry is None:
        raise desk.Declined("その番号の操作はありません。", cards.Tap("履歴", "履歴"))
    at.found_something = True
    return entry


def _permitted(at: desk.Desk, entry: audit.Entry) -> None:
    if _about_rights(entry):
        at.permit("owner", "権限の変更の取消")
    at.permit(entry.needs, "この操作の取消")  # whoever may not do it (any more) may not do the opposite either
    age = at.now - entry.at
    if entry.staff_id == at.actor.staff_id and age <= OWN:
        return
    if at.may("manager"):
        if age > MANAGERS:
            raise desk.Declined("30日を過ぎた操作は取り消せません。")
        return
    if entry.staff_id == at.actor.staff_id:
        at.permit("manager", "24時間を過ぎた操作の取消")
    at.permit("manager", "ほかの人の操作の取消")


def _about_rights(entry: audit.Entry) -> bool:
    """Whatever the deed was called: a batch, or an undo, may hold changes of rights too."""
    rights = any(change["do"] == "set" and change["table"] in ("staff", "groups") for change in entry.inverse)
    return rights or entry.verb.startswith(("staff.", "group."))


async def _apply(at: desk.Desk, entry: audit.Entry) -> list[changes.Applied]:
    people = await changes.friends_of(entry.inverse)
    if at.scope is not None:
        await _keep_within(at, entry, people)
    if people:
        await friends.lock(people)
    plain = [change for change in entry.inverse if change["do"] != "operation"]
    applied = await changes.apply(list(reversed(plain)), at.now)
    for change in entry.inverse:
        if change["do"] == "operation":
            applied.append(await _call_off(at, change))
    return applied


async def _keep_within(at: desk.Desk, entry: audit.Entry, people: Sequence[int]) -> None:
    """What one has done to friends who are no longer one's own is for managers to take back."""
    many = [change for change in entry.inverse if change["do"] == "operation"]
    reached = [one for change in many for one in await changes.reached(change["operation"], change["actions"])]
    if not await at.sees(sorted({*people, *reached})):
        raise desk.Forbidden("🔒 担当外の友だちが含まれるため、取り消せるのは管理者以上の方です。", "manager")


def _refuse_nothing(entry: audit.Entry, sentence: str, applied: Sequence[changes.Applied]) -> None:
    if any(one.done for one in applied):
        return
    kinds = {one.change["do"] for one in applied}
    why = "は、その後に変更されているため取り消せません。"
    if "operation" in kinds:
        why = "はもう済んでいて、戻せるものがありません。"
    elif kinds == {"call_off"}:
        why = "は、もう済んだか送ったため取り消せません。"
    elif "unplan" in kinds:
        why = "は、もう送り始めたか止めたため、取り消せません。"
    raise desk.Declined(f"「{sentence}」(#Z{entry.id}) {why}", cards.Tap("履歴", "履歴"))


async def _refuse_used(entry: audit.Entry, sentence: str, done: Sequence[changes.Change]) -> None:
    """What was made stays where others have come to use it since; what is put back along with it is no such other."""
    made = [change for change in done if changes.unmakes(change)]
    along = await uses.by([(change["table"], change["key"]) for change in done if change not in made]) if made else ()
    for kind in dict.fromkeys(change["table"] for change in made):
        numbers = [change["key"] for change in made if change["table"] == kind]
        used = [one for one in await uses.of(kind, numbers) if one not in along]
        if not used:
            continue
        noun, letter = objects.KINDS[kind]
        raise desk.Declined(
            f"「{sentence}」(#Z{entry.id}) は取り消せません。この{noun}は今、ほかで使われています。\n"
            f"使用先: {places.told(used)}\n先に使用先から外してください。",
            *(cards.Tap("使用先を見る", f"{noun} 使用先 #{letter}{one}") for one in numbers if len(numbers) == 1),
        )


async def _call_off(at: desk.Desk, change: changes.Change) -> changes.Applied:
    """Stop a deed that concerns many, and begin the opposite for those it has reached, as far as there is one."""
    left = await deeds.stop(change["operation"], at.now)
    [put_off] = await changes.apply([changes.call_off(f"operation:{change['operation']}")], at.now)
    if not (left or put_off.done or change["actions"]):
        return changes.Applied(change, kept=1)
    reached = await changes.reached(change["operation"], change["actions"])
    if reached:
        await operations.begin(reached, change["actions"], await at.entry_id())
    return changes.Applied(change, done=1)


NOUN = command.Noun(
    "undo",
    "直前の操作を元に戻します。",
    (
        Command(
            "undo",
            "run",
            "自分の直前の操作（24時間以内）、または番号の操作（管理者は30日以内）を取り消す",
            ("取消", "取消 {entry}"),
            "operator",
            1,
            undo,
            (Argument("#Z番号", optional=True, takes="log"),),
        ),
    ),
    bare="run",
)
