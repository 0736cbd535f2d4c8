"""`./ayumi backup` and `./ayumi restore`: the whole database in one file, and back with sending stopped."""

import os
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from bot.embedded import postgres
from bot.settings import Wrong, environment

# Whatever the backup thought was due may have been sent since: nothing leaves before staff say so.
STOP_SENDING = """
INSERT INTO pauses (scope, reason, until, at) VALUES ('all', 'restored', NULL, now())
ON CONFLICT (scope) DO UPDATE SET reason = excluded.reason, until = NULL;
UPDATE account SET heartbeat_at = 'epoch';
"""
TOO_NEW = b"SET transaction_timeout"  # our pg_restore writes it, and PostgreSQL 15 and 16 do not know it
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def backup(database_url: str, file: Path) -> None:
    """Write the database to a new file, readable for us only. Raises Wrong."""
    if file.exists():
        raise Wrong(f"{file} exists already: give the name of a new file.")
    partial = file.with_name(f"{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)  # of ours, or laid there by somebody who would like to read along
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise Wrong(f"{file} cannot be written: {error.strerror}.") from None
    try:
        arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={partial}"]
        _run("pg_dump", [*arguments, _name(database_url)], database_url, f"{file} was not written")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def restore(database_url: str, file: Path) -> None:
    """Put a backup in the place of what the database holds, all or nothing. Raises Wrong."""
    if not file.is_file():
        raise Wrong(f"There is no file {file}.")
    failed = "Nothing was changed"
    if _run("psql", ["-XqAtc", OTHERS], database_url, failed).strip() != "0":
        raise Wrong("The database is in use: stop Ayumi (run, serve and work) first. Nothing was changed.")
    with tempfile.TemporaryDirectory(prefix="ayumi-restore-") as folder:
        plain, script = Path(folder) / "plain.sql", Path(folder) / "restore.sql"
        arguments = ["--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={plain}", str(file)]
        _run("pg_restore", arguments, database_url, f"{file} is no backup of Ayumi. {failed}")
        with plain.open("rb") as written, script.open("wb") as kept:
            kept.writelines(line for line in written if not line.startswith(TOO_NEW))
            kept.write(f"\nSET search_path = public;\n{STOP_SENDING}".encode())
        _run("psql", ["-Xq1", "-v", "ON_ERROR_STOP=1", "-f", str(script)], database_url, failed)


def _run(program: str, arguments: list[str], database_url: str, failed: str) -> str:
    done = subprocess.run(
        [str(postgres.program(program)), *arguments],
        env=environment(_connection(database_url)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise Wrong(f"{failed}: {lines[0]}")
    return done.stdout.decode()


def _connection(url: str) -> dict[str, str]:
    """libpq's variables: a password given as an argument could be seen by everybody on the machine."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    found = {
        "PGHOST": query.get("host", parts.hostname or "localhost"),
        "PGPORT": str(parts.port or query.get("port", "5432")),
        "PGUSER": unquote(parts.username or "postgres"),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": _name(url),
        "PGSSLMODE": query.get("sslmode", ""),
    }
    return {name: value for name, value in found.items() if value}


def _name(url: str) -> str:
    return unquote(urlsplit(url).path.strip("/"))
