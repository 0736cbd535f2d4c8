"""The list of LINE's endpoints played here, and their places on the server."""

from aiohttp import web

from tests.simulator import ids
from tests.simulator.api import (
    account,
    answers,
    audiences,
    broadcasting,
    chats,
    contents,
    corporate,
    coupons,
    door,
    followers,
    groups,
    insight,
    memberships,
    narrowcast,
    profiles,
    sending,
    tokens,
    usage,
    webhooks,
)
from tests.simulator.api.richmenus import endpoints as richmenus
from tests.simulator.channel import Platform
from tests.simulator.webhooks.post import Postman

ENDPOINTS = [
    *account.ENDPOINTS,
    *audiences.ENDPOINTS,
    *broadcasting.ENDPOINTS,
    *chats.ENDPOINTS,
    *contents.ENDPOINTS,
    *corporate.ENDPOINTS,
    *coupons.ENDPOINTS,
    *followers.ENDPOINTS,
    *groups.ENDPOINTS,
    *insight.ENDPOINTS,
    *memberships.ENDPOINTS,
    *narrowcast.ENDPOINTS,
    *profiles.ENDPOINTS,
    *richmenus.ENDPOINTS,
    *sending.ENDPOINTS,
    *usage.ENDPOINTS,
    *webhooks.ENDPOINTS,
]

FILES = "/data"


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    for endpoint in ENDPOINTS:
        handler = door.guard(platform, postman, endpoint)
        app.router.add_route(endpoint.method, endpoint.path, handler)
    for own in tokens.ENDPOINTS:
        if not own.at_login:
            app.router.add_route(own.method, own.path, tokens.guard(platform, postman, own))
    for prefix in ("/v2", "/oauth2", FILES, "/bot", "/shop", "/module"):
        app.router.add_route("*", prefix + "/{rest:.*}", nothing_here)


def add_files_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    """The calls of LINE's other host, at the paths they have there."""
    for endpoint in ENDPOINTS:
        if endpoint.path.startswith(FILES):
            handler = door.guard(platform, postman, endpoint)
            app.router.add_route(endpoint.method, endpoint.path.removeprefix(FILES), handler)
    app.router.add_route("*", "/{rest:.*}", nothing_here)


async def nothing_here(request: web.Request) -> web.StreamResponse:
    return door.respond(answers.not_found().answer, ids.request_id())
