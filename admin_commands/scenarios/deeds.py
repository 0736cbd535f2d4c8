"""Publishing, stopping, going on, deleting: what changes a scenario for everybody."""

from admin_commands import cards, desk, lifecycle, objects, places
from admin_commands.grammar import words
from admin_commands.grammar.commands import Command as Said
from admin_commands.scenarios import dated, edits, publishing, rounds, single, views
from storage import account, changes, outbox
from storage import scenarios as kept

LATE = "うち{late:,}人の次の1通は、控えから戻す前に届いているかもしれません（二重になることがあります）。"


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
    everyone = False
    if live is not None and (await kept.walking(scenario.id, at.sight)).all:
        holds = views.holds(scenario, version)
        chosen = await publishing.choose(at, scenario, version, live, holds=holds, keep=False, notes=[])
        everyone = chosen == "all"
    else:
        at.confirm(
            f"シナリオ「{scenario.name}」版{version.number} を公開します",
            [*await dated.timeline(at, version), *await views.difference(at, scenario, version, live)],
            holds=views.holds(scenario, version),
            label="公開する",
            warnings=await rounds.warnings(at, version),
        )
    told = await publishing.put_live(at, scenario, version, state="live", everyone=everyone)
    starts = "、".join(line.removeprefix("開始: ") for line in await views.rules(version) if line.startswith("開始"))
    if any(one["on"] == "follow" for one in version.definition["start"]):
        starts += "（これから追加する方に届きます。今の友だちには始まりません）"
    told += f"\n開始: {starts}" if starts else f"\n入れるには「シナリオ 付ける {name} 友だちの名前」と送ってください。"
    return views.published(scenario, version, told)


async def stop(at: desk.Desk, said: Said) -> cards.Say:
    """Nobody receives anything more until it goes on; everybody keeps their place."""
    return await _set_state(at, said, "paused")


async def resume(at: desk.Desk, said: Said) -> cards.Say:
    if len(said.args) > 1:
        return await single.resume(at, said)
    return await _set_state(at, said, "live")


async def _set_state(at: desk.Desk, said: Said, state: str) -> cards.Say:
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    name = words.show(words.Name(scenario.name))
    if scenario.live_version_id is None:
        raise desk.Declined(
            f"シナリオ「{scenario.name}」はまだ公開していません。", cards.Tap("公開", f"シナリオ 公開 {name}")
        )
    late = (await kept.doubted()).get(scenario.id, 0) if state == "live" else 0
    if scenario.state == state and not late:
        return cards.Say(f"シナリオ「{scenario.name}」はもう{views.STATES[state]}です。変更はありません。")
    walking = (await kept.walking(scenario.id, at.sight)).all
    if state == "live":
        at.confirm(
            f"シナリオ「{scenario.name}」を再開します",
            [f"途中の{walking:,}人に続きが届きます。停止中に時刻を過ぎた通は、順にすぐ届きます。"],
            holds={"scenario": scenario.id, "row": scenario.version, "late": late},
            label="再開する",
            warnings=[LATE.format(late=late)] if late else [],
        )
        await kept.trust(scenario.id)
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
    told = f"{'▶' if state == 'live' else '⏸'} シナリオ「{scenario.name}」を{deed}しました。"
    if walking:
        told += f"途中の{walking:,}人{'に続きが届きます' if state == 'live' else 'は、今の所で待ちます'}。"
    return cards.Say(told, (cards.Tap(other, f"シナリオ {other} {name}"), *places.undo_tap()))


async def delete(at: desk.Desk, said: Said) -> cards.Say:
    if len(said.args) > 1:
        return await edits.take_out(at, said)
    thing = await objects.thing(at, "scenarios", said)
    scenario = await kept.get(thing.id, lock=True)
    walking = (await kept.walking(scenario.id, at.sight)).all
    used = await kept.uses(scenario.id)
    at.confirm(
        f"🗑 シナリオ「{scenario.name}」#S{scenario.id} を削除します",
        [f"途中の人: {walking:,}人", f"使用先: {places.told(used) or 'なし'}", "ごみ箱に30日残ります。"],
        holds={"scenario": scenario.id, "row": scenario.version, "walking": walking, "uses": len(used)},
        label="削除する",
        warnings=["途中の人にも、もう届かなくなります。"] if walking else [],
        typed=scenario.name if walking or used else None,
        taps=[cards.Tap("使用先を見る", f"シナリオ 使用先 #S{scenario.id}")] if used else [],
    )
    await outbox.cancel(f"scenario:{scenario.id}")
    return await lifecycle.into_bin(at, "scenarios", scenario.id, scenario.name, f"（途中の人 {walking:,}人）")
