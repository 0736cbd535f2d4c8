"""Reply, push and multicast: who is reached, what it costs, what is refused."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.simulator.control import Channel, Group, User
from tests.simulator_checks.bots import Bot, Line, text

STRANGER = "U" + "0" * 32


async def test_it_replies_once_with_a_token(bot: Bot, line: Line, tanaka: User) -> None:
    """single use; 400 `Invalid reply token` [R#send-reply-message]"""
    token = bot.last()["replyToken"]
    first = await line.reply(token, text("一"), {"type": "sticker", "packageId": "1", "stickerId": "2"})
    assert first.status == 200
    assert all(isinstance(one["id"], str) and one["quoteToken"] for one in first.body["sentMessages"])
    assert len(first.body["sentMessages"]) == 2
    again = await line.reply(token, text("二"))
    assert (again.status, again.body) == (400, {"message": "Invalid reply token"})
    assert [one.how for one in await tanaka.seen()] == ["reply", "reply"]


@pytest.mark.parametrize(("seconds", "status"), [(58, 200), (61, 400)])
async def test_it_lets_a_reply_token_live_for_a_minute(
    channel: Channel, bot: Bot, line: Line, tanaka: User, seconds: int, status: int
) -> None:
    """60 s from the webhook, in the channel's time [R#send-reply-message]"""
    await channel.advance(seconds=seconds)
    assert (await line.reply(bot.last()["replyToken"], text())).status == status


@pytest.mark.parametrize(("minutes", "status"), [(19.9, 200), (20.1, 400)])
async def test_it_revives_a_reply_token_by_redelivery_for_twenty_minutes(
    channel: Channel, bot: Bot, line: Line, tanaka: User, minutes: float, status: int
) -> None:
    """one more minute after a redelivery, unless 20 minutes have passed since the event [R#send-reply-message]"""
    event = bot.last()
    await channel.advance(minutes=minutes)
    await channel.redeliver(event["webhookEventId"])
    assert (await line.reply(event["replyToken"], text())).status == status


async def test_it_takes_no_used_token_back_by_redelivery(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """[R#send-reply-message]"""
    event = bot.last()
    await line.reply(event["replyToken"], text())
    await channel.redeliver(event["webhookEventId"])
    assert (await line.reply(event["replyToken"], text())).message == "Invalid reply token"


async def test_it_keeps_a_token_whose_reply_was_refused(bot: Bot, line: Line, tanaka: User) -> None:
    token = bot.last()["replyToken"]
    assert (await line.reply(token, text(""))).status == 400
    assert (await line.reply(token, text())).status == 200


async def test_it_counts_no_reply(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    """[G:pricing]"""
    await line.reply(bot.last()["replyToken"], text())
    assert await channel.used() == 0


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 200), (5, 200), (6, 400)])
async def test_it_takes_one_to_five_messages(line: Line, tanaka: User, count: int, status: int) -> None:
    """Size must be between 1 and 5 [O]"""
    answer = await line.push(tanaka.id, *[text()] * count)
    assert answer.status == status
    if status == 400:
        assert answer.message == "The request body has 1 error(s)"
        assert answer.body["details"] == [{"message": "Size must be between 1 and 5", "property": "messages"}]
    assert len(await tanaka.seen()) == (count if status == 200 else 0)


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 200), (500, 200), (501, 400)])
async def test_it_takes_one_to_500_recipients(channel: Channel, line: Line, count: int, status: int) -> None:
    """[R#send-multicast-message]"""
    ids = await channel.crowd(501)
    answer = await line.multicast(ids[:count], text())
    assert answer.status == status
    assert answer.properties == ([] if status == 200 else ["to"])
    assert len(await channel.deliveries()) == (count if status == 200 else 0)
    assert await channel.used() == (count if status == 200 else 0)


async def test_it_accepts_a_push_to_someone_who_blocked_us_and_delivers_nothing(
    channel: Channel, line: Line, tanaka: User
) -> None:
    """200, not delivered, not counted [R#send-push-message, G:pricing]"""
    await tanaka.block()
    assert (await line.push(tanaka.id, text())).status == 200
    assert await tanaka.seen() == []
    assert [(one.chat, one.why) for one in await channel.undelivered()] == [(tanaka.id, "blocked")]
    assert await channel.used() == 0


