"""A LIFF URL opened: the screens that come first, then the app's Endpoint URL (LINE_PLATFORM 9.2).

In an external browser: /liff/{liffId}/path?query leads to the Endpoint URL with liff.state. In LINE the phones page
adds the parameter `simulator`, a signed note of who opens it and in which chat: then the consent and add-friend screens
come first, and the Endpoint URL carries the access token, the ID token and the context in its fragment. The fragment of
a LIFF URL never reaches a server: in LINE it travels in the note and ends up in liff.state, in a browser it stays where
it is and the SDK takes it along.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from tests.simulator import people
from tests.simulator.channel import Platform
from tests.simulator.login import here as finding
from tests.simulator.login import issuing, pages, screens, visits
from tests.simulator.login.here import Here
from tests.simulator.login.requests import with_query
from tests.simulator.providers import jws
from tests.simulator.providers.apps import LiffApp
from tests.simulator.providers.login_channels import LIFF_ACCESS_S

NOTE = "simulator"
NOTE_S = 3_600
HOSTS = ("/liff", "/miniapp")
LIFF_URL = re.compile(r"(?P<host>.*)/(?P<id>\d{10}-[A-Za-z0-9]{8})(?P<rest>(?:[/?#].*)?)", re.DOTALL)
REAL_HOSTS = ("https://liff.line.me", "https://miniapp.line.me")


@dataclass(frozen=True, slots=True)
class Chat:
    """Where in LINE an app is opened; kind: utou, group, room, or none (nothing to do with a chat)."""

    id: str | None
    kind: str


def note(here: Here, user_id: str, chat: Chat, fragment: str, referrer: str | None, *, asked: bool = False) -> str:
    """The signed parameter of a LIFF URL that is opened in LINE, good for an hour. asked: the screens are behind."""
    content = {
        "user": user_id,
        "chat": chat.id,
        "kind": chat.kind,
        "fragment": fragment,
        "referrer": referrer,
        "asked": asked,
        "exp": here.now_s() + NOTE_S,
    }
    return jws.note(here.login.secret, "in client", content)


def in_line(platform: Platform, url: str, user_id: str, chat: Chat, referrer: str | None) -> tuple[LiffApp, str] | None:
    """The app of a LIFF URL and the address that opens it as in LINE; None when it is no LIFF URL of anybody here.

    The simulator's own hosts and LINE's are understood; an app that is switched off has a page that says so.
    """
    found = LIFF_URL.fullmatch(url)
    if found is None or found["host"] not in (*(platform.base_url + host for host in HOSTS), *REAL_HOSTS):
        return None
    known = finding.by_app(platform, found["id"])
    if known is None:
        return None
    here, app = known
    rest, _, fragment = found["rest"].partition("#")
    host = "/miniapp" if "miniapp" in urlsplit(found["host"]).netloc + urlsplit(found["host"]).path else "/liff"
    address = f"{platform.base_url}{host}/{app.id}{rest}"
    return app, with_query(address, {NOTE: note(here, user_id, chat, fragment, referrer)})


def add_to(app: web.Application, platform: Platform) -> None:
    async def opened(request: web.Request) -> web.StreamResponse:
        return open_app(platform, request)

    for host in HOSTS:
        app.router.add_get(host + "/{rest:.*}", opened)


def open_app(platform: Platform, request: web.Request) -> web.Response:
    path = LIFF_URL.fullmatch(request.rel_url.raw_path)
    known = None if path is None or path["host"] not in HOSTS else finding.by_app(platform, path["id"])
    if path is None or known is None:
        return not_found()
    here, app = known
    if app.off or (path["host"] == "/miniapp" and not app.mini):
        return not_found()
    platform.dirty = True
    query = "&".join(one for one in request.rel_url.raw_query_string.split("&") if not one.startswith(NOTE + "="))
    said = jws.read_note(here.login.secret, "in client", request.query.get(NOTE, ""), here.now_s())
    if said is None:
        return pages.to(primary(app, path["rest"], query, ""))
    person = here.channel.people.get(said["user"])
    if person is None or person.state == people.DELETED:
        return not_found()
    if waits(here, app, said):
        chat = Chat(said["chat"], said["kind"])
        seen = note(here, said["user"], chat, said["fragment"], said["referrer"], asked=True)
        back = with_query(platform.base_url + request.rel_url.raw_path + (query and f"?{query}"), {NOTE: seen})
        ask = visits.for_liff(here, said["user"], app.scopes, app.bot_prompt, back)
        visits.keep(here, ask)
        return pages.to(f"/access/login/{ask.id}")
    return pages.to(with_tokens(here, app, primary(app, path["rest"], query, said["fragment"], said["referrer"]), said))


def waits(here: Here, app: LiffApp, said: dict[str, Any]) -> bool:
    """Whether a screen comes before the app: permissions not asked for yet, or (a knob) friendship once more."""
    if here.login.needs_consent(said["user"], app.scopes):
        return True
    ask = visits.for_liff(here, said["user"], app.scopes, app.bot_prompt, "")
    return not said["asked"] and visits.next_screen(here, ask) is not None


def primary(app: LiffApp, rest: str, query: str, fragment: str, referrer: str | None = None) -> str:
    """The Endpoint URL; what the LIFF URL had behind its id is in liff.state, which is left out when there is none."""
    state = ("" if rest == "/" else rest) + (query and f"?{query}") + (fragment and f"#{fragment}")
    added = {"liff.state": state, "liff.referrer": referrer or ""}
    added = {name: value for name, value in added.items() if value}
    return with_query(app.url, added) if added else app.url


def with_tokens(here: Here, app: LiffApp, url: str, said: dict[str, Any]) -> str:
    """The fragment of the primary redirect: an access token, an ID token if openid was granted, and the context."""
    context = {"context_token": context_token(here, app, said["user"], said["chat"], said["kind"])}
    return f"{url}#{urlencode(tokens(here, app, said['user']) | context)}"


def tokens(here: Here, app: LiffApp, user_id: str) -> dict[str, str]:
    """What an app in LINE gets of the person who opens it."""
    granted = [scope for scope in app.scopes if scope in here.login.granted(user_id)]
    told = {"access_token": issuing.access_token(here, user_id, granted, app.id)}
    if "openid" in granted:
        content = issuing.claims(here, user_id, granted, amr="linesso")
        told["id_token"] = issuing.id_token(here, content, liff=True)
    return told


def context_token(here: Here, app: LiffApp, user_id: str, chat: str | None, kind: str) -> str:
    content = {"liff": app.id, "user": user_id, "chat": chat, "kind": kind, "exp": here.now_s() + LIFF_ACCESS_S}
    return jws.note(here.login.secret, "context", content)


def not_found() -> web.Response:
    return pages.shown(
        screens.says("ページが見つかりません", "このLIFFアプリはないか、いまは使えません。URLをご確認ください。"), 404
    )
