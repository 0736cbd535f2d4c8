"""A dozen lines with an official SDK make a bot that runs against the simulator as against LINE."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.simulator.control import Channel, User
from tests.simulator_checks.node import PROGRAMS

EXAMPLES = Path(__file__).parent / "examples"
PYTHON = (sys.executable, str(EXAMPLES / "echo.py"))
NODE = ("node", str(PROGRAMS / "echo.mjs"))

with_every_sdk = pytest.mark.parametrize(
    "command", [pytest.param(PYTHON, id="Python"), pytest.param(NODE, id="Node", marks=pytest.mark.node)]
)


@asynccontextmanager
async def running(command: tuple[str, ...], channel: Channel) -> AsyncIterator[None]:
    """The bot, told where LINE is, and LINE told where the bot is."""
    environment = {
        "LINE_API_URL": channel.api_url,
        "LINE_TOKEN": channel.token,
        "LINE_CHANNEL_SECRET": channel.secret,
        "NO_PROXY": "127.0.0.1",
    }
    bot = await asyncio.create_subprocess_exec(*command, env=os.environ | environment, stdout=PIPE)
    assert bot.stdout is not None
    try:
        port = (await bot.stdout.readline()).decode().strip()
        await channel.set_webhook(f"http://127.0.0.1:{port}/callback")
        yield
    finally:
        bot.terminate()
        await bot.wait()


@with_every_sdk
async def test_an_example_bot_answers(command: tuple[str, ...], channel: Channel, tanaka: User) -> None:
    async with running(command, channel):
        said = await tanaka.says("予約したい😊")
        assert (said.outcome, said.status) == ("ok", 200)
        (echo,) = await tanaka.seen()
        assert (echo.text, echo.how) == ("予約したい😊", "reply")
        assert said.event is not None
        assert echo.message["quoteToken"] == said.event["message"]["quoteToken"]
        assert (await tanaka.sends("image")).status == 200
        assert len(await tanaka.seen()) == 1
        assert (await channel.send_events([])).status == 200


@with_every_sdk
async def test_an_example_bot_believes_no_stranger(command: tuple[str, ...], channel: Channel, tanaka: User) -> None:
    async with running(command, channel):
        assert (await channel.send_bytes(b'{"destination":"U","events":[]}', signature="bad")).status >= 400
        assert await tanaka.seen() == []
