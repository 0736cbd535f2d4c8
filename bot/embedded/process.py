"""Child processes that die with their parent, know their orphans again, and end in time."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1


class CannotStart(Exception):
    """A server cannot start; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """A user of the operating system."""

    uid: int
    gid: int
    name: str


@dataclass
class Child:
    """A running process: our own child, or an orphan of an earlier run that we took over."""

    pid: int
    popen: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        if self.popen is not None:
            return self.popen.poll() is None
        return exists(self.pid)

    def tell(self, what: signal.Signals) -> None:
        """Send a signal; to one that has ended it is nothing."""
        if self.alive():
            _send(self.pid, what)

    def end(self, first: signal.Signals, patience: float) -> None:
        """Send `first`, and SIGKILL when `patience` seconds were not enough."""
        self.tell(first)
        if not wait_until(lambda: not self.alive(), patience):
            _send(self.pid, signal.SIGKILL)
            wait_until(lambda: not self.alive(), 5)


def spawn(
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    log: Path | None = None,
    account: Account | None = None,
    at_parents_death: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a process in a session of its own; output goes to `log`, or where ours goes."""
    output = None
    if log is not None:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        popen = subprocess.Popen(
            arguments,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_follow_parent(at_parents_death),  # noqa: PLW1509 - two system calls, no lock taken
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    finally:
        if output is not None:
            os.close(output)
    return Child(popen.pid, popen)


def run_quietly(
    arguments: Sequence[str], *, cwd: Path, environment: Mapping[str, str], account: Account | None = None
) -> tuple[int, str]:
    """Run to the end; returns the exit code and all that was printed."""
    done = subprocess.run(
        arguments,
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    return done.returncode, done.stdout.decode(errors="replace")


def exists(pid: int) -> bool:
    """Whether a process lives under this number; a zombie does not live."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not (LINUX and _stat(pid)[:1] == ["Z"])


def birth(pid: int) -> str:
    """What tells this process from a later one under the same number; empty when there is none."""
    if LINUX:
        fields = _stat(pid)
        if not fields:
            return ""
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{fields[19]}"
    return ps(pid, "lstart")


def command_of(pid: int) -> str:
    """The command line of a process, words joined by spaces; empty when there is none."""
    if LINUX:
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return ps(pid, "command")


def note(file: Path, child: Child) -> None:
    """Write down who a child is, so that the next run knows it again."""
    partial = file.with_suffix(".partial")
    partial.write_text(f"{child.pid}\n{birth(child.pid)}\n")
    partial.replace(file)


def noted(file: Path) -> Child | None:
    """The process written down in `file`, if that very process still lives."""
    try:
        pid, born = file.read_text().splitlines()
    except (OSError, ValueError):
        return None
    if not pid.isdigit() or not exists(int(pid)) or birth(int(pid)) != born:
        return None
    return Child(int(pid))


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look often until the condition holds; False when the time is over first."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _follow_parent(at_death: signal.Signals) -> Callable[[], None] | None:
    """Linux sends the signal when the *thread* that started the child ends, so only the main one asks."""
    if not LINUX or threading.current_thread() is not threading.main_thread():
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def follow() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(at_death), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return follow


def _send(pid: int, what: signal.Signals) -> None:
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        pass


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on; the name before them may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def ps(pid: int, field: str) -> str:
    done = subprocess.run(["ps", "-o", f"{field}=", "-p", str(pid)], capture_output=True, check=False)
    return done.stdout.decode(errors="replace").strip()
