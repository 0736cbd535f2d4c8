"""Our scripts and looks: each file under a name that changes with its content, so that phones keep it for good."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

FOLDER: Final = Path(__file__).parent / "static"
ADDRESS: Final = r"/liff/static/{name:[a-z_]+}.{hash:[0-9a-f]{10}}.{kind:css|js}"
TYPES: Final = {"css": "text/css", "js": "text/javascript"}
FOR_GOOD: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    address: str
    plain: bytes
    packed: bytes


class Assets:
    """All files of liff/static, read once."""

    def __init__(self) -> None:
        self._known = {path.name: _read(path) for path in sorted(FOLDER.glob("*.*"))}

    def address(self, name: str) -> str:
        """Where a page finds `form.css`. Raises KeyError for what is not there."""
        return self._known[name].address

    def routes(self) -> list[web.RouteDef]:
        async def serve(request: web.Request) -> web.Response:
            kind = request.match_info["kind"]
            found = self._known.get(f"{request.match_info['name']}.{kind}")
            if found is None:
                raise web.HTTPNotFound
            # a page of the version before, or after: it gets what there is, but nobody keeps it under that name
            same = found.address == request.path
            headers = {
                "Cache-Control": FOR_GOOD if same else "no-store",
                "Vary": "Accept-Encoding",
                "X-Content-Type-Options": "nosniff",
            }
            packed = "gzip" in request.headers.get("Accept-Encoding", "")
            if packed:
                headers["Content-Encoding"] = "gzip"
            return web.Response(
                body=found.packed if packed else found.plain, content_type=TYPES[kind], charset="utf-8", headers=headers
            )

        return [web.get(ADDRESS, serve)]


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:10]
    return Asset(f"/liff/static/{path.stem}.{digest}{path.suffix}", content, gzip.compress(content, mtime=0))
