"""ID tokens proved: LINE's own, and all that an attacker would show us instead."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import identity
from jobs import ports
from storage import database, spent_tokens
from tests.simulator import control

TOKEN, OTHER = "1" * 64, "2" * 64


def now() -> datetime:
    return datetime.now(UTC)


class Way:
    """The way to LINE: some paths may be down, all are counted."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.address = ""
        self.down: set[str] = set()
        self.calls: list[str] = []

    async def pass_on(self, request: web.Request) -> web.Response:
        self.calls.append(request.path)
        if request.path in self.down:
            return web.Response(status=503)
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method, self.line + request.path_qs, data=await request.read(), headers=headers
            ) as answer,
        ):
            return web.Response(status=answer.status, body=await answer.read(), content_type="application/json")


CERTS, VERIFY = "/oauth2/v2.1/certs", "/oauth2/v2.1/verify"


@pytest.fixture
async def login(channel: control.Channel) -> control.LoginChannel:
    return await channel.login_channel(callback="https://salon.example.com/callback")


@pytest.fixture
async def app(login: control.LoginChannel) -> control.LiffApp:
    return await login.liff_app(endpoint="https://salon.example.com")


@pytest.fixture
async def tanaka(channel: control.Channel) -> control.User:
    return await channel.user("田中 花子")


@pytest.fixture
async def way(channel: control.Channel) -> AsyncIterator[Way]:
    way = Way(channel.api_url)
    site = web.Application()
    site.router.add_route("*", "/{path:.*}", way.pass_on)
    async with TestServer(site) as server:
        way.address = str(server.make_url("")).rstrip("/")
        yield way


@pytest.fixture
async def proof(way: Way, login: control.LoginChannel) -> AsyncIterator[identity.Proof]:
    async with identity.Proof(way.address, login.issuer, login.id) as proof:
        yield proof


async def refused(proof: identity.Proof, token: str, later: timedelta = timedelta()) -> str:
    with pytest.raises(ports.Unproven) as caught:
        await proof.prove(token, now() + later)
    return caught.value.code


async def test_it_knows_who_has_logged_in(
    proof: identity.Proof, login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, way: Way
) -> None:
    token = (await login.tokens(tanaka, app=app))["id_token"]
    person = await proof.prove(token, now())
    assert (person.user_id, person.name) == (tanaka.id, "田中 花子")
    assert timedelta(minutes=55) < person.until - now() < timedelta(minutes=65)
    assert await proof.prove(token, now()) == person
    assert way.calls == [CERTS]


ATTACKS: Mapping[str, tuple[dict[str, Any], str]] = {
    "signed by a key LINE never published": ({"key": "foreign"}, "signature"),
    "with the signature of another payload": ({"tampered": True}, "signature"),
    "for another channel": ({"claims": {"aud": "1234567890"}}, "audience"),
    "for several channels": ({"claims": {"aud": ["1234567890", "1"]}}, "audience"),
    "from another issuer": ({"claims": {"iss": "https://access.line.me.example.com"}}, "issuer"),
    "out of date": ({"claims": {"exp": 1_680_000_000}}, "expired"),
    "without an end": ({"claims": {"exp": None}}, "expired"),
    "with an end that is no time": ({"claims": {"exp": "9999999999"}}, "expired"),
    "of tomorrow": ({"claims": {"iat": 4_000_000_000}}, "expired"),
    "of nobody": ({"claims": {"sub": ""}}, "malformed"),
    "of somebody who is no LINE user": ({"claims": {"sub": "U1' OR 1=1"}}, "malformed"),
    "signed with the public key as a secret": ({"algorithm": "HS256", "key": "public"}, "algorithm"),
    "signed with the channel secret": ({"algorithm": "HS256"}, "algorithm"),
    "not signed at all": ({"algorithm": "none"}, "algorithm"),
}


@pytest.mark.parametrize("attack", ATTACKS)
async def test_it_refuses_a_token(
    attack: str, proof: identity.Proof, login: control.LoginChannel, app: control.LiffApp, tanaka: control.User
) -> None:
    changed, code = ATTACKS[attack]
    token = (await login.tokens(tanaka, app=app, **changed))["id_token"]
    assert await refused(proof, token) == code


@pytest.mark.parametrize("attack", ["audience", "issuer", "expired", "signature"])
async def test_it_refuses_the_same_where_only_line_can_prove_it(
    attack: str,
    proof: identity.Proof,
    login: control.LoginChannel,
    app: control.LiffApp,
    tanaka: control.User,
    way: Way,
) -> None:
    way.down.add(CERTS)
    said, _ = next(case for case in ATTACKS.values() if case[1] == attack)
    token = (await login.tokens(tanaka, app=app, **said))["id_token"]
    assert await refused(proof, token) in ("signature", attack)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "é.é.é", "." * 100, "eyJhbGciOiJFUzI1NiJ9.e30.AA", "x" * 100_000])
