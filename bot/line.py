"""LINE over HTTP: the port that `jobs.ports.Line` asks for, with every way a call can end told apart."""

import asyncio
import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Self
from urllib.parse import quote
from uuid import UUID

import aiohttp
import orjson
from yarl import URL

from jobs import delivery, ports
from jobs.coupons import Coupon

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)  # `connect` includes waiting for a free connection
CONTENT_TIMEOUT = aiohttp.ClientTimeout(total=120, connect=3, sock_read=20)  # a film may have 200 MB
BLOCK = 256 * 1024  # bytes read at a time
PACES = {"validate": 1_900, "profile": 1_900}  # calls a second that come in crowds, a little under LINE's
COUPON_PAGES = 5  # of a hundred each
CONNECTIONS = 200  # LINE takes 2,000 pushes a second; an answer takes about a tenth of one
LARGEST_ANSWER = 1024 * 1024  # bytes
DETAIL_LENGTH = 300
NAME_LENGTH = 300
LANGUAGE = re.compile(r"[0-9A-Za-z_-]{1,16}")
# Also what turns the words behind it, so that no customer's name makes a card of staff's misleading.
NO_PART_OF_A_NAME = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
VISIBLE = re.compile(r"[!-~]+")
PLAIN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back; a `body` of None broke off or was too long."""

    status: int
    request_id: str | None
    accepted_id: str | None  # of the request by which a retry key was accepted before
    body: bytes | None

    def json(self) -> dict[str, Any]:
        try:
            found = orjson.loads(self.body or b"")
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}


class Client:
    """One channel of LINE, over one shared session; `open` it inside the running loop."""

    def __init__(
        self,
        api_url: str,
        token: str,
        data_url: str = "",
        connections: int = CONNECTIONS,
        shared: delivery.Shared | None = None,
    ) -> None:
        self._turns = {name: delivery.Turns(name, rate, shared) for name, rate in PACES.items()}
        self._api = URL(api_url.rstrip("/"))
        self._data = URL((data_url or api_url).rstrip("/"))  # LINE's host for contents
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self.use_token(token)

    def use_token(self, token: str) -> None:
        """Speak with this channel access token from the next call on."""
        if not VISIBLE.fullmatch(token):
            raise ValueError("a channel access token consists of visible ASCII characters")
        self._token = token
        self._headers = {"Authorization": f"Bearer {token}", "User-Agent": "Ayumi"}

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=TIMEOUT,
            trust_env=False,
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Sends: a body is frozen with its retry key, so it is joined from bytes and never written anew.

    async def reply(self, token: str, messages: bytes) -> ports.Outcome:
        body = b'{"replyToken":' + orjson.dumps(token) + b',"messages":' + messages + b"}"
        outcome = await self._send("/v2/bot/message/reply", body)
        if outcome.status == 400 and outcome.detail.lower().startswith("invalid reply token"):
            return ports.Outcome(ports.End.BAD_TOKEN, 400, outcome.request_id, outcome.detail)
        return outcome

    async def push(
        self, to: str, messages: bytes, retry_key: UUID, *, quiet: bool = False, unit: str | None = None
    ) -> ports.Outcome:
        body = b'{"to":' + orjson.dumps(to) + b',"messages":' + messages + _quietly(quiet) + _under(unit) + b"}"
        return await self._send("/v2/bot/message/push", body, retry_key)

    async def multicast(
        self, to: list[str], messages: bytes, retry_key: UUID, *, quiet: bool = False, unit: str | None = None
    ) -> ports.Outcome:
        body = b'{"to":' + orjson.dumps(to) + b',"messages":' + messages + _quietly(quiet) + _under(unit) + b"}"
        return await self._send("/v2/bot/message/multicast", body, retry_key)

    async def validate(self, kind: str, messages: bytes) -> ports.Outcome:
        await self._turns["validate"].wait(urgent=lambda: False)
        outcome = await self._send(f"/v2/bot/message/validate/{kind}", b'{"messages":' + messages + b"}")
        if outcome.end is ports.End.RATE:
            await self._turns["validate"].slower()
        return outcome

    # Questions: an answer, or Later, or Never.

    async def profile(self, user_id: str) -> ports.Profile:
        await self._turns["profile"].wait()
        try:
            found = await self._ask("GET", f"/v2/bot/profile/{_plain(user_id)}")
        except ports.Later as error:
            if str(error).startswith("429"):
                await self._turns["profile"].slower()
            raise
        return _profile(user_id, found)

    async def group_name(self, group_id: str) -> str:
        return _name(await self._ask("GET", f"/v2/bot/group/{_plain(group_id)}/summary"), "groupName")

    async def member(self, group_id: str, user_id: str) -> ports.Profile:
        path = f"/v2/bot/group/{_plain(group_id)}/member/{_plain(user_id)}"
        return _profile(user_id, await self._ask("GET", path))

    async def member_count(self, group_id: str) -> int:
        return _number(await self._ask("GET", f"/v2/bot/group/{_plain(group_id)}/members/count"), "count")

    async def leave_group(self, group_id: str) -> None:
        """Rooms, talks of several that are no group, have R ids and an address of their own."""
        kind = "room" if group_id.startswith("R") else "group"
        await self._ask("POST", f"/v2/bot/{kind}/{_plain(group_id)}/leave")

    async def show_loading(self, user_id: str, seconds: int) -> None:
        """LINE shows it for 5 to 60 seconds in steps of five: the next longer one is taken."""
        shown = min(max(-(-seconds // 5) * 5, 5), 60)
        await self._ask(
            "POST", "/v2/bot/chat/loading/start", orjson.dumps({"chatId": user_id, "loadingSeconds": shown})
        )

    async def quota(self) -> int | None:
        found = await self._ask("GET", "/v2/bot/message/quota")
        return None if found.get("type") == "none" else _number(found, "value")

    async def consumption(self) -> int:
        return _number(await self._ask("GET", "/v2/bot/message/quota/consumption"), "totalUsage")

    async def counted(self, unit: str, since: date, until: date) -> dict[str, int | None]:
        query = f"customAggregationUnit={_plain(unit)}&from={since:%Y%m%d}&to={until:%Y%m%d}"
        found = (await self._ask("GET", f"/v2/bot/insight/message/event/aggregation?{query}")).get("overview")
        if not isinstance(found, dict):
            raise ports.Later("an answer without overview")
        return {name: count if isinstance(count, int) else None for name, count in found.items()}

    async def coupons(self) -> list[Coupon]:
        running, closed = await asyncio.gather(self._coupons("RUNNING"), self._coupons("CLOSED"))
        return [*running, *closed]

    async def _coupons(self, status: str) -> list[Coupon]:
        """LINE lists them without their status, so that each status is a list of its own."""
        found: list[Coupon] = []
        start = ""
        for _ in range(COUPON_PAGES):
            page = await self._ask("GET", f"/v2/bot/coupon?status={status}&limit=100{start}")
            items = page.get("items")
            if not isinstance(items, list):
                raise ports.Later("an answer without items")
            found += [_coupon(one, status == "RUNNING") for one in items if isinstance(one, dict)]
            if not isinstance(page.get("next"), str) or not page["next"]:
                break
            start = f"&start={quote(page['next'], safe='')}"
        return found

    async def bot_info(self) -> dict[str, Any]:
        return await self._ask("GET", "/v2/bot/info")

    async def content(self, message_id: str, into: BinaryIO, most: int) -> None:
        await self._fetch(f"/v2/bot/message/{_plain(message_id)}/content", into, most)

    async def content_preview(self, message_id: str, most: int) -> bytes:
        into = io.BytesIO()
        await self._fetch(f"/v2/bot/message/{_plain(message_id)}/content/preview", into, most)
        return into.getvalue()

    async def _fetch(self, path: str, into: BinaryIO, most: int) -> None:
        """Bytes from LINE's host for contents. Raises Later, Never and TooLarge."""
        if self._session is None:
            raise RuntimeError("the client is not open")
        address = URL(f"{self._data}{path}", encoded=True)
        try:
            async with self._session.get(
                address, headers=self._headers, allow_redirects=False, timeout=CONTENT_TIMEOUT
            ) as response:
                _require_content(response)
                size = 0
                async for block in response.content.iter_chunked(BLOCK):
                    size += len(block)
                    if size > most:
                        response.close()
                        raise ports.TooLarge(f"more than {most} bytes")
                    into.write(block)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ports.Later(type(error).__name__) from None

    async def _send(self, path: str, body: bytes, retry_key: UUID | None = None) -> ports.Outcome:
        """LINE refuses a retry key wherever it knows none: it goes with pushes and multicasts only."""
        try:
            answer = await self._exchange("POST", path, body, retry_key)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return ports.Outcome(ports.End.UNSENT, detail=type(error).__name__)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return ports.Outcome(ports.End.AMBIGUOUS, detail=type(error).__name__)
        said = answer.json()
        detail = self._detail(said)
        end = _end(answer, retry_key is not None, detail)
        request_id = answer.request_id
        if answer.status == 409 and answer.accepted_id:
            request_id = answer.accepted_id
        sent = _sent_ids(said) if end is ports.End.ACCEPTED else ()
        return ports.Outcome(end, answer.status, request_id, detail, sent)

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        """The JSON object of the answer. Raises Later and Never, which name no person."""
        try:
            answer = await self._exchange(method, path, body)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ports.Later(type(error).__name__) from None
        if 200 <= answer.status < 300 and answer.body is not None:
            return answer.json()
        told = f"{answer.status} {self._detail(answer.json())}".rstrip()
        if answer.status in (400, 403, 404):
            raise ports.Never(told)
        if answer.status == 401:
            raise ports.Forbidden(told)
        raise ports.Later(told)

    async def _exchange(
        self, method: str, path: str, body: bytes | None = None, retry_key: UUID | None = None
    ) -> _Answer:
        if self._session is None:
            raise RuntimeError("the client is not open")
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if retry_key is not None:
            headers["X-Line-Retry-Key"] = str(retry_key)
        # A redirect would carry the token elsewhere.
        async with self._session.request(
            method, self._url(path), data=body, headers=headers, allow_redirects=False
        ) as response:
            return _Answer(
                response.status,
                response.headers.get("x-line-request-id"),
                response.headers.get("x-line-accepted-request-id"),
                await _body(response),
            )

    def _url(self, path: str) -> URL:
        return URL(f"{self._api}{path}", encoded=True)

    def _detail(self, said: dict[str, Any]) -> str:
        """LINE's own wording, cut short; nothing that echoes the token."""
        told = [said.get("message")]
        details = said.get("details")
        for detail in details[:3] if isinstance(details, list) else ():
            if isinstance(detail, dict):
                told += [detail.get("message"), detail.get("property")]
        text = " / ".join(part for part in told if isinstance(part, str) and part)
        return "" if self._token in text else " ".join(text.split())[:DETAIL_LENGTH]


