"""`./ayumi check` and its twin `./ayumi fix`: what a machine can say about the code."""

import ast
import asyncio
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from bot.settings import ROOT, environment

OURS = ("bot", "liff", "admin_commands", "jobs", "storage", "tests")
LOCKS = {
    "requirements.lock": ("--group", "launcher"),
    "requirements-dev.lock": ("--group", "launcher", "--group", "dev", "-c", "requirements.lock"),
}
COMPILE = (
    *("pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--no-emit-index-url"),
    *("--no-header", "--quiet"),
)
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"


def check() -> int:
    """Everything, even after a failure, so that one run names all; the exit code."""
    steps: list[tuple[str, Callable[[], bool]]] = [
        ("format", lambda: _module("ruff", "format", "--check", "--output-format=concise")),
        ("lint", lambda: _module("ruff", "check", "--quiet", "--output-format=concise")),
        ("types", lambda: _module("mypy", "--no-error-summary")),
        ("import rules", _import_rules),
        ("dependencies", lambda: _told(wrong_dependencies(ROOT))),
        ("migrations", _migrations),
        ("lock", lambda: _told(stale_locks(ROOT))),
    ]
    failed = [name for name, step in steps if not _named(name, step)]
    print(f"Failed: {', '.join(failed)}." if failed else "All is well.")
    return 1 if failed else 0


def fix() -> int:
    """Mend what can be mended by machine: format, lint, locks, the command reference."""
    from admin_commands import reference

    (ROOT / "docs" / "commands.md").write_text(reference.text(), encoding="utf-8")
    done = [
        _module("ruff", "check", "--fix", "--quiet"),
        _module("ruff", "format", "--quiet"),
        *(_module("uv", *COMPILE, *groups, "-o", name) for name, groups in LOCKS.items()),
    ]
    return 0 if all(done) else 1


def stale_locks(root: Path) -> list[str]:
    """Locks that pyproject.toml would make differently, with the present ones preferred as far as they fit."""
    wrong = []
    with tempfile.TemporaryDirectory(prefix="ayumi-lock-") as folder:
        for name, groups in LOCKS.items():
            fresh = Path(folder) / name
            kept = (root / name).read_text()
            fresh.write_text(kept)
            command = [sys.executable, "-m", "uv", *COMPILE, *groups, "-o", str(fresh)]
            done = subprocess.run(command, cwd=root, env=_no_downloads(), capture_output=True, check=False)
            if done.returncode != 0:
                wrong.append(f"{name}: {done.stderr.decode().strip()}")
            elif _pins(fresh.read_text()) != _pins(kept):
                wrong.append(f"{name} is not what pyproject.toml asks for: ./ayumi fix makes it anew.")
            if re.search(r"^\s*(--index-url|--extra-index-url|--find-links|-i)\b|\bhttps?://|file://", kept, re.M):
                wrong.append(f"{name} names an index.")
    return wrong


def wrong_dependencies(root: Path) -> list[str]:
    """Packages of pyproject.toml that nothing uses, and imports that no package of pyproject.toml brings."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    runtime = _names(project["project"]["dependencies"])
    groups = {name for members in project["dependency-groups"].values() for name in _names(members)}
    otherwise: dict[str, Any] = project.get("tool", {}).get("ayumi", {}).get("used-otherwise", {})
    running, testing = _imported(root, tests=False), _imported(root, tests=True)
    providers = {
        module: {_plain(name) for name in found} for module, found in metadata.packages_distributions().items()
    }
    used = {name for module in running | testing for name in providers.get(module, set())}
    declared = runtime | groups
    wrong = [f"{name} is in pyproject.toml and nothing uses it." for name in sorted(declared - used - set(otherwise))]
    wrong += [
        f"{name} is excused in pyproject.toml and is no dependency." for name in sorted(set(otherwise) - declared)
    ]
    both = sorted(runtime & groups)
    wrong += [f"{name} stands twice in pyproject.toml." for name in both]
    for modules, allowed, where in ((running, runtime, "to run"), (testing, declared, "for tests")):
        for module in sorted(modules - set(sys.stdlib_module_names) - set(OURS)):
            if not providers.get(module, set()) & allowed:
                wrong.append(f"{module} is imported {where}, and pyproject.toml does not name its package.")
    return wrong


def _imported(root: Path, *, tests: bool) -> set[str]:
    """The first words of all imports: of what runs (the simulator is part of the sandbox), or of the tests."""
    found: set[str] = set()
    for package in OURS:
        for file in (root / package).rglob("*.py"):
            simulator = file.is_relative_to(root / "tests" / "simulator")
            if (package == "tests" and not simulator) == tests:
                found |= set(_imports(file))
    return found


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _names(requirements: list[str]) -> set[str]:
    return {_plain(re.split(r"[\s\[<>=!~;@]", requirement, maxsplit=1)[0]) for requirement in requirements}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(lock: str) -> list[str]:
    """What is installed, without the remarks on who asked for it."""
    return [line.strip() for line in lock.splitlines() if line.strip() and not line.strip().startswith("#")]


def _migrations() -> bool:
    from storage import database

    return _told([f"The models have changed: {change}" for change in asyncio.run(unwritten(database.TORTOISE))])


async def unwritten(configuration: dict[str, Any]) -> list[str]:
    """What `tortoise makemigrations` would write now; no database is needed."""
    from tortoise import Tortoise, connections
    from tortoise.migrations.autodetector import MigrationAutodetector

    await Tortoise.init(config=configuration)
    try:
        if Tortoise.apps is None:
            raise RuntimeError("Tortoise found no models")
        writers = await MigrationAutodetector(Tortoise.apps, configuration["apps"]).changes()
    finally:
        await connections.close_all()
    return [operation.describe() for writer in writers for operation in writer.operations]


def _import_rules() -> bool:
    done = subprocess.run([sys.executable, "-c", LINT_IMPORTS], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        print(done.stdout.decode() + done.stderr.decode())
    return done.returncode == 0


def _module(name: str, *arguments: str) -> bool:
    command = [sys.executable, "-m", name, *arguments]
    return subprocess.run(command, cwd=ROOT, env=_no_downloads(), check=False).returncode == 0


def _no_downloads() -> dict[str, str]:
    return environment({"UV_PYTHON_DOWNLOADS": "never"})


def _told(wrong: list[str]) -> bool:
    for sentence in wrong:
        print(f"  {sentence}")
    return not wrong


def _named(name: str, step: Callable[[], bool]) -> bool:
    print(f"{name} ...", flush=True)
    return step()