async def test_it_skips_in_a_multicast_whoever_is_no_friend(channel: Channel, line: Line, tanaka: User) -> None:
    """blocked, not a friend (even within seven days of writing), unknown: 200, skipped, not counted [3.2]"""
    suzuki, kimura = await channel.user("鈴木 一郎"), await channel.user("木村 健")
    await suzuki.follow()
    await suzuki.block()
    await kimura.says("こんにちは")
    answer = await line.multicast([tanaka.id, suzuki.id, kimura.id, STRANGER], text())
    assert (answer.status, answer.body) == (200, {})
    assert [one.chat for one in await channel.deliveries()] == [tanaka.id]
    missed = [(one.chat, one.why) for one in await channel.undelivered()]
    assert missed == [(suzuki.id, "blocked"), (kimura.id, "not_friend"), (STRANGER, "unknown")]
    assert await channel.used() == 1


async def test_it_can_refuse_strangers_in_a_multicast(channel: Channel, line: Line, tanaka: User) -> None:
    """the documents say both 200 and 400 [3.2]: a knob"""
    await channel.change(unknown_in_multicast_is_400=True)
    assert (await line.multicast([tanaka.id, STRANGER], text())).status == 400
    assert await channel.deliveries() == []


@pytest.mark.parametrize(("days", "count"), [(6.99, 1), (7.01, 0)])
async def test_it_pushes_to_someone_who_wrote_within_seven_days(
    channel: Channel, line: Line, days: float, count: int
) -> None:
    """a non-friend who wrote to us in 1:1 within 7 days is reached by push [R#send-push-message]"""
    kimura = await channel.user("木村 健")
    await kimura.says("質問です")
    await channel.advance(days=days)
    assert (await line.push(kimura.id, text())).status == 200
    assert len(await kimura.seen()) == count


async def test_it_refuses_a_push_to_an_id_of_nobody(line: Line) -> None:
    """400 `Failed to send messages` [R#send-push-message]"""
    answer = await line.push(STRANGER, text())
    assert (answer.status, answer.message) == (400, "Failed to send messages")


@pytest.mark.parametrize("to", ["", "U123", "X" + "0" * 32, "U" + "G" * 32, "u" + "0" * 32, None, 5])
async def test_it_refuses_a_malformed_id(line: Line, tanaka: User, to: Any) -> None:
    """[3.2]"""
    pushed = await line.push(to, text())
    assert pushed.message == "The property, to, in the request body is invalid (line: -, column: -)"
    many = await line.multicast([tanaka.id, to], text())
    assert many.message == "The property, to[1], in the request body is invalid (line: -, column: -)"
    assert (pushed.status, many.status) == (400, 400)


async def test_it_counts_a_push_to_a_group_once_per_member(channel: Channel, line: Line, group: Group) -> None:
    """[G:pricing]"""
    await group.joins(await channel.user("木村 健"))
    assert (await line.push(group.id, text())).status == 200
    assert await channel.used() == 3
    assert await group.texts() == ["こんにちは"]


async def test_it_refuses_a_push_to_a_group_it_is_not_in(channel: Channel, line: Line, group: Group) -> None:
    """[3.2]"""
    await group.remove_bot()
    assert (await line.push(group.id, text())).status == 400
    assert (await line.push("C" + "0" * 32, text())).status == 400
    assert (await line.multicast([group.id], text())).status == 400


async def test_it_stops_at_the_monthly_limit(channel: Channel, line: Line, tanaka: User) -> None:
    """429 `You have reached your monthly limit.`, nothing sent; replies go on [3.5]"""
    await channel.change(quota=2)
    assert (await line.push(tanaka.id, text())).status == 200
    assert (await line.push(tanaka.id, text())).status == 200
    refused = await line.push(tanaka.id, text())
    assert (refused.status, refused.body) == (429, {"message": "You have reached your monthly limit."})
    assert (await line.multicast([tanaka.id], text())).status == 429
    assert len(await tanaka.seen()) == 2


async def test_it_sends_all_or_none_of_a_multicast_beyond_the_limit(channel: Channel, line: Line) -> None:
    """exceeded: nothing sent [3.5]"""
    ids = await channel.crowd(3)
    await channel.change(quota=2)
    assert (await line.multicast(ids, text())).status == 429
    assert await channel.deliveries() == []
    assert (await line.multicast(ids[:2], text())).status == 200


