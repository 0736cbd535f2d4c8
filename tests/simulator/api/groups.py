"""What LINE tells about a group the bot is in, and the way out of it."""

from tests.simulator import ids
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.profiles import user_id_in
from tests.simulator.channel import Channel
from tests.simulator.deeds import groups
from tests.simulator.people import Group
from tests.simulator.webhooks import events


def summary(channel: Channel, call: Call) -> Answer:
    group = group_in(channel, call)
    body = {"groupId": group.id, "groupName": group.name}
    if group.picture_url is not None:
        body["pictureUrl"] = group.picture_url
    return answers.ok(body)


def count(channel: Channel, call: Call) -> Answer:
    return answers.ok({"count": len(group_in(channel, call).members)})


def member(channel: Channel, call: Call) -> Answer:
    """Also of people who are no friends or have blocked us; without status and language."""
    group = group_in(channel, call)
    user_id = user_id_in(call)
    if user_id not in group.members:
        raise answers.not_found()
    person = channel.people[user_id]
    body = {"userId": person.id, "displayName": person.name}
    if person.picture_url is not None:
        body["pictureUrl"] = person.picture_url
    return answers.ok(body)


def leave(channel: Channel, call: Call) -> Answer:
    """The leave event follows once the bot has its answer."""
    group = group_in(channel, call)
    group.bot_in = False

    def gone() -> None:
        groups.note(channel, group, None, "bot_left")
        call.postman.beside(call.postman.deliver(channel, events.leave(channel, group)))

    call.after_answer = gone
    return answers.ok()


def group_in(channel: Channel, call: Call) -> Group:
    group_id = call.parts["group_id"]
    if not ids.GROUP_ID.fullmatch(group_id):
        raise answers.bad_parameter("groupId")
    group = channel.groups.get(group_id)
    if group is None or not group.bot_in:
        raise answers.not_found()
    return group


ENDPOINTS = [
    Endpoint("group_summary", "GET", "/v2/bot/group/{group_id}/summary", summary),
    Endpoint("group_count", "GET", "/v2/bot/group/{group_id}/members/count", count),
    Endpoint("group_member", "GET", "/v2/bot/group/{group_id}/member/{user_id}", member),
    Endpoint("group_leave", "POST", "/v2/bot/group/{group_id}/leave", leave),
]
