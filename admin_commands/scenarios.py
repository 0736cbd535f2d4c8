"""シナリオ: pasted as ■ blocks, looked at, published, stopped; friends put on and taken off."""

from dataclasses import replace
from typing import Any

from admin_commands import cards, command, content, crowds, desk, lists, objects, places, steps
from admin_commands.command import Argument, Block, Command
from admin_commands.grammar import definitions, numbers, print_block, segments, words
from admin_commands.grammar.commands import Command as Said
from jobs import configuration, messages, timelines, timing
from storage import account, changes, friends, named, names, tags
from storage import scenarios as kept

STATES = {"draft": "下書き", "live": "公開中", "paused": "停止中"}
MOST_SHOWN = 12  # steps in a preview

EXAMPLE = """■シナリオ ようこそ
開始: 友だち追加
▼すぐ
{名前}さん、友だち追加ありがとうございます😊
▼1日後 12:00
人気のメニューをご紹介します。
＋ボタン くわしく → https://example.com"""


# ---- pasting ----


async def reserve(at: desk.Desk, definition: definitions.Scenario) -> int:
    """The scenario of this name, made if there is none yet, so that blocks of one message can name each other."""
    name = objects.new_name(words.Name(definition.name), "scenarios")
    known = (await named.by_names("scenarios", [name])).get(names.name_key(name))
    return known.id if known else await kept.make(name, at.now)


async def define(at: desk.Desk, definition: definitions.Scenario, number: int, links: content.Links) -> cards.Say:
    """Keep a block as the scenario's draft; nothing that is live changes until it is published."""
    scenario = await kept.get(number, lock=True)
    source = print_block(content.linked(replace(definition, name=scenario.name, version=None), links))
    draft = await kept.version_of(scenario.draft_version_id) if scenario.draft_version_id else None
    live = await kept.version_of(scenario.live_version_id) if scenario.live_version_id else None
    latest = draft or live
    _check_print(at, definition, scenario, latest)
    if latest is not None and latest.source == source:
        return await _unchanged(at, scenario, latest)
    if live is not None and live.source == source:
        await kept.change(number, state=scenario.state, live=live.id, draft=None)
        return cards.Say(f"公開中の版{live.number}と同じ内容です。下書きは片付けました。")
    built = await _build(at, definition, number, links, latest)
    version = await kept.add_version(number, source, built, at.actor.staff_id, at.now)
    row = await kept.change(number, state=scenario.state, live=scenario.live_version_id, draft=version.id)
    inverse = {"deleted_at": "now"} if latest is None else {"draft_version_id": draft.id if draft else None}
    verb = "作った" if latest is None else "書き直した"
    at.record(
        "scenario.apply",
        {"scenario": number, "version": version.number},
        f"シナリオ「{scenario.name}」の下書き（版{version.number}）を{verb}",
        [changes.put_back("scenarios", number, row, inverse)],
    )
    return await _preview(at, await kept.get(number), version, live, content.new_tags_note(links))


def _check_print(
    at: desk.Desk, definition: definitions.Scenario, scenario: kept.Kept, latest: kept.KeptVersion | None
) -> None:
    """A block printed from an older version must not overwrite a newer one unseen."""
    if definition.version is None or latest is None or definition.version >= latest.number:
        return
    writer = f"{latest.staff}さんが" if latest.staff else ""
    at.confirm(
        f"シナリオ「{scenario.name}」は、書き出した後に版{latest.number}になっています",
        [
            f"{at.moment(latest.created_at)}に{writer}変更しました。",
            f"上書きして版{latest.number + 1}の下書きにしますか？",
        ],
        holds={"scenario": scenario.id, "latest": latest.number},
        label="上書きする",
    )


async def _unchanged(at: desk.Desk, scenario: kept.Kept, latest: kept.KeptVersion) -> cards.Say:
    if scenario.draft_version_id is None:
        return cards.Say(f"変更なし（シナリオ「{scenario.name}」版{latest.number}と同じ内容です）。")
    live = await kept.version_of(scenario.live_version_id) if scenario.live_version_id else None
    return await _preview(at, scenario, latest, live, "変更なし（下書きと同じ内容です）。")


