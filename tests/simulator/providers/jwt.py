"""JSON Web Tokens in their compact form: written, signed, and taken apart again."""

import base64
import hmac
from typing import Any

import orjson

Json = dict[str, Any]


class Malformed(ValueError):
    """This is no JWT."""


def unpadded(data: bytes) -> str:
    """base64url as JWTs use it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    if not text.isascii() or any(sign in text for sign in "+/="):
        raise Malformed("no base64url")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Malformed("no base64url") from None


def unsigned(header: Json, claims: Json) -> str:
    """What a signature is made over."""
    return f"{unpadded(orjson.dumps(header))}.{unpadded(orjson.dumps(claims))}"


def with_signature(words: str, signature: bytes) -> str:
    return f"{words}.{unpadded(signature)}"


def hs256(secret: str, words: str) -> bytes:
    return hmac.digest(secret.encode(), words.encode(), "sha256")


def taken_apart(token: str) -> tuple[Json, Json, str, bytes]:
    """(header, claims, what was signed, signature); Malformed when it is no JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        raise Malformed("a JWT has three parts")
    try:
        header, claims = orjson.loads(padded(parts[0])), orjson.loads(padded(parts[1]))
    except orjson.JSONDecodeError:
        raise Malformed("no JSON") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise Malformed("no JSON object")
    return header, claims, f"{parts[0]}.{parts[1]}", padded(parts[2])


def note(secret: str, use: str, content: Json) -> str:
    """A note of the simulator to itself that travels through browsers; use says what it is for."""
    words = unsigned({"alg": "HS256"}, {**content, "use": use})
    return with_signature(words, hs256(secret, words))


def read_note(secret: str, use: str, token: str, now_s: float) -> Json | None:
    """What the note says, or None when it is not ours, for something else, or too old (exp)."""
    try:
        _, content, words, signature = taken_apart(token)
    except Malformed:
        return None
    if not hmac.compare_digest(signature, hs256(secret, words)):
        return None
    if content.get("use") != use or content.get("exp", now_s + 1) <= now_s:
        return None
    return content
