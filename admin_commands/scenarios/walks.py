"""Putting friends on a scenario and taking them off."""

import math
from datetime import timedelta
from typing import Any

from admin_commands import cards, command, crowds, desk, objects, places
from admin_commands.grammar import numbers, words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import dated, steps, views
from jobs import broadcasts, configuration, forecast
from storage import changes, friends
from storage import scenarios as kept

SOON = timedelta(minutes=1)


async def attach(at: desk.Desk, said: Said) -> cards.Say:
    if said.target is None and len(said.args) == 3 and not numbers.nth(objects.text_of(said, 2)):
        said = command.one_name(said, 1, 2)
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id)
    name = words.show(words.Name(scenario.name))
    if scenario.state != "live":
        raise desk.Declined(
            f"シナリオ「{scenario.name}」は{views.STATES[scenario.state]}です。公開してから入れてください。",
            cards.Tap("公開", f"シナリオ {'再開' if scenario.state == 'paused' else '公開'} {name}"),
        )
    step = _step(said)
    crowd = await crowds.of(at, said, 1)
    version = await kept.version_of(scenario.live_version_id or 0)
    if step >= len(version.definition["steps"]):
        raise desk.Declined(f"シナリオ「{scenario.name}」は全部で{len(version.definition['steps'])}通です。")
    if crowd.size > crowds.SMALL:
        at.permit("manager", f"シナリオに{crowds.SMALL + 1}人以上を入れる")
    if crowd.size > 1:
        price, warnings = await _price(at, version, step, crowd.size)
        at.confirm(
            f"シナリオ「{scenario.name}」に{crowd.told}を入れます",
            [*crowd.lines, *price, *await dated.timeline(at, version, first=step)],
            holds={"scenario": scenario.id, "live": version.id, "friends": crowd.size, "step": step},
            label="入れる",
            warnings=warnings,
            typed=str(crowd.size) if crowd.size > crowds.SMALL else None,
        )
    action = {"do": "scenario_start", "scenario": scenario.id, "step": step, "by_hand": True}
    if not crowd.at_once:
        return await _begin(at, scenario, crowd, action)
    await friends.lock(crowd.ids)
    before = {walk.friend: (walk.id, walk.state == "stopped") for walk in await kept.walks(crowd.ids, scenario.id)}
    await crowds.do(at, crowd, [action])
    after = await kept.walks(crowd.ids, scenario.id)
    # begun, or taken up again where it had stopped
    new = {one.friend: one.id for one in after if before.get(one.friend) != (one.id, one.state == "stopped")}
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
        shown += await next_of(at, crowd.ids[0], scenario.id)
    if len(new) < crowd.size:
        shown.append(f"（{crowd.size - len(new):,}人は、もう配信中か条件に合わないため入れていません）")
    return cards.Say("\n".join(shown), places.undo_tap())


async def _price(
    at: desk.Desk, version: kept.KeptVersion, first: int, people: int
) -> tuple[list[cards.Line], list[str]]:
    """What these friends get right away at most, as a line and a warning; the rest is told for each in the timeline."""
    ready = configuration.read_version(version.id, version.scenario, version.definition)
    total = people * forecast.at_once(ready, first)
    if not total:
        return [], []
    left = await broadcasts.room(at.zone.key)
    if math.isinf(left):
        return [f"通数: すぐに最大{total:,}通"], []
    left = max(0, int(left))
    told: list[cards.Line] = [f"通数: すぐに最大{total:,}通（残り {left:,} → 送ったあと {max(0, left - total):,}通）"]
    return told, [f"今月の残りでは{total - left:,}通足りません。"] if total > left else []


async def next_of(at: desk.Desk, friend: int, scenario: int) -> list[str]:
    """What comes to them next; nothing where they are at the end."""
    where = next((one for one in await kept.whereabouts(friend) if one.scenario == scenario), None)
    if where is None or where.due_at is None:
        return []
    if where.state == "paused":
        return [f"次は{steps.mark(where.position)}です（ブロック中のため、止まっています）。"]
    when = f" {at.moment(where.due_at)} " if where.due_at > at.now + SOON else "、まもなく"
    return [f"次は{steps.mark(where.position)}{when}です（全{where.steps}通）。"]


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
            f"一度に外せるのは1,000人までです（今 {crowd.size:,}人）。全体は「シナリオ 停止」で止められます。"
        )
    if crowd.size > crowds.SMALL:
        at.confirm(
            f"シナリオ「{thing.name}」から{crowd.told}を外します",
            crowd.lines,
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