async def _build(
    at: desk.Desk,
    definition: definitions.Scenario,
    number: int,
    links: content.Links,
    before: kept.KeptVersion | None,
) -> dict[str, Any]:
    """The stored form of a version; steps that stay keep their keys."""
    builder = content.Builder(links, definition)
    built = []
    for step in definition.steps:
        part = builder.part(step.pieces, line=step.line)
        built.append(
            {
                "timing": timing.to_json(step.timing),
                "messages": builder.composed([part]),
                "actions": builder.run(step.pieces),
            }
        )
    ids = await builder.numbered(f"scenario:{number}", at)
    for one in built:
        one["messages"] = messages.fill_buttons(one["messages"], ids)  # type: ignore[arg-type]
    old = before.definition["steps"] if before else []
    keyed = steps.keyed(built, old, await kept.step_keys(number))
    window = [clock.strftime("%H:%M") for clock in definition.window] if definition.window else None
    return {
        "start": [_trigger(one, links) for one in definition.start],
        "target": _conditions(definition, links),
        "end": [_trigger(one, links) for one in definition.end],
        "window": window,
        "restart": definition.restart,
        "steps": keyed,
    }


def _trigger(trigger: definitions.Trigger, links: content.Links) -> dict[str, Any]:
    return {"on": "follow"} if trigger.tag is None else {"on": "tag", "tag": links.of("tags", trigger.tag)}


def _conditions(definition: definitions.Scenario, links: content.Links) -> list[dict[str, Any]]:
    tree = definition.target.tree if definition.target else None
    return [
        {"tag": links.of("tags", one.of.tag), "has": False}
        if isinstance(one, segments.Not)
        else {"tag": links.of("tags", one.tag), "has": True}
        for one in (tree.of if tree else ())
    ]


# ---- looking ----


async def _preview(
    at: desk.Desk, scenario: kept.Kept, version: kept.KeptVersion, live: kept.KeptVersion | None, note: str
) -> cards.Say:
    """The draft with its dates and the button that publishes it."""
    lines = [note] if note else []
    lines += timeline(at, version)
    lines += await _difference(scenario, version, live)
    warnings = [] if version.definition["start"] else [_BY_HAND]
    token, until = await at.ask(f"シナリオ 公開 #S{scenario.id}", {"0": _holds(scenario, version)})
    made = cards.card(
        f"📝 シナリオ「{scenario.name}」#S{scenario.id} 下書き（版{version.number}）",
        lines,
        token=token,
        label="公開する",
        notes=[f"{at.actor.name}さん・{until}まで有効。あとからは「シナリオ 公開 #S{scenario.id}」"],
        warnings=warnings,
    )
    name = words.show(words.Name(scenario.name))
    return cards.Say("", (cards.Tap("書出", f"シナリオ 書出 {name}"), *places.undo_tap()), card=made)


_BY_HAND = "「開始:」がないので、「シナリオ 付ける」やアクションで入れた人だけに届きます"


def _holds(scenario: kept.Kept, version: kept.KeptVersion) -> dict[str, Any]:
    return {"scenario": scenario.id, "row": scenario.version, "draft": version.id}


def timeline(at: desk.Desk, version: kept.KeptVersion, person: str = "") -> list[str]:
    """もし今…: each step with the date it would come on."""
    ready = configuration.read_version(version.id, version.scenario, version.definition)
    moments = timelines.of(ready, at.now, at.zone)
    told = [f"🗓 もし今{person}始めたら（まだ何も送りません）"]
    for place, (step, moment) in enumerate(zip(ready.steps, moments, strict=True)):
        if place == MOST_SHOWN:
            told.append(f"… ほか{len(ready.steps) - place}通")
            break
        stored = version.definition["steps"][place]
        said = messages.alt_text(stored["messages"], 24) if stored["messages"] else "（送信なし）"
        deeds = f" ＋アクション{len(stored['actions'])}" if stored["actions"] else ""
        told.append(f"{steps.mark(place)} {at.moment(moment)} {timing.describe(step.timing)}「{said}」{deeds}")
    sends = sum(bool(step["messages"]) for step in version.definition["steps"])
    told.append(f"合計{sends}通/人")
    return told


