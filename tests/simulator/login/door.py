"""The door of LINE's API for logins: finds the Login channel a call belongs to, then the way of every other call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from tests.simulator.api import door
from tests.simulator.api.answers import Answer, Refusal
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel, Platform
from tests.simulator.login.here import Here
from tests.simulator.webhooks.post import Postman

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FOR_PAGES = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "600",
}


@dataclass(slots=True)
class Knock:
    """A call, of which it is not known yet whose it is."""

    platform: Platform
    call: Call
    bearer: str

    def form(self) -> dict[str, str]:
        """The fields of an application/x-www-form-urlencoded body; none when it is something else."""
        if not self.call.content_type.lower().startswith("application/x-www-form-urlencoded"):
            return {}
        return dict(parse_qsl(self.call.raw.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class LoginEndpoint:
    """find: whose call it is; None hands it to whoever else answers at this address, or it is refused as nobody's
    (error and error_description of OAuth). pages: browsers may call it."""

    name: str
    method: str
    path: str
    find: Callable[[Knock], Here | None]
    act: Callable[[Here, Knock], Answer]
    pages: bool = False
    nobodys: tuple[str, str] = ("invalid_client", "invalid client_id")


def wrong(error: str, description: str, status: int = 400) -> Answer:
    """How OAuth says no."""
    body = {"error": error, "error_description": description}
    return Answer(status, orjson.dumps(body), note=description)


def says_no(error: str, description: str, status: int = 400) -> Refusal:
    return Refusal(wrong(error, description, status))


def guard(platform: Platform, postman: Postman, endpoint: LoginEndpoint, otherwise: Handler | None = None) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        call = await door.called(request, postman)
        knock = Knock(platform, call, request.headers.get("Authorization", "").removeprefix("Bearer "))
        answer: web.StreamResponse
        try:
            here = endpoint.find(knock)
        except Refusal as refusal:
            answer = door.respond(refusal.answer, call.request_id)
        else:
            if here is None and otherwise is not None:
                answer = await otherwise(request)
            elif here is None:
                answer = door.respond(wrong(*endpoint.nobodys), call.request_id)
            else:
                act = partial(acted, endpoint, here, knock)
                known = Endpoint(endpoint.name, endpoint.method, endpoint.path, act)
                answer = await door.passed(platform, here.channel, known, call, request)
        if endpoint.pages:
            answer.headers.update(FOR_PAGES)
        return answer

    return handle


def acted(endpoint: LoginEndpoint, here: Here, knock: Knock, _channel: Channel, _call: Call) -> Answer:
    return endpoint.act(here, knock)


async def asked_first(request: web.Request) -> web.StreamResponse:
    """A browser asks whether it may call (CORS)."""
    return web.Response(status=204, headers=FOR_PAGES)


def json(body: Any, status: int = 200) -> Answer:
    return Answer(status, orjson.dumps(body))
