"""The shapes of LINE's identifiers, and how this simulator makes them."""

import hashlib
import itertools
import os
import re
import secrets

USER_ID = re.compile(r"U[0-9a-f]{32}")
GROUP_ID = re.compile(r"C[0-9a-f]{32}")
ROOM_ID = re.compile(r"R[0-9a-f]{32}")
CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")
RETRY_KEY = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_request_numbers = itertools.count(1)
_request_prefix = secrets.token_hex(8)


def of_name(letter: str, channel_id: str, name: str) -> str:
    """The same name in the same channel is always the same id (letter U, C or R, then 32 hex)."""
    digest = hashlib.blake2b(f"{channel_id}/{letter}/{name}".encode(), digest_size=16)
    return letter + digest.hexdigest()


def ulid(at_ms: int) -> str:
    """webhookEventId: 48 bits of time in ms and 80 of chance, in Crockford's base 32."""
    value = (at_ms << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join(_CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


def request_id() -> str:
    """x-line-request-id: looks like a UUID, is a counter behind a random prefix of this process."""
    tail = f"{next(_request_numbers):016x}"
    p = _request_prefix
    return f"{p[:8]}-{p[8:12]}-{p[12:]}-{tail[:4]}-{tail[4:]}"


def reply_token() -> str:
    return secrets.token_hex(16)


def quote_token(chat_id: str, message_id: str) -> str:
    """Never expires and is good in its own chat only [section 8], so it carries both."""
    return f"q3{message_id}T{chat_id[-12:]}"


def fresh_quote_token(chat_id: str, message_id: str) -> str:
    """Another one for the same message: an edited one has a new value."""
    return f"q3{message_id}e{secrets.token_hex(4)}T{chat_id[-12:]}"


def quote_token_belongs(token: str, chat_id: str) -> bool:
    return token.startswith("q3") and token.endswith(f"T{chat_id[-12:]}")
