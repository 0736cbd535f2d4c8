"""The bot's webhook address: set, read and tried over the API [R#set-webhook-endpoint-url]."""

import ipaddress
from typing import Any

from yarl import URL

from tests.simulator import clock
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.limits import Rate
from tests.simulator.webhook_address import MOST_CHARACTERS

MINUTELY, HOURLY = Rate(1_000, 60), Rate(60, 3_600)
WRONG = "Invalid webhook endpoint URL"
REASONS = {
    "ok": "OK",
    "could_not_connect": "COULD_NOT_CONNECT",
    "request_timeout": "REQUEST_TIMEOUT",
    "error_status_code": "ERROR_STATUS_CODE",
    "unclassified": "UNCLASSIFIED",
}
DETAILS = {
    "could_not_connect": "TCP connection refused or host unknown",
    "request_timeout": "Request timeout",
    "unclassified": "The connection ended without an answer",
}


def set_address(channel: Channel, call: Call) -> Answer:
    """In force a while later."""
    url = address_in(call.body(), required=True)
    now = channel.clock.now_ms()
    channel.address.coming, channel.address.coming_ms = url, now + channel.settings.webhook_change_ms
    channel.settle_address(now)
    return answers.ok()


def address(channel: Channel, call: Call) -> Answer:
    channel.settle_address(channel.clock.now_ms())
    if channel.webhook_url is None:
        raise answers.not_found()
    return answers.ok({"endpoint": channel.webhook_url, "active": channel.address.active})


def tried(channel: Channel, call: Call) -> Answer:
    """An empty webhook to the address given or set, and what came of it."""
    now = channel.clock.now_ms()
    channel.settle_address(now)
    url = (address_in(call.body(), required=False) if call.raw else None) or channel.webhook_url
    if url is None:
        raise answers.not_found()

    async def result() -> Answer:
        post = await call.postman.probe(channel, url)
        detail = DETAILS.get(post.outcome, str(post.status))
        return answers.ok(
            {
                "success": post.outcome == "ok",
                "timestamp": clock.iso(now),
                "statusCode": post.status,
                "reason": REASONS[post.outcome],
                "detail": detail,
            }
        )

    call.answer_later = result
    return answers.ok()


def address_in(body: dict[str, Any], *, required: bool) -> str | None:
    """https; for bots on this machine http as well."""
    text = body.get("endpoint")
    if text is None and not required:
        return None
    if not isinstance(text, str) or not 1 <= len(text) <= MOST_CHARACTERS or not is_address(text):
        raise answers.refuse(400, WRONG)
    return text


def is_address(text: str) -> bool:
    try:
        url = URL(text)
    except ValueError:
        return False
    secure = url.scheme == "https" or (url.scheme == "http" and is_here(url.host))
    return secure and bool(url.host) and text.isascii() and text.isprintable() and " " not in text


def is_here(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


HERE = "/v2/bot/channel/webhook"
ENDPOINTS = [
    Endpoint("webhook_set", "PUT", f"{HERE}/endpoint", set_address, rate=MINUTELY),
    Endpoint("webhook_get", "GET", f"{HERE}/endpoint", address, rate=MINUTELY),
    Endpoint("webhook_test", "POST", f"{HERE}/test", tried, rate=HOURLY),
]
