"""The way in: one session to the desk, and the channels opened there."""

from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from tests.simulator.control.channel import Channel
from tests.simulator.control.seen import Json

CALL_SECONDS = 1_000.0


class Declined(Exception):
    """The simulator would not do it; the sentence says why."""


class Simulator:
    """async with Simulator(base_url) as simulator: ..."""

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
        data = None if body is None else orjson.dumps(body)
        async with self.session.request(method, f"{self.base_url}/sim{path}", data=data) as answer:
            text = await answer.read()
            if answer.status == 409:
                raise Declined(orjson.loads(text)["error"])
            if answer.status != 200:
                raise RuntimeError(f"the simulator answered {answer.status} to {method} {path}: {text[:300]!r}")
            return orjson.loads(text)

    async def new_channel(
        self,
        *,
        webhook: str | None = None,
        name: str = "Ayumi",
        quota: int | None = None,
        rate_scale: float | None = 1.0,
        drive_bot: bool = False,
        load: bool = False,
        check_messages: bool = True,
        secret: str | None = None,
        token: str | None = None,
        channel_id: str | None = None,
    ) -> Channel:
        """A fresh channel with nobody in it. webhook: the bot's webhook address (may be set later)."""
        wanted = {
            "id": channel_id,
            "name": name,
            "secret": secret,
            "token": token,
            "webhook_url": webhook,
            "quota": quota,
            "rate_scale": rate_scale,
            "drive_bot": drive_bot,
            "load": load,
            "check_messages": check_messages,
        }
        return Channel(self, await self.ask("POST", "/channels", wanted))

    async def channel(self, channel_id: str) -> Channel:
        """A channel that is there already (the sandbox)."""
        return Channel(self, await self.ask("GET", f"/channels/{channel_id}/keys"))
