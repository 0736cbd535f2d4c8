"""The list of LINE's endpoints played here, and their places on the server."""

from aiohttp import web

from tests.simulator import ids
from tests.simulator.api import answers, door, reading, sending
from tests.simulator.api.calls import Endpoint
from tests.simulator.channel import Channel, Platform
from tests.simulator.deeds import groups
from tests.simulator.people import Group
from tests.simulator.webhooks import events
from tests.simulator.webhooks.post import Postman


def endpoints(postman: Postman) -> list[Endpoint]:
    def gone(channel: Channel, group: Group) -> None:
        groups.note(channel, group, None, "bot_left")
        postman.beside(postman.deliver(channel, events.leave(channel, group)))

    return [
        Endpoint("reply", "POST", "/v2/bot/message/reply", sending.reply),
        Endpoint("push", "POST", "/v2/bot/message/push", sending.push, retry_key=True),
        Endpoint("multicast", "POST", "/v2/bot/message/multicast", sending.multicast, retry_key=True),
        Endpoint("validate_reply", "POST", "/v2/bot/message/validate/reply", sending.validate),
        Endpoint("validate_push", "POST", "/v2/bot/message/validate/push", sending.validate),
        Endpoint("validate_multicast", "POST", "/v2/bot/message/validate/multicast", sending.validate),
        Endpoint("quota", "GET", "/v2/bot/message/quota", reading.quota),
        Endpoint("consumption", "GET", "/v2/bot/message/quota/consumption", reading.consumption),
        Endpoint("profile", "GET", "/v2/bot/profile/{user_id}", reading.profile),
        Endpoint("info", "GET", "/v2/bot/info", reading.bot_info),
        Endpoint("group_summary", "GET", "/v2/bot/group/{group_id}/summary", reading.group_summary),
        Endpoint("group_count", "GET", "/v2/bot/group/{group_id}/members/count", reading.group_count),
        Endpoint("group_member", "GET", "/v2/bot/group/{group_id}/member/{user_id}", reading.group_member),
        Endpoint("group_leave", "POST", "/v2/bot/group/{group_id}/leave", reading.leave_group(gone)),
        Endpoint("loading", "POST", "/v2/bot/chat/loading/start", reading.loading),
        Endpoint("content", "GET", "/data/v2/bot/message/{message_id}/content", reading.content),
    ]


def add_to(app: web.Application, platform: Platform, postman: Postman) -> None:
    for endpoint in endpoints(postman):
        handler = door.guard(platform, postman, endpoint)
        app.router.add_route(endpoint.method, endpoint.path, handler)
    for prefix in ("/v2", "/data"):
        app.router.add_route("*", prefix + "/{rest:.*}", nothing_here)


async def nothing_here(request: web.Request) -> web.StreamResponse:
    return door.respond(answers.not_found().answer, ids.request_id())
