"""What our pages let a browser do: nothing but our own files, LINE's SDK, and what that SDK asks of LINE."""

import secrets
from collections.abc import Mapping
from typing import Final

from yarl import URL

from liff.door import Door

SDK_ASKS: Final = (
    "https://api.line.me",
    "https://access.line.me",
    "https://liff.line.me",
    "https://liffsdk.line-scdn.net",
)
ALWAYS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",  # none at all would take the Origin out of what some browsers post
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def nonce() -> str:
    """Of one answer: what a page may run and how it may look carries it."""
    return secrets.token_urlsafe(16)


def of_page(door: Door, nonce: str) -> dict[str, str]:
    sdk = origin(door.sdk_url)
    asked = (origin(door.api_url), sdk) if door.sandbox else SDK_ASKS
    policy = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}' {sdk}",
        "style-src": f"'nonce-{nonce}'",
        "img-src": "'self' blob: data:",
        "connect-src": " ".join(dict.fromkeys(("'self'", *asked))),
        "base-uri": "'none'",
        "form-action": "'self'",
        # the phones page shows what opens in LINE in frames; LINE itself never does
        "frame-ancestors": origin(door.api_url) if door.sandbox else "'none'",
    }
    said = dict(ALWAYS) | {"Content-Security-Policy": "; ".join(f"{name} {what}" for name, what in policy.items())}
    return said if door.sandbox else said | {"X-Frame-Options": "DENY"}


def origin(address: str) -> str:
    """`https://host` of an address, as browsers write it."""
    return str(URL(address).origin())
