"""The webhook's address over the API: set, read, tried, switched off; and how its failures are counted."""

from datetime import datetime

import pytest

from tests.simulator.control import Channel, User
from tests.simulator.webhooks.post import signature
from tests.simulator_checks.bots import Bot, Line

ENDPOINT, TEST = "/v2/bot/channel/webhook/endpoint", "/v2/bot/channel/webhook/test"


async def test_it_sets_and_shows_the_address(channel: Channel, bot: Bot, line: Line) -> None:
    """[R#set-webhook-endpoint-url, R#get-webhook-endpoint-information]"""
    assert (await line.get(ENDPOINT)).body == {"endpoint": bot.url, "active": True}
    answer = await line.put(ENDPOINT, {"endpoint": "https://example.com/line"})
    assert (answer.status, answer.body) == (200, {})
    await channel.change(webhook_active=False)
    assert (await line.get(ENDPOINT)).body == {"endpoint": "https://example.com/line", "active": False}
    await channel.set_webhook(None)
    assert (await line.get(ENDPOINT)).status == 404
    assert (await line.post(TEST)).status == 404


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://example.com/" + "x" * 480, 200),
        ("https://example.com/" + "x" * 481, 400),
        ("http://example.com/", 400),
        ("http://127.0.0.1:8000/line/webhook", 200),
        ("ftp://example.com/", 400),
        ("https://", 400),
        ("example.com", 400),
        ("https://example.com/あ", 400),
        ("", 400),
    ],
)
async def test_it_takes_https_addresses_of_500_characters(line: Line, url: str, status: int) -> None:
    """https, max 500 chars [R#set-webhook-endpoint-url]; http on this machine, for bots under test"""
    answer = await line.put(ENDPOINT, {"endpoint": url})
    assert answer.status == status
    if status == 400:
        assert answer.message == "Invalid webhook endpoint URL"


async def test_it_can_take_a_minute_to_change_the_address(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """a change takes up to 1 minute to apply [R#set-webhook-endpoint-url]: a knob"""
    async with Bot() as other:
        await channel.change(webhook_change_ms=60_000)
        assert (await line.put(ENDPOINT, {"endpoint": other.url})).status == 200
        await channel.advance(seconds=55)
        await tanaka.says("前の住所へ")
        assert bot.last()["message"]["text"] == "前の住所へ"
        assert (await line.get(ENDPOINT)).body["endpoint"] == bot.url
        await channel.advance(seconds=6)
        await tanaka.says("新しい住所へ")
        assert other.last()["message"]["text"] == "新しい住所へ"
        assert (await line.get(ENDPOINT)).body["endpoint"] == other.url
        await channel.set_webhook(bot.url)


async def test_it_tells_nothing_while_webhooks_are_off(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """active false [R#get-webhook-endpoint-information]"""
    told = len(bot.webhooks)
    await channel.change(webhook_active=False)
    assert (await tanaka.says("聞こえますか")).outcome is None
    assert len(bot.webhooks) == told


async def test_it_tries_the_address_with_no_events(channel: Channel, bot: Bot, line: Line) -> None:
    """an empty, signed webhook; success and 200 [R#test-webhook-endpoint]"""
    answer = await line.post(TEST)
    assert answer.status == 200
    assert abs((datetime.fromisoformat(answer.body.pop("timestamp")) - await channel.now()).total_seconds()) < 5
    assert answer.body == {"success": True, "statusCode": 200, "reason": "OK", "detail": "200"}
    assert bot.webhooks[-1].events == []
    assert bot.webhooks[-1].headers["x-line-signature"]


async def test_it_says_why_a_try_failed(channel: Channel, bot: Bot, line: Line) -> None:
    """reasons; statusCode is 0 or negative without a response [R#test-webhook-endpoint]"""
    bot.status = 503
    body = (await line.post(TEST)).body
    assert (body["success"], body["statusCode"], body["reason"], body["detail"]) == (
        False,
        503,
        "ERROR_STATUS_CODE",
        "503",
    )
    body = (await line.post(TEST, {"endpoint": "http://127.0.0.1:9/line"})).body
    assert (body["success"], body["statusCode"], body["reason"]) == (False, 0, "COULD_NOT_CONNECT")
    bot.hangs = True
    body = (await line.post(TEST)).body
    assert (body["success"], body["statusCode"], body["reason"]) == (False, 0, "REQUEST_TIMEOUT")
    assert (await line.post(TEST, {"endpoint": "http://example.com/"})).status == 400


async def test_it_tries_sixty_times_an_hour(channel: Channel, line: Line) -> None:
    """60/hour [R#rate-limits]"""
    await channel.change(rate_refills=False)
    statuses = [(await line.post(TEST)).status for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    await channel.change(rate_refills=True)
    await channel.advance(minutes=1)
    assert (await line.post(TEST)).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_it_sets_and_shows_a_thousand_times_a_minute(channel: Channel, line: Line, method: str) -> None:
    """1,000/minute [R#rate-limits]; here at a hundredth"""
    await channel.change(rate_scale=0.01, rate_refills=False)
    body = {"endpoint": "https://example.com/"} if method == "PUT" else None
    statuses = [(await line.ask(method, ENDPOINT, body)).status for _ in range(11)]
    assert statuses == [200] * 10 + [429]


async def test_it_signs_with_the_new_secret_at_once(channel: Channel, bot: Bot, tanaka: User) -> None:
    """reissuing the secret kills the old one at once [G:verify-webhook-signature]"""
    old = channel.secret
    await channel.reissue_secret()
    await tanaka.says("新しい鍵")
    last = bot.webhooks[-1]
    assert channel.secret != old
    assert last.headers["x-line-signature"] == signature(channel.secret, last.raw)


async def test_it_counts_failures_by_minute_and_reason(channel: Channel, bot: Bot, tanaka: User) -> None:
    """buckets of 60 s [G:check-webhook-error-statistics]"""
    now = await channel.now()
    await channel.advance(seconds=60 - now.second)
    minute = (await channel.now()).replace(second=0, microsecond=0)
    bot.status = 500
    await tanaka.says("一")
    await tanaka.says("二")
    await channel.set_webhook("http://127.0.0.1:9/line")
    await tanaka.says("三")
    await channel.advance(seconds=60)
    await tanaka.says("四")
    errors = await channel.webhook_errors()
    first = [(one["reason"], one["count"]) for one in errors if datetime.fromisoformat(one["from"]) == minute]
    assert first == [("error_status_code", 2), ("could_not_connect", 1)]
    assert len(errors) == 3
