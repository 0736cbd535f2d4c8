"""`./ayumi test` and `./ayumi bench`: what they need is brought here, then pytest or the measurement runs."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import embedded, node
from bot.settings import ROOT, Developer, Wrong, environment

BROWSERS = ("/usr/bin/chromium", "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
WHY = {
    "browser": "No browser was found and none could be installed."
    " Install Chromium, or name one: CHROMIUM=/path/to/chromium ./ayumi test",
    "node": "Node 20 or newer with npm was not found, or npm could not install LINE's SDK.",
}
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as played:\n"
    "    print(played.chromium.executable_path)\n"
)


def test(arguments: list[str]) -> int:
    """Run pytest with the given arguments; `--faults` is ours. Returns the exit code."""
    chosen = Developer()
    every_fault = "--faults" in arguments
    rest = [argument for argument in arguments if argument != "--faults"]
    left_out: dict[str, list[str]] = {}
    browser = _given(chosen) or _installed()
    if not browser and (names := _marked("browser", rest)):
        browser = _from_apt() or _from_playwright()
        if not browser:
            left_out["browser"] = names
    if not node.installed() and (names := _marked("node", rest)) and not node.install():
        left_out["node"] = names
    for marker in left_out:
        rest = _without(marker, rest)
    with _servers(durable=False) as addresses:
        changes = addresses | {
            "CHROMIUM": browser,
            "AYUMI_TEST_EVERY_FAULT": "1" if every_fault else "",
            "PYTHONDONTWRITEBYTECODE": "",  # tests start a hundred processes, and each would compile everything anew
        }
        code = _pytest([*_side_by_side(rest, 2 if every_fault else 1), *rest], changes)
    for marker, names in left_out.items():
        print(WHY[marker], f"Tests that did not run: {len(names)}", *(f"  {name}" for name in names), sep="\n")
        if chosen.ci:
            code = code or 1
    return code


def bench(arguments: list[str]) -> int:
    """Run one measurement of tests/load on servers that write to the disk. Raises Wrong."""
    names = sorted(path.stem for path in (ROOT / "tests" / "load").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        raise Wrong(f"Name what to measure: {', '.join(names) or 'nothing is there yet'}.")
    with _servers(durable=True) as addresses:
        command = [sys.executable, "-m", f"tests.load.{arguments[0]}", *arguments[1:]]
        return subprocess.run(command, cwd=ROOT, env=environment(addresses), check=False).returncode


def _pytest(arguments: list[str], changes: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(changes), check=False).returncode


def _without(marker: str, arguments: list[str]) -> list[str]:
    """The same choice of tests, less those so marked."""
    if "-m" not in arguments:
        return ["-m", f"not {marker}", *arguments]
    at = arguments.index("-m") + 1
    return [*arguments[:at], f"({arguments[at]}) and not {marker}", *arguments[at + 1 :]]


def _marked(marker: str, arguments: list[str]) -> list[str]:
    """The names of the chosen tests that are so marked."""
    chosen = ["-m", marker, *arguments]
    if "-m" in arguments:
        at = arguments.index("-m") + 1
        chosen = [*arguments[:at], f"({arguments[at]}) and {marker}", *arguments[at + 1 :]]
    loudness = re.compile("-[qv]+|--quiet|--verbose")
    named = [argument for argument in chosen if not loudness.fullmatch(argument)]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *named]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    return [line for line in done.stdout.decode().splitlines() if "::" in line]


def _side_by_side(arguments: list[str], for_a_core: int) -> list[str]:
    """As many processes as cores, or twice as many where half of the time is waiting, unless the caller says so."""
    if any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments):
        return []
    return ["-n", str(for_a_core * max(2, os.cpu_count() or 1)), "--dist", "worksteal"]


@contextmanager
def _servers(*, durable: bool) -> Iterator[dict[str, str]]:
    """Throw-away PostgreSQL and Valkey for the whole run; tests of our own take those that are there."""
    given = {name: os.environ.get(name, "") for name in ("AYUMI_TEST_DATABASE_URL", "AYUMI_TEST_REDIS_URL")}
    if all(given.values()) and not durable:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="ayumi-test-"))
    try:
        servers = embedded.start(folder, durable=durable)
        try:
            yield {"AYUMI_TEST_DATABASE_URL": servers.database_url, "AYUMI_TEST_REDIS_URL": servers.redis_url}
        finally:
            servers.stop()
            shutil.rmtree(servers.place.sockets, ignore_errors=True)  # of a durable bench, too
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _given(chosen: Developer) -> str:
    """The Chromium named by CHROMIUM."""
    if chosen.chromium and not _runs(chosen.chromium):
        raise Wrong(f"CHROMIUM is {chosen.chromium}, and that does not run.")
    return chosen.chromium


def _installed() -> str:
    for name in BROWSERS:
        path = shutil.which(name)
        if path and _runs(path):
            return path
    return ""


def _from_apt() -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return ""
    print("The browser tests need Chromium: installing it with apt-get.", flush=True)
    quiet = environment({"DEBIAN_FRONTEND": "noninteractive"})
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        done = subprocess.run(command, env=quiet, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return ""
    return _installed()


def _from_playwright() -> str:
    print("The browser tests need Chromium: installing playwright's own.", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        if done.returncode != 0:
            return ""
        asked = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return ""
    path = asked.stdout.decode().strip()
    return path if path and _runs(path) else ""


def _runs(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
