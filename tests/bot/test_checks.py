"""`./ayumi check` where it is more than another program: dependencies, locks, migrations, import rules."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import checks, settings
from storage import database

PROJECT = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.11"
dependencies = [{dependencies}]
[dependency-groups]
launcher = []
dev = ["pytest>=8.4"]
[tool.ayumi.used-otherwise]
{excused}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for package in checks.OURS:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "tests" / "test_shop.py").write_text("import pytest\n")
    (tmp_path / "bot" / "shop.py").write_text("import os\nfrom aiohttp import web\nfrom storage import friends\n")
    return tmp_path


def project(root: Path, dependencies: str, excused: str = "") -> list[str]:
    (root / "pyproject.toml").write_text(PROJECT.format(dependencies=dependencies, excused=excused))
    return checks.wrong_dependencies(root)


def test_what_is_used_and_named_is_right(root: Path) -> None:
    assert project(root, '"aiohttp>=3"') == []


def test_a_package_that_nothing_imports_is_named(root: Path) -> None:
    assert project(root, '"aiohttp>=3", "orjson"') == ["orjson is in pyproject.toml and nothing uses it."]
    assert project(root, '"aiohttp>=3", "orjson"', 'orjson = "for the future"') == []


def test_an_import_without_its_package_is_named(root: Path) -> None:
    (root / "jobs" / "later.py").write_text("def go():\n    import orjson\n    return orjson\n")
    assert project(root, '"aiohttp"') == ["orjson is imported to run, and pyproject.toml does not name its package."]


def test_what_runs_may_not_lean_on_a_package_for_tests(root: Path) -> None:
    (root / "bot" / "lean.py").write_text("import pytest\n")
    assert project(root, '"aiohttp"') == ["pytest is imported to run, and pyproject.toml does not name its package."]


def test_the_simulator_is_part_of_what_runs(root: Path) -> None:
    (root / "tests" / "simulator").mkdir()
    (root / "tests" / "simulator" / "lean.py").write_text("import pytest\n")
    assert "to run" in project(root, '"aiohttp"')[0]


def test_an_excuse_without_a_dependency_is_named(root: Path) -> None:
    assert project(root, '"aiohttp"', 'redis = "once"') == ["redis is excused in pyproject.toml and is no dependency."]


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", *checks.LOCKS):
        shutil.copy2(settings.ROOT / name, tmp_path / name)
    return tmp_path


def test_our_locks_are_in_step(locked: Path) -> None:
    assert checks.stale_locks(locked) == []


def test_a_new_demand_makes_the_locks_stale(locked: Path) -> None:
    file = locked / "pyproject.toml"
    file.write_text(file.read_text().replace('  "yarl>=1.18,<2",\n', '  "yarl>=1.18,<2",\n  "pluggy",\n'))
    assert any(told.startswith("requirements.lock is not what") for told in checks.stale_locks(locked))


def test_a_lock_that_names_an_index_is_refused(locked: Path) -> None:
    file = locked / "requirements.lock"
    file.write_text(f"--index-url https://packages.example/simple\n{file.read_text()}")
    assert any("names an index" in told for told in checks.stale_locks(locked))


async def test_a_model_without_its_migration_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "till"
    (package / "migrations").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "migrations" / "__init__.py").touch()
    (package / "models.py").write_text(
        "from tortoise import fields\nfrom tortoise.models import Model\n\n"
        "class Receipt(Model):\n    id = fields.BigIntField(primary_key=True)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("TIMEZONE", "Asia/Tokyo")  # Tortoise writes its own there, and the tests behind this one read it
    app = {"models": ["till.models"], "migrations": "till.migrations", "default_connection": "default"}
    told = await checks.unwritten(database.TORTOISE | {"apps": {"till": app}})
    assert len(told) == 1
    assert "Receipt" in told[0]


CONTRACT_BREAKERS = {
    "jobs/upstairs.py": "from bot import settings\n",
    "storage/upstairs.py": "from jobs import ports\n",
    "liff/across.py": "import admin_commands\n",
    "admin_commands/across.py": "import liff\n",
    "bot/outside.py": "import tests.simulator\n",
    "tests/simulator/inside.py": "from storage import errors\n",
    "bot/queue.py": "import arq\n",
    "jobs/sdk.py": "import linebot\n",
    "jobs/http.py": "import aiohttp\n",
    "storage/circle_a.py": "from storage import circle_b\n",
}


def lint_imports(root: Path, file: str, text: str) -> subprocess.CompletedProcess[str]:
    """Our contracts over the smallest house, with one more file in it."""
    shutil.copy2(settings.ROOT / "pyproject.toml", root / "pyproject.toml")
    rooms = ["tests/simulator/__init__.py", "bot/settings.py", "jobs/ports.py", "storage/errors.py"]
    for name in [*(f"{package}/__init__.py" for package in checks.OURS), *rooms]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "jobs" / "worker.py").write_text("import arq.connections\nfrom arq import cron\n")
    (root / "storage" / "circle_b.py").write_text("from storage import circle_a\n" if "circle" in file else "")
    (root / file).write_text(text)
    command = [sys.executable, "-c", checks.LINT_IMPORTS]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("file", CONTRACT_BREAKERS)
def test_an_import_that_runs_the_wrong_way_fails_the_check(tmp_path: Path, file: str) -> None:
    done = lint_imports(tmp_path, file, CONTRACT_BREAKERS[file])
    assert (done.returncode, "BROKEN" in done.stdout) == (1, True), done.stdout


def test_imports_downstairs_pass_the_check(tmp_path: Path) -> None:
    done = lint_imports(
        tmp_path, "bot/downstairs.py", "import aiohttp\nfrom jobs import ports\nfrom storage import errors\n"
    )
    assert done.returncode == 0, done.stdout
