"""A migrated, empty database per test, connected."""

import os
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from tortoise import Tortoise

from storage import database

TABLES = (
    "SELECT string_agg(quote_ident(tablename), ',') FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename NOT LIKE '%migrations%'"
)
_made: dict[str, str] = {}


async def _database(worker: str) -> str:
    if worker not in _made:
        server = os.environ["AYUMI_TEST_DATABASE_URL"]
        name = f"ayumi_h5_{worker}"
        guard = await asyncpg.connect(**{k: v for k, v in database.credentials(server).items() if v is not None})
        await guard.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await guard.execute(f'CREATE DATABASE "{name}"')
        await guard.close()
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        await database.migrate(url)
        _made[worker] = url
    return _made[worker]


@pytest.fixture
async def database_url() -> str:
    return await _database(os.environ.get("PYTEST_XDIST_WORKER", "solo"))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[str]:
    await database.connect(database_url, pool=10, intake=2)
    await database.run(f"TRUNCATE {await database.value(TABLES)} RESTART IDENTITY")
    await database.run("INSERT INTO account (id) VALUES (1)")
    yield database_url
    await database.disconnect()
    await Tortoise.close_connections()
