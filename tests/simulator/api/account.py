"""The bot itself, the month's quota and what is used of it."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel


def bot_info(channel: Channel, call: Call) -> Answer:
    return answers.ok(
        {
            "userId": channel.bot_user_id,
            "basicId": channel.basic_id,
            "displayName": channel.name,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
    )


def quota(channel: Channel, call: Call) -> Answer:
    limit = channel.quota.limit
    return answers.ok({"type": "none"} if limit is None else {"type": "limited", "value": limit})


def consumption(channel: Channel, call: Call) -> Answer:
    return answers.ok({"totalUsage": channel.quota.used_now(channel.clock.now_ms())})


ENDPOINTS = [
    Endpoint("info", "GET", "/v2/bot/info", bot_info),
    Endpoint("quota", "GET", "/v2/bot/message/quota", quota),
    Endpoint("consumption", "GET", "/v2/bot/message/quota/consumption", consumption),
]
