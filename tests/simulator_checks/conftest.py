"""One simulator per test process; a fresh channel, a bot that listens, and a raw LINE client per test."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.simulator import control
from tests.simulator_checks.bots import Bot, Line
from tests.simulator_checks.contract import process as watched


@pytest.fixture(scope="session")
def simulator_process() -> Iterator[control.Process]:
    process = watched.start()
    yield process
    assert process.stop() == 0


@pytest.fixture
async def simulator(simulator_process: control.Process) -> AsyncIterator[control.Simulator]:
    """Every call and webhook of the test is held against LINE's own description."""
    async with control.Simulator(simulator_process.base_url) as simulator:
        yield simulator
        await watched.ask(simulator)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with Bot() as bot:
        yield bot


@pytest.fixture
async def channel(simulator: control.Simulator, bot: Bot) -> AsyncIterator[control.Channel]:
    channel = await simulator.new_channel(webhook=bot.url)
    yield channel
    await channel.close()


@pytest.fixture
async def line(channel: control.Channel) -> AsyncIterator[Line]:
    async with aiohttp.ClientSession() as session:
        yield Line(session, channel)


@pytest.fixture
async def tanaka(channel: control.Channel, bot: Bot) -> control.User:
    """A friend."""
    tanaka = await channel.user("田中 花子")
    await tanaka.follow()
    return tanaka


@pytest.fixture
async def group(channel: control.Channel, bot: Bot) -> control.Group:
    """管理グループ with two members and the bot."""
    members = [await channel.user("山田 太郎"), await channel.user("佐藤 美咲")]
    group = await channel.group("管理グループ", members)
    await group.invite_bot()
    return group


@pytest.fixture
async def other_line(simulator: control.Simulator) -> AsyncIterator[Line]:
    """Another bot's way to LINE, of a channel of its own."""
    channel = await simulator.new_channel()
    async with aiohttp.ClientSession() as session:
        yield Line(session, channel)
    await channel.close()
