"""Stores that can be killed: a module's own PostgreSQL and Valkey, which write to the disk."""

import shutil
from collections.abc import Iterator

import pytest

from bot import embedded
from tests.faults.stores import Stores


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Durable, and of this test process's own: what other tests use must not be killed."""
    stores = Stores(embedded.start(tmp_path_factory.mktemp("stores")))
    yield stores
    stores.servers.stop()
    shutil.rmtree(stores.servers.place.sockets, ignore_errors=True)
