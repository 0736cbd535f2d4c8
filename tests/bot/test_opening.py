"""Addresses of the web that staff write: asked once, a little, in parallel, and never inside our own network."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import orjson
import pytest
from aiohttp import test_utils, web

from bot import lanes, opening, wiring
from storage import clock, database, friends, inbox, staff

BEN = f"U{2:032x}"


@dataclass
class Site:
    """A website of somebody's: `/404` and the like answer so, a few pages are peculiar."""

    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    cookies: list[str] = field(default_factory=list)
    open_transactions: list[int] = field(default_factory=list)
    never: asyncio.Event = field(default_factory=asyncio.Event)

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[f"{request.method} {request.path}"] += 1
        self.cookies += request.cookies.keys()
        match request.path.strip("/"):
            case "no-head":
                return web.Response(status=405 if request.method == "HEAD" else 410)
            case "moved":
                raise web.HTTPFound("/404", headers={"Set-Cookie": "who=me"})
            case "round":
                raise web.HTTPFound("/round")
            case "slow":
                await self.never.wait()
            case "watched":
                self.open_transactions.append(
                    await database.value(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        " AND state = 'idle in transaction'"
                    )
                )
                return web.Response(status=404)
            case status if status.isdigit():
                return web.Response(status=int(status))
        return web.Response(text="x" * 10_000_000 if request.method == "GET" else "")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    server = test_utils.TestServer(app)
    await server.start_server()
    site.port = server.port or 0
    yield site
    site.never.set()
    await server.close()


async def test_it_tells_what_each_answers(site: Site) -> None:
    paths = ["/200", "/404", "/503", "/403", "/no-head", "/moved", "/round"]
    async with opening.Web(inside=True) as asking:
        found = await asking.ask([site.at(path) for path in paths])
    assert {path: found.get(site.at(path), "missing") for path in paths} == {
        "/200": 200,
        "/404": 404,
        "/503": 503,
        "/403": 403,
        "/no-head": 410,
        "/moved": 404,
        "/round": "missing",
    }
    assert site.asked["HEAD /200"] == site.asked["GET /no-head"] == 1
    assert not site.asked["GET /200"]
    assert site.cookies == []


async def test_it_waits_for_nobody_longer_than_it_has_patience(site: Site) -> None:
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    nobody = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    async with opening.Web(inside=True, patience=0.5) as asking:
        found = await asking.ask([site.at("/slow"), nobody, "http://", "http://[::", "https://x..invalid/"])
    closed.close()
    assert found == dict.fromkeys([site.at("/slow"), nobody, "http://", "http://[::", "https://x..invalid/"])


async def test_it_asks_a_few_only_and_each_once(site: Site) -> None:
    async with opening.Web(inside=True) as asking:
        found = await asking.ask([site.at(f"/page{n}") for n in range(12)] + [site.at("/page0")])
    assert len(found) == opening.AT_ONCE
    assert set(site.asked.values()) == {1}


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:7f00:1]"],  # noqa: S104
)
async def test_it_asks_nobody_inside_however_the_host_is_written(site: Site, host: str) -> None:
    address = f"http://{host}:{site.port}/200"
    async with opening.Web() as asking:
        assert await asking.ask([address]) == {address: None}
    assert not site.asked


def test_it_looks_at_the_very_address_it_connects_to() -> None:
    """So that a name which meant another one a moment ago, or a redirect, changes nothing."""
    place = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80))
    with pytest.raises(OSError, match="public"):
        opening.public_socket(place)
    opening.public_socket((*place[:4], ("93.184.216.34", 80))).close()


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.100.100.200", "0.0.0.0",  # noqa: S104
        "168.63.129.16", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00:ec2::254", "ff02::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fe80::1%eth0", "example.com",
    ],
)  # fmt: skip
def test_it_knows_what_is_not_the_public_web(address: str) -> None:
    assert not opening.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_it_knows_the_public_web(address: str) -> None:
    assert opening.is_public(address)


async def test_a_lane_asks_before_it_shows_the_card_while_no_transaction_waits(house: wiring.House, site: Site) -> None:
    async def employ() -> None:
        await staff.appoint(BEN, "ベン", "owner", await clock.now())

    await database.repeated(employ)
    await friends.register([(f"U{1:032x}", "杏奈", None, None)], clock.NOW)
    await database.run("UPDATE friends SET following = true")
    async with opening.Web(inside=True) as asking:
        own = lanes.Lanes(house.line, house.cache, house.sender, asking)
        await say(1, f"/■配信 年末\n対象: 全員\n▼本文\n詳しくは {site.at('/watched')}")
        await own.sweep(0)
        await say(2, "/配信 確認 年末")
        await own.sweep(0)
    assert site.asked == {"HEAD /watched": 1}
    assert site.open_transactions == [0]
    [row] = await database.rows("SELECT body FROM outbox ORDER BY id DESC LIMIT 1")
    assert f"リンク {site.at('/watched')} が開けません（404）" in bytes(row["body"]).decode()


async def say(number: int, text: str) -> None:
    at = await clock.now() - timedelta(seconds=10 - number)
    told = {
        "type": "message",
        "mode": "active",
        "timestamp": int(at.timestamp() * 1000),
        "webhookEventId": f"01TEST{number:020}",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": BEN},
        "replyToken": f"token{number}",
        "message": {"type": "text", "id": str(number), "text": text},
    }
    await inbox.insert([inbox.Incoming(str(told["webhookEventId"]), BEN, at, orjson.dumps(told))])
