"""A bot's signing key, and the assertions with which it asks for channel access tokens v2.1."""

import base64
import functools
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from jwt.algorithms import RSAAlgorithm

from tests.simulator.control import Channel

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DAY = 86_400


@functools.cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65_537, 2_048)


def public_jwk() -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(signing_key().public_key(), as_dict=True), "alg": "RS256", "use": "sig"}


def part(data: bytes) -> str:
    """base64url as JWTs use it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


async def assertion(channel: Channel, key: str, **changed: Any) -> str:
    """A JWT as LINE wants it, but for what is changed (a claim of None is left out; alg and kid are in the header).

    Put together by hand, since PyJWT writes no header that lies about the signature.
    """
    now = int((await channel.now()).timestamp())
    claims = {
        "iss": channel.id,
        "sub": channel.id,
        "aud": "https://api.line.me/",
        "exp": now + changed.pop("lives", 1_800),
        "token_exp": 30 * DAY,
    }
    header = {"alg": changed.pop("alg", "RS256"), "typ": "JWT", "kid": changed.pop("kid", key)}
    kept = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    words = f"{part(orjson.dumps(header))}.{part(orjson.dumps(kept))}"
    return f"{words}.{part(signing_key().sign(words.encode(), padding.PKCS1v15(), hashes.SHA256()))}"
