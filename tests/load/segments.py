"""`./ayumi bench segments`: who fits a condition, found by us and by SQL written by hand, among ever more friends."""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bot import memory
from storage import clock, database, segments
from tests.load import _ground as grounds

SIZES = (10_000, 100_000, 1_000_000)
WORN, TAGS = 10, 40  # tags that each friend wears, of so many; tag n is worn by fewer the higher n is
RARE, COMMON, SCENARIO = 30, 2, 1
CLAIMED = 500
CHUNK = 20_000  # friends filled in by one statement
GOAL, GOAL_RATIO, GOAL_CLAIMED = 500.0, 1.5, 15.0  # ms, ours to the best by hand, ms
CONDITION: dict[str, Any] = {
    "all": [
        {"tag": RARE},
        {"not": {"tag": COMMON}},
        {"followed": {"before": [30, "day"]}},
        {"any": [{"reacted": {"within": [7, "day"]}}, {"scenario": SCENARIO, "is": "active"}]},
    ]
}
LEFT = "NOT f.blocked_us AND NOT f.hidden AND NOT f.is_test"
REST = (
    "f.followed_at <= $3 AND (f.last_reaction_at > $4 OR EXISTS (SELECT 1 FROM subscriptions s"
    " WHERE s.friend_id = f.id AND s.scenario_id = $5 AND s.state IN ('active', 'paused', 'parked')))"
)
WITHOUT = "NOT EXISTS (SELECT 1 FROM friend_tags b WHERE b.friend_id = f.id AND b.tag_id = $2)"
BY_HAND = {
    "from friends": (
        "SELECT count(*) FROM friends f WHERE EXISTS"
        f" (SELECT 1 FROM friend_tags a WHERE a.friend_id = f.id AND a.tag_id = $1) AND {WITHOUT} AND {LEFT} AND {REST}"
    ),
    "from the rarest tag": (
        f"SELECT count(*) FROM friend_tags a JOIN friends f ON f.id = a.friend_id WHERE a.tag_id = $1 AND {LEFT}"
        f" AND {WITHOUT} AND {REST}"
    ),
    "tag after tag": (
        "SELECT count(*) FROM (SELECT friend_id FROM friend_tags WHERE tag_id = $1"
        " EXCEPT SELECT friend_id FROM friend_tags WHERE tag_id = $2) a JOIN friends f ON f.id = a.friend_id"
        f" WHERE {LEFT} AND {REST}"
    ),
}


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench segments", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    given = parser.parse_args(arguments)
    memory.calm()
    url = await grounds.fresh_database("ayumi_bench_segments")
    await database.connect(url)
    try:
        there = 0
        for size in sorted(given.sizes):
            while there < size:
                there, before = min(there + CHUNK, size), there
                await fill(before, there)
            for table in ("friends", "friend_tags", "subscriptions"):
                await database.run(f"VACUUM ANALYZE {table}")
            await measured(size, given.rounds)
    finally:
        await database.disconnect()


async def fill(there: int, size: int) -> None:
    """Friends up to this number: dates over a year, ten tags each, one in six on the way through a scenario."""
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, followed_at, last_reaction_at, created_at)"
        " SELECT 'U' || lpad(to_hex(n), 32, '0'), 'お客様' || n, true, now() - n % 365 * interval '1 day',"
        " now() - n * 7 % 97 * interval '1 day', now() FROM generate_series($1::int + 1, $2::int) AS n",
        there,
        size,
    )
    # the square of a chance makes low numbers common: tag 2 is on half of all friends, tag 30 on one in eight
    await database.run(
        "INSERT INTO friend_tags (friend_id, tag_id, at) SELECT DISTINCT f.id, 1 + floor($3 * x.chance * x.chance),"
        " now() FROM friends f CROSS JOIN LATERAL (SELECT ((hashint8(f.id * 1000 + n) & 1048575) / 1048576.0)::float8"
        " AS chance FROM generate_series(1, $4::int) AS n) x WHERE f.id > $1 AND f.id <= $2 ON CONFLICT DO NOTHING",
        there,
        size,
        float(TAGS),
        WORN,
    )
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, started_at)"
        " SELECT id, $3, 1, (ARRAY['active', 'finished'])[1 + id % 2], 1, now() FROM friends"
        " WHERE id > $1 AND id <= $2 AND id % 3 = 0",
        there,
        size,
        SCENARIO,
    )


async def measured(size: int, rounds: int) -> None:
    """Ours and by hand in turn; each time the same people must come out."""
    now = await clock.now()
    sight = segments.Sight(now, grounds.TOKYO)
    bounds = [now - timedelta(days=30), now - timedelta(days=7)]
    some = [row["id"] for row in await database.rows("SELECT id FROM friends ORDER BY random() LIMIT $1", CLAIMED)]
    ways: dict[str, Callable[[], Awaitable[Any]]] = {
        "count": lambda: segments.count(CONDITION, sight),
        "survey": lambda: segments.survey(CONDITION["all"], sight),
        "claimed": lambda: segments.fitting(CONDITION, some, sight),
        **{name: partial(database.value, sql, RARE, COMMON, *bounds, SCENARIO) for name, sql in BY_HAND.items()},
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    counted = set()
    for _ in range(rounds):
        for name, ask in ways.items():
            began = time.perf_counter()
            found = await ask()
            taken[name].append(1000 * (time.perf_counter() - began))
            if name != "claimed":
                counted.add(found.total if isinstance(found, segments.Survey) else found)
    if len(counted) != 1:
        raise SystemExit(f"the ways disagree ({counted}): the measurement is void")
    ms = {name: statistics.median(times) for name, times in taken.items()}
    best = min(BY_HAND, key=ms.__getitem__)
    told = ", ".join(f"{name} {ms[name]:.0f} ms" for name in BY_HAND)
    print(
        f"segments, {size:>9,} friends, {counted.pop():,} fit: {ms['count']:>5.0f} ms (goal {GOAL:.0f});"
        f" ratio to the best by hand {ms['count'] / ms[best]:.2f} (goal {GOAL_RATIO}; {told});"
        f" line by line {ms['survey']:.0f} ms;"
        f" a claimed set of {CLAIMED} {ms['claimed']:.1f} ms (goal {GOAL_CLAIMED:.0f})",
        flush=True,
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
