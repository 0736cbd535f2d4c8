"""Channel access tokens as the console gives them out, and the keys that assertions are signed with."""

import secrets
from typing import Any

from tests.simulator import tokens
from tests.simulator.desk.asking import Asked
from tests.simulator.people import Impossible
from tests.simulator.providers import keys


async def long_lived_issued(asked: Asked) -> dict[str, str]:
    """There is one; the one before is revoked."""
    channel = asked.channel
    now = channel.clock.now_ms()
    for old in channel.tokens.alive(tokens.LONG, now):
        old.revoked = True
    return {"token": channel.tokens.issue(tokens.LONG, tokens.LONG_S, now)}


async def signing_key_registered(asked: Asked) -> dict[str, str]:
    """jwk: the public key (kty RSA, n, e); the kid LINE gives it."""
    jwk: dict[str, Any] = asked.thing("jwk")
    if jwk.get("kty") != "RSA" or not all(isinstance(jwk.get(part), str) for part in ("n", "e")):
        raise Impossible("jwk must be a public RSA key")
    try:
        keys.of_bot(jwk)
    except ValueError:
        raise Impossible("jwk must be a public RSA key") from None
    kid = secrets.token_urlsafe(16)
    asked.channel.tokens.signing_keys[kid] = {"n": jwk["n"], "e": jwk["e"]}
    return {"kid": kid}
