"""`/l/{token}`: a measured link leads on to its address at once; who has opened it is written down before."""

import re
from collections.abc import Mapping

import structlog
from aiohttp import web

from bot import downloads, wiring
from jobs import tokens
from storage import database
from storage.links import clicks

# Whoever fetches an address without a person: LINE's preview robot, those of other talks, search engines.
ROBOTS = re.compile(
    r"line-poker|facebookexternalhit|facebot|preview|crawler|spider|slurp|whatsapp/|(?<!cu)bot\b|archiver|"
    r"headlesschrome|curl/|wget/|python-requests|go-http-client|okhttp/",
    re.IGNORECASE,
)
AHEAD = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")  # say prefetch or preview when nobody has tapped yet
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
NOWHERE = "<p>リンクが途中で切れているか、今は使われていません。<br>お手数ですが、お店のトークでお知らせください。</p>"
LATER = "<p>ただいま混み合っています。<br>少し待ってから、もう一度お試しください。</p>"

log = structlog.get_logger()


def routes(house: wiring.House) -> list[web.RouteDef]:
    keys = house.settings.secret_key

    async def lead(request: web.Request) -> web.Response:
        held = tokens.holder(keys, request.match_info["token"])
        if held is None:
            return downloads.page(404, "ページが見つかりません", NOWHERE)
        count = request.method == "GET" and by_a_person(request.headers)
        try:
            found = await clicks.opened(held.link, held.friend, held.button, count=count)
        except Exception as error:
            if not database.transient(error):
                raise
            log.warning("link not opened", error=type(error).__name__)
            return downloads.page(503, "しばらくお待ちください", LATER)
        if found is None or not found[0].startswith(("https://", "http://")):
            return downloads.page(404, "ページが見つかりません", NOWHERE)
        address, counted = found
        if counted:
            house.waker.wake()
        return web.Response(status=302, headers=HEADERS | {"Location": address})

    async def nowhere(_: web.Request) -> web.Response:
        return downloads.page(404, "ページが見つかりません", NOWHERE)

    return [web.get(f"/l/{{token:{tokens.LINK}}}", lead), web.get(r"/l/{rest:[\s\S]*}", nowhere)]


def by_a_person(headers: Mapping[str, str]) -> bool:
    """Whether this looks like somebody's tap, and not like a robot or a browser that fetches ahead."""
    agent = headers.get("User-Agent", "")
    ahead = any(word in headers.get(name, "").lower() for name in AHEAD for word in ("prefetch", "preview"))
    return bool(agent) and not ahead and ROBOTS.search(agent) is None
