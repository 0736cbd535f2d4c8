"""What reaches the bot: signed, in LINE's shapes, and as badly as told."""

import base64
import hashlib
import hmac
import re
from typing import Any

import pytest

from tests.simulator.control import Channel, Declined, Group, User
from tests.simulator.webhooks.post import signature
from tests.simulator_checks.bots import Bot, Line, text

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def test_it_signs_as_the_official_test_vector_does() -> None:
    """[S tests/v3/test_webhook.py]"""
    assert signature("channel_secret", b"bodybodybodybody") == "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="


async def test_it_signs_the_raw_bytes_of_each_webhook(channel: Channel, bot: Bot, tanaka: User) -> None:
    """[R#signature-validation]"""
    [webhook] = bot.webhooks
    expected = hmac.new(channel.secret.encode(), webhook.raw, hashlib.sha256).digest()
    assert webhook.headers["x-line-signature"] == base64.b64encode(expected).decode()
    assert webhook.headers["content-type"] == "application/json; charset=utf-8"


async def test_it_tells_of_a_new_friend(channel: Channel, bot: Bot, tanaka: User) -> None:
    """[R#follow-event] and the common properties of 1.4"""
    event = bot.last()
    assert event["type"] == "follow"
    assert event["mode"] == "active"
    assert event["source"] == {"type": "user", "userId": tanaka.id}
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert event["follow"] == {"isUnblocked": False}
    assert isinstance(event["timestamp"], int)
    assert ULID.fullmatch(event["webhookEventId"])
    assert event["replyToken"]
    assert re.fullmatch(r"U[0-9a-f]{32}", tanaka.id)


async def test_it_tells_of_a_block_and_of_the_return(channel: Channel, bot: Bot, tanaka: User) -> None:
    """unfollow has no reply token; a return is unblocked [R#unfollow-event, #follow-event]"""
    await tanaka.block()
    assert bot.last()["type"] == "unfollow"
    assert "replyToken" not in bot.last()
    await tanaka.unblock()
    assert bot.last()["follow"] == {"isUnblocked": True}


async def test_it_tells_of_words_with_quote_and_mentions(channel: Channel, bot: Bot, group: Group) -> None:
    """indexes are UTF-16 code units; the bot's own mention isSelf [G:receiving-messages]"""
    yamada = await channel.user("山田 太郎")
    first = await yamada.says("🙂はじめ", in_group=group)
    await yamada.says(
        "🙂 @Ayumi @佐藤 美咲 @All", in_group=group, quotes=first.message_id, mentions=["Ayumi", "佐藤 美咲", "All"]
    )
    message = bot.last()["message"]
    sato = await channel.user("佐藤 美咲")
    assert bot.last()["source"] == {"type": "group", "groupId": group.id, "userId": yamada.id}
    assert message["quotedMessageId"] == first.message_id
    assert message["mention"]["mentionees"] == [
        {"type": "user", "index": 3, "length": 6, "userId": channel.bot_user_id, "isSelf": True},
        {"type": "user", "index": 10, "length": 6, "userId": sato.id, "isSelf": False},
        {"type": "all", "index": 17, "length": 4},
    ]
    assert message["quoteToken"]


async def test_it_leaves_out_what_has_no_value(channel: Channel, bot: Bot, tanaka: User) -> None:
    """omitted, not null [R#common-properties]"""
    await tanaka.says("はい")
    assert set(bot.last()["message"]) == {"type", "id", "text", "quoteToken", "markAsReadToken"}
    assert b"null" not in bot.webhooks[-1].raw


