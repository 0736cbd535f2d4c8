"""The aiohttp application: LINE's webhook, customers' pages, media, links, files to fetch, health, metrics, in the
sandbox the clock."""

import asyncio
import hmac
import ipaddress
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot import charts, door, downloads, form_files, links, memory, metrics, sandbox, settings, webhook, wiring
from bot.media import serving as serving_media
from liff import pages
from storage import database

SWEEP = 2.0  # seconds: events open longer than this are taken up by whoever sees them
LARGEST_BODY = 2 * 1024 * 1024

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; `port` is the one it got."""

    house: wiring.House
    port: int


async def serve(given: settings.Settings) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    memory.calm()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with wiring.house(given, intake=True) as house, serving(house):
        await stop.wait()


@asynccontextmanager
async def serving(house: wiring.House) -> AsyncIterator[Server]:
    """The doors are open as long as the block lasts; tests use it too."""
    given = house.settings
    async with AsyncExitStack() as stack:
        bot_user_id = await wiring.recognise(house)
        intake = webhook.Intake(house.lanes.wake)
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(webhook.routes(intake, given.line_channel_secret, lambda: bot_user_id))
        app.add_routes(_health(house, intake))
        app.add_routes(serving_media.routes(given.media_dir))
        app.add_routes(downloads.routes(given))
        app.add_routes(form_files.routes(given))
        app.add_routes(charts.routes())
        app.add_routes(links.routes(house))
        app.add_routes(pages.routes(door.of(house)))
        if given.sandbox:
            app.add_routes(sandbox.routes(house))
        await intake.start()
        stack.push_async_callback(intake.stop)
        await house.lanes.start()
        stack.push_async_callback(house.sender.settle)
        stack.push_async_callback(house.lanes.stop)
        sweeping = asyncio.create_task(_sweep(house), name="sweep")
        stack.callback(sweeping.cancel)
        # Nobody who speaks to us packs what he sends; unpacking for strangers would cost seconds a request.
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=5, auto_decompress=False)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, given.host, given.port, backlog=1024)
        await site.start()
        port: int = runner.addresses[0][1]
        log.info("server ready", port=port)
        yield Server(house, port)


async def _sweep(house: wiring.House) -> None:
    """What a process that died has left in the inbox is taken up here, too; workers do the same."""
    while True:
        try:
            more = await house.lanes.sweep(SWEEP)
        except Exception as error:
            if not database.transient(error):
                log.error("sweep failed", exc_info=error)
            more = 0
        if not more:
            await asyncio.sleep(SWEEP)


def _health(house: wiring.House, intake: webhook.Intake) -> list[web.RouteDef]:
    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(1):
                await database.run("SELECT 1")
        except Exception as error:
            if not database.transient(error):
                raise
            return web.Response(status=503, text="the database does not answer\n")
        if not intake.running:
            return web.Response(status=503, text="the webhook's writer has ended\n")
        return web.Response(text="ready\n")

    async def show_metrics(request: web.Request) -> web.Response:
        if not _may_measure(request, house.settings):
            return web.Response(status=403)
        return web.Response(
            body=await metrics.text(house.delivery.shared), headers={"Content-Type": metrics.CONTENT_TYPE}
        )

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", show_metrics)]


def _may_measure(request: web.Request, given: settings.Settings) -> bool:
    """With the token, or with none set, from this machine itself and not through a proxy."""
    if given.metrics_token:
        wanted = f"Bearer {given.metrics_token}".encode()
        return hmac.compare_digest(request.headers.get("Authorization", "").encode("utf-8", "replace"), wanted)
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    try:
        return not forwarded and ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
