"""RSA signatures as JWTs of alg RS256 carry them (RFC 8017 8.2), verified with a public key."""

import hashlib

from tests.simulator.providers.jwt import padded

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def verified(jwk: dict[str, str], words: str, signature: bytes) -> bool:
    """jwk: n and e of the key, in base64url."""
    modulus = int.from_bytes(padded(jwk["n"]), "big")
    exponent = int.from_bytes(padded(jwk["e"]), "big")
    size = (modulus.bit_length() + 7) // 8
    if len(signature) != size:
        return False
    opened = pow(int.from_bytes(signature, "big"), exponent, modulus)
    return opened == int.from_bytes(padding(words, size), "big")


def padding(words: str, size: int) -> bytes:
    """What is raised to the private exponent."""
    tail = SHA256_INFO + hashlib.sha256(words.encode()).digest()
    return b"\x00\x01" + b"\xff" * (size - len(tail) - 3) + b"\x00" + tail
