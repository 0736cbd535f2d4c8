"""What every test stands on: real PostgreSQL and Valkey, a database of its own, LINE played over HTTP."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import structlog
from playwright.async_api import BrowserContext

from bot import embedded, settings
from storage import database
from tests import browsers
from tests.jobs import delivering
from tests.simulator import control
from tests.simulator_checks.contract import process as watched

# The failures that tests provoke are told in plain lines: structlog's framed tracebacks take a second each.
structlog.configure(
    [
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

MIGRATIONS = Path(database.__file__).parent / "migrations"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "solo")
# Most tests leave few rows in few tables: taking these out is a hundred times faster than truncating all.
EMPTIED = """
DO $$
DECLARE
    name text;
    gone bigint;
    full_ones text[] := '{}';
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'tortoise%' LOOP
        EXECUTE format('DELETE FROM %I', name);
        GET DIAGNOSTICS gone = ROW_COUNT;
        IF gone > 1000 THEN full_ones := full_ones || quote_ident(name); END IF;
    END LOOP;
    IF full_ones <> '{}' THEN EXECUTE 'TRUNCATE ' || array_to_string(full_ones, ', ') || ' CASCADE'; END IF;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    INSERT INTO account (id) VALUES (1);
END $$
"""


# Half a minute each: begun first, they end while there is other work left.
LONG = ("tests/stories/", "tests/bot/test_run.py", "tests/bot/test_launcher.py", "tests/bot/test_testing.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@dataclass(frozen=True, slots=True)
class Addresses:
    database_url: str  # of the server's own database; tests make theirs beside it
    redis_url: str


def named(url: str, name: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """PostgreSQL and Valkey: those `./ayumi test` started for the whole run, or our own."""
    database_url, redis_url = os.environ.get("AYUMI_TEST_DATABASE_URL"), os.environ.get("AYUMI_TEST_REDIS_URL")
    if database_url and redis_url:
        yield Addresses(database_url, redis_url)
        return
    servers = embedded.start(tmp_path_factory.mktemp("servers"), durable=False)
    yield Addresses(servers.database_url, servers.redis_url)
    servers.stop()


async def connected(url: str, **more: Any) -> asyncpg.Connection:
    return await asyncpg.connect(**{k: v for k, v in database.credentials(url).items() if v is not None}, **more)


async def administer(url: str, *statements: str) -> None:
    """Statements outside of any transaction, on a connection of their own."""
    connection = await connected(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def make_database(addresses: Addresses, name: str) -> str:
    """A migrated, empty database, cloned from a template that the first test to need it has made."""
    content = b"".join(path.read_bytes() for path in sorted(MIGRATIONS.glob("0*.py")))
    template = f"ayumi_template_{hashlib.sha256(content).hexdigest()[:12]}"
    admin = await connected(addresses.database_url)
    try:
        await admin.execute("SELECT pg_advisory_lock(hashtext('ayumi test template'))")
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", template):
            await admin.execute(f"DROP DATABASE IF EXISTS {template}_making WITH (FORCE)")
            await admin.execute(f"CREATE DATABASE {template}_making")
            await database.migrate(named(addresses.database_url, f"{template}_making"))
            await admin.execute(f"ALTER DATABASE {template}_making RENAME TO {template}")
        await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        await admin.execute("SELECT pg_advisory_unlock(hashtext('ayumi test template'))")
    finally:
        await admin.close()
    return named(addresses.database_url, name)


@dataclass(frozen=True, slots=True)
class Own:
    """This worker's database and a connection that stays: a new one would read about every table before it empties."""

    url: str
    runner: asyncio.Runner
    connection: asyncpg.Connection


@pytest.fixture(scope="session")
def own_database(addresses: Addresses) -> Iterator[Own]:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        name = f"ayumi_test_{WORKER}_{os.getpid()}"
        url = runner.run(make_database(addresses, name))
        connection = runner.run(connected(url, server_settings=database.SESSION))
        yield Own(url, runner, connection)
        runner.run(connection.close())
        runner.run(administer(addresses.database_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture
def database_url(own_database: Own) -> str:
    """This worker's database, as the test before left it."""
    return own_database.url


@pytest.fixture
def emptied(own_database: Own) -> str:
    """The address of this worker's database, which is as right after the migrations."""
    own_database.runner.run(own_database.connection.execute(EMPTIED))
    return own_database.url


async def empty() -> None:
    """The connected database as right after the migrations."""
    await database.run(EMPTIED)


@pytest.fixture
async def db(emptied: str) -> AsyncIterator[str]:
    """A connected, empty database; its address."""
    await database.connect(emptied, pool=10, intake=2)
    yield emptied
    await database.disconnect()


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[control.Process]:
    process = watched.start()
    yield process
    assert process.stop() == 0


@pytest.fixture
async def simulator(simulator_process: control.Process) -> AsyncIterator[control.Simulator]:
    """Every call and webhook of the test is held against LINE's own description, and so are our requests."""
    async with control.Simulator(simulator_process.base_url) as simulator:
        yield simulator
        await watched.ask(simulator, remarks=True)


@pytest.fixture
async def channel(simulator: control.Simulator) -> AsyncIterator[control.Channel]:
    """A LINE channel nobody has used yet."""
    channel = await simulator.new_channel()
    yield channel
    await channel.close()


@pytest.fixture
async def stage(db: str, channel: control.Channel) -> AsyncIterator[delivering.Stage]:
    """A channel, the database and delivery between them."""
    async with delivering.open_stage(channel) as stage:
        yield stage


@pytest.fixture
def bot_settings(
    addresses: Addresses, database_url: str, channel: control.Channel, tmp_path: Path
) -> settings.Settings:
    """Settings of a bot in the sandbox that belongs to this test's channel."""
    return settings.Settings(
        _env_file=None,
        line_channel_secret=[channel.secret],
        line_channel_access_token=channel.token,
        line_api_url=channel.api_url,
        line_data_api_url=channel.data_url,
        database_url=database_url,
        redis_url=addresses.redis_url,
        port=0,
        media_dir=tmp_path / "media",
        secret_key=["0123456789abcdef0123456789abcdef"],
        ayumi_sandbox=True,
    )


@pytest.fixture
async def house(bot_settings: settings.Settings, emptied: str) -> AsyncIterator[Any]:
    """A connected bot on an empty database that neither serves nor works yet."""
    from bot import wiring

    async with wiring.house(bot_settings, intake=True) as house:
        yield house


@pytest.fixture
async def bot(house: Any, channel: control.Channel) -> AsyncIterator[Any]:
    """The whole bot: a server LINE's webhooks reach, and a worker; the simulator's clock moves both."""
    from bot import server, work

    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(server.serving(house))
        house.delivery.public_url = f"http://127.0.0.1:{served.port}"
        await stack.enter_async_context(work.working(house))
        await channel.change(webhook_url=f"http://127.0.0.1:{served.port}/line/webhook", drive_bot=True)
        yield house


@pytest.fixture(scope="session")
def chromium() -> Iterator[str]:
    with browsers.chromium() as address:
        yield address


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[BrowserContext]:
    """Somebody at a desktop who opens our pages for the first time."""
    async with browsers.visitor(chromium) as visitor:
        yield visitor