async def _difference(scenario: kept.Kept, version: kept.KeptVersion, live: kept.KeptVersion | None) -> list[str]:
    if live is None:
        return []
    told = [f"変更点（版{live.number}→{version.number}） {steps.difference(live.definition, version.definition)}"]
    walking = await kept.walking(scenario.id)
    if walking:
        told.append(f"配信中の{walking:,}人は今の版のまま進みます。公開すると新しく入る人から新しい版になります。")
    else:
        told.append("公開すると新しく入る人から新しい版になります。")
    return told


async def show_list(at: desk.Desk, said: Said) -> cards.Say:
    wanted = objects.text_of(said, 0)
    page = objects.page_of(said)
    found, total = await kept.page(wanted, lists.ROWS, lists.offset(page))
    rows = [
        cards.Row(
            f"{one.name} #S{one.id} … {STATES[one.state]}・配信中{one.walking:,}人"
            + ("・下書きあり" if one.has_draft and one.state != "draft" else ""),
            f"シナリオ 表示 #S{one.id}",
        )
        for one in found
    ]
    listing = f"シナリオ 一覧 {words.show(words.Name(wanted))}" if wanted else "シナリオ 一覧"
    empty = "まだありません。「ヘルプ シナリオ」に、貼り付けて作る形があります。"
    return await lists.say(
        at, "🪜 シナリオ", rows, total, page, listing, empty=empty, taps=[cards.Tap("ヘルプ", "ヘルプ シナリオ")]
    )


async def show(at: desk.Desk, said: Said) -> cards.Say:
    scenario, version = await _shown(at, said)
    name = words.show(words.Name(scenario.name))
    walking = await kept.walking(scenario.id)
    used = await kept.uses(scenario.id)
    draft = "・下書きあり" if scenario.draft_version_id and scenario.state != "draft" else ""
    told = [f"🪜 シナリオ「{scenario.name}」#S{scenario.id}"]
    told.append(f"{STATES[scenario.state]}（版{version.number}{draft}）・配信中{walking:,}人")
    told += await _rules(version)
    for place, step in enumerate(version.definition["steps"][:MOST_SHOWN]):
        when = timing.describe(timing.from_json(step["timing"]))
        said_ = messages.alt_text(step["messages"], 24) if step["messages"] else "（送信なし）"
        told.append(f"{steps.mark(place)} {when}「{said_}」")
    if used:
        told.append(f"使用先: {places.told(used)}")
    taps = [cards.Tap("確認", f"シナリオ 確認 {name}"), cards.Tap("書出", f"シナリオ 書出 {name}")]
    if scenario.draft_version_id is not None:
        taps.insert(0, cards.Tap("公開", f"シナリオ 公開 {name}"))
    if scenario.state == "live":
        taps.append(cards.Tap("停止", f"シナリオ 停止 {name}"))
    if scenario.state == "paused":
        taps.append(cards.Tap("再開", f"シナリオ 再開 {name}"))
    return cards.Say("\n".join(told), tuple(taps))


async def _shown(at: desk.Desk, said: Said) -> tuple[kept.Kept, kept.KeptVersion]:
    """The scenario named and its live version, or the draft while there is none."""
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id)
    version = scenario.live_version_id or scenario.draft_version_id
    if version is None:
        raise desk.Declined(f"シナリオ「{scenario.name}」にはまだ中身がありません。ブロックを貼り付けてください。")
    return scenario, await kept.version_of(version)


async def _rules(version: kept.KeptVersion) -> list[str]:
    """開始, 対象, 終了 … as the block would say them, with today's names."""
    block = await printed(version)
    return [
        line for line in block.split("\n")[1:] if line.split(":")[0] in ("開始", "対象", "終了", "配信可能", "再開始")
    ]


