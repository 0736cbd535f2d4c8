"""A short way for the sends of load channels: read and answered where their bytes arrive, without aiohttp's objects.

A connection stays on it as long as it brings nothing else, and then goes over to aiohttp for good with all it holds.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from yarl import URL

from tests.simulator import ids
from tests.simulator.api import door, sending
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel, Platform
from tests.simulator.limits import BODY_BYTES
from tests.simulator.webhooks.post import Postman

HEAD_BYTES = 8_192
ENDPOINTS: dict[bytes, tuple[Endpoint, URL]] = {
    f"{one.method} {one.path} HTTP/1.1".encode(): (one, URL(one.path)) for one in sending.ENDPOINTS
}
STRANGE = (b"\r\ntransfer-encoding:", b"\r\nexpect:", b"\r\nconnection: close", b"\r\ncontent-encoding:")
REASONS = {status.value: status.phrase for status in HTTPStatus}


class Line(asyncio.Protocol):
    """One connection. web makes the protocol that takes over; lines are those still here, to be closed at the end."""

    def __init__(
        self, platform: Platform, postman: Postman, web: Callable[[], asyncio.Protocol], lines: "set[Line]"
    ) -> None:
        self.platform = platform
        self.postman = postman
        self.web = web
        self.lines = lines
        self.held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.lines.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.lines.discard(self)

    def data_received(self, data: bytes) -> None:
        data = self.held + data if self.held else data
        while data:
            end = data.find(b"\r\n\r\n")
            if end < 0 and len(data) <= HEAD_BYTES and begins_well(data):
                break
            request = None if end < 0 else self.read(data, end)
            if request is None:
                return self.hand_over(data)
            length, channel, endpoint, call = request
            if length > len(data):
                break
            answer = door.passed_at_once(self.platform, channel, endpoint, call)
            if answer is door.LINE_CUT:
                return door.cut(self.transport)
            self.transport.write(written(answer, call))
            data = data[length:]
        self.held = data
        return None

    def read(self, data: bytes, end: int) -> tuple[int, Channel, Endpoint, Call] | None:
        """(bytes of the whole request, whose, what, the call); the call is good once all bytes are there.

        None when this is no plain send of a load channel.
        """
        found = ENDPOINTS.get(data[: data.find(b"\r\n")])
        if found is None:
            return None
        head = data[:end]
        small = head.lower()
        channel = self.platform.by_bearer.get(header(head, small, b"\r\nauthorization:"))
        if channel is None or not channel.settings.load or (channel.faults.armed and channel.faults.may_wait):
            return None
        if any(name in small for name in STRANGE):
            return None
        size = header(head, small, b"\r\ncontent-length:")
        if not size.isdigit() or int(size) > BODY_BYTES + 1:
            return None
        length = end + 4 + int(size)
        endpoint, url = found
        call = Call(
            endpoint.path,
            url,
            {},
            header(head, small, b"\r\ncontent-type:"),
            data[end + 4 : length],
            ids.request_id(),
            header(head, small, b"\r\nx-line-retry-key:") or None,
            self.postman,
        )
        return length, channel, endpoint, call

    def hand_over(self, data: bytes) -> None:
        self.lines.discard(self)
        self.held = b""
        heir = self.web()
        self.transport.set_protocol(heir)
        heir.connection_made(self.transport)
        heir.data_received(data)


def begins_well(data: bytes) -> bool:
    """Whether these first bytes can still become a plain send."""
    return any(line.startswith(data[: len(line)]) for line in ENDPOINTS)


def header(head: bytes, small: bytes, name: bytes) -> str:
    """The value of a header, "" without one. small: the head in small letters; name: from the break to the colon."""
    at = small.find(name)
    if at < 0:
        return ""
    at += len(name)
    end = head.find(b"\r\n", at)
    return (head[at:] if end < 0 else head[at:end]).strip().decode("latin-1")


def written(answer: Answer, call: Call) -> bytes:
    more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    head = (
        f"HTTP/1.1 {answer.status} {REASONS[answer.status]}\r\nx-line-request-id: {call.request_id}\r\n"
        f"Content-Type: {answer.content_type}\r\nContent-Length: {len(answer.body)}\r\n{more}\r\n"
    )
    return head.encode("latin-1") + answer.body
