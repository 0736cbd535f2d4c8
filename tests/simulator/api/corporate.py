"""What LINE opens to companies under contract only: 403 for everybody here [section 8]."""

from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.channel import Channel


def closed(channel: Channel, call: Call) -> Answer:
    return answers.forbidden()


ENDPOINTS = [
    Endpoint(name, method, path, closed)
    for name, method, path in (
        ("mark_as_read_by_user", "POST", "/v2/bot/message/markAsRead"),
        ("notification_push", "POST", "/bot/pnp/push"),
        ("delivered_notifications", "GET", "/v2/bot/message/delivery/pnp"),
        ("mission_sticker", "POST", "/shop/v3/mission"),
        ("module_acquire", "POST", "/v2/bot/chat/{chat_id}/control/acquire"),
        ("module_release", "POST", "/v2/bot/chat/{chat_id}/control/release"),
        ("module_detach", "POST", "/v2/bot/channel/detach"),
        ("module_attach", "POST", "/module/auth/v1/token"),
        ("module_list", "GET", "/v2/bot/list"),
    )
]
