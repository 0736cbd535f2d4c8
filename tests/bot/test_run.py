"""`./ayumi run`, whole, in a checkout of its own: starts, restarts, stops, and survives every kill."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.embedded import place as places
from bot.embedded import postgres, process
from storage import database
from tests.house import CHILDREN, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "my shop's bot, 歩み" / ("with a long, long way to it " * 3))
    yield made
    made.remove()


async def ask(house: House, sql: str) -> object:
    url = postgres.url(places.prepare(house.home), "ayumi_sandbox")
    line = await asyncpg.connect(**{k: v for k, v in database.credentials(url).items() if v is not None})
    try:
        return await line.fetchval(sql)
    finally:
        await line.close()


def test_it_runs_the_sandbox_and_stops_cleanly(house: House) -> None:
    house.start()
    # a person at the terminal is welcomed by words, and by nothing else before them
    said = [line for line in house.said().splitlines() if line.strip()]
    assert said[:2] == ["Making a PostgreSQL cluster.", "Ayumi runs in its sandbox: a simulator plays LINE."], said
    assert not any(line.startswith("{") for line in said)
    assert '"event": "server ready"' in (house.home / "server.log").read_text()
    worker_log = house.home / "worker.log"
    assert process.wait_until(lambda: '"event": "worker ready"' in worker_log.read_text(), 60)
    assert house.ready()
    assert house.get(house.address("Phones page")) == 200
    assert re.search(r"Claim code: +\d", house.said()) or process.wait_until(
        lambda: re.search(r"Claim code: +\d", house.said()) is not None, 20
    )
    for name in ("secret_key", "sandbox.json", "server.log", "worker.log"):
        assert (house.home / name).stat().st_mode & 0o077 == 0
    second = subprocess.run(
        [sys.executable, "-m", "bot", "run"], cwd=house.folder, capture_output=True, text=True, check=False
    )
    assert (second.returncode, second.stderr.count("\n")) == (1, 1)
    assert "already runs" in second.stderr
    pids = house.pids()
    assert set(pids) == {*CHILDREN, "postgres"}
    began = time.monotonic()
    assert house.end(signal.SIGINT) == 0
    assert time.monotonic() - began < 20
    assert not any(process.exists(pid) for pid in pids.values())
    # the server and the worker had left before PostgreSQL was told to go
    log = (house.home / "postgres.log").read_text()
    assert "database system is shut down" in log
    assert "terminating connection" not in log
    assert "Traceback" not in house.said() + house.logged()


@pytest.mark.parametrize("seconds", [0.3, 0.9, 1.5, 2.1])
def test_it_can_be_stopped_at_any_moment_of_its_start(house: House, seconds: float) -> None:
    house.begin()
    assert house.run is not None
    time.sleep(seconds)
    pids = house.pids()
    house.end()
    assert process.wait_until(lambda: not any(process.exists(pid) for pid in pids.values()), 10)
    assert house.pids() == {}
    assert "Traceback" not in house.said() + house.logged()


@pytest.mark.timeout(300)
async def test_whatever_dies_is_started_again_loses_nothing_and_blocks_nothing(house: House) -> None:
    house.start()
    await ask(house, "CREATE TABLE kept AS SELECT 7 AS number")
    before = house.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def all_new() -> bool:
        now = house.pids()
        return set(now) == set(before) and all(now[name] != before[name] for name in before) and house.ready()

    assert process.wait_until(all_new, 60), (before, house.pids(), house.said())

    assert house.run is not None
    orphans = house.pids()
    house.run.kill()
    house.run.wait()
    house.start()  # the supervisor alone was killed
    assert house.ready()
    assert not any(process.exists(pid) for pid in orphans.values())

    for pid in (house.run.pid, *house.pids().values()):
        os.kill(pid, signal.SIGKILL)
    house.run.wait()
    house.start()
    assert house.ready()
    assert await ask(house, "SELECT number FROM kept") == 7
    old, new = ((house.home / name).read_text() for name in ("server.log.old", "server.log"))
    assert (old.count("server ready"), new.count("server ready")) == (1, 1)  # of the run before, and of this one
    last = house.pids()
    assert house.end() == 0
    assert not any(process.exists(pid) for pid in last.values())


def test_a_port_in_use_is_one_sentence_and_nothing_is_left_behind(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        house.begin(PORT=str(taken))
        assert house.run is not None
        assert house.run.wait(60) == 1
    assert house.said() == f"Port {taken} is in use by another program: stop that one, or set PORT to another number.\n"
    assert house.pids() == {}


def test_it_says_in_a_sentence_why_a_piece_could_not_start(house: House) -> None:
    house.begin(LINE_CHANNEL_SECRET="a" * 32, LINE_CHANNEL_ACCESS_TOKEN="t", LINE_API_URL="http://127.0.0.1:9")
    assert house.run is not None
    assert house.run.wait(60) == 1
    last = house.said().splitlines()[-1]
    assert re.match(r"(Server|Worker) could not start: LINE cannot be reached, and this install has never met it", last)
    assert house.pids() == {}


def test_without_the_simulator_there_is_no_sandbox_and_it_says_so(house: House) -> None:
    shutil.rmtree(house.folder / "tests")
    house.begin()
    assert house.run is not None
    assert house.run.wait(60) == 1
    assert "There is no sandbox in this installation" in house.said()
    assert house.said().count("\n") == 1


def test_it_takes_credentials_that_look_like_an_option_and_its_children_end_with_it(house: House) -> None:
    house.home.mkdir(mode=0o700)
    (house.home / "sandbox.json").write_text(json.dumps({"secret": "a" * 32, "token": "-" + "t" * 40}))
    house.start()
    assert house.ready()
    assert house.run is not None
    if not process.LINUX:
        return  # only Linux tells children of their parent's death
    pids = house.pids()
    house.run.kill()
    house.run.wait()
    assert process.wait_until(lambda: not any(process.exists(pid) for pid in pids.values()), 30)
