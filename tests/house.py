"""A checkout of its own and the `./ayumi run` in it, for tests and measurements."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from bot import checks, settings
from bot.embedded import process

CHILDREN = ("simulator", "server", "worker", "valkey")


class House:
    """One checkout and the run in it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        for package in checks.OURS:
            shutil.copytree(settings.ROOT / package, folder / package, ignore=shutil.ignore_patterns("node_modules"))
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

    def remove(self) -> None:
        """Stop it if it runs, and take away what it put outside of its folder."""
        if self.run is not None and self.run.poll() is None:
            self.end()
        record = self.home / "sockets"
        if record.is_file():
            shutil.rmtree(record.read_text().strip(), ignore_errors=True)

    def said(self) -> str:
        return self.output.read_text()

    def logged(self) -> str:
        """What its pieces have written into their logs, of this run and the last."""
        return "\n".join(log.read_text() for log in sorted(self.home.glob("*.log*")))

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