def _quietly(quiet: bool) -> bytes:
    return b',"notificationDisabled":true' if quiet else b""


def _under(unit: str | None) -> bytes:
    return b',"customAggregationUnits":[' + orjson.dumps(unit) + b"]" if unit else b""


async def _body(response: aiohttp.ClientResponse) -> bytes | None:
    """The body; the status stands even when the rest breaks off."""
    body = bytearray()
    try:
        while chunk := await response.content.readany():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                response.close()
                return None
    except (aiohttp.ClientError, OSError, TimeoutError):
        return None
    return bytes(body)


def _require_content(response: aiohttp.ClientResponse) -> None:
    """Only 200 brings bytes; 202 says that LINE is still preparing them."""
    if response.status == 200:
        return
    if response.status in (400, 403, 404, 410):
        raise ports.Never(str(response.status))
    if response.status == 401:
        raise ports.Forbidden(str(response.status))
    raise ports.Later(str(response.status))


def _end(answer: _Answer, keyed: bool, detail: str) -> ports.End:
    status = answer.status
    if 200 <= status < 300 or (status == 409 and keyed):
        return ports.End.ACCEPTED
    # Nothing certain: LINE's own side, somebody between us, or a 400 whose words were lost on the way.
    if not 400 <= status < 500 or status in (408, 409) or (status == 400 and answer.body is None):
        return ports.End.AMBIGUOUS
    if status in (401, 403):
        return ports.End.FORBIDDEN
    if status == 429:
        return _too_many(detail.lower())
    return ports.End.REFUSED