@pytest.mark.parametrize(
    ("kind", "properties", "needed"),
    [
        ("sticker", {"packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"}, {"quoteToken", "packageId"}),
        ("image", {}, {"quoteToken", "contentProvider"}),
        ("video", {"duration": 1000}, {"quoteToken", "contentProvider", "duration"}),
        ("audio", {"duration": 1000}, {"contentProvider", "duration"}),
        ("file", {"fileName": "a.pdf"}, {"fileName", "fileSize"}),
        ("location", {"title": "店", "address": "東京", "latitude": 35.6, "longitude": 139.7}, {"latitude", "title"}),
    ],
)
async def test_it_tells_of_each_kind_of_message(
    channel: Channel, bot: Bot, tanaka: User, kind: str, properties: dict[str, Any], needed: set[str]
) -> None:
    """[R#message-event]; audio and file carry no quoteToken"""
    await tanaka.sends(kind, **properties)
    message = bot.last()["message"]
    assert message["type"] == kind
    assert needed <= set(message)
    assert ("quoteToken" in message) == (kind in ("sticker", "image", "video"))


async def test_it_tells_of_the_life_of_a_group(channel: Channel, bot: Bot, group: Group) -> None:
    """join and memberJoined can be answered, leave and memberLeft cannot [1.5]"""
    kimura = await channel.user("木村 健")
    await group.joins(kimura)
    await group.leaves(kimura)
    await group.remove_bot()
    join, joined, left, leave = bot.events
    assert (join["type"], "replyToken" in join, join["source"]) == (
        "join",
        True,
        {"type": "group", "groupId": group.id},
    )
    assert joined["joined"] == {"members": [{"type": "user", "userId": kimura.id}]}
    assert "replyToken" in joined
    assert left["left"] == {"members": [{"type": "user", "userId": kimura.id}]}
    assert "replyToken" not in left
    assert (leave["type"], "replyToken" in leave) == ("leave", False)


async def test_it_says_nothing_of_a_group_the_bot_is_not_in(channel: Channel, bot: Bot) -> None:
    yamada = await channel.user("山田 太郎")
    group = await channel.group("よそ", [yamada])
    done = await yamada.says("やあ", in_group=group)
    assert done.event is None
    assert bot.webhooks == []


async def test_it_tells_of_an_unsent_message_and_its_content_is_gone(
    channel: Channel, bot: Bot, line: Line, tanaka: User
) -> None:
    """unsend has no reply token; the content API then says 410 [R#status-codes]"""
    sent = await tanaka.sends("image", content=b"jpeg bytes", contentType="image/jpeg")
    path = f"/data/v2/bot/message/{sent.message_id}/content"
    assert (await line.get(path)).raw == b"jpeg bytes"
    assert (await line.get(path.removeprefix("/data"))).status == 404
    await tanaka.unsends(sent.message_id)
    assert bot.last()["unsend"] == {"messageId": sent.message_id}
    assert "replyToken" not in bot.last()
    assert (await line.get(path)).status == 410


async def test_it_notes_how_the_bot_answered(channel: Channel, bot: Bot, tanaka: User) -> None:
    """error classes of [G:check-webhook-error-statistics]"""
    bot.status = 500
    assert (await tanaka.says("一")).outcome == "error_status_code"
    await channel.set_webhook("http://127.0.0.1:9/line/webhook")
    assert (await tanaka.says("二")).outcome == "could_not_connect"
    outcomes = [answer["outcome"] for answer in await channel.webhook_answers()]
    assert outcomes == ["ok", "error_status_code", "could_not_connect"]


async def test_it_waits_two_seconds_for_an_answer(channel: Channel, bot: Bot, tanaka: User) -> None:
    """[P:development-guidelines]"""
    bot.hangs = True
    done = await tanaka.says("もしもし")
    assert done.outcome == "request_timeout"
    assert 1900 < done.answer["webhook"]["took_ms"] < 5000


async def test_it_redelivers_nothing_unless_switched_on(channel: Channel, bot: Bot, tanaka: User) -> None:
    """off by default [G:receiving-messages]"""
    bot.status = 500
    await tanaka.says("一")
    await tanaka.says("二")
    assert [event["message"]["text"] for event in bot.events[1:]] == ["一", "二"]


