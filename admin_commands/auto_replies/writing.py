"""A pasted ■自動応答 becomes a draft; over one in force it changes only as is chosen on the card."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from admin_commands import cards, content, desk, lifecycle, places, segments, variables
from admin_commands.auto_replies import hiding, looks
from admin_commands.grammar import auto_replies as grammar
from admin_commands.grammar import definitions, print_block, schedules
from jobs import messages
from jobs.keywords import rules
from storage import account, changes, names, unmatched, versions
from storage import auto_replies as kept

MOST_CHECKED = 5_000  # phrases nobody knew that are looked at again when a rule comes into force
NOW = cards.Choice("live", "反映する")
DRAFT = cards.Choice("draft", "下書きに置く")


async def reserve(at: desk.Desk, definition: definitions.AutoReply) -> int:
    """The auto-reply of this name, made if there is none yet."""
    return await lifecycle.reserve(definition.name, "auto_replies", lambda name: kept.make(name, at.now))


async def define(at: desk.Desk, definition: definitions.AutoReply, number: int, links: content.Links) -> cards.Say:
    """Keep a block as the draft; over one in force, managers choose whether it holds at once."""
    at.concerns("autoreply", f"#A{number}")
    if definition.pattern:
        at.permit("manager", "正規表現の自動応答")
    one = await kept.get(number, lock=True)
    definition = dated(at, definition)
    source = source_of(definition, one.name, links)
    live, draft = await looks.version(one, one.live), await looks.version(one, one.draft)
    latest = draft or live
    if latest is not None and content.same(latest.content["source"], source):
        if draft is None:
            return cards.Say(f"変更なし（自動応答「{one.name}」版{latest.number}と同じ内容です）。")
        return await preview(at, one, latest, live, "変更なし（下書きと同じ内容です）。")
    if live is not None and content.same(live.content["source"], source):
        await kept.change(number, state=one.state, live=one.live, draft=None)
        return cards.Say(f"公開中の版{live.number}と同じ内容です。下書きは片付けました。")
    if latest is not None and (definition.version is not None or draft is not None):
        what = f"自動応答「{one.name}」"
        lifecycle.mind_the_other(at, what, f"自動応答 書出 #A{number}", definition.version, latest)
    stored = await build(at, definition, number, links)
    return await put_down(at, one, {"source": source, **stored}, live, content.made_note(links))


async def put_down(
    at: desk.Desk, one: kept.Kept, stored: Mapping[str, Any], live: versions.Kept | None, note: str
) -> cards.Say:
    """The next version: the draft, or in force at once where that is chosen."""
    number = await versions.add(kept.owner(one.id), dict(stored), at.actor.staff_id, at.now)
    written = await versions.numbered(kept.owner(one.id), number)
    if written is None:
        raise LookupError(number)
    if live is not None and at.may("manager"):
        chosen = at.choose(
            "policy",
            f"自動応答「{one.name}」#A{one.id} を変更します",
            [*([note] if note else []), *await looks.difference(one, live, written)],
            [NOW, DRAFT],
            holds={"auto_reply": one.id, "row": one.version},
            warnings=await hiding.warnings(at, one, written.content),
        )
        if chosen == "live":
            await put_live(at, one, written, state=one.state)
            return published(one, written, "停止中のままです。" if one.state == "paused" else "")
    await lay_down(at, one, written)
    return await preview(at, await kept.get(one.id), written, live, note)


async def lay_down(at: desk.Desk, one: kept.Kept, written: versions.Kept) -> None:
    """Make a version the draft."""
    fresh = one.live is None and one.draft is None
    row = await kept.change(one.id, state=one.state, live=one.live, draft=written.number)
    at.record(
        "autoreply.apply",
        {"auto_reply": one.id, "version": written.number},
        f"自動応答「{one.name}」の下書き（版{written.number}）を{'作った' if fresh else '書き直した'}",
        [changes.put_back("auto_replies", one.id, row, {"deleted_at": "now"} if fresh else {"draft": one.draft})],
    )


async def put_live(at: desk.Desk, one: kept.Kept, written: versions.Kept, *, state: str) -> None:
    """Put a version in force; phrases that nobody knew and it does are no longer told as such."""
    row = await kept.change(one.id, state=state, live=written.number, draft=None)
    await account.configuration_changed()
    before = {"state": one.state, "live": one.live, "draft": one.draft}
    at.record(
        "autoreply.publish",
        {"auto_reply": one.id, "version": written.number},
        f"自動応答「{one.name}」版{written.number}を公開した",
        [changes.put_back("auto_replies", one.id, row, before)],
    )
    ready = rules.read(one.id, written.content)
    if not ready.wordless and (known := hiding.known(ready, await unmatched.keys(MOST_CHECKED))):
        await unmatched.drop(known)


async def preview(
    at: desk.Desk, one: kept.Kept, written: versions.Kept, live: versions.Kept | None, note: str
) -> cards.Say:
    """The draft and the button that puts it in force."""
    lines: list[cards.Line] = [note] if note else []
    lines += await looks.head(one, written)
    lines.append(f"返信: {await variables.told_of(written.content['actions'])}")
    if live is not None:
        lines += await looks.difference(one, live, written)
    told = {"0": holds(one, written)}
    token, until = await at.ask(f"自動応答 公開 #A{one.id}", told, policy="asker_or_manager")
    who = f"{at.actor.name}さんか管理者の方" if at.may("manager") else "管理者の方"
    made = cards.card(
        f"📝 自動応答「{one.name}」#A{one.id} 下書き（版{written.number}）",
        lines,
        token=token,
        label="公開する",
        notes=[f"{who}が押せます・{until}まで有効。あとからは「自動応答 公開 #A{one.id}」"],
        warnings=await hiding.warnings(at, one, written.content),
    )
    taps = (cards.Tap("書出", f"自動応答 書出 #A{one.id}"), *places.undo_tap())
    return cards.Say("", taps, before=(await looks.tried(at, written.content["actions"]))[:3], card=made)


def published(one: kept.Kept, written: versions.Kept, told: str) -> cards.Say:
    said = f"✅ 自動応答「{one.name}」#A{one.id} 版{written.number}を公開しました。\n{told}".strip()
    taps = (cards.Tap("停止", f"自動応答 停止 #A{one.id}"), cards.Tap("一覧", "自動応答 一覧"), *places.undo_tap())
    return cards.Say(said, taps)


def holds(one: kept.Kept, written: versions.Kept) -> dict[str, Any]:
    """What must not have changed between showing a draft and publishing it."""
    return {"auto_reply": one.id, "row": one.version, "draft": written.number}


def source_of(definition: definitions.AutoReply, name: str, links: content.Links) -> str:
    """A block as it is kept: linked, without what only its print says."""
    return print_block(content.linked(replace(definition, name=name, version=None, state=None), links))


def dated(at: desk.Desk, definition: definitions.AutoReply) -> definitions.AutoReply:
    """With years to its dates."""
    today = at.local(at.now).date()
    span = schedules.settled_span(definition.since, definition.until, today)
    if isinstance(span, schedules.Problem):
        raise desk.Declined(f"「期間: {schedules.show_span(definition.since, definition.until)}」{span.what}。")
    since, until = (schedules.day_of(one) if one else None for one in span)
    target = definition.target
    if target is not None and target.tree is not None:
        target = replace(target, tree=segments.dated(target.tree, today))
    return replace(definition, since=since, until=until, target=target)


async def build(at: desk.Desk, definition: definitions.AutoReply, number: int, links: content.Links) -> dict[str, Any]:
    """The stored form: the rule, and first what is said, then what is done."""
    builder = content.Builder(at, kept.owner(number), links, definition)
    [part] = definition.parts
    composed = builder.composed([builder.part(part.pieces, line=part.line)])
    deeds = builder.run(part.pieces)
    said = messages.fill_buttons(composed, await builder.numbered())
    actions = ([{"do": "send", "messages": said}] if said else []) + deeds
    tree = definition.target.tree if definition.target is not None else None
    rule: dict[str, Any] = {
        "words": [list(parts) for parts in definition.words],
        "pattern": definition.pattern,
        "match": definition.match,
        "kinds": None if grammar.ANY in definition.kinds else list(definition.kinds),
        "hours": [[start.strftime("%H:%M"), end.strftime("%H:%M")] for start, end in definition.hours],
        "business": definition.business,
        "weekdays": list(definition.weekdays),
        "since": _iso(definition.since),
        "until": _iso(definition.until),
        "target": segments.stored(tree, links.of, at.local(at.now).date()) if tree is not None else None,
        "priority": definition.priority,
        "once": definition.once,
        "rest": definition.rest,
        "goes_on": definition.goes_on,
        "fallback": names.name_key(definition.name) == names.name_key(grammar.FALLBACK),
    }
    return {"rule": {key: value for key, value in rule.items() if value or key == "kinds"}, "actions": actions}


def _iso(day: schedules.Day | None) -> str | None:
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}" if day is not None else None
