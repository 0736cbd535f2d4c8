"""Node for tests: whether it is here, with LINE's SDK installed beside the programs that use it."""

import filecmp
import re
import shutil
import subprocess

from bot.settings import ROOT, environment

PROGRAMS = ROOT / "tests" / "simulator_checks" / "node"
STAMP = "node_modules/installed-from.json"
OLDEST = 20
INSTALL_SECONDS = 180


def installed() -> bool:
    """Node is here, and so is what the lock names: a copy of the lock lies beside what was installed from it."""
    lock, stamp = PROGRAMS / "package-lock.json", PROGRAMS / STAMP
    return _found() and stamp.exists() and filecmp.cmp(lock, stamp, shallow=False)


def install() -> bool:
    """Bring what the lock names, if Node is here; whether that worked."""
    if not _found():
        return False
    print("The tests with LINE's Node SDK need it: installing it with npm.", flush=True)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    quiet = environment({"NPM_CONFIG_UPDATE_NOTIFIER": "false"})
    try:
        done = subprocess.run(
            command, cwd=PROGRAMS, env=quiet, stdin=subprocess.DEVNULL, timeout=INSTALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode != 0:
        return False
    (PROGRAMS / STAMP).parent.mkdir(exist_ok=True)  # npm makes none when there is nothing to install
    shutil.copyfile(PROGRAMS / "package-lock.json", PROGRAMS / STAMP)
    return True


def _found() -> bool:
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    told = subprocess.run(["node", "--version"], capture_output=True, check=False)
    version = re.match(rb"v(\d+)", told.stdout)
    return version is not None and int(version.group(1)) >= OLDEST
