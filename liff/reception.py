"""Receives everybody who opens a page: the session, what a deed must bring along, the headers, the templates."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

import orjson
import structlog
from aiohttp import web

from liff import codes, headers, rates, rendering, visitor, words
from liff.assets import Assets
from liff.door import Door
from liff.visitor import Visitor
from storage import database, friends

Page = Callable[[web.Request, Visitor], Awaitable[web.Response]]
Handler = Callable[[web.Request], Awaitable[web.Response]]

LONGEST: Final = 900  # characters of a path that are put into a link or QR code
BUSY: Final = 10  # seconds after which somebody may try again

log = structlog.get_logger()


class Reception:
    """One object for all rooms of the door."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.assets = Assets()
        self._render = rendering.renderer(self.assets)
        # a family, a shop's own wireless and many phones of one carrier share an address
        self._of_friend = rates.Rate(120, 60.0)
        self._pages = rates.Rate(600, 60.0)
        self._strangers = rates.Rate(600, 60.0)  # coming in takes two door pages: LINE's landing, and the page's own
        self._of_address = rates.Rate(1_200, 60.0)

    def page(self, handler: Page) -> Handler:
        """A page for a friend; who has no session gets the door page in its place, at the same address."""

        async def answer(request: web.Request) -> web.Response:
            found = await self._visitor(request)
            wait = self._pages.wait(str(found.friend)) if isinstance(found, Visitor) else self._stranger(request)
            if wait:
                return self._rest(request, wait)
            if found == "blocked":
                return self.words(request, "refused", status=403)
            return self.ask_in(request) if found is None else await handler(request, found)

        return self._shown(answer)

    def opened(self, handler: Handler) -> Handler:
        """A page for anybody; one address does not get it too often."""

        async def answer(request: web.Request) -> web.Response:
            wait = self._stranger(request)
            return self._rest(request, wait) if wait else await handler(request)

        return self._shown(answer)

    def _shown(self, handler: Handler) -> Handler:
        """In place of what cannot be shown: a page that says so."""

        async def answer(request: web.Request) -> web.Response:
            try:
                return await handler(request)
            except web.HTTPNotFound:
                return self.words(request, "gone", status=404)
            except web.HTTPException as error:
                error.headers.update(headers.ALWAYS)
                raise
            except Exception as error:
                if not database.transient(error):
                    raise
                log.warning("page not shown", error=type(error).__name__)
                return self.words(request, "busy", status=503, reloads=True)

        return answer

    def deed(self, handler: Page) -> Handler:
        """What a script of ours posts in a session; whoever else posts it is told a code and changes nothing."""

        async def answer(request: web.Request) -> web.Response:
            found = await self._visitor(request)
            if not isinstance(found, Visitor) or not visitor.same(found.csrf, request):
                return self._again()
            wait = self._of_friend.wait(str(found.friend))
            return self.often(wait) if wait else await handler(request, found)

        return self.posted(answer)

    def posted(self, handler: Handler) -> Handler:
        """What a page of ours posts for anybody; not what pages of others post, or one address too often."""

        async def answer(request: web.Request) -> web.Response:
            if not self._own(request):
                return self.json({"code": "origin"}, status=403)
            wait = self._of_address.wait(rates.address(request, self.door.proxies))
            if wait:
                return self.often(wait)
            try:
                return await handler(request)
            except web.HTTPException as error:
                return self.json({"code": error.reason.lower()}, status=error.status)
            except Exception as error:
                if not database.transient(error):
                    raise
                log.warning("deed not done", error=type(error).__name__)
                return self.busy()

        return answer

    def busy(self) -> web.Response:
        """The answer while the database or LINE is in trouble."""
        return self.json({"code": "busy"}, status=503, **{"Retry-After": str(BUSY)})

    def often(self, wait: int) -> web.Response:
        """The answer to who asks more often than people do."""
        return self.json({"code": "often"}, status=429, **{"Retry-After": str(wait)})

    def show(
        self, request: web.Request, template: str, *, visitor: Visitor | None = None, status: int = 200, **values: Any
    ) -> web.Response:
        nonce = headers.nonce()
        text = self.text(request, template, visitor=visitor, nonce=nonce, **values)
        return web.Response(
            status=status,
            text=text,
            content_type="text/html",
            charset="utf-8",
            headers=headers.of_page(self.door, nonce),
        )

    def text(self, request: web.Request, template: str, *, visitor: Visitor | None = None, **values: Any) -> str:
        """A template as text: a piece of a page that is there already, or with a nonce a whole one."""
        about = {
            "token": visitor.csrf if visitor is not None else "",
            "sdk": self.door.sdk_url,
            "liff": self.door.liff_id,
        }
        language = visitor.language if visitor is not None else words.of(request)
        return self._render(template, language, visitor=visitor, visit=about, **values)

    def words(self, request: web.Request, key: str, *, status: int, **values: Any) -> web.Response:
        """A page of a few friendly words: `<key>_title` and `<key>_text` of liff/words.py."""
        language = words.of(request)
        title, text = words.say(language, f"{key}_title"), words.say(language, f"{key}_text")
        return self.show(request, "message.html", status=status, title=title, text=text, **values)

    def json(self, data: Any, status: int = 200, **more: str) -> web.Response:
        return web.Response(
            status=status,
            body=orjson.dumps(data),
            content_type="application/json",
            headers=dict(headers.ALWAYS) | more,
        )

    def ask_in(self, request: web.Request, rest: str | None = None) -> web.Response:
        """The door page: it asks LINE who is there and opens the same address again. `rest`: what is to be opened."""
        if self.door.identity is None or not self.door.liff_id or not self.door.keys:
            return self.words(request, "closed_door", status=503)
        address = self.door.liff_address + (request.path_qs if rest is None else rest)[:LONGEST]
        code = "" if self.door.outside else codes.svg(address)
        response = self.show(request, "door.html", address=address, outside=self.door.outside, code=code)
        visitor.name_browser(self.door, request, response)
        return response

    async def _visitor(self, request: web.Request) -> Visitor | Literal["blocked"] | None:
        """None: nobody whom we know, or not any more."""
        held = visitor.session(self.door, request)
        if held is None:
            return None
        standing = await friends.standing(held.friend)
        if standing is None or held.until <= standing.now:
            return None
        if standing.blocked_by_us:
            return "blocked"
        return Visitor(held.friend, standing.now, words.of(request), held.csrf, held.key)

    def _own(self, request: web.Request) -> bool:
        """Whether a page of ours posts this: browsers tell, and let no page say otherwise."""
        told = request.headers.get("Origin", "")
        if self.door.public_url:
            return told == headers.origin(self.door.public_url)
        return told in (f"http://{request.host}", f"https://{request.host}")

    def _again(self) -> web.Response:
        """The session is over, or this browser has another one by now: the page logs in anew as whoever LINE says."""
        response = self.json({"code": "again"}, status=401)
        visitor.end(self.door, response)
        return response

    def _rest(self, request: web.Request, wait: int) -> web.Response:
        response = self.words(request, "busy", status=429, reloads=True)
        response.headers["Retry-After"] = str(wait)
        return response

    def _stranger(self, request: web.Request) -> int:
        """Counts a page of who has no session; the seconds to wait."""
        return self._strangers.wait(rates.address(request, self.door.proxies))
