"""セグメント 足す: one more condition, put together by taps: of which kind, on what, saying what."""

from collections.abc import Sequence
from dataclasses import replace

from admin_commands import cards, desk, lists, objects, segments
from admin_commands.grammar import canonical, normalise, words
from admin_commands.grammar import segments as conditions
from admin_commands.grammar.commands import Argument
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.segments import kinds, printing
from admin_commands.grammar.segments import tree as trees
from admin_commands.grammar.segments.declaring import Kind
from admin_commands.grammar.segments.kinds import people, saved
from admin_commands.grammar.segments.tree import Tree
from admin_commands.saved import looks
from storage import fields, named

EVERYONE = people.Everyone()  # what there is before the first condition
# What names something first, what can be tapped in one go last.
OFFERED = sorted(
    (kind for kind in kinds.KINDS if kind.offers or kind.ready),
    key=lambda kind: (kind.offers is None, len(kind.ready) == 1),
)


async def extend(at: desk.Desk, said: Said) -> cards.Say:
    """Asks for what is still missing, and at the end tells the longer condition line by line."""
    if said.target is None:
        begun = saved.Saved(said.objects(0)[0]) if said.args else EVERYONE
        said = replace(said, args=said.args[1:], target=conditions.Segment("", begun))
    asking = _Asking(at, (await segments.of(at, said)).tree, objects.page_of(said))
    given = said.objects(0)
    if not given:
        return await asking.for_kind()
    if isinstance(given[0], words.Id):
        return await asking.for_condition_on(given[0])
    wanted = objects.text_of(said, 0)
    kind = next((one for one in OFFERED if normalise.lookup(one.word).text == wanted), None)
    if kind is None:
        raise desk.Declined(f"「{wanted}」という種類の条件はありません。", cards.Tap("種類を選ぶ", asking.command()))
    if kind.names is not None:
        return await asking.for_thing(kind, kind.names)
    return await asking.among(f"「{kind.word}」", kind, kind.ready)


class _Asking:
    """The questions about what is to be added to one condition."""

    def __init__(self, at: desk.Desk, tree: Tree, page: int) -> None:
        self.at = at
        self.tree = tree
        self.page = page

    def command(self, *what: words.Object) -> str:
        """What leads on from here."""
        args = tuple(Argument((one,)) for one in what)
        return canonical(Said("segment", "extend", args=args, target=conditions.Segment("", self.tree)))

    def with_more(self, more: Tree) -> Said:
        """The longer condition, told line by line."""
        tree = trees.every([self.tree, more]) if self.tree != EVERYONE else more
        return Said("segment", "check", target=conditions.Segment("", tree))

    async def for_kind(self) -> cards.Say:
        rows = [
            cards.Row(kind.word, canonical(self.with_more(*kind.ready)))
            if len(kind.ready) == 1
            else cards.Row(kind.word, self.command(words.Name(kind.word)))
            for kind in OFFERED
        ]
        return await self._choose("➕ どの種類の条件を足しますか？", rows, self.command())

    async def for_thing(self, kind: Kind, names: named.Kind) -> cards.Say:
        noun = objects.KINDS[names][0]
        there = sorted(await named.everything(names), key=lambda one: one.name)
        if not there:
            raise desk.Declined(
                f"{noun}がまだありません。",
                cards.Tap("ほかの条件を足す", self.command()),
                cards.Tap(f"ヘルプ {noun}", f"ヘルプ {noun}"),
            )
        rows = [cards.Row(one.name, self.command(words.Id(kind.letter, one.id))) for one in there]
        return await self._choose(f"➕ どの{noun}ですか？", rows, self.command(words.Name(kind.word)))

    async def for_condition_on(self, given: words.Id) -> cards.Say:
        kind = next((one for one in OFFERED if one.letter == given.letter), None)
        if kind is None or kind.names is None or kind.offers is None:
            raise desk.Declined(f"{words.show(given)} の条件はありません。", cards.Tap("種類を選ぶ", self.command()))
        [thing] = await objects.lookup(kind.names, [given])
        if thing is None:
            raise await objects.unknown(kind.names, given, str)
        known = await fields.get([thing.id]) if kind.names == "fields" else {}
        offered = kind.offers(words.Name(thing.name), known.get(thing.id))
        if len(offered) == 1:
            return await looks.check(self.at, self.with_more(offered[0]))
        return await self.among(f"{objects.KINDS[kind.names][0]}「{thing.name}」", kind, offered, given)

    async def among(
        self, of: str, kind: Kind, offered: Sequence[trees.Condition], given: words.Id | None = None
    ) -> cards.Say:
        rows = [cards.Row(printing.show(one), canonical(self.with_more(one))) for one in offered]
        notes = [f"ほかの書き方: {kind.does}"]
        command = self.command(given or words.Name(kind.word))
        return await self._choose(f"➕ {of}の、どの条件を足しますか？", rows, command, notes)

    async def _choose(
        self, question: str, rows: Sequence[cards.Row], command: str, notes: Sequence[str] = ()
    ) -> cards.Say:
        """A page of the rows, each of them a tap as well; `command` asks the same."""
        first = lists.offset(self.page)
        shown = rows[first : first + lists.ROWS]
        told = [f"今の条件: {printing.show(self.tree)}", *notes]
        taps = [cards.Tap(row.text, row.opens) for row in shown]
        return await lists.say(self.at, question, shown, len(rows), self.page, command, taps=taps, notes=told)
