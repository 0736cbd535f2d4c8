"""What LINE tells about a group or a room (a talk of many without a name) the bot is in, and the way out of it."""

from collections.abc import Callable

from tests.simulator import ids
from tests.simulator.api import answers, pages
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call, Endpoint
from tests.simulator.api.profiles import user_id_in
from tests.simulator.channel import Channel
from tests.simulator.deeds import groups
from tests.simulator.people import Group
from tests.simulator.webhooks import events

MEMBERS_A_PAGE = 100


def summary(channel: Channel, call: Call) -> Answer:
    group = group_in(channel, call)
    body = {"groupId": group.id, "groupName": group.name}
    if group.picture_url is not None:
        body["pictureUrl"] = group.picture_url
    return answers.ok(body)


def count(channel: Channel, call: Call) -> Answer:
    """Without the bot; for any account."""
    return answers.ok({"count": len(group_in(channel, call).members)})


def member_ids(channel: Channel, call: Call) -> Answer:
    """Of those on iOS and Android; for verified accounts only."""
    if not channel.settings.verified:
        return answers.forbidden()
    group = group_in(channel, call)
    known = [user_id for user_id in group.members if channel.people[user_id].on_phone]
    what = f"members of {group.id}"
    start = pages.start_of(channel, call, what)
    end = start + MEMBERS_A_PAGE
    more = {"next": pages.next_token(channel, what, end)} if end < len(known) else {}
    return answers.ok({"memberIds": known[start:end], **more})


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
    """The leave event follows once the bot has its answer. A room it is not in is left all the same [section 8]."""
    if "room_id" in call.parts and not in_it(channel.groups.get(id_in(call))):
        return answers.ok()
    group = group_in(channel, call)
    told = not group.join_untold
    group.bot_in = group.join_untold = False

    def gone() -> None:
        groups.note(channel, group, None, "bot_left")
        if told:
            call.postman.beside(call.postman.deliver(channel, events.leave(channel, group)))

    call.after_answer = gone
    return answers.ok()


def group_in(channel: Channel, call: Call) -> Group:
    """The group or room named in the path; 404 when the bot is not in it."""
    group = channel.groups.get(id_in(call))
    if group is None or not group.bot_in:
        raise answers.not_found()
    return group


def id_in(call: Call) -> str:
    """The id in the path; 400 when it is none."""
    name, shape = ("group", ids.GROUP_ID) if "group_id" in call.parts else ("room", ids.ROOM_ID)
    chat_id = call.parts[f"{name}_id"]
    if not shape.fullmatch(chat_id):
        raise answers.bad_parameter(f"{name}Id")
    return chat_id


def in_it(group: Group | None) -> bool:
    return group is not None and group.bot_in


BOTH: list[tuple[str, str, str, Callable[[Channel, Call], Answer]]] = [
    ("count", "GET", "members/count", count),
    ("members", "GET", "members/ids", member_ids),
    ("member", "GET", "member/{user_id}", member),
    ("leave", "POST", "leave", leave),
]
ENDPOINTS = [
    Endpoint("group_summary", "GET", "/v2/bot/group/{group_id}/summary", summary),
    *(
        Endpoint(f"{kind}_{name}", method, f"/v2/bot/{kind}/{{{kind}_id}}/{path}", act)
        for kind in ("group", "room")
        for name, method, path, act in BOTH
    ),
]
