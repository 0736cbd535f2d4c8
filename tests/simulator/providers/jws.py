"""JSON Web Tokens, signed and read again; what they say, times too, is for others to judge by the channel's clock."""

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:  # PyJWT and cryptography take a tenth of a second: a sandbox without logins starts without them
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from jwt import PyJWK

Json = dict[str, Any]


class Malformed(ValueError):
    """This is no JWT."""


def signed(content: Json, key: "str | EllipticCurvePrivateKey", algorithm: str, kid: str | None = None) -> str:
    """key: the secret for HS256, the private key for ES256; "none" takes no notice of it and signs nothing."""
    import jwt

    header = None if kid is None else {"kid": kid}
    return jwt.PyJWS().encode(orjson.dumps(content), "" if algorithm == "none" else key, algorithm, header)


def claimed(token: str) -> tuple[Json, Json]:
    """(header, content), whoever signed it; Malformed when it is no JWT."""
    import jwt

    try:
        parts = jwt.PyJWS().decode_complete(token, options={"verify_signature": False})
        content = orjson.loads(parts["payload"])
    except (jwt.PyJWTError, ValueError):
        raise Malformed("no JWT") from None
    if not isinstance(content, dict):
        raise Malformed("no JSON object")
    return parts["header"], content


def is_by(token: str, key: "str | EllipticCurvePrivateKey | PyJWK", algorithm: str) -> bool:
    """Whether it was signed with this key, and with this algorithm."""
    import jwt

    try:
        jwt.PyJWS().decode(token, key, [algorithm])  # type: ignore[arg-type]  # a private key is good for both
    except (jwt.PyJWTError, ValueError):
        return False
    return True


def note(secret: str, use: str, content: Json) -> str:
    """A note of the simulator to itself that travels through browsers; use says what it is for."""
    return signed({**content, "use": use}, secret, "HS256")


def read_note(secret: str, use: str, token: str, now_s: float) -> Json | None:
    """What the note says, or None when it is not ours, for something else, or too old (exp)."""
    if not is_by(token, secret, "HS256"):
        return None
    try:
        _, content = claimed(token)
    except Malformed:
        return None
    if content.get("use") != use or content.get("exp", now_s + 1) <= now_s:
        return None
    return content
