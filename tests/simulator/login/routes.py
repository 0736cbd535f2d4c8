"""The places of LINE Login on the server."""

from aiohttp import web

from tests.simulator.api import tokens
from tests.simulator.channel import Platform
from tests.simulator.login import account_link, channel_tokens, door, keys, oauth, pages, profiles
from tests.simulator.webhooks.post import Postman

ENDPOINTS = [*oauth.ENDPOINTS, *profiles.ENDPOINTS, *channel_tokens.ENDPOINTS]


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    others = {(one.method, one.path): tokens.guard(platform, postman, one) for one in tokens.ENDPOINTS if one.at_login}
    for endpoint in ENDPOINTS:
        handler = door.guard(platform, postman, endpoint, others.get((endpoint.method, endpoint.path)))
        app.router.add_route(endpoint.method, endpoint.path, handler)
    for path in {endpoint.path for endpoint in ENDPOINTS if endpoint.pages}:
        app.router.add_route("OPTIONS", path, door.asked_first)
    keys.add_to(app, platform)
    pages.add_to(app, platform, postman)
    account_link.add_to(app, platform, postman)
