"""A channel's clock, alone and in step with the bot's."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.simulator.control import Channel, Declined, User
from tests.simulator.webhooks.post import signature
from tests.simulator_checks.bots import Bot


async def test_it_moves_time_by_days_and_to_an_instant(channel: Channel, bot: Bot, tanaka: User) -> None:
    start = await channel.now()
    assert abs(start - datetime.now(UTC)) < timedelta(seconds=5)
    await channel.advance(days=3, hours=1)
    moved = await channel.now()
    assert timedelta(days=3, hours=1) <= moved - start < timedelta(days=3, hours=1, seconds=5)
    target = moved + timedelta(hours=12)
    await channel.advance(to=target)
    assert timedelta(0) <= await channel.now() - target < timedelta(seconds=5)
    await tanaka.says("三日後")
    said = datetime.fromtimestamp(bot.last()["timestamp"] / 1000, UTC)
    assert timedelta(0) <= said - target < timedelta(seconds=5)


async def test_it_never_moves_time_back(channel: Channel) -> None:
    await channel.advance(days=1)
    now = await channel.now()
    await channel.advance(to=now - timedelta(hours=5))
    assert await channel.now() >= now
    with pytest.raises(Declined, match="only goes forward"):
        await channel.advance(seconds=-1)


async def test_it_drives_the_bot_from_one_due_instant_to_the_next(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    bot.now = datetime.now(UTC)
    start = bot.now
    bot.dues = [start + timedelta(hours=hours) for hours in (1, 24, 100)]
    answer = await channel.advance(days=3)
    assert answer["steps"] == 3
    first, second, third = bot.moves
    assert timedelta(0) <= first - bot_due(start, 1) < timedelta(milliseconds=2)
    assert timedelta(0) <= second - bot_due(start, 24) < timedelta(milliseconds=2)
    assert timedelta(days=3) <= third - start < timedelta(days=3, seconds=5)
    assert bot.dues == [bot_due(start, 100)]
    assert await channel.now() >= third


def bot_due(start: datetime, hours: int) -> datetime:
    return start + timedelta(hours=hours)


async def test_it_signs_what_it_asks_of_the_bots_clock(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    bot.now = datetime.now(UTC)
    await channel.advance(hours=1)
    assert len(bot.clock_signatures) == 3
    assert all(signature(channel.secret, raw) == signed for raw, signed in bot.clock_signatures)


async def test_it_catches_up_with_a_bot_that_is_ahead(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    bot.now = datetime.now(UTC) + timedelta(days=10)
    await channel.advance(hours=1)
    ahead = await channel.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(days=10, hours=1)) < timedelta(seconds=5)


async def test_it_tells_its_progress(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    bot.now = datetime.now(UTC)
    bot.dues = [bot.now + timedelta(hours=1)]
    told = []
    async with channel.events() as events:
        await channel.ask("POST", "/clock/advance", {"seconds": 86400, "wait": False})
        async for name, data in events:
            if name == "clock":
                told.append((data["steps"], data["driving"]))
                if not data["driving"]:
                    break
    assert told == [(0, True), (1, True), (2, False)]


async def test_it_gives_up_on_a_bot_that_does_not_get_on(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    bot.now = datetime.now(UTC)
    bot.dues, bot.stuck = [bot.now + timedelta(hours=1)], True
    with pytest.raises(Declined, match="does not get past"):
        await channel.advance(days=1)


async def test_it_says_when_the_bots_clock_cannot_be_moved(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True, webhook_url="http://127.0.0.1:9/line/webhook")
    with pytest.raises(Declined, match="the bot's clock cannot be moved"):
        await channel.advance(days=1)


async def test_it_makes_one_advance_wait_for_the_other(channel: Channel, bot: Bot) -> None:
    await channel.change(drive_bot=True)
    bot.now = datetime.now(UTC)
    start = await channel.now()
    await asyncio.gather(channel.advance(days=1), channel.advance(days=1))
    assert timedelta(days=2) <= await channel.now() - start < timedelta(days=2, seconds=5)