async def test_it_counts_five_bubbles_as_one_message(channel: Channel, line: Line, tanaka: User) -> None:
    """[3.5]"""
    await line.push(tanaka.id, *[text()] * 5)
    assert await channel.used() == 1


async def test_it_starts_counting_anew_with_the_month_in_japan(channel: Channel, line: Line, tanaka: User) -> None:
    """the month is Japan's (UTC+9) [3.5]"""
    now = await channel.now()
    year, month = (now.year + 1, 3) if now.month > 2 else (now.year, 3)
    await channel.advance(to=now.replace(year=year, month=month, day=31, hour=14, minute=59, second=0))
    await channel.change(quota=1)
    assert (await line.push(tanaka.id, text())).status == 200
    assert (await line.push(tanaka.id, text())).status == 429
    await channel.advance(minutes=1)
    assert (await line.get("/v2/bot/message/quota/consumption")).body == {"totalUsage": 0}
    assert (await line.push(tanaka.id, text())).status == 200


async def test_it_accepts_a_retry_key_once(line: Line, tanaka: User) -> None:
    """409 with x-line-accepted-request-id, and sentMessages for push [R#retry-api-request]"""
    key = str(uuid4())
    first = await line.push(tanaka.id, text(), key=key)
    again = await line.push(tanaka.id, text(), key=key.upper())
    assert (first.status, again.status) == (200, 409)
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert again.headers["x-line-request-id"] != first.headers["x-line-request-id"]
    expected = {"message": "The retry key is already accepted", "sentMessages": first.body["sentMessages"]}
    assert again.body == expected
    assert len(await tanaka.seen()) == 1


async def test_it_accepts_a_retry_key_of_a_multicast_once(channel: Channel, line: Line, tanaka: User) -> None:
    """[R#retry-api-request]"""
    key = str(uuid4())
    assert (await line.multicast([tanaka.id], text(), key=key)).status == 200
    again = await line.multicast([tanaka.id], text(), key=key)
    assert (again.status, again.body) == (409, {"message": "The retry key is already accepted"})
    assert len(await tanaka.seen()) == 1
    assert await channel.used() == 1


