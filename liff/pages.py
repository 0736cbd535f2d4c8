"""The porch: all rooms of the customers' door, as the bot mounts them."""

from aiohttp import web

from liff import arrivals, forms, postcodes, previews
from liff.door import Door
from liff.reception import Reception

ROOMS = (arrivals.routes, forms.routes, postcodes.routes, previews.routes)


def routes(door: Door) -> list[web.RouteDef]:
    reception = Reception(door)
    rooms = (route for room in ROOMS for route in room(reception))
    return [*reception.assets.routes(), *rooms]
