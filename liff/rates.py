"""How often one friend, and one address of the net, may knock; counted by each process for itself."""

import ipaddress
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from aiohttp import web

KEPT: Final = 20_000  # who knocked longest ago is forgotten first


class Rate:
    """At most `calls` within about `seconds`, then as many again as time has passed; in real time."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._most = float(calls)
        self._refill = calls / seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # who: (calls left, at)

    def wait(self, who: str) -> int:
        """Counts one call; 0, or the seconds until the next one is let through."""
        now = time.monotonic()
        left, at = self._left.pop(who, (self._most, now))
        left = min(self._most, left + (now - at) * self._refill)
        self._left[who] = (max(left - 1, 0.0) if left >= 1 else left, now)
        if len(self._left) > KEPT:
            self._left.popitem(last=False)
        return 0 if left >= 1 else int((1 - left) / self._refill) + 1


class AtOnce:
    """At most `each` at the same time of one, `most` of all together."""

    def __init__(self, each: int, most: int) -> None:
        self._each, self._most = each, most
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def place(self, who: str) -> Iterator[None]:
        """Raises HTTPTooManyRequests where there is none."""
        if self._under_way[who] >= self._each or self._under_way.total() >= self._most:
            raise web.HTTPTooManyRequests
        self._under_way[who] += 1
        try:
            yield
        finally:
            self._under_way[who] -= 1
            self._under_way += Counter()  # who has none left is forgotten


def address(request: web.Request, proxies: Sequence[IPv4Network | IPv6Network]) -> str:
    """Who knocks, by the net: the first one behind our own proxies (TRUSTED_PROXIES); of IPv6 the network."""
    told = [one.strip() for one in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",") if one.strip()]
    found = _address(request.remote or "")
    while found is not None and told and any(found in one for one in proxies):
        before = _address(told.pop())
        if before is None:
            break  # what stands before it may be made up by whoever came through
        found = before
    if found is None:
        return "unknown"
    return str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """`1.2.3.4`, `2001:db8::1`, also with a port behind it as some proxies write it."""
    bare = re.fullmatch(r"\[([^]]+)\](?::\d+)?|([\d.]+):\d+", text, re.ASCII)
    try:
        found = ipaddress.ip_address((bare[1] or bare[2]) if bare else text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if found.version == 6 else None
    return mapped or found
