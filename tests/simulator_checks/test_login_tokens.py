"""Tokens of LINE Login: issued, verified, refreshed, revoked; how long each lives; and those an attacker would send."""

import base64
import hashlib
import hmac
from pathlib import Path

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.simulator import control, keeping
from tests.simulator.providers.login_channels import Access, LoginChannel, Refresh
from tests.simulator_checks.bots import Line
from tests.simulator_checks.contract import process as watched
from tests.simulator_checks.logins import (
    CALLBACK,
    CHALLENGE,
    VERIFIER,
    browser,
    exchange,
    form,
    header,
    payload,
    verified,
)

SLACK = 60  # seconds of real time a test may take around a limit


@pytest.fixture
async def login(channel: control.Channel) -> control.LoginChannel:
    return await channel.login_channel(callback=CALLBACK)


@pytest.fixture
async def app(login: control.LoginChannel) -> control.LiffApp:
    return await login.liff_app(endpoint="https://salon.example.com/app")


async def code_for(login: control.LoginChannel, user: control.User, **request: str) -> str:
    async with browser(login.base_url) as visitor:
        visitor.holds(await login.session_cookie(user))
        await login.consents(user)
        return (await visitor.authorize(login, **request)).told["code"]


# --- from a code to tokens ----------------------------------------------------------------------------------


async def test_it_gives_tokens_for_a_code(login: control.LoginChannel, tanaka: control.User, line: Line) -> None:
    """[LL#issue-access-token]: 30 days, HS256 with the channel secret, the nonce of the request."""
    answer = await exchange(line, login, await code_for(login, tanaka, nonce="09876xyz"))
    assert answer.status == 200
    body = answer.body
    assert (body["expires_in"], body["token_type"], body["scope"]) == (2_592_000, "Bearer", "profile openid")
    assert header(body["id_token"]) == {"typ": "JWT", "alg": "HS256"}
    words, _, signature = body["id_token"].rpartition(".")
    mac = hmac.digest(login.secret.encode(), words.encode(), "sha256")
    assert base64.urlsafe_b64decode(signature + "=") == mac
    claims = payload(body["id_token"])
    assert claims.pop("exp") - claims.pop("iat") == 3_600
    assert claims == {
        "iss": login.issuer,
        "sub": tanaka.id,
        "aud": login.id,
        "nonce": "09876xyz",
        "amr": ["lineautologin"],
        "name": "田中 花子",
    }
    assert login.issuer == f"{login.base_url}/access"


async def test_it_takes_a_code_once(login: control.LoginChannel, tanaka: control.User, line: Line) -> None:
    """[LLG:integrate-line-login]"""
    code = await code_for(login, tanaka)
    assert (await exchange(line, login, code)).status == 200
    again = await exchange(line, login, code)
    assert (again.status, again.body["error"]) == (400, "invalid_grant")


async def test_a_code_lives_ten_minutes(
    login: control.LoginChannel, tanaka: control.User, line: Line, channel: control.Channel
) -> None:
    """[LLG:integrate-line-login]: valid for 10 minutes."""
    early, late = await code_for(login, tanaka), await code_for(login, tanaka)
    await channel.advance(seconds=600 - SLACK)
    assert (await exchange(line, login, early)).status == 200
    await channel.advance(seconds=SLACK + 1)
    assert (await exchange(line, login, late)).body["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"redirect_uri": CALLBACK + "/"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"client_secret": "f" * 32}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"client_id": "1234567890"}, "invalid_client"),
        ({"code": "x"}, "invalid_grant"),
    ],
)
async def test_it_gives_nothing_to_a_wrong_request_and_the_code_stays_good(
    login: control.LoginChannel, tanaka: control.User, line: Line, changed: dict[str, str | None], error: str
) -> None:
    code = await code_for(login, tanaka)
    refused = await exchange(line, login, code, **changed)
    assert (refused.status, refused.body["error"]) == (400, error)
    assert (await exchange(line, login, code)).status == 200


