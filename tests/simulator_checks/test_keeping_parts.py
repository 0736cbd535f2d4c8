"""A restart forgets none of a channel's parts, even what is still under way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.simulator import control
from tests.simulator.control import Channel
from tests.simulator_checks.bots import Bot, Line, text
from tests.simulator_checks.contract import process as watched

VIDEO = {
    "type": "video",
    "originalContentUrl": "https://example.com/v.mp4",
    "previewImageUrl": "https://example.com/v.jpg",
    "trackingId": "film-1",
}
COUPON = {
    "title": "券",
    "startTimestamp": 1_790_000_000,
    "endTimestamp": 1_790_086_400,
    "maxUseCountPerTicket": 1,
    "visibility": "UNLISTED",
    "timezone": "ASIA_TOKYO",
    "acquisitionCondition": {"type": "normal"},
}


def there(state: Path) -> bool:
    return state.exists()


@asynccontextmanager
async def running(state: Path, webhook: str) -> AsyncIterator[tuple[Channel, Line]]:
    """The channel "kept" of a simulator with that state file; made when there is none."""
    known = there(state)
    process = watched.start("--state", str(state))
    try:
        async with control.Simulator(process.base_url) as simulator, aiohttp.ClientSession() as session:
            if known:
                channel = await simulator.channel("kept")
            else:
                channel = await simulator.new_channel(webhook=webhook, channel_id="kept", quota=100)
            yield channel, Line(session, channel)
    finally:
        assert process.stop() == 0


async def told(line: Line, *paths: str) -> list[Any]:
    """What LINE answers at these addresses."""
    return [(await line.get(path)).body for path in paths]


async def test_it_remembers_what_became_of_messages(tmp_path: Path, bot: Bot) -> None:
    """day counts, units, reactions, seen films, the loading animation, contents"""
    state = tmp_path / "state.json"
    async with running(state, bot.url) as (channel, line):
        ids = await channel.crowd(20)
        tanaka = await channel.user("客1")
        day = (await channel.now() + timedelta(hours=9)).strftime("%Y%m%d")
        body = {"to": ids, "messages": [VIDEO], "customAggregationUnits": ["promo"]}
        assert (await line.post("/v2/bot/message/multicast", body)).status == 200
        await channel.all_do(ids, "read")
        film = (await tanaka.seen())[-1].id
        await tanaka.plays(film)
        await line.post("/v2/bot/chat/loading/start", {"chatId": tanaka.id, "loadingSeconds": 60})
        suzuki = await channel.user("客2")
        await suzuki.closes_talk()
        await channel.change(content_takes_ms=3_600_000)
        sent = await tanaka.sends("video", content=b"film")
        picture = await tanaka.sends("image", content=b"picture")
        await tanaka.unsends(picture.message_id)
        token = bot.events[-2]["message"]["markAsReadToken"]
    async with running(state, bot.url) as (channel, line):
        tanaka, suzuki = await channel.user("客1"), await channel.user("客2")
        assert (await tanaka.screen())["loading"] > 0
        assert not (await suzuki.screen())["open"]
        assert (await tanaka.plays(film)).event is None
        content = f"/data/v2/bot/message/{sent.message_id}/content"
        assert (await line.get(content)).status == 202
        assert (await line.get(f"/data/v2/bot/message/{picture.message_id}/content")).status == 410
        assert (await line.post("/v2/bot/chat/markAsRead", {"markAsReadToken": token})).status == 200
        assert await told(line, "/v2/bot/message/aggregation/list") == [{"customAggregationUnits": ["promo"]}]
        await channel.advance(days=1)
        assert (await line.get(content)).raw == b"film"
        count, statistics = await told(
            line,
            f"/v2/bot/message/delivery/multicast?date={day}",
            f"/v2/bot/insight/message/event/aggregation?customAggregationUnit=promo&from={day}&to={day}",
        )
        assert count == {"status": "ready", "success": 20}
        assert statistics["overview"]["uniqueImpression"] == 20


async def test_it_remembers_what_the_bot_has_made(tmp_path: Path, bot: Bot) -> None:
    """audiences, narrowcasts on their way, coupons, tokens, link tokens, rooms, the webhook's address to come"""
    state = tmp_path / "state.json"
    async with running(state, bot.url) as (channel, line):
        ids = await channel.crowd(3)
        await channel.change(narrowcast_waits_ms=3_600_000, webhook_change_ms=3_600_000, verified=True)
        body = {"description": "常連", "audiences": [{"id": ids[0]}]}
        audience = (await line.post("/v2/bot/audienceGroup/upload", body)).body["audienceGroupId"]
        sent = await line.post("/v2/bot/message/narrowcast", {"messages": [text("絞り込み")]})
        request_id = sent.headers["x-line-request-id"]
        coupon = (await line.post("/v2/bot/coupon", COUPON)).body["couponId"]
        keys = {"grant_type": "client_credentials", "client_id": channel.id, "client_secret": channel.secret}
        form = {"data": urlencode(keys).encode(), "content_type": "application/x-www-form-urlencoded"}
        token = (await line.post("/v2/oauth/accessToken", **form)).body["access_token"]
        link = (await line.post(f"/v2/bot/user/{ids[0]}/linkToken")).body["linkToken"]
        await line.put("/v2/bot/channel/webhook/endpoint", {"endpoint": "https://example.com/line"})
        room = await channel.room("三人", [await channel.user("客1")])
        await room.invite_bot()
        paths = [
            f"/v2/bot/audienceGroup/{audience}",
            f"/v2/bot/coupon/{coupon}",
            f"/v2/bot/message/progress/narrowcast?requestId={request_id}",
            f"/v2/bot/room/{room.id}/members/ids",
            "/v2/bot/followers/ids",
            "/v2/bot/channel/webhook/endpoint",
        ]
        before = await told(line, *paths)
    async with running(state, bot.url) as (channel, line):
        assert await told(line, *paths) == before
        assert (await line.get("/v2/bot/info", token=token)).status == 200
        user = await channel.user("客1")
        await user.says("こんにちは", in_group=await channel.room("三人"))
        assert [event["type"] for event in bot.events] == ["join", "message"]
        await user.links_account(link, "nonce-of-the-shop")
        assert bot.last()["link"]["result"] == "ok"
        assert (await line.multicast(ids, *[text()])).status == 200
        await channel.advance(hours=2)
        assert (await line.get(paths[2])).body["successCount"] == 3
        assert await channel.used() == 6
        assert (await line.get(paths[-1])).body["endpoint"] == "https://example.com/line"


async def test_it_keeps_back_the_quota_of_a_narrowcast_over_a_restart(tmp_path: Path, bot: Bot) -> None:
    """[R#send-narrowcast-message]"""
    state = tmp_path / "state.json"
    async with running(state, bot.url) as (channel, line):
        ids = await channel.crowd(60)
        await channel.change(narrowcast_waits_ms=3_600_000)
        assert (await line.post("/v2/bot/message/narrowcast", {"messages": [text()]})).status == 202
    async with running(state, bot.url) as (channel, line):
        assert (await line.multicast(ids, text())).status == 429
        assert (await line.multicast(ids[:40], text())).status == 200
