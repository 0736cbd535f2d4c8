"""Channel access tokens of a Login channel, which its LIFF server API asks for: stateless and short-lived ones [LS]."""

import secrets

from tests.simulator.api.answers import Answer
from tests.simulator.login import here as finding
from tests.simulator.login import oauth
from tests.simulator.login.door import Knock, LoginEndpoint, json, says_no
from tests.simulator.login.here import Here
from tests.simulator.providers.login_channels import SHORT_LIVED_KEPT, SHORT_LIVED_S, STATELESS_S


def whose(knock: Knock) -> Here | None:
    """None when the client is a messaging channel, or nobody."""
    return finding.by_client(knock.platform, knock.form().get("client_id"))


def stateless(here: Here, knock: Knock) -> Answer:
    check(here, knock)
    token = issued(here, STATELESS_S, "stateless")
    return json({"token_type": "Bearer", "access_token": token, "expires_in": STATELESS_S})


def short_lived(here: Here, knock: Knock) -> Answer:
    """30 days; the 31st revokes the oldest [section 8]."""
    check(here, knock)
    tokens = here.login.channel_tokens
    token = issued(here, SHORT_LIVED_S, "short")
    kept = [one for one in tokens if one.startswith("short.")]
    for old in kept[:-SHORT_LIVED_KEPT]:
        del tokens[old]
    return json({"access_token": token, "expires_in": SHORT_LIVED_S, "token_type": "Bearer"})


def issued(here: Here, seconds: int, kind: str) -> str:
    now = here.now_s()
    tokens = here.login.channel_tokens
    for old in [one for one, until in tokens.items() if until <= now]:
        del tokens[old]
    token = f"{kind}.{secrets.token_urlsafe(48)}"
    tokens[token] = now + seconds
    return token


def check(here: Here, knock: Knock) -> None:
    fields = knock.form()
    if fields.get("grant_type") != "client_credentials":
        raise says_no("invalid_request", "invalid grant_type")
    oauth.check_secret(here, fields)


ENDPOINTS = [
    LoginEndpoint("stateless_token", "POST", "/oauth2/v3/token", whose, stateless),
    LoginEndpoint("short_lived_token", "POST", "/v2/oauth/accessToken", whose, short_lived),
]