def _too_many(detail: str) -> ports.End:
    """429 has several meanings, told apart by LINE's wording alone."""
    if "rate limit" in detail:
        return ports.End.RATE
    if "monthly limit" in detail:
        return ports.End.QUOTA
    return ports.End.BUSY


def _sent_ids(said: dict[str, Any]) -> tuple[str, ...]:
    """Message ids; LINE's reference calls them numbers and its server writes texts."""
    sent = said.get("sentMessages")
    found = [one.get("id") for one in sent if isinstance(one, dict)] if isinstance(sent, list) else []
    return tuple(str(one) for one in found if isinstance(one, str | int))


def _plain(id: str) -> str:
    """An id fit for a path. Raises Never."""
    if not PLAIN_ID.fullmatch(id):
        raise ports.Never("not an id of LINE's")
    return id


def _profile(user_id: str, said: dict[str, Any]) -> ports.Profile:
    picture, language = said.get("pictureUrl"), said.get("language")
    return ports.Profile(
        user_id,
        _name(said, "displayName"),
        picture if isinstance(picture, str) and VISIBLE.fullmatch(picture) else None,
        language if isinstance(language, str) and LANGUAGE.fullmatch(language) else None,
    )


def _coupon(said: dict[str, Any], running: bool) -> Coupon:
    """Raises Later for an id that is none."""
    number = _text(said, "couponId")
    if not PLAIN_ID.fullmatch(number):
        raise ports.Later("a coupon without an id")
    return Coupon(number, " ".join(_name(said, "title").split()), running)


def _name(said: dict[str, Any], key: str) -> str:
    """What somebody has called themselves, on one line and fit to be stored."""
    return NO_PART_OF_A_NAME.sub(" ", _text(said, key))[:NAME_LENGTH]


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str):
        raise ports.Later(f"an answer without {name}")
    return found


def _number(said: dict[str, Any], name: str) -> int:
    found = said.get(name)
    if isinstance(found, bool) or not isinstance(found, int):
        raise ports.Later(f"an answer without {name}")
    return found
