"""A web site of ours for these tests: every path is one page that loads the SDK and does nothing by itself."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from aiohttp import web

PAGE = """<!doctype html>
<html lang="ja">
<head><meta charset="utf-8"><title>受付</title></head>
<body><h1>受付</h1><script src="{sdk}"></script></body>
</html>
"""


@dataclass
class Site:
    """sdk: the address of the SDK. seen: paths and queries asked for; a policy as strict as our own pages have."""

    sdk: str
    api: str
    url: str = ""
    seen: list[str] = field(default_factory=list)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/favicon.ico", self._nothing)
        app.router.add_get("/{rest:.*}", self._page)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _page(self, request: web.Request) -> web.Response:
        self.seen.append(request.rel_url.raw_path_qs)
        policy = f"default-src 'none'; script-src {self.api}; connect-src {self.api}"
        headers = {"Content-Security-Policy": policy}
        return web.Response(text=PAGE.format(sdk=self.sdk), content_type="text/html", headers=headers)

    async def _nothing(self, request: web.Request) -> web.Response:
        return web.Response(status=204)
