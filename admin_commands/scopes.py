"""範囲: the friends that a person or a group may see, written as a condition."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from admin_commands import desk, segments
from admin_commands.grammar import canonical, explain, normalise, words
from admin_commands.grammar import segments as conditions
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import printing
from admin_commands.grammar.segments.tree import Tree
from storage import segments as stored
from storage import staff

OPTION = "範囲"
ALL = ("なし", "全員", "すべて", "全部")
Scope = dict[str, Any] | None


async def read(at: desk.Desk, said: Said, usual: Scope = None) -> Scope:
    """The 範囲= of a command, or the usual one; what names nothing or has two meanings is asked about."""
    text = said.option(OPTION)
    if text is None:
        return usual
    if normalise.fold(normalise.lookup(text).text) in map(normalise.fold, ALL):
        return None
    segment, faults = conditions.read(words.line_of(text))
    if faults or segment.tree is None:
        why = explain(faults).removeprefix("❌ ") if faults else "範囲の条件が読めません。"
        raise desk.Declined(f"{why}\n範囲の例: {OPTION}=タグ:岐阜店")
    return (await segments.link(at, segment.tree, _again(said))).stored


def _again(said: Said) -> Callable[[Tree], str]:
    def again(tree: Tree) -> str:
        options = tuple(
            replace(one, value=printing.show(tree)) if normalise.fold(one.key) == normalise.fold(OPTION) else one
            for one in said.options
        )
        return canonical(replace(said, options=options))

    return again


async def told(at: desk.Desk, scope: Scope) -> str:
    """`タグ:岐阜店（今12人）`, or すべての友だち."""
    if scope is None:
        return "すべての友だち"
    count = await stored.count(scope, at.sight)
    return f"{await segments.told(scope)}（今{count:,}人）"


async def brief(scope: Scope) -> str:
    """`・範囲 タグ:岐阜店`, for one line; nothing where there is none."""
    return (await briefs([scope]))[0]


async def briefs(scopes: Sequence[Scope]) -> list[str]:
    words_of = iter(await segments.told_all([scope for scope in scopes if scope is not None]))
    return ["" if scope is None else f"・{OPTION} {next(words_of)}" for scope in scopes]


def fits(role: staff.Role, scope: Scope) -> None:
    """Only those who do the daily work can be kept to some friends: managers change what concerns everybody."""
    if scope is not None and desk.RANK[role] > desk.RANK["operator"]:
        raise desk.Declined(f"範囲を付けられるのはオペレーターと閲覧だけです（{desk.ROLES[role]}には付けられません）。")


def of(member: staff.Member | None, room: staff.Room | None) -> stored.Segment | None:
    """The friends whom a person may see in a group or alone with the bot: those in both scopes; None: all."""
    found = [one.scope for one in (member, room) if one is not None and one.scope is not None]
    return {"all": found} if found else None
