"""Reads what the desk is asked and turns refusals into JSON; every desk endpoint goes through `asked`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import web

from tests.simulator import narrowcasting
from tests.simulator.channel import Channel, Platform
from tests.simulator.people import Group, Impossible, Person
from tests.simulator.webhook_desk import Post
from tests.simulator.webhooks import post as posts
from tests.simulator.webhooks.events import Event
from tests.simulator.webhooks.post import Postman


@dataclass(slots=True)
class Asked:
    """One request to the desk."""

    platform: Platform
    postman: Postman
    request: web.Request
    body: dict[str, Any]

    @property
    def channel(self) -> Channel:
        channel = self.platform.find(self.request.match_info["channel"])
        if channel.narrowcasts.open:
            narrowcasting.settle(channel)
        return channel

    @property
    def person(self) -> Person:
        return self.channel.person(self.request.match_info["user"])

    def group(self) -> Group | None:
        """The group named under "in"; None: the 1:1 talk."""
        group_id = self.text("in", None)
        return None if group_id is None else self.channel.group(group_id)

    def need(self, key: str) -> str:
        value = self.body.get(key)
        if not isinstance(value, str):
            raise Impossible(f"{key} must be given, as text")
        return value

    def text(self, key: str, default: str | None) -> str | None:
        value = self.body.get(key, default)
        if value is not None and not isinstance(value, str):
            raise Impossible(f"{key} must be text")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.body.get(key, default)
        if not isinstance(value, bool):
            raise Impossible(f"{key} must be true or false")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        value = self.body.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Impossible(f"{key} must be given, as a whole number")
        return value

    def thing(self, key: str) -> dict[str, Any]:
        """An object; empty when it is not given."""
        value = self.body.get(key) or {}
        if not isinstance(value, dict):
            raise Impossible(f"{key} must be an object")
        return value

    def texts(self, key: str) -> list[str]:
        value = self.body.get(key) or []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise Impossible(f"{key} must be a list of texts")
        return value

    def query(self, key: str, default: float = 0) -> float:
        try:
            return float(self.request.query.get(key, default))
        except ValueError:
            raise Impossible(f"{key} must be a number") from None

    async def tell_bot(self, event: Event | None) -> dict[str, Any]:
        """Deliver the event of a deed; what became of it. {"wait": false} lets it run beside."""
        if event is None:
            return {"event": None, "webhook": None}
        if not self.flag("wait", True):
            self.postman.beside(self.postman.deliver(self.channel, event))
            return {"event": event, "webhook": None}
        post = await self.postman.deliver(self.channel, event)
        return {"event": event, "webhook": shown_post(post)}

    async def told(self, work: Awaitable[Any]) -> None:
        """What runs beside has only the stream to complain in."""
        channel = self.channel
        try:
            await work
        except Impossible as problem:
            channel.watchers.tell("trouble", refused(problem))
        self.platform.dirty = True


def shown_post(post: Post | None) -> dict[str, Any] | None:
    return None if post is None else posts.shown(post)


Desk = Callable[[Asked], Awaitable[Any]]


def asked(platform: Platform, postman: Postman, answer: Desk) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            body = await read(request)
            given = await answer(Asked(platform, postman, request, body))
        except Impossible as problem:
            return json(refused(problem), 409)
        if request.method != "GET":
            platform.dirty = True
        return given if isinstance(given, web.StreamResponse) else json(given)

    return handle


def refused(problem: Impossible) -> dict[str, Any]:
    return {"error": str(problem), "japanese": problem.japanese}


async def read(request: web.Request) -> dict[str, Any]:
    raw = await request.read() if request.body_exists else b""
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        raise Impossible("the request is no JSON") from None
    if not isinstance(body, dict):
        raise Impossible("the request must be a JSON object")
    return body


def json(body: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
