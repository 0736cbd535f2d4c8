"""Connections that die: the transaction begins anew, and nothing of the dead one stays behind."""

import asyncio
import threading

import asyncpg
import pytest

from storage import database


@pytest.fixture
async def one_connection(db: str) -> str:
    """A pool of a single connection; the database's address."""
    await database.disconnect()
    await database.connect(db, pool=1)
    return db


def kill_session(url: str, pid: int) -> None:
    """End a session from outside, while our own loop stands still and so cannot notice."""

    async def kill() -> None:
        connection = await asyncpg.connect(**{k: v for k, v in database.credentials(url).items() if v is not None})
        assert await connection.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
        await connection.close()

    thread = threading.Thread(target=lambda: asyncio.run(kill()))
    thread.start()
    thread.join()


@pytest.mark.parametrize("turns", range(5))
async def test_it_begins_anew_when_the_connection_dies_before_the_transaction(one_connection: str, turns: int) -> None:
    pid = await database.value("SELECT pg_backend_pid()")
    kill_session(one_connection, pid)
    for _ in range(turns):  # of the loop: nothing is known yet, then the server's farewell, then the end of the line
        await asyncio.sleep(0)
    assert await database.repeated(lambda: database.value("SELECT pg_backend_pid()"), patience=5) != pid


async def test_it_can_be_used_without_a_transaction_after_one_that_could_not_begin(one_connection: str) -> None:
    kill_session(one_connection, await database.value("SELECT pg_backend_pid()"))
    with pytest.raises(asyncpg.PostgresError):
        async with database.transaction():
            raise AssertionError("it began")
    assert await database.value("SELECT 1") == 1


async def test_it_begins_anew_when_the_connection_dies_within_the_transaction(one_connection: str) -> None:
    pids: list[int] = []

    async def work() -> None:
        pids.append(await database.value("SELECT pg_backend_pid()"))
        if len(pids) == 1:
            kill_session(one_connection, pids[0])
        await database.run("SELECT 1")

    await database.repeated(work, patience=5)
    assert len(set(pids)) == 2
