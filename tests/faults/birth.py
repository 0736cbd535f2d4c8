"""Starts our processes quickly: forked from one that has imported everything, each does a word of `python -m bot`;
or as production does, where a test wants to see that it makes no difference."""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from bot.embedded import process

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.zygote"])


class Child(Protocol):
    """One of our processes."""

    def is_alive(self) -> bool: ...

    def kill(self) -> None: ...

    def join(self, timeout: float) -> None: ...


def start(word: str, environment: dict[str, str], log: Path) -> Child:
    """`python -m bot WORD` in this environment, its output at the end of `log`."""
    child = _context.Process(target=_live, args=(word, environment, str(log)), daemon=True)
    child.start()
    return child


def _live(word: str, environment: dict[str, str], log: str) -> None:
    if process.LINUX:  # whatever ends the tests ends this too
        ctypes.CDLL(None).prctl(process.PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(environment)
    from bot import __main__

    raise SystemExit(__main__.main([word]))


def start_afresh(word: str, environment: dict[str, str], log: Path) -> Child:
    """The same by a new interpreter."""
    with log.open("ab") as output:
        return _Afresh(
            subprocess.Popen([sys.executable, "-m", "bot", word], env=environment, stdout=output, stderr=output)
        )


class _Afresh:
    def __init__(self, popen: "subprocess.Popen[bytes]") -> None:
        self._popen = popen

    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def kill(self) -> None:
        self._popen.kill()

    def join(self, timeout: float) -> None:
        self._popen.wait(timeout)
