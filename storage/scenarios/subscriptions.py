"""Each friend's walk through a scenario (a subscription): what is due, where it stands, who is on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import clock, database, friends, segments


@dataclass(slots=True)
class Walk:
    """One friend's subscription as a transaction holds it, its friend locked."""

    id: int
    friend: int
    scenario: int
    version: int
    position: int
    due_at: datetime | None
    started_at: datetime  # from where its timetable counts: as much later as it has rested
    previous_at: datetime | None
    state: str = "active"


COUNTED = "started_at + rested * interval '1 second'"
WALK = (
    "id, friend_id AS friend, scenario_id AS scenario, version_id AS version, position, due_at,"
    f" {COUNTED} AS started_at, previous_at, state"
)


async def with_due() -> list[int]:
    """Live scenarios that have something due, the one waiting longest first."""
    found = await database.rows(
        f"WITH clock AS MATERIALIZED (SELECT {clock.NOW} AS now)"
        " SELECT s.id FROM scenarios s CROSS JOIN LATERAL (SELECT due_at FROM subscriptions WHERE scenario_id = s.id"
        " AND state = 'active' AND due_at <= (SELECT now FROM clock) ORDER BY due_at LIMIT 1) d"
        " WHERE s.state = 'live' AND s.deleted_at IS NULL ORDER BY d.due_at, s.id"
    )
    return [row["id"] for row in found]


async def next_due() -> datetime | None:
    """When the next step of any live scenario is due (business time)."""
    found: datetime | None = await database.value(
        "SELECT min(d.due_at) FROM scenarios s CROSS JOIN LATERAL (SELECT due_at FROM subscriptions"
        " WHERE scenario_id = s.id AND state = 'active' AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) d"
        " WHERE s.state = 'live' AND s.deleted_at IS NULL"
    )
    return found


async def claim_due(scenario_id: int, limit: int) -> dict[int, friends.Known]:
    """Lock up to `limit` friends whose step in this scenario is due; those another worker holds are passed over."""
    found = await database.rows(
        f"WITH clock AS MATERIALIZED (SELECT {clock.NOW} AS now)"
        # what is locked counts towards the limit, and what is passed over does not (DELIVERY 9)
        f" SELECT {friends.KNOWN} FROM subscriptions s JOIN friends f ON f.id = s.friend_id"
        " WHERE s.scenario_id = $1 AND s.state = 'active' AND s.due_at <= (SELECT now FROM clock)"
        " ORDER BY s.due_at, s.id LIMIT $2 FOR NO KEY UPDATE OF f SKIP LOCKED",
        scenario_id,
        limit,
    )
    return friends.known(found)


async def due_walks(friends: Sequence[int], now: datetime) -> list[Walk]:
    """All due walks of these locked friends in live scenarios, in due order."""
    found = await database.rows(
        f"SELECT {WALK} FROM subscriptions w WHERE friend_id = ANY($1::bigint[]) AND state = 'active' AND due_at <= $2"
        " AND EXISTS (SELECT 1 FROM scenarios s WHERE s.id = w.scenario_id AND s.state = 'live' AND s.deleted_at"
        " IS NULL)"
        " ORDER BY due_at, id",
        list(friends),
        now,
    )
    return [Walk(**row) for row in found]


async def still_due(ids: Sequence[int], now: datetime) -> list[Walk]:
    """Those of these walks, their friends locked, whose next step is due."""
    found = await database.rows(
        f"SELECT {WALK} FROM subscriptions WHERE id = ANY($1::bigint[]) AND state = 'active' AND due_at <= $2"
        " ORDER BY due_at, id",
        list(ids),
        now,
    )
    return [Walk(**row) for row in found]


async def walks(friends: Sequence[int], scenario_id: int) -> list[Walk]:
    """The latest walk of each of these friends in a scenario, whatever its state."""
    found = await database.rows(
        f"SELECT DISTINCT ON (friend_id) {WALK} FROM subscriptions"
        " WHERE friend_id = ANY($1::bigint[]) AND scenario_id = $2 ORDER BY friend_id, id DESC",
        list(friends),
        scenario_id,
    )
    return [Walk(**row) for row in found]


