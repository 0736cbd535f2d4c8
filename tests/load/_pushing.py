"""A bot that does nothing but push: raw HTTP over many connections, each send again under its key until it is sure."""

import asyncio
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SURE = frozenset({200, 409})
AGAIN = frozenset({429, 500, 502, 503})


@dataclass(slots=True)
class Sends:
    """What is to be sent, (user id, retry key), and what became of it; counted by status, 0 for a cut line."""

    waiting: deque[tuple[str, str]]
    answers: Counter[int] = field(default_factory=Counter)
    sure: int = 0
    seconds: float = 0.0


def plan(users: list[str], count: int, first: int = 0) -> Sends:
    """`count` sends to these users in turn, each with a key of its own; first: the number of the first key."""
    waiting = deque((users[number % len(users)], key_of(first + number)) for number in range(count))
    return Sends(waiting)


def key_of(number: int) -> str:
    return f"10000000-0000-4000-8000-{number:012x}"


class Connection(asyncio.Protocol):
    """One line to LINE: the next push goes when the last one is answered; an unsure one goes first."""

    def __init__(self, sends: Sends, head: str) -> None:
        self.sends = sends
        self.head = head
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sent: tuple[str, str] | None = None
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.next()

    def next(self) -> None:
        if not self.sends.waiting:
            self.sent = None
            self.transport.close()
            return
        self.sent = self.sends.waiting.popleft()
        user, key = self.sent
        body = f'{{"to":"{user}","messages":[{{"type":"text","text":"おはようございます"}}]}}'.encode()
        head = f"{self.head}X-Line-Retry-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        at = self.buffer.find(b"\r\n\r\n")
        if at < 0:
            return
        head = self.buffer[:at].lower()
        start = head.index(b"content-length:") + 15
        end = head.find(b"\r\n", start)
        if len(self.buffer) < at + 4 + int(head[start:] if end < 0 else head[start:end]):
            return
        status = int(self.buffer[9:12])
        self.buffer = b""
        self.answered(status)
        self.next()

    def answered(self, status: int) -> None:
        assert self.sent is not None
        self.sends.answers[status] += 1
        if status in SURE:
            self.sends.sure += 1
        elif status in AGAIN:
            self.sends.waiting.appendleft(self.sent)
        else:
            raise RuntimeError(f"a push was answered {status}")
        self.sent = None

    def connection_lost(self, error: Exception | None) -> None:
        if self.sent is not None:
            self.sends.answers[0] += 1
            self.sends.waiting.appendleft(self.sent)
        if not self.ended.done():
            self.ended.set_result(None)


async def push_all(base_url: str, token: str, sends: Sends, connections: int) -> None:
    """Until every send is sure to have been accepted; a line that is cut is opened again."""
    parts = urlsplit(base_url)
    assert parts.hostname is not None
    assert parts.port is not None
    host, port = parts.hostname, parts.port
    head = (
        f"POST /v2/bot/message/push HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\n"
    )
    loop = asyncio.get_running_loop()
    total = len(sends.waiting)
    began = time.perf_counter()

    async def line() -> None:
        while sends.waiting:
            _, connection = await loop.create_connection(lambda: Connection(sends, head), host, port)
            await connection.ended

    while sends.sure < total:
        await asyncio.gather(*(line() for _ in range(connections)))
    sends.seconds = time.perf_counter() - began
