"""The way to PostgreSQL: it leaves the environment alone, repeats what only the database spoiled, migrates once."""

import asyncio
import json
import os

import asyncpg
import pytest

from storage import clock, database, errors


async def test_it_leaves_the_shops_time_zone_in_the_environment(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMEZONE", "Asia/Tokyo")
    await database.connect(database_url)
    await database.disconnect()
    assert os.environ["TIMEZONE"] == "Asia/Tokyo"


async def test_it_repeats_a_transaction_that_lost_its_connection(db: str) -> None:
    attempts = 0

    async def work() -> int:
        nonlocal attempts
        attempts += 1
        await database.run("UPDATE account SET config_version = config_version + 1")
        if attempts == 1:
            own = await database.value("SELECT pg_backend_pid()")
            other = await asyncpg.connect(**{k: v for k, v in database.credentials(db).items() if v is not None})
            await other.execute("SELECT pg_terminate_backend($1)", own)
            await other.close()
            await database.run("SELECT 1")
        return attempts

    assert await database.repeated(work) == 2
    assert (await clock.read()).config_version == 2


async def test_it_has_patience_with_a_statement_over_very_many_alone(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "ANSWERED", 0.2)
    monkeypatch.setitem(database.SESSION, "statement_timeout", "200")
    await database.connect(database_url)
    try:
        with pytest.raises((TimeoutError, asyncpg.QueryCanceledError)):
            async with database.transaction():
                await database.value("SELECT pg_sleep(0.4)")
        async with database.transaction():
            assert await database.slow_value("SELECT 5 FROM pg_sleep(0.4)") == 5
        assert await database.value("SHOW statement_timeout") == "200ms"
    finally:
        await database.disconnect()


async def test_it_does_not_repeat_what_the_work_itself_spoiled(db: str) -> None:
    attempts = 0

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        raise errors.Refused("いいえ")

    with pytest.raises(errors.Refused):
        await database.repeated(work)
    assert attempts == 1


async def test_it_knows_whether_the_schema_is_this_versions(db: str) -> None:
    assert await database.schema_is_current()
    kept = await database.rows("SELECT * FROM tortoise_migrations ORDER BY id")
    await database.run("DELETE FROM tortoise_migrations WHERE id = $1", kept[-1]["id"])
    try:
        assert not await database.schema_is_current()
    finally:
        await database.run(
            "INSERT INTO tortoise_migrations SELECT * FROM json_populate_record(null::tortoise_migrations, $1::json)",
            json.dumps(kept[-1], default=str),
        )


async def test_it_migrates_once_however_many_start_at_once(addresses: object, database_url: str) -> None:
    async with asyncio.timeout(30):
        await asyncio.gather(*(asyncio.to_thread(asyncio.run, database.migrate(database_url)) for _ in range(2)))


async def test_it_never_moves_business_time_back(db: str) -> None:
    before = await clock.now()
    ahead = await clock.move(before.replace(year=before.year + 1))
    assert ahead.year == before.year + 1
    assert await clock.move(before) >= ahead
