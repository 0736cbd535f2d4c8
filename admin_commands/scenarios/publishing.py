"""Making a version the one that friends get: for who comes from now on, or for those on their way as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from admin_commands import cards, crowds, desk
from admin_commands.scenarios import rounds, steps, views
from jobs import configuration, operations, renewing
from storage import account, changes, friends, outbox, pauses
from storage import scenarios as kept

MOST_RECKONED = 2_000  # walks for which it is worked out beforehand what the change would send at once
MOST_STEPS = 3  # changed steps of which it is told who has had them

NEW = cards.Choice("new", "新しく入る人だけ")
ALL = cards.Choice("all", "今いる人にも")
DRAFT = cards.Choice("draft", "下書きに置く")
REPLACE = cards.Choice("new", "反映する")


@dataclass(frozen=True, slots=True)
class Concerned:
    """Who is on the way, and to how many of them the version would send something at once (None: too many to tell)."""

    all: int
    at_once: int | None


async def choose(
    at: desk.Desk,
    scenario: kept.Kept,
    version: kept.KeptVersion,
    live: kept.KeptVersion,
    *,
    holds: Mapping[str, Any],
    keep: bool,
    notes: list[str],
) -> str:
    """For whom a version shall hold from now on: `new`, `all`, or with `keep` nobody yet (`draft`)."""
    ready = configuration.read_version(version.id, scenario.id, version.definition)
    concerned = await _concerned(at, scenario.id, ready)
    lines = [*notes, *views.changes_told(live, version)]
    if concerned.all:
        lines += [f"途中の{concerned.all:,}人: {told}" for told in await _had(at, scenario.id, live, version)]
        lines.append(f"「{NEW.label}」: 途中の{concerned.all:,}人は今の版のまま進みます。")
        lines.append(f"「{ALL.label}」: まだの通が新しい内容と時刻になります。受け取った通は二度届きません。")
        if concerned.at_once:
            lines.append(f"　時刻を過ぎているため、すぐ届く人: {concerned.at_once:,}人")
    else:
        lines.append("反映すると、新しく入る人から新しい版になります。")
    warnings = ["停止中のままです。続けるには「再開」が要ります。"] if scenario.state == "paused" else []
    warnings += await rounds.repeats(at, version)
    chosen = at.choose(
        "policy",
        f"シナリオ「{scenario.name}」#S{scenario.id} を変更します",
        lines,
        [*((NEW, ALL) if concerned.all else (REPLACE,)), *((DRAFT,) if keep else ())],
        holds={**holds, "walking": bool(concerned.all)},
        warnings=warnings,
    )
    if chosen == "all":
        _confirm_sends(at, scenario, concerned)
    return chosen


def _confirm_sends(at: desk.Desk, scenario: kept.Kept, concerned: Concerned) -> None:
    """Messages to many at once are confirmed by typing to how many."""
    if concerned.at_once is not None and concerned.at_once <= crowds.SMALL:
        return
    told = (
        f"時刻を過ぎた通が、すぐ{concerned.at_once:,}人に届きます。"
        if concerned.at_once is not None
        else "人数が多いため、少しずつ進めます。時刻を過ぎた通がある人には、すぐ届きます。"
    )
    number = concerned.all if concerned.at_once is None else concerned.at_once
    at.confirm(
        f"シナリオ「{scenario.name}」を、途中の{concerned.all:,}人にも反映します",
        [told],
        holds={"scenario": scenario.id, "row": scenario.version, "friends": number},
        typed=str(number),
        stage="sends",
    )


async def _concerned(at: desk.Desk, scenario_id: int, version: configuration.Version) -> Concerned:
    walks = await kept.on_their_way(scenario_id, MOST_RECKONED + 1, at.sight)
    if len(walks) > MOST_RECKONED:
        return Concerned((await kept.walking(scenario_id, at.sight)).all, None)
    waiting = {walk.id for walk in walks if walk.due_at is None or walk.due_at > at.now}
    turned = await renewing.turn_to(at.cache, at.config, walks, version, at.now)
    active = [one for one in turned if one.id in waiting and one.state == "active"]
    return Concerned(len(walks), sum(one.due_at is not None and one.due_at <= at.now for one in active))


async def _had(at: desk.Desk, scenario_id: int, live: kept.KeptVersion, version: kept.KeptVersion) -> list[str]:
    """Of each changed step, how many of those on their way have it behind them and before them."""
    standing = await kept.standing(scenario_id, at.sight)
    keys = await kept.keys_of(sorted({one.version for one in standing}))
    told = []
    for place, key in steps.changed(live.definition, version.definition)[:MOST_STEPS]:
        behind = sum(one.friends for one in standing if key in keys[one.version][: one.position])
        before = sum(one.friends for one in standing if key in keys[one.version][one.position :])
        mark = steps.mark(place)
        told.append(f"{mark}を受け取った人 {behind:,}人・これから {before:,}人")
    return told


async def put_live(
    at: desk.Desk,
    scenario: kept.Kept,
    version: kept.KeptVersion,
    *,
    state: str,
    everyone: bool,
) -> str:
    """Publish a version; what became of those on their way, for the answer."""
    row = await kept.change(scenario.id, state=state, live=version.id, draft=None, published_at=at.now)
    await _drop_refused(f"scenario:{scenario.id}")
    await account.configuration_changed()
    inverse: list[changes.Change] = [
        changes.put_back(
            "scenarios",
            scenario.id,
            row,
            {
                "state": scenario.state,
                "live_version_id": scenario.live_version_id,
                "draft_version_id": scenario.draft_version_id,
            },
        )
    ]
    told = ""
    if everyone:
        people = await kept.friends_on_their_way(scenario.id, at.sight)
        inverse += await _take_along(at, scenario, version, people)
        at_once = len(people) <= operations.MOST_AT_ONCE
        told = f"途中の{len(people):,}人も版{version.number}に{'移しました' if at_once else '順に移します'}。"
    along = f"（途中の{len(people):,}人にも）" if everyone else ""
    at.record(
        "scenario.publish",
        {"scenario": scenario.id, "version": version.number, "everyone": everyone},
        f"シナリオ「{scenario.name}」版{version.number}を公開した{along}",
        inverse,
    )
    return told


async def _take_along(
    at: desk.Desk, scenario: kept.Kept, version: kept.KeptVersion, people: list[int]
) -> list[changes.Change]:
    """Move those on their way; what takes them back, as far as they have not gone on."""
    crowd = crowds.Crowd(people, "")
    action = {"do": "scenario_renew", "scenario": scenario.id, "version": version.id}
    if not crowd.at_once:
        done = await crowds.do(at, crowd, [action])
        back = {**action, "version": scenario.live_version_id, "back_from": version.id}
        return [{"do": "operation", "operation": done.operation, "actions": [back]}]
    await friends.lock(people)
    stood = {one.id: one for one in await kept.to_renew(people, scenario.id, version.id, None)}
    await crowds.do(at, crowd, [action])
    stand = {one.id: one for one in await kept.walks_by_id(list(stood))}
    moved = [one for one in stood if stand[one].version != stood[one].version]
    return [changes.walk_back([place_of(stood[one]) for one in moved], [place_of(stand[one]) for one in moved])]


def place_of(walk: kept.Walk) -> changes.Place:
    return changes.Place(walk.id, walk.version, walk.position, walk.state, walk.due_at)


async def _drop_refused(cause: str) -> None:
    """What LINE has refused the body of cannot be mended: it goes, and the new version's messages are free to leave."""
    if any(one.scope == f"cause:{cause}" for one in await pauses.held()):
        await outbox.cancel(cause)
        await outbox.resume(f"cause:{cause}")
