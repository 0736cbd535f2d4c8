"""What LINE opens to companies under contract only: 403 for everybody here [section 8]."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel


def closed(channel: Channel, call: Call) -> Answer:
    return answers.forbidden()


ENDPOINTS = [
    Endpoint("mark_as_read_by_user", "POST", "/v2/bot/message/markAsRead", closed),
    Endpoint("notification_push", "POST", "/bot/pnp/push", closed),
    Endpoint("delivered_notifications", "GET", "/v2/bot/message/delivery/pnp", closed),
    Endpoint("mission_sticker", "POST", "/shop/v3/mission", closed),
    Endpoint("module_acquire", "POST", "/v2/bot/chat/{chat_id}/control/acquire", closed),
    Endpoint("module_release", "POST", "/v2/bot/chat/{chat_id}/control/release", closed),
    Endpoint("module_detach", "POST", "/v2/bot/channel/detach", closed),
    Endpoint("module_attach", "POST", "/module/auth/v1/token", closed),
    Endpoint("module_list", "GET", "/v2/bot/list", closed),
]
