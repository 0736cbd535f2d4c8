"""Looking at scenarios: lists, cards, what has changed, the block as it would be pasted."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from admin_commands import cards, desk, lists, objects, places, variables
from admin_commands import content as contents
from admin_commands.grammar import definitions, print_block, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import dated, rounds, steps
from jobs import configuration, timing
from storage import scenarios as kept

STATES = {"draft": "下書き", "live": "公開中", "paused": "停止中"}
MOST_SHOWN = dated.MOST_SHOWN


async def preview(
    at: desk.Desk, scenario: kept.Kept, version: kept.KeptVersion, live: kept.KeptVersion | None, note: str
) -> cards.Say:
    """The draft with its dates and the button that publishes it."""
    lines: list[cards.Line] = [note] if note else []
    lines += await dated.timeline(at, version)
    lines += await difference(at, scenario, version, live)
    warnings = await rounds.warnings(at, version)
    told = {"0": holds(scenario, version)}
    token, until = await at.ask(f"シナリオ 公開 #S{scenario.id}", told, policy="asker_or_manager")
    who = f"{at.actor.name}さんか管理者の方" if at.may("manager") else "管理者の方"
    made = cards.card(
        f"📝 シナリオ「{scenario.name}」#S{scenario.id} 下書き（版{version.number}）",
        lines,
        token=token,
        label="公開する",
        notes=[f"{who}が押せます・{until}まで有効。あとからは「シナリオ 公開 #S{scenario.id}」"],
        warnings=warnings,
    )
    name = words.show(words.Name(scenario.name))
    return cards.Say("", (cards.Tap("書出", f"シナリオ 書出 {name}"), *places.undo_tap()), card=made)


def published(scenario: kept.Kept, version: kept.KeptVersion, told: str) -> cards.Say:
    """`told` stands under the news that a version is live."""
    said = f"✅ シナリオ「{scenario.name}」#S{scenario.id} 版{version.number}を公開しました。"
    name = words.show(words.Name(scenario.name))
    taps = (cards.Tap("停止", f"シナリオ 停止 {name}"), *places.undo_tap())
    return cards.Say(f"{said}\n{told.strip()}".strip(), taps)


def holds(scenario: kept.Kept, version: kept.KeptVersion) -> dict[str, Any]:
    """What must not have changed between showing a draft and publishing it."""
    return {"scenario": scenario.id, "row": scenario.version, "draft": version.id}


async def difference(
    at: desk.Desk, scenario: kept.Kept, version: kept.KeptVersion, live: kept.KeptVersion | None
) -> list[str]:
    if live is None:
        return []
    told = changes_told(live, version)
    walking = (await kept.walking(scenario.id, at.sight)).all
    if walking:
        told.append(f"途中の{walking:,}人にも反映するかは、公開する時に選べます。")
    else:
        told.append("公開すると、新しく入る人から新しい版になります。")
    return told


def changes_told(live: kept.KeptVersion, version: kept.KeptVersion) -> list[str]:
    """What the newer one brings, or that it is the same."""
    found = steps.difference(live.definition, version.definition)
    return [f"版{live.number}→{version.number}の変更点", *(found or ["内容は同じです。"])]


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await kept.page(wanted, lists.ROWS, lists.offset(page), at.sight)
    rows = [
        cards.Row(
            f"{one.name} #S{one.id} … {STATES[one.state]}・配信中{one.walking:,}人"
            + ("・下書きあり" if one.has_draft and one.state != "draft" else ""),
            f"シナリオ 表示 #S{one.id}",
        )
        for one in found
    ]
    listing = f"シナリオ 一覧 {words.show(words.Name(wanted))}" if wanted else "シナリオ 一覧"
    empty = "まだありません。「シナリオ 作成」と送ると、質問に答えて作れます。"
    return await lists.say(
        at,
        "🪜 シナリオ",
        rows,
        total,
        page,
        listing,
        empty=empty,
        taps=[cards.Tap("質問に答えて作る", "シナリオ 作成"), cards.Tap("ヘルプ", "ヘルプ シナリオ")],
    )


async def show(at: desk.Desk, said: Said) -> cards.Say:
    scenario, version = await shown(at, said)
    name = words.show(words.Name(scenario.name))
    walking = await kept.walking(scenario.id, at.sight)
    held = [
        f"{word}{count:,}人" for word, count in (("ブロック中", walking.paused), ("エラー", walking.parked)) if count
    ]
    waiting = f"（ほかに{'・'.join(held)}が途中で待っています）" if held else ""
    used = await kept.uses(scenario.id)
    draft = "・下書きあり" if scenario.draft_version_id and scenario.state != "draft" else ""
    told = [f"状態: {STATES[scenario.state]}（版{version.number}{draft}）", f"配信中: {walking.active:,}人{waiting}"]
    told += await rules(version)
    told += await _steps(at, version)
    if used:
        told.append(f"使用先: {places.told(used)}")
    buttons = [cards.Tap("確認", f"シナリオ 確認 {name}"), cards.Tap("書出", f"シナリオ 書出 {name}")]
    if scenario.draft_version_id is not None:
        buttons.insert(0, cards.Tap("公開", f"シナリオ 公開 {name}"))
    if scenario.state == "live":
        buttons.append(cards.Tap("停止", f"シナリオ 停止 {name}"))
    if scenario.state == "paused":
        buttons.append(cards.Tap("再開", f"シナリオ 再開 {name}"))
    return cards.Say("", card=cards.panel(f"🪜 シナリオ「{scenario.name}」#S{scenario.id}", told, buttons=buttons))


async def _steps(at: desk.Desk, version: kept.KeptVersion) -> list[str]:
    try:
        ready = configuration.read_version(version.id, version.scenario, version.definition)
    except configuration.Unreadable as error:
        return [f"⚠ {error.message}それまで、このシナリオは動きません。"]
    shown = [step["messages"] for step in version.definition["steps"][:MOST_SHOWN]]
    asides = (await dated.branches_of(at, version, None)).asides
    told = []
    for place, said in enumerate(await variables.told(shown, 24)):
        when = " ".join([timing.describe(ready.steps[place].timing), *asides[place]])
        told.append(f"{steps.mark(place)} {when}{f'「{said}」' if shown[place] else '（送信なし）'}")
    more = len(ready.steps) - len(told)
    return [*told, f"… ほか{more}通"] if more else told


async def shown(at: desk.Desk, said: Said) -> tuple[kept.Kept, kept.KeptVersion]:
    """The scenario named and its live version, or the draft while there is none."""
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id)
    version = scenario.live_version_id or scenario.draft_version_id
    if version is None:
        raise desk.Declined(f"シナリオ「{scenario.name}」にはまだ中身がありません。ブロックを貼り付けてください。")
    return scenario, await kept.version_of(version)


async def rules(version: kept.KeptVersion) -> list[str]:
    """開始, 対象, 終了 … as the block would say them, with today's names."""
    block = await printed(version)
    heads = [f"{word}:" for word in steps.HEADS.values()]
    return [
        line.removeprefix("＋").replace("終了後 ", "終了後: ", 1) if line.startswith("＋終了後 ") else line
        for line in block.partition("\n▼")[0].split("\n")[1:]
        if line.startswith((*heads, "＋終了後 "))
    ]


