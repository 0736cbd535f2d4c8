"""How often somebody may knock, and who that is behind a proxy."""

import ipaddress
import json
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot import settings
from liff import arrivals, postcodes, rates, words
from tests.liff.conftest import Site, Visit
from tests.simulator import control

PHONES = 30  # of customers on a shop's Wi-Fi
PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("127.0.0.0/8")]


def knock(remote: str, *told: str) -> web.Request:
    request = make_mocked_request("POST", "/", headers=[("X-Forwarded-For", one) for one in told])
    return request.clone(remote=remote)


@pytest.mark.parametrize(
    ("remote", "told", "who"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),  # no proxy of ours: what it says is its own word
        ("127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("127.0.0.1", ("1.1.1.1, 198.51.100.1, 10.2.3.4",), "198.51.100.1"),  # the first may be made up
        ("127.0.0.1", ("1.1.1.1", "198.51.100.1"), "198.51.100.1"),
        ("127.0.0.1", ("nonsense",), "127.0.0.1"),
        ("127.0.0.1", ("1.1.1.1, unknown",), "127.0.0.1"),  # what stands before it may be made up
        ("127.0.0.1", ("1.1.1.1, 198.51.100.1:5555",), "198.51.100.1"),
        ("127.0.0.1", ("1.1.1.1, [2001:db8::1]:5555",), "2001:db8::/64"),
        ("127.0.0.1", (), "127.0.0.1"),
        ("::ffff:127.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),
    ],
)
def test_it_believes_our_own_proxies_only(remote: str, told: tuple[str, ...], who: str) -> None:
    assert rates.address(knock(remote, *told), PROXIES) == who


def test_it_lets_so_many_through_and_says_how_long_to_wait() -> None:
    rate = rates.Rate(3, 3_600.0)
    assert [rate.wait("a") for _ in range(3)] == [0, 0, 0]
    assert 1_190 < rate.wait("a") <= 1_201
    assert rate.wait("b") == 0


class TestOverHttp:
    @pytest.fixture
    def bot_settings(self, bot_settings: settings.Settings) -> settings.Settings:
        return bot_settings.model_copy(update={"trusted_proxies": [ipaddress.ip_network("127.0.0.0/8")]})

    def from_(self, site: Site, address: str, path: str) -> Visit:
        return Visit(site, site.browser(**{"X-Forwarded-For": address}), path)

    async def served(self, call: Callable[[], Awaitable[int]], most: int) -> int:
        """How many calls, one behind the other, are let through."""
        for calls in range(most):
            if await call() == 429:
                return calls
        return most

    async def test_a_shops_wifi_looks_up_postcodes_and_a_script_is_told_to_wait(self, site: Site) -> None:
        script = self.from_(site, "198.51.100.1", "/liff/postcode/5010521")
        for _ in range(PHONES * 3):
            assert (await script.get()).status == 200
        assert await self.served(lambda: status(script), 10 * postcodes.CALLS) < 10 * postcodes.CALLS
        assert (script.status, json.loads(script.text)) == (429, {"code": "often"})
        assert 1 <= int(script.headers["Retry-After"]) <= 60
        assert script.headers["Cache-Control"] == "no-store"
        other = self.from_(site, "198.51.100.2", script.path)
        assert (await other.get()).status == 200

    @pytest.mark.parametrize("path", ["/?liff.state=%2Fhere", "/here", "/preview/" + "x" * 43])
    async def test_thirty_phones_come_in_at_once_and_a_script_is_told_to_wait(
        self, site: Site, channel: control.Channel, path: str
    ) -> None:
        tanaka = await channel.user("田中 花子")
        await tanaka.follow()
        inside = await site.visit(tanaka, "/here", site.browser(**{"X-Forwarded-For": "198.51.100.1"}))
        script = self.from_(site, "198.51.100.1", path)
        assert PHONES * 3 <= await self.served(lambda: status(script), 5_000) < 5_000
        assert words.say("ja", "busy_title") in script.text
        assert "data-reloads" in script.text
        assert 1 <= int(script.headers["Retry-After"]) <= 60
        assert not (await inside.get()).at_the_door
        assert inside.status == 200
        assert (await self.from_(site, "198.51.100.2", path).get()).status != 429

    async def test_one_person_logs_in_as_often_as_people_do(self, site: Site, channel: control.Channel) -> None:
        tanaka, suzuki = [await channel.user(name) for name in ("田中 花子", "鈴木 一郎")]
        for one in (tanaka, suzuki):
            await one.follow()
        visit, other = [await site.arrives(one, "/here") for one in (tanaka, suzuki)]

        async def log_in() -> int:
            return (await visit.log_in())[0]

        assert arrivals.LOGINS <= await self.served(log_in, 200) < 200
        assert await visit.log_in() == (429, {"code": "often"})
        assert 1 <= int(visit.headers["Retry-After"]) <= 60
        assert (await other.log_in())[0] == 200


async def status(visit: Visit) -> int:
    return (await visit.get()).status
