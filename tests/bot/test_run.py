"""`./ayumi run`, whole, in a checkout of its own: starts, restarts, stops, and survives every kill."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from bot import checks, settings
from bot.embedded import place as places
from bot.embedded import postgres, process
from storage import database

CHILDREN = ("simulator", "server", "worker", "valkey")


class House:
    """One checkout and the run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / ".ayumi"
        self.output = folder / "output.txt"
        self.run: subprocess.Popen[bytes] | None = None

    def begin(self, **environment: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name.lower() not in settings.Settings.model_fields}
        with self.output.open("wb") as output:
            self.run = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=kept | {"PORT": "0", "SIMULATOR_PORT": "0"} | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> None:
        """Begin, and wait until it says that it runs."""
        self.begin()
        running = self.run
        assert running is not None
        assert process.wait_until(lambda: "Ctrl-C" in self.said() or running.poll() is not None, 60)
        assert running.poll() is None, self.said()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.run is not None
        self.run.send_signal(how)
        return self.run.wait(40)

    def said(self) -> str:
        return self.output.read_text()

    def address(self, name: str) -> str:
        found = re.search(rf"{name} +(http://\S+)", self.said())
        assert found, self.said()
        return found.group(1)

    def get(self, address: str) -> int:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                return int(answer.status)
        except OSError:
            return 0

    def pids(self) -> dict[str, int]:
        found = {name: process.noted(self.home / f"{name}.pid") for name in CHILDREN}
        pids = {name: child.pid for name, child in found.items() if child is not None}
        lock = self.home / "postgres" / "postmaster.pid"
        if lock.is_file():
            pids["postgres"] = int(lock.read_text().splitlines()[0])
        return pids

    def ready(self) -> bool:
        return self.get(f"{self.address('The bot')}/readyz") == 200


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    folder = tmp_path / "my shop's bot, 歩み" / ("with a long, long way to it " * 3)
    folder.mkdir(parents=True)
    for package in checks.OURS:
        shutil.copytree(settings.ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    made = House(folder)
    yield made
    if made.run is not None and made.run.poll() is None:
        made.end()
    record = made.home / "sockets"
    if record.is_file():
        shutil.rmtree(record.read_text().strip(), ignore_errors=True)


async def ask(house: House, sql: str) -> object:
    url = postgres.url(places.prepare(house.home), "ayumi_sandbox")
    line = await asyncpg.connect(**{k: v for k, v in database.credentials(url).items() if v is not None})
    try:
        return await line.fetchval(sql)
    finally:
        await line.close()


def test_it_runs_the_sandbox_and_stops_cleanly(house: House) -> None:
    house.start()
    assert house.ready()
    assert house.get(house.address("Phones page")) == 200
    assert re.search(r"Claim code: +\d", house.said()) or process.wait_until(
        lambda: re.search(r"Claim code: +\d", house.said()) is not None, 20
    )
    for name in ("secret_key", "sandbox.json"):
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
    assert "Traceback" not in house.said()


def test_whatever_dies_is_started_again(house: House) -> None:
    house.start()
    before = house.pids()
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    def all_new() -> bool:
        now = house.pids()
        return set(now) == set(before) and all(now[name] != before[name] for name in before) and house.ready()

    assert process.wait_until(all_new, 60), (before, house.pids(), house.said())
    assert house.end() == 0


async def test_a_kill_of_everything_loses_nothing_and_blocks_nothing(house: House) -> None:
    house.start()
    await ask(house, "CREATE TABLE kept AS SELECT 7 AS number")
    assert house.run is not None
    for pid in (house.run.pid, *house.pids().values()):
        os.kill(pid, signal.SIGKILL)
    house.run.wait()
    house.start()
    assert house.ready()
    assert await ask(house, "SELECT number FROM kept") == 7


def test_a_kill_of_the_supervisor_alone_blocks_no_start_either(house: House) -> None:
    house.start()
    assert house.run is not None
    before = house.pids()
    house.run.kill()
    house.run.wait()
    house.start()
    assert house.ready()
    after = house.pids()
    assert house.end() == 0
    assert not any(process.exists(pid) for pid in (*before.values(), *after.values()))


def test_a_port_in_use_is_one_sentence_and_nothing_is_left_behind(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        house.begin(PORT=str(taken))
        assert house.run is not None
        assert house.run.wait(60) == 1
    assert house.said() == f"Port {taken} is in use by another program: stop that one, or set PORT to another number.\n"
    assert house.pids() == {}


def test_without_the_simulator_there_is_no_sandbox_and_it_says_so(house: House) -> None:
    shutil.rmtree(house.folder / "tests")
    house.begin()
    assert house.run is not None
    assert house.run.wait(60) == 1
    assert "There is no sandbox in this installation" in house.said()
    assert house.said().count("\n") == 1


def test_the_children_end_with_their_supervisor(house: House) -> None:
    if not process.LINUX:
        pytest.skip("only Linux tells children of their parent's death")
    house.start()
    assert house.run is not None
    pids = house.pids()
    house.run.kill()
    house.run.wait()
    assert process.wait_until(lambda: not any(process.exists(pid) for pid in pids.values()), 30)
