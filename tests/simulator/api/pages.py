"""Long lists in pages: the continuation tokens of `next` and `start`, good for a day."""

import base64
import binascii
import hashlib

from tests.simulator.api import answers
from tests.simulator.api.calls import Call
from tests.simulator.channel import Channel

TOKEN_MS = 24 * 3_600_000


def start_of(channel: Channel, call: Call, what: str) -> int:
    """Where the page asked for begins; refused when the token is not of this list, or older than a day."""
    token = call.query("start")
    if token is None:
        return 0
    try:
        position, at_ms, mark = base64.urlsafe_b64decode(token.encode()).decode().split(":")
        good = mark == sign(channel, what, int(position), int(at_ms))
        fresh = channel.clock.now_ms() - int(at_ms) < TOKEN_MS
    except (binascii.Error, ValueError):
        raise answers.bad_parameter("start") from None
    if not good or not fresh:
        raise answers.bad_parameter("start")
    return int(position)


def next_token(channel: Channel, what: str, position: int) -> str:
    """The token of the page that begins there."""
    now = channel.clock.now_ms()
    return base64.urlsafe_b64encode(f"{position}:{now}:{sign(channel, what, position, now)}".encode()).decode()


def sign(channel: Channel, what: str, position: int, at_ms: int) -> str:
    text = f"{channel.id}/{what}/{position}/{at_ms}"
    return hashlib.blake2b(text.encode(), digest_size=9, key=channel.secret.encode()[:64]).hexdigest()
