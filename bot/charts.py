"""`/c/{id}`: a chart that staff were shown, drawn when a phone asks for it."""

import asyncio

from aiohttp import web

from jobs import charts
from storage import charts as kept

DRAWERS = 2  # charts drawn at a time; each takes some fifty milliseconds
HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Type": "image/png",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def routes() -> list[web.RouteDef]:
    drawers = asyncio.Semaphore(DRAWERS)

    async def show(request: web.Request) -> web.Response:
        drawn = await kept.find(request.match_info["id"])
        if drawn is None:
            raise web.HTTPNotFound(headers={"X-Content-Type-Options": "nosniff"})
        async with drawers:
            picture = await asyncio.to_thread(charts.png, charts.from_json(drawn))
        return web.Response(body=picture, headers=HEADERS)

    return [web.get(f"/c/{{id:{kept.PUBLIC_ID}}}", show)]