@pytest.mark.parametrize("wrong", [None, "x" * 42, "x" * 43, "x" * 129, VERIFIER[:-1] + "+"])
async def test_a_challenge_wants_its_verifier(
    login: control.LoginChannel, tanaka: control.User, line: Line, wrong: str | None
) -> None:
    """[LLG:integrate-pkce]: S256, 43 to 128 of A-Z a-z 0-9 -._~"""
    code = await code_for(login, tanaka, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert (await exchange(line, login, code, code_verifier=wrong)).body["error"] == "invalid_grant"
    assert (await exchange(line, login, code, code_verifier=VERIFIER)).status == 200


async def test_a_verifier_may_have_128_characters(
    login: control.LoginChannel, tanaka: control.User, line: Line
) -> None:
    """[LLG:integrate-pkce]"""
    verifier = "~" * 128
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    code = await code_for(login, tanaka, code_challenge=challenge, code_challenge_method="S256")
    assert (await exchange(line, login, code, code_verifier=verifier)).status == 200


async def test_auth_time_is_told_when_max_age_was_asked_for(
    login: control.LoginChannel, tanaka: control.User, line: Line
) -> None:
    """[LL#verify-id-token]"""
    without = (await exchange(line, login, await code_for(login, tanaka))).body["id_token"]
    with_it = (await exchange(line, login, await code_for(login, tanaka, max_age="3600"))).body["id_token"]
    assert "auth_time" not in payload(without)
    assert payload(with_it)["auth_time"] <= payload(with_it)["iat"]


# --- refresh, verify, revoke --------------------------------------------------------------------------------


async def test_a_refresh_token_lives_ninety_days_and_stays_the_same(
    login: control.LoginChannel, tanaka: control.User, line: Line, channel: control.Channel
) -> None:
    """[LL#refresh-access-token]: refreshing does not extend it."""
    issued = (await exchange(line, login, await code_for(login, tanaka))).body
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": issued["refresh_token"],
        "client_id": login.id,
        "client_secret": login.secret,
    }
    await channel.advance(days=90, seconds=-SLACK)
    again = await form(line, "/oauth2/v2.1/token", **fields)
    assert (again.status, again.body["refresh_token"]) == (200, issued["refresh_token"])
    assert again.body["access_token"] != issued["access_token"]
    await channel.advance(seconds=SLACK + 1)
    over = await form(line, "/oauth2/v2.1/token", **fields)
    assert (over.status, over.body) == (
        400,
        {"error": "invalid_grant", "error_description": "invalid refresh token"},
    )


async def test_a_web_access_token_lives_thirty_days(
    login: control.LoginChannel, tanaka: control.User, line: Line, channel: control.Channel
) -> None:
    """[LL#issue-access-token]"""
    token = (await login.tokens(tanaka))["access_token"]
    await channel.advance(days=30, seconds=-SLACK)
    alive = await line.get(f"/oauth2/v2.1/verify?access_token={token}")
    assert (alive.status, alive.body["client_id"], alive.body["scope"]) == (200, login.id, "openid profile")
    assert 0 < alive.body["expires_in"] <= SLACK
    await channel.advance(seconds=SLACK + 1)
    over = await line.get(f"/oauth2/v2.1/verify?access_token={token}")
    expired = {"error": "invalid_request", "error_description": "The access token expired"}
    assert (over.status, over.body) == (400, expired)
    assert (await line.get("/v2/profile", token=token)).status == 401


async def test_a_liff_access_token_lives_twelve_hours_and_its_id_token_one(
    login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, line: Line, channel: control.Channel
) -> None:
    """[LR#get-access-token, LR#get-id-token]"""
    made = await login.tokens(tanaka, app=app)
    await channel.advance(hours=1, seconds=-SLACK)
    assert (await verified(line, login, made["id_token"])).status == 200
    await channel.advance(seconds=SLACK + 1)
    assert (await verified(line, login, made["id_token"])).body["error_description"] == "IdToken expired."
    await channel.advance(hours=11, seconds=-SLACK - 1)
    assert (await line.get(f"/oauth2/v2.1/verify?access_token={made['access_token']}")).status == 200
    await channel.advance(seconds=SLACK + 1)
    assert (await line.get(f"/oauth2/v2.1/verify?access_token={made['access_token']}")).status == 400


async def test_a_revoked_access_token_is_good_for_nothing(
    login: control.LoginChannel, tanaka: control.User, line: Line
) -> None:
    """[LL#revoke-access-token, LL#verify-access-token]"""
    token = (await login.tokens(tanaka))["access_token"]
    denied = await form(line, "/oauth2/v2.1/revoke", access_token=token, client_id=login.id, client_secret="no")
    assert (denied.status, denied.body["error"]) == (400, "invalid_client")
    done = await form(line, "/oauth2/v2.1/revoke", access_token=token, client_id=login.id, client_secret=login.secret)
    assert (done.status, done.raw) == (200, b"")
    answer = await line.get(f"/oauth2/v2.1/verify?access_token={token}")
    assert (answer.status, answer.body["error_description"]) == (400, "The access token revoked")
    assert (await line.get("/v2/profile", token=token)).status == 401


