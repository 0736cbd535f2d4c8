"""One session to the desk of a simulator, and what it answers."""

import io
from types import TracebackType
from typing import Any, Protocol, Self

import aiohttp
import orjson

from tests.simulator.control.seen import Json

CALL_SECONDS = 1_000.0


class Asks(Protocol):
    """Whoever can put a question to the desk about one channel."""

    async def ask(self, method: str, path: str = "", body: Json | None = None) -> Any: ...


class Declined(Exception):
    """The simulator would not do it; the sentence says why."""


class Desk:
    """The session lives from `async with` to its end."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("use: async with Simulator(base_url) as simulator")
        return self._session

    async def ask(self, method: str, path: str, body: Json | None = None) -> Any:
        """One request to the desk; Declined with its sentence when it says no."""
        data = None if body is None else io.BytesIO(orjson.dumps(body))  # films are large
        async with self.session.request(method, f"{self.base_url}/sim{path}", data=data) as answer:
            text = await answer.read()
            if answer.status == 409:
                raise Declined(orjson.loads(text)["error"])
            if answer.status != 200:
                raise RuntimeError(f"the simulator answered {answer.status} to {method} {path}: {text[:300]!r}")
            return orjson.loads(text)
