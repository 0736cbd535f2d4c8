"""Writing templates: pasted, copied, an old version again, out of the bin; each content is kept as a version."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from admin_commands import bodies, cards, content, desk, lifecycle, objects, places, previews, versioned
from admin_commands.grammar import definitions, numbers, print_block, words
from admin_commands.grammar.commands import Command as Said
from jobs import messages
from storage import named, names, templates


async def reserve(at: desk.Desk, definition: definitions.Template) -> int:
    """The template of this name, made if there is none yet."""
    return await lifecycle.reserve(definition.name, "templates", lambda name: templates.make(name, at.now))


async def define(at: desk.Desk, definition: definitions.Template, number: int, links: content.Links) -> cards.Say:
    """Keep a template; one that is sent from somewhere changes there too, which is confirmed."""
    at.concerns("template", f"#M{number}")
    definition = content.dated(at, definition)
    await named.lock("templates", [number])
    kept = await templates.get(number)
    source = print_block(content.linked(replace(definition, name=kept.name, version=None), links))
    if content.same(kept.source, source):
        return cards.Say(f"変更なし（テンプレ「{kept.name}」は今と同じ内容です）。")
    builder = content.Builder(at, f"template:{number}", links, definition)
    composed = builder.template(definition)
    if not composed and not builder.faults:
        raise desk.Declined(f"テンプレ「{kept.name}」に送る内容がありません。▼本文 の下に書いてください。")
    builder.keyed(number, _keys(kept, builder.questions))
    said = messages.fill_buttons(composed, await builder.numbered())
    written = Written(source, said, builder.questions)
    other = await versioned.written_over(at, "templates", kept, definition.version)
    return await _write(at, kept, written, "書き直し", content.made_note(links), other)


@dataclass(frozen=True, slots=True)
class Written:
    """A content, as a version keeps it."""

    source: str
    messages: Sequence[dict[str, Any]]
    questions: Sequence[dict[str, Any]]

    def kept(self) -> dict[str, Any]:
        return {"source": self.source, "messages": list(self.messages), "questions": list(self.questions)}


def _keys(kept: templates.Kept, asked: Sequence[dict[str, Any]]) -> list[str]:
    """The keys of questions: one that the template has had already keeps its key, and so its answers.

    It is the same question when its words are, or else when it has choices in common; the most of them win.
    """
    left = {one["key"]: one for one in kept.questions}
    found: dict[int, str] = {}
    likeness = sorted(
        ((-_alike(one, old), place, key) for place, one in enumerate(asked) for key, old in left.items()),
    )
    for unlike, place, key in likeness:
        if unlike < 0 and place not in found and key in left:
            found[place] = key
            del left[key]
    return [found.get(place, f"q{kept.version}.{place}") for place in range(len(asked))]


def _alike(one: dict[str, Any], other: dict[str, Any]) -> int:
    ours, theirs = ({names.name_key(choice["label"]) for choice in each["choices"]} for each in (one, other))
    return len(ours & theirs) + (1_000 if one["text"] == other["text"] else 0)


async def _write(
    at: desk.Desk,
    kept: templates.Kept,
    written: Written,
    did: str,
    note: str = "",
    other: str | None = None,
) -> cards.Say:
    """Put a content in force, after a press where it is sent from somewhere."""
    shown = tuple(await previews.of(at, list(written.messages)))
    used = await templates.uses(kept.id)
    if used and kept.source:
        _confirm(at, kept, used, shown, did, other)
    before = Written(kept.source, kept.messages, kept.questions).kept()

    def write(number: int) -> Awaitable[int]:
        return templates.write(kept.id, written.source, written.messages, written.questions, number, at.now)

    after = written.kept()
    said = await versioned.put_in_force(at, "templates", kept, before, after, write, did, look="確認", note=note)
    return replace(said, before=shown[:3])


def _confirm(
    at: desk.Desk,
    kept: templates.Kept,
    used: list[named.Use],
    shown: tuple[cards.Message, ...],
    did: str,
    other: str | None,
) -> None:
    at.permit("manager", f"使用中のテンプレ「{kept.name}」の変更")
    at.confirm(
        f"テンプレ「{kept.name}」を{did}ます",
        [f"使用先: {places.told(used)}", "これから送る分が新しい内容になります。"],
        holds={"template": kept.id, "version": kept.version},
        label="反映する",
        warnings=[other] if other else [],
        before=shown[:3],
    )


async def change(at: desk.Desk, said: Said) -> cards.Say:
    """`本文`, `2つ目 本文`, with the text below it; without a text it is asked for."""
    thing = await objects.thing(at, "templates", said)
    await named.lock("templates", [thing.id])
    kept = await templates.get(thing.id)
    definition = _definition(kept)
    given = [objects.text_of(said, place) for place in range(1, len(said.args))]
    place = _place(kept, definition, given)
    if not (said.text or "").strip():
        shown = f"{place + 1}つ目 " if len(definition.parts) > 1 else ""
        what = f"テンプレ「{kept.name}」{shown.strip()}"
        return await bodies.ask(at, what, definition.parts[place].pieces, f"テンプレ 変更 #M{kept.id} {shown}本文")
    part = definition.parts[place]
    wanted = replace(part, pieces=bodies.exchanged(part.pieces, said.text or ""))
    parts = (*definition.parts[:place], wanted, *definition.parts[place + 1 :])
    pasted = bodies.pasted(replace(definition, name=kept.name, parts=parts, version=kept.number))
    with bodies.as_typed(said):
        return await define(at, pasted, kept.id, await content.link(at, [pasted]))


def _definition(kept: templates.Kept) -> definitions.Template:
    definition = content.reread(kept.source)
    if not isinstance(definition, definitions.Template):
        raise TypeError("a template's source is no template")
    return definition


def _place(kept: templates.Kept, definition: definitions.Template, given: Sequence[str]) -> int:
    """Which part is meant, from 0; the only one needs no number."""
    name = words.show(words.Name(kept.name))
    which = [one for one in given if one != "本文"]
    number = numbers.nth(which[0]) if which else 1 if len(definition.parts) == 1 else None
    if len(which) > 1 or number is None:
        raise desk.Declined(
            f"テンプレ「{kept.name}」の何を変えるかを書いてください（▼は{len(definition.parts)}つあります）。\n"
            f"例: テンプレ 変更 {name} 1つ目 本文"
        )
    if not 0 < number <= len(definition.parts):
        raise desk.Declined(f"テンプレ「{kept.name}」の▼は{len(definition.parts)}つまでです。")
    return number - 1


async def copy(at: desk.Desk, said: Said) -> cards.Say:
    """The same content under another name."""
    thing = await objects.thing(at, "templates", said)
    kept = await templates.get(thing.id)
    name = await lifecycle.copy_name(said, "templates", kept.name)
    wanted = replace(_definition(kept), name=name, version=None)
    return await define(at, wanted, await reserve(at, wanted), await content.link(at, [wanted]))


async def revert(at: desk.Desk, said: Said) -> cards.Say:
    """Out of the bin, or the content of an old version again."""
    if len(said.args) > 1:
        return await _old_version(at, said)
    found = await lifecycle.out_of_bin(at, said.objects(0)[0], "templates")
    return lifecycle.restored("templates", found, look="確認")


async def _old_version(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    await named.lock("templates", [thing.id])
    kept = await templates.get(thing.id)
    old = await versioned.old(said, "templates", kept)
    if isinstance(old, cards.Say):
        return old
    await lifecycle.require_media(at, old.content["source"], f"版{old.number}")
    written = Written(old.content["source"], old.content["messages"], old.content.get("questions", []))
    return await _write(at, kept, written, f"版{old.number}に戻し")


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    kept = await templates.get((await objects.thing(at, "templates", said)).id)
    return await versioned.show(at, said, "templates", kept, lambda one: messages.alt_text(one["messages"], 24))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "templates", said)
    return await lifecycle.delete(at, "templates", thing, loss="使われている所では、何も送られなくなります。")
