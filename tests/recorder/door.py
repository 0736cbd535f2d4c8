"""The door between LINE and a bot: every request passes unchanged, and its masked likeness goes onto the tape."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import aiohttp
import orjson
from aiohttp import web

from tests.recorder import tape
from tests.recorder.masks import Masks

WEBHOOK = "/line/webhook"
HOP = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "host", "te", "upgrade"}
)
LARGEST = 300 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=30)


@dataclass(slots=True)
class Door:
    """bot, api, data: the addresses behind it, without a slash at the end."""

    bot: str
    api: str
    data: str
    out: BinaryIO
    masks: Masks
    session: aiohttp.ClientSession | None = None

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post(WEBHOOK, self.webhook)
        for host in ("api", "data"):
            app.router.add_route("*", f"/{host}/{{rest:.*}}", self.call)
        app.cleanup_ctx.append(self._connected)
        return app

    async def _connected(self, _: web.Application) -> Any:
        async with aiohttp.ClientSession(timeout=TIMEOUT, auto_decompress=True) as self.session:
            yield

    async def webhook(self, request: web.Request) -> web.Response:
        return await self._pass_on(request, "bot", "bot", self.bot, request.raw_path)

    async def call(self, request: web.Request) -> web.Response:
        _, host, rest = request.raw_path.split("/", 2)
        return await self._pass_on(request, "line", host, self.api if host == "api" else self.data, "/" + rest)

    async def _pass_on(self, request: web.Request, to: str, host: str, base: str, path: str) -> web.Response:
        assert self.session is not None
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        status: int | None = None
        back: Mapping[str, str] = {}
        answer = b""
        try:
            async with self.session.request(request.method, base + path, data=body, headers=headers) as response:
                status, back, answer = response.status, response.headers, await response.read()
        except (aiohttp.ClientError, TimeoutError):
            pass
        self._write(request, to, host, path.partition("?")[0], body, status, back, answer)
        passed = {name: value for name, value in back.items() if name.lower() not in HOP}
        return web.Response(status=status or 502, body=answer, headers=passed)

    def _write(
        self,
        request: web.Request,
        to: str,
        host: str,
        path: str,
        body: bytes,
        status: int | None,
        back: Mapping[str, str],
        answer: bytes,
    ) -> None:
        refused = to == "line" and (status or 0) >= 400
        made = tape.Exchange(
            to=to,
            host=host,
            method=request.method,
            path=self.masks.path(path),
            query={name: [self.masks.word(one) for one in request.query.getall(name)] for name in set(request.query)},
            headers=self.masks.headers(dict(request.headers)),
            body=self._likeness(body),
            status=status,
            answer_headers=self.masks.headers(dict(back)),
            answer=self._likeness(answer, refused=refused),
        )
        self.out.write(tape.line(made))
        self.out.flush()

    def _likeness(self, body: bytes, *, refused: bool = False) -> Any:
        if not body:
            return None
        try:
            return self.masks.value(orjson.loads(body), refused=refused)
        except orjson.JSONDecodeError:
            return {"bytes": len(body)}