async def test_it_refuses_what_is_no_token(token: str, proof: identity.Proof, way: Way) -> None:
    assert await refused(proof, token) == "malformed"
    assert not way.calls


async def test_it_expires_by_the_business_time(
    proof: identity.Proof, login: control.LoginChannel, app: control.LiffApp, tanaka: control.User
) -> None:
    token = (await login.tokens(tanaka, app=app))["id_token"]
    assert await refused(proof, token, timedelta(minutes=63)) == "expired"


async def test_it_asks_once_for_keys_it_does_not_know(
    proof: identity.Proof, login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, way: Way
) -> None:
    """A stranger who makes up names of keys does not make us ask LINE for each of them."""
    await login.rotate_keys(published=False)
    token = (await login.tokens(tanaka, app=app))["id_token"]
    for _ in range(5):
        assert await refused(proof, token) == "signature"
    assert way.calls == [CERTS]


async def test_it_takes_up_a_new_key_of_lines(
    proof: identity.Proof,
    login: control.LoginChannel,
    app: control.LiffApp,
    tanaka: control.User,
    way: Way,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await proof.prove((await login.tokens(tanaka, app=app))["id_token"], now())
    await login.rotate_keys()
    monkeypatch.setattr(identity, "ASKED_AGAIN", 0.0)
    assert (await proof.prove((await login.tokens(tanaka, app=app))["id_token"], now())).user_id == tanaka.id
    assert way.calls == [CERTS, CERTS]


async def test_it_lets_line_prove_it_while_the_keys_cannot_be_had(
    proof: identity.Proof, login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, way: Way
) -> None:
    token = (await login.tokens(tanaka, app=app))["id_token"]
    way.down.add(CERTS)
    assert (await proof.prove(token, now())).user_id == tanaka.id
    assert way.calls == [CERTS, VERIFY]
    way.down.add(VERIFY)
    assert await refused(proof, token) == "unavailable"


async def test_it_keeps_known_keys_while_line_is_away(
    proof: identity.Proof,
    login: control.LoginChannel,
    app: control.LiffApp,
    tanaka: control.User,
    way: Way,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = (await login.tokens(tanaka, app=app))["id_token"]
    await proof.prove(token, now())
    way.down |= {CERTS, VERIFY}
    monkeypatch.setattr(identity, "KEYS_LIVE", 0.0)
    monkeypatch.setattr(identity, "ASKED_AGAIN", 0.0)
    assert (await proof.prove(token, now())).user_id == tanaka.id
    assert way.calls == [CERTS, CERTS]


async def test_it_hears_from_line_who_is_a_friend(
    proof: identity.Proof,
    login: control.LoginChannel,
    app: control.LiffApp,
    channel: control.Channel,
    tanaka: control.User,
) -> None:
    token = (await login.tokens(tanaka, app=app))["access_token"]
    assert await proof.friendship(token, tanaka.id) is False
    await tanaka.follow()
    assert await proof.friendship(token, tanaka.id) is True
    stranger = await channel.user("鈴木 一郎")
    assert await proof.friendship(token, stranger.id) is None
    assert await proof.friendship("made up", tanaka.id) is None
    assert await proof.friendship("x\r\nX-Evil: 1", tanaka.id) is None


async def test_it_does_not_believe_another_channels_token(
    proof: identity.Proof, channel: control.Channel, tanaka: control.User
) -> None:
    other = await channel.login_channel(name="別のログイン", callback="https://other.example.com")
    app = await other.liff_app(endpoint="https://other.example.com")
    tokens = await other.tokens(tanaka, app=app)
    assert await proof.friendship(tokens["access_token"], tanaka.id) is None
    assert await refused(proof, tokens["id_token"]) == "audience"


async def test_a_token_is_good_for_the_browser_that_showed_it_first(db: str) -> None:
    until = now()
    assert await spent_tokens.spend(TOKEN, "mine", until)
    assert await spent_tokens.spend(TOKEN, "mine", until)
    assert not await spent_tokens.spend(TOKEN, "another's", until)
    assert await spent_tokens.spend(OTHER, "another's", until + timedelta(days=2))
    assert await spent_tokens.purge(until + timedelta(days=1, minutes=1), 10) == 1
    assert await database.value("SELECT hash FROM spent_tokens") == OTHER
