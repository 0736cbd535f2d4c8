"""A pasted block of a noun with drafts becomes one; over what is in force it changes only as is chosen on the card."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, Literal, Protocol

from admin_commands import cards, content, desk, lifecycle, places
from admin_commands.drafted import STATES, D, Drafts
from admin_commands.grammar.commands import Command as Said
from storage import account, changes, versions
from storage.drafted import Kept

NOW: Final = cards.Choice("live", "反映する")
DRAFT: Final = cards.Choice("draft", "下書きに置く")


class Described(Protocol):
    """What a card says of a version."""

    async def __call__(self, at: desk.Desk, one: Kept, written: versions.Kept, /) -> Sequence[cards.Line]: ...


class Warned(Protocol):
    """What is dangerous about putting a version in force in the place of another."""

    async def __call__(
        self, at: desk.Desk, one: Kept, written: versions.Kept, live: versions.Kept | None, /
    ) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Way(Generic[D]):
    """How one of the nouns goes from a block to what is in force.

    `dated` puts years to its dates; `built` makes the content of a version, without its source; `noted` tells what
    linking has made; `shown` is sent before the card of a draft; `published` tells that it is in force, with a word.
    """

    noun: Drafts[D]
    dated: Callable[[desk.Desk, D], D]
    built: Callable[[desk.Desk, D, Kept, content.Links], Awaitable[dict[str, Any]]]
    described: Described
    warned: Warned
    published: Callable[[desk.Desk, Kept, versions.Kept, str], cards.Say]
    put_live: Callable[[desk.Desk, Kept, versions.Kept, str], Awaitable[None]]
    noted: Callable[[desk.Desk, content.Links], str] = lambda _, links: content.made_note(links)
    shown: Callable[[desk.Desk, versions.Kept], Awaitable[tuple[cards.Message, ...]]] | None = None
    looks: tuple[str, ...] = ("書出",)  # verbs by which a draft is looked at
    again: Callable[[Kept, versions.Kept], Awaitable[dict[str, Any]]] | None = None  # an old version as the next one

    async def reserve(self, at: desk.Desk, definition: D) -> int:
        """The one of this name, made if there is none yet."""
        return await lifecycle.reserve(definition.name, self.noun.kind, lambda name: self.noun.rows.make(name, at.now))

    async def define(
        self,
        at: desk.Desk,
        definition: D,
        number: int,
        links: content.Links,
        built: Callable[[desk.Desk, D, Kept, content.Links], Awaitable[dict[str, Any]]] | None = None,
    ) -> cards.Say:
        """Keep a block as the draft; over one in force, managers choose whether it holds at once."""
        noun = self.noun
        at.concerns(noun.verb, noun.numbered(number))
        one = await noun.rows.get(number, lock=True)
        definition = self.dated(at, definition)
        source = noun.source_of(definition, one.name, links)
        live, draft = await noun.version(one, one.live), await noun.version(one, one.draft)
        latest = draft or live
        if latest is not None and content.same(latest.content["source"], source):
            if draft is None:
                return cards.Say(f"変更なし（{noun.called(one)}版{latest.number}と同じ内容です）。")
            return await self.preview(at, one, latest, live, "変更なし（下書きと同じ内容です）。")
        if live is not None and content.same(live.content["source"], source):
            await noun.rows.change(number, state=one.state, live=one.live, draft=None)
            return cards.Say(f"公開中の版{live.number}と同じ内容です。下書きは片付けました。")
        if latest is not None and (definition.version is not None or draft is not None):
            shows = noun.command("書出", number)
            lifecycle.mind_the_other(at, noun.called(one), shows, definition.version, latest)
        stored = {"source": source, **await (built or self.built)(at, definition, one, links)}
        return await self.put_down(at, one, stored, live, self.noted(at, links))

    async def put_down(
        self, at: desk.Desk, one: Kept, stored: Mapping[str, Any], live: versions.Kept | None, note: str
    ) -> cards.Say:
        """The next version: the draft, or in force at once where that is chosen."""
        noun = self.noun
        written = await noun.add(at, one, stored)
        if live is not None and at.may("manager"):
            chosen = at.choose(
                "policy",
                f"{noun.called(one)}{noun.numbered(one.id)} を変更します",
                [*([note] if note else []), *await noun.difference(one, live, written)],
                [NOW, DRAFT],
                holds=noun.subject(one.id, row=one.version),
                warnings=await self.warned(at, one, written, live),
            )
            if chosen == "live":
                await self.put_live(at, one, written, one.state)
                return self.published(at, one, written, "停止中のままです。" if one.state == "paused" else "")
        await noun.lay_down(at, one, written)
        return await self.preview(at, await noun.rows.get(one.id), written, live, note)

    async def preview(
        self, at: desk.Desk, one: Kept, written: versions.Kept, live: versions.Kept | None, note: str
    ) -> cards.Say:
        """The draft and the button that puts it in force."""
        noun, publish = self.noun, self.noun.command("公開", one.id)
        lines: list[cards.Line] = [note] if note else []
        lines += [*await self.described(at, one, written), *await noun.difference(one, live, written)]
        token, until = await at.ask(publish, {"0": noun.holds(one, written)}, policy="asker_or_manager")
        who = f"{at.actor.name}さんか管理者の方" if at.may("manager") else "管理者の方"
        made = cards.card(
            f"📝 {noun.called(one)}{noun.numbered(one.id)} 下書き（版{written.number}）",
            lines,
            token=token,
            label="公開する",
            notes=[f"{who}が押せます・{until}まで有効。あとからは「{publish}」"],
            warnings=await self.warned(at, one, written, live),
        )
        taps = (*(cards.Tap(verb, noun.command(verb, one.id)) for verb in self.looks), *places.undo_tap())
        return cards.Say("", taps, before=await self.shown(at, written) if self.shown else (), card=made)

    async def set_state(self, at: desk.Desk, said: Said, state: Literal["live", "paused"], told: str) -> cards.Say:
        """Stop it or let it go on; `told` is what that means for customers."""
        noun = self.noun
        one = await noun.locked(at, said)
        live = await noun.version(one, one.live)
        if live is None:
            publish = cards.Tap("公開", noun.command("公開", one.id))
            raise desk.Declined(f"{noun.called(one)}はまだ公開していません。", publish)
        if one.state == state:
            return cards.Say(f"{noun.called(one)}はもう{STATES[state]}です。変更はありません。")
        if state == "live":
            at.confirm(
                f"{noun.called(one)}を再開します",
                await self.described(at, one, live),
                holds=noun.subject(one.id, row=one.version),
                label="再開する",
                warnings=await self.warned(at, one, live, None),
            )
        row = await noun.rows.change(one.id, state=state, live=one.live, draft=one.draft)
        await account.configuration_changed()
        deed, other, verb = ("再開", "停止", "resume") if state == "live" else ("停止", "再開", "stop")
        at.record(
            f"{noun.verb}.{verb}",
            noun.subject(one.id),
            f"{noun.called(one)}を{deed}した",
            [changes.put_back(noun.kind, one.id, row, {"state": one.state})],
        )
        return cards.Say(
            f"{'▶' if state == 'live' else '⏸'} {noun.called(one)}を{deed}しました。{told}",
            (cards.Tap(other, noun.command(other, one.id)), *places.undo_tap()),
        )

    async def copy(self, at: desk.Desk, said: Said) -> cards.Say:
        """The same content as the draft of a new one."""
        one, written = await self.noun.latest(at, said)
        name = await lifecycle.copy_name(said, self.noun.kind, one.name)
        wanted = replace(self.noun.definition_of(written), name=name, version=None)
        return await self.define(at, wanted, await self.reserve(at, wanted), await content.link(at, [wanted]))

    async def revert(self, at: desk.Desk, said: Said) -> cards.Say:
        """Out of the bin, or an old version as the next one."""
        if len(said.args) == 1:
            return await self.noun.back(at, said)
        one, latest = await self.noun.latest(at, said, lock=True)
        old = await self.noun.old_version(said, one)
        if content.same(latest.content["source"], old.content["source"]):
            return cards.Say(f"変更なし（{self.noun.called(one)}は版{old.number}と同じ内容です）。")
        await lifecycle.require_media(at, old.content["source"], f"版{old.number}")
        live = await self.noun.version(one, one.live)
        stored = await self.again(one, old) if self.again else old.content
        return await self.put_down(at, one, stored, live, f"版{old.number}の内容に戻します。")

    async def restore(self, at: desk.Desk, definition: D, number: int, links: content.Links) -> None:
        """Out of a 控え: one that has just got its number, in force or stopped at once."""
        noun = self.noun
        one = await noun.rows.get(number, lock=True)
        await self.put_live(at, one, await self._written(at, definition, one, links), definition.state or "live")
        row = (await noun.rows.get(number)).version
        gone = changes.put_back(noun.kind, number, row, {"deleted_at": "now"})
        at.record(f"{noun.verb}.apply", noun.subject(number), f"{noun.called(one)}を作った", [gone])

    async def restore_draft(
        self, at: desk.Desk, definition: D, number: int, links: content.Links
    ) -> Literal["same", "draft", "live"]:
        """Out of a 控え: nothing when it is what is in force or waits already; else the draft, over what is in force
        or not."""
        noun = self.noun
        one = await noun.rows.get(number, lock=True)
        source = noun.source_of(self.dated(at, definition), one.name, links)
        for there in (await noun.version(one, one.live), await noun.version(one, one.draft)):
            if there is not None and content.same(there.content["source"], source):
                return "same"
        await noun.lay_down(at, one, await self._written(at, definition, one, links))
        return "draft" if one.live is None else "live"

    async def _written(self, at: desk.Desk, definition: D, one: Kept, links: content.Links) -> versions.Kept:
        definition = self.dated(at, definition)
        built = await self.built(at, definition, one, links)
        return await self.noun.add(at, one, {"source": self.noun.source_of(definition, one.name, links), **built})
