"""OAuth of a messaging channel: its access tokens issued, verified and revoked [R#channel-access-token]."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from tests.simulator import tokens
from tests.simulator.api import answers, door
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel, Platform
from tests.simulator.limits import RATE, Rate
from tests.simulator.providers import jws, keys
from tests.simulator.webhooks.post import Postman

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AUDIENCE = "https://api.line.me/"
ASSERTION_S = 30 * 60
SCOPE = "P CM"

Fields = dict[str, str]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """find: whose call it is, or a refusal. at_login: LINE Login has the same address and comes first there."""

    name: str
    method: str
    path: str
    find: Callable[[Platform, Fields], Channel]
    act: Callable[[Channel, Fields], Answer]
    rate: Rate = RATE
    at_login: bool = False


def guard(platform: Platform, postman: Postman, endpoint: TokenEndpoint) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        call = await door.called(request, postman)
        fields = fields_of(call)
        try:
            channel = endpoint.find(platform, fields)
        except answers.Refusal as refusal:
            return door.respond(refusal.answer, call.request_id)
        act = partial(acted, endpoint, fields)
        known = Endpoint(endpoint.name, endpoint.method, endpoint.path, act, rate=endpoint.rate)
        return await door.passed(platform, channel, known, call, request)

    return handle


def acted(endpoint: TokenEndpoint, fields: Fields, channel: Channel, _call: Call) -> Answer:
    return endpoint.act(channel, fields)


def fields_of(call: Call) -> Fields:
    """Of the query, and of a form."""
    fields = dict(call.url.query)
    if call.content_type.lower().startswith("application/x-www-form-urlencoded"):
        fields.update(parse_qsl(call.raw.decode("utf-8", "replace"), keep_blank_values=True))
    return fields


def says_no(error: str, description: str, status: int = 400) -> answers.Refusal:
    body = {"error": error, "error_description": description}
    return answers.Refusal(Answer(status, orjson.dumps(body), note=description))


def by_secret(platform: Platform, fields: Fields) -> Channel:
    channel = platform.channels.get(fields.get("client_id", ""))
    if channel is None:
        raise says_no("invalid_client", "invalid client_id")
    if not hmac.compare_digest(fields.get("client_secret", "").encode(), channel.secret.encode()):
        raise says_no("invalid_client", "invalid client_secret")
    return channel


def by_secret_or_assertion(platform: Platform, fields: Fields) -> Channel:
    return by_assertion(platform, fields) if "client_assertion" in fields else by_secret(platform, fields)


def by_assertion(platform: Platform, fields: Fields) -> Channel:
    """A JWT signed with a key that is registered with the channel it speaks for."""
    if fields.get("client_assertion_type") != ASSERTION_TYPE:
        raise says_no("invalid_request", "invalid client_assertion_type")
    assertion = fields.get("client_assertion", "")
    try:
        header, claims = jws.claimed(assertion)
    except jws.Malformed:
        raise says_no("invalid_client", "invalid client_assertion") from None
    channel = platform.channels.get(str(claims.get("iss")))
    key = None if channel is None else channel.tokens.signing_keys.get(str(header.get("kid")))
    good = claims.get("sub") == claims.get("iss") and claims.get("aud") == AUDIENCE
    if channel is None or key is None or not good or not jws.is_by(assertion, keys.of_bot(key), "RS256"):
        raise says_no("invalid_client", "invalid client_assertion")
    left = seconds(claims.get("exp")) - channel.clock.now_ms() // 1000
    if not 0 < left <= ASSERTION_S:
        raise says_no("invalid_client", "invalid exp")
    return channel


def seconds(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def by_token(kinds: tuple[str, ...], malformed: str) -> Callable[[Platform, Fields], Channel]:
    """Whose token of these kinds it is, alive or not."""

    def find(platform: Platform, fields: Fields) -> Channel:
        text = fields.get("access_token", "")
        for channel in platform.channels.values():
            token = channel.tokens.given.get(text)
            if (token is not None and token.kind in kinds) or (tokens.LONG in kinds and text == channel.token):
                return channel
        raise says_no("invalid_request", malformed)

    return find


def check_grant(fields: Fields) -> None:
    if fields.get("grant_type") != "client_credentials":
        raise says_no("invalid_request", "invalid grant_type")


def short_lived(channel: Channel, fields: Fields) -> Answer:
    """30 days; the 31st revokes the oldest."""
    check_grant(fields)
    now = channel.clock.now_ms()
    text = channel.tokens.issue(tokens.SHORT, tokens.SHORT_S, now)
    for old in channel.tokens.alive(tokens.SHORT, now)[: -tokens.SHORT_MOST]:
        old.revoked = True
    return issued(text, tokens.SHORT_S)


def stateless(channel: Channel, fields: Fields) -> Answer:
    """15 minutes; any number; never revoked."""
    check_grant(fields)
    text = channel.tokens.issue(tokens.STATELESS, tokens.STATELESS_S, channel.clock.now_ms())
    return issued(text, tokens.STATELESS_S)


def by_assertion_or_grant(platform: Platform, fields: Fields) -> Channel:
    """Another grant at this address is one of LINE Login, for a client nobody knows."""
    if fields.get("grant_type") in ("authorization_code", "refresh_token"):
        raise says_no("invalid_client", "invalid client_id")
    return by_assertion(platform, fields)


def v2_1(channel: Channel, fields: Fields) -> Answer:
    """As long as the assertion wishes, 30 days at most; the 31st is refused."""
    check_grant(fields)
    wished = seconds(jws.claimed(fields["client_assertion"])[1].get("token_exp"))
    if not 0 < wished <= tokens.V2_1_MOST_S:
        raise says_no("invalid_client", "invalid token_exp")
    now = channel.clock.now_ms()
    if len(channel.tokens.alive(tokens.V2_1, now)) >= tokens.V2_1_MOST:
        raise says_no("invalid_request", "too many channel access tokens")
    text = channel.tokens.issue(tokens.V2_1, wished, now)
    return issued(text, wished, key_id=channel.tokens.given[text].kid)


def issued(text: str, lives_s: int, **more: Any) -> Answer:
    return answers.ok({"token_type": "Bearer", "access_token": text, "expires_in": lives_s, **more})


def key_ids(channel: Channel, fields: Fields) -> Answer:
    """Of the v2.1 tokens alive."""
    return answers.ok({"kids": [one.kid for one in channel.tokens.alive(tokens.V2_1, channel.clock.now_ms())]})


def verify(channel: Channel, fields: Fields) -> Answer:
    """The channel's fixed token of tests counts as a long-lived one."""
    now, text = channel.clock.now_ms(), fields["access_token"]
    token = channel.tokens.given.get(text) or tokens.Token(tokens.LONG, now + tokens.LONG_S * 1000)
    if token.revoked:
        raise says_no("invalid_request", "The access token revoked")
    if not token.alive(now):
        raise says_no("invalid_request", "The access token expired")
    return answers.ok({"client_id": channel.id, "expires_in": (token.until_ms - now) // 1000, "scope": SCOPE})


def anybody(platform: Platform, fields: Fields) -> Channel:
    """Revoking says nothing about whether there was such a token."""
    text = fields.get("access_token", "")
    for channel in platform.channels.values():
        if text in channel.tokens.given:
            return channel
    raise answers.Refusal(NOTHING)


def revoke_plain(channel: Channel, fields: Fields) -> Answer:
    return revoke(channel, fields, (tokens.LONG, tokens.SHORT))


def revoke_v2_1(channel: Channel, fields: Fields) -> Answer:
    return revoke(channel, fields, (tokens.V2_1,))


def revoke(channel: Channel, fields: Fields, kinds: tuple[str, ...]) -> Answer:
    token = channel.tokens.given.get(fields.get("access_token", ""))
    if token is not None and token.kind in kinds:
        token.revoked = True
    return NOTHING


NOTHING = Answer(200, b"", content_type="text/plain")
NO_JWS = "The access token not JWS"
ENDPOINTS = [
    TokenEndpoint("short_lived", "POST", "/v2/oauth/accessToken", by_secret, short_lived, Rate(370), at_login=True),
    TokenEndpoint(
        "verify", "POST", "/v2/oauth/verify", by_token((tokens.LONG, tokens.SHORT), "invalid access token"), verify
    ),
    TokenEndpoint("revoke", "POST", "/v2/oauth/revoke", anybody, revoke_plain),
    TokenEndpoint("stateless", "POST", "/oauth2/v3/token", by_secret_or_assertion, stateless, at_login=True),
    TokenEndpoint("token_v2_1", "POST", "/oauth2/v2.1/token", by_assertion_or_grant, v2_1, at_login=True),
    TokenEndpoint(
        "verify_v2_1",
        "GET",
        "/oauth2/v2.1/verify",
        by_token((tokens.V2_1, tokens.STATELESS), NO_JWS),
        verify,
        at_login=True,
    ),
    TokenEndpoint("revoke_v2_1", "POST", "/oauth2/v2.1/revoke", by_secret, revoke_v2_1, at_login=True),
    TokenEndpoint("key_ids", "GET", "/oauth2/v2.1/tokens/kid", by_assertion, key_ids),
]
