"""Stores that can be killed: a test process's own PostgreSQL and Valkey, which keep what they have promised."""

import asyncio
import shutil
from collections.abc import Iterator

import pytest

from bot import embedded
from tests import conftest
from tests.faults.stores import Stores


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Of this test process's own: what other tests use must not be killed.

    PostgreSQL is told that a commit has happened once the kernel has it (fsync off): the kernel outlives whatever is
    killed here, while waiting for the disk took most of the time. All else is as in production: a commit waits
    for its log, and pages half written are repaired.
    """
    stores = Stores(embedded.start(tmp_path_factory.mktemp("stores")))
    asyncio.run(
        conftest.administer(stores.servers.database_url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    )
    yield stores
    stores.servers.stop()
    shutil.rmtree(stores.servers.place.sockets, ignore_errors=True)
