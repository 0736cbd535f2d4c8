"""A stage for delivery tests: our real client to a LINE channel of the simulator, and events with living tokens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from aiohttp import web

from bot import line
from jobs import delivery
from storage import database
from tests.jobs import posting
from tests.simulator import control

TOKYO = ZoneInfo("Asia/Tokyo")


class Stage:
    """`sender` speaks to `channel`; `outsider` is nobody in it."""

    def __init__(self, channel: control.Channel, outside: line.Client) -> None:
        self.channel = channel
        self.line = outside
        self.sender = self.another()

    def another(self, **rules: Any) -> delivery.Delivery:
        """A sender as another process has it; nothing is tried again before the test says so."""
        long = {"reply": 30.0, "push": 30.0, "multicast": 30.0}
        given: dict[str, Any] = {"first_pause": long, "longest_pause": dict.fromkeys(long, 600.0), "rest": 30.0}
        return delivery.Delivery(self.line, TOKYO, delivery.Rules(**(given | rules)))

    async def friend(self, name: str = "田中 花子") -> control.User:
        user = await self.channel.user(name)
        await user.follow()
        await posting.add_friend(user.id)
        return user

    async def token(self, user: control.User, group: control.Group | None = None) -> str:
        """The reply token of something this person has just said."""
        done = await user.says("こんにちは", in_group=group)
        assert done.event is not None
        assert done.outcome == "ok"
        return str(done.event["replyToken"])

    async def work(self, sender: delivery.Delivery | None = None) -> None:
        """Send until nothing can go any more."""
        while await (sender or self.sender).send_due():
            pass

    async def try_again(self) -> None:
        """As `work`, with all pauses between attempts over."""
        await posting.waited(0)
        await database.run("UPDATE pauses SET until = now() WHERE until > now()")
        await self.work()

    async def statuses(self, endpoint: str) -> list[int | None]:
        return [call["status"] for call in await self.channel.calls(endpoint)]


@asynccontextmanager
async def open_stage(channel: control.Channel) -> AsyncIterator[Stage]:
    """LINE's webhooks are taken and thrown away: the events of these tests are written by hand."""

    async def take(_: web.Request) -> web.Response:
        return web.Response()

    application = web.Application()
    application.router.add_post("/", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = runner.addresses[0]
    await channel.set_webhook(f"http://127.0.0.1:{address[1]}/")
    try:
        async with line.Client(channel.api_url, channel.token) as outside:
            stage = Stage(channel, outside)
            yield stage
            await stage.sender.settle()
    finally:
        await runner.cleanup()


def texts(*words: str) -> list[list[dict[str, Any]]]:
    """A pack of one text for each cause."""
    return [[posting.text(one)] for one in words]


def body(row: dict[str, Any]) -> Any:
    return orjson.loads(row["body"])
