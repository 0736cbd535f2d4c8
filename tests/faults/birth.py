"""Starts our processes quickly: forked from one that has imported everything, each does a word of `python -m bot`."""

import ctypes
import multiprocessing
import os
import signal
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.embedded import process

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["bot.server", "bot.work", "bot.__main__"])


def start(word: str, environment: dict[str, str], log: Path) -> ForkServerProcess:
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
