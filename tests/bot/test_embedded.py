"""The embedded PostgreSQL and Valkey, with real ones of their own."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
import redis

from bot import embedded
from bot.embedded import place as places
from bot.embedded import postgres, process, valkey
from storage import database

Start = Callable[[bool], embedded.Servers]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Under a long path with spaces, in a folder that only we may enter."""
    closed = tmp_path / "a house with a long name, 歩み" / ("and a very long corridor " * 4)
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    return closed / ".ayumi"


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    made: list[embedded.Servers] = []

    def begin(durable: bool) -> embedded.Servers:
        made.append(embedded.start(home, durable=durable))
        return made[-1]

    yield begin
    for servers in reversed(made):
        servers.stop()
        shutil.rmtree(servers.place.sockets, ignore_errors=True)


async def ask(url: str, sql: str) -> object:
    line = await asyncpg.connect(**{k: v for k, v in database.credentials(url).items() if v is not None})
    try:
        return await line.fetchval(sql)
    finally:
        await line.close()


def queue(servers: embedded.Servers) -> redis.Redis:
    return redis.Redis.from_url(servers.redis_url)


@contextmanager
def sleeper(user: int | None) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of ours."""
    with subprocess.Popen(["sleep", "600"], user=user, cwd="/") as running:
        try:
            yield running
        finally:
            running.kill()


def kill(child: process.Child) -> None:
    os.kill(child.pid, signal.SIGKILL)
    assert process.wait_until(lambda: not child.alive(), 5)


async def test_it_brings_a_database_and_a_queue_of_the_kind_we_need(start: Start) -> None:
    servers = start(True)
    assert str(await ask(servers.database_url, "SHOW server_version")).startswith("18.")
    wanted = {"fsync": "on", "listen_addresses": "", "jit": "off", "server_encoding": "UTF8", "TimeZone": "UTC"}
    for name, value in wanted.items():
        assert await ask(servers.database_url, f"SHOW {name}") == value
    locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'ayumi'"
    assert await ask(servers.database_url, locale) == "bC.UTF-8"
    with queue(servers) as line:
        assert line.config_get("append*") == {
            "appendonly": "yes",
            "appendfsync": "everysec",
            "appendfilename": "appendonly.aof",
            "appenddirname": "appendonlydir",
        }
        assert line.config_get("port") == {"port": "0"}


async def test_what_was_committed_survives_a_kill_of_both(start: Start) -> None:
    servers = start(True)
    await ask(servers.database_url, "CREATE TABLE kept AS SELECT 7 AS number")
    with queue(servers) as line:
        line.set("kept", "eight")
    kill(servers.database)
    kill(servers.cache)
    again = start(True)
    assert await ask(again.database_url, "SELECT number FROM kept") == 7
    with queue(again) as line:
        assert line.get("kept") == b"eight"


async def test_a_second_start_uses_the_servers_that_live(start: Start) -> None:
    first, second = start(False), start(False)
    assert (second.database.pid, second.cache.pid) == (first.database.pid, first.cache.pid)
    assert await ask(second.database_url, "SELECT 1") == 1


async def test_a_stranger_who_got_the_number_of_a_dead_postmaster_does_not_stop_the_start(
    start: Start, home: Path
) -> None:
    first = start(False)
    kill(first.database)
    account = first.place.account
    with sleeper(account.uid if account else None) as stranger:
        lock = home / "postgres" / "postmaster.pid"
        lines = lock.read_text().splitlines()
        lock.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        (home / "valkey.pid").write_text(f"{stranger.pid}\nanother birth\n")
        kill(first.cache)
        assert await ask(start(False).database_url, "SELECT 1") == 1
        assert stranger.poll() is None


async def test_a_cluster_that_was_half_made_is_made_anew(start: Start, home: Path) -> None:
    half = home / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert await ask(start(False).database_url, "SELECT 1") == 1


def test_another_version_of_the_cluster_is_one_sentence(start: Start, home: Path) -> None:
    start(False).stop()
    (home / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(process.CannotStart, match=r"written by PostgreSQL 17.*backup"):
        start(False)


def test_it_opens_no_folder_to_others(start: Start, home: Path) -> None:
    before = {folder: folder.stat() for folder in home.parents}
    servers = start(False)
    for folder, was in before.items():
        now = folder.stat()
        assert (now.st_mode, now.st_uid, now.st_gid) == (was.st_mode, was.st_uid, was.st_gid)
    for private in (home, home / "postgres", home / "valkey", servers.place.postgres_sockets):
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE(servers.place.sockets.stat().st_mode) in (0o700, 0o711)
    assert stat.S_IMODE(servers.place.valkey_socket.stat().st_mode) == 0o600
    assert len(str(servers.place.postgres_sockets / ".s.PGSQL.5432")) < 100


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play another user")
def test_no_other_user_gets_in_and_postgres_is_not_root(start: Start) -> None:
    servers = start(False)
    assert process.LINUX is False or Path(f"/proc/{servers.database.pid}").stat().st_uid != 0
    socket = servers.place.postgres_sockets / ".s.PGSQL.5432"
    ask_as = (
        f"import os, socket; os.setgid(12345); os.setuid(12345); socket.socket(socket.AF_UNIX).connect({str(socket)!r})"
    )
    done = subprocess.run([sys.executable, "-c", ask_as], cwd="/", capture_output=True, check=False)
    assert b"PermissionError" in done.stderr


async def test_the_servers_user_himself_has_no_role_in_it(start: Start) -> None:
    servers = start(False)
    if servers.place.account is None:
        pytest.skip("the servers run as we do")
    hba = (servers.place.directory / "postgres" / "pg_hba.conf").read_text()
    assert hba == "local all ayumi peer map=ayumi\n"
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await ask(servers.database_url.replace("ayumi@", "postgres@"), "SELECT 1")


def test_a_socket_folder_that_others_could_have_touched_is_not_used_again(start: Start, home: Path) -> None:
    first = start(True)
    if first.place.sockets.is_relative_to(home):
        pytest.skip("the sockets are inside")
    first.stop()
    first.place.sockets.chmod(0o777)
    second = start(True)
    assert second.place.sockets != first.place.sockets
    shutil.rmtree(first.place.sockets)


async def test_a_short_plain_path_keeps_the_sockets_at_home_for_an_ordinary_user() -> None:
    place = places.Place(Path("/home/ayumi/.ayumi"), Path("/home/ayumi/.ayumi/run"), None)
    assert (
        postgres.url(place, "ayumi_sandbox") == "postgres://ayumi@/ayumi_sandbox?host=/home/ayumi/.ayumi/run/postgres"
    )
    assert valkey.url(place) == "unix:///home/ayumi/.ayumi/run/valkey.sock?db=0"


async def test_a_crash_is_repaired_before_it_says_ready(start: Start) -> None:
    servers = start(True)
    await ask(servers.database_url, "CREATE TABLE many AS SELECT generate_series(1, 200000) AS number")
    await asyncio.gather(*(ask(servers.database_url, "UPDATE many SET number = number + 1") for _ in range(2)))
    kill(servers.database)
    again = start(True)
    assert await ask(again.database_url, "SELECT sum(number) FROM many") == 20000100000 + 400000


def test_a_number_that_went_to_another_process_is_not_taken_for_ours(tmp_path: Path) -> None:
    with sleeper(None) as ours:
        process.note(tmp_path / "x.pid", process.Child(ours.pid, ours))
        assert process.noted(tmp_path / "x.pid") == process.Child(ours.pid)
        number, born = (tmp_path / "x.pid").read_text().splitlines()
        (tmp_path / "x.pid").write_text(f"{number}\n{born}0\n")
        assert process.noted(tmp_path / "x.pid") is None
        (tmp_path / "x.pid").write_text("")
        assert process.noted(tmp_path / "x.pid") is None
    assert not process.exists(ours.pid)