async def printed(version: kept.KeptVersion, *, numbered: bool = False) -> str:
    """A version as a block with today's names."""
    definition = content.reread(version.source)
    number = version.number if numbered else None
    scenario = await kept.get(version.scenario)
    return print_block(replace(await content.unlinked(definition), name=scenario.name, version=number))  # type: ignore[arg-type]


async def check(at: desk.Desk, said: Said) -> cards.Say:
    """What would come when, to anybody or to one friend; the draft before the live version."""
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id)
    number = scenario.draft_version_id or scenario.live_version_id
    if number is None:
        raise desk.Declined(f"シナリオ「{scenario.name}」にはまだ中身がありません。")
    version = await kept.version_of(number)
    told = [f"🪜 シナリオ「{scenario.name}」版{version.number}"]
    person = ""
    if len(said.args) > 1:
        friend = await objects.friend(at, said, 1)
        person = f"{friend.name or '名前なし'}さんが"
        told += await _obstacles(friend, version)
    told += timeline(at, version, person)
    name = words.show(words.Name(scenario.name))
    taps = [cards.Tap("書出", f"シナリオ 書出 {name}")]
    if scenario.draft_version_id is not None:
        taps.insert(0, cards.Tap("公開", f"シナリオ 公開 {name}"))
    return cards.Say("\n".join(told), tuple(taps))


async def _obstacles(friend: friends.Seen, version: kept.KeptVersion) -> list[str]:
    """Why this friend would not be let in."""
    told = []
    if friend.blocked_us:
        told.append("⚠ ブロック中のため届きません")
    worn = {tag for _, tag in await tags.links([friend.id], _tags_of(version))}
    if any((one["tag"] in worn) != one["has"] for one in version.definition["target"]):
        told.append("⚠ 「対象:」に当てはまらないため始まりません")
    if any(one.get("tag") in worn for one in version.definition["end"]):
        told.append("⚠ 「終了:」のタグが付いているため始まりません")
    if version.scenario in {where.scenario for where in await kept.whereabouts(friend.id)}:
        told.append("⚠ 今配信中です")
    return told


def _tags_of(version: kept.KeptVersion) -> list[int]:
    rules = [*version.definition["target"], *version.definition["end"]]
    return sorted({one["tag"] for one in rules if "tag" in one})


async def dump(at: desk.Desk, said: Said) -> cards.Say:
    scenario, version = await _shown(at, said)
    if len(said.args) > 1:
        version = await _numbered(scenario, said)
    elif scenario.draft_version_id is not None:
        version = await kept.version_of(scenario.draft_version_id)
    return cards.Say(await printed(version, numbered=True), whole=True)


async def _numbered(scenario: kept.Kept, said: Said) -> kept.KeptVersion:
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
    scenario, _ = await _shown(at, said)
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


# ---- changing ----


