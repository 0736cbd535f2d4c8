"""Channel access tokens: four kinds, issued, counted, verified, revoked, ended by the channel's clock."""

from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.simulator.control import Channel, Declined
from tests.simulator_checks.bots import Line, Reply
from tests.simulator_checks.signing import ASSERTION, DAY, assertion, part, public_jwk

FORM = "application/x-www-form-urlencoded"


async def form(line: Line, path: str, **fields: str) -> Reply:
    return await line.post(path, data=urlencode(fields).encode(), content_type=FORM)


async def by_secret(line: Line, path: str, **more: str) -> Reply:
    keys = {"client_id": line.channel.id, "client_secret": line.channel.secret}
    return await form(line, path, **{"grant_type": "client_credentials", **keys, **more})


async def short_lived(line: Line) -> Reply:
    return await by_secret(line, "/v2/oauth/accessToken")


async def stateless(line: Line) -> Reply:
    return await by_secret(line, "/oauth2/v3/token")


async def opens(line: Line, token: str) -> bool:
    """Whether LINE's API takes it."""
    status = (await line.get("/v2/bot/info", token=token)).status
    assert status in (200, 401)
    return status == 200


@pytest.fixture
async def kid(channel: Channel) -> str:
    return await channel.register_signing_key(public_jwk())


async def v2_1(channel: Channel, line: Line, key: str, path: str = "/oauth2/v2.1/token", **changed: Any) -> Reply:
    return await form(
        line,
        path,
        grant_type="client_credentials",
        client_assertion_type=ASSERTION,
        client_assertion=await assertion(channel, key, **changed),
    )


async def key_ids(channel: Channel, line: Line, kid: str) -> list[str]:
    signed = await assertion(channel, kid)
    path = f"/oauth2/v2.1/tokens/kid?client_assertion_type={quote(ASSERTION)}&client_assertion={signed}"
    answer = await line.get(path)
    assert answer.status == 200
    kids: list[str] = answer.body["kids"]
    return kids


async def test_it_issues_a_short_lived_token_for_30_days(channel: Channel, line: Line) -> None:
    """30 d, by the channel's clock; then 401 [R#issue-shortlived-channel-access-token]"""
    answer = await short_lived(line)
    assert answer.status == 200
    token = answer.body["access_token"]
    assert {**answer.body, "access_token": ""} == {"token_type": "Bearer", "access_token": "", "expires_in": 30 * DAY}
    await channel.advance(days=29.99)
    assert await opens(line, token)
    await channel.advance(days=0.02)
    assert not await opens(line, token)
    assert await opens(line, channel.token)


async def test_it_keeps_thirty_short_lived_tokens(channel: Channel, line: Line) -> None:
    """30 max, oldest revoked [R#issue-shortlived-channel-access-token]"""
    tokens = [(await short_lived(line)).body["access_token"] for _ in range(31)]
    assert not await opens(line, tokens[0])
    assert await opens(line, tokens[1])
    assert await opens(line, tokens[30])


async def test_it_issues_stateless_tokens_for_15_minutes(channel: Channel, line: Line, kid: str) -> None:
    """15 min, unlimited, not revocable [R#issue-stateless-channel-access-token]"""
    tokens = []
    for _ in range(31):
        answer = await stateless(line)
        assert (answer.status, answer.body["expires_in"]) == (200, 900)
        tokens.append(answer.body["access_token"])
    by_assertion = await v2_1(channel, line, kid, "/oauth2/v3/token", token_exp=None)
    assert by_assertion.status == 200
    await by_secret(line, "/oauth2/v2.1/revoke", access_token=tokens[0])
    await form(line, "/v2/oauth/revoke", access_token=tokens[0])
    assert await opens(line, tokens[0])
    await channel.advance(minutes=14.9)
    assert await opens(line, tokens[0])
    await channel.advance(minutes=0.2)
    assert not await opens(line, tokens[0])
    assert not await opens(line, by_assertion.body["access_token"])


