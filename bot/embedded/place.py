"""Where the embedded servers keep their files and sockets, and as whom PostgreSQL runs."""

import fcntl
import os
import pwd
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.embedded import process

LONGEST_SOCKET_FOLDER = 70  # a socket's whole path may have 103 bytes on macOS, 107 on Linux
SHORT = "/tmp"  # noqa: S108 - only mkdtemp writes here, and what it made is looked at again before use
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Place:
    """The folder of an installation (`.ayumi`), its short folder for sockets, and PostgreSQL's user."""

    directory: Path
    sockets: Path
    account: process.Account | None  # None: the servers run as we do

    @property
    def postgres_sockets(self) -> Path:
        return self.sockets / "postgres"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def own(self, path: Path) -> None:
        """Give a file or folder of ours to PostgreSQL's user."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)


def prepare(directory: Path) -> Place:
    """Make the folders, private to us; nothing outside `directory` but a short folder for sockets."""
    directory = directory.resolve()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = _account(directory)
    sockets = _sockets(directory, account)
    place = Place(directory, sockets, account)
    place.postgres_sockets.mkdir(mode=0o700, exist_ok=True)
    place.own(place.postgres_sockets)
    return place


def ourselves() -> process.Account:
    """The user we run as."""
    try:
        entry = pwd.getpwuid(os.geteuid())
    except KeyError:
        raise process.CannotStart(
            f"User number {os.geteuid()} has no name on this machine, and PostgreSQL needs one: "
            "start Ayumi as a user with a name, or set DATABASE_URL."
        ) from None
    return process.Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def hold(place: Place) -> int:
    """Keep those who clean old files away from the short folder for as long as the returned file is open."""
    guard = os.open(place.sockets, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(guard, fcntl.LOCK_SH)
    return guard


def _account(directory: Path) -> process.Account | None:
    """PostgreSQL refuses to run as root: then the owner of the checkout, else nobody, runs it."""
    if os.geteuid() != 0:
        return None
    owner = directory.parent.stat().st_uid
    data = directory / "postgres"
    if data.is_dir() and data.stat().st_uid != 0:
        owner = data.stat().st_uid
    try:
        entry = pwd.getpwuid(owner) if owner != 0 else pwd.getpwnam("nobody")
    except KeyError:
        raise process.CannotStart(
            "PostgreSQL does not run as root, and this machine has no user nobody: start Ayumi as an "
            "ordinary user, or set DATABASE_URL."
        ) from None
    return process.Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _sockets(directory: Path, account: process.Account | None) -> Path:
    """Sockets need a short path that PostgreSQL's user can reach; where it is is kept in `directory`."""
    near = directory / "run"
    if account is None and len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(near)):
        near.mkdir(mode=0o700, exist_ok=True)
        return near
    record = directory / "sockets"
    if record.is_file():
        known = Path(record.read_text().strip())
        if _is_private(known):
            return known
    root = SHORT if os.access(SHORT, os.W_OK) else None
    made = Path(tempfile.mkdtemp(prefix="ayumi-", dir=root))
    if account is not None:
        made.chmod(0o711)  # PostgreSQL's user passes through to its own folder, and sees nothing else
    partial = directory / "sockets.partial"
    partial.write_text(f"{made}\n")
    partial.replace(record)
    return made


def _is_private(folder: Path) -> bool:
    """Whether the folder is still the one we made: nobody else can have put anything there."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o066
