"""The way to PostgreSQL: connections, transactions that repeat themselves, raw statements, migrations."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import orjson
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import DBConnectionError, OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from storage import states

MODELS = [
    "storage.account",
    "storage.friends",
    "storage.friend_events",
    "storage.tags",
    "storage.fields",
    "storage.shared_values",
    "storage.templates",
    "storage.answers",
    "storage.action_sets",
    "storage.links",
    "storage.links.clicks",
    "storage.media",
    "storage.media.contents",
    "storage.media.received",
    "storage.greetings",
    "storage.versions",
    "storage.auto_replies",
    "storage.spent_tokens",
    "storage.unmatched",
    "storage.forms",
    "storage.forms.submissions",
    "storage.forms.tickets",
    "storage.forms.uploads",
    "storage.settings",
    "storage.buttons",
    "storage.delayed",
    "storage.once",
    "storage.scenarios",
    "storage.segments.saved",
    "storage.inbox",
    "storage.outbox",
    "storage.outbox.ledger",
    "storage.quotable",
    "storage.retention",
    "storage.charts",
    "storage.pauses",
    "storage.alarms",
    "storage.quota",
    "storage.staff",
    "storage.dialogues",
    "storage.operations",
    "storage.broadcasts",
    "storage.broadcasts.aggregates",
    "storage.broadcasts.runs",
    "storage.audit",
    "storage.backups",
]

APP = {"models": MODELS, "migrations": "storage.migrations", "default_connection": "default"}

# What `tortoise` (makemigrations) and the checks read; the running system builds its own with `connect`.
TORTOISE: dict[str, Any] = {
    "connections": {"default": "asyncpg://ayumi@localhost/ayumi"},
    "apps": {"storage": APP},
    "use_tz": True,
    "timezone": "UTC",
}

# A frozen process must not keep friends locked: the server gives up on it (DELIVERY 1).
SESSION = {
    "timezone": "UTC",
    "jit": "off",
    "statement_timeout": "15000",
    "lock_timeout": "5000",
    "idle_in_transaction_session_timeout": "20000",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

ANSWERED = 30  # seconds after which a database that says nothing at all is given up
SLOW = 120  # what a statement over a million friends may take

INTAKE = "intake"  # the webhook insert's own pool: waiting lanes can never stall it (DELIVERY 6)

# Losing the connection, a deadlock, a serialization failure or a timeout is no failure of the work (DELIVERY 2).
TRANSIENT: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.PostgresIOError,
    asyncpg.ReadOnlySQLTransactionError,  # a failover: we still speak to what has become a standby
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,  # the server's farewell has been read, and the end of the line not yet
    DBConnectionError,
    ConnectionError,
    OSError,
    TimeoutError,
)

MIGRATION_LOCK = 0x4159554D  # "AYUM"

T = TypeVar("T")


def credentials(url: str) -> dict[str, Any]:
    """The parts of a postgres:// address as Tortoise's `credentials` form wants them (a socket folder is `?host=`)."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql", "asyncpg"):
        raise ValueError("DATABASE_URL must begin with postgres://")
    query = parse_qs(parts.query)
    found: dict[str, Any] = {
        "host": query["host"][0] if "host" in query else (parts.hostname or "localhost"),
        "port": parts.port or int(query.get("port", ["5432"])[0]),
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": parts.path.lstrip("/"),
    }
    if "sslmode" in query:
        found["ssl"] = query["sslmode"][0]
    return found


def configuration(url: str, pool: int, intake: int = 0) -> dict[str, Any]:
    def one(size: int) -> dict[str, Any]:
        return {
            "engine": "tortoise.backends.asyncpg",
            "credentials": credentials(url)
            | {
                "minsize": 1,
                "maxsize": size,
                "server_settings": SESSION,
                "command_timeout": ANSWERED,
                "reset": _nothing_to_reset,
            },
        }

    pools = {"default": one(pool)}
    if intake:
        pools[INTAKE] = one(intake)
    return {"connections": pools, "apps": {"storage": APP}, "use_tz": True, "timezone": "UTC"}


async def _nothing_to_reset(_: object) -> None:
    """We keep no state in a session, so a released connection needs no statement of its own; a transaction left open
    is rolled back by the pool all the same."""


async def connect(url: str, pool: int = 10, intake: int = 0) -> None:
    """Open the pools: `default` for all work, and with `intake` a second one for the webhook's inserts."""
    await _init(configuration(url, pool, intake), everywhere=True)
    await run("SELECT 1")


