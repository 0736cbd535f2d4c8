"""The condition of a command that saves or checks one, and what keeps it from being saved."""

from dataclasses import replace

from admin_commands import desk, segments
from admin_commands.grammar import canonical, words
from admin_commands.grammar import segments as conditions
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments.kinds import fields
from admin_commands.grammar.segments.tree import Tree
from storage import named
from storage.segments import saved


async def condition(at: desk.Desk, said: Said) -> segments.Linked:
    """What stands behind the name; a word alone may be one, too (`岐阜`)."""
    if said.target is not None:
        return await segments.of(at, said)
    given = said.objects(1)[0]
    text = given.text if isinstance(given, words.Name) else words.show(given)

    def again(tree: Tree) -> str:
        return canonical(replace(said, args=said.args[:1], target=conditions.Segment("", tree)))

    return await segments.link(at, fields.Word(text), again)


async def refuse_circles(at: desk.Desk, number: int, name: str, linked: segments.Linked) -> None:
    """A segment that would be inside itself, or be more than can be told."""
    meant = at.config.meaning.segments
    way = saved.cycle(number, linked.stored, meant)
    if way is not None:
        known = await named.by_ids("segments", way)
        shown = " → ".join(f"「{known[one].name if one in known else name}」" for one in way)
        raise desk.Declined(
            f"セグメント「{name}」の中に、自分自身が入ってしまいます。\n{shown}\nどれかの条件から ＠ を外してください。"
        )
    if number in meant:
        meant = {**meant, number: linked.stored}
    if any(saved.too_much(one, meant) for one in (linked.stored, *meant.values())):
        raise desk.Declined(
            f"セグメントが大きすぎます（中のセグメントも合わせて条件{saved.MOST}個、{saved.DEPTH}段まで）。"
            "条件を分けてください。"
        )
