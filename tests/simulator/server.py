"""One process that plays LINE: its API, its people and the desk, on one port; and on another LINE's host for files."""

import asyncio
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from tests.simulator import driving, keeping, phones
from tests.simulator.api import express
from tests.simulator.api import routes as api
from tests.simulator.channel import Platform
from tests.simulator.desk import routes as desk
from tests.simulator.liff import routes as liff
from tests.simulator.login import routes as login
from tests.simulator.webhooks.post import Postman

REQUEST_BYTES = 256 * 1024 * 1024
BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Parts:
    """app: everything; files: LINE's host for files alone, as a client sees it that knows hosts and no paths."""

    app: web.Application
    files: web.Application
    postman: Postman


Build = Callable[[Platform], Parts]


def application(platform: Platform, postman: Postman) -> web.Application:
    app = web.Application(client_max_size=REQUEST_BYTES)
    login.add_to(app, platform, postman)
    liff.add_to(app, platform, postman)
    api.add_to(app, platform, postman)
    desk.add_to(app, platform, postman)
    phones.add_to(app, platform, postman)
    return app


def files_application(platform: Platform, postman: Postman) -> web.Application:
    app = web.Application(client_max_size=REQUEST_BYTES)
    api.add_files_to(app, platform, postman)
    return app


def parts(platform: Platform) -> Parts:
    postman = Postman()
    return Parts(application(platform, postman), files_application(platform, postman), postman)


async def listening(runner: web.AppRunner, host: str, port: int) -> str:
    """Its address, once it listens there."""
    await runner.setup()
    await web.TCPSite(runner, host, port, backlog=BACKLOG).start()
    return f"http://{host}:{runner.addresses[0][1]}"


async def listening_with_express(
    runner: web.AppRunner, platform: Platform, postman: Postman, host: str, port: int
) -> tuple[str, Callable[[], None]]:
    """The same with the short way for load before it; and what ends that."""
    await runner.setup()
    web_server = runner.server
    assert web_server is not None
    lines: set[express.Line] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: express.Line(platform, postman, web_server, lines), host, port, backlog=BACKLOG
    )

    def end() -> None:
        server.close()
        for line in list(lines):
            line.transport.close()

    return f"http://{host}:{server.sockets[0].getsockname()[1]}", end


async def serve(
    platform: Platform,
    host: str,
    port: int,
    state: Path | None,
    end_with_stdin: bool,
    data_port: int | None = None,
    build: Build = parts,
) -> None:
    """Until SIGTERM or SIGINT (or the end of stdin); says in one line where it listens."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if end_with_stdin:
        loop.add_reader(sys.stdin.fileno(), ended.set)
    made = build(platform)
    postman = made.postman
    runners = [web.AppRunner(app, access_log=None, shutdown_timeout=0.5) for app in (made.app, made.files)]
    platform.base_url, end_express = await listening_with_express(runners[0], platform, postman, host, port)
    platform.data_url = platform.base_url + "/data"
    if data_port is not None:
        platform.data_url = await listening(runners[1], host, data_port)
    print(f"simulator ready {platform.base_url}", flush=True)
    over = asyncio.Event()
    keeper = asyncio.create_task(keeping.keep(platform, state, over)) if state is not None else None
    for channel in platform.channels.values():
        if channel.settings.drive_bot and channel.webhook_url is not None:
            postman.beside(driving.catch_up(channel, postman))
    await ended.wait()
    for channel in platform.channels.values():
        channel.faults.clear()
    end_express()
    for runner in runners:
        await runner.cleanup()
    await postman.close()
    over.set()
    if keeper is not None:
        await keeper
