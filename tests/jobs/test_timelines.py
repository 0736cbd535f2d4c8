"""What 確認 foresees is what comes: random scenarios walked through while clocks in New York are changed."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs import configuration, due, facts, timelines, timing
from jobs.timing import Timing
from storage import clock, database, scenarios
from tests.jobs import engine

pytestmark = pytest.mark.usefixtures("db")

NEW_YORK = ZoneInfo("America/New_York")
WORKDAYS = [{"days": [0, 1, 4], "holidays": "never", "window": ["10:00", "17:00"]}]
WINDOWS = (None, ["00:00", "00:00"], ["09:00", "20:00"], ["18:00", "02:00"], WORKDAYS)
SCENARIOS, STEPS = 15, 6


def any_timing(lot: random.Random, start: datetime) -> Timing:
    at = time(lot.randrange(24), lot.choice((0, 30, 59)))
    base: timing.Base = "start" if lot.random() < 0.5 else "previous"
    return lot.choice(
        (
            timing.IMMEDIATE,
            Timing("elapsed", lot.randrange(1, 60), "minute", base=base),
            Timing("elapsed", lot.randrange(1, 60), "hour", base=base),
            Timing("elapsed", lot.randrange(1, 8), "day", base=base),
            Timing("day", lot.randrange(8), "day", at=at, base=base),
            Timing("weekday", weekday=lot.randrange(7), at=at, base=base),
            Timing("date", at=at, day=start.date() + timedelta(days=lot.randrange(-2, 10))),
        )
    )


@pytest.mark.parametrize("start", ["2027-03-12T20:45", "2027-11-05T09:20"])
async def test_it_foresees_what_comes(start: str) -> None:
    lot = random.Random(start)
    begun = datetime.fromisoformat(start).replace(tzinfo=NEW_YORK)
    cache = configuration.Cache(NEW_YORK)
    people = await engine.add_friends(SCENARIOS)
    tags = [await engine.add_tag(f"開始{number}") for number in range(SCENARIOS)]
    for tag in tags:
        steps = [
            engine.step(f"k{place}", timing.to_json(any_timing(lot, begun)), f"{place}通目") for place in range(STEPS)
        ]
        await engine.add_scenario(
            f"道{tag}", steps, window=lot.choice(WINDOWS), start=[{"on": "tag", "tag": tag}], restart="never"
        )
    await clock.move(begun)
    given = [(friend, facts.TagAdded(tag)) for friend, tag in zip(people, tags, strict=True)]
    await engine.let_happen(cache, given)
    config = await cache.at(await clock.read())
    while (at := await due.next_at()) is not None:
        await clock.move(at)
        while (await due.run_set(cache)).friends:
            pass
    told, came = [], []
    for number in range(1, SCENARIOS + 1):
        [walk] = await scenarios.walks(people, number)
        version = (await cache.versions([walk.version]))[walk.version]
        stops = timelines.of(config, version, walk.started_at)
        told += [None if stop.missed else f"{number} {stop.at.astimezone(NEW_YORK):%m-%d %H:%M %z}" for stop in stops]
        rows = await database.rows(
            "SELECT at, state FROM deliveries WHERE cause LIKE 'step:' || $1::bigint || ':%' ORDER BY cause", walk.id
        )
        came += [None if row["state"] else f"{number} {row['at'].astimezone(NEW_YORK):%m-%d %H:%M %z}" for row in rows]
    assert came == told
    assert None in told
