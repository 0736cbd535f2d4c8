"""What is said against a version before it goes live: that nothing starts it, or that its end starts it anew."""

from collections.abc import Iterator, Sequence

from admin_commands import desk
from admin_commands.scenarios import starting
from jobs import action_lists, configuration
from storage import scenarios as kept

BY_HAND = "「開始:」がないので、「シナリオ 付ける」やアクションで入れた人だけに届きます。"
STARTING = ("scenario_start", "scenario_switch")


async def warnings(at: desk.Desk, version: kept.KeptVersion) -> list[str]:
    by_hand = [] if version.definition["start"] else [BY_HAND]
    return [*by_hand, *await starting.worn(at, version), *starting.greeted(at, version), *await repeats(at, version)]


async def repeats(at: desk.Desk, version: kept.KeptVersion) -> list[str]:
    circle = _circle(at.config, version)
    return [await _told(at, version, circle)] if circle else []


def _circle(config: configuration.Configuration, version: kept.KeptVersion) -> list[int]:
    """The way from a scenario back to itself by what follows the end of each; empty where there is none."""
    ends = {**config.after_finish, version.scenario: action_lists.load(version.definition.get("finish", ()))}
    ways = [[version.scenario]]
    seen: set[int] = set()
    while ways:
        way = ways.pop(0)
        for after in _started(config, ends.get(way[-1], ()), set()):
            if after == version.scenario:
                return [*way, after]
            if after not in seen:
                seen.add(after)
                ways.append([*way, after])
    return []


def _started(
    config: configuration.Configuration, actions: Sequence[action_lists.Action], within: set[int]
) -> Iterator[int]:
    """The scenarios that an action list starts, also by saved sets."""
    for one in actions:
        if one.kind in STARTING:
            yield one.arguments["scenario"]
        elif one.kind == "run" and one.arguments["set"] not in within:
            within.add(one.arguments["set"])
            yield from _started(config, config.action_sets.get(one.arguments["set"], ()), within)


async def _told(at: desk.Desk, version: kept.KeptVersion, circle: Sequence[int]) -> str:
    """Whether it goes round, or where 再開始: しない ends it."""
    names = await kept.called()
    way = " → ".join(f"「{names[one]}」" for one in circle)
    live = {one: at.config.scenarios[one].live_version for one in circle if one in at.config.scenarios}
    versions = await at.cache.versions([one for one in live.values() if one is not None])
    restarts = {one.scenario: one.restart for one in versions.values()} | {
        version.scenario: version.definition["restart"]
    }
    itself = len(circle) == 2
    once = [names[one] for one in dict.fromkeys(circle) if restarts.get(one) == "never"]
    if once and itself:
        return (
            "「＋終了後」でこのシナリオをもう一度始めますが、「再開始: しない」なので、2回目は始まりません。"
            "くり返すなら「再開始: 終わったら」にしてください。"
        )
    if once:
        return f"「＋終了後」が{way}と続きますが、「{once[0]}」は「再開始: しない」なので、2回目は始まりません。"
    told = "このシナリオ" if itself else way
    return f"「＋終了後」で、終わるたびにくり返します（{told}）。くり返さない時は「＋終了後」を外してください。"
