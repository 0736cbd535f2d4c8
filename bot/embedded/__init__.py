"""PostgreSQL and Valkey of our own, for a machine that has none: `start` and `Servers.stop`."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.embedded import place as places
from bot.embedded import postgres, process, valkey


@dataclass
class Servers:
    """Both servers, running, and where they are to be found."""

    place: places.Place
    database: process.Child
    cache: process.Child
    database_url: str
    redis_url: str
    guard: int
    lasting: bool = True  # False: of a test, which leaves nothing outside of its own folder

    def stop(self) -> None:
        """Valkey first, PostgreSQL last, as they would be left by Ctrl-C."""
        valkey.stop(self.cache)
        postgres.stop(self.database)
        if self.guard >= 0:
            os.close(self.guard)
            self.guard = -1
        if not self.lasting:
            shutil.rmtree(self.place.sockets, ignore_errors=True)


def start(
    directory: Path,
    *,
    name: str = "ayumi",
    durable: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Servers:
    """Start both under `directory` and make database `name`; `durable=False` is for tests only.

    Raises process.CannotStart with a sentence.
    """
    place = places.prepare(directory)
    guard = places.hold(place)
    database = postgres.start(place, durable=durable, say=say)
    postgres.create_database(place, name)
    cache = valkey.start(place, durable=durable)
    return Servers(place, database, cache, postgres.url(place, name), valkey.url(place), guard, durable)