# --- ID tokens that are wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "expected", "words"),
    [
        ({"iss": "https://access.line.me.example.com"}, {}, "Invalid IdToken Issuer."),
        ({"exp": 1_600_000_000}, {}, "IdToken expired."),
        ({"aud": "1234567890"}, {}, "Invalid IdToken Audience."),
        ({"nonce": "a"}, {"nonce": "b"}, "Invalid IdToken Nonce."),
        ({}, {"nonce": "b"}, "Invalid IdToken Nonce."),
        ({}, {"user_id": "U" + "0" * 32}, "Invalid IdToken Subject Identifier."),
    ],
)
async def test_verify_says_what_is_wrong_with_an_id_token(
    login: control.LoginChannel,
    app: control.LiffApp,
    tanaka: control.User,
    line: Line,
    claims: dict[str, str],
    expected: dict[str, str],
    words: str,
) -> None:
    """[LL#verify-id-token]"""
    token = (await login.tokens(tanaka, app=app, claims=claims))["id_token"]
    answer = await verified(line, login, token, **expected)
    assert (answer.status, answer.body) == (400, {"error": "invalid_request", "error_description": words})


@pytest.mark.parametrize(
    "attack",
    [
        {"algorithm": "none"},
        {"algorithm": "HS256", "key": "public"},
        {"key": "foreign"},
        {"tampered": True},
        {"algorithm": "HS256", "tampered": True},
    ],
    ids=str,
)
async def test_verify_believes_no_forged_signature(
    login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, line: Line, attack: dict[str, str]
) -> None:
    """[LL#verify-id-token]: malformed, or the signature is invalid."""
    token = (await login.tokens(tanaka, app=app, **attack))["id_token"]  # type: ignore[arg-type]
    answer = await verified(line, login, token)
    assert (answer.status, answer.body["error_description"]) == (400, "Invalid IdToken.")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "e30.W10.AAAA", "é.é.é"])
async def test_verify_takes_no_rubbish(login: control.LoginChannel, line: Line, token: str) -> None:
    answer = await verified(line, login, token)
    assert (answer.status, answer.body["error_description"]) == (400, "Invalid IdToken.")


async def test_verify_gives_the_payload_of_a_good_one(
    login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, line: Line
) -> None:
    for made in (await login.tokens(tanaka), await login.tokens(tanaka, app=app)):
        answer = await verified(line, login, made["id_token"], user_id=tanaka.id)
        assert (answer.status, answer.body) == (200, payload(made["id_token"]))


async def test_a_token_of_another_channel_is_for_another_audience(
    channel: control.Channel, login: control.LoginChannel, tanaka: control.User, line: Line
) -> None:
    other = await channel.login_channel(name="べつの店")
    app = await other.liff_app(endpoint="https://other.example.com")
    token = (await other.tokens(tanaka, app=app))["id_token"]
    assert (await verified(line, login, token)).body["error_description"] == "Invalid IdToken Audience."


async def test_the_issuer_is_the_simulator_unless_told_otherwise(
    login: control.LoginChannel, app: control.LiffApp, tanaka: control.User
) -> None:
    """[section 10]: its host must never be mistaken for LINE's."""
    assert payload((await login.tokens(tanaka, app=app))["id_token"])["iss"] == login.login_url
    await login.change(issuer="https://access.line.me")
    assert payload((await login.tokens(tanaka, app=app))["id_token"])["iss"] == "https://access.line.me"


# --- keys ---------------------------------------------------------------------------------------------------


async def kids(line: Line) -> list[str]:
    return [key["kid"] for key in (await line.get("/oauth2/v2.1/certs")).body["keys"]]


async def test_the_key_of_a_liff_token_stands_in_the_jwks(
    login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, line: Line
) -> None:
    """[LLG:verify-id-token]: ES256, found by kid."""
    token = (await login.tokens(tanaka, app=app))["id_token"]
    head = header(token)
    (key,) = [one for one in (await line.get("/oauth2/v2.1/certs")).body["keys"] if one["kid"] == head["kid"]]
    assert (head["alg"], head["typ"]) == ("ES256", "JWT")
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert set(key) == {"kty", "crv", "alg", "use", "kid", "x", "y"}
    assert jwt.decode(token, jwt.PyJWK(key), audience=login.id, issuer=login.issuer) == payload(token)


