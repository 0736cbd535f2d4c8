"""Walks that go over to another version: who they are, what they have had, and where they stood before."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import database, segments
from storage.scenarios.aside import DOUBTED
from storage.scenarios.subscriptions import WALK, Walk

# On the way, and not held because nobody knows whether the next step has left (`aside.doubt_due`).
_OPEN = f"w.state IN ('active', 'paused', 'parked') AND coalesce(w.error, '') <> '{DOUBTED}'"


async def to_renew(friends: Sequence[int], scenario_id: int, version_id: int, back_from: int | None) -> list[Walk]:
    """The walks of these locked friends in versions before `version_id`, or in just `back_from`."""
    found = await database.rows(
        f"SELECT {WALK} FROM subscriptions w WHERE friend_id = ANY($1::bigint[]) AND scenario_id = $2 AND {_OPEN}"
        " AND CASE WHEN $4::bigint IS NULL THEN version_id < $3 ELSE version_id = $4 END ORDER BY id",
        list(friends),
        scenario_id,
        version_id,
        back_from,
    )
    return [Walk(**row) for row in found]


async def on_their_way(scenario_id: int, most: int, sight: segments.Sight) -> list[Walk]:
    """The walks of those who can be seen that a new version could take along, up to `most`."""
    statement = segments.Statement(sight, (scenario_id, most))
    found = await database.rows(
        f"SELECT {WALK} FROM subscriptions w WHERE scenario_id = $1 AND {_OPEN}{statement.belongs('w.friend_id')}"
        " ORDER BY friend_id LIMIT $2",
        *statement.values,
    )
    return [Walk(**row) for row in found]


async def friends_on_their_way(scenario_id: int, sight: segments.Sight) -> list[int]:
    statement = segments.Statement(sight, (scenario_id,))
    found = await database.rows(
        f"SELECT friend_id FROM subscriptions w WHERE scenario_id = $1 AND {_OPEN}{statement.belongs('w.friend_id')}"
        " ORDER BY friend_id",
        *statement.values,
    )
    return [row["friend_id"] for row in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """So many friends have `position` steps of a version behind them."""

    version: int
    position: int
    friends: int


async def standing(scenario_id: int, sight: segments.Sight) -> list[Standing]:
    """Where those on their way are who can be seen."""
    statement = segments.Statement(sight, (scenario_id,))
    found = await database.rows(
        "SELECT version_id AS version, position, count(*)::int AS friends FROM subscriptions w"
        " WHERE scenario_id = $1 AND state IN ('active', 'paused', 'parked')"
        f"{statement.belongs('w.friend_id')} GROUP BY 1, 2 ORDER BY 1, 2",
        *statement.values,
    )
    return [Standing(**row) for row in found]


async def walked(scenario_id: int, sight: segments.Sight) -> Counter[str]:
    """State -> how many walks, of those who can be seen, through a scenario are in it, or have come to it."""
    statement = segments.Statement(sight, (scenario_id,))
    found = await database.rows(
        "SELECT state, count(*)::int AS walks FROM subscriptions w WHERE scenario_id = $1"
        f"{statement.belongs('w.friend_id')} GROUP BY 1",
        *statement.values,
    )
    return Counter({row["state"]: row["walks"] for row in found})


async def steps_done(walks: Sequence[int], keys: Sequence[str]) -> dict[int, set[str]]:
    """Walk -> which of these steps it has had, as the deliveries tell, whatever version it walked through then."""
    found = await database.rows(
        "SELECT w.id, k.key FROM subscriptions w CROSS JOIN unnest($2::text[]) AS k (key)"
        " WHERE w.id = ANY($1::bigint[]) AND EXISTS (SELECT 1 FROM deliveries d"
        " WHERE d.cause = 'step:' || w.id || ':' || k.key AND d.friend_id = w.friend_id)",
        list(walks),
        list(keys),
    )
    had: dict[int, set[str]] = defaultdict(set)
    for row in found:
        had[row["id"]].add(row["key"])
    return had


async def turn(walks: Sequence[Walk], now: datetime) -> None:
    """Write back where these walks stand, in which version."""
    await database.run(
        "UPDATE subscriptions w SET version_id = x.version, state = x.state, position = x.position, due_at = x.due_at,"
        " ended_at = CASE WHEN x.state = 'finished' THEN $2::timestamptz END"
        " FROM json_to_recordset($1::text::json)"
        " AS x (id bigint, version bigint, state text, position int, due_at timestamptz) WHERE w.id = x.id",
        database.many(walks),
        now,
    )


async def keys_of(version_ids: Sequence[int]) -> dict[int, list[str]]:
    """Version -> the keys of its steps, in order."""
    found = await database.rows(
        "SELECT v.id, array_agg(s.step ->> 'key' ORDER BY s.place) AS keys FROM scenario_versions v,"
        " jsonb_array_elements(v.definition -> 'steps') WITH ORDINALITY AS s (step, place)"
        " WHERE v.id = ANY($1::bigint[]) GROUP BY v.id",
        list(version_ids),
    )
    return {row["id"]: row["keys"] for row in found}


async def walks_by_id(ids: Sequence[int]) -> list[Walk]:
    found = await database.rows(f"SELECT {WALK} FROM subscriptions WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))
    return [Walk(**row) for row in found]
