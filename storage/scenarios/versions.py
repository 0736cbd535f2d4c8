"""Scenarios as staff see them: names and states, and the immutable versions of their steps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from storage import database, named, names, segments


@dataclass(frozen=True, slots=True)
class Kept:
    """A scenario as staff see it; the version ids name its live and its draft version."""

    id: int
    name: str
    state: str
    live_version_id: int | None
    draft_version_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class KeptVersion:
    id: int
    scenario: int
    number: int
    source: str
    definition: dict[str, Any]
    staff_id: int | None
    staff: str | None
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A scenario in a list, with how many friends are receiving it."""

    id: int
    name: str
    state: str
    has_draft: bool
    walking: int


_KEPT = "id, name, state, live_version_id, draft_version_id, version"

_VERSION = (
    "SELECT v.id, v.scenario_id AS scenario, v.number, v.source, v.definition, v.staff_id, s.name AS staff,"
    " v.created_at, v.published_at FROM scenario_versions v LEFT JOIN staff s ON s.id = v.staff_id"
)


async def get(scenario_id: int, *, lock: bool = False) -> Kept:
    """A living scenario that is known to exist."""
    found = await database.rows(
        f"SELECT {_KEPT} FROM scenarios WHERE id = $1{' FOR NO KEY UPDATE' if lock else ''}", scenario_id
    )
    return Kept(**found[0])


async def make(name: str, now: datetime) -> int:
    """A new scenario without any version; its id. The name must be free."""
    found: int = await database.value(
        "INSERT INTO scenarios (name, name_key, state, created_at) VALUES ($1, $2, 'draft', $3) RETURNING id",
        name,
        names.name_key(name),
        now,
    )
    return found


async def add_version(
    scenario_id: int, source: str, definition: dict[str, Any], staff_id: int | None, now: datetime
) -> KeptVersion:
    """The next version, which becomes the draft; the scenario's row is locked by the caller."""
    version: int = await database.value(
        "INSERT INTO scenario_versions (scenario_id, number, source, definition, staff_id, created_at)"
        " SELECT $1, coalesce(max(number), 0) + 1, $2, $3::jsonb, $4, $5 FROM scenario_versions WHERE scenario_id = $1"
        " RETURNING id",
        scenario_id,
        source,
        orjson.dumps(definition).decode(),
        staff_id,
        now,
    )
    return await version_of(version)


async def version_of(version_id: int) -> KeptVersion:
    found = await database.rows(f"{_VERSION} WHERE v.id = $1", version_id)
    return _version(found[0])


async def versions_of(scenario_id: int, limit: int, offset: int = 0) -> tuple[list[KeptVersion], int]:
    """A page of a scenario's versions, the latest first, and how many there are."""
    found = await database.rows(
        f"{_VERSION} WHERE v.scenario_id = $1 ORDER BY v.number DESC LIMIT $2 OFFSET $3", scenario_id, limit, offset
    )
    total: int = await database.value("SELECT count(*) FROM scenario_versions WHERE scenario_id = $1", scenario_id)
    return [_version(row) for row in found], total


async def version_numbered(scenario_id: int, number: int) -> KeptVersion | None:
    found = await database.row(f"{_VERSION} WHERE v.scenario_id = $1 AND v.number = $2", scenario_id, number)
    return _version(found) if found else None


async def step_keys(scenario_id: int) -> set[str]:
    """Every step key that any version has used: a new step must not take one of them."""
    found = await database.rows(
        "SELECT DISTINCT s ->> 'key' AS key FROM scenario_versions v,"
        " jsonb_array_elements(v.definition -> 'steps') AS s WHERE v.scenario_id = $1",
        scenario_id,
    )
    return {row["key"] for row in found}


async def change(
    scenario_id: int, *, state: str, live: int | None, draft: int | None, published_at: datetime | None = None
) -> int:
    """Set state and versions together; the scenario's new version number of its row."""
    if published_at is not None:
        await database.run(
            "UPDATE scenario_versions SET published_at = coalesce(published_at, $2) WHERE id = $1", live, published_at
        )
    found: int = await database.value(
        "UPDATE scenarios SET state = $2, live_version_id = $3, draft_version_id = $4, version = version + 1"
        " WHERE id = $1 RETURNING version",
        scenario_id,
        state,
        live,
        draft,
    )
    return found


async def page(words: str, limit: int, offset: int, sight: segments.Sight) -> tuple[list[Counted], int]:
    """Scenarios whose name holds `words`, by number, and how many there are. Friends who cannot be seen are not
    counted."""
    where = " FROM scenarios s WHERE deleted_at IS NULL AND strpos(name_key, $1) > 0"
    key = names.name_key(words)
    statement = segments.Statement(sight, (key, limit, offset))
    found = await database.rows(
        "SELECT s.id, s.name, s.state, s.draft_version_id IS NOT NULL AS has_draft,"
        " (SELECT count(*) FROM subscriptions w WHERE w.scenario_id = s.id AND w.state = 'active'"
        f"{statement.belongs('w.friend_id')}) AS walking{where} ORDER BY s.id LIMIT $2 OFFSET $3",
        *statement.values,
    )
    return [Counted(**row) for row in found], await database.value(f"SELECT count(*){where}", key)


@dataclass(frozen=True, slots=True)
class Sources:
    """A living scenario with the blocks it was pasted as; None where it has no such version."""

    id: int
    name: str
    state: str
    live: str | None
    draft: str | None


async def sources() -> list[Sources]:
    """All the living, by number."""
    found = await database.rows(
        "SELECT s.id, s.name, s.state, live.source AS live, draft.source AS draft FROM scenarios s"
        " LEFT JOIN scenario_versions live ON live.id = s.live_version_id"
        " LEFT JOIN scenario_versions draft ON draft.id = s.draft_version_id"
        " WHERE s.deleted_at IS NULL ORDER BY s.id"
    )
    return [Sources(**row) for row in found]


async def called() -> dict[int, str]:
    """Scenario id -> name, deleted ones too."""
    found = await database.rows("SELECT id, name FROM scenarios")
    return {row["id"]: row["name"] for row in found}


async def uses(*numbers: int) -> list[named.Use]:
    """Everything live or in draft that starts or stops one of these; themselves do not count."""
    return await named.uses(["$.**.scenario ? (@ == $id[*])"], *numbers, but_scenarios=numbers)


def _version(row: dict[str, Any]) -> KeptVersion:
    return KeptVersion(**row | {"definition": orjson.loads(row["definition"])})