async def test_keys_rotate_and_old_tokens_stay_good_while_their_key_is_kept(
    login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, line: Line
) -> None:
    before = (await login.tokens(tanaka, app=app))["id_token"]
    new = await login.rotate_keys()
    after = (await login.tokens(tanaka, app=app))["id_token"]
    assert header(after)["kid"] == new != header(before)["kid"]
    assert {new, header(before)["kid"]} <= set(await kids(line))
    assert (await verified(line, login, before)).status == (await verified(line, login, after)).status == 200
    await login.rotate_keys(keep_old=False)
    assert not {new, header(before)["kid"]} & set(await kids(line))


async def test_a_key_may_sign_before_it_is_published(
    login: control.LoginChannel, app: control.LiffApp, tanaka: control.User, line: Line
) -> None:
    """What makes a bot fall back on the verify endpoint."""
    kid = await login.rotate_keys(published=False)
    token = (await login.tokens(tanaka, app=app))["id_token"]
    assert header(token)["kid"] == kid
    assert kid not in await kids(line)
    assert (await verified(line, login, token)).status == 200


async def test_the_provider_describes_itself(login: control.LoginChannel, line: Line) -> None:
    found = await line.get("/access/.well-known/openid-configuration")
    assert found.body["issuer"] == login.issuer
    assert found.body["jwks_uri"] == f"{login.base_url}/oauth2/v2.1/certs"


# --- what a token tells -------------------------------------------------------------------------------------


async def test_profile_and_friendship_need_the_profile_permission(
    login: control.LoginChannel, tanaka: control.User, line: Line
) -> None:
    """[LL#get-user-profile, LL#get-friendship-status]"""
    await tanaka.change(picture_url="https://profile.example.com/t", status_message="元気です")
    token = (await login.tokens(tanaka, scopes=["profile"]))["access_token"]
    assert (await line.get("/v2/profile", token=token)).body == {
        "userId": tanaka.id,
        "displayName": "田中 花子",
        "pictureUrl": "https://profile.example.com/t",
        "statusMessage": "元気です",
    }
    assert (await line.get("/friendship/v1/status", token=token)).body == {"friendFlag": True}
    assert (await line.get("/oauth2/v2.1/userinfo", token=token)).status == 403
    await tanaka.block()
    assert (await line.get("/friendship/v1/status", token=token)).body == {"friendFlag": False}
    other = (await login.tokens(tanaka, scopes=["openid"]))["access_token"]
    assert (await line.get("/v2/profile", token=other)).status == 403
    assert (await line.get("/friendship/v1/status", token=other)).status == 403
    assert (await line.get("/oauth2/v2.1/userinfo", token=other)).body == {"sub": tanaka.id}


async def test_user_information_names_the_person_with_the_profile_permission(
    login: control.LoginChannel, tanaka: control.User, line: Line
) -> None:
    """[LL#userinfo]: GET and POST."""
    token = (await login.tokens(tanaka))["access_token"]
    for answer in (
        await line.get("/oauth2/v2.1/userinfo", token=token),
        await line.post("/oauth2/v2.1/userinfo", token=token),
    ):
        assert answer.body == {"sub": tanaka.id, "name": "田中 花子"}


async def test_nobody_is_known_by_a_token_that_was_never_issued(line: Line, login: control.LoginChannel) -> None:
    assert (await line.get("/v2/profile", token="x")).status == 401
    answer = await line.get("/oauth2/v2.1/verify?access_token=x")
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


async def test_another_provider_sees_other_user_ids(channel: control.Channel, tanaka: control.User, line: Line) -> None:
    """[1.4, 9.1]: and its Login channel cannot be linked to this account."""
    with pytest.raises(control.Declined, match="another provider"):
        await channel.login_channel(provider="べつの会社")
    login = await channel.login_channel(provider="べつの会社", linked=False)
    made = await login.tokens(tanaka)
    profile = await line.get("/v2/profile", token=made["access_token"])
    assert profile.body["userId"] == payload(made["id_token"])["sub"] != tanaka.id
    friendship = await line.get("/friendship/v1/status", token=made["access_token"])
    assert (friendship.status, friendship.message) == (400, "There is no login bot linked to this channel.")


