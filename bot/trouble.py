"""What is wrong outside of us at the start, in one sentence for the person at the terminal."""

import errno
import os
import traceback

from bot import installation, settings
from bot.embedded import process

DATABASE = "The database cannot be reached: look at DATABASE_URL, and whether PostgreSQL runs there."
QUEUE = "Redis or Valkey cannot be reached: look at REDIS_URL, and whether it runs there."
EMPTY = "The database is empty: run ./ayumi migrate first; it makes what Ayumi needs in there."
OTHER_SCHEMA = "The database has the schema of another version of Ayumi: run ./ayumi migrate first."
CONNECTS = {"sock_connect", "_sock_connect", "_sock_connect_cb", "getaddrinfo"}


def sentence(error: BaseException) -> str | None:
    """The sentence, or None when it is a bug of ours and deserves its traceback."""
    if isinstance(error, KeyboardInterrupt):
        return None
    if isinstance(error, settings.Wrong | process.CannotStart | installation.AlreadyRuns):
        return str(error)
    seen: BaseException | None = error
    while seen is not None:
        found = _refused(seen) or _database(seen) or _queue(seen) or _system(seen)
        if found is not None:
            return found
        seen = seen.__cause__
    return None


async def require_schema() -> None:
    """Raises settings.Wrong unless the connected database is as this version needs it."""
    from storage import database

    if not await database.schema_is_current():
        raise settings.Wrong(EMPTY if await database.is_empty() else OTHER_SCHEMA)


def _refused(error: BaseException) -> str | None:
    from storage.errors import Refused

    return error.message if isinstance(error, Refused) else None


def _database(error: BaseException) -> str | None:
    import asyncpg
    from tortoise.exceptions import DBConnectionError

    if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError):
        return "The database does not accept the user or the password in DATABASE_URL."
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return "The database named in DATABASE_URL does not exist on that server: create it first."
    if isinstance(error, asyncpg.CannotConnectNowError):
        return "The database is starting or stopping: try again in a moment."
    if isinstance(error, asyncpg.TooManyConnectionsError):
        return "The database has no connection left: raise its max_connections, or start fewer processes."
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return "The user in DATABASE_URL may not do this in the database: let it own the database."
    if isinstance(error, DBConnectionError | asyncpg.PostgresConnectionError):
        return DATABASE
    return None


def _queue(error: BaseException) -> str | None:
    import redis.exceptions

    if isinstance(error, redis.exceptions.AuthenticationError):
        return "Redis or Valkey does not accept the password in REDIS_URL."
    if isinstance(error, redis.exceptions.ConnectionError):
        return QUEUE
    return None


def _system(error: BaseException) -> str | None:
    if not isinstance(error, OSError):
        return None
    if error.errno == errno.EADDRINUSE:
        return "The port is in use by another program: stop that one, or set PORT to another number."
    if error.errno == errno.EADDRNOTAVAIL:
        return "HOST is no address of this machine."
    if error.errno == errno.ENOSPC:
        return "The disk is full: make room, then start again."
    if isinstance(error, PermissionError) and str(error.filename or "").startswith(str(settings.ROOT)):
        return f"{error.filename} belongs to another user: start Ayumi as the user who started it first."
    return _connecting(error)


def _connecting(error: OSError) -> str | None:
    """Whom a driver was calling when the system refused: a wrong name, a missing socket, a closed port."""
    frames = traceback.extract_tb(error.__traceback__)
    if not {frame.name for frame in frames} & CONNECTS:
        return None
    for driver, told in ((f"{os.sep}asyncpg{os.sep}", DATABASE), (f"{os.sep}redis{os.sep}", QUEUE)):
        if any(driver in frame.filename for frame in frames):
            return told
    return None