async def test_it_accepts_one_of_many_requests_at_once_with_a_key(line: Line, tanaka: User) -> None:
    key = str(uuid4())
    answers = await asyncio.gather(*(line.push(tanaka.id, text(), key=key) for _ in range(10)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 9
    assert len(await tanaka.seen()) == 1


@pytest.mark.parametrize(("hours", "status"), [(23.99, 409), (24.01, 200)])
async def test_it_forgets_a_retry_key_after_a_day(
    channel: Channel, line: Line, tanaka: User, hours: float, status: int
) -> None:
    """24 h from the first request; then the same key is a new request [G:retrying-api-request]"""
    key = str(uuid4())
    await line.push(tanaka.id, text(), key=key)
    await channel.advance(hours=hours)
    assert (await line.push(tanaka.id, text(), key=key)).status == status


async def test_it_consumes_no_key_by_a_request_that_failed(channel: Channel, line: Line, tanaka: User) -> None:
    """[3.3]"""
    key = str(uuid4())
    assert (await line.push(tanaka.id, text(""), key=key)).status == 400
    await channel.fault("error_before", "push")
    assert (await line.push(tanaka.id, text(), key=key)).status == 500
    assert (await line.push(tanaka.id, text(), key=key)).status == 200


async def test_it_refuses_a_retry_key_where_none_is_supported(
    channel: Channel, bot: Bot, line: Line, tanaka: User
) -> None:
    """400 on any API other than push, multicast, narrowcast, broadcast [G:retrying-api-request]"""
    key = str(uuid4())
    token = bot.last()["replyToken"]
    assert (await line.reply(token, text(), key=key)).status == 400
    assert (await line.get("/v2/bot/info", key=key)).status == 400
    assert (await line.reply(token, text())).status == 200


@pytest.mark.parametrize(
    "key", ["", "1", "not-a-uuid", "123e4567-e89b-12d3-a456-42661417400", "{123e4567-e89b-12d3-a456-426614174000}"]
)
async def test_it_refuses_a_retry_key_that_is_no_uuid(line: Line, tanaka: User, key: str) -> None:
    """UUID in hex form [R#retry-api-request]"""
    assert (await line.push(tanaka.id, text(), key=key)).status == 400


async def test_it_knows_nobody_without_the_token(channel: Channel, line: Line, tanaka: User) -> None:
    """401 [3.6]"""
    answer = await line.push(tanaka.id, text(), token="wrong")
    assert answer.status == 401
    assert answer.message.startswith("Authentication failed due to the following reason: ")
    assert answer.headers["x-line-request-id"]


async def test_it_keeps_channels_apart(simulator: Any, line: Line, tanaka: User) -> None:
    other = await simulator.new_channel()
    assert (await line.push(tanaka.id, text(), token=other.token)).status == 400
    assert await other.used() == 0
    assert (await other.overview())["people"] == []


@pytest.mark.parametrize(("beyond", "status"), [(0, 200), (1, 413)])
async def test_it_takes_bodies_to_two_megabytes(line: Line, tanaka: User, beyond: int, status: int) -> None:
    """[R#status-codes]"""
    body = b'{"to":"%s","messages":[{"type":"text","text":"x"}]}' % tanaka.id.encode()
    padded = body + b" " * (2 * 1024 * 1024 - len(body) + beyond)
    assert (await line.post("/v2/bot/message/push", data=padded)).status == status


async def test_it_explains_bodies_that_are_no_json(line: Line) -> None:
    """wording of [R#error-responses]"""
    broken = await line.post("/v2/bot/message/push", data=b'{"to": \n nonsense}')
    assert broken.status == 400
    assert broken.message == "The request body could not be parsed as JSON (line: 2, column: 2)"
    other = await line.post("/v2/bot/message/push", data=b"to=x", content_type="text/plain")
    assert (other.status, other.message) == (415, "The content type, text/plain, is not supported")
    assert (await line.post("/v2/bot/message/push", data=b"[1]")).status == 400


@pytest.mark.parametrize(
    ("endpoint", "rate"), [("push", 20), ("multicast", 2), ("loading", 1), ("profile", 20), ("validate_push", 20)]
)
async def test_it_limits_the_rate_of_each_endpoint_by_itself(
    channel: Channel, line: Line, tanaka: User, endpoint: str, rate: int
) -> None:
    """2,000/s, multicast 200/s, loading 100/s [R#rate-limits]; here at a hundredth"""
    await channel.change(rate_scale=0.01)

    async def call() -> int:
        if endpoint == "push":
            return (await line.push(tanaka.id, text())).status
        if endpoint == "multicast":
            return (await line.multicast([tanaka.id], text())).status
        if endpoint == "loading":
            return (await line.post("/v2/bot/chat/loading/start", {"chatId": tanaka.id})).status
        if endpoint == "profile":
            return (await line.get(f"/v2/bot/profile/{tanaka.id}")).status
        return (await line.validate(text())).status

    statuses = await asyncio.gather(*(call() for _ in range(3 * rate + 3)))
    good = [status for status in statuses if status < 300]
    assert rate <= len(good) < len(statuses)
    assert set(statuses) - set(good) == {429}
    assert (await line.get("/v2/bot/info")).status == 200
    limited = next(made for made in await channel.calls() if made["status"] == 429)
    assert limited["note"] == "The API rate limit has been exceeded. Try again later."


async def test_it_can_do_without_rates(channel: Channel, line: Line, tanaka: User) -> None:
    await channel.change(rate_scale=None)
    statuses = await asyncio.gather(*(line.multicast([tanaka.id], text()) for _ in range(300)))
    assert {answer.status for answer in statuses} == {200}


async def test_it_refuses_a_quote_token_of_another_talk(line: Line, channel: Channel, tanaka: User) -> None:
    """only in the same chat [section 8]"""
    suzuki = await channel.user("鈴木 一郎")
    await suzuki.follow()
    sent = await line.push(tanaka.id, text())
    quote = {"type": "text", "text": "これ", "quoteToken": sent.body["sentMessages"][0]["quoteToken"]}
    assert (await line.push(suzuki.id, quote)).properties == ["messages[0].quoteToken"]
    assert (await line.push(tanaka.id, quote)).status == 200


async def test_it_keeps_counts_only_under_load(channel: Channel, line: Line, tanaka: User) -> None:
    await channel.change(load=True)
    assert (await line.push(tanaka.id, text("x" * 6000))).status == 200
    assert await channel.deliveries() == []
    assert (await channel.received())[tanaka.id] == 1
    assert (await channel.counts())["counts"]["bubbles"] == 1
