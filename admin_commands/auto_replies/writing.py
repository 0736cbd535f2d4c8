"""A pasted ■自動応答 becomes a draft; over one in force it changes only as is chosen on the card."""

from dataclasses import replace
from typing import Any

from admin_commands import cards, content, desk, places, segments
from admin_commands.auto_replies import hiding, looks
from admin_commands.auto_replies.looks import REPLIES
from admin_commands.drafted import writing as drafting
from admin_commands.grammar import auto_replies as grammar
from admin_commands.grammar import definitions, schedules
from jobs import messages
from jobs.keywords import rules
from storage import names, unmatched, versions
from storage.drafted import Kept

MOST_CHECKED = 5_000  # phrases nobody knew that are looked at again when a rule comes into force


async def put_live(at: desk.Desk, one: Kept, written: versions.Kept, state: str) -> None:
    """Put a version in force; phrases that nobody knew and it does are no longer told as such."""
    await REPLIES.put_live(at, one, written, state)
    ready = rules.read(one.id, written.content)
    if not ready.wordless and (known := hiding.known(ready, await unmatched.keys(MOST_CHECKED))):
        await unmatched.drop(known)


async def _warned(at: desk.Desk, one: Kept, written: versions.Kept, _: versions.Kept | None) -> list[str]:
    return await hiding.warnings(at, one, written.content)


async def _tried(at: desk.Desk, written: versions.Kept) -> tuple[cards.Message, ...]:
    return (await looks.tried(at, written.content["actions"]))[:3]


def _published(_: desk.Desk, one: Kept, written: versions.Kept, told: str) -> cards.Say:
    said = f"✅ 自動応答「{one.name}」#A{one.id} 版{written.number}を公開しました。\n{told}".strip()
    taps = (cards.Tap("停止", f"自動応答 停止 #A{one.id}"), cards.Tap("一覧", "自動応答 一覧"), *places.undo_tap())
    return cards.Say(said, taps)


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


async def _built(at: desk.Desk, definition: definitions.AutoReply, one: Kept, links: content.Links) -> dict[str, Any]:
    """The stored form: the rule, and first what is said, then what is done."""
    if definition.pattern:
        at.permit("manager", "正規表現の自動応答")
    builder = content.Builder(at, REPLIES.rows.owner(one.id), links, definition)
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


WAY = drafting.Way(
    REPLIES,
    dated=dated,
    built=_built,
    described=looks.described,
    warned=_warned,
    published=_published,
    put_live=put_live,
    shown=_tried,
)
