"""Backup and restore: the whole database, all or nothing, with all media; and nothing is sent afterwards."""

import os
import secrets
import stat
import zipfile
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from bot import backup, settings
from jobs import media as reading
from storage import clock, database, media
from storage.media import contents
from tests import photos
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
    backup.backup(url, tmp_path / "media", tmp_path / "shop.zip")
    assert stat.S_IMODE((tmp_path / "shop.zip").stat().st_mode) == 0o600
    await ask(url, "DELETE FROM notes")
    assert await ask(url, PAUSES) is None
    backup.restore(url, tmp_path / "media", tmp_path / "shop.zip")
    assert await ask(url, "SELECT text FROM notes") == "コーヒー☕"
    assert await ask(url, PAUSES) == "all:restored"


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if not path.is_dir()]


async def film_in(folder: Path) -> bytes:
    """The bytes of a film that has a name and lies in the folder."""
    path, name = folder / "part-of-test", secrets.token_hex(16)
    path.write_bytes(photos.film(ballast=100_000))
    made = reading.read(path, 3000, None, name)
    path.replace(folder / name)
    await media.make("店内", "video", await contents.keep(made), await clock.now())
    return (folder / name).read_bytes()


async def test_it_brings_back_the_films_that_lie_beside_the_database(
    url: str, addresses: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "IN_DATABASE", 50_000)
    (tmp_path / "media").mkdir()
    await database.connect(url, 1)
    data = await film_in(tmp_path / "media")
    await database.disconnect()
    (tmp_path / "media" / "part-half").write_bytes(b"what was just being copied")
    backup.backup(url, tmp_path / "media", tmp_path / "shop.zip")
    other = await make_database(addresses, f"{url.rpartition('/')[2]}_other")
    backup.restore(other, tmp_path / "elsewhere" / "media", tmp_path / "shop.zip")
    [laid] = (tmp_path / "elsewhere" / "media").iterdir()
    assert laid.name == await ask(other, "SELECT file FROM content_versions WHERE variant = 'original'")
    assert laid.read_bytes() == data
    assert stat.S_IMODE(laid.stat().st_mode) == 0o600
    assert laid.stat().st_uid == os.geteuid()
    backup.restore(url, tmp_path / "media", tmp_path / "shop.zip")
    assert (tmp_path / "media" / laid.name).read_bytes() == data, "what is there already stays"


async def test_a_damaged_backup_changes_nothing(url: str, tmp_path: Path) -> None:
    await ask(url, "CREATE TABLE notes AS SELECT 1 AS text")
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / ("ab" * 16)).write_bytes(b"film" * 1000)
    backup.backup(url, tmp_path / "media", tmp_path / "shop.zip")
    await ask(url, "UPDATE notes SET text = 2")
    whole = (tmp_path / "shop.zip").read_bytes()
    for broken in (whole[:-100], whole[: len(whole) // 2], whole.replace(b"filmfilm", b"filmfalm", 1)):
        (tmp_path / "shop.zip").write_bytes(broken)
        with pytest.raises(settings.Wrong, match="damaged"):
            backup.restore(url, tmp_path / "other", tmp_path / "shop.zip")
        assert await ask(url, "SELECT text FROM notes") == 2
        assert files_in(tmp_path / "other") == []


async def test_a_backup_holds_nothing_but_films_and_a_restore_lays_nothing_elsewhere(url: str, tmp_path: Path) -> None:
    media_folder = tmp_path / "media"
    media_folder.mkdir()
    (media_folder / "notes.txt").write_text("not ours")
    backup.backup(url, media_folder, tmp_path / "shop.zip")
    with zipfile.ZipFile(tmp_path / "shop.zip", "a") as archive:
        assert archive.namelist() == ["database.dump"]
        for name in ("media/../../escaped", f"media/../{'a' * 32}", f"/{'b' * 32}", "media/c"):
            archive.writestr(name, b"hostile")
    backup.restore(url, tmp_path / "laid" / "media", tmp_path / "shop.zip")
    assert files_in(tmp_path / "laid") == []


async def test_a_backup_goes_into_no_file_that_somebody_else_has_laid_there(url: str, tmp_path: Path) -> None:
    (tmp_path / "shop.zip.partial").symlink_to(tmp_path / "theirs")
    backup.backup(url, tmp_path / "media", tmp_path / "shop.zip")
    assert not (tmp_path / "theirs").exists()
    assert stat.S_IMODE((tmp_path / "shop.zip").lstat().st_mode) == 0o600


async def test_a_restore_while_ayumi_runs_is_refused(url: str, tmp_path: Path) -> None:
    backup.backup(url, tmp_path / "media", tmp_path / "shop.zip")
    line = await connect(url)
    try:
        with pytest.raises(settings.Wrong, match="in use"):
            backup.restore(url, tmp_path / "media", tmp_path / "shop.zip")
    finally:
        await line.close()


async def test_a_file_that_is_no_backup_changes_nothing(url: str, tmp_path: Path) -> None:
    await ask(url, "CREATE TABLE notes AS SELECT 1 AS text")
    (tmp_path / "shop.zip").write_text("not this")
    with pytest.raises(settings.Wrong, match="is no backup"):
        backup.restore(url, tmp_path / "media", tmp_path / "shop.zip")
    assert await ask(url, "SELECT count(*) FROM notes") == 1


async def test_a_restore_that_fails_half_way_changes_nothing(url: str, tmp_path: Path) -> None:
    await ask(url, "CREATE TABLE notes AS SELECT 1 AS text")
    backup.backup(url, tmp_path / "media", tmp_path / "shop.zip")
    await ask(url, "UPDATE notes SET text = 2")
    # something of the owner's hangs on a table that the restore would replace
    await ask(url, "CREATE VIEW report AS SELECT text FROM notes")
    with pytest.raises(settings.Wrong, match="Nothing was changed"):
        backup.restore(url, tmp_path / "media", tmp_path / "shop.zip")
    assert await ask(url, "SELECT text FROM notes") == 2
    assert await ask(url, PAUSES) is None


def test_a_backup_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(settings.Wrong, match="was not written"):
        backup.backup("postgres://ayumi@/ayumi?host=/nowhere", tmp_path / "media", tmp_path / "shop.zip")
    assert list(tmp_path.iterdir()) == []
