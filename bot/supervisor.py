"""`./ayumi run`: starts everything on a bare machine, restarts what dies, stops all in order."""

import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from bot import installation, settings
from bot.embedded import place as places
from bot.embedded import postgres, process, valkey

CALM = 60.0  # seconds of life after which a death counts as the first again
LONGEST_PAUSE = 30.0
CHILDREN = ("claim", "migrate", "worker", "server", "simulator")
LOGGED = ("server", "worker", "simulator")  # each writes what it logs into a file of its own; people read the terminal
STORES = ("Valkey", "PostgreSQL")
LIFF_ID = "2000000000-AyumiApp"  # of the sandbox's customers' pages; the simulator opens it
PATIENCE = 15.0  # for the server and the worker to finish what they have begun


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal."""


@dataclass
class Member:
    """One of the processes that `run` keeps alive."""

    name: str
    start: Callable[[], process.Child]
    stop: Callable[[process.Child], None]
    child: process.Child | None = None
    pause: float = 0.0
    since: float = field(default_factory=time.monotonic)
    again_at: float = 0.0

    def begin(self) -> None:
        self.child = self.start()
        self.since = time.monotonic()

    def end(self) -> None:
        if self.child is not None:
            self.stop(self.child)
            self.child = None


def run(given: settings.Settings) -> int:
    """Run until told to stop; the exit code. Raises settings.Wrong, CannotStart, AlreadyRuns."""
    installation.require_sandbox_database(given)
    held = installation.take()
    try:
        return _Household(given).live()
    finally:
        os.close(held)


def _unraisable(what: "sys.UnraisableHookArgs") -> None:
    """What Python could not raise where it happened: a stop has been noted, and needs no traceback."""
    if what.exc_type is not Stopped:
        sys.__unraisablehook__(what)


class _Household:
    """The members of one run, in the order they start; they stop the other way round."""

    def __init__(self, given: settings.Settings) -> None:
        self.given = given
        self.home = settings.HOME
        self.members: list[Member] = []
        self.changes: dict[str, str] = {}
        self.asked = False
        self.deaf = False

    def live(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._told_to_stop)
        sys.unraisablehook = _unraisable
        try:
            self._start()
            self._announce()
            self._python("claim", "-m", "bot", "claim-code", "--if-unowned")
            while True:
                self._heed()
                self._watch()
        except Stopped:
            _say("Stopping.")
            return 0
        finally:
            self.deaf = True
            self._stop()

    def _told_to_stop(self, _: int, __: FrameType | None) -> None:
        """Raises at once, to end a long wait; Python may swallow that (in a fork's callback), so it is noted too."""
        self.asked = True
        if not self.deaf:
            raise Stopped

    def _heed(self) -> None:
        if self.asked:
            raise Stopped

    def _start(self) -> None:
        self._end_strays()
        for name in LOGGED:
            _put_by(self._log(name))
        port = _free_port(self.given.host, self.given.port, "PORT")
        simulator_port = 0
        if self.given.sandbox:
            _require_simulator()
            simulator_port = _free_port("127.0.0.1", self.given.simulator_port, "SIMULATOR_PORT")
        self._choose(port, simulator_port)
        self._start_stores()
        if self.given.sandbox:
            self._add("Simulator", lambda: self._simulator(simulator_port), _stopper(5))
        self._migrate()
        self._add("Server", lambda: self._python("server", "-m", "bot", "serve"), _stopper(PATIENCE))
        self._wait_for_answer(port)  # before the worker takes its share of the processors
        self._add("Worker", lambda: self._python("worker", "-m", "bot", "work"), _stopper(PATIENCE))

    def _migrate(self) -> None:
        """In a process of its own; our own database is known to be current after the last time with these files."""
        stamp, wanted = self.home / installation.MIGRATED, installation.migrations(self.given)
        if not self.given.database_url and stamp.is_file() and stamp.read_text() == wanted:
            return
        migration = self._python("migrate", "-m", "bot", "migrate")
        process.wait_until(lambda: not migration.alive(), float("inf"))
        if migration.popen is not None and migration.popen.returncode != 0:
            raise process.CannotStart("The database could not be brought up to date.")
        if not self.given.database_url:
            stamp.write_text(wanted)

    def _end_strays(self) -> None:
        """Children that no member knows: of a run that was killed, or begun in the moment of the stop."""
        for name in CHILDREN:
            stray = process.noted(self.home / f"{name}.pid")
            if stray is not None:
                stray.end(signal.SIGTERM, PATIENCE)

    def _choose(self, port: int, simulator_port: int) -> None:
        """The settings of the children: what was given, and what a bare machine lacks."""
        self.changes = {"HOST": self.given.host, "PORT": str(port)}
        if not self.given.secret_key:
            self.changes["SECRET_KEY"] = installation.secret("secret_key")
        if self.given.sandbox:
            simulator = f"http://127.0.0.1:{simulator_port}"
            made_up = _sandbox_credentials(self.home / "sandbox.json")
            self.changes |= {
                "AYUMI_SANDBOX": "1",
                "LINE_CHANNEL_SECRET": made_up["secret"],
                "LINE_CHANNEL_ACCESS_TOKEN": made_up["token"],
                "LINE_API_URL": simulator,
                "LINE_DATA_API_URL": f"{simulator}/data",
                "LINE_LOGIN_URL": f"{simulator}/access",
                "LINE_LOGIN_CHANNEL_ID": LIFF_ID.partition("-")[0],
                "LIFF_ID": LIFF_ID,
                "LIFF_URL": f"{simulator}/liff",
                "LIFF_SDK_URL": f"{simulator}/cdn/liff/edge/2/sdk.js",
                "PUBLIC_URL": self.given.public_url or f"http://127.0.0.1:{port}",
            }

    def _start_stores(self) -> None:
        if self.given.database_url and self.given.redis_url:
            return
        place = places.prepare(self.home)
        places.hold(place)
        if not self.given.database_url:
            self._add("PostgreSQL", lambda: postgres.start(place, say=_say), postgres.stop)
            name = installation.database_name(self.given)
            postgres.create_database(place, name)
            self.changes["DATABASE_URL"] = postgres.url(place, name)
        if not self.given.redis_url:
            self._add("Valkey", lambda: valkey.start(place), valkey.stop)
            self.changes["REDIS_URL"] = valkey.url(place)

    def _add(self, name: str, start: Callable[[], process.Child], stop: Callable[[process.Child], None]) -> None:
        member = Member(name, start, stop)
        self.members.append(member)
        member.begin()

    def _python(self, name: str, *arguments: str) -> process.Child:
        self.deaf = True  # a child that was begun is always written down
        child = process.spawn(
            [sys.executable, *arguments],
            cwd=settings.ROOT,
            environment=settings.environment(self.changes),
            log=self._log(name) if name in LOGGED else None,
        )
        process.note(self.home / f"{name}.pid", child)
        self.deaf = False
        self._heed()
        return child

    def _log(self, name: str) -> Path:
        return self.home / f"{'postgres' if name == 'PostgreSQL' else name.lower()}.log"

    def _simulator(self, port: int) -> process.Child:
        state = str(self.home / "simulator.json")
        webhook = f"http://127.0.0.1:{self.changes['PORT']}/line/webhook"
        return self._python(
            "simulator",
            *("-m", "tests.simulator", "--sandbox", "--state", state),
            f"--secret={self.changes['LINE_CHANNEL_SECRET']}",
            f"--token={self.changes['LINE_CHANNEL_ACCESS_TOKEN']}",  # made at random: it may begin with a dash
            *("--webhook", webhook, "--port", str(port)),
            *("--liff", LIFF_ID, "--endpoint", f"{self.changes['PUBLIC_URL']}/"),
        )

    def _wait_for_answer(self, port: int) -> None:
        """Whoever dies before the first answer has said why in its log: that ends the run."""
        while not _answers(self.given.host, port):
            self._heed()
            for member in self.members:
                if member.child is not None and not member.child.alive():
                    log = self._log(member.name)
                    raise process.CannotStart(f"{member.name} could not start: {_last_words(log)} (see {log})")
            time.sleep(0.03)

    def _watch(self) -> None:
        for member in self.members:
            self._look_after(member)
        time.sleep(0.1)

    def _look_after(self, member: Member) -> None:
        now = time.monotonic()
        if member.child is not None:
            if member.child.alive():
                return
            member.child = None
            calm = now - member.since > CALM
            member.pause = 0.2 if calm or not member.pause else min(member.pause * 2, LONGEST_PAUSE)
            member.again_at = now + member.pause
            _say(f"{member.name} ended; it starts again in {member.pause:.1f} s (see {self._log(member.name)}).")
        elif now >= member.again_at:
            try:
                member.begin()
            except process.CannotStart as error:
                member.pause = min(member.pause * 2, LONGEST_PAUSE)
                member.again_at = time.monotonic() + member.pause
                _say(f"{error} It is tried again in {member.pause:.1f} s.")

    def _stop(self) -> None:
        """Server and worker together, then the others one by one: PostgreSQL last."""
        for member in self.members:
            if member.name in ("Server", "Worker") and member.child is not None:
                member.child.tell(signal.SIGTERM)
        for member in reversed(self.members):
            if member.name in STORES:
                self._end_strays()
            member.end()

    def _announce(self) -> None:
        origin = f"http://{self.given.host}:{self.changes['PORT']}"
        if self.given.sandbox:
            _say("")
            _say("Ayumi runs in its sandbox: a simulator plays LINE.")
            _say(f"  Phones page  {self.changes['LINE_API_URL']}/phones   (play the customer and the staff here)")
            _say(f"  The bot      {origin}")
            _say(f"  Its data     {self.home}   (and its logs: server.log, worker.log)")
        else:
            _say("")
            _say("Ayumi runs for your LINE account. In the LINE Developers console, Messaging API tab:")
            _say(f"  Webhook URL  {self.given.public_url or 'https://(your address)'}/line/webhook")
            _say("  Use webhook on; webhook redelivery on; allow bot to join group chats on;")
            _say("  auto-reply and greeting messages off")
            if not self.given.public_url:
                _say(f"  LINE reaches only https addresses: lead one to {origin} and set it as PUBLIC_URL.")
            _say(f"  Its logs     {self.home / 'server.log'} and worker.log")
        _say("Ctrl-C stops everything; nothing is lost.")
        _say("")


def _stopper(patience: float) -> Callable[[process.Child], None]:
    return lambda child: child.end(signal.SIGTERM, patience)


def _put_by(log: Path) -> None:
    """Every run begins its logs anew, and the last run's are kept beside them."""
    if log.is_file():
        log.replace(log.with_suffix(".log.old"))


def _last_words(log: Path) -> str:
    """The last line a person was meant to read; what is logged begins with a brace."""
    said = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return next((line for line in reversed(said) if line.strip() and not line.startswith("{")), "it said nothing")


def _sandbox_credentials(file: Path) -> dict[str, str]:
    if not file.is_file():
        made_up = {"secret": secrets.token_hex(16), "token": secrets.token_urlsafe(96)}
        partial = file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        kept = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(kept, "w") as text:
            json.dump(made_up, text)
        partial.replace(file)
    found: dict[str, str] = json.loads(file.read_text())
    return found


def _require_simulator() -> None:
    if not (settings.ROOT / "tests" / "simulator").is_dir():
        raise settings.Wrong(
            "There is no sandbox in this installation: set LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN, "
            "or run ./ayumi from a checkout."
        )


def _free_port(host: str, port: int, name: str) -> int:
    """The port, or a free one for 0. Raises Wrong when another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except PermissionError:
            raise settings.Wrong(f"Port {port} may not be used by this user: set {name} above 1023.") from None
        except OverflowError:
            raise settings.Wrong(f"{name} must be a number up to 65535.") from None
        except OSError as error:
            if error.errno in (98, 48):
                raise settings.Wrong(
                    f"Port {port} is in use by another program: stop that one, or set {name} to another number."
                ) from None
            raise settings.Wrong(f"HOST {host} is no address of this machine.") from None
        chosen: int = door.getsockname()[1]
        return chosen


def _answers(host: str, port: int) -> bool:
    """Whether the server says that it is ready."""
    to = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, never bound
    try:
        with socket.create_connection((to, port), timeout=2) as line:
            line.sendall(b"GET /readyz HTTP/1.0\r\n\r\n")
            return b" 200 " in line.recv(64)
    except OSError:
        return False


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - the terminal is who this is for
