"""Backup and restore: the whole database, all or nothing, and nothing is sent afterwards."""

import os
import stat
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot import backup, settings
from storage import database
from tests.conftest import Addresses, make_database


@pytest.fixture
async def url(addresses: Addresses) -> str:
    return await make_database(addresses, f"ayumi_backup_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}")


async def connect(url: str) -> Any:
    return await asyncpg.connect(**{k: v for k, v in database.credentials(url).items() if v is not None})


async def ask(url: str, sql: str) -> object:
    line = await connect(url)
    try:
        return await line.fetchval(sql)
    finally:
        await line.close()


PAUSES = "SELECT string_agg(scope || ':' || reason, ',') FROM pauses WHERE until IS NULL"


async def test_it_brings_back_what_was_and_stops_sending(url: str, tmp_path: Path) -> None:
    await ask(url, "CREATE TABLE notes AS SELECT 'コーヒー☕'::text AS text")
    backup.backup(url, tmp_path / "shop.dump")
    assert stat.S_IMODE((tmp_path / "shop.dump").stat().st_mode) == 0o600
    await ask(url, "DELETE FROM notes")
    assert await ask(url, PAUSES) is None
    backup.restore(url, tmp_path / "shop.dump")
    assert await ask(url, "SELECT text FROM notes") == "コーヒー☕"
    assert await ask(url, PAUSES) == "all:restored"


async def test_a_backup_goes_into_no_file_that_somebody_else_has_laid_there(url: str, tmp_path: Path) -> None:
    (tmp_path / "shop.dump.partial").symlink_to(tmp_path / "theirs")
    backup.backup(url, tmp_path / "shop.dump")
    assert not (tmp_path / "theirs").exists()
    assert stat.S_IMODE((tmp_path / "shop.dump").lstat().st_mode) == 0o600


async def test_a_restore_while_ayumi_runs_is_refused(url: str, tmp_path: Path) -> None:
    backup.backup(url, tmp_path / "shop.dump")
    line = await connect(url)
    try:
        with pytest.raises(settings.Wrong, match="in use"):
            backup.restore(url, tmp_path / "shop.dump")
    finally:
        await line.close()


async def test_a_file_that_is_no_backup_changes_nothing(url: str, tmp_path: Path) -> None:
    await ask(url, "CREATE TABLE notes AS SELECT 1 AS text")
    (tmp_path / "shop.dump").write_text("not this")
    with pytest.raises(settings.Wrong, match="is no backup"):
        backup.restore(url, tmp_path / "shop.dump")
    assert await ask(url, "SELECT count(*) FROM notes") == 1


async def test_a_restore_that_fails_half_way_changes_nothing(url: str, tmp_path: Path) -> None:
    await ask(url, "CREATE TABLE notes AS SELECT 1 AS text")
    backup.backup(url, tmp_path / "shop.dump")
    await ask(url, "UPDATE notes SET text = 2")
    # something of the owner's hangs on a table that the restore would replace
    await ask(url, "CREATE VIEW report AS SELECT text FROM notes")
    with pytest.raises(settings.Wrong, match="Nothing was changed"):
        backup.restore(url, tmp_path / "shop.dump")
    assert await ask(url, "SELECT text FROM notes") == 2
    assert await ask(url, PAUSES) is None


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(settings.Wrong, match="was not written"):
        backup.backup("postgres://ayumi@/ayumi?host=/nowhere", tmp_path / "shop.dump")
    assert list(tmp_path.iterdir()) == []
