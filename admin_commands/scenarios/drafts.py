"""A pasted ■シナリオ becomes the scenario's draft; what is live changes only as is chosen on the card."""

from calendar import isleap
from dataclasses import replace
from datetime import date, time
from typing import Any

from admin_commands import cards, content, desk, lifecycle, segments
from admin_commands.grammar import definitions, print_block, schedules
from admin_commands.grammar import segments as grammar
from admin_commands.grammar.segments.moments import Between, Day
from admin_commands.scenarios import merging, publishing, steps, views
from jobs import hours, messages, timing
from storage import changes
from storage import scenarios as kept


async def reserve(at: desk.Desk, definition: definitions.Scenario) -> int:
    """The scenario of this name, made if there is none yet, so that blocks of one message can name each other."""
    return await lifecycle.reserve(definition.name, "scenarios", lambda name: kept.make(name, at.now))


async def define(at: desk.Desk, definition: definitions.Scenario, number: int, links: content.Links) -> cards.Say:
    """Keep a block as the scenario's draft; over a live one, managers choose for whom it shall hold at once."""
    at.concerns("scenario", f"#S{number}")
    definition = dated(at, definition)
    scenario = await kept.get(number, lock=True)
    source = source_of(definition, scenario.name, links)
    draft = await kept.version_of(scenario.draft_version_id) if scenario.draft_version_id else None
    live = await kept.version_of(scenario.live_version_id) if scenario.live_version_id else None
    latest = draft or live
    if latest is not None and content.same(latest.source, source):
        return await _unchanged(at, scenario, latest)
    if live is not None and content.same(live.source, source):
        await kept.change(number, state=scenario.state, live=live.id, draft=None)
        return cards.Say(f"公開中の版{live.number}と同じ内容です。下書きは片付けました。")
    chosen = await _beside(at, definition, links, scenario, latest)
    if chosen is not definition:
        new_tags, new_links = links.new_tags, links.new_links
        definition, links = chosen, await content.link(at, [chosen])
        links.new_tags, links.new_links = new_tags, new_links
    version = await write(at, definition, scenario, links, latest)
    tags_made = content.made_note(links)
    if live is not None and at.may("manager"):
        holds = {"scenario": number, "row": scenario.version, "latest": latest.id if latest else None}
        notes = [tags_made] if tags_made else []
        how = await publishing.choose(at, scenario, version, live, holds=holds, keep=True, notes=notes)
        if how != "draft":
            told = await publishing.put_live(at, scenario, version, state=scenario.state, everyone=how == "all")
            told += "\n停止中のままです。" if scenario.state == "paused" else ""
            return views.published(scenario, version, told)
    await lay_down(at, scenario, version)
    return await views.preview(at, await kept.get(number), version, live, tags_made)


async def write(
    at: desk.Desk,
    definition: definitions.Scenario,
    scenario: kept.Kept,
    links: content.Links,
    latest: kept.KeptVersion | None,
) -> kept.KeptVersion:
    """The next version; it is not the draft yet."""
    source = source_of(definition, scenario.name, links)
    built = await _build(at, definition, scenario.id, links, latest)
    return await kept.add_version(scenario.id, source, built, at.actor.staff_id, at.now)


async def lay_down(at: desk.Desk, scenario: kept.Kept, version: kept.KeptVersion) -> None:
    """Make a version the draft."""
    fresh = scenario.live_version_id is None and scenario.draft_version_id is None
    row = await kept.change(scenario.id, state=scenario.state, live=scenario.live_version_id, draft=version.id)
    inverse = {"deleted_at": "now"} if fresh else {"draft_version_id": scenario.draft_version_id}
    at.record(
        "scenario.apply",
        {"scenario": scenario.id, "version": version.number},
        f"シナリオ「{scenario.name}」の下書き（版{version.number}）を{'作った' if fresh else '書き直した'}",
        [changes.put_back("scenarios", scenario.id, row, inverse)],
    )


def source_of(definition: definitions.Scenario, name: str, links: content.Links) -> str:
    """A block as it is kept: linked, without what only its print says."""
    return print_block(content.linked(replace(definition, name=name, version=None, state=None), links))


