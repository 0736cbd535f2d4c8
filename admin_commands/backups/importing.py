"""控え 取込: a file is read whole, put down inside the transaction, and kept only when just that has been confirmed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from admin_commands import cards, choices, content, desk, greetings, pasting, places
from admin_commands.backups import decoding, things
from admin_commands.command import Noun
from admin_commands.grammar import definitions, explain, lexicon, print_block, read_file, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.grammar.faults import Fault
from admin_commands.grammar.readings import File
from admin_commands.scenarios import restoring
from storage import backups, changes, dialogues, errors, named, names, settings, templates
from storage import greetings as kept_greetings
from storage.media import contents, received

WAITED = timedelta(minutes=10)  # how long a file may lie there before it is asked for
MOST_BLOCKS = 500
MOST_COMMANDS = 500
LONGEST_BLOCK = 40_000  # characters; in the chat none can be made that is half as long
MOST_NAMED = 8
COMMAND = "/控え 取込"
# The commands a file may hold: what the nouns print. Everything else in it is refused.
PRINTED = {("tag", "new"), ("config", "set")}
NESTED = 1_000  # places of what is carried out within, apart from those of a message's commands


@dataclass(slots=True)
class Plan:
    """What a file comes to here. `concerned`: something in force is touched by it."""

    new: list[things.Thing] = field(default_factory=list)
    changed: list[things.Thing] = field(default_factory=list)
    drafts: list[things.Thing] = field(default_factory=list)
    same: list[things.Thing] = field(default_factory=list)
    later: list[definitions.Usable] = field(default_factory=list)
    published: int = 0
    concerned: bool = False


async def take_in(at: desk.Desk, book: Sequence[Noun]) -> cards.Say:
    """The plan, to be confirmed; then all of it as one deed."""
    place = at.place
    dropped = await _dropped(at)
    if isinstance(dropped, cards.Say):
        return dropped
    if dropped.size is None or dropped.size > decoding.MOST or dropped.state != "kept":
        raise desk.Declined("そのファイルは取り込めません。控えのテキストファイル（.txt・1MBまで）を送ってください。")
    text = decoding.text(await contents.original(dropped.content or 0))
    file = await asyncio.to_thread(read_file, text)
    _refuse(_faults(file))
    _limit(file)
    holds = {"file": dropped.id, "sha": backups.digest(text), "there": await _there(file)}
    before = len(at.deeds)
    plan = await _put_down(at, file, book)
    at.place = place
    deeds = at.deeds[before:]
    del at.deeds[before:]
    await dialogues.drop_unshown(at.chat, at.actor.user_id or "", at.now)
    touched = len(plan.new) + len(plan.changed) + len(plan.drafts)
    if not touched and not plan.later:
        return cards.Say(f"変更なし（{things.counted(plan.same)}、すべて今と同じ内容です）。")
    _confirm(at, plan, touched, holds)
    at.then = "\n".join(print_block(one) for one in plan.later)
    if not touched:
        return cards.Say("")
    at.record(
        "backup.import",
        {"sha": holds["sha"]},
        f"控えを取り込んだ（新しい{len(plan.new)}件・変更{len(plan.changed) + len(plan.drafts)}件）",
        changes.collapsed([change for deed in deeds for change in deed.inverse]),
    )
    told = ["✅ 控えを取り込みました。", *_told(plan)]
    taps = (cards.Tap("下書き 一覧", "下書き 一覧"),) if plan.drafts else ()
    return cards.Say("\n".join(told), (*places.undo_tap(), *taps, cards.Tap("シナリオ 一覧", "シナリオ 一覧")))


# ---- the file ----


async def _dropped(at: desk.Desk) -> received.Dropped | cards.Say:
    """The file this person has sent here; what to say when it is still to come."""
    asked = at.asked
    chat, person = (asked.chat, asked.user_id) if asked is not None else (at.chat, at.actor.user_id or "")
    held = at.held.get(str(at.place), {}).get("file")
    if held is not None:
        found = await received.dropped(chat, person, number=held)
    else:
        quoted = getattr(at.heard.what, "quoted_message_id", None)
        found = await received.dropped(chat, person, message=quoted) if quoted else None
        found = found or await received.dropped(chat, person, since=at.now - WAITED)
    if found is None:
        if asked is not None:
            raise desk.Declined(f"{asked.name}さんのファイルが見つかりません。もう一度送ってもらってください。")
        await dialogues.keep(at.chat, person, "media", {"command": COMMAND}, at.now)
        return cards.Say("📄 取り込む控えのファイル（.txt）を、5分以内にこのトークへ送ってください。")
    if found.state == "wanted":
        if asked is not None:
            raise desk.Declined("ファイルを受け取っている途中です。少し待ってから、もう一度お試しください。")
        await received.wish(found.id, person, COMMAND, at.heard.inbox_id)
        return cards.Say("")  # told as soon as it is here
    return found


def _faults(file: File) -> list[Fault]:
    """What the file must not hold, whatever the grammar makes of it."""
    found = list(file.faults)
    for one in file.commands:
        word = one.objects(0)
        known = one.noun != "config" or (len(word) == 1 and choices.find(words.show(word[0])) is not None)
        if (one.noun, one.verb) not in PRINTED or not known or one.target is not None:
            found.append(
                Fault(one.line, one.raw, "は控えから取り込めません", ("タグ 作成 VIP", "設定 静音 21:00-8:00"))
            )
    found += _twice(file.definitions)
    for block in file.definitions:
        if len(block.source) > LONGEST_BLOCK:
            found.append(Fault(block.line, _first(block), f"が長すぎます（{LONGEST_BLOCK:,}字まで）"))
        numbers = [one for _, one in content.mentioned(block) if isinstance(one, words.Id) and one.number]
        if numbers:
            shown = "・".join(dict.fromkeys(words.show(one) for one in numbers))
            found.append(Fault(block.line, _first(block), f"の中の番号（{shown}）は、名前で書いてください"))
    return found


def _twice(blocks: Sequence[definitions.Definition]) -> list[Fault]:
    seen: set[tuple[str, ...]] = set()
    found = []
    for one in blocks:
        keys: list[tuple[str, ...]]
        match one:
            case definitions.Greeting(parts=parts):
                keys = [("greeting", part.kind) for part in parts]
            case definitions.Scenario(name=name, state=state):
                keys = [("scenario", names.name_key(name), "draft" if state == "draft" else "live")]
            case _:
                keys = [(type(one).__name__, names.name_key(one.name))]
        if seen.intersection(keys):
            found.append(Fault(one.line, _first(one), "は2回書かれています"))
        seen.update(keys)
    return found


def _first(block: definitions.Definition) -> str:
    return block.source.split("\n")[0]


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        told = explain(sorted(faults, key=lambda fault: fault.line))
        raise desk.Declined(f"取り込めない所があります。何も変えていません。\n{told}")


def _limit(file: File) -> None:
    if len(file.definitions) > MOST_BLOCKS or len(file.commands) > MOST_COMMANDS:
        raise desk.Declined(
            f"大きすぎて一度に取り込めません（ブロックは{MOST_BLOCKS}個まで）。ファイルを分けて送ってください。"
        )


# ---- what is there, and what comes of it ----


async def _there(file: File) -> dict[str, Any]:
    """The versions of everything that the file speaks of, as they are now."""
    there: dict[str, Any] = {}
    scenarios = [one.name for one in file.definitions if isinstance(one, definitions.Scenario)]
    made = [one.name for one in file.definitions if isinstance(one, definitions.Template)]
    there["scenarios"] = _versions(await named.by_names("scenarios", scenarios))
    there["templates"] = _versions(await named.by_names("templates", made))
    there["greetings"] = {kind: one.version for kind, one in (await kept_greetings.all_kept()).items()}
    there["settings"] = await settings.chosen()
    return there


def _versions(found: Mapping[str, named.Named]) -> dict[str, int]:
    return {str(one.id): one.version for one in found.values()}


async def _put_down(at: desk.Desk, file: File, book: Sequence[Noun]) -> Plan:
    plan = Plan()
    faults: list[Fault] = []
    await _run(at, file, book, plan, faults)
    try:
        usable = pasting.usable(file.definitions)
    except content.Faulty as faulty:
        _refuse([*faults, *faulty.faults])
        raise
    usable.sort(key=lambda one: isinstance(one, definitions.Scenario) and one.state == "draft")
    scenarios = await named.by_names("scenarios", [one.name for one in usable if isinstance(one, definitions.Scenario)])
    made = await named.by_names("templates", [one.name for one in usable if isinstance(one, definitions.Template)])
    numbers = [await pasting.reserve(at, one) for one in usable]
    try:
        links = await content.link(at, usable, elsewhere=True)
    except content.Faulty as faulty:
        _refuse([*faults, *faulty.faults])
        raise
    pasting.record_tags(at, links)
    plan.new += [things.Thing("tag", name, ()) for name in links.new_tags]
    for place, (one, number) in enumerate(zip(usable, numbers, strict=True)):
        at.place = NESTED + place
        try:
            match one:
                case definitions.Scenario():
                    await _scenario(at, one, number, links, names.name_key(one.name) in scenarios, plan)
                case definitions.Template():
                    await _template(at, one, number, links, names.name_key(one.name) in made, plan)
                case definitions.Greeting():
                    await _greeting(at, one, links, plan)
        except content.Faulty as faulty:
            faults += faulty.faults
        except errors.Refused as refused:
            faults.append(Fault(one.line, _first(one), f"を取り込めません（{refused.message}）"))
    _refuse(faults)
    return plan


async def _run(at: desk.Desk, file: File, book: Sequence[Noun], plan: Plan, faults: list[Fault]) -> None:
    """The commands of the file, by their own handlers."""
    nouns = {noun.key: noun for noun in book}
    tags = [one.text for said in file.commands if said.noun == "tag" for one in _names(said)]
    there = await named.by_names("tags", tags)
    chosen = await settings.chosen()
    for said in file.commands:
        declared = nouns[said.noun].command(said.verb)
        deeds = len(at.deeds)
        try:
            if declared is not None:
                await declared.run(at, said)
        except errors.Refused as refused:
            faults.append(Fault(said.line, said.raw, f"を取り込めません（{refused.message}）"))
            continue
        spoken = things.of(File((said,), ()))
        if said.noun == "tag":
            for (_, key), one in spoken.items():
                (plan.same if key in there else plan.new).append(one)
        elif len(at.deeds) > deeds:
            plan.changed += spoken.values()
            choice = choices.find(words.show(said.objects(0)[0]))
            plan.concerned |= choice is not None and choice.key in chosen
        else:
            plan.same += spoken.values()


def _names(said: Said) -> list[words.Name]:
    return [one for one in said.objects(0) if isinstance(one, words.Name)]


async def _scenario(
    at: desk.Desk, one: definitions.Scenario, number: int, links: content.Links, there: bool, plan: Plan
) -> None:
    """A new one gets its state; of one that is there only the draft changes."""
    [thing] = things.of(File((), (one,))).values()
    if not there and one.state != "draft" and one.state is not None:
        await restoring.make(at, one, number, links)
        plan.new.append(thing)
        plan.published += one.state == "live"
        return
    outcome = await restoring.draft(at, one, number, links)
    if outcome == "same":
        plan.same.append(thing)
    elif there:
        plan.drafts.append(thing)
        plan.concerned |= outcome == "live"
    elif not any((other.noun, other.name) == (thing.noun, thing.name) for other in plan.new):
        plan.new.append(thing)


async def _template(
    at: desk.Desk, one: definitions.Template, number: int, links: content.Links, there: bool, plan: Plan
) -> None:
    """What is sent from somewhere is left for a card of its own."""
    [thing] = things.of(File((), (one,))).values()
    plain = replace(one, version=None)
    if there and await templates.uses(number):
        if content.same((await templates.get(number)).source, print_block(content.linked(plain, links))):
            plan.same.append(thing)
        else:
            plan.later.append(plain)
        return
    deeds = len(at.deeds)
    await _unasked(at, lambda: pasting.filled(at, plain, number, links))
    (plan.new if not there else plan.changed if len(at.deeds) > deeds else plan.same).append(thing)


async def _greeting(at: desk.Desk, one: definitions.Greeting, links: content.Links, plan: Plan) -> None:
    """A kind that is not there yet comes into force; one that is, and says something else, gets a card of its own."""
    kept = await kept_greetings.all_kept()
    for part in one.parts:
        alone = replace(one, parts=(part,), version=None)
        [thing] = things.of(File((), (alone,))).values()
        if part.kind not in kept:
            await _unasked(at, lambda alone=alone: greetings.define(at, alone, links))  # type: ignore[misc]
            plan.new.append(thing)
        elif kept[part.kind].source == print_block(content.linked(replace(alone, state=None), links)):
            plan.same.append(thing)
        else:
            plan.later.append(alone)


async def _unasked(at: desk.Desk, work: Callable[[], Awaitable[Any]]) -> Any:
    """Carried out at once: the one card over the whole file is what asks."""
    try:
        return await work()
    except desk.Unconfirmed as shown:
        at.held = {**at.held, str(at.place): shown.holds}
        return await work()


# ---- the card ----


def _confirm(at: desk.Desk, plan: Plan, touched: int, holds: Mapping[str, Any]) -> None:
    """One press; where something in force is concerned, the number of things that change, to be typed."""
    if not touched:
        return
    at.confirm(
        "📥 控えを取り込みます",
        _told(plan),
        holds=holds,
        label="取り込む",
        warnings=[f"シナリオ{plan.published}本は、取り込むとすぐ公開されます"] if plan.published else [],
        typed=f"{touched}件" if plan.concerned else None,
    )


def _told(plan: Plan) -> list[str]:
    told = []
    if plan.new:
        told.append(f"＋ 新しいもの: {_named(plan.new)}")
    if plan.changed:
        told.append(f"～ 変わるもの: {_named(plan.changed)}")
    if plan.drafts:
        told.append(f"📝 下書きになるもの（今のものはそのまま）: {_named(plan.drafts)}")
    if plan.same:
        told.append(f"＝ 今と同じもの: {things.counted(plan.same)}")
    if plan.later:
        shown = "・".join(_of(one) for one in plan.later)
        told.append(f"👉 使用中のため、このあと別に確認するもの: {shown}")
    return told


def _named(found: Sequence[things.Thing]) -> str:
    """`タグ 12・シナリオ 3（ようこそ・休眠・…）`."""
    shown = [one.name for one in found if one.noun != "tag"][:MOST_NAMED]
    more = "…" if len([one for one in found if one.noun != "tag"]) > MOST_NAMED else ""
    return things.counted(found) + (f"（{'・'.join(shown)}{more}）" if shown else "")


def _of(one: definitions.Usable) -> str:
    word = lexicon.NOUN[pasting.block(one).noun].words[0]
    return word if isinstance(one, definitions.Greeting) else f"{word}「{one.name}」"
