"""What auto-replies and forms share for staff: a version in force, a draft beside it, and the versions before."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from admin_commands import cards, colleagues, comparing, content, desk, lifecycle, objects, places
from admin_commands.grammar import definitions, print_block, words
from admin_commands.grammar.commands import Command as Said
from storage import account, changes, drafted, named, versions

STATES: Final = {"draft": "下書き", "live": "公開中", "paused": "停止中"}
MOST_SHOWN = 12  # lines of a difference

D = TypeVar("D", bound=definitions.AutoReply | definitions.Form)


@dataclass(frozen=True, slots=True)
class Drafts(Generic[D]):
    """One noun of these: where it is kept, and what its blocks are read as."""

    kind: named.Kind
    rows: drafted.Rows
    definition: type[D]

    @property
    def word(self) -> str:
        return objects.KINDS[self.kind][0]

    @property
    def verb(self) -> str:
        """By which the history calls it: `form` of `form.publish`."""
        return objects.NOUNS[self.kind]

    def called(self, one: drafted.Kept) -> str:
        return f"{self.word}「{one.name}」"

    def numbered(self, number: int) -> str:
        return f"#{objects.KINDS[self.kind][1]}{number}"

    def command(self, verb: str, number: int) -> str:
        return f"{self.word} {verb} {self.numbered(number)}"

    def subject(self, number: int, **more: Any) -> dict[str, Any]:
        """As cards and the history name one."""
        return {self.rows.prefix: number, **more}

    async def version(self, one: drafted.Kept, number: int | None) -> versions.Kept | None:
        return await versions.numbered(self.rows.owner(one.id), number) if number is not None else None

    async def locked(self, at: desk.Desk, said: Said) -> drafted.Kept:
        """The one named, which nobody else changes before the end."""
        thing = await objects.thing(at, self.kind, said)
        return await self.rows.get(thing.id, lock=True)

    async def latest(self, at: desk.Desk, said: Said, *, lock: bool = False) -> tuple[drafted.Kept, versions.Kept]:
        """The one named and its draft, or what is in force where there is none."""
        thing = await objects.thing(at, self.kind, said)
        one = await self.rows.get(thing.id, lock=lock)
        return one, await self._content(one, one.draft or one.live)

    async def in_use(self, at: desk.Desk, said: Said) -> tuple[drafted.Kept, versions.Kept]:
        """The one named and what customers see of it, else its draft."""
        thing = await objects.thing(at, self.kind, said)
        one = await self.rows.get(thing.id)
        return one, await self._content(one, one.live or one.draft)

    async def _content(self, one: drafted.Kept, number: int | None) -> versions.Kept:
        found = await self.version(one, number)
        if found is None:
            raise desk.Declined(f"{self.called(one)}にはまだ中身がありません。ブロックを貼り付けてください。")
        return found

    async def draft_of(self, at: desk.Desk, said: Said) -> tuple[drafted.Kept, versions.Kept | None]:
        """The one named, locked, and its draft, if there is one."""
        one = await self.locked(at, said)
        return one, await self.version(one, one.draft)

    def definition_of(self, written: versions.Kept) -> D:
        """A version as it was pasted, with numbers in place of names. Raises content.Outdated."""
        found = content.reread(written.content["source"])
        if not isinstance(found, self.definition):
            raise TypeError(f"a version of {self.kind} is none")
        return found

    async def printed(self, one: drafted.Kept, written: versions.Kept, *, numbered: bool = False) -> str:
        """A version as a block with today's names; one that is not in today's language, as it is kept."""
        source = written.content["source"]
        try:
            definition = await content.unlinked(self.definition_of(written))
        except content.Outdated:
            return str(source)
        return print_block(replace(definition, name=one.name, version=written.number if numbered else None))

    async def difference(self, one: drafted.Kept, live: versions.Kept | None, written: versions.Kept) -> list[str]:
        """What a version changes of the one in force; nothing where there is none."""
        if live is None:
            return []
        before, after = (await self.printed(one, live)).split("\n"), (await self.printed(one, written)).split("\n")
        found = comparing.difference(before, after)
        more = [f"… ほか{len(found) - MOST_SHOWN}行"] if len(found) > MOST_SHOWN else []
        return [f"版{live.number}→{written.number}の変更点", *(found[:MOST_SHOWN] or ["内容は同じです。"]), *more]

    async def old_version(self, said: Said, one: drafted.Kept) -> versions.Kept:
        """The one that the second argument names (版5)."""
        listed = self.command("版", one.id)
        return await lifecycle.version_named(said, 1, self.rows.owner(one.id), self.called(one), listed)

    async def dump(self, at: desk.Desk, said: Said) -> cards.Say:
        one, written = await self.latest(at, said)
        if len(said.args) > 1:
            written = await self.old_version(said, one)
        return cards.Say(await self.printed(one, written, numbered=True), whole=True)

    async def dumps(self, zone: ZoneInfo) -> list[str]:  # noqa: ARG002 - one signature for all nouns
        """All as blocks with their state: the version in force, and behind it a draft that waits."""
        found: list[tuple[str, dict[str, Any]]] = []
        for one in await self.rows.everything():
            if one.live is not None:
                found.append((one.live["source"], {"name": one.kept.name, "state": one.kept.state}))
            if one.draft is not None:
                found.append((one.draft["source"], {"name": one.kept.name, "state": "draft"}))
        return await content.dumped(found)

    async def show_versions(self, at: desk.Desk, said: Said, told: Callable[[dict[str, Any]], str]) -> cards.Say:
        """`told` is the line that tells of a version's content."""
        one, _ = await self.latest(at, said)
        return await lifecycle.list_versions(
            at,
            said,
            owner=self.rows.owner(one.id),
            now=one.live or 0,
            title=f"{self.called(one)}の版",
            command=self.command("版", one.id),
            opens=self.command("元に戻す", one.id),
            told=told,
        )

    async def names(self, written: versions.Kept) -> str:
        """What a version names itself: タグ「VIP」・フォーム「相談」."""
        numbers: dict[content.Noun, list[int]] = defaultdict(list)
        for noun, given in content.mentioned(self.definition_of(written)):
            if isinstance(given, words.Id):
                numbers[noun].append(given.number)
        found: list[str] = []
        for noun in sorted(numbers):
            known = await colleagues.called(noun, sorted(set(numbers[noun])))
            found += [f"{colleagues.WORDS[noun][0]}「{known[number].name}」" for number in sorted(known)]
        return f"この{self.word}が使っているもの: {'・'.join(found[: places.MOST])}" if found else ""

    def source_of(self, definition: D, name: str, links: content.Links) -> str:
        """A block as it is kept: linked, without what only its print says."""
        return print_block(content.linked(replace(definition, name=name, version=None, state=None), links))

    def holds(self, one: drafted.Kept, written: versions.Kept) -> dict[str, Any]:
        """What must not have changed between showing a draft and publishing it."""
        return self.subject(one.id, row=one.version, draft=written.number)

    async def add(self, at: desk.Desk, one: drafted.Kept, stored: Mapping[str, Any]) -> versions.Kept:
        """The next version, which is neither in force nor the draft yet."""
        number = await versions.add(self.rows.owner(one.id), dict(stored), at.actor.staff_id, at.now)
        written = await self.version(one, number)
        if written is None:
            raise LookupError(number)
        return written

    async def lay_down(self, at: desk.Desk, one: drafted.Kept, written: versions.Kept) -> None:
        """Make a version the draft."""
        fresh = one.live is None and one.draft is None
        row = await self.rows.change(one.id, state=one.state, live=one.live, draft=written.number)
        at.record(
            f"{self.verb}.apply",
            self.subject(one.id, version=written.number),
            f"{self.called(one)}の下書き（版{written.number}）を{'作った' if fresh else '書き直した'}",
            [changes.put_back(self.kind, one.id, row, {"deleted_at": "now"} if fresh else {"draft": one.draft})],
        )

    async def put_live(self, at: desk.Desk, one: drafted.Kept, written: versions.Kept, state: str) -> None:
        """Put a version in force."""
        row = await self.rows.change(one.id, state=state, live=written.number, draft=None)
        await account.configuration_changed()
        before = {"state": one.state, "live": one.live, "draft": one.draft}
        at.record(
            f"{self.verb}.publish",
            self.subject(one.id, version=written.number),
            f"{self.called(one)}版{written.number}を公開した",
            [changes.put_back(self.kind, one.id, row, before)],
        )

    def nothing_to_publish(self, one: drafted.Kept) -> cards.Say:
        """Told where there is no draft. Raises desk.Declined where it is not in force either."""
        if one.state == "live":
            return cards.Say(f"{self.called(one)}はもう公開中です。変更はありません。")
        ways = [cards.Tap("再開", self.command("再開", one.id))] if one.live is not None else []
        raise desk.Declined(f"{self.called(one)}に公開する下書きがありません。", *ways)

    async def back(self, at: desk.Desk, said: Said) -> cards.Say:
        """Out of the bin, as it was."""
        found = await lifecycle.out_of_bin(at, said.objects(0)[0], self.kind)
        one = await self.rows.get(found.id)
        return cards.Say(
            f"✅ {self.called(one)}{self.numbered(one.id)}（{STATES[one.state]}）を元に戻しました。",
            (*places.undo_tap(), cards.Tap("表示", self.command("表示", one.id))),
        )
