"""Numbers about the outbox for whoever watches the system."""

from dataclasses import dataclass

import orjson

from storage import database


@dataclass(frozen=True, slots=True)
class Gauges:
    """`depth`: rows by (state, class) among those unfinished or unknown; `oldest_ready`: seconds the oldest open row
    has been ready; `doubtful`: open rows whose last attempt may have arrived; `put_off`: open rows that wait for a
    later attempt; `pauses`: scopes held back now."""

    depth: dict[tuple[str, str], int]
    oldest_ready: float
    unknown: int
    doubtful: int
    put_off: int
    pauses: list[str]


GAUGES = """
WITH unfinished AS (
    SELECT state, class, count(*) AS rows, min(ready_at) FILTER (WHERE state = 'open') AS oldest,
           count(*) FILTER (WHERE state = 'open' AND ambiguous_at IS NOT NULL) AS doubtful,
           count(*) FILTER (WHERE state = 'open' AND try_at > now()) AS put_off
    FROM (SELECT state, class, ready_at, ambiguous_at, try_at FROM outbox WHERE state = 'open'
          UNION ALL SELECT state, class, ready_at, ambiguous_at, try_at FROM outbox WHERE state = 'sending'
          UNION ALL SELECT state, class, ready_at, ambiguous_at, try_at FROM outbox WHERE state = 'waiting'
          UNION ALL SELECT state, class, ready_at, ambiguous_at, try_at FROM outbox WHERE state = 'unknown') o
    GROUP BY state, class
)
SELECT coalesce(json_agg(json_build_array(state, class, rows)), '[]')::text AS depth,
    coalesce(extract(epoch FROM now() - min(oldest)), 0)::float8 AS oldest_ready,
    coalesce(sum(rows) FILTER (WHERE state = 'unknown'), 0)::int AS unknown,
    coalesce(sum(doubtful), 0)::int AS doubtful, coalesce(sum(put_off), 0)::int AS put_off,
    (SELECT coalesce(array_agg(scope::text ORDER BY scope), '{}') FROM pauses
     WHERE until IS NULL OR until > now() OR scope LIKE 'outage:%') AS pauses
FROM unfinished
"""


async def gauges() -> Gauges:
    found = (await database.rows(GAUGES))[0]
    depth = {(state, klass): rows for state, klass, rows in orjson.loads(found.pop("depth"))}
    return Gauges(depth=depth, **found)
