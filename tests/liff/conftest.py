"""Customers' pages as people meet them: a served bot with a Login channel and a LIFF app, and visits over HTTP."""

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urldefrag

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot import server, settings, wiring
from liff import bodies, pages
from liff.reception import Reception
from liff.visitor import Visitor
from tests.simulator import control
from tests.simulator.control import logins

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Line/15.0.0", "Accept-Language": "ja"}


@dataclass
class Visit:
    """One person's browser at our pages, and the last page it got."""

    site: "Site"
    browser: aiohttp.ClientSession
    path: str
    id_token: str = ""
    access_token: str = ""
    status: int = 0
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """What a deed of this page carries; empty on the door page."""
        return str(self.island("visit-data")["token"])

    @property
    def at_the_door(self) -> bool:
        return 'id="door-data"' in self.text

    def island(self, name: str) -> Any:
        found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', self.text, re.DOTALL)
        assert found, self.text
        return orjson.loads(found[1])

    async def get(self, path: str | None = None) -> "Visit":
        """Open a page (the same one again unless given)."""
        self.path = self.path if path is None else path
        async with self.browser.get(self.site.origin + self.path, allow_redirects=False) as answer:
            self.status, self.text, self.headers = answer.status, await answer.text(), dict(answer.headers)
        return self

    async def post(
        self,
        path: str,
        given: Any,
        *,
        token: str | None = "",
        origin: str | None = "",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """A deed of the page: status and JSON. To attack: token=None or another's, origin=None or another's."""
        sent = {"X-Ayumi-Token": self.token if token == "" else token, "Origin": origin or self.site.origin}
        if origin is None:
            del sent["Origin"]
        known = {name: value for name, value in (sent | (headers or {})).items() if value is not None}
        plain = given if isinstance(given, bytes) else orjson.dumps(given)
        known.setdefault("Content-Type", "application/json")
        async with self.browser.post(self.site.origin + path, data=plain, headers=known) as answer:
            self.headers = dict(answer.headers)
            return answer.status, orjson.loads(await answer.read() or b"null")

    async def log_in(self) -> tuple[int, Any]:
        """What the door page does once LINE has told it who is there."""
        return await self.post(
            "/liff/session", {"id_token": self.id_token, "access_token": self.access_token}, token=None
        )

    def cookie(self, name: str) -> str:
        return next(one.value for one in self.browser.cookie_jar if one.key.endswith(f"ayumi-{name}"))


@dataclass
class Site:
    house: wiring.House
    origin: str
    login: control.LoginChannel
    app: logins.LiffApp
    browsers: list[aiohttp.ClientSession] = field(default_factory=list)

    def browser(self, **headers: str) -> aiohttp.ClientSession:
        """A browser nobody has used yet."""
        made = aiohttp.ClientSession(headers=PHONE | headers, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.browsers.append(made)
        return made

    async def arrives(
        self, person: control.User, path: str, browser: aiohttp.ClientSession | None = None, language: str = "ja"
    ) -> Visit:
        """Opens the LIFF address in LINE and comes as far as the door page of `path`."""
        await self.login.consents(person)
        address = await self.app.opened_by(person, path)
        visit = Visit(self, browser or self.browser(**{"Accept-Language": language}), path)
        async with visit.browser.get(address, allow_redirects=False) as answer:
            primary, fragment = urldefrag(html.unescape(answer.headers["Location"]))
        told = parse_qs(fragment)
        visit.id_token, visit.access_token = told["id_token"][0], told["access_token"][0]
        await visit.get(primary.removeprefix(self.origin))
        assert visit.at_the_door
        return await visit.get(path)

    async def visit(
        self, person: control.User, path: str, browser: aiohttp.ClientSession | None = None, language: str = "ja"
    ) -> Visit:
        """The whole way: LINE, the door, our session, the page."""
        visit = await self.arrives(person, path, browser, language)
        if visit.at_the_door:
            status, told = await visit.log_in()
            assert status == 200, told
            await visit.get(path)
        return visit


@pytest.fixture
async def login(channel: control.Channel) -> control.LoginChannel:
    return await channel.login_channel()


@pytest.fixture
async def app(login: control.LoginChannel) -> logins.LiffApp:
    return await login.liff_app(endpoint="http://127.0.0.1/", bot_prompt="normal")


@pytest.fixture
def bot_settings(
    bot_settings: settings.Settings, login: control.LoginChannel, app: logins.LiffApp
) -> settings.Settings:
    known = {
        "line_login_channel_id": login.id,
        "line_login_url": login.login_url,
        "liff_id": app.id,
        "liff_url": login.liff_url,
        "liff_sdk_url": login.sdk_url,
    }
    return settings.Settings.model_validate(bot_settings.model_dump() | known)


def here(reception: Reception) -> list[web.RouteDef]:
    """A room of these tests: a page that says whose it is, and a deed."""

    async def look(request: web.Request, visitor: Visitor) -> web.Response:
        return reception.show(request, "message.html", visitor=visitor, title="ここ", text=f"#F{visitor.friend}")

    async def do(request: web.Request, visitor: Visitor) -> web.Response:
        return reception.json({"friend": visitor.friend, **await bodies.json(request)})

    return [web.get("/here", reception.page(look)), web.post("/here", reception.deed(do))]


@pytest.fixture
async def site(
    monkeypatch: pytest.MonkeyPatch,
    house: wiring.House,
    channel: control.Channel,
    login: control.LoginChannel,
    app: logins.LiffApp,
) -> AsyncIterator[Site]:
    monkeypatch.setattr(pages, "ROOMS", (*pages.ROOMS, here))
    async with server.serving(house) as served:
        origin = f"http://127.0.0.1:{served.port}"
        house.delivery.public_url = origin
        await app.change(url=f"{origin}/")
        await channel.change(webhook_url=f"{origin}/line/webhook", drive_bot=True)
        made = Site(house, origin, login, app)
        yield made
        for browser in made.browsers:
            await browser.close()