@pytest.mark.parametrize(("lives", "status"), [(1, 200), (30 * DAY, 200), (30 * DAY + 1, 400), (0, 400), ("1", 400)])
async def test_it_issues_v2_1_tokens_for_30_days_at_most(
    channel: Channel, line: Line, kid: str, lives: Any, status: int
) -> None:
    """JWT up to 30 d [R#issue-channel-access-token-v2-1]"""
    answer = await v2_1(channel, line, kid, token_exp=lives)
    assert answer.status == status
    if status == 200:
        assert answer.body["expires_in"] == lives
        assert await key_ids(channel, line, kid) == [answer.body["key_id"]]
        await channel.advance(seconds=lives + 1)
        assert not await opens(line, answer.body["access_token"])
        assert await key_ids(channel, line, kid) == []


async def test_it_refuses_the_31st_v2_1_token(channel: Channel, line: Line, kid: str) -> None:
    """30 max, extra refused [R#issue-channel-access-token-v2-1]"""
    tokens = [(await v2_1(channel, line, kid)).body["access_token"] for _ in range(30)]
    refused = await v2_1(channel, line, kid)
    assert (refused.status, refused.body["error"]) == (400, "invalid_request")
    assert len(await key_ids(channel, line, kid)) == 30
    assert await opens(line, tokens[0])
    await by_secret(line, "/oauth2/v2.1/revoke", access_token=tokens[0])
    assert not await opens(line, tokens[0])
    assert (await v2_1(channel, line, kid)).status == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "nobody"},
        {"sub": "nobody"},
        {"aud": "https://example.com/"},
        {"lives": 0},
        {"lives": 1_860},
        {"kid": "unknown"},
        {"alg": "HS256"},
        {"token_exp": None},
    ],
)
async def test_it_refuses_assertions_that_are_not_right(
    channel: Channel, line: Line, kid: str, changed: dict[str, Any]
) -> None:
    """iss and sub the channel, aud https://api.line.me/, exp within 30 minutes [G:generate-json-web-token]"""
    answer = await v2_1(channel, line, kid, **changed)
    assert (answer.status, answer.body["error"]) == (400, "invalid_client")


async def test_it_refuses_assertions_signed_by_others(simulator: Any, channel: Channel, line: Line, kid: str) -> None:
    signed = await assertion(channel, kid)
    words, _, signature = signed.rpartition(".")
    head, _, _ = words.partition(".")
    stranger = await simulator.new_channel()
    claims = part(f'{{"iss":"{stranger.id}","sub":"{stranger.id}"}}'.encode())
    for broken in (f"{words}.{signature[:-4]}AAAA", f"{head}.{claims}.{signature}", words, "x", ""):
        fields = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION, "client_assertion": broken}
        assert (await form(line, "/oauth2/v2.1/token", **fields)).status == 400


@pytest.mark.parametrize("broken", [{"kty": "EC"}, {"n": "AQAB"}, {"n": "é"}, {"e": ""}, {"n": None}], ids=str)
async def test_it_registers_public_rsa_keys_only(channel: Channel, broken: dict[str, Any]) -> None:
    with pytest.raises(Declined, match="public RSA key"):
        await channel.register_signing_key({**public_jwk(), **broken})


@pytest.mark.parametrize("path", ["/v2/oauth/accessToken", "/oauth2/v3/token"])
async def test_it_issues_nothing_without_the_secret(line: Line, path: str) -> None:
    """400 with error and error_description [R#issue-shortlived-channel-access-token]"""
    for wrong in ({"client_secret": "x"}, {"client_id": "x"}, {"grant_type": "x"}):
        answer = await by_secret(line, path, **wrong)
        assert answer.status == 400
        assert set(answer.body) == {"error", "error_description"}


async def test_it_verifies_short_and_long_lived_tokens(channel: Channel, line: Line) -> None:
    """client_id, expires_in, scope [R#verify-channel-access-token]"""
    token = (await short_lived(line)).body["access_token"]
    await channel.advance(days=1)
    answer = await form(line, "/v2/oauth/verify", access_token=token)
    assert answer.status == 200
    assert answer.body["client_id"] == channel.id
    assert 29 * DAY - 5 <= answer.body["expires_in"] <= 29 * DAY
    fixed = await form(line, "/v2/oauth/verify", access_token=channel.token)
    assert fixed.body["expires_in"] > 365 * DAY
    assert (await form(line, "/v2/oauth/verify", access_token="x")).status == 400
    assert (
        await form(line, "/v2/oauth/verify", access_token=(await stateless(line)).body["access_token"])
    ).status == 400


