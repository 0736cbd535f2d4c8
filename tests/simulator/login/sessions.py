"""Who is logged in to LINE in a browser: a signed cookie that only the login screens read."""

from dataclasses import dataclass

from aiohttp import web

from tests.simulator.login.here import Here
from tests.simulator.providers import jws

COOKIE = "simulator-login"
PATH = "/access"
LASTS_S = 30 * 86_400
PHONE = "phone"
BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Session:
    """how: phone (LINE runs on it, so auto login works) or browser (single sign-on after a login here)."""

    user: str
    how: str
    since_s: int


def value(here: Here, user_id: str, how: str) -> str:
    now = here.now_s()
    content = {"user": user_id, "how": how, "since": now, "exp": now + LASTS_S}
    return jws.note(here.channel.secret, "session", content)


def of(here: Here, request: web.Request) -> Session | None:
    """None when nobody is logged in, or somebody from another simulated world."""
    kept = request.cookies.get(COOKIE)
    content = None if kept is None else jws.read_note(here.channel.secret, "session", kept, here.now_s())
    if content is None or content["user"] not in here.channel.people:
        return None
    return Session(content["user"], content["how"], content["since"])


def begin(answer: web.StreamResponse, here: Here, user_id: str, how: str = BROWSER) -> None:
    answer.set_cookie(COOKIE, value(here, user_id, how), path=PATH, httponly=True, samesite="Lax")
