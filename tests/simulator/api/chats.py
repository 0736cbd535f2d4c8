"""What a bot does in a talk besides sending: typing marks, read marks, tokens for linking accounts."""

from tests.simulator import ids
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.profiles import user_id_in
from tests.simulator.channel import Channel
from tests.simulator.deeds import reading
from tests.simulator.limits import Rate

LOADING_SECONDS = frozenset(range(5, 65, 5))
NOT_OURS = "Invalid markAsReadToken. Tokens must be used by the bot that received them via Webhook."


def loading(channel: Channel, call: Call) -> Answer:
    """202 in any case; shown where the talk is open, until the time is over or the bot says something."""
    body = call.body()
    chat_id = body.get("chatId")
    if not isinstance(chat_id, str) or not ids.USER_ID.fullmatch(chat_id):
        raise answers.bad_property("chatId")
    seconds = body.get("loadingSeconds", 20)
    if not isinstance(seconds, int) or seconds not in LOADING_SECONDS:
        raise answers.bad_property("loadingSeconds")
    if chat_id in channel.people and chat_id not in channel.screens.closed:
        channel.screens.loading[chat_id] = channel.clock.now_ms() + seconds * 1000
        channel.watchers.tell("loading", {"chat": chat_id, "seconds": seconds})
    return answers.ok(status=202)


def mark_as_read(channel: Channel, call: Call) -> Answer:
    """The message whose event brought the token, and all before it [R#mark-as-read]."""
    token = call.body().get("markAsReadToken")
    if not isinstance(token, str) or not token:
        raise answers.bad_property("markAsReadToken")
    place = reading.place_of(channel, token)
    if place is None:
        raise answers.refuse(400, NOT_OURS)
    chat_id, message_id = place
    reading.read(channel, chat_id, channel.bot_user_id, message_id)
    return answers.ok()


def link_token(channel: Channel, call: Call) -> Answer:
    user_id = user_id_in(call)
    if user_id not in channel.people:
        raise answers.not_found()
    return answers.ok({"linkToken": channel.link_tokens.issue(user_id, channel.clock.now_ms())})


ENDPOINTS = [
    Endpoint("loading", "POST", "/v2/bot/chat/loading/start", loading, rate=Rate(100)),
    Endpoint("mark_as_read", "POST", "/v2/bot/chat/markAsRead", mark_as_read),
    Endpoint("link_token", "POST", "/v2/bot/user/{user_id}/linkToken", link_token),
]
