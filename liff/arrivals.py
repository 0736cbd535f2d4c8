"""Coming in: LINE's first landing, and the ID token that becomes a session of a friend."""

import hashlib
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

import structlog
from aiohttp import web

from jobs import ports
from liff import bodies, codes, rates, visitor, words
from liff.reception import Reception
from storage import clock, database, friends, outbox, spent_tokens

LARGEST: Final = 16_384  # bytes: two tokens
PATIENCE: Final = 5.0  # seconds somebody waits while the database is in trouble
LOGINS: Final = 30  # of one person in a minute: each may ask LINE three things
DAY: Final = timedelta(days=1)
FRIEND: Final = "https://line.me/R/ti/p/"

OTHER_PROVIDER: Final = (
    "⚠️ フォームを開いた友だちを確認できませんでした。"
    "LINEログインチャネルが、公式アカウントとは別のプロバイダーにあるようです。"
    "LINE Developersコンソールで同じプロバイダーにチャネルを作り、LINE_LOGIN_CHANNEL_ID と LIFF_ID を設定し直すよう、"
    "設置した方にお伝えください。"
)
UNLINKED: Final = (
    "⚠️ フォームを開いた方が友だちかどうかを確認できませんでした。"
    "LINEログインチャネルに、この公式アカウントがリンクされていないようです。"
    "LINE Developersコンソールで「リンクされたLINE公式アカウント」を選ぶよう、設置した方にお伝えください"
    "（選べないときは、チャネルが別のプロバイダーにあります）。"
)

log = structlog.get_logger()


class NotIn(Exception):
    """LINE has told who it is, and they are not let in: `state` refused, add or provider."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def routes(reception: Reception) -> list[web.RouteDef]:
    arrivals = _Arrivals(reception)
    return [web.get("/", reception.opened(arrivals.land)), web.post("/liff/session", reception.posted(arrivals.arrive))]


class _Arrivals:
    def __init__(self, reception: Reception) -> None:
        self.reception = reception
        self.door = reception.door
        self.logins = rates.Rate(LOGINS, 60.0)
        self.told: dict[str, datetime] = {}  # when staff last heard from this process what is set up wrongly

    async def land(self, request: web.Request) -> web.Response:
        """LINE's primary redirect. The SDK goes on from here by itself; whoever was here before is forgotten."""
        state = request.query.get("liff.state", "")
        if state:
            response = self.reception.ask_in(request, state if state[0] in "/?" else "/")
        else:
            response = self.reception.words(request, "home", status=200)
        visitor.end(self.door, response)
        return response

    async def arrive(self, request: web.Request) -> web.Response:
        """`{id_token, access_token?}` -> a session, or a few friendly words for who gets none."""
        try:
            return await self._come_in(request)
        except ports.Unproven as error:
            log.warning("visitor not proven", why=error.code)
            return self.reception.json({"code": error.code}, status=503 if error.code == "unavailable" else 401)
        except NotIn as error:
            return await self._told(request, error.state)
        except ports.Later:
            return self.reception.busy()

    async def _come_in(self, request: web.Request) -> web.Response:
        """Raises HTTPException, Unproven, NotIn, Later."""
        sent = await bodies.json(request, LARGEST)
        id_token, access_token = sent.get("id_token"), sent.get("access_token")
        identity, browser = self.door.identity, visitor.browser(self.door, request)
        if identity is None or not self.door.keys:
            raise web.HTTPServiceUnavailable
        if not isinstance(id_token, str) or not isinstance(access_token, str | None):
            raise web.HTTPBadRequest
        if browser is None:
            return self.reception.json({"code": "cookies"}, status=400)
        now = await clock.now()
        person = await identity.prove(id_token, now)
        wait = self.logins.wait(person.user_id)
        if wait:
            return self.reception.often(wait)
        known = await database.repeated(lambda: _spend(id_token, browser, person), PATIENCE)
        if known is not None and known.blocked_by_us:
            raise NotIn("refused")
        if known is None or known.blocked_us:
            said = await identity.friendship(access_token, person.user_id) if access_token else None
            known = await self._befriended(person.user_id, known, said, now)
        response = self.reception.json({"state": "in"})
        visitor.begin(self.door, response, known.id, now)
        return response

    async def _befriended(
        self, user_id: str, known: friends.Standing | None, said: bool | None, now: datetime
    ) -> friends.Standing:
        """Somebody of whom we know nothing, or a block; `said`: friendship by LINE's word. Raises NotIn, Later."""
        if said is False or (known is not None and said is None):
            raise NotIn("add")
        if known is not None:
            return known  # the webhook that tells us is on its way
        try:
            profile = await self.door.profile(user_id)  # LINE tells it of friends only
        except ports.Forbidden:
            raise
        except ports.Never:
            if said is None:
                await self._tell("unlinked", UNLINKED, now)
                raise NotIn("add") from None
            await self._tell("provider", OTHER_PROVIDER, now)
            raise NotIn("provider") from None
        return await database.repeated(lambda: _register(profile), PATIENCE)

    async def _tell(self, reason: str, text: str, now: datetime) -> None:
        """Once a day at most, however many friends try."""
        if reason in self.told and now - self.told[reason] < DAY:
            return

        async def tell() -> None:
            if not await outbox.told_lately(reason):
                await outbox.notice(reason, text)

        await database.repeated(tell, PATIENCE)
        self.told[reason] = now

    async def _told(self, request: web.Request, state: str) -> web.Response:
        """A piece of a page for who is not let in."""
        if state == "add":
            address = await self._friend_address()
            code = codes.svg(address) if address else None
            html = self.reception.text(request, "add.html", address=address, code=code)
        else:
            language = words.of(request)
            title, text = words.say(language, f"{state}_title"), words.say(language, f"{state}_text")
            html = self.reception.text(request, "words.html", title=title, text=text)
        return self.reception.json({"state": state, "html": html}, status=403)

    async def _friend_address(self) -> str | None:
        """Where the account is added; None while LINE does not tell its name."""
        try:
            name = await self.door.basic_id()
        except (ports.Later, ports.Never):
            return None
        return f"{FRIEND}{quote(name, safe='')}" if name else None


async def _spend(id_token: str, browser: str, person: ports.Person) -> friends.Standing | None:
    """How we stand with whom the token names. Raises Unproven where it has opened the door in another browser."""
    token, showing = (hashlib.sha256(one).hexdigest() for one in (_spelled(id_token), browser.encode()))
    if not await spent_tokens.spend(token, showing, person.until):
        raise ports.Unproven("replayed")
    return await friends.standing_of(person.user_id)


def _spelled(id_token: str) -> bytes:
    """One spelling of a proven token. Of what is signed nothing can be changed, of the signature everything but its
    first half: the other half has a mirrored twin that is as good, base64 passes stray signs and unused bits over."""
    said, _, signature = id_token.rpartition(".")
    return said.encode() + b"." + urlsafe_b64decode(signature + "==")[:32]


async def _register(profile: ports.Profile) -> friends.Standing:
    await friends.register([(profile.user_id, profile.name, profile.picture_url, profile.language)], clock.NOW)
    found = await friends.standing_of(profile.user_id)
    if found is None:
        raise LookupError("a friend just written is not there")
    return found
