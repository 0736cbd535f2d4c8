"""Where the gallery's pictures, films and sounds come from: drawn and played here, served over HTTP."""

import io
import math
import struct
import wave
import zlib
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.simulator.scenes import photos

HUES = {"salon": 24, "cut": 150, "colour": 330, "spa": 200, "star": 46}
RATE = 8_000


class Studio:
    """A server with pictures at /p/{name}.png, imagemaps at /map/{width}, and one short sound, for films too."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/p/{name}.png", self._picture)
        app.router.add_get("/map/{width}", self._picture)
        app.router.add_get("/{name}.{kind:mp4|m4a}", self._sound)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.widths: list[str] = []
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _picture(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "spa")
        if "width" in request.match_info:
            self.widths.append(request.match_info["width"])
        return web.Response(body=star() if name == "star" else photos.photo(HUES[name]), content_type="image/png")

    async def _sound(self, request: web.Request) -> web.Response:
        return web.Response(body=tone(3 if request.match_info["kind"] == "m4a" else 0.3), content_type="audio/wav")

    def picture(self, name: str) -> str:
        return f"{self.url}/p/{name}.png"


def tone(seconds: float) -> bytes:
    """A WAV file; a browser plays it in a film's place too."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(bytes(128 + int(40 * math.sin(i / 6)) for i in range(int(RATE * seconds))))
    return file.getvalue()


def star() -> bytes:
    """A PNG of 48 by 48: a yellow star on nothing."""
    rows = bytearray()
    for y in range(48):
        rows.append(0)
        for x in range(48):
            rows += b"\xff\xb4\x00\xff" if in_star(x - 23.5, y - 25.5) else bytes(4)
    header = struct.pack(">IIBBBBB", 48, 48, 8, 6, 0, 0, 0)
    ends = photos.chunk(b"IDAT", zlib.compress(bytes(rows))) + photos.chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + photos.chunk(b"IHDR", header) + ends


def in_star(x: float, y: float) -> bool:
    """Within five points, the first of them upwards: each edge is a line from a tip to a hollow."""
    tip, hollow, turn = 24.0, 10.5, math.pi / 5
    angle = abs((math.atan2(x, -y) + turn) % (2 * turn) - turn)
    along, across = hollow * math.cos(turn) - tip, hollow * math.sin(turn)
    edge = -across * tip / (along * math.sin(angle) - across * math.cos(angle))
    return math.hypot(x, y) < edge
