"""Who a visitor of our pages is: LINE's ID tokens proved here with LINE's published keys, or by LINE itself."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
import jwt
import orjson
import structlog
from yarl import URL

from jobs import ports

ALGORITHMS = ("ES256",)  # what LIFF tokens are signed with; a token never chooses (LINE_PLATFORM 9.4)
LONGEST = 4_096  # characters of a token; LINE's have about 800
LEEWAY = 60.0  # seconds by which LINE's clock and ours may differ
KEYS_LIVE = 6 * 3_600.0  # seconds until the keys are asked for again
ASKED_AGAIN = 30.0  # seconds at least between two looks for keys: a stranger's kid must not make us ask LINE for each
TIMEOUT = aiohttp.ClientTimeout(total=3, connect=2)
LARGEST_ANSWER = 64 * 1024  # bytes
MOST_KEYS = 50

log = structlog.get_logger()


@dataclass(slots=True)
class _Keys:
    """LINE's public keys by kid; `at` and `asked_at` are moments of the monotonic clock."""

    found: Mapping[str, jwt.PyJWK] = field(default_factory=dict)
    at: float = float("-inf")
    asked_at: float = float("-inf")


class Proof:
    """`jobs.ports.Identity` over HTTP, for one Login channel; `open` it inside the running loop.

    `issuer` is what LINE_LOGIN_URL says (https://access.line.me), `channel` LINE_LOGIN_CHANNEL_ID.
    """

    def __init__(self, api_url: str, issuer: str, channel: str) -> None:
        self._api = URL(api_url.rstrip("/"))
        self._issuer = issuer
        self._channel = channel
        self._keys = _Keys()
        self._looking = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=20),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Ayumi"},
            timeout=TIMEOUT,
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def prove(self, id_token: str, now: datetime) -> ports.Person:
        if not self._channel:
            raise ports.Unproven("audience")
        kid = _kid(id_token)
        key = await self._key(kid)
        said = _by_key(id_token, key) if key is not None else await self._by_line(id_token)
        return self._person(said, now)

    async def friendship(self, access_token: str, user_id: str) -> bool | None:
        if not 0 < len(access_token) <= LONGEST or not (access_token.isascii() and access_token.isprintable()):
            return None
        bearer = {"Authorization": f"Bearer {access_token}"}
        status, issued = await self._ask("GET", f"/oauth2/v2.1/verify?{urlencode({'access_token': access_token})}")
        if status != 200 or issued.get("client_id") != self._channel:
            return None
        status, owner = await self._ask("GET", "/v2/profile", headers=bearer)
        if status != 200 or owner.get("userId") != user_id:
            return None
        status, told = await self._ask("GET", "/friendship/v1/status", headers=bearer)
        flag = told.get("friendFlag")
        return flag if status == 200 and isinstance(flag, bool) else None

    def _person(self, said: Mapping[str, Any], now: datetime) -> ports.Person:
        """Of a payload whose signature is LINE's."""
        if said.get("iss") != self._issuer:
            raise ports.Unproven("issuer")
        if said.get("aud") != self._channel:
            raise ports.Unproven("audience")
        until, since, at = _moment(said.get("exp")), _moment(said.get("iat")), now.timestamp()
        if until is None or since is None or until <= at - LEEWAY or since > at + LEEWAY:
            raise ports.Unproven("expired")
        user = said.get("sub")
        if not isinstance(user, str) or not ports.USER_ID.fullmatch(user):
            raise ports.Unproven("malformed")
        name, picture = (one if isinstance(one, str) else None for one in (said.get("name"), said.get("picture")))
        return ports.Person(user, name, picture, datetime.fromtimestamp(until, UTC))

    async def _key(self, kid: str) -> jwt.PyJWK | None:
        """The key of this name; None when LINE's keys cannot be had, and Unproven when LINE has no such key."""
        if kid not in self._keys.found or time.monotonic() - self._keys.at > KEYS_LIVE:
            async with self._looking:
                if time.monotonic() - self._keys.asked_at > ASKED_AGAIN:
                    await self._look()
        if kid in self._keys.found:
            return self._keys.found[kid]
        if self._keys.at < self._keys.asked_at:  # the last look found LINE away: the key may be a new one
            return None
        raise ports.Unproven("signature")

    async def _look(self) -> None:
        """Ask for the keys; those we have stay while LINE is away."""
        now = self._keys.asked_at = time.monotonic()
        status, told = await self._ask("GET", "/oauth2/v2.1/certs")
        keys = told.get("keys")
        if status != 200 or not isinstance(keys, list):
            log.warning("LINE's keys cannot be had", status=status)
            return
        self._keys.found = {key.key_id: key for key in map(_read, keys[:MOST_KEYS]) if key is not None and key.key_id}
        self._keys.at = now

    async def _by_line(self, id_token: str) -> Mapping[str, Any]:
        """What LINE itself says a token says, where its keys cannot be had."""
        form = urlencode({"id_token": id_token, "client_id": self._channel})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, said = await self._ask("POST", "/oauth2/v2.1/verify", form.encode(), headers)
        if status == 200:
            return said
        if status == 400:
            raise ports.Unproven("expired" if "expired" in str(said.get("error_description")) else "signature")
        raise ports.Unproven("unavailable")

    async def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """(status, the JSON object that came), (0, {}) where nothing came in time."""
        if self._session is None:
            raise RuntimeError("the client is not open")
        address = URL(f"{self._api}{path}", encoded=True)
        try:
            async with self._session.request(
                method, address, data=body, headers=headers, allow_redirects=False
            ) as response:
                content = await response.content.read(LARGEST_ANSWER)
                whole = response.content.at_eof()
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0, {}
        try:
            found = orjson.loads(content) if whole else None
        except orjson.JSONDecodeError:
            found = None
        return response.status, found if isinstance(found, dict) else {}


def _kid(id_token: str) -> str:
    """The name of the key that a token wants to be proved with. Raises Unproven for what is no token of LIFF's."""
    if not id_token or len(id_token) > LONGEST or not id_token.isascii():
        raise ports.Unproven("malformed")
    try:
        header = jwt.get_unverified_header(id_token)
    except (jwt.InvalidTokenError, RecursionError):
        raise ports.Unproven("malformed") from None
    if header.get("alg") not in ALGORITHMS:
        raise ports.Unproven("algorithm")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise ports.Unproven("malformed")
    return kid


def _by_key(id_token: str, key: jwt.PyJWK) -> Mapping[str, Any]:
    """What a token says that was signed with this key; its claims are judged by `Proof`, at our own time."""
    try:
        said = orjson.loads(jwt.PyJWS().decode(id_token, key, algorithms=list(ALGORITHMS)))
    except jwt.InvalidSignatureError:
        raise ports.Unproven("signature") from None
    except (jwt.InvalidTokenError, orjson.JSONDecodeError):
        raise ports.Unproven("malformed") from None
    if not isinstance(said, dict):
        raise ports.Unproven("malformed")
    return said


def _read(given: object) -> jwt.PyJWK | None:
    """One of the published keys, where it is one for our algorithms."""
    if not isinstance(given, dict) or (given.get("kty"), given.get("crv")) != ("EC", "P-256"):
        return None
    try:
        return jwt.PyJWK(given, "ES256")
    except (jwt.PyJWTError, ValueError, TypeError):
        return None


def _moment(given: object) -> int | None:
    """Seconds since 1970, where that is what was given."""
    return given if isinstance(given, int) and not isinstance(given, bool) and 0 < given < 2**40 else None
