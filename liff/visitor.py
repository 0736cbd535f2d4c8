"""Who visits a page: our own session in a signed cookie, what proves a deed to be theirs, and the browser they use."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

from liff.door import Door

HOURS = 2  # a session lasts, in business time
BROWSER_DAYS = 400  # longer than that no browser keeps a cookie
_COOKIE = re.compile(r"([1-9][0-9]{0,17})\.([0-9]{1,11})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{43})")
_BROWSER = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A friend who looks at a page of ours. `friend` is proven: nothing that a page says is taken for it."""

    friend: int
    now: datetime  # business time of this request
    language: str  # ja or en
    csrf: str  # a deed of this session carries it in the header X-Ayumi-Token
    key: str  # names their drafts on the phone; says nothing about them


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says that we have signed; whether its time is over is for whoever knows the time."""

    friend: int
    until: datetime
    csrf: str
    key: str


def begin(door: Door, response: web.StreamResponse, friend: int, now: datetime) -> None:
    """The answer brings a session of `friend`, which takes the place of any other in this browser."""
    until = int((now + timedelta(hours=HOURS)).timestamp())
    said = f"{friend}.{until}.{secrets.token_urlsafe(12)}"
    value = f"{said}.{_signature(door.keys[0], 'visit', said)}"
    _set(door, response, "visit", value, HOURS * 3600)


def end(door: Door, response: web.StreamResponse) -> None:
    _set(door, response, "visit", "", 0)


def session(door: Door, request: web.Request) -> Session | None:
    """None without a cookie that one of our keys has signed."""
    found = _COOKIE.fullmatch(request.cookies.get(_name(door, "visit"), ""))
    if found is None:
        return None
    said, signature = found[0].rpartition(".")[0], found[4]
    key = next((one for one in door.keys if hmac.compare_digest(_signature(one, "visit", said), signature)), None)
    if key is None:
        return None
    return Session(
        friend=int(found[1]),
        until=datetime.fromtimestamp(int(found[2]), UTC),
        csrf=_signature(key, "deed", found[0]),
        key=_signature(door.keys[-1], "draft", found[1])[:16],  # the oldest key: a new one in front keeps the drafts
    )


def browser(door: Door, request: web.Request) -> str | None:
    """The name that we have given to this browser; an ID token opens the door in one browser only."""
    found = request.cookies.get(_name(door, "browser"), "")
    return found if _BROWSER.fullmatch(found) else None


def name_browser(door: Door, request: web.Request, response: web.StreamResponse) -> None:
    if browser(door, request) is None:
        _set(door, response, "browser", secrets.token_urlsafe(16), BROWSER_DAYS * 86_400)


def same(csrf: str, request: web.Request) -> bool:
    """Whether a deed comes from a page of this very session."""
    given = request.headers.get("X-Ayumi-Token", "").encode("utf-8", "replace")
    return hmac.compare_digest(csrf.encode(), given)


def _signature(key: str, purpose: str, said: str) -> str:
    digest = hmac.digest(key.encode(), f"{purpose}:{said}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _name(door: Door, what: str) -> str:
    """A browser takes a __Host- cookie from this very host and over https only."""
    return f"__Host-ayumi-{what}" if door.secure else f"ayumi-{what}"


def _set(door: Door, response: web.StreamResponse, what: str, value: str, seconds: int) -> None:
    response.set_cookie(
        _name(door, what), value, max_age=seconds, path="/", secure=door.secure, httponly=True, samesite="Lax"
    )