async def test_it_verifies_v2_1_tokens(channel: Channel, line: Line, kid: str) -> None:
    """expired and revoked ones are told apart [R#verify-channel-access-token-v2-1, 9.4]"""
    token = (await v2_1(channel, line, kid, token_exp=60)).body["access_token"]
    path = f"/oauth2/v2.1/verify?access_token={token}"
    answer = await line.get(path)
    assert (answer.status, answer.body["client_id"]) == (200, channel.id)
    assert 55 <= answer.body["expires_in"] <= 60
    await channel.advance(seconds=61)
    expired = await line.get(path)
    assert (expired.status, expired.body["error_description"]) == (400, "The access token expired")
    token = (await v2_1(channel, line, kid)).body["access_token"]
    await by_secret(line, "/oauth2/v2.1/revoke", access_token=token)
    revoked = await line.get(f"/oauth2/v2.1/verify?access_token={token}")
    assert (revoked.status, revoked.body["error_description"]) == (400, "The access token revoked")
    assert (await line.get("/oauth2/v2.1/verify?access_token=x")).status == 400


async def test_it_revokes_short_lived_tokens(channel: Channel, line: Line) -> None:
    """200 and nothing, whether there was one or not [R#revoke-longlived-or-shortlived-channel-access-token]"""
    token = (await short_lived(line)).body["access_token"]
    for _ in range(2):
        answer = await form(line, "/v2/oauth/revoke", access_token=token)
        assert (answer.status, answer.raw) == (200, b"")
    assert (await form(line, "/v2/oauth/revoke", access_token="x")).status == 200
    assert not await opens(line, token)
    await form(line, "/v2/oauth/revoke", access_token=channel.token)
    assert await opens(line, channel.token)


async def test_it_revokes_v2_1_tokens_by_the_channel_only(
    simulator: Any, channel: Channel, line: Line, kid: str
) -> None:
    """client_id and client_secret [R#revoke-channel-access-token-v2-1]"""
    token = (await v2_1(channel, line, kid)).body["access_token"]
    other = await simulator.new_channel()
    keys = {"client_id": other.id, "client_secret": other.secret}
    assert (await form(line, "/oauth2/v2.1/revoke", **keys, access_token=token)).status == 200
    assert await opens(line, token)
    wrong = {"client_id": channel.id, "client_secret": "x"}
    assert (await form(line, "/oauth2/v2.1/revoke", **wrong, access_token=token)).status == 400
    assert (await by_secret(line, "/oauth2/v2.1/revoke", access_token=token)).status == 200
    assert not await opens(line, token)


async def test_it_has_one_long_lived_token(channel: Channel, line: Line) -> None:
    """1, manual [section 8]; the fixed token of tests is always good besides"""
    first = await channel.long_lived_token()
    assert await opens(line, first)
    second = await channel.long_lived_token()
    assert not await opens(line, first)
    await channel.advance(days=3_650)
    assert await opens(line, second)
    assert await opens(line, channel.token)
    await form(line, "/v2/oauth/revoke", access_token=second)
    assert not await opens(line, second)


async def test_it_sends_with_an_issued_token(channel: Channel, line: Line) -> None:
    """a token is one of its own channel"""
    user = await channel.user("田中 花子")
    await user.follow()
    token = (await stateless(line)).body["access_token"]
    body = {"to": user.id, "messages": [{"type": "text", "text": "一時の鍵で"}]}
    assert (await line.post("/v2/bot/message/push", body, token=token)).status == 200
    assert await user.texts() == ["一時の鍵で"]


async def test_it_issues_370_short_lived_tokens_a_second(channel: Channel, line: Line) -> None:
    """370/s [R#rate-limits]; here at a tenth"""
    await channel.change(rate_scale=0.1, rate_refills=False)
    statuses = [(await short_lived(line)).status for _ in range(38)]
    assert statuses == [200] * 37 + [429]
