"""The places of LIFF on the server: the API's first, since they lie below the same /liff as the apps."""

from pathlib import Path

from aiohttp import web

from tests.simulator.channel import Platform
from tests.simulator.liff import opening, server_api, services
from tests.simulator.login import door
from tests.simulator.webhooks.post import Postman

ENDPOINTS = [*server_api.ENDPOINTS, *services.ENDPOINTS]
SDK = Path(__file__).parent / "sdk"
SDK_PARTS = ("errors", "session", "dialogs", "sharing", "surface")
SDK_PATH = r"/cdn/liff/edge/{version:2|versions/2\.\d+\.\d+}/sdk.js"


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    for endpoint in ENDPOINTS:
        handler = door.guard(platform, postman, endpoint)
        app.router.add_route(endpoint.method, endpoint.path, handler)
    for path in {endpoint.path for endpoint in ENDPOINTS if endpoint.pages}:
        app.router.add_route("OPTIONS", path, door.asked_first)
    opening.add_to(app, platform)
    app.router.add_get(SDK_PATH, sdk)


async def sdk(request: web.Request) -> web.StreamResponse:
    """The stand-in in one piece, as pages load LINE's own from its CDN."""
    headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    return web.Response(text=sdk_text(), content_type="text/javascript", charset="utf-8", headers=headers)


def sdk_text() -> str:
    parts = "\n".join((SDK / f"{name}.js").read_text("utf-8") for name in SDK_PARTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'
