"""Makes what a login ends in: codes, access tokens and ID tokens."""

import secrets
from typing import Any

from tests.simulator.login.here import Here
from tests.simulator.providers import jws
from tests.simulator.providers.keys import Key, fresh_key
from tests.simulator.providers.login_channels import (
    CODE_S,
    ID_TOKEN_S,
    LIFF_ACCESS_S,
    REFRESH_S,
    WEB_ACCESS_S,
    Access,
    Ask,
    Code,
    Refresh,
)

Json = dict[str, Any]

ALGORITHMS = ("ES256", "HS256", "none")


def code(here: Here, ask: Ask, scopes: list[str]) -> str:
    """An authorization code: ten minutes, once [LLG:integrate-line-login]."""
    assert ask.user is not None
    made = secrets.token_urlsafe(15)
    here.login.codes[made] = Code(
        user=ask.user,
        scopes=scopes,
        redirect_uri=ask.redirect_uri,
        until_s=here.now_s() + CODE_S,
        amr=ask.amr,
        nonce=ask.nonce,
        auth_s=ask.auth_s if ask.wants_auth_time else None,
        challenge=ask.challenge,
        liff=ask.liff,
    )
    return made


def access_token(here: Here, user_id: str, scopes: list[str], liff: str | None) -> str:
    """A LIFF app's lives 12 hours, any other 30 days."""
    made = f"eyJhbGciOiJIUzI1NiJ9.{secrets.token_urlsafe(64)}.{secrets.token_urlsafe(32)}"
    until = here.now_s() + (WEB_ACCESS_S if liff is None else LIFF_ACCESS_S)
    here.login.give_access(made, Access(user_id, scopes, until, liff), here.now_s())
    return made


def refresh_token(here: Here, user_id: str, scopes: list[str]) -> str:
    made = secrets.token_urlsafe(15)
    here.login.give_refresh(made, Refresh(user_id, scopes, here.now_s() + REFRESH_S), here.now_s())
    return made


def claims(
    here: Here,
    user_id: str,
    scopes: list[str],
    *,
    amr: str | None = None,
    nonce: str | None = None,
    auth_s: int | None = None,
) -> Json:
    """The payload of an ID token; what has no value is left out [LLG:verify-id-token]."""
    person = here.channel.person(user_id)
    now = here.now_s()
    wanted: Json = {
        "iss": here.issuer,
        "sub": here.login.subject(user_id),
        "aud": here.login.id,
        "exp": now + ID_TOKEN_S,
        "iat": now,
        "auth_time": auth_s,
        "nonce": nonce,
        "amr": None if amr is None else [amr],
        "name": person.name if "profile" in scopes else None,
        "picture": person.picture_url if "profile" in scopes else None,
        "email": here.login.emails.get(user_id) if "email" in scopes else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def id_token(here: Here, content: Json, *, liff: bool) -> str:
    """LIFF apps get ES256 and a kid, web logins HS256 with the channel secret."""
    return signed(here, content, "ES256" if liff else "HS256")


def signed(here: Here, content: Json, algorithm: str, key: Key | None = None, secret: str | None = None) -> str:
    """With the algorithm's proper key unless another is given; "none" signs nothing."""
    if algorithm != "ES256":
        return jws.signed(content, secret or here.login.secret, algorithm)
    own = here.login.signing_key()
    return jws.signed(content, (key or own).signing(), algorithm, own.kid)


def forged(here: Here, content: Json, algorithm: str, key: str, tampered: bool) -> str:
    """A token as an attacker would send it.

    key: own (the proper one), foreign (a key LINE has never published, under the kid of the proper one), or public
    (HS256 with the published key's x as the secret: the confusion of algorithms). tampered: the signature of another
    payload.
    """
    if key == "foreign":
        return signed(here, content, "ES256", fresh_key())
    secret = here.login.signing_key().jwk()["x"] if key == "public" else None
    token = signed(here, content, algorithm, secret=secret)
    if not tampered:
        return token
    changed = signed(here, {**content, "sub": "U" + "0" * 32}, algorithm, secret=secret)
    return f"{changed.rpartition('.')[0]}.{token.rpartition('.')[2]}"
