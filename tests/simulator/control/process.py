"""A simulator of one's own in another process."""

import subprocess
import sys
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[3]


class Process:
    """A simulator of one's own in another process: `Process.start()` in a session fixture, `stop()` at its end."""

    def __init__(self, process: "subprocess.Popen[str]", base_url: str) -> None:
        self.process = process
        self.base_url = base_url

    @classmethod
    def start(cls, *arguments: str, cwd: Path = ROOT, module: str = "tests.simulator") -> Self:
        """python -m tests.simulator with these arguments; returns when it listens. module: one that starts it."""
        command = [sys.executable, "-m", module, "--end-with-stdin", *arguments]
        process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("simulator ready "):
            process.kill()
            raise RuntimeError(f"the simulator did not start: {line!r}, exit code {process.wait()}")
        return cls(process, line.split()[-1])

    def stop(self) -> int:
        """Ask it to end, as the supervisor does; its exit code."""
        self.process.terminate()
        with self.process:
            return self.process.wait(timeout=10)
