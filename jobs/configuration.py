"""The rules in memory: greetings, scenarios and templates as of one `config_version`; what never changes, for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from jobs import action_lists, messages, timing
from storage import clock, database


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    timing: timing.Timing
    messages: messages.Compiled | None
    actions: action_lists.ActionList


@dataclass(frozen=True, slots=True)
class Version:
    """An immutable scenario version, ready to run."""

    id: int
    scenario: int
    steps: tuple[Step, ...]
    target: tuple[tuple[int, bool], ...]  # (tag, must have it)
    end_tags: frozenset[int]
    window: timing.Window | None
    restart: str  # never | finished | always


@dataclass(frozen=True, slots=True)
class Scenario:
    id: int
    name: str
    state: str
    live_version: int | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """What rules say at one `config_version`; looked at, never changed."""

    config_version: int
    zone: ZoneInfo
    greetings: dict[str, action_lists.ActionList]
    scenarios: dict[int, Scenario]
    started_by_follow: tuple[int, ...]
    started_by_tag: dict[int, tuple[int, ...]]
    ended_by_tag: dict[int, tuple[int, ...]]
    templates: dict[int, messages.Compiled]


class Cache:
    """One per process; `at(moment)` is the configuration that holds for that moment."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._held: Configuration | None = None
        self._versions: dict[int, Version] = {}
        self._buttons: dict[int, action_lists.ActionList] = {}

    async def at(self, moment: clock.Moment) -> Configuration:
        """Call it in the transaction, in the statement after the locks; it reads again only when something changed."""
        if self._held is None or self._held.config_version != moment.config_version:
            self._held = await self._load(moment.config_version)
        return self._held

    async def _load(self, config_version: int) -> Configuration:
        greetings = await database.rows("SELECT kind, actions FROM greetings")
        scenarios = await database.rows(
            "SELECT id, name, state, live_version_id FROM scenarios WHERE deleted_at IS NULL"
        )
        templates = await database.rows("SELECT id, messages FROM templates WHERE deleted_at IS NULL")
        found = {row["id"]: Scenario(row["id"], row["name"], row["state"], row["live_version_id"]) for row in scenarios}
        live = [s.live_version for s in found.values() if s.live_version is not None]
        versions = await self.versions(live)
        begins: dict[str, list[dict[str, Any]]] = {}
        definitions = await database.rows(
            "SELECT scenario_id, definition -> 'start' AS start FROM scenario_versions WHERE id = ANY($1::bigint[])",
            live,
        )
        for row in definitions:
            for start in orjson.loads(row["start"]):
                begins.setdefault(start["on"], []).append(start | {"scenario": row["scenario_id"]})
        by_tag: dict[int, tuple[int, ...]] = {}
        for start in begins.get("tag", []):
            by_tag[start["tag"]] = (*by_tag.get(start["tag"], ()), start["scenario"])
        # steps already running may be pinned to older versions, but the end rule of the live one speaks for all
        ended: dict[int, tuple[int, ...]] = {}
        for version in versions.values():
            for tag in version.end_tags:
                ended[tag] = (*ended.get(tag, ()), version.scenario)
        return Configuration(
            config_version=config_version,
            zone=self._zone,
            greetings={row["kind"]: action_lists.load(orjson.loads(row["actions"])) for row in greetings},
            scenarios=found,
            started_by_follow=tuple(sorted(start["scenario"] for start in begins.get("follow", []))),
            started_by_tag=by_tag,
            ended_by_tag=ended,
            templates={row["id"]: messages.compile(orjson.loads(row["messages"])) for row in templates},
        )

    async def versions(self, ids: Sequence[int]) -> dict[int, Version]:
        """Scenario versions by id; they never change, so each is read once."""
        missing = [one for one in set(ids) if one not in self._versions]
        if missing:
            for row in await database.rows(
                "SELECT id, scenario_id, definition FROM scenario_versions WHERE id = ANY($1::bigint[])",
                missing,
            ):
                self._versions[row["id"]] = read_version(row["id"], row["scenario_id"], orjson.loads(row["definition"]))
        return {one: self._versions[one] for one in ids if one in self._versions}

    async def buttons(self, ids: Sequence[int]) -> dict[int, action_lists.ActionList]:
        """Action lists of buttons by id; those nobody ever made are absent."""
        missing = [one for one in set(ids) if one not in self._buttons]
        if missing:
            for row in await database.rows("SELECT id, actions FROM buttons WHERE id = ANY($1::bigint[])", missing):
                self._buttons[row["id"]] = action_lists.load(orjson.loads(row["actions"]))
        return {one: self._buttons[one] for one in ids if one in self._buttons}


def read_version(version_id: int, scenario_id: int, definition: dict[str, Any]) -> Version:
    window = definition.get("window")
    return Version(
        id=version_id,
        scenario=scenario_id,
        steps=tuple(
            Step(
                key=step["key"],
                timing=timing.from_json(step["timing"]),
                messages=messages.compile(step["messages"]) if step["messages"] else None,
                actions=action_lists.load(step["actions"]),
            )
            for step in definition["steps"]
        ),
        target=tuple((condition["tag"], condition["has"]) for condition in definition.get("target", [])),
        end_tags=frozenset(end["tag"] for end in definition.get("end", []) if end["on"] == "tag"),
        window=(time.fromisoformat(window[0]), time.fromisoformat(window[1])) if window else None,
        restart=definition.get("restart", "never"),
    )
