"""Looking at staff: who they are, what they may do, when they last did something."""

from admin_commands import cards, desk, lists, objects, scopes
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.members import duty, roles
from storage import staff


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    page = objects.page_of(said)
    everybody = await staff.all_members()
    shown = everybody[lists.offset(page) :][: lists.ROWS]
    ranges = await scopes.briefs([one.scope for one in shown])
    rows = [
        cards.Row(
            f"{one.name} … {desk.ROLES[one.role]}{roles.STATES[one.state]}{of}",
            f"スタッフ 表示 {quoted(one)}",
        )
        for one, of in zip(shown, ranges, strict=True)
    ]
    return await lists.say(at, "🧑‍💼 スタッフ", rows, len(everybody), page, "スタッフ 一覧")


async def show(at: desk.Desk, said: Said) -> cards.Say:
    one = await objects.member(at, said, 0)
    last = at.moment(one.last_command_at) if one.last_command_at else "まだありません"
    told = [
        f"役割: {desk.ROLES[one.role]}{roles.STATES[one.state]}",
        f"できること: {roles.CAN[one.role]}",
        f"見える友だち: {await scopes.told(at, one.scope)}",
        *([f"当番: {duty.show(one)}"] if one.duty else []),
        f"最後の操作: {last}",
    ]
    buttons = (
        cards.Tap("履歴", f"履歴 {words.show(words.Name(f'@{one.name}'))}"),
        cards.Tap("一覧", "スタッフ 一覧"),
    )
    return cards.Say("", card=cards.panel(f"🧑‍💼 {one.name}さん", told, buttons=buttons))


def quoted(one: staff.Member) -> str:
    """The name as a command holds it."""
    return words.show(words.Name(one.name))