async def publish(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    name = words.show(words.Name(scenario.name))
    if scenario.draft_version_id is None:
        if scenario.state == "live":
            return cards.Say(f"シナリオ「{scenario.name}」はもう公開中です。変更はありません。")
        raise desk.Declined(
            f"シナリオ「{scenario.name}」は停止中です。続けるには「シナリオ 再開 {name}」と送ってください。",
            cards.Tap("再開", f"シナリオ 再開 {name}"),
        )
    version = await kept.version_of(scenario.draft_version_id)
    live = await kept.version_of(scenario.live_version_id) if scenario.live_version_id else None
    at.confirm(
        f"シナリオ「{scenario.name}」版{version.number} を公開します",
        [*timeline(at, version), *await _difference(scenario, version, live)],
        holds=_holds(scenario, version),
        label="公開する",
        warnings=[] if version.definition["start"] else [_BY_HAND],
    )
    row = await kept.change(scenario.id, state="live", live=version.id, draft=None, published_at=at.now)
    await account.configuration_changed()
    before = {
        "state": scenario.state,
        "live_version_id": scenario.live_version_id,
        "draft_version_id": scenario.draft_version_id,
    }
    at.record(
        "scenario.publish",
        {"scenario": scenario.id, "version": version.number},
        f"シナリオ「{scenario.name}」版{version.number}を公開した",
        [changes.put_back("scenarios", scenario.id, row, before)],
    )
    starts = "、".join(line.removeprefix("開始: ") for line in await _rules(version) if line.startswith("開始"))
    told = f"✅ シナリオ「{scenario.name}」#S{scenario.id} 版{version.number}を公開しました。"
    told += f"\n開始: {starts}" if starts else f"\n入れるには「シナリオ 付ける {name} 友だちの名前」と送ってください。"
    return cards.Say(told, (cards.Tap("停止", f"シナリオ 停止 {name}"), *places.undo_tap()))


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    """Nobody receives anything more until it goes on; everybody keeps their place."""
    return await _set_state(at, said, "paused")


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    return await _set_state(at, said, "live")


async def _set_state(at: desk.Desk, said: Said, state: str) -> cards.Say:
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    name = words.show(words.Name(scenario.name))
    if scenario.live_version_id is None:
        raise desk.Declined(
            f"シナリオ「{scenario.name}」はまだ公開していません。", cards.Tap("公開", f"シナリオ 公開 {name}")
        )
    if scenario.state == state:
        return cards.Say(f"シナリオ「{scenario.name}」はもう{STATES[state]}です。変更はありません。")
    walking = await kept.walking(scenario.id)
    if state == "live":
        at.confirm(
            f"シナリオ「{scenario.name}」を再開します",
            [f"途中の{walking:,}人に続きが届きます。停止中に時刻を過ぎた通は、順にすぐ届きます。"],
            holds={"scenario": scenario.id, "row": scenario.version},
            label="再開する",
        )
    row = await kept.change(scenario.id, state=state, live=scenario.live_version_id, draft=scenario.draft_version_id)
    await account.configuration_changed()
    deed = "再開" if state == "live" else "停止"
    at.record(
        f"scenario.{'resume' if state == 'live' else 'stop'}",
        {"scenario": scenario.id},
        f"シナリオ「{scenario.name}」を{deed}した",
        [changes.put_back("scenarios", scenario.id, row, {"state": scenario.state})],
    )
    other = "停止" if state == "live" else "再開"
    told = f"{'▶' if state == 'live' else '⏸'} シナリオ「{scenario.name}」を{deed}しました（途中の人 {walking:,}人"
    told += "）。" if state == "live" else "は場所をそのままに待ちます）。"
    return cards.Say(told, (cards.Tap(other, f"シナリオ {other} {name}"), *places.undo_tap()))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    walking = await kept.walking(scenario.id)
    used = await kept.uses(scenario.id)
    at.confirm(
        f"🗑 シナリオ「{scenario.name}」#S{scenario.id} を削除します",
        [f"配信中: {walking:,}人", f"使用先: {places.told(used) or 'なし'}", "ごみ箱に30日残ります。"],
        holds={"scenario": scenario.id, "row": scenario.version, "walking": walking, "uses": len(used)},
        label="削除する",
        warnings=["途中の人にも、もう届かなくなります"] if walking else [],
        typed=scenario.name if walking or used else None,
    )
    row = await kept.delete(scenario.id, at.now)
    await account.configuration_changed()
    at.record(
        "scenario.delete",
        {"scenario": scenario.id},
        f"シナリオ「{scenario.name}」を削除した（配信中{walking:,}人）",
        [changes.put_back("scenarios", scenario.id, row, {"deleted_at": None})],
    )
    return cards.Say(f"🗑 シナリオ「{scenario.name}」を削除しました。", places.undo_tap())


# ---- friends on and off ----


async def attach(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id)
    name = words.show(words.Name(scenario.name))
    if scenario.state != "live":
        raise desk.Declined(
            f"シナリオ「{scenario.name}」は{STATES[scenario.state]}です。公開してから入れてください。",
            cards.Tap("公開", f"シナリオ {'再開' if scenario.state == 'paused' else '公開'} {name}"),
        )
    step = _step(said)
    crowd = await crowds.of(at, said, 1)
    version = await kept.version_of(scenario.live_version_id or 0)
    if step >= len(version.definition["steps"]):
        raise desk.Declined(f"シナリオ「{scenario.name}」は{len(version.definition['steps'])}通までです。")
    if crowd.size > 1:
        at.confirm(
            f"シナリオ「{scenario.name}」に{crowd.told}を入れます",
            [f"対象: {crowd.condition}", *timeline(at, version)],
            holds={"scenario": scenario.id, "live": version.id, "friends": crowd.size, "step": step},
            label="入れる",
            typed=str(crowd.size) if crowd.size > crowds.SMALL else None,
        )
    action = {"do": "scenario_start", "scenario": scenario.id, "step": step, "by_hand": True}
    if not crowd.at_once:
        return await _begin(at, scenario, crowd, action)
    await friends.lock(crowd.ids)
    before = await kept.latest_walks(crowd.ids, scenario.id)
    await crowds.do(at, crowd, [action])
    after = await kept.latest_walks(crowd.ids, scenario.id)
    new = {friend: walk for friend, walk in after.items() if before.get(friend) != walk}
    if not new:
        raise desk.Declined(
            f"{crowd.told}は始まりませんでした（もう配信中か、「対象:」「終了:」の条件に合いません）。",
            cards.Tap("確認", f"シナリオ 確認 {name}"),
        )
    told = crowd.told if crowd.condition is None else f"{len(new):,}人"
    at.record(
        "scenario.attach",
        {"scenario": scenario.id, "friends": len(new)},
        f"シナリオ「{scenario.name}」に{told}を入れた",
        [changes.stop_walks(sorted(new.values()))],
    )
    shown = [f"✅ シナリオ「{scenario.name}」に{told}を入れました。"]
    if crowd.condition is None:
        shown += await _next_of(at, crowd.ids[0], scenario.id)
    if len(new) < crowd.size:
        shown.append(f"（{crowd.size - len(new):,}人は、もう配信中か条件に合わないため入れていません）")
    return cards.Say("\n".join(shown), places.undo_tap())


async def _next_of(at: desk.Desk, friend: int, scenario: int) -> list[str]:
    where = next((one for one in await kept.whereabouts(friend) if one.scenario == scenario), None)
    if where is None or where.due_at is None:
        return []
    done = f"{where.position}/{where.steps}通目まで済み"
    return [f"次は{steps.mark(where.position)} {at.moment(where.due_at)} です（{done}）。"]


def _step(said: Said) -> int:
    """3通目から, counted from zero; it stands behind the friend, or instead of one before 対象:."""
    place = 1 if said.target is not None else 2
    if len(said.args) <= place:
        return 0
    number = numbers.nth(objects.text_of(said, place))
    if not number or number > 1000:
        raise desk.Declined("何通目からかが読めません。例: シナリオ 付ける ようこそ 田中 3通目から")
    return number - 1


async def _begin(at: desk.Desk, scenario: kept.Kept, crowd: crowds.Crowd, action: dict[str, Any]) -> cards.Say:
    done = await crowds.do(at, crowd, [action])
    opposite = [{"do": "scenario_stop", "scenario": scenario.id}]
    at.record(
        "scenario.many",
        {"scenario": scenario.id, "friends": crowd.size},
        f"シナリオ「{scenario.name}」に{crowd.told}を入れた",
        [{"do": "operation", "operation": done.operation, "actions": opposite}],
    )
    return cards.Say(f"✅ シナリオ「{scenario.name}」に{crowd.told}を順番に入れていきます。", places.undo_tap())


async def detach(at: desk.Desk, said: Said) -> cards.Say:
    thing = await objects.thing(at, "scenarios", said)
    crowd = await crowds.of(at, said, 1)
    if not crowd.at_once:
        raise desk.Declined(
            f"一度に外せるのは1,000人までです（今 {crowd.size:,}人）。全体を止めるには「シナリオ 停止」と送ってください。"
        )
    if crowd.size > crowds.SMALL:
        at.confirm(
            f"シナリオ「{thing.name}」から{crowd.told}を外します",
            [f"対象: {crowd.condition}"],
            holds={"scenario": thing.id, "friends": crowd.size},
            label="外す",
        )
    await friends.lock(crowd.ids)
    walking = await kept.on_the_way(crowd.ids, thing.id)
    if not walking:
        return cards.Say(f"{crowd.told}はシナリオ「{thing.name}」に入っていません。変更はありません。")
    await crowds.do(at, crowd, [{"do": "scenario_stop", "scenario": thing.id}])
    told = crowd.told if crowd.condition is None else f"{len(walking):,}人"
    at.record(
        "scenario.detach",
        {"scenario": thing.id, "friends": len(walking)},
        f"シナリオ「{thing.name}」から{told}を外した",
        [changes.walk_on(list(walking.values()))],
    )
    return cards.Say(f"✅ シナリオ「{thing.name}」から{told}を外しました。", places.undo_tap())


SCENARIO = Argument("シナリオ")
CROWD = Argument("友だち", crowd=True)
PAGES = ("ページ",)

NOUN = command.Noun(
    "scenario",
    "決めた時に順番に届くメッセージです。",
    (
        Command(
            "scenario",
            "list",
            "一覧と配信中の人数",
            ("シナリオ 一覧",),
            "viewer",
            0,
            show_list,
            (Argument("語", optional=True),),
            options=PAGES,
        ),
        Command("scenario", "show", "内容と状態", ("シナリオ 表示 {scenario}",), "viewer", 0, show, (SCENARIO,)),
        Command(
            "scenario",
            "check",
            "もし今始めたら、いつ何が届くか",
            ("シナリオ 確認 {scenario}", "シナリオ 確認 {scenario} {friend}"),
            "viewer",
            0,
            check,
            (SCENARIO, Argument("友だち", optional=True)),
        ),
        Command(
            "scenario", "publish", "下書きを公開する", ("シナリオ 公開 {scenario}",), "manager", 2, publish, (SCENARIO,)
        ),
        Command(
            "scenario",
            "stop",
            "全体を止める（途中の人は待ちます）",
            ("シナリオ 停止 {scenario}",),
            "manager",
            1,
            stop,
            (SCENARIO,),
        ),
        Command(
            "scenario", "resume", "止めたものを続ける", ("シナリオ 再開 {scenario}",), "manager", 2, resume, (SCENARIO,)
        ),
        Command(
            "scenario",
            "attach",
            "友だちを入れる",
            (
                "シナリオ 付ける {scenario} {friend}",
                "シナリオ 付ける {scenario} {friend} 2通目から",
                "シナリオ 付ける {scenario} 対象: タグ:{tag}",
            ),
            "operator",
            1,
            attach,
            (SCENARIO, CROWD, Argument("何通目から", optional=True)),
            most=3,
        ),
        Command(
            "scenario",
            "detach",
            "友だちを外す",
            ("シナリオ 外す {scenario} {friend}",),
            "operator",
            1,
            detach,
            (SCENARIO, CROWD),
            most=2,
        ),
        Command(
            "scenario",
            "dump",
            "貼り付けられる形で書き出す",
            ("シナリオ 書出 {scenario}", "シナリオ 書出 {scenario} 版1"),
            "viewer",
            0,
            dump,
            (SCENARIO, Argument("版", optional=True)),
        ),
        Command(
            "scenario",
            "versions",
            "これまでの版",
            ("シナリオ 版 {scenario}",),
            "viewer",
            0,
            show_versions,
            (SCENARIO,),
            options=PAGES,
        ),
        Command(
            "scenario",
            "delete",
            "ごみ箱へ（30日）",
            ("シナリオ 削除 {scenario}",),
            "manager",
            2,
            delete,
            (SCENARIO,),
            most=3,
        ),
    ),
    bare="list",
    block=Block("scenario", "下書きができます。公開するまで何も届きません", EXAMPLE, "operator", 1, most=2),
)
