"""What a page sends, read within bounds of size and time."""

import asyncio
from typing import Any, Final

import orjson
from aiohttp import web

SECONDS: Final = 15.0  # a phone has for what fits into 64 KiB,
SLOWEST: Final = 8_000  # bytes a second, for what is larger


async def json(request: web.Request, most: int = 65_536) -> dict[str, Any]:
    """A JSON object. Raises HTTPBadRequest for anything else, and what `raw` raises."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        found = orjson.loads(await raw(request, most))
    except orjson.JSONDecodeError:
        raise web.HTTPBadRequest from None
    if not isinstance(found, dict):
        raise web.HTTPBadRequest
    return found


async def raw(request: web.Request, most: int) -> bytes:
    """At most this many bytes. Raises HTTPRequestEntityTooLarge, HTTPRequestTimeout."""
    told = request.content_length
    if told is not None and told > most:
        raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=told)
    read = bytearray()
    try:
        async with asyncio.timeout(SECONDS + most / SLOWEST):
            async for piece in request.content.iter_any():
                read += piece
                if len(read) > most:
                    raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(read))
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(read)
