"""The bot itself."""

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
            "chatMode": "chat" if channel.settings.chat_on else "bot",
            "markAsReadMode": "manual" if channel.settings.chat_on else "auto",
        }
    )


ENDPOINTS = [Endpoint("info", "GET", "/v2/bot/info", bot_info)]
