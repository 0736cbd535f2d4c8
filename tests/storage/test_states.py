"""The migrations come to the same tables at once, as in every test, and from any version before."""

from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.migrations.executor import MigrationTarget

from storage import database, states
from tests import conftest

TABLES = """
SELECT table_name || '.' || column_name AS what, concat_ws(' ', data_type, is_nullable, column_default) AS how
    FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
ORDER BY 1, 2
"""


async def tables(url: str) -> list[dict[str, Any]]:
    await database.connect(url)
    try:
        assert await database.schema_is_current()
        return await database.rows(TABLES)
    finally:
        await database.disconnect()


@pytest.mark.parametrize("version", ["0013_quotable", "0038_forgotten"])
async def test_it_brings_an_older_database_to_the_same_tables(
    addresses: conftest.Addresses, database_url: str, version: str
) -> None:
    name = f"ayumi_older_{conftest.WORKER}"
    url = conftest.named(addresses.database_url, name)
    await conftest.administer(addresses.database_url, f"CREATE DATABASE {name}")
    try:
        await database.connect(url)
        older = states.Executor(get_connection("default"), {"storage": database.APP})
        await older.migrate([MigrationTarget("storage", version)])
        await database.disconnect()
        await database.migrate(url)
        assert await tables(url) == await tables(database_url)
    finally:
        await conftest.administer(addresses.database_url, f"DROP DATABASE {name} WITH (FORCE)")
