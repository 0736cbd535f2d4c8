"""Makes `.venv` from a lock; the launcher runs it with any Python, so it knows the standard library only."""

import fcntl
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"


def install(lock: Path) -> int:
    """Bring `.venv` in step with the lock, one process at a time; the exit code."""
    with (ROOT / ".venv.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        stamp = ENVIRONMENT / lock.name
        if PYTHON.exists() and stamp.exists() and filecmp.cmp(lock, stamp, shallow=False):
            return 0  # another start did it while we waited
        print(f"Ayumi: installing what {lock.name} names into .venv (only now and after updates) ...", flush=True)
        stamp.unlink(missing_ok=True)
        if not _make_environment() or not _bring_uv(lock) or not _bring_all(lock):
            print("Ayumi: this did not work; the lines above say why. Try again when that is mended.")
            return 1
        partial = stamp.with_suffix(".partial")
        shutil.copyfile(lock, partial)
        partial.replace(stamp)
    return 0


def _make_environment() -> bool:
    if PYTHON.exists() and _run([str(PYTHON), "-m", "pip", "--version"], quiet=True):
        return True
    return _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])


def _bring_uv(lock: Path) -> bool:
    """uv at the locked version, by pip."""
    block = re.search(r"^uv==(\S+).*?(?=^\S|\Z)", lock.read_text(), re.MULTILINE | re.DOTALL)
    if block is None:
        print(f"Ayumi: {lock.name} does not name uv.")
        return False
    told = subprocess.run([str(PYTHON), "-m", "uv", "--version"], capture_output=True, check=False)
    if told.stdout.decode().split()[1:2] == [block.group(1)]:
        return True
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.write(block.group())
        wanted.flush()
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        return _run([*pip, "--require-hashes", "-r", wanted.name])


def _bring_all(lock: Path) -> bool:
    uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--python", str(PYTHON)]
    return _run([*uv, "--require-hashes", "-r", str(lock)])


def _run(command: list[str], *, quiet: bool = False) -> bool:
    environment = dict(os.environ) | {"UV_PYTHON_DOWNLOADS": "never"}
    environment.pop("VIRTUAL_ENV", None)
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=environment, stdout=output, stderr=output, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(install(ROOT / sys.argv[1]))
