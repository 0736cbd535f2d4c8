"""What a bot does in a talk besides sending."""

from tests.simulator import ids
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel
from tests.simulator.limits import Rate

LOADING_SECONDS = frozenset(range(5, 65, 5))


def loading(channel: Channel, call: Call) -> Answer:
    body = call.body()
    chat_id = body.get("chatId")
    if not isinstance(chat_id, str) or not ids.USER_ID.fullmatch(chat_id):
        raise answers.bad_property("chatId")
    seconds = body.get("loadingSeconds", 20)
    if not isinstance(seconds, int) or seconds not in LOADING_SECONDS:
        raise answers.bad_property("loadingSeconds")
    channel.watchers.tell("loading", {"chat": chat_id, "seconds": seconds})
    return answers.ok(status=202)


ENDPOINTS = [Endpoint("loading", "POST", "/v2/bot/chat/loading/start", loading, rate=Rate(100))]
