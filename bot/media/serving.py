"""`/m/{id}`: pictures, films and sounds for LINE's servers and phones, in the version each asks for."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from jobs import media
from storage import media as named
from storage.media import contents

VARIANTS = "|".join([contents.PREVIEW, media.ICON, *map(str, media.WIDTHS)])
PIECE = 512 * 1024  # bytes in memory for each phone
MAKERS = 2  # pictures made at a time; each may take half a second
HEADERS = {
    # A day: what staff delete is not to be seen much longer; it never changes under its address.
    "Cache-Control": "public, max-age=86400",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Accept-Ranges": "bytes",
}


def routes(folder: Path) -> list[web.RouteDef]:
    makers = asyncio.Semaphore(MAKERS)

    async def show(request: web.Request) -> web.StreamResponse:
        variant = request.match_info.get("variant", contents.ORIGINAL)
        public_id = request.match_info["id"]
        found = await named.served(public_id, variant)
        if found is not None and found.version is None and found.kind == "image":
            async with makers:
                await _make(found.content, variant)
            found = await named.served(public_id, variant)
        if found is None or found.version is None:
            raise web.HTTPNotFound(headers={"X-Content-Type-Options": "nosniff"})
        return await _answer(request, found.version, folder)

    return [
        web.get(f"/m/{{id:{named.PUBLIC_ID}}}", show),
        web.get(f"/m/{{id:{named.PUBLIC_ID}}}/{{variant:{VARIANTS}}}", show),
    ]


async def _make(content: int, variant: str) -> None:
    """A version nobody has asked for before; nothing when it cannot be made."""
    original = await contents.original(content)
    try:
        made = await asyncio.to_thread(media.version, original, variant)
    except media.Unfit:
        return
    await contents.add(content, [made])


async def _answer(request: web.Request, version: contents.Kept, folder: Path) -> web.StreamResponse:
    headers = HEADERS | {"Content-Type": version.mime, "ETag": f'"{version.sha256}"'}
    if _is_known(request.headers, version):
        return web.Response(status=304, headers=headers)
    start, stop, status = 0, version.size, 200
    if "Range" in request.headers and request.headers.get("If-Range", headers["ETag"]) == headers["ETag"]:
        wanted = _range(request, version.size)
        if wanted is None:
            return web.Response(status=416, headers=headers | {"Content-Range": f"bytes */{version.size}"})
        start, stop, status = *wanted, 206
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{version.size}"
    answer = web.StreamResponse(status=status, headers=headers | {"Content-Length": str(stop - start)})
    await answer.prepare(request)
    if request.method != "HEAD":
        await _write(answer, version, start, stop, folder)
    await answer.write_eof()
    return answer


def _is_known(headers: Mapping[str, str], version: contents.Kept) -> bool:
    """Whether the asker has it already: `If-None-Match` names it."""
    tags = [tag.strip().removeprefix("W/") for tag in headers.get("If-None-Match", "").split(",")]
    return f'"{version.sha256}"' in tags or "*" in tags


def _range(request: web.Request, size: int) -> tuple[int, int] | None:
    """The first byte wanted and the one behind the last; None when there are none such."""
    try:
        wanted = request.http_range
    except ValueError:
        return None
    start, stop, _ = wanted.indices(size)
    return (start, stop) if start < stop else None


async def _write(answer: web.StreamResponse, version: contents.Kept, start: int, stop: int, folder: Path) -> None:
    """Piece by piece, so that a slow phone holds no memory."""
    while start < stop:
        length = min(PIECE, stop - start)
        if version.file is None:
            found = await contents.piece(version.id, start, length)
        else:
            found = await asyncio.to_thread(_read, folder / version.file, start, length)
        if not found:  # deleted meanwhile: the phone sees that bytes are missing
            raise ConnectionResetError
        await answer.write(found)
        start += len(found)


def _read(path: Path, start: int, length: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(length)
    except FileNotFoundError:
        return b""
