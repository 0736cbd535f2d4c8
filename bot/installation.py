"""What this checkout keeps for itself under `.ayumi/`: its lock, its made-up secrets, its database."""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from bot.embedded import place as places
from bot.embedded import postgres, process
from bot.settings import HOME, ROOT, Settings, Wrong

MIGRATED = "migrated"  # a file that says with which migrations our own database was last brought up to date


class AlreadyRuns(Exception):
    """Another process has this installation; the message is a sentence."""


def database_name(settings: Settings) -> str:
    """The sandbox's friends never mix with the shop's."""
    return "ayumi_sandbox" if settings.sandbox else "ayumi"


def take(home: Path = HOME) -> int:
    """Have the installation until the returned file is closed or this process ends; raises AlreadyRuns."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(held, 20, 0).decode(errors="replace").strip()
        os.close(held)
        raise AlreadyRuns(f"Ayumi already runs in this folder (process {owner}).") from None
    os.ftruncate(held, 0)
    os.pwrite(held, f"{os.getpid()}\n".encode(), 0)
    return held


def secret(name: str, home: Path = HOME) -> str:
    """A random secret of 64 characters, made once and kept, readable for us only."""
    file = home / name
    if not file.is_file():
        partial = file.with_name(f"{name}.partial")
        partial.unlink(missing_ok=True)
        kept = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(kept, "w") as text:
            text.write(f"{secrets.token_hex(32)}\n")
        partial.replace(file)
    return file.read_text().strip()


def migrations(settings: Settings) -> str:
    """Names the database and its migrations: another text, another schema."""
    found = hashlib.sha256()
    for file in sorted((ROOT / "storage" / "migrations").glob("*.py")):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{database_name(settings)} {found.hexdigest()}"


@contextmanager
def database(settings: Settings, say: Callable[[str], None], home: Path = HOME) -> Iterator[Settings]:
    """Settings whose database answers: the given one, that of a `run` going on, or one started for now."""
    if settings.database_url:
        yield settings
        return
    place, name = places.prepare(home), database_name(settings)
    found = settings.model_copy(update={"database_url": postgres.url(place, name)})
    try:
        held = take(home)
    except AlreadyRuns:
        if not process.wait_until(lambda: postgres.ready(place), 30):
            raise
        yield found
        return
    try:
        child = postgres.start(place, say=say)
        try:
            postgres.create_database(place, name)
            yield found
        finally:
            postgres.stop(child)
    finally:
        os.close(held)


def require_sandbox_database(settings: Settings) -> None:
    """A database given by hand is not played in by mistake. Raises Wrong."""
    if settings.sandbox and settings.database_url and not _database_of(settings.database_url).endswith("_sandbox"):
        raise Wrong(
            "DATABASE_URL is set but LINE_CHANNEL_ACCESS_TOKEN is not: set LINE's credentials too, or name "
            "a database that ends in _sandbox to play in it."
        )


def _database_of(url: str) -> str:
    return urlsplit(url).path.strip("/")