async def begin(friends: Sequence[int], scenario_id: int, version_id: int, position: int, now: datetime) -> list[Walk]:
    """New walks for these friends; a friend who is already walking is passed over by the rule in the database."""
    found = await database.rows(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, started_at)"
        " SELECT f, $2, $3, 'active', $4, $5 FROM unnest($1::bigint[]) AS x (f)"
        " ON CONFLICT (friend_id, scenario_id) WHERE state IN ('active', 'paused', 'parked') DO NOTHING"
        f" RETURNING {WALK}",
        list(friends),
        scenario_id,
        version_id,
        position,
        now,
    )
    return [Walk(**row) for row in found]


async def save(walks: Sequence[Walk], now: datetime) -> None:
    """Write back where these walks stand."""
    await database.run(
        "UPDATE subscriptions w SET state = x.state, position = x.position, due_at = x.due_at,"
        " previous_at = x.previous_at,"
        " ended_at = CASE WHEN x.state IN ('finished', 'stopped') THEN $2::timestamptz END"
        " FROM json_to_recordset($1::text::json)"
        " AS x (id bigint, state text, position int, due_at timestamptz, previous_at timestamptz) WHERE w.id = x.id",
        database.many(walks),
        now,
    )


async def stop(friends: Sequence[int], scenario_id: int | None, now: datetime) -> list[tuple[int, int]]:
    """Take these friends off one scenario, or with None off all; the (friend, scenario) pairs that were walking."""
    found = await database.rows(
        "UPDATE subscriptions SET state = 'stopped', due_at = NULL, ended_at = $3 WHERE friend_id = ANY($1::bigint[])"
        " AND state IN ('active', 'paused', 'parked') AND ($2::bigint IS NULL OR scenario_id = $2)"
        " RETURNING friend_id, scenario_id",
        list(friends),
        scenario_id,
        now,
    )
    return [(row["friend_id"], row["scenario_id"]) for row in found]


async def pause(friends: Sequence[int]) -> None:
    """Hold all walks of friends who have blocked us; their place is kept."""
    await database.run(
        "UPDATE subscriptions SET state = 'paused' WHERE friend_id = ANY($1::bigint[]) AND state = 'active'",
        list(friends),
    )


async def rest(late: Mapping[int, int]) -> None:
    """Let the timetables of these walks count from so many seconds later."""
    if late:
        await database.run(
            "UPDATE subscriptions w SET rested = rested + x.seconds"
            " FROM unnest($1::bigint[], $2::int[]) AS x (id, seconds) WHERE w.id = x.id",
            list(late),
            list(late.values()),
        )


async def resume(friends: Sequence[int], scenario_id: int | None, now: datetime) -> list[int]:
    """Let paused walks of a scenario, or with None of all, go on from their place; whose.

    What fell due meanwhile comes now, and what is behind it as long after it as it always would: a return brings no
    heap of messages.
    """
    found = await database.rows(
        "UPDATE subscriptions SET state = 'active', due_at = greatest(due_at, $3),"
        " rested = rested + greatest(0, floor(extract(epoch FROM $3 - due_at)))::int"
        " WHERE friend_id = ANY($1::bigint[]) AND ($2::bigint IS NULL OR scenario_id = $2) AND state = 'paused'"
        " RETURNING friend_id",
        list(friends),
        scenario_id,
        now,
    )
    return [row["friend_id"] for row in found]


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Friends in the middle of a scenario: who receives, who blocks us, whose step was put aside."""

    active: int
    paused: int
    parked: int

    @property
    def all(self) -> int:
        return self.active + self.paused + self.parked


async def walking(scenario_id: int, sight: segments.Sight) -> OnTheWay:
    """Of those who can be seen."""
    statement = segments.Statement(sight, (scenario_id,))
    found = await database.rows(
        "SELECT count(*) FILTER (WHERE state = 'active') AS active, count(*) FILTER (WHERE state = 'paused') AS paused,"
        " count(*) FILTER (WHERE state = 'parked') AS parked FROM subscriptions w"
        f" WHERE scenario_id = $1 AND state IN ('active', 'paused', 'parked'){statement.belongs('w.friend_id')}",
        *statement.values,
    )
    return OnTheWay(**found[0])


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a friend stands in a scenario: `position` of `steps` are behind them."""

    id: int
    scenario: int
    name: str
    state: str
    position: int
    steps: int
    due_at: datetime | None


