"""Whether addresses of the web open: asked once, in parallel, for a few seconds, and nowhere inside our own network."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import aiohttp
from aiohttp import abc
from yarl import URL

PATIENCE = 3.0  # seconds, for all of them together
AT_ONCE = 10
REDIRECTS = 5
IN_CIRCLES = 0  # no status of HTTP
ASKED_AGAIN = (405, 501)  # by who knows no HEAD
AS = "Mozilla/5.0 (compatible; Ayumi link check)"
EMBEDDING = (  # networks of IPv6 that lead to an address of IPv4, and where in theirs it stands (bits from the right)
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)
CLOUDS_OWN = frozenset({ipaddress.IPv4Address("168.63.129.16")})  # a public address that serves metadata inside


class Web:
    """The web as the lanes see it; `inside` lets it ask our own network too, which only tests want."""

    def __init__(self, *, inside: bool = False, patience: float = PATIENCE) -> None:
        self._inside = inside
        self._patience = patience
        self._threads = ThreadPoolExecutor(AT_ONCE, "addresses")  # names that hang hold up nobody else
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=AT_ONCE * 3,
                force_close=True,
                resolver=_Names(self._threads),
                socket_factory=None if self._inside else public_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self._patience),
            headers={"User-Agent": AS},
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def ask(self, addresses: Sequence[str]) -> dict[str, int | None]:
        """The status each of the first few answers with, None where nobody does in time; never raises.

        One that sends us round in circles has answered, but not whether it opens: it is missing.
        """
        tasks = {one: asyncio.create_task(self._status(one)) for one in list(dict.fromkeys(addresses))[:AT_ONCE]}
        if not tasks:
            return {}
        try:
            await asyncio.wait(tasks.values(), timeout=self._patience)
        finally:
            for task in tasks.values():
                task.cancel()
        answers = {one: _answered(task) for one, task in tasks.items()}
        return {one: status for one, status in answers.items() if status != IN_CIRCLES}

    async def _status(self, address: str) -> int | None:
        try:
            status = await self._call("HEAD", address)
            return await self._call("GET", address) if status in ASKED_AGAIN else status
        except aiohttp.TooManyRedirects:
            return IN_CIRCLES
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return None

    async def _call(self, method: str, address: str) -> int:
        """The status; of a body nothing is read."""
        if self._session is None:
            raise RuntimeError("not open")
        async with self._session.request(method, URL(address), max_redirects=REDIRECTS, allow_redirects=True) as answer:
            status = answer.status
            answer.close()
        return status


def _answered(task: asyncio.Task[int | None]) -> int | None:
    fell_out = not task.done() or task.cancelled() or task.exception() is not None
    return None if fell_out else task.result()


class _Names(abc.AbstractResolver):
    """Asks for names on threads of its own: the system's waits are longer than ours, and LINE's name has to pass."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[abc.ResolveResult]:
        def look() -> list[Any]:
            return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)

        found = await asyncio.get_running_loop().run_in_executor(self._threads, look)
        return [
            abc.ResolveResult(
                hostname=host,
                host=address[0],
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        pass


def public_socket(place: tuple[Any, ...]) -> socket.socket:
    """For the very address that is connected to next, whatever name or redirect has led to it. Raises OSError."""
    family, kind, protocol, _, address = place
    if not is_public(str(address[0])):
        raise OSError("not an address of the public web")
    return socket.socket(family=family, type=kind, proto=protocol)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public web: not ours, not our neighbours', not the machine's or cloud's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        for network, shift in EMBEDDING:
            if found in network:
                return is_public(str(ipaddress.IPv4Address(int(found) >> shift & 0xFFFFFFFF)))
    return found.is_global and not (found.is_multicast or found.is_reserved) and found not in CLOUDS_OWN
