"""Counting what a piece of work asks of the database: statement budgets are held by tests, not by times."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise.connection import get_connection


@asynccontextmanager
async def counted() -> AsyncIterator[list[str]]:
    """Inside a transaction: the statements that are sent from here on."""
    connection = get_connection("default")._connection  # noqa: SLF001 - Tortoise hands none out
    told: list[str] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        told.append(record.query)

    connection.add_query_logger(note)
    try:
        yield told
    finally:
        connection.remove_query_logger(note)
