"""Signed tokens in addresses of ours: which friend holds which measured link."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

SIGNED = 9  # bytes of a signature: nobody finds one of 2^72 by trying
LINK = r"[0-9a-z]{1,12}\.[0-9a-z]{1,12}(?:\.[0-9a-z]{1,12})?\.[A-Za-z0-9_-]{12}"  # as in /l/<token>
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LINK = re.compile(LINK)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose link it is, and the button (`buttons.id`) that says what it does where it was sent."""

    link: int
    friend: int
    button: int | None


def of_link(key: str, link: int, friend: int, button: int | None = None) -> str:
    """`3.k7.AbCdEfGhIjKl`: link, friend, in between perhaps a button, signed."""
    said = ".".join(_short(one) for one in ((link, friend) if button is None else (link, button, friend)))
    return f"{said}.{_signature(key, said)}"


def holder(keys: Sequence[str], given: str) -> Holder | None:
    """Who holds this token, by whichever of our keys it was signed; None for what we have not signed."""
    if _LINK.fullmatch(given) is None:
        return None
    said, _, signature = given.rpartition(".")
    if not any(hmac.compare_digest(_signature(key, said), signature) for key in keys):
        return None
    numbers = [int(one, 36) for one in said.split(".")]
    return Holder(numbers[0], numbers[-1], numbers[1] if len(numbers) > 2 else None)


def _signature(key: str, said: str) -> str:
    digest = hmac.digest(key.encode(), f"link:{said}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest[:SIGNED]).decode()


def _short(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
