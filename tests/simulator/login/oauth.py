"""Tokens of logins: issued for a code, refreshed, verified, revoked (LINE_PLATFORM 9.4)."""

import base64
import hashlib
import hmac
import re

from tests.simulator.api.answers import Answer
from tests.simulator.login import here as finding
from tests.simulator.login import issuing
from tests.simulator.login.door import Knock, LoginEndpoint, json, says_no, wrong
from tests.simulator.login.here import Here
from tests.simulator.providers import jws
from tests.simulator.providers.login_channels import LIFF_ACCESS_S, WEB_ACCESS_S, Access

VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
OURS = ("authorization_code", "refresh_token")


def whose_token(knock: Knock) -> Here | None:
    """grant_type=client_credentials asks for a channel's own token and is not for us."""
    fields = knock.form()
    ours = fields.get("grant_type") in OURS
    return finding.by_client(knock.platform, fields.get("client_id")) if ours else None


def token(here: Here, knock: Knock) -> Answer:
    fields = knock.form()
    return exchanged(here, fields) if fields["grant_type"] == "authorization_code" else refreshed(here, fields)


def exchanged(here: Here, fields: dict[str, str]) -> Answer:
    """A code becomes tokens, once. A LIFF app has no secret: its PKCE stands in for it."""
    login, now = here.login, here.now_s()
    made = login.codes.get(fields.get("code", ""))
    if made is None or made.until_s <= now:
        raise says_no("invalid_grant", "invalid authorization code")
    if made.liff is None or "client_secret" in fields:
        check_secret(here, fields)
    if fields.get("redirect_uri") != made.redirect_uri:
        raise says_no("invalid_grant", "redirect_uri does not match")
    check_verifier(made.challenge, fields.get("code_verifier"))
    del login.codes[fields["code"]]
    body = {
        "access_token": issuing.access_token(here, made.user, made.scopes, made.liff),
        "expires_in": WEB_ACCESS_S if made.liff is None else LIFF_ACCESS_S,
        "scope": shown(made.scopes),
        "token_type": "Bearer",
    }
    if made.liff is None:
        body["refresh_token"] = issuing.refresh_token(here, made.user, made.scopes)
    if "openid" in made.scopes:
        content = issuing.claims(here, made.user, made.scopes, amr=made.amr, nonce=made.nonce, auth_s=made.auth_s)
        body["id_token"] = issuing.id_token(here, content, liff=made.liff is not None)
    return json(body)


def check_secret(here: Here, fields: dict[str, str]) -> None:
    if not hmac.compare_digest(fields.get("client_secret", "").encode(), here.login.secret.encode()):
        raise says_no("invalid_client", "invalid client_secret")


def check_verifier(challenge: str | None, verifier: str | None) -> None:
    """PKCE with S256; a verifier without a challenge is ignored [?]."""
    if challenge is None:
        return
    if verifier is None or not VERIFIER.fullmatch(verifier):
        raise says_no("invalid_grant", "invalid code_verifier")
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if made != challenge:
        raise says_no("invalid_grant", "invalid code_verifier")


def refreshed(here: Here, fields: dict[str, str]) -> Answer:
    """A new access token; the refresh token stays the same and lives no longer for it [LL#refresh-access-token]."""
    check_secret(here, fields)
    kept = here.login.refresh.get(fields.get("refresh_token", ""))
    if kept is None or kept.until_s <= here.now_s():
        raise says_no("invalid_grant", "invalid refresh token")
    return json(
        {
            "token_type": "Bearer",
            "scope": shown(kept.scopes),
            "access_token": issuing.access_token(here, kept.user, kept.scopes, None),
            "expires_in": WEB_ACCESS_S,
            "refresh_token": fields["refresh_token"],
        }
    )


def whose_access(knock: Knock) -> Here | None:
    found = finding.by_access(knock.platform, knock.call.query("access_token") or "")
    return None if found is None else found[0]


def verify_access(here: Here, knock: Knock) -> Answer:
    access = here.login.access[knock.call.query("access_token") or ""]
    check_alive(here, access)
    return json(
        {"scope": shown(access.scopes), "client_id": here.login.id, "expires_in": access.until_s - here.now_s()}
    )


def check_alive(here: Here, access: Access) -> None:
    if access.revoked:
        raise says_no("invalid_request", "The access token revoked")
    if access.until_s <= here.now_s():
        raise says_no("invalid_request", "The access token expired")


def whose_id_token(knock: Knock) -> Here | None:
    """By the expected audience, which must be a Login channel."""
    fields = knock.form()
    here = finding.by_client(knock.platform, fields.get("client_id"))
    if here is None or "id_token" not in fields:
        raise says_no("invalid_request", "Invalid IdToken.")
    return here


def verify_id_token(here: Here, knock: Knock) -> Answer:
    """The payload, or the first thing that is wrong with it [LL#verify-id-token]."""
    fields = knock.form()
    signer, content = signed_by(here, fields["id_token"])
    if content.get("iss") != signer.issuer:
        return wrong("invalid_request", "Invalid IdToken Issuer.")
    expires = content.get("exp")
    if not isinstance(expires, int) or expires <= here.now_s():
        return wrong("invalid_request", "IdToken expired.")
    if content.get("aud") != here.login.id:
        return wrong("invalid_request", "Invalid IdToken Audience.")
    if "nonce" in fields and content.get("nonce") != fields["nonce"]:
        return wrong("invalid_request", "Invalid IdToken Nonce.")
    if "user_id" in fields and content.get("sub") != fields["user_id"]:
        return wrong("invalid_request", "Invalid IdToken Subject Identifier.")
    return json(content)


def signed_by(here: Here, token: str) -> tuple[Here, dict[str, object]]:
    """The Login channel whose key or secret signed it, and the payload; refused when none did."""
    try:
        header, content = jws.claimed(token)
    except jws.Malformed:
        raise says_no("invalid_request", "Invalid IdToken.") from None
    if header.get("alg") == "HS256":
        if jws.is_by(token, here.login.secret, "HS256"):
            return here, content
    elif header.get("alg") == "ES256":
        for other in finding.every(here.platform):
            for key in other.login.keys:
                if key.kid == header.get("kid") and jws.is_by(token, key.signing(), "ES256"):
                    return other, content
    raise says_no("invalid_request", "Invalid IdToken.")


def whose_secret(knock: Knock) -> Here | None:
    return finding.by_client(knock.platform, knock.form().get("client_id"))


def revoke(here: Here, knock: Knock) -> Answer:
    """200 and an empty body; also for a token that is none of this channel's [?]."""
    fields = knock.form()
    check_secret(here, fields)
    access = here.login.access.get(fields.get("access_token", ""))
    if access is not None:
        access.revoked = True
    return Answer(200, b"", content_type="text/plain")


def shown(scopes: list[str]) -> str:
    """scope as tokens name it: never with email [LL#issue-access-token]."""
    return " ".join(scope for scope in scopes if scope != "email")


ENDPOINTS = [
    LoginEndpoint("login_token", "POST", "/oauth2/v2.1/token", whose_token, token, pages=True),
    LoginEndpoint(
        "login_verify",
        "GET",
        "/oauth2/v2.1/verify",
        whose_access,
        verify_access,
        pages=True,
        nobodys=("invalid_request", "The access token not JWS"),
    ),
    LoginEndpoint("id_token_verify", "POST", "/oauth2/v2.1/verify", whose_id_token, verify_id_token, pages=True),
    LoginEndpoint("login_revoke", "POST", "/oauth2/v2.1/revoke", whose_secret, revoke, pages=True),
]