def definition_of(version: kept.KeptVersion) -> definitions.Scenario:
    """A version as it was pasted, with numbers in place of names. Raises content.Outdated."""
    definition = content.reread(version.source)
    if not isinstance(definition, definitions.Scenario):
        raise TypeError("a scenario's source is no scenario")
    return definition


async def _beside(
    at: desk.Desk,
    definition: definitions.Scenario,
    links: content.Links,
    scenario: kept.Kept,
    latest: kept.KeptVersion | None,
) -> definitions.Scenario:
    """The definition, or both it and what another has written meanwhile; nothing is written over unseen.

    A block without 版 counts as seen by whoever wrote what stands there; what is live is shown on a card of its own.
    """
    given = definition.version
    if latest is None or (given is None and scenario.draft_version_id is None):
        return definition
    other = lifecycle.of_another(at, given, latest)
    if other is None:
        return definition
    base = await kept.version_numbered(scenario.id, given) if given is not None else None
    found = _both(base, content.linked(definition, links), latest) if base is not None else None
    lines = [f"{other}。"]
    ways = [cards.Choice("mine", "上書きする")]
    if found is not None:
        who = f"{latest.staff}さん" if latest.staff else "ほかの方"
        own, their = ("・".join(told) or "なし" for told in (found.mine, found.theirs))
        lines.append(f"あなた: {own}　{who}: {their}")
    if found is not None and found.merged is not None:
        ways.insert(0, cards.Choice("both", "両方入れる"))
    elif found is not None:
        lines.append("同じ所を変えているため、両方は入れられません。")
    printed = "書き出した後に、" if given is not None else ""
    chosen = at.choose(
        "other",
        f"シナリオ「{scenario.name}」は、{printed}版{latest.number}になっています",
        lines,
        ways,
        holds={"scenario": scenario.id, "latest": latest.number},
        notes=[f"版{latest.number}を見るには「シナリオ 書出 #S{scenario.id} 版{latest.number}」"],
    )
    return found.merged if chosen == "both" and found is not None and found.merged is not None else definition


def _both(base: kept.KeptVersion, mine: definitions.Scenario, latest: kept.KeptVersion) -> merging.Both | None:
    try:
        old, theirs = definition_of(base), definition_of(latest)
    except content.Outdated:
        return None
    keys = [[step["key"] for step in one.definition["steps"]] for one in (base, latest)]
    return merging.both(old, keys[0], mine, theirs, keys[1])


async def _unchanged(at: desk.Desk, scenario: kept.Kept, latest: kept.KeptVersion) -> cards.Say:
    if scenario.draft_version_id is None:
        return cards.Say(f"変更なし（シナリオ「{scenario.name}」版{latest.number}と同じ内容です）。")
    live = await kept.version_of(scenario.live_version_id) if scenario.live_version_id else None
    return await views.preview(at, scenario, latest, live, "変更なし（下書きと同じ内容です）。")


async def _build(
    at: desk.Desk,
    definition: definitions.Scenario,
    number: int,
    links: content.Links,
    before: kept.KeptVersion | None,
) -> dict[str, Any]:
    """The stored form of a version; steps that stay keep their keys."""
    builder = content.Builder(at, f"scenario:{number}", links, definition)
    built: list[dict[str, Any]] = []
    for step in definition.steps:
        part = builder.part(step.pieces, line=step.line)
        built.append(
            {
                "timing": timing.to_json(step.timing),
                "messages": builder.composed([part]),
                "actions": builder.run(step.pieces),
                **_condition(at, step, links),
            }
        )
    finish = builder.run(definition.finish)
    over = builder.run([definition.over] if definition.over else [])
    ids = await builder.numbered()
    for one in built:
        one["messages"] = messages.fill_buttons(one["messages"], ids)
    old = before.definition["steps"] if before else []
    keyed = steps.keyed(built, old, await kept.step_keys(number))
    ends_when = _stored(at, definition.ends_when, links)
    rules: dict[str, Any] = {
        "start": [_trigger(one, links) for one in definition.start],
        "target": _stored(at, definition.target, links),
        "end": [
            *(_trigger(one, links) for one in definition.end),
            *([{"on": "when", "when": ends_when}] if ends_when else []),
        ],
        "window": hours.to_json(definition.window),
        "restart": definition.restart,
    }
    chosen = {
        "added": _period(definition.added),
        "period": _period(definition.period),
        "cap": definition.cap,
        "over": over,
        "exclusive": definition.exclusive,
        "finish": finish,
    }
    return rules | {name: value for name, value in chosen.items() if value} | {"steps": keyed}


