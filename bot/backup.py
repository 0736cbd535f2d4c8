"""`./ayumi backup` and `./ayumi restore`: database and media folder in one file, and back with sending stopped."""

import os
import re
import shutil
import subprocess
import tempfile
import zipfile
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
DUMP, MEDIA = "database.dump", "media/"  # names in the file
OF_MEDIA = re.compile(r"media/[0-9a-f]{32}")
TOO_NEW = b"SET transaction_timeout"  # our pg_restore writes it, and PostgreSQL 15 and 16 do not know it
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def backup(database_url: str, media: Path, file: Path) -> None:
    """Write the database and the files of the media folder to a new file, readable for us only. Raises Wrong."""
    if file.exists():
        raise Wrong(f"{file} exists already: give the name of a new file.")
    try:
        with tempfile.TemporaryDirectory(prefix=f"{file.name}-", dir=file.parent) as folder:  # nobody else reads in it
            dump, written = Path(folder) / DUMP, Path(folder) / "written"
            arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", _name(database_url)]
            _run("pg_dump", arguments, database_url, f"{file} was not written")
            with zipfile.ZipFile(written, "w", strict_timestamps=False) as archive:
                archive.write(dump, DUMP)
                _keep_media(archive, media)  # afterwards, so that all the database speaks of lies there already
            written.chmod(0o600)
            written.replace(file)
    except OSError as error:
        raise Wrong(f"{file} cannot be written: {error.strerror} ({error.filename}).") from None


def _keep_media(archive: zipfile.ZipFile, media: Path) -> None:
    for path in sorted(media.iterdir()) if media.is_dir() else []:
        name = f"{MEDIA}{path.name}"
        if OF_MEDIA.fullmatch(name):
            try:
                archive.write(path, name)
            except FileNotFoundError:
                pass  # deleted this moment


def restore(database_url: str, media: Path, file: Path) -> None:
    """Put a backup in the place of what the database holds, all or nothing, with the files it needs. Raises Wrong."""
    if not file.is_file():
        raise Wrong(f"There is no file {file}.")
    failed = "Nothing was changed"
    if _run("psql", ["-XqAtc", OTHERS], database_url, failed).strip() != "0":
        raise Wrong("The database is in use: stop Ayumi (run, serve and work) first. Nothing was changed.")
    with tempfile.TemporaryDirectory(prefix="ayumi-restore-") as folder:
        plain, script = Path(folder) / "plain.sql", Path(folder) / "restore.sql"
        try:
            with zipfile.ZipFile(file) as archive:
                dump = archive.extract(DUMP, folder)
                arguments = ["--clean", "--if-exists", "--no-owner", "--no-privileges", f"--file={plain}", dump]
                _run("pg_restore", arguments, database_url, f"{file} is no backup of Ayumi. {failed}")
                _lay_media(archive, media)
        except (zipfile.BadZipFile, KeyError):
            raise Wrong(f"{file} is no backup of Ayumi, or is damaged. {failed}.") from None
        except OSError as error:
            raise Wrong(f"{failed}: {error.strerror} ({error.filename}).") from None
        with plain.open("rb") as written, script.open("wb") as kept:
            kept.writelines(line for line in written if not line.startswith(TOO_NEW))
            kept.write(f"\nSET search_path = public;\n{STOP_SENDING}".encode())
        _run("psql", ["-Xq1", "-v", "ON_ERROR_STOP=1", "-f", str(script)], database_url, failed)


def _lay_media(archive: zipfile.ZipFile, media: Path) -> None:
    """Names are given by chance, so that what lies there already is the same; what nothing leads to goes by itself."""
    if not media.exists():
        media.mkdir(parents=True, mode=0o700)
        _give_to_owner_of(media.parent, media)
    for one in archive.infolist():
        path = media / one.filename.removeprefix(MEDIA)
        if not OF_MEDIA.fullmatch(one.filename) or path.exists():
            continue
        handle, name = tempfile.mkstemp(prefix="part-", dir=media)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as into, archive.open(one) as data:
                shutil.copyfileobj(data, into)
            _give_to_owner_of(media, partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _give_to_owner_of(folder: Path, path: Path) -> None:
    """What the administrator lays down is read by the user whom the service runs as."""
    if os.geteuid() == 0:
        os.chown(path, folder.stat().st_uid, folder.stat().st_gid)


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
