"""Strange webhooks leave as they should: signed, readable as JSON, and strange in the way their name says."""

import base64
import hmac
import json
from typing import Any

import pytest

from tests.simulator.control import Channel, Declined, User
from tests.simulator.webhooks import hostile
from tests.simulator_checks.bots import Bot, Line, text


async def heard(channel: Channel, bot: Bot, tanaka: User, kind: str) -> list[Any]:
    """The events of one strange webhook, read as leniently as Python can."""
    assert (await channel.send_hostile(kind, tanaka)).status == 200
    listed: list[Any] = json.loads(bot.webhooks[-1].raw)["events"]
    return listed


@pytest.mark.parametrize("kind", [kind for kind in hostile.KINDS if kind != "deeply_nested"])
async def test_it_signs_each_of_them(channel: Channel, bot: Bot, tanaka: User, kind: str) -> None:
    """HMAC-SHA256 over the raw body, which is JSON of an envelope [1.1]"""
    assert (await channel.send_hostile(kind, tanaka)).outcome == "ok"
    last = bot.webhooks[-1]
    digest = base64.b64encode(hmac.digest(channel.secret.encode(), last.raw, "sha256")).decode()
    assert last.headers["x-line-signature"] == digest
    assert {"destination", "events"} <= json.loads(last.raw).keys()


async def test_it_knows_no_other_kinds(channel: Channel, tanaka: User) -> None:
    with pytest.raises(Declined, match="hostile webhooks are empty, verify_dummies"):
        await channel.send_hostile("earthquake", tanaka)


async def test_it_sends_no_events_at_all(channel: Channel, bot: Bot, tanaka: User) -> None:
    """Verify [R#request-body]"""
    assert await heard(channel, bot, tanaka, "empty") == []


async def test_it_sends_unknown_kinds_of_everything(channel: Channel, bot: Bot, tanaka: User) -> None:
    """forward compatibility is mandatory [G:development-guidelines]"""
    types = {event["type"] for event in await heard(channel, bot, tanaka, "unknown_events")}
    assert {"sentient", "module", "delivery", "botSuspended"} <= types
    kinds = [event["message"].get("type") for event in await heard(channel, bot, tanaka, "unknown_messages")]
    assert kinds[:3] == ["hologram", "", None]
    sources = [event["source"] for event in await heard(channel, bot, tanaka, "unknown_sources")]
    assert sources[0]["type"] == "openchat"
    enums = await heard(channel, bot, tanaka, "unknown_enums")
    assert enums[0]["mode"] == "dormant"
    [odd] = await heard(channel, bot, tanaka, "unknown_fields")
    assert odd["weather"]
    assert next(iter(odd)) == "weather"
    assert bot.webhooks[-1].raw.startswith(b"{\n")


async def test_it_sends_no_reply_token_in_standby(channel: Channel, bot: Bot, tanaka: User) -> None:
    """[R#common-properties]"""
    [event] = await heard(channel, bot, tanaka, "standby")
    assert event["mode"] == "standby"
    assert "replyToken" not in event


async def test_it_sends_lone_surrogates_as_escapes(channel: Channel, bot: Bot, tanaka: User) -> None:
    events = await heard(channel, bot, tanaka, "lone_surrogates")
    assert events[0]["message"]["text"] == "\ud83d半分\udc00"
    assert b"\\ud83d" in bot.webhooks[-1].raw


async def test_it_sends_a_hundred_events_of_many_people(channel: Channel, bot: Bot, tanaka: User) -> None:
    """several events, users and types in one request; how many at most is not told [R#webhook-event-objects, ?]"""
    events = await heard(channel, bot, tanaka, "mixed_batch")
    assert len(events) == 100
    assert len({event["source"]["userId"] for event in events}) == 100
    assert {event["type"] for event in events} == {"follow", "message", "postback"}


async def test_it_sends_one_event_three_times_in_one_request(channel: Channel, bot: Bot, tanaka: User) -> None:
    """duplicates with and without isRedelivery [G:receiving-messages]"""
    events = await heard(channel, bot, tanaka, "duplicates_in_one")
    assert len({event["webhookEventId"] for event in events}) == 1
    assert [event["deliveryContext"]["isRedelivery"] for event in events] == [False, False, True]


async def test_it_gives_life_to_their_reply_tokens(channel: Channel, bot: Bot, line: Line, tanaka: User) -> None:
    [event] = await heard(channel, bot, tanaka, "unknown_fields")
    assert (await line.reply(event["replyToken"], text())).status == 200
