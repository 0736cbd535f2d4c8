"""控え 取込: a file is read whole, put down inside the transaction, and kept only when just that has been confirmed."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypeVar

from admin_commands import auto_replies, cards, choices, content, desk, forms, greetings, pasting, places
from admin_commands.backups import decoding, dropped, plan, things
from admin_commands.broadcasts.writing import without_past
from admin_commands.command import Noun
from admin_commands.grammar import definitions, print_block, read_file, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import File
from admin_commands.scenarios import restoring
from admin_commands.shared_values import deeds as deeds_of_values
from storage import action_sets, backups, broadcasts, changes, dialogues, errors, named, names, settings, templates
from storage import greetings as kept_greetings
from storage.media import contents

NAMED: tuple[tuple[named.Kind, type], ...] = (
    ("scenarios", definitions.Scenario),
    ("templates", definitions.Template),
    ("broadcasts", definitions.Broadcast),
    ("action_sets", definitions.ActionSet),
    ("auto_replies", definitions.AutoReply),
    ("forms", definitions.Form),
)
# What is made and changed by commands, by the noun of these.
SPOKEN: dict[str, named.Kind] = {
    "link": "links",
    "segment": "segments",
    "field": "fields",
    "shared_value": "shared_values",
}
V = TypeVar("V", bound=definitions.Scenario | definitions.AutoReply | definitions.Form)

# Places of what is carried out within, apart from those of a message's commands: of blocks, and of commands.
NESTED, NESTED_COMMANDS = 1_000, 100_000


async def take_in(at: desk.Desk, book: Sequence[Noun]) -> cards.Say:
    """The plan, to be confirmed; then all of it as one deed."""
    place = at.place
    found = await dropped.find(at)
    if isinstance(found, cards.Say):
        return found
    if found.size is None or found.size > decoding.MOST or found.state != "kept":
        raise desk.Declined("そのファイルは取り込めません。控えのテキストファイル（.txt・1MBまで）を送ってください。")
    text = decoding.text(await contents.original(found.content or 0))
    file = await asyncio.to_thread(read_file, text)
    dropped.refuse(dropped.faults_of(file))
    dropped.limit(file)
    holds = {"file": found.id, "sha": backups.digest(text), "there": await _there(file)}
    before = len(at.deeds)
    comes = await _put_down(at, file, book)
    at.place = place
    deeds = at.deeds[before:]
    del at.deeds[before:]
    await dialogues.drop_unshown(at.chat, at.actor.user_id or "", at.now)
    touched = len(comes.new) + len(comes.changed) + len(comes.drafts)
    if not touched and not comes.later:
        return cards.Say(f"変更なし（{things.counted(comes.same)}、すべて今と同じ内容です）。")
    plan.confirm(at, comes, touched, holds)
    at.then = "\n".join(print_block(one) for one in comes.later)
    if not touched:
        return cards.Say("")
    at.record(
        "backup.import",
        {"sha": holds["sha"]},
        f"控えを取り込んだ（新しい{len(comes.new)}件・変更{len(comes.changed) + len(comes.drafts)}件）",
        changes.collapsed([change for deed in deeds for change in deed.inverse]),
    )
    told = ["✅ 控えを取り込みました。", *plan.told(comes)]
    taps = (cards.Tap("下書き 一覧", "下書き 一覧"),) if comes.drafts else ()
    return cards.Say("\n".join(told), (*places.undo_tap(), *taps, cards.Tap("シナリオ 一覧", "シナリオ 一覧")))


async def _there(file: File) -> dict[str, Any]:
    """The versions of everything that the file speaks of, as they are now."""
    there: dict[str, Any] = {}
    scenarios = [one.name for one in file.definitions if isinstance(one, definitions.Scenario)]
    made = [one.name for one in file.definitions if isinstance(one, definitions.Template)]
    sets = [one.name for one in file.definitions if isinstance(one, definitions.ActionSet)]
    there["action_sets"] = _versions(await named.by_names("action_sets", sets))
    there["scenarios"] = _versions(await named.by_names("scenarios", scenarios))
    there["templates"] = _versions(await named.by_names("templates", made))
    sent = [one.name for one in file.definitions if isinstance(one, definitions.Broadcast)]
    there["broadcasts"] = _versions(await named.by_names("broadcasts", sent))
    answers = [one.name for one in file.definitions if isinstance(one, definitions.AutoReply)]
    there["auto_replies"] = _versions(await named.by_names("auto_replies", answers))
    asked = [one.name for one in file.definitions if isinstance(one, definitions.Form)]
    there["forms"] = _versions(await named.by_names("forms", asked))
    there["greetings"] = {kind: one.version for kind, one in (await kept_greetings.all_kept()).items()}
    ruled = [one.text for said in file.commands if (said.noun, said.verb) == ("tag", "set") for one in _names(said)]
    there["tags"] = _versions(await named.by_names("tags", ruled))
    for noun, kind in SPOKEN.items():
        spoken = [one.text for said in file.commands if said.noun == noun for one in _names(said)]
        there[kind] = _versions(await named.by_names(kind, spoken))
    there["settings"] = await settings.chosen()
    return there


def _versions(found: Mapping[str, named.Named]) -> dict[str, int]:
    return {str(one.id): one.version for one in found.values()}


async def _put_down(at: desk.Desk, file: File, book: Sequence[Noun]) -> plan.Plan:
    comes = plan.Plan()
    faults: list[Fault] = []
    tags = [one.text for said in file.commands if said.noun == "tag" for one in _names(said)]
    there = set(await named.by_names("tags", tags))
    ruling = [
        said for said in file.commands if (said.noun, said.verb) in (("tag", "set"), ("link", "set"), ("field", "set"))
    ]
    segments = [said for said in file.commands if said.noun == "segment"]
    first = [said for said in file.commands if said not in ruling and said not in segments]
    await _run(at, first, book, there, comes, faults)
    try:
        usable = pasting.usable(file.definitions)
    except content.Faulty as faulty:
        dropped.refuse([*faults, *faulty.faults])
        raise
    usable.sort(key=lambda one: getattr(one, "state", None) == "draft")
    had = {of: set(await named.by_names(kind, _called(usable, of))) for kind, of in NAMED}
    numbers = [await pasting.reserve(at, one) for one in usable]
    await _run(at, segments, book, there, comes, faults)  # these name scenarios, and are named by them
    try:
        links = await content.link(at, usable, elsewhere=True)
    except content.Faulty as faulty:
        dropped.refuse([*faults, *faulty.faults])
        raise
    content.record_made(at, links)
    comes.new += [things.Thing("tag", name, ()) for name in links.new_tags]
    comes.new += [things.Thing("link", links.leading[one].name, ()) for one in links.new_links.values()]
    for place, (one, number) in enumerate(zip(usable, numbers, strict=True)):
        at.place = NESTED + place
        try:
            await _take(at, one, number, links, had, comes)
        except content.Faulty as faulty:
            faults += faulty.faults
        except errors.Refused as refused:
            faults.append(Fault(one.line, dropped.first_line(one), f"を取り込めません（{refused.message}）"))
    await _run(at, ruling, book, there, comes, faults)  # what a tag does by itself may name all that has come before
    dropped.refuse(faults)
    return comes


def _called(usable: Sequence[definitions.Usable], of: type) -> list[str]:
    """The names of all blocks of one kind."""
    return [one.name for one in usable if isinstance(one, of) and not isinstance(one, definitions.Greeting)]


async def _take(
    at: desk.Desk,
    one: definitions.Usable,
    number: int,
    links: content.Links,
    had: Mapping[type, Collection[str]],
    comes: plan.Plan,
) -> None:
    """Put one block down; `had` are the keys of the names that were there before, by kind."""
    there = not isinstance(one, definitions.Greeting) and names.name_key(one.name) in had[type(one)]
    match one:
        case definitions.Scenario():
            await _versioned(at, one, number, links, there, comes, restoring.make, restoring.draft)
        case definitions.Template():
            await _template(at, one, number, links, there, comes)
        case definitions.Broadcast():
            await _broadcast(at, one, number, links, there, comes)
        case definitions.ActionSet():
            await _action_set(at, one, number, links, there, comes)
        case definitions.AutoReply():
            way = auto_replies.WAY
            await _versioned(at, one, number, links, there, comes, way.restore, way.restore_draft)
        case definitions.Form():
            await _versioned(at, one, number, links, there, comes, forms.WAY.restore, forms.WAY.restore_draft)
        case definitions.Greeting():
            await _greeting(at, one, links, comes)


async def _run(
    at: desk.Desk,
    commands: Sequence[Said],
    book: Sequence[Noun],
    tags: Collection[str],
    comes: plan.Plan,
    faults: list[Fault],
) -> None:
    """Commands of the file, by their own handlers; `tags` are the keys of those that were there before."""
    nouns = {noun.key: noun for noun in book}
    chosen = await settings.chosen()
    for said in commands:
        declared = nouns[said.noun].command(said.verb)
        if (said.noun, said.verb) == ("shared_value", "set"):
            said = deeds_of_values.come(at, said)  # noqa: PLW2901 - the same command as of now
        deeds = len(at.deeds)
        at.place = NESTED_COMMANDS + said.line
        try:
            if declared is not None:
                await _unasked(at, partial(declared.run, at, said))
        except errors.Refused as refused:
            faults.append(Fault(said.line, said.raw, f"を取り込めません（{refused.message}）"))
            continue
        did = [deed.verb for deed in at.deeds[deeds:]]
        _told(comes, said, tags, did)
        if did and said.noun == "config":
            choice = choices.find(words.show(said.objects(0)[0]))
            comes.concerned |= choice is not None and choice.key in chosen


def _told(comes: plan.Plan, said: Said, tags: Collection[str], did: Sequence[str]) -> None:
    """What a command has come to, from the verbs of what it `did`; one may say more of what another has made."""
    for (_, key), one in things.of(File((said,), ())).items():
        if (said.noun, said.verb) == ("tag", "new"):
            (comes.same if key in tags else comes.new).append(one)
        elif any(verb.endswith(".new") for verb in did):
            comes.new.append(one)
        elif did and not _among(one, comes.new) and not _among(one, comes.changed):
            comes.same = [other for other in comes.same if not _among(one, [other])]
            comes.changed.append(one)
            comes.concerned |= said.noun != "config"
        elif not did and not _among(one, [*comes.new, *comes.changed, *comes.same]):
            comes.same.append(one)


def _among(one: things.Thing, found: Sequence[things.Thing]) -> bool:
    return any((other.noun, names.name_key(other.name)) == (one.noun, names.name_key(one.name)) for other in found)


def _names(said: Said) -> list[words.Name]:
    return [one for one in said.objects(0) if isinstance(one, words.Name)]


async def _versioned(
    at: desk.Desk,
    one: V,
    number: int,
    links: content.Links,
    there: bool,
    comes: plan.Plan,
    make: Callable[[desk.Desk, V, int, content.Links], Awaitable[None]],
    draft: Callable[[desk.Desk, V, int, content.Links], Awaitable[Literal["same", "draft", "live"]]],
) -> None:
    """A new one gets its state; of one that is there only the draft changes."""
    [thing] = things.of(File((), (one,))).values()
    if not there and one.state != "draft" and one.state is not None:
        await make(at, one, number, links)
        comes.new.append(thing)
        comes.published += isinstance(one, definitions.Scenario) and one.state == "live"
        return
    outcome = await draft(at, one, number, links)
    if outcome == "same":
        comes.same.append(thing)
    elif there:
        comes.drafts.append(thing)
        comes.concerned |= outcome == "live"
    elif not _among(thing, comes.new):
        comes.new.append(thing)


async def _template(
    at: desk.Desk, one: definitions.Template, number: int, links: content.Links, there: bool, comes: plan.Plan
) -> None:
    source = (await templates.get(number)).source if there and await templates.uses(number) else None
    await _block(at, one, number, links, there, comes, source)


async def _action_set(
    at: desk.Desk, one: definitions.ActionSet, number: int, links: content.Links, there: bool, comes: plan.Plan
) -> None:
    source = (await action_sets.get(number)).source if there and await action_sets.uses(number) else None
    await _block(at, one, number, links, there, comes, source)


async def _broadcast(
    at: desk.Desk, one: definitions.Broadcast, number: int, links: content.Links, there: bool, comes: plan.Plan
) -> None:
    """A draft; what is reserved or has been sent stays as it is, and is asked about by itself."""
    kept = await broadcasts.get(number)
    source = kept.source if there and kept.run is not None else None
    await _block(at, without_past(at, one), number, links, there, comes, source)


async def _block(
    at: desk.Desk,
    one: definitions.Template | definitions.Broadcast | definitions.ActionSet,
    number: int,
    links: content.Links,
    there: bool,
    comes: plan.Plan,
    source: str | None,
) -> None:
    """What is in use, which has a `source`, is left for a card of its own where it says something else."""
    [thing] = things.of(File((), (one,))).values()
    plain = replace(one, version=None)
    if source is not None:
        if content.same(source, print_block(content.linked(plain, links))):
            comes.same.append(thing)
        else:
            comes.later.append(plain)
        return
    deeds = len(at.deeds)
    await _unasked(at, lambda: pasting.filled(at, plain, number, links))
    (comes.new if not there else comes.changed if len(at.deeds) > deeds else comes.same).append(thing)


async def _greeting(at: desk.Desk, one: definitions.Greeting, links: content.Links, comes: plan.Plan) -> None:
    """A kind that is not there yet comes into force; one that is, and says something else, gets a card of its own."""
    kept = await kept_greetings.all_kept()
    for part in one.parts:
        alone = replace(one, parts=(part,), version=None)
        [thing] = things.of(File((), (alone,))).values()
        if part.kind not in kept:
            await _unasked(at, partial(greetings.define, at, alone, links))
            comes.new.append(thing)
        elif kept[part.kind].source == print_block(content.linked(replace(alone, state=None), links)):
            comes.same.append(thing)
        else:
            comes.later.append(alone)


async def _unasked(at: desk.Desk, work: Callable[[], Awaitable[Any]]) -> Any:
    """Carried out at once: the one card over the whole file is what asks."""
    while True:
        try:
            return await work()
        except desk.Unconfirmed as shown:
            if shown.choices or at.held.get(shown.key) == shown.holds:
                raise
            at.held = {**at.held, shown.key: shown.holds}
