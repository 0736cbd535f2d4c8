"""Sits at the simulator's door and at its postman's, and notes whatever LINE's description does not allow."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from tests.simulator.channel import Channel, Platform
from tests.simulator.webhook_desk import Post
from tests.simulator.webhooks.post import Event, Postman
from tests.simulator_checks.contract import overlay
from tests.simulator_checks.contract.calls import Answer, Call, Contract

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

UNDESCRIBED = tuple(overlay.UNDESCRIBED)
UNWATCHED = ("OPTIONS", "HEAD")  # a browser's questions before the call itself


class Witness:
    """violations: one sentence each, of the simulator; remarks: undeclared properties in what clients sent."""

    def __init__(self, platform: Platform) -> None:
        self.contract = Contract()
        self.platform = platform
        self.violations: list[str] = []
        self.remarks: list[str] = []

    def attend(self, app: web.Application, below: str = "") -> None:
        """Look at every call of the application. below: what its paths would begin with in the whole simulator."""

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self.pass_on(request, handler, below)

        app.middlewares.append(watch)

    def answer_in(self, app: web.Application) -> None:
        """Tell at GET /sim/violations what was new since last asked."""
        app.router.add_get("/sim/violations", self.told)

    async def told(self, request: web.Request) -> web.Response:
        said = {"violations": self.violations, "remarks": self.remarks}
        self.violations, self.remarks = [], []
        return web.json_response(said)

    async def pass_on(self, request: web.Request, handler: Handler, below: str) -> web.StreamResponse:
        resource = request.match_info.route.resource
        route = below + ("" if resource is None else resource.canonical)
        if resource is None or route.startswith(UNDESCRIBED) or request.method in UNWATCHED:
            return await handler(request)
        body = await request.read() if request.body_exists else b""
        answer = await handler(request)
        cut = request.transport is None or request.transport.is_closing()
        if isinstance(answer, web.Response) and not cut:
            self.look(request, route, body, answer)
        return answer

    def look(self, request: web.Request, route: str, body: bytes, answer: web.Response) -> None:
        channel = self.platform.by_bearer.get(request.headers.get("Authorization", ""))
        if channel is not None and channel.settings.load:
            return
        if route.endswith("{rest}"):  # where nothing is, nothing but a refusal is to be had
            if answer.status != 404:
                self.violations.append(f"{request.method} {request.path} is nothing, and answered {answer.status}")
            return
        query = {name: request.query.getall(name) for name in request.query}
        call = Call(request.method, route, dict(request.match_info), query, dict(request.headers), body)
        given = answer.body if isinstance(answer.body, bytes) else b""
        headers = {**answer.headers, "Content-Type": answer.headers.get("Content-Type", "")}
        checked = channel is None or channel.settings.check_messages
        found = self.contract.call(call, Answer(answer.status, headers, given), request_checked=checked)
        where = f"{request.method} {route} ({answer.status}):"
        self.violations += [f"{where} {problem}" for problem in found.violations]
        self.remarks += [f"{where} {problem}" for problem in found.remarks]

    def look_at_webhook(self, channel: Channel, events: Sequence[Event]) -> None:
        if channel.settings.load:
            return
        body: dict[str, Any] = {"destination": channel.bot_user_id, "events": list(events)}
        types = ", ".join(str(event.get("type")) for event in events)
        self.violations += [f"webhook ({types}): {problem}" for problem in self.contract.webhook(body)]


class WatchedPostman(Postman):
    """What people's deeds bring about must be LINE's; what a test forges is looked at by nobody."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self.witness = witness

    async def send(self, channel: Channel, events: Sequence[Event], attempt: int = 1) -> Post | None:
        self.witness.look_at_webhook(channel, events)
        return await super().send(channel, events, attempt)