async def printed(version: kept.KeptVersion, *, numbered: bool = False) -> str:
    """A version as a block with today's names; one that is not in today's language, as it is kept."""
    try:
        definition = contents.reread(version.source)
    except contents.Outdated:
        return version.source
    number = version.number if numbered else None
    scenario = await kept.get(version.scenario)
    if not isinstance(definition, definitions.Scenario):
        raise TypeError("a scenario's source is no scenario")
    return print_block(replace(await contents.unlinked(definition), name=scenario.name, version=number))


async def dumps(zone: ZoneInfo) -> list[str]:  # noqa: ARG001 - one signature for all nouns
    """All scenarios as blocks with their state: the version in force, and behind it a draft that waits."""
    found: list[tuple[str, dict[str, Any]]] = []
    for one in await kept.sources():
        if one.live is not None:
            found.append((one.live, {"name": one.name, "state": one.state}))
        if one.draft is not None:
            found.append((one.draft, {"name": one.name, "state": "draft"}))
    return await contents.dumped(found)


async def newest(at: desk.Desk, said: Said) -> tuple[kept.Kept, kept.KeptVersion]:
    """The scenario named and its draft, or the live version when there is none."""
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id)
    number = scenario.draft_version_id or scenario.live_version_id
    if number is None:
        raise desk.Declined(f"シナリオ「{scenario.name}」にはまだ中身がありません。ブロックを貼り付けてください。")
    return scenario, await kept.version_of(number)


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    scenario, version = await shown(at, said)
    if len(said.args) > 1:
        version = await numbered(scenario, said)
    elif scenario.draft_version_id is not None:
        version = await kept.version_of(scenario.draft_version_id)
    return cards.Say(await printed(version, numbered=True), whole=True)


async def numbered(scenario: kept.Kept, said: Said) -> kept.KeptVersion:
    """The version that the second argument names (版5)."""
    shown = objects.text_of(said, 1).removeprefix("版")
    number = int(shown) if shown.isdigit() and len(shown) < 9 else 0
    version = await kept.version_numbered(scenario.id, number)
    if version is None:
        raise desk.Declined(
            f"シナリオ「{scenario.name}」に版{shown}はありません。",
            cards.Tap("版の一覧", f"シナリオ 版 {words.show(words.Name(scenario.name))}"),
        )
    return version


async def show_versions(at: desk.Desk, said: Said) -> cards.Say:
    scenario, _ = await shown(at, said)
    page = objects.page_of(said)
    found, total = await kept.versions_of(scenario.id, lists.ROWS, lists.offset(page))
    name = words.show(words.Name(scenario.name))
    rows = []
    for one in found:
        state = {scenario.live_version_id: "・公開中", scenario.draft_version_id: "・下書き"}.get(one.id, "")
        if scenario.state == "paused" and one.id == scenario.live_version_id:
            state = "・停止中"
        by = f" {one.staff}さん" if one.staff else ""
        count = len(one.definition["steps"])
        told = f"版{one.number} {at.moment(one.created_at)}{by} {count}通{state}"
        rows.append(cards.Row(told, f"シナリオ 書出 {name} 版{one.number}"))
    return await lists.say(at, f"シナリオ「{scenario.name}」の版", rows, total, page, f"シナリオ 版 {name}")


async def show_uses(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "scenarios", said)
    return await places.list_of(at, f"シナリオ「{thing.name}」", await kept.uses(thing.id))
