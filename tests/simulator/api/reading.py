"""Everything the bot may ask or do besides sending: profiles, groups, quota, content, loading."""

from collections.abc import Callable

from tests.simulator import ids, people
from tests.simulator.api import answers
from tests.simulator.api.answers import Answer
from tests.simulator.api.calls import Call
from tests.simulator.channel import Channel
from tests.simulator.ledger import Said
from tests.simulator.people import Group

LOADING_SECONDS = frozenset(range(5, 65, 5))


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


def profile(channel: Channel, call: Call) -> Answer:
    """Friends, and others who wrote to us and have not blocked us [section 8]."""
    person = channel.people.get(user_id_in(call))
    if person is None or person.state == people.BLOCKED:
        raise answers.not_found()
    if person.state != people.FRIEND and person.wrote_ms is None:
        raise answers.not_found()
    body = {
        "userId": person.id,
        "displayName": person.name,
        "pictureUrl": person.picture_url,
        "statusMessage": person.status_message,
        "language": person.language,
    }
    return answers.ok({key: value for key, value in body.items() if value is not None})


def group_summary(channel: Channel, call: Call) -> Answer:
    group = group_in(channel, call)
    body = {"groupId": group.id, "groupName": group.name}
    if group.picture_url is not None:
        body["pictureUrl"] = group.picture_url
    return answers.ok(body)


def group_count(channel: Channel, call: Call) -> Answer:
    return answers.ok({"count": len(group_in(channel, call).members)})


def group_member(channel: Channel, call: Call) -> Answer:
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


def leave_group(gone: Callable[[Channel, Group], None]) -> Callable[[Channel, Call], Answer]:
    """`gone` is told once the bot has its answer, and sends the leave event."""

    def act(channel: Channel, call: Call) -> Answer:
        group = group_in(channel, call)
        group.bot_in = False
        call.after_answer = lambda: gone(channel, group)
        return answers.ok()

    return act


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


def content(channel: Channel, call: Call) -> Answer:
    """The bytes a person sent; 410 once unsent, 404 when there are none."""
    message_id = call.parts["message_id"]
    if any(is_unsent(entry, message_id) for talk in channel.ledger.talks.values() for entry in talk):
        raise answers.refuse(410, "The content has gone")
    found = channel.ledger.contents.get(message_id)
    if found is None:
        raise answers.not_found()
    return Answer(200, found[1], content_type=found[0])


def is_unsent(entry: object, message_id: str) -> bool:
    return isinstance(entry, Said) and entry.id == message_id and entry.unsent


def user_id_in(call: Call) -> str:
    user_id = call.parts["user_id"]
    if not ids.USER_ID.fullmatch(user_id):
        raise answers.refuse(400, "The value for the 'userId' parameter is invalid")
    return user_id


def group_in(channel: Channel, call: Call) -> Group:
    group_id = call.parts["group_id"]
    if not ids.GROUP_ID.fullmatch(group_id):
        raise answers.refuse(400, "The value for the 'groupId' parameter is invalid")
    group = channel.groups.get(group_id)
    if group is None or not group.bot_in:
        raise answers.not_found()
    return group
