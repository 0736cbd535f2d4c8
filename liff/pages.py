"""The porch: all rooms of the customers' door, as the bot mounts them."""

from aiohttp import web

from liff import arrivals
from liff.door import Door
from liff.reception import Reception

ROOMS = (arrivals.routes,)


def routes(door: Door) -> list[web.RouteDef]:
    reception = Reception(door)
    return [*reception.assets.routes(), *(route for room in ROOMS for route in room(reception))]
