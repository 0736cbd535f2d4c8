"""What the measurements of the engine share: a database full of friends and due steps, a simulator that only counts."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import asyncpg
import orjson

from bot import line, memory, settings
from jobs import configuration, delivery, due
from storage import account, database
from tests.simulator import control

TOKYO = ZoneInfo("Asia/Tokyo")


async def fresh_database(name: str) -> str:
    """An empty, migrated database on the server that `./ayumi bench` has started."""
    server = os.environ["AYUMI_TEST_DATABASE_URL"]
    admin = await asyncpg.connect(**{k: v for k, v in database.credentials(server).items() if v is not None})
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}"')
    finally:
        await admin.close()
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    await database.migrate(url)
    return url


async def add_friends(line_user_ids: list[str]) -> None:
    await database.run(
        "INSERT INTO friends (line_user_id, line_name, following, created_at)"
        " SELECT u, 'お客様' || n, true, now() FROM unnest($1::text[]) WITH ORDINALITY AS x (u, n)",
        line_user_ids,
    )
    await database.run("ANALYZE friends")


async def add_scenario(name: str, text: str) -> int:
    """A live scenario of one step with this text; its id."""
    scenario: int = await database.value(
        "INSERT INTO scenarios (name, name_key, state, created_at) VALUES ($1, $1, 'live', now()) RETURNING id", name
    )
    step = {"key": "a", "timing": {"kind": "immediate"}, "messages": [{"type": "text", "text": text}], "actions": []}
    window = ["00:00", "00:00"]  # at all hours: it may be measured at night
    definition = {"start": [], "target": None, "end": [], "window": window, "restart": "never", "steps": [step]}
    version = await database.value(
        "INSERT INTO scenario_versions (scenario_id, number, source, definition, created_at)"
        " VALUES ($1, 1, '', $2::jsonb, now()) RETURNING id",
        scenario,
        orjson.dumps(definition).decode(),
    )
    await database.run("UPDATE scenarios SET live_version_id = $2 WHERE id = $1", scenario, version)
    await account.configuration_changed()
    return scenario


async def make_due(scenarios: list[int], count: int, seconds: float = 0.0) -> None:
    """A due step for each of `count` friends, spread over the scenarios, in `seconds` from now."""
    await database.run("TRUNCATE subscriptions, outbox, deliveries, friend_events")
    await database.run(
        "INSERT INTO subscriptions (friend_id, scenario_id, version_id, state, position, due_at, started_at)"
        " SELECT f.id, s.id, s.live_version_id, 'active', 0, now() + $3 * interval '1 second', now() FROM friends f"
        " JOIN LATERAL (SELECT ($1::bigint[])[1 + f.id % cardinality($1::bigint[])] AS id) x ON true"
        " JOIN scenarios s ON s.id = x.id WHERE f.id <= $2 ORDER BY f.id",
        scenarios,
        count,
        seconds,
    )
    await database.run("ANALYZE subscriptions")


@dataclass(frozen=True, slots=True)
class Ground:
    channel: control.Channel
    client: line.Client
    delivery: delivery.Delivery
    cache: configuration.Cache


@asynccontextmanager
async def ground(name: str, friends: int, *, limited: bool = True) -> AsyncIterator[Ground]:
    """A connected engine over `friends` friends, and a simulator in another process that counts what it accepts.

    `limited=False` takes LINE's rates away on both sides.
    """
    memory.calm()  # as our processes do
    url = await fresh_database(name)
    process = control.Process.start()
    try:
        async with control.Simulator(process.base_url) as simulator:
            channel = await simulator.new_channel(load=True, rate_scale=1.0 if limited else None)
            people = await channel.crowd(friends)
            await database.connect(url)
            await add_friends(people)
            async with line.Client(channel.api_url, channel.token) as client:
                rules = None if limited else delivery.Rules(paces=dict.fromkeys(delivery.Rules().paces, 1e9))
                yield Ground(channel, client, delivery.Delivery(client, TOKYO, rules), configuration.Cache(TOKYO))
            await database.disconnect()
    finally:
        process.stop()


async def work_off(here: Ground) -> tuple[float, float]:
    """Plan and send until nothing is left, as a worker does: seconds of wall time and of our CPU."""
    began, cpu = time.perf_counter(), time.process_time()
    planned = asyncio.Event()

    async def plan() -> None:
        while (await due.run_sets(here.cache)).friends:
            pass
        planned.set()

    async def send() -> None:
        last = False
        while await here.delivery.send_due() or not last:
            last = planned.is_set()  # one more look after the last commit
            await asyncio.sleep(0)

    await asyncio.gather(plan(), send())
    await here.delivery.settle()
    return time.perf_counter() - began, time.process_time() - cpu


def sandbox(channel: control.Channel, url: str) -> settings.Settings:
    """Settings of a whole bot in front of the simulator's channel."""
    return settings.Settings(
        _env_file=None,
        line_channel_secret=[channel.secret],
        line_channel_access_token=channel.token,
        line_api_url=channel.api_url,
        line_data_api_url=channel.data_url,
        database_url=url,
        redis_url=os.environ["AYUMI_TEST_REDIS_URL"],
        port=0,
        public_url="https://ayumi.example",
        secret_key=["0123456789abcdef0123456789abcdef"],
        ayumi_sandbox=True,
    )
