"""How often somebody may knock, and who that is behind a proxy."""

import ipaddress

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from liff import rates

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
