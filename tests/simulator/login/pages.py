"""The doors of access.line.me, here below /access: the authorization request, the screens and their files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.simulator.channel import Platform
from tests.simulator.login import here as finding
from tests.simulator.login import requests, screens, sessions, visits
from tests.simulator.login.here import Here
from tests.simulator.login.requests import NoWayBack, SentBack
from tests.simulator.people import Impossible
from tests.simulator.providers.login_channels import Ask
from tests.simulator.webhooks.post import Postman

OPTIONAL = ("email", "chat_message.write")
STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
GUARDED = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'self' http: https:",  # a form's answer leads back to the application, wherever it is
            "frame-ancestors 'self'",
        ]
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
SCREENS: dict[str, Callable[[Here, Ask], str]] = {
    visits.PERSON: screens.asks_who,
    visits.CONTINUE: screens.asks_to_continue,
    visits.CONSENT: screens.asks_consent,
    visits.FRIEND: screens.asks_friendship,
}


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    async def authorize(request: web.Request) -> web.StreamResponse:
        platform.dirty = True
        return begun(platform, request)

    async def screen(request: web.Request) -> web.StreamResponse:
        found = visit(platform, request.match_info["ask"])
        return over() if found is None else goes_on(*found)

    async def pressed(request: web.Request) -> web.StreamResponse:
        platform.dirty = True
        found = visit(platform, request.match_info["ask"])
        return over() if found is None else answered(*found, postman, await request.post())

    app.router.add_get("/access/oauth2/v2.1/authorize", authorize)
    app.router.add_get("/access/login/{ask}", screen)
    app.router.add_post("/access/login/{ask}", pressed)
    app.router.add_get(r"/access/static/{name:[a-z]+\.(?:css|js)}", asset)


def begun(platform: Platform, request: web.Request) -> web.Response:
    here = finding.by_client(platform, request.query.get("client_id"))
    if here is None:
        return shown(screens.says("ログインできません", "client_id のチャネルが見つかりません。"), 400)
    try:
        ask = requests.read(here, request.query, sessions.of(here, request))
    except NoWayBack as problem:
        return shown(screens.says("ログインできません", str(problem)), 400)
    except SentBack as problem:
        redirect_uri, state = request.query["redirect_uri"], request.query.get("state")
        return to(visits.refused(redirect_uri, state, problem.error, problem.description))
    visits.keep(here, ask)
    return goes_on(here, ask)


def answered(here: Here, ask: Ask, postman: Postman, fields: Mapping[str, Any]) -> web.Response:
    """A press on one of the screens; whoever has logged in by it is remembered in this browser."""
    optional = [scope for scope in OPTIONAL if scope in fields]
    try:
        done = visits.press(here, ask, str(fields.get("do", "")), optional=optional, friend="friend" in fields)
    except Impossible:
        return over()
    if done.event is not None:
        postman.beside(postman.deliver(here.channel, done.event))
    if done.cancelled:
        back = visits.denied(here, ask)
        return shown(screens.closes()) if back is None else to(back)
    answer = goes_on(here, ask)
    if done.logged_in is not None:
        sessions.begin(answer, here, done.logged_in)
    return answer


def visit(platform: Platform, ask_id: str) -> tuple[Here, Ask] | None:
    """The visit while it lasts; each has an address nobody can guess."""
    for here in finding.every(platform):
        ask = here.login.asks.get(ask_id)
        if ask is not None and ask.until_s > here.now_s():
            return here, ask
    return None


def goes_on(here: Here, ask: Ask) -> web.Response:
    """The next screen, or the way out when there is none."""
    now = visits.next_screen(here, ask)
    return to(visits.finish(here, ask)) if now is None else shown(SCREENS[now](here, ask))


def shown(words: str, status: int = 200) -> web.Response:
    return web.Response(text=words, status=status, content_type="text/html", charset="utf-8", headers=GUARDED)


def to(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address, **GUARDED})


def over() -> web.Response:
    return shown(screens.says("この画面は終わっています", "もう一度、はじめからやり直してください。"), 404)


async def asset(request: web.Request) -> web.StreamResponse:
    path = STATIC / request.match_info["name"]
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Content-Type": TYPES[path.suffix], "Cache-Control": "no-cache"})
