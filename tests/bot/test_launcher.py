"""The launcher `./ayumi`: what it finds, what it says, and how little it does when all is in place."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot import settings

NEEDED = ("sh", "dirname", "cmp", "echo")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The launcher and its locks under a path with spaces, without any `.venv`."""
    made = tmp_path / "my shop's bot, 歩み"
    (made / "bot").mkdir(parents=True)
    shutil.copy2(settings.ROOT / "ayumi", made / "ayumi")
    shutil.copy2(settings.ROOT / "bot" / "install.py", made / "bot" / "install.py")
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy2(settings.ROOT / name, made / name)
    return made


def script(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def bare_machine(tmp_path: Path) -> Path:
    """A PATH with the little that the launcher needs, and no Python."""
    found = tmp_path / "machine"
    found.mkdir()
    for name in NEEDED:
        path = shutil.which(name)
        if path:
            (found / name).symlink_to(path)
    return found


def run(
    checkout: Path, *words: str, path: Path | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ) | ({"PATH": str(path)} if path else {})
    command = ["/bin/sh", str(checkout / "ayumi"), *words]
    return subprocess.run(command, cwd=cwd or "/", env=environment, capture_output=True, text=True, check=False)


def furnished(checkout: Path) -> Path:
    """As after an installation, with a Python that says how it was called."""
    python = checkout / ".venv" / "bin" / "python"
    script(python, 'for word in "$@"; do echo "[$word]"; done; pwd')
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy2(checkout / name, checkout / ".venv" / name)
    return python


def test_without_python_it_names_the_packages(checkout: Path, tmp_path: Path) -> None:
    done = run(checkout, "run", path=bare_machine(tmp_path))
    assert done.returncode == 1
    assert "there is none here" in done.stderr
    for told in ("apt install python3 python3-venv", "dnf install python3", "brew install python"):
        assert told in done.stderr


def test_an_old_python_is_not_enough(checkout: Path, tmp_path: Path) -> None:
    machine = bare_machine(tmp_path)
    script(machine / "python3", "exit 1")
    done = run(checkout, "run", path=machine)
    assert (done.returncode, "python3 is older" in done.stderr) == (1, True)


def test_a_python_without_venv_is_not_enough(checkout: Path, tmp_path: Path) -> None:
    machine = bare_machine(tmp_path)
    script(machine / "python3.12", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    done = run(checkout, "run", path=machine)
    assert (done.returncode, "python3.12 has no venv" in done.stderr) == (1, True)
    assert "python3-venv" in done.stderr


def test_when_all_is_in_place_it_starts_python_once(checkout: Path, tmp_path: Path) -> None:
    furnished(checkout)
    done = run(checkout, "claim-code", "a b", "", path=bare_machine(tmp_path))
    assert done.stdout.splitlines() == ["[-m]", "[bot]", "[claim-code]", "[a b]", "[]", str(checkout)]
    assert done.stderr == ""


def test_a_file_is_meant_from_where_the_command_was_given(checkout: Path, tmp_path: Path) -> None:
    furnished(checkout)
    for word in ("backup", "restore"):
        done = run(checkout, word, "to day.dump", cwd=tmp_path)
        assert done.stdout.splitlines()[2:4] == [f"[{word}]", f"[{tmp_path}/to day.dump]"]
    assert run(checkout, "backup", "/else/where").stdout.splitlines()[3] == "[/else/where]"
    assert run(checkout, "backup").stdout.splitlines() == ["[-m]", "[bot]", "[backup]", str(checkout)]


@pytest.mark.parametrize(("word", "lock"), [("run", "requirements.lock"), ("test", "requirements-dev.lock")])
def test_a_changed_lock_is_installed_first(checkout: Path, tmp_path: Path, word: str, lock: str) -> None:
    furnished(checkout)
    machine = bare_machine(tmp_path)
    script(machine / "python3", 'case "$1" in -c) ;; *) echo "python3 $*" ;; esac')
    with (checkout / lock).open("a") as more:
        more.write("# changed\n")
    done = run(checkout, word, path=machine)
    assert done.stdout.splitlines()[0] == f"python3 -I bot/install.py {lock}"
    other = "test" if word == "run" else "run"
    assert "install.py" not in run(checkout, other, path=machine).stdout


def test_two_first_starts_at_once_install_once_and_both_work(checkout: Path) -> None:
    """The real thing with the smallest lock: uv alone, from the package index."""
    found = re.search(r"^uv==.*?(?=^\S|\Z)", (checkout / "requirements.lock").read_text(), re.M | re.S)
    assert found
    (checkout / "requirements.lock").write_text(found.group())
    (checkout / "bot" / "__init__.py").touch()
    (checkout / "bot" / "__main__.py").write_text("import sys; print('running in', sys.prefix)\n")
    both = [
        subprocess.Popen(
            ["/bin/sh", str(checkout / "ayumi"), "help"],
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [one.communicate(timeout=110) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert sum("installing" in output for output, _ in told) == 1
    assert all(f"running in {checkout / '.venv'}" in output for output, _ in told)
    assert sys.prefix != str(checkout / ".venv")
