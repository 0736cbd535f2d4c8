"""One friend's walk through a scenario, told step by step: sent when, left out why, waiting for what."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin_commands import actions, cards, desk, segments, variables
from admin_commands.grammar import words
from admin_commands.scenarios import dated, steps, views
from admin_commands.whys import telling
from jobs import configuration, timelines, timing
from storage import friends, pauses, traces
from storage import scenarios as kept
from storage import segments as conditions

ENDS = {
    "scenario_ended": "「終了:」に当てはまったため",
    "scenario_left": "ほかのシナリオ（同時: 1つ）が始まったため",
    "scenario_restarted": "はじめから始め直したため",
    "scenario_stopped": "スタッフか動作が外したため",
}
CALLS = {
    "refused": "❌ 送れませんでした（LINEが受け付けませんでした）",
    "unknown": "❓ 届いたか確かめられませんでした（二重に届かないよう、再送していません）",
    "cancelled": "✖ 送る前に取り消されました（停止かブロックのため）",
    "sending": "⏳ 送信中です",
    "split": "⏳ 分けて送り直しています",
}
WAITING = {
    "parked": "❌ エラーで止まっています（「エラー」で確かめられます）",
    "paused": "⏸ ブロック中のため止まっています",
}
UNBLOCKED = "⏸ ブロックは解除されていますが、止まったままです"
LATER = {
    "done": "✅ 動かしました",
    "parked": "❌ エラーで止まっています",
    "dropped": "✖ 取りやめました（ブロックか、シナリオから外れたため）",
    "called_off": "✖ スタッフが取りやめました",
}
HOLDS = {
    "all": "全体が止まっているため",
    "channel": "LINEのアクセストークンが使えないため",
    "class": "この種類の送信を止めているため",
    "quota": "今月の通数が上限のため",
    "cause": "このシナリオの送信を止めているため",
}


@dataclass(slots=True)
class _Way:
    """All that is known of one walk."""

    at: desk.Desk
    friend: friends.Seen
    scenario: kept.Kept
    trace: traces.Traced
    stored: list[dict[str, Any]]
    ready: configuration.Version
    stops: list[timelines.Stop]
    sent: Mapping[str, traces.Sent]
    ended: traces.Noted | None
    held: Sequence[pauses.Held]
    lacking: Mapping[str, list[str]]  # step key -> what was not true of its condition when it was judged
    noted: Mapping[tuple[str, str], traces.Noted]  # (step key, what) -> what was noted of a step
    later: Mapping[str, list[str]]  # step key -> what it has left for later, in words
    says: Sequence[str]  # what each step says, cut short
    asides: Sequence[Sequence[str]]  # whom each step is for, if not for all

    def of(self, place: int) -> traces.Sent | None:
        return self.sent.get(f"step:{self.trace.id}:{self.stored[place]['key']}")


async def stops(at: desk.Desk, trace: traces.Traced) -> list[timelines.Stop]:
    """When each step of their version falls, counted from their own start and what they have rested."""
    version = await kept.version_of(trace.version)
    ready = configuration.read_version(version.id, version.scenario, version.definition)
    return timelines.of(at.config, ready, trace.counted_from)


async def told(
    at: desk.Desk,
    friend: friends.Seen,
    scenario: kept.Kept,
    trace: traces.Traced,
    notes: Sequence[traces.Noted],
    places: Sequence[int] | None,
) -> list[cards.Line]:
    """The head of the walk and its steps, or just those at `places`."""
    version = await kept.version_of(trace.version)
    stored = version.definition["steps"]
    since = [one for one in notes if one.at >= trace.started_at]
    way = _Way(
        at,
        friend,
        scenario,
        trace,
        stored,
        configuration.read_version(version.id, version.scenario, version.definition),
        await stops(at, trace),
        await traces.sent(friend.id, [f"step:{trace.id}:{step['key']}" for step in stored]),
        next((one for one in since if one.kind in ENDS), None) if trace.state == "stopped" else None,
        await pauses.held(),
        await _lacking(trace, stored, since),
        {(one.data["step"], one.kind): one for one in since if one.data.get("walk") == trace.id},
        await _later(at, scenario, trace, await traces.put_off(friend.id, trace.id)),
        await variables.told([step["messages"] for step in stored], 16),
        (await dated.branches_of(at, version, None)).asides,
    )
    lines: list[cards.Line] = [
        f"開始: {at.moment(trace.started_at)}（版{trace.number}）",
        f"状態: {_state(way)}",
        *_to_go_on(way),
    ]
    now = await _now(way, places) if places is not None else {}
    lines += [_step(way, place, now.get(place, [])) for place in (places if places is not None else range(len(stored)))]
    lines += await telling.refused(at, [one for one in since if one.kind.startswith("refused")])
    return lines


def unblocked(friend: friends.Seen, trace: traces.Traced) -> bool:
    """Whether a block that is over holds them still: a return lets nothing go on by itself."""
    return trace.state == "paused" and not (friend.blocked_us or friend.blocked_by_us)


def _to_go_on(way: _Way) -> list[str]:
    if not unblocked(way.friend, way.trace):
        return []
    who = words.show(words.Name(way.friend.name)) if way.friend.name else f"#F{way.friend.id}"
    return [
        "ブロックは解除されています。"
        f"続きは「シナリオ 再開 {words.show(words.Name(way.scenario.name))} {who}」で送れます。"
    ]


def _state(way: _Way) -> str:
    if unblocked(way.friend, way.trace):
        return telling.WAITS
    told = telling.STATES.get(way.trace.state, way.trace.state)
    if way.trace.state == "stopped" and way.trace.ended_at is not None:
        why = ENDS[way.ended.kind] if way.ended is not None else "理由の記録がありません"
        return f"{told} {way.at.moment(way.trace.ended_at)}（{why}）"
    if way.trace.state == "finished" and way.trace.ended_at is not None:
        return f"{told} {way.at.moment(way.trace.ended_at)}"
    if way.trace.state == "active" and way.scenario.state != "live":
        return f"{told}（シナリオが{views.STATES[way.scenario.state]}のため、待っています）"
    return told


def _step(way: _Way, place: int, now: Sequence[str]) -> cards.Line:
    step, ready = way.stored[place], way.ready.steps[place]
    said = f"「{way.says[place]}」" if step["messages"] else "（送信なし）"
    moment, reason = _what(way, place)
    shown = moment or way.stops[place].at
    waits = dated.moved(way.at, way.ready, way.stops[place]) if moment is None else []
    note = "\n".join([" ".join([timing.describe(ready.timing), *way.asides[place], *waits]), *now])
    told = "\n".join([said, reason, *way.later.get(step["key"], ())])
    return cards.Step(steps.mark(place), way.at.day(shown), way.at.clock(shown), told, note)


def _what(way: _Way, place: int) -> tuple[datetime | None, str]:
    """When something became of a step, and what."""
    found = way.of(place)
    if found is None:
        return _unsent(way, place)
    if found.state == "skipped":
        return found.at, _left_out(way, place)
    if found.state == "none":
        return found.at, "✅ 動作をしました（送信なしの通です）"
    if found.state == "cancelled" and found.kind is None:
        return found.at, "✖ 送りませんでした（ブロック中か、配信停止の希望があったため）"
    if found.state == "accepted":
        return found.sent_at or found.at, f"✅ 送りました{_late(way, place, found)}"
    if found.state == "open":
        return found.at, f"⏳ 送信待ちです{_held(way, found)}"
    told = CALLS.get(found.state, "送信の詳しい記録がありません")
    return found.sent_at or found.at, told + (f": {found.error}" if found.error and found.state == "refused" else "")


def _late(way: _Way, place: int, found: traces.Sent) -> str:
    """That it waited for the hours allowed."""
    stop = way.stops[place]
    if stop.held and found.at >= stop.at:
        why = "配信可能" if way.ready.window is not None else "静音"
        return f"（{way.at.moment(stop.wanted)}の予定を、{why}のため移しました）"
    return ""


def _left_out(way: _Way, place: int) -> str:
    note = way.noted.get((way.stored[place]["key"], "left_out"))
    if note is not None and note.data.get("late"):
        return "⏭ 送りませんでした（決めた日時を過ぎていたため）"
    before = _taken_before(way, place) if way.stored[place].get("otherwise") else None
    if before is not None:
        return f"⏭ 送りませんでした（{steps.mark(before)}が届いたため。こちらは「そうでなければ」の通です）"
    lacking = way.lacking.get(way.stored[place]["key"])
    if not lacking:
        return "⏭ 送りませんでした"
    return f"⏭ 送りませんでした（その時「{'」「'.join(lacking)}」に当てはまらなかったため）"


async def _lacking(
    trace: traces.Traced, stored: Sequence[Mapping[str, Any]], notes: Sequence[traces.Noted]
) -> dict[str, list[str]]:
    """The parts of a condition that were noted as not true, else all of it."""
    own = [one for one in notes if one.data.get("walk") == trace.id and "missing" in one.data]
    noted = {one.data["step"]: one.data["missing"] for one in own}
    asked: list[tuple[str, Mapping[str, Any]]] = []
    for step in stored:
        if "when" in step:
            parts = step["when"].get("all", ())
            missing = [parts[place] for place in noted.get(step["key"], ()) if place < len(parts)]
            asked += [(step["key"], one) for one in missing or [step["when"]]]
    shown = await segments.told_all([one for _, one in asked]) if asked else []
    found: dict[str, list[str]] = defaultdict(list)
    for (key, _), part in zip(asked, shown, strict=True):
        found[key].append(part)
    return found


def _taken_before(way: _Way, place: int) -> int | None:
    """The step of the same branches that they got instead."""
    for before in range(place - 1, -1, -1):
        found = way.of(before)
        if found is not None and found.state != "skipped":
            return before
        if not way.stored[before].get("otherwise"):
            return None
    return None


def _unsent(way: _Way, place: int) -> tuple[datetime | None, str]:
    """A step of which nothing was written down."""
    trace = way.trace
    skipped = way.noted.get((way.stored[place]["key"], "step_skipped"))
    if place < trace.position and skipped is not None:
        return skipped.at, "⏭ スタッフがこの方だけ飛ばしました"
    if place < trace.position:
        return None, "－ 通っていません（途中の通から始めたか、あとから入った通です）"
    if trace.state == "stopped":
        why = f"（{ENDS[way.ended.kind]}）" if way.ended is not None else ""
        return None, f"✖ 届いていません。その前に外れました{why}"
    if trace.state in WAITING:
        held = UNBLOCKED if unblocked(way.friend, trace) else WAITING[trace.state]
        return None, held if place == trace.position else "・止まっています"
    if place > trace.position or trace.due_at is None:
        return None, "・このあとです"
    if trace.due_at <= way.at.now:
        live = way.scenario.state == "live"
        return trace.due_at, "⏳ まもなく送ります" if live else "⏸ シナリオが停止中のため待っています"
    return trace.due_at, "⏳ まだです。この時刻の予定です"


async def _later(
    at: desk.Desk, scenario: kept.Kept, trace: traces.Traced, found: Sequence[traces.PutOff]
) -> dict[str, list[str]]:
    """Each action that was put off with what became of it; those of one row share its time."""
    shown = iter(await actions.told([action for one in found for action in one.actions]))
    told: dict[str, list[str]] = defaultdict(list)
    for one in found:
        deeds = " → ".join(next(shown) for _ in one.actions)
        told[one.step].append(f"→ {at.moment(one.due_at)} {deeds} {_became(at, scenario, trace, one)}")
    return told


def _became(at: desk.Desk, scenario: kept.Kept, trace: traces.Traced, one: traces.PutOff) -> str:
    if one.state != "open":
        return LATER[one.state]
    if trace.state == "stopped":
        return LATER["dropped"]
    if one.due_at > at.now:
        return "⏳ この時刻の予定です"
    return "⏳ まもなくです" if scenario.state == "live" else "⏸ シナリオが停止中のため待っています"


def _held(way: _Way, found: traces.Sent) -> str:
    """Why a call that was written down has not been made."""
    for one in way.held:
        kind, _, rest = one.scope.partition(":")
        concerned = kind in ("all", "channel") or rest in (found.klass, f"scenario:{way.scenario.id}")
        if concerned and kind in HOLDS:
            return f"（{HOLDS[kind]}）"
    return ""


async def _now(way: _Way, places: Sequence[int]) -> dict[int, list[str]]:
    """Each part of the conditions of these steps as it stands now."""
    asked = [
        (place, part)
        for place in places
        if (when := way.ready.steps[place].when) is not None
        for part in (list(when.get("all", ())) or [when])
    ]
    if not asked:
        return {}
    fit = await conditions.fitting_each([(part, [way.friend.id]) for _, part in asked], way.at.sight)
    shown = await segments.told_all([part for _, part in asked])
    found: dict[int, list[str]] = defaultdict(list)
    for (place, _), fits, one in zip(asked, fit, shown, strict=True):
        found[place].append(f"今は {'○' if fits else '×'} {one}")
    return found
