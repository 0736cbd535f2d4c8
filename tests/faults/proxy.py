"""A proxy between our processes and PostgreSQL that counts what is committed, and can hold any one COMMIT.

A *wire point* is the commit of a transaction that has changed rows: `before` the COMMIT reaches the server, and
`after` the server has committed but before our process hears of it. Transactions that only looked, or whose writing
statements found nothing to change, are no points: a waiting process makes any number of them. Nor are the heartbeat and
what else a worker looks after every few seconds: how many there are says only how long it took.

A statement that changes rows outside a transaction (the intake's insert, the claims of delivery) commits itself. So
that it can be held at the same two points, the proxy puts BEGIN and COMMIT around it on the server's side: to the
server that is the same transaction, and our process sees nothing of it.

It knows just enough of the protocol (version 3): an exchange ends with Sync or is one simple query, and is answered
up to ReadyForQuery; what our driver wants to know before (Flush, after it has prepared a statement) passes through.
"""

import asyncio
import functools
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.faults.callers import Callers

SOCKET = ".s.PGSQL.5432"
BEFORE, AFTER = "before", "after"

CHANGES = re.compile(r"\b(?:INSERT\s+INTO|DELETE\s+FROM|(?<!FOR )(?<!KEY )UPDATE(?!\s+SET))\s+(\w+)", re.IGNORECASE)
CANCEL, SSL, GSS = 80877102, 80877103, 80877104
UNHURRIED = ("account", "shared_changes shared_values")  # the first changes of such a transaction
IDLE, OPEN, FAILED = b"I", b"T", b"E"
AT_ONCE = b"ZE"  # after an error there may be no end of the exchange


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that changed rows: its number in the run, whose it was, and the tables of its first change."""

    number: int
    who: str
    what: str


@dataclass
class Gate:
    """Counts the commits of all proxies of one run, and holds one of them at one of its two points."""

    commits: list[Commit] = field(default_factory=list)
    counting: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    held: Commit | None = None
    _target: tuple[int, str] | None = None
    _released: asyncio.Event = field(default_factory=asyncio.Event)
    _cut: bool = False

    def begin(self, number: int = 0, when: str = BEFORE) -> None:
        """Count from here; with a number hold the commit of that number (from 1) at this point."""
        self.counting = True
        self._target = (number, when) if number else None

    def release(self, *, cut: bool = False) -> None:
        """What is held goes on, unless its process or the server has died; `cut` breaks its connection instead."""
        self._cut = cut
        self._released.set()

    def number(self, who: str, what: str) -> Commit | None:
        if not self.counting or what in UNHURRIED:
            return None
        self.commits.append(Commit(len(self.commits) + 1, who, what))
        return self.commits[-1]

    def chosen(self, commit: Commit | None, when: str) -> bool:
        return commit is not None and self._target == (commit.number, when)

    async def hold(self, commit: Commit | None) -> bool:
        """Wait until released; False when the connection is to be cut."""
        self.held = commit
        self.reached.set()
        await self._released.wait()
        for _ in range(10):
            await asyncio.sleep(0)  # the loop looks at its sockets: whoever died meanwhile has closed his
        return not self._cut


class Proxy:
    """One process's way to the database: a socket in a folder of its own. `async with Proxy(...)`."""

    def __init__(self, who: str, folder: Path, server: Path, gate: Gate) -> None:
        self.who = who
        self.folder = folder
        self._server = server
        self._gate = gate
        self._listening: asyncio.Server | None = None
        self._callers = Callers(self._connection)

    async def __aenter__(self) -> Self:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        (self.folder / SOCKET).unlink(missing_ok=True)
        self._listening = await asyncio.start_unix_server(self._callers.accept, self.folder / SOCKET)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listening is not None:
            self._listening.close()
        await self._callers.end()
        (self.folder / SOCKET).unlink(missing_ok=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opening = await _opening(reader, writer)
        server_reader, server_writer = await asyncio.open_unix_connection(self._server)
        try:
            server_writer.write(opening)
            wire = _Wire(self.who, self._gate, (reader, writer), (server_reader, server_writer))
            await wire.carry()
        finally:
            server_writer.close()


async def _opening(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """The startup packet or cancel request, after offers of encryption are declined."""
    while True:
        header = await reader.readexactly(8)
        length, code = struct.unpack("!II", header)
        rest = await reader.readexactly(length - 8)
        if code not in (SSL, GSS):
            return header + rest
        writer.write(b"N")


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Wire:
    """One connection. Exchanges go one after the other; the server's words outside of them pass through."""

    def __init__(self, who: str, gate: Gate, client: Ends, server: Ends) -> None:
        self._who = who
        self._gate = gate
        self._from_client, self._to_client = client
        self._from_server, self._to_server = server
        self._statements: dict[bytes, str] = {}
        self._status = IDLE
        self._changed = ""  # what the open transaction has changed first
        # of the exchange under way
        self._kept: bytearray | None = None
        self._rows = 0  # returned or changed
        self._ready = asyncio.Event()
        self._ready.set()

    async def carry(self) -> None:
        """Until either end closes, or the gate cuts the line."""
        both = [asyncio.create_task(self._answers()), asyncio.create_task(self._questions())]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _questions(self) -> None:
        unit = bytearray()
        executed: list[str] = []
        while True:
            kind, message = await _message(self._from_client)
            unit += message
            if kind == b"P":
                name, sql = message[5:].split(b"\0", 2)[:2]
                self._statements[name] = sql.decode()
            elif kind == b"B":
                executed.append(self._statements.get(message[5:].split(b"\0", 2)[1], ""))
            elif kind == b"Q":
                executed.append(message[5:-1].decode())
            if kind in b"SQ":
                await self._exchange(bytes(unit), executed)
            elif kind in b"HXp":
                self._to_server.write(unit)
            else:
                continue
            unit.clear()
            if kind != b"H":
                executed.clear()

    async def _exchange(self, unit: bytes, executed: list[str]) -> None:
        changes = next((what for sql in executed if (what := _changes(sql))), "")
        if self._status == OPEN and self._changed and any(_is_commit(sql) for sql in executed):
            await self._commit(unit)
        elif self._status == IDLE and changes:
            await self._commit_by_itself(unit, changes)
        else:
            await self._ask(unit)
            if self._status == OPEN and changes and self._rows:
                self._changed = self._changed or changes
            elif self._status == IDLE:
                self._changed = ""

    async def _commit(self, unit: bytes) -> None:
        commit = self._gate.number(self._who, self._changed)
        self._changed = ""
        await self._point(commit, BEFORE)
        answer = await self._ask(unit, keep=True)
        await self._point(commit, AFTER)
        self._to_client.write(answer)

    async def _commit_by_itself(self, unit: bytes, what: str) -> None:
        await self._ask(_query("BEGIN"), keep=True)
        answer = await self._ask(unit, keep=True)
        if self._status == OPEN:
            commit = self._gate.number(self._who, what) if self._rows else None
            await self._point(commit, BEFORE)
            await self._ask(_query("COMMIT"), keep=True)
            await self._point(commit, AFTER)
        else:
            await self._ask(_query("ROLLBACK"), keep=True)
        self._to_client.write(answer[:-1] + IDLE)

    async def _point(self, commit: Commit | None, when: str) -> None:
        if not self._gate.chosen(commit, when):
            return
        farewell = asyncio.create_task(_message(self._from_client))  # until it is answered nothing else can come
        try:
            goes_on = await self._gate.hold(commit)
            gone = farewell.done() or self._from_server.at_eof()
        finally:
            farewell.cancel()
            await asyncio.gather(farewell, return_exceptions=True)
        if gone or not goes_on:
            raise EOFError

    async def _ask(self, unit: bytes, *, keep: bool = False) -> bytes:
        """One exchange; its answer goes to the client as it comes, or is given back."""
        self._rows = 0
        self._kept = bytearray() if keep else None
        self._ready.clear()
        self._to_server.write(unit)
        await self._ready.wait()
        kept, self._kept = self._kept, None
        return bytes(kept or b"")

    async def _answers(self) -> None:
        waiting = bytearray()
        while True:
            kind, message = await _message(self._from_server)
            if self._kept is not None:
                self._kept += message
            else:
                waiting += message
                if kind in AT_ONCE or self._ready.is_set():
                    self._to_client.write(waiting)
                    waiting = bytearray()
            if kind == b"D":
                self._rows += 1
            elif kind == b"C":
                count = message[5:-1].rpartition(b" ")[2]
                self._rows += int(count) if count.isdigit() else 0
            elif kind == b"Z":
                self._status = message[5:]
                self._ready.set()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    header = await reader.readexactly(5)
    length: int = struct.unpack("!I", header[1:])[0]
    return header[:1], header + await reader.readexactly(length - 4)


def _query(sql: str) -> bytes:
    body = sql.encode() + b"\0"
    return b"Q" + struct.pack("!I", len(body) + 4) + body


def _is_commit(sql: str) -> bool:
    return sql.strip().rstrip(";").upper() == "COMMIT"


@functools.lru_cache(maxsize=1_000)
def _changes(sql: str) -> str:
    """The tables a statement changes; empty for one that only reads."""
    return " ".join(dict.fromkeys(CHANGES.findall(sql)))
