"""LINE Login by hand for these tests: a browser without a screen, and the API with its forms."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import orjson
from yarl import URL

from tests.simulator.control import LoginChannel
from tests.simulator_checks.bots import Line, Reply

Json = dict[str, Any]

CALLBACK = "https://salon.example.com/callback"
VERIFIER = "wJKN8qz5t8SSI9lMFhBB6qwNkQBkuPZoCxzRhwLRUo1"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Page:
    """What a browser got: a screen, or where it is sent (to)."""

    status: int
    text: str
    to: str
    headers: dict[str, str]

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return "" if found is None else found.group(1)

    @property
    def told(self) -> dict[str, str]:
        """The query parameters of the address it is sent to."""
        return dict(parse_qsl(urlsplit(self.to).query, keep_blank_values=True))

    @property
    def fragment(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.to).fragment))


class Visitor:
    """One browser with its cookies; it goes on by itself only from one simulator screen to the next."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str) -> None:
        self.session = session
        self.base_url = base_url
        self.at = ""

    async def get(self, url: str) -> Page:
        async with self.session.get(url, allow_redirects=False) as answer:
            return await self._seen(answer, url)

    async def press(self, do: str, *ticked: str) -> Page:
        """A button of the screen on show, with these boxes ticked."""
        fields = [("do", do), *((name, "on") for name in ticked)]
        async with self.session.post(self.at, data=fields, allow_redirects=False) as answer:
            return await self._seen(answer, self.at)

    async def _seen(self, answer: aiohttp.ClientResponse, url: str) -> Page:
        page = Page(answer.status, await answer.text(), answer.headers.get("Location", ""), dict(answer.headers))
        shown = re.search(r'action="(/access/login/[^"]+)"', page.text)
        self.at = self.base_url + shown.group(1) if shown else url
        target = page.to if page.to.startswith("http") else self.base_url + page.to
        if page.to and target.startswith(self.base_url):
            return await self.get(target)
        return page

    async def authorize(self, login: LoginChannel, **changed: str | None) -> Page:
        """A proper authorization request with these parameters changed, added or (None) left out."""
        usual = {
            "response_type": "code",
            "client_id": login.id,
            "redirect_uri": CALLBACK,
            "state": "12345abcde",
            "scope": "profile openid",
        }
        query = urlencode({name: value for name, value in {**usual, **changed}.items() if value is not None})
        return await self.get(f"{login.login_url}/oauth2/v2.1/authorize?{query}")

    def holds(self, cookie: Json) -> None:
        """Take a cookie, as control.LoginChannel.session_cookie makes it."""
        self.session.cookie_jar.update_cookies({cookie["name"]: cookie["value"]}, URL(cookie["url"] + "/"))


@asynccontextmanager
async def browser(base_url: str) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Visitor(session, base_url)


async def form(line: Line, path: str, **fields: str) -> Reply:
    data = urlencode(fields).encode()
    return await line.post(path, data=data, content_type="application/x-www-form-urlencoded")


async def exchange(line: Line, login: LoginChannel, good: str, **changed: str | None) -> Reply:
    """The code becomes tokens; changed: other fields than usual (None: left out)."""
    usual = {
        "grant_type": "authorization_code",
        "code": good,
        "redirect_uri": CALLBACK,
        "client_id": login.id,
        "client_secret": login.secret,
    }
    return await form(
        line, "/oauth2/v2.1/token", **{name: one for name, one in {**usual, **changed}.items() if one is not None}
    )


async def verified(line: Line, login: LoginChannel, id_token: str, **expected: str) -> Reply:
    return await form(line, "/oauth2/v2.1/verify", **{"id_token": id_token, "client_id": login.id, **expected})


def payload(token: str) -> Json:
    """What an ID token says, believed without a look at its signature."""
    return part(token, 1)


def header(token: str) -> Json:
    return part(token, 0)


def part(token: str, number: int) -> Json:
    text = token.split(".")[number]
    read: Json = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return read
