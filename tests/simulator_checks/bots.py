"""A bot for these tests: remembers its webhooks, answers as told, and speaks raw HTTP to LINE's API."""

import asyncio
import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson
from aiohttp import web

from tests.simulator.control import Channel

Json = dict[str, Any]


@dataclass
class Webhook:
    """One request as it came over the wire."""

    raw: bytes
    headers: dict[str, str]

    @property
    def events(self) -> list[Json]:
        events: list[Json] = orjson.loads(self.raw)["events"]
        return events


@dataclass
class Bot:
    """status: what webhooks are answered; hangs: they are never answered. dues: instants its clock stops at.

    files: what lies on its server, by path: status, content type, bytes. visits: who fetched, (path, user agent).
    """

    webhooks: list[Webhook] = field(default_factory=list)
    status: int = 200
    hangs: bool = False
    url: str = ""
    now: datetime | None = None
    dues: list[datetime] = field(default_factory=list)
    moves: list[datetime] = field(default_factory=list)
    clock_signatures: list[tuple[bytes, str]] = field(default_factory=list)
    stuck: bool = False
    files: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    visits: list[tuple[str, str]] = field(default_factory=list)
    _runner: web.AppRunner | None = None
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/line/webhook", self._hear)
        app.router.add_post("/sandbox/clock", self._tell_time)
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/line/webhook"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        assert self._runner is not None
        await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        self.webhooks.append(Webhook(await request.read(), {k.lower(): v for k, v in request.headers.items()}))
        if self.hangs:
            await self._closing.wait()
        return web.Response(status=self.status)

    async def _tell_time(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.clock_signatures.append((raw, request.headers["x-line-signature"]))
        asked = orjson.loads(raw)
        assert self.now is not None
        if asked["op"] == "next":
            until = datetime.fromisoformat(asked["until"])
            return web.json_response({"next": min([until, *self.dues]).isoformat()})
        if asked["op"] == "move":
            self.now = datetime.fromisoformat(asked["to"])
            self.moves.append(self.now)
            if not self.stuck:
                self.dues = [due for due in self.dues if due > self.now + timedelta(milliseconds=1)]
        return web.json_response({"now": self.now.isoformat()})

    async def _serve(self, request: web.Request) -> web.Response:
        self.visits.append((request.path_qs, request.headers["User-Agent"]))
        status, content_type, data = self.files.get(request.path, (404, "text/plain", b""))
        headers = {"Content-Type": content_type}
        if status == 302:
            headers["Location"] = data.decode()
        return web.Response(body=data, status=status, headers=headers)

    @property
    def origin(self) -> str:
        return self.url.removesuffix("/line/webhook")

    @property
    def events(self) -> list[Json]:
        return [event for webhook in self.webhooks for event in webhook.events]

    def last(self) -> Json:
        return self.events[-1]

    async def hears(self, kind: str, number: int = 1) -> Json:
        """Its first (second, ...) event of that type, once it is there."""
        for _ in range(300):
            found = [event for event in self.events if event["type"] == kind]
            if len(found) >= number:
                return found[number - 1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"no {kind} came; there is {[event['type'] for event in self.events]}")


@dataclass
class Reply:
    """An answer of the LINE API."""

    status: int
    body: Json
    headers: dict[str, str]
    raw: bytes

    @property
    def message(self) -> str:
        return str(self.body.get("message"))

    @property
    def properties(self) -> list[str]:
        """Paths of the properties complained about."""
        return [one["property"] for one in self.body.get("details", [])]


class Line:
    """LINE's API by hand."""

    def __init__(self, session: aiohttp.ClientSession, channel: Channel) -> None:
        self.session = session
        self.channel = channel

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        token: str | None = None,
        data: bytes | None = None,
        content_type: str = "application/json",
    ) -> Reply:
        headers = {"Authorization": f"Bearer {token or self.channel.token}"}
        if key is not None:
            headers["X-Line-Retry-Key"] = key
        if body is not None or data is not None:
            headers["Content-Type"] = content_type
            data = orjson.dumps(body) if data is None else data
        sent = None if data is None else io.BytesIO(data)
        url = self.channel.api_url + path
        async with self.session.request(method, url, data=sent, headers=headers) as answer:
            raw = await answer.read()
            is_json = answer.content_type == "application/json"
            found = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status, orjson.loads(raw) if is_json else {}, found, raw)

    async def get(self, path: str, **more: Any) -> Reply:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        return await self.ask("POST", path, body, **more)

    async def put(self, path: str, body: Any = None, **more: Any) -> Reply:
        return await self.ask("PUT", path, body, **more)

    async def delete(self, path: str, **more: Any) -> Reply:
        return await self.ask("DELETE", path, **more)

    async def reply(self, token: str, *messages: Json, **more: Any) -> Reply:
        body = {"replyToken": token, "messages": list(messages)}
        return await self.post("/v2/bot/message/reply", body, **more)

    async def push(self, to: str, *messages: Json, **more: Any) -> Reply:
        return await self.post("/v2/bot/message/push", {"to": to, "messages": list(messages)}, **more)

    async def multicast(self, to: list[str], *messages: Json, **more: Any) -> Reply:
        return await self.post("/v2/bot/message/multicast", {"to": to, "messages": list(messages)}, **more)

    async def validate(self, *messages: Json) -> Reply:
        return await self.post("/v2/bot/message/validate/push", {"messages": list(messages)})


def text(words: str = "こんにちは") -> Json:
    return {"type": "text", "text": words}
