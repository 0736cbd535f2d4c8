"""The roles: their words, what each may do, and how a person stood before an appointment."""

from typing import Any, get_args

from admin_commands import desk, objects
from admin_commands.grammar import normalise
from admin_commands.grammar.commands import Command as Said
from storage import staff

WORDS: dict[str, staff.Role] = {
    **{word: role for role, word in desk.ROLES.items()},
    **{role: role for role in get_args(staff.Role)},
    "閲覧者": "viewer",
    "閲覧のみ": "viewer",
    "見るだけ": "viewer",
    "担当者": "operator",
}
CAN: dict[staff.Role, str] = {
    "viewer": "一覧・確認を見る",
    "operator": "タグ付け・下書き・シナリオへの出し入れ",
    "manager": "公開・停止・削除・ほかの人の取消",
    "owner": "スタッフとグループを含むすべて",
}
STATES = {"active": "", "suspended": "（停止中）"}


def before(known: staff.Member | None) -> dict[str, Any]:
    """What taking back an appointment makes of somebody."""
    return {"role": known.role, "scope": known.scope, "state": known.state} if known else {"state": "removed"}


def role_of(said: Said, place: int, usual: staff.Role | None) -> staff.Role:
    """The role named at `place`, or the usual one when nothing stands there."""
    if place < len(said.args):
        return read(objects.text_of(said, place))
    if usual is None:
        raise desk.Declined("役割を書いてください（閲覧・オペレーター・管理者・オーナー）。")
    return usual


def known(word: str) -> staff.Role | None:
    asked = normalise.fold(normalise.lookup(word).text)
    return next((role for one, role in WORDS.items() if normalise.fold(one) == asked), None)


def read(word: str) -> staff.Role:
    found = known(word)
    if found is None:
        raise desk.Declined(
            f"役割「{word[:20]}」は分かりません。閲覧・オペレーター・管理者・オーナーから選んでください。"
        )
    return found
