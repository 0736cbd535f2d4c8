"""当番: the hours in which somebody is told, at the cost of one message, of what nobody has heard in the group."""

from admin_commands import cards, desk, objects, scopes
from admin_commands.grammar import normalise, timings
from admin_commands.grammar.commands import Command as Said
from jobs import hours
from storage import changes, staff

OPTION = "当番"
NONE = ("なし", "切", "解除", "off", "none")
UNREAD = "当番の時間が読めません。例: 当番=「平日 9:00-18:00」、当番=なし"
TOLD = (
    "グループで読まれていない急ぎのお知らせが、この時間は1通だけ当番の方に届きます。",
    "当番の方がいない時間と、ボットを友だち追加していない間は、オーナーか管理者に届きます。",
)


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """`スタッフ 変更 @山田 当番=「平日 9:00-18:00」`; なし ends it."""
    one = await objects.member(at, said, 0)
    if len(said.args) > 1 or said.option(scopes.OPTION) is not None:
        raise desk.Declined(
            "当番は、役割や範囲とは分けて変えてください。例: スタッフ 変更 @お名前 当番=「平日 9:00-18:00」"
        )
    typed = normalise.lookup(said.option(OPTION) or "").text
    opening = None if typed.lower() in NONE else timings.opening(typed)
    if opening is None and typed.lower() not in NONE:
        raise desk.Declined(UNREAD)
    duty = hours.to_json(opening)
    if duty == one.duty:
        return cards.Say(f"{one.name}さんの当番はもう「{show(one)}」です。変更はありません。")
    if duty is not None and one.scope is not None:
        raise desk.Declined(
            f"{one.name}さんには範囲があるため、当番にできません（お知らせは店全体のことだからです）。"
            "範囲のない方を当番にしてください。"
        )
    new = hours.show(opening) if opening else "なし"
    at.confirm(
        f"{one.name}さんの当番を「{show(one)}」から「{new}」に変えます",
        TOLD,
        holds={"staff": one.id, "version": one.version, "duty": duty},
        label="変更する",
    )
    version = await staff.put_on_duty(one.id, duty)
    at.record(
        "staff.set",
        {"staff": one.id, "duty": duty},
        f"{one.name}さんの当番を「{show(one)}」から「{new}」にした",
        [changes.put_back("staff", one.id, version, {"duty": one.duty})],
    )
    return cards.Say(f"✅ {one.name}さんの当番を「{new}」にしました。", (cards.Tap("取消", "取消"),))


def show(one: staff.Member) -> str:
    opening = hours.from_json(one.duty)
    return hours.show(opening) if opening else "なし"
