"""Keys of tokens: those that Login channels sign with (ES256), and those that bots sign with (RS256)."""

import functools
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # as in jws
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from jwt import PyJWK

IN_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Key:
    """A signing key (private, in PEM; older state files have it in hex); one not published stands in no JWKS."""

    private: str
    published: bool = True

    def __post_init__(self) -> None:
        """ValueError when it is no key."""
        if IN_HEX.fullmatch(self.private):
            from cryptography.hazmat.primitives.asymmetric import ec

            self.private = in_pem(ec.derive_private_key(int(self.private, 16), ec.SECP256R1()))
        opened(self.private)

    @property
    def kid(self) -> str:
        number = self.signing().private_numbers().private_value
        return hashlib.sha256(f"{number:064x}".encode()).hexdigest()

    def signing(self) -> "EllipticCurvePrivateKey":
        return opened(self.private)

    def jwk(self) -> dict[str, str]:
        """The public one."""
        from jwt.algorithms import ECAlgorithm

        point = ECAlgorithm.to_jwk(self.signing().public_key(), as_dict=True)
        return {**point, "alg": "ES256", "use": "sig", "kid": self.kid}


def fresh_key(published: bool = True) -> Key:
    from cryptography.hazmat.primitives.asymmetric import ec

    return Key(in_pem(ec.generate_private_key(ec.SECP256R1())), published)


def in_pem(key: "EllipticCurvePrivateKey") -> str:
    from cryptography.hazmat.primitives import serialization as forms

    return key.private_bytes(forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()).decode()


@functools.lru_cache(1_024)
def opened(pem: str) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("a key of a Login channel is not one on P-256")
    return key


def of_bot(jwk: dict[str, str]) -> "PyJWK":
    """The public RSA key with these n and e; ValueError when it is none."""
    import jwt

    try:
        return jwt.PyJWK({"kty": "RSA", "n": jwk["n"], "e": jwk["e"]}, "RS256")
    except jwt.PyJWTError:
        raise ValueError("no public RSA key") from None