def _period(given: Between | None) -> dict[str, str]:
    """With the years that `dated` has given it."""
    ends = {"from": given.first, "to": given.last} if given is not None else {}
    return {name: date(day.year or 0, day.month, day.day).isoformat() for name, day in ends.items() if day is not None}


def _trigger(trigger: definitions.Trigger, links: content.Links) -> dict[str, Any]:
    return {"on": "follow"} if trigger.tag is None else {"on": "tag", "tag": links.of("tags", trigger.tag)}


def dated(at: desk.Desk, definition: definitions.Scenario) -> definitions.Scenario:
    """With years to the dates of its steps, of all its conditions and of its periods."""
    today = at.local(at.now).date()
    found = content.dated(at, definition)
    return replace(
        found,
        added=_in_years(definition.added, today),
        period=_in_years(definition.period, today),
        steps=tuple(replace(step, timing=_in_year(at, step.timing)) for step in found.steps),
    )


def _in_year(at: desk.Desk, given: timing.Timing) -> timing.Timing:
    """With the year of a date that was written without one: the next that is to come, on its weekday if that was
    written too."""
    if given.day is None or (given.day.year != timing.NO_YEAR and given.weekday is None):
        return given
    year = None if given.day.year == timing.NO_YEAR else given.day.year
    day = schedules.Day(given.day.month, given.day.day, year, given.weekday)
    found = schedules.dated(day, at.local(at.now))
    if isinstance(found, schedules.Problem):
        offers = "　".join(f"▼{one.text} {timing.clock_text(given.at or time(0))}" for one in found.offers)
        raise desk.Declined(f"「▼{timing.describe(given)}」{found.what}。\n例: {offers}")
    over = timing.on_the_clock(found, given.at or time(0), at.zone) <= at.now
    if over and year is None and given.weekday is None:
        found = found.replace(year=_leap(Day(None, found.month, found.day), found.year + 1))
    return replace(given, day=found, weekday=None)


def _in_years(given: Between | None, today: date) -> Between | None:
    """With its years: a period written without them is the one that ends next."""
    if given is None:
        return None
    first, last = given.first, given.last
    if last is not None and last.year is None:
        after = first is not None and first.year
        passed = (last.month, last.day) < (today.month, today.day)
        last = replace(last, year=_leap(last, after or today.year + passed))
        if first is not None and first.year and _date(last) < _date(first):
            last = replace(last, year=_leap(last, (last.year or 0) + 1))
    if first is not None and first.year is None:
        year = today.year if last is None else last.year or today.year
        first = replace(first, year=_leap(first, year))
        if last is not None and _date(first) > _date(last):
            first = replace(first, year=_leap(first, year - 1))
    return Between(first, last)


def _leap(day: Day, year: int) -> int:
    """The year, or for 29 February the next one that has it."""
    while (day.month, day.day) == (2, 29) and not isleap(year):
        year += 1
    return year


def _date(day: Day) -> tuple[int, int, int]:
    return day.year or 0, day.month, day.day


def _stored(at: desk.Desk, given: grammar.Segment | None, links: content.Links) -> dict[str, Any] | None:
    tree = given.tree if given is not None else None
    return segments.stored(tree, links.of, at.local(at.now).date(), links.noted) if tree is not None else None


def _condition(at: desk.Desk, step: definitions.Step, links: content.Links) -> dict[str, Any]:
    """Whom a step is for: もし, and every ＋条件 below it; そうでなければ is kept beside."""
    only = [one.segment for one in step.pieces if isinstance(one, definitions.Only)]
    found = [one for one in (_stored(at, given, links) for given in (step.when, *only)) if one is not None]
    told: dict[str, Any] = {"otherwise": True} if step.otherwise else {}
    return told | ({"when": found[0] if len(found) == 1 else {"all": found}} if found else {})
