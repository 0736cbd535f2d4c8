"""What a scenario that starts by itself brings: who is left out, who gets it together with the greeting."""

from collections.abc import Mapping, Sequence
from typing import Any

from admin_commands import desk
from jobs import action_lists
from storage import scenarios as kept
from storage import segments, traces


async def worn(at: desk.Desk, version: kept.KeptVersion) -> list[str]:
    """How many wear a tag already that shall start it from now on."""
    tags = [one["tag"] for one in version.definition["start"] if one["on"] == "tag"]
    new = [one for one in tags if version.scenario not in at.config.started_by_tag.get(one, ())]
    if not new:
        return []
    [count] = await segments.counts([{"any": [{"tag": one} for one in new]}], at.sight, ())
    if not count:
        return []
    return [
        f"「開始:」のタグがすでに付いている{count:,}人には始まりません。公開の後、「シナリオ 付ける」で入れられます。"
    ]


def greeted(at: desk.Desk, version: kept.KeptVersion) -> list[str]:
    """That new friends get its first step right behind the greeting."""
    if not _at_once(version.definition) or not any(one.writes() for one in at.config.greetings.get("new", ())):
        return []
    return ["新しい友だちには、あいさつ（新規）とこのシナリオの①が続けて届きます。"]


async def beside(at: desk.Desk, greeting: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same of a greeting for new friends: the scenarios whose first step comes right behind it."""
    if not any(one["do"] in (*action_lists.WRITING, "run") for one in greeting):
        return []
    live = [at.config.scenarios[one] for one in at.config.started_by_follow]
    running = {one.live_version: one.name for one in live if one.state == "live" and one.live_version is not None}
    found = await traces.definitions(list(running))
    told = "".join(f"「{running[number]}」" for number, definition in sorted(found.items()) if _at_once(definition))
    return [f"新しい友だちには、あいさつとシナリオ{told}の①が続けて届きます。"] if told else []


def _at_once(definition: Mapping[str, Any]) -> bool:
    """Whether it says something the moment somebody becomes a friend."""
    first = definition["steps"][0]
    follows = any(one["on"] == "follow" for one in definition["start"])
    return follows and first["timing"]["kind"] == "immediate" and bool(first["messages"])