_drawn = False  # whether the models are ready for queries: done once in a process, it takes longer than all else here


async def _init(config: dict[str, Any], *, everywhere: bool) -> None:
    """Tortoise writes its zone into the environment's TIMEZONE, which is the shop's: it is put back."""
    global _drawn
    ours = os.environ.get("TIMEZONE")
    await Tortoise.init(config=config, init_connections=not _drawn, _enable_global_fallback=everywhere)
    _drawn = True
    if ours is None:
        os.environ.pop("TIMEZONE", None)
    else:
        os.environ["TIMEZONE"] = ours


async def disconnect() -> None:
    await Tortoise.close_connections()


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """One transaction on one connection; only porches open it (DESIGN law 2)."""
    context = in_transaction("default")
    async with AsyncExitStack() as stack:
        try:
            await context.__aenter__()
        except BaseException:
            if hasattr(context, "token"):
                # Only BEGIN failed: Tortoise would leave the dead connection in place for all this task does later.
                await context.__aexit__(TransactionManagementError, None, None)
            raise
        stack.push_async_exit(context)
        yield


async def repeated(work: Callable[[], Awaitable[T]], patience: float = 30.0) -> T:
    """Run `work` in a transaction, again and again with growing pauses while only the database is in trouble.

    What took a statement too long is repeated once only: if it does so again, it may be too much work.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    pause = 0.05
    timeouts = 0
    while True:
        try:
            async with transaction():
                return await work()
        except Exception as error:
            timeouts += timed_out(error)
            if not transient(error) or timeouts > 1 or loop.time() + pause > deadline:
                raise
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(pause * 2, 2.0)


def transient(error: BaseException) -> bool:
    """True when the database, not the work, failed."""
    return any(isinstance(one, TRANSIENT) for one in _with_causes(error))


def timed_out(error: BaseException) -> bool:
    """True when a statement took too long: the database is in trouble, or a set is too large for it (DELIVERY 10)."""
    return any(isinstance(one, asyncpg.QueryCanceledError) for one in _with_causes(error))


def failed(error: BaseException) -> bool:
    """True when the work is to be tried in smaller parts, and in the end put aside."""
    return timed_out(error) or not transient(error)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


async def rows(sql: str, *values: Any) -> list[dict[str, Any]]:
    """All rows of a raw statement, inside the current transaction when there is one; jsonb arrives as text."""
    return await get_connection("default").execute_query_dict(sql, list(values))


async def row(sql: str, *values: Any) -> dict[str, Any] | None:
    found = await rows(sql, *values)
    return found[0] if found else None


async def value(sql: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    found = await rows(sql, *values)
    return next(iter(found[0].values())) if found else None


async def run(sql: str, *values: Any) -> None:
    await get_connection("default").execute_query_dict(sql, list(values))


async def slow_value(sql: str, *values: Any) -> Any:
    """`value` for a statement over a million friends; only in a transaction, whose statements may all take as long."""
    await run(f"SET LOCAL statement_timeout = '{SLOW}s'")
    async with get_connection("default").acquire_connection() as connection:
        return await connection.fetchval(sql, *values, timeout=SLOW + ANSWERED)


def many(rows: Sequence[object]) -> str:
    """Dataclasses as one value for `json_to_recordset($1::text::json)`: both sides are quicker with one text than with
    an array for each column. Bytes arrive as text."""
    return orjson.dumps(rows, default=bytes.decode).decode()


async def migrate(url: str) -> None:
    """Bring the schema up to date, one process at a time."""
    guard = await asyncpg.connect(**_plain(url))
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await _init(configuration(url, 1), everywhere=False)
        try:
            await _executor().migrate(None)
        finally:
            await Tortoise.close_connections()
    finally:
        await guard.close()


async def schema_is_current() -> bool:
    """Whether the connected database has every migration of this checkout, and none it does not know."""
    try:
        return not await _executor().plan(None)
    except OperationalError:
        return False


async def is_empty() -> bool:
    """Whether the connected database has nothing of ours at all."""
    return bool(await value("SELECT to_regclass('account') IS NULL AND to_regclass('tortoise_migrations') IS NULL"))


def _executor() -> states.Executor:
    return states.Executor(get_connection("default"), {"storage": APP})


def _plain(url: str) -> dict[str, Any]:
    return {name: given for name, given in credentials(url).items() if given is not None}