async def whereabouts(friend_id: int) -> list[Whereabouts]:
    """The scenarios a friend is on the way through."""
    found = await database.rows(
        "SELECT w.id, w.scenario_id AS scenario, s.name, w.state, w.position,"
        " jsonb_array_length(v.definition -> 'steps') AS steps, w.due_at FROM subscriptions w"
        " JOIN scenarios s ON s.id = w.scenario_id JOIN scenario_versions v ON v.id = w.version_id"
        " WHERE w.friend_id = $1 AND w.state IN ('active', 'paused', 'parked') AND s.deleted_at IS NULL ORDER BY w.id",
        friend_id,
    )
    return [Whereabouts(**row) for row in found]


async def on_the_way(friends: Sequence[int], scenario_id: int) -> dict[int, tuple[int, str, datetime | None]]:
    """friend -> (subscription, state, next due) of those who walk through it now."""
    found = await database.rows(
        "SELECT friend_id, id, state, due_at FROM subscriptions WHERE friend_id = ANY($1::bigint[])"
        " AND scenario_id = $2 AND state IN ('active', 'paused', 'parked')",
        list(friends),
        scenario_id,
    )
    return {row["friend_id"]: (row["id"], row["state"], row["due_at"]) for row in found}


async def open_walks(friends: Sequence[int], scenarios: Sequence[int]) -> dict[int, int]:
    """The walks of these friends in these scenarios that go on: subscription -> scenario."""
    found = await database.rows(
        "SELECT id, scenario_id FROM subscriptions WHERE friend_id = ANY($1::bigint[])"
        " AND scenario_id = ANY($2::bigint[]) AND state IN ('active', 'paused', 'parked')",
        list(friends),
        list(scenarios),
    )
    return {row["id"]: row["scenario_id"] for row in found}


async def all_open(friends: Sequence[int]) -> dict[int, tuple[str, datetime | None]]:
    """Subscription -> (state, next due) of everything that these friends walk through now."""
    found = await database.rows(
        "SELECT id, state, due_at FROM subscriptions WHERE friend_id = ANY($1::bigint[])"
        " AND state IN ('active', 'paused', 'parked')",
        list(friends),
    )
    return {row["id"]: (row["state"], row["due_at"]) for row in found}


async def latest_walks(friends: Sequence[int], scenario_id: int) -> dict[int, int]:
    """friend -> id of the latest subscription to this scenario, whatever became of it."""
    found = await database.rows(
        "SELECT friend_id, max(id) AS id FROM subscriptions WHERE friend_id = ANY($1::bigint[]) AND scenario_id = $2"
        " GROUP BY friend_id",
        list(friends),
        scenario_id,
    )
    return {row["friend_id"]: row["id"] for row in found}


@dataclass(frozen=True, slots=True)
class Alike:
    """So many `friends` who stand at the same step since the same day and with it due on the same day; `walk` is as
    the first of them."""

    walk: Walk
    friends: int

    @property
    def version(self) -> int:
        return self.walk.version


async def alike_before(until: datetime, zone: str) -> list[Alike]:
    """Walks of live scenarios whose next step falls due before `until`, days counted in `zone`."""
    found = await database.rows(
        "SELECT min(w.id) AS id, min(w.friend_id) AS friend, w.scenario_id AS scenario, w.version_id AS version,"
        f" w.position, min(w.due_at) AS due_at, min({COUNTED}) AS started_at, min(w.previous_at) AS previous_at,"
        " count(*)::int AS friends FROM subscriptions w JOIN scenarios s ON s.id = w.scenario_id"
        " WHERE w.state = 'active' AND w.due_at < $1 AND s.state = 'live' AND s.deleted_at IS NULL"
        " GROUP BY w.scenario_id, w.version_id, w.position, (w.due_at AT TIME ZONE $2::text)::date,"
        f" (({COUNTED}) AT TIME ZONE $2::text)::date",
        until,
        zone,
    )
    return [Alike(Walk(**{key: one for key, one in row.items() if key != "friends"}), row["friends"]) for row in found]