async def test_a_channel_gives_permissions_back(login: control.LoginChannel, tanaka: control.User, line: Line) -> None:
    """[LL#deauthorize]: once; the person is asked anew, and earlier tokens are dead."""
    await login.consents(tanaka)
    body = {"userAccessToken": (await login.tokens(tanaka))["access_token"]}
    channel_token = await login.channel_token()
    assert (await line.post("/user/v1/deauthorize", body, token=channel_token)).status == 204
    again = await line.post("/user/v1/deauthorize", body, token=channel_token)
    assert (again.status, again.message) == (400, "invalid token")
    async with browser(login.base_url) as visitor:
        visitor.holds(await login.session_cookie(tanaka))
        assert "許可する" in (await visitor.authorize(login)).text


async def test_pages_of_other_hosts_may_call_what_liff_needs(login: control.LoginChannel, line: Line) -> None:
    """A browser asks first (CORS); the server API of LIFF is for servers only."""
    for path in ("/v2/profile", "/friendship/v1/status", "/oauth2/v2.1/token", "/liff/v2/messages"):
        asked = await line.ask("OPTIONS", path)
        assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, "*")
        assert "authorization" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-origin" not in (await line.get("/liff/v1/apps")).headers


async def test_logins_survive_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = watched.start("--state", str(state))
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.new_channel(channel_id="kept")
        tanaka = await channel.user("田中 花子")
        login = await channel.login_channel(callback=CALLBACK)
        app = await login.liff_app(endpoint="https://salon.example.com/app", scans="12345", qr_code=True)
        await login.consents(tanaka)
        code = await code_for(login, tanaka)
        made = await login.tokens(tanaka, app=app)
    assert process.stop() == 0
    process = watched.start("--state", str(state))
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.channel("kept")
        again = await channel.login_channel(callback=CALLBACK)
        line = Line(simulator.session, channel)
        assert (again.id, again.secret) == (login.id, login.secret)
        assert header(made["id_token"])["kid"] in await kids(line)
        assert (await line.get("/v2/profile", token=made["access_token"])).body["userId"] == tanaka.id
        assert (await exchange(line, again, code)).status == 200
        assert (await again.liff_app(endpoint="https://salon.example.com/two")).id != app.id
    assert process.stop() == 0


async def test_a_key_of_an_older_state_file_stays_the_same(tmp_path: Path) -> None:
    """They had the private number in hex; a key that is none stops the start."""
    state = tmp_path / "state.json"
    process = watched.start("--state", str(state))
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.new_channel(channel_id="kept")
        login = await channel.login_channel()
        app = await login.liff_app(endpoint="https://salon.example.com/app")
        made = await login.tokens(await channel.user("田中 花子"), app=app)
        published = (await Line(simulator.session, channel).get("/oauth2/v2.1/certs")).body
    assert process.stop() == 0
    kept = orjson.loads(state.read_bytes())
    (key,) = kept["channels"][0]["logins"]["channels"][login.id]["keys"]
    private = load_pem_private_key(key["private"].encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    key["private"] = f"{private.private_numbers().private_value:064x}"
    state.write_bytes(orjson.dumps(kept))
    process = watched.start("--state", str(state))
    async with control.Simulator(process.base_url) as simulator:
        channel = await simulator.channel("kept")
        line = Line(simulator.session, channel)
        assert (await line.get("/oauth2/v2.1/certs")).body == published
        claims = await verified(line, await channel.login_channel(), made["id_token"])
        assert (claims.status, claims.body["error_description"]) == (400, "Invalid IdToken Issuer.")  # another port
    assert process.stop() == 0
    key["private"] = "no key"
    state.write_bytes(orjson.dumps(kept))
    with pytest.raises(ValueError, match="logins"):
        keeping.load(state)


def test_it_forgets_tokens_that_ended_long_ago() -> None:
    login = LoginChannel("2000000001", "予約", "s")
    login.give_access("first", Access("U1", [], until_s=100), 0)
    login.give_access("second", Access("U1", [], until_s=1_000_000), 100 + 86_400)
    assert list(login.access) == ["first", "second"]
    login.give_access("third", Access("U1", [], until_s=1_000_000), 101 + 86_400)
    assert list(login.access) == ["second", "third"]
    login.give_refresh("first", Refresh("U1", [], until_s=100), 0)
    login.give_refresh("second", Refresh("U1", [], until_s=200), 100)
    assert list(login.refresh) == ["second"]
