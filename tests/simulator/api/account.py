"""The bot itself."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel


def bot_info(channel: Channel, call: Call) -> Answer:
    knobs = channel.settings
    body = {
        "userId": channel.bot_user_id,
        "basicId": channel.basic_id,
        "premiumId": knobs.premium_id,
        "displayName": channel.name,
        "pictureUrl": knobs.picture_url,
        "chatMode": "chat" if knobs.chat_on else "bot",
        "markAsReadMode": "manual" if knobs.chat_on else "auto",
    }
    return answers.ok({name: value for name, value in body.items() if value is not None})


ENDPOINTS = [Endpoint("info", "GET", "/v2/bot/info", bot_info)]
