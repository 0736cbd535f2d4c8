"""A bot's signing key, and the assertions with which it asks for channel access tokens v2.1."""

import functools
from dataclasses import dataclass
from typing import Any

from tests.simulator.control import Channel
from tests.simulator.providers import jwt, rsa

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
DAY = 86_400
# Two primes of 1024 bits, of nobody's real key; to find such takes seconds.
PRIMES = [
    int(one, 16)
    for one in (
        "eab71cab529b97728b9d3f47844497a462e1faa4491b8f6edc59bb7f84fe09a34e1c2f72f9e1167a3da14a118a55fc2e"
        "5b4e6012868befb0d3bdc69856c1294de2a1bcfd6f20ab1fdbe3ef75172059b20e8eac3e8620e74d0d7e541ae6d9c9c4"
        "5b33a9c69782277f86e1ccc098d5a3e6faa34cd45a0322d948b70083ee09f973",
        "e251be8c2110d5893f8e2df7406da8816b0f4c495ab94f28107a6872d99a48fbd48f803b51c0d0d96144c509181cec19"
        "acece21a0b56fc255d2af83e717297fb824def4f99bda280feec33f232d4ec70919c7d41fc4f5695b511f1421c038213"
        "23af56cd05cdc4ad80094c2de69c4becdb85c6778bacb3fce46447f2b048145d",
    )
]


@dataclass(frozen=True)
class SigningKey:
    """An RSA key of 2048 bits, with which a bot signs its assertions."""

    modulus: int
    private: int

    def sign(self, words: str) -> bytes:
        padded = int.from_bytes(rsa.padding(words, 256), "big")
        return pow(padded, self.private, self.modulus).to_bytes(256, "big")

    def jwk(self) -> dict[str, Any]:
        return {"kty": "RSA", "alg": "RS256", "use": "sig", "n": number(self.modulus), "e": number(65_537)}


def number(value: int) -> str:
    return jwt.unpadded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@functools.cache
def signing_key() -> SigningKey:
    first, second = PRIMES
    return SigningKey(first * second, pow(65_537, -1, (first - 1) * (second - 1)))


async def assertion(channel: Channel, key: str, **changed: Any) -> str:
    """A JWT as LINE wants it, but for what is changed (a claim of None is left out; alg and kid are in the header)."""
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
    words = jwt.unsigned(header, kept)
    return jwt.with_signature(words, signing_key().sign(words))