async def test_it_redelivers_the_same_event_and_token(channel: Channel, bot: Bot, tanaka: User) -> None:
    """identical but for isRedelivery [G:receiving-messages]"""
    await channel.change(redelivery={"on": True, "times": 2, "pause_ms": 10})
    bot.status = 500
    first = await tanaka.says("落ちた")
    answers = await channel.webhook_answers()
    while len(answers) < 4:
        answers = await channel.webhook_answers()
    again = [event for event in bot.events if event["type"] == "message"]
    assert [event["deliveryContext"]["isRedelivery"] for event in again] == [False, True, True]
    assert all(event | {"deliveryContext": None} == again[0] | {"deliveryContext": None} for event in again)
    assert again[0] == first.event


async def test_it_sends_duplicates_as_told(channel: Channel, bot: Bot, tanaka: User) -> None:
    await channel.duplicate_webhooks(times=2, parallel=True)
    await channel.duplicate_webhooks(times=1, redelivery=True)
    await tanaka.says("三つ")
    await tanaka.says("二つ")
    await tanaka.says("一つ")
    heard = [(event["message"]["text"], event["deliveryContext"]["isRedelivery"]) for event in bot.events[1:]]
    assert heard == [("三つ", False)] * 3 + [("二つ", False), ("二つ", True), ("一つ", False)]
    assert len({event["webhookEventId"] for event in bot.events[1:]}) == 3


async def test_it_holds_events_and_releases_them_reversed_or_in_one_batch(
    channel: Channel, bot: Bot, tanaka: User
) -> None:
    await channel.hold_webhooks()
    for words in ("一", "二", "三"):
        assert (await tanaka.says(words)).outcome is None
    assert len(bot.webhooks) == 1
    await channel.release_webhooks("reversed")
    assert [event["message"]["text"] for event in bot.events[1:]] == ["三", "二", "一"]
    await channel.hold_webhooks()
    for number in range(100):
        await tanaka.says(str(number))
    [post] = await channel.release_webhooks(batch=100)
    assert [event["message"]["text"] for event in bot.webhooks[-1].events] == [str(number) for number in range(100)]
    assert post["outcome"] == "ok"
    assert (await tanaka.says("今")).outcome == "ok"


async def test_it_puts_at_most_100_events_in_a_request(channel: Channel) -> None:
    """the number is undocumented [1.1]; 100 is what we promise to test with"""
    with pytest.raises(Declined, match="1 to 100"):
        await channel.release_webhooks(batch=101)


async def test_it_sends_anything_it_is_given(channel: Channel, bot: Bot, tanaka: User) -> None:
    """empty events, unknown types, raw bytes, bad signatures [1.1, 10.1]"""
    await channel.send_events([])
    assert bot.webhooks[-1].events == []
    await channel.send_events([{"type": "aurora", "colour": "green"}])
    assert bot.last() == {"type": "aurora", "colour": "green"}
    await channel.send_bytes(b"\xff not json")
    assert bot.webhooks[-1].raw == b"\xff not json"
    assert bot.webhooks[-1].headers["x-line-signature"] == signature(channel.secret, b"\xff not json")
    await channel.send_bytes(b"{}", signature="bad")
    assert bot.webhooks[-1].headers["x-line-signature"] != signature(channel.secret, b"{}")
    await channel.send_bytes(b"{}", signature="none")
    assert "x-line-signature" not in bot.webhooks[-1].headers


async def test_it_gives_life_to_the_reply_token_of_a_forged_event(channel: Channel, line: Line, tanaka: User) -> None:
    event = {"type": "message", "replyToken": "a" * 32, "source": {"type": "user", "userId": tanaka.id}}
    await channel.send_events([event])
    assert (await line.reply("a" * 32, text("やあ"))).status == 200
    assert await tanaka.texts() == ["やあ"]


async def test_it_follows_and_blocks_by_the_hundred(channel: Channel, bot: Bot) -> None:
    ids = await channel.crowd(200, webhooks=True)
    assert {event["source"]["userId"] for event in bot.events} == set(ids)
    assert await channel.all_do(ids[:50], "block") == {"ok": 50}
    assert await channel.all_do(ids[50:], "say", text="こんにちは") == {"ok": 150}
    types = [event["type"] for event in bot.events]
    assert (types.count("follow"), types.count("unfollow"), types.count("message")) == (200, 50, 150)
