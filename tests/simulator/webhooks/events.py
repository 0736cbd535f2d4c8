"""LINE's webhook event objects, built from what a person did (LINE_PLATFORM 1.4 and 1.5)."""

from typing import Any

from tests.simulator import ids
from tests.simulator.channel import Channel
from tests.simulator.people import Group, Person

Event = dict[str, Any]


def from_person(person: Person, group: Group | None = None) -> dict[str, str]:
    if group is None:
        return {"type": "user", "userId": person.id}
    return {"type": "group", "groupId": group.id, "userId": person.id}


def from_group(group: Group) -> dict[str, str]:
    return {"type": "group", "groupId": group.id}


def event(
    channel: Channel,
    kind: str,
    source: dict[str, str],
    fields: dict[str, Any] | None = None,
    *,
    replyable: bool = True,
) -> Event:
    """An event that happens now; a replyable one gets a fresh reply token."""
    now = channel.clock.now_ms()
    made: Event = {
        "type": kind,
        "mode": "active",
        "timestamp": now,
        "webhookEventId": ids.ulid(now),
        "deliveryContext": {"isRedelivery": False},
        "source": source,
    }
    if replyable:
        token = made["replyToken"] = ids.reply_token()
        channel.reply_tokens.give(token, source.get("groupId") or source["userId"], now)
    made.update(fields or {})
    return made


def message(channel: Channel, person: Person, group: Group | None, content: dict[str, Any]) -> Event:
    return event(channel, "message", from_person(person, group), {"message": content})


def follow(channel: Channel, person: Person, *, unblocked: bool) -> Event:
    return event(channel, "follow", from_person(person), {"follow": {"isUnblocked": unblocked}})


def unfollow(channel: Channel, person: Person) -> Event:
    return event(channel, "unfollow", from_person(person), replyable=False)


def join(channel: Channel, group: Group) -> Event:
    return event(channel, "join", from_group(group))


def leave(channel: Channel, group: Group) -> Event:
    return event(channel, "leave", from_group(group), replyable=False)


def member_joined(channel: Channel, group: Group, persons: list[Person]) -> Event:
    members = [from_person(person) for person in persons]
    return event(channel, "memberJoined", from_group(group), {"joined": {"members": members}})


def member_left(channel: Channel, group: Group, persons: list[Person]) -> Event:
    members = [from_person(person) for person in persons]
    return event(channel, "memberLeft", from_group(group), {"left": {"members": members}}, replyable=False)


def postback(channel: Channel, person: Person, group: Group | None, data: str, params: dict[str, str] | None) -> Event:
    content: dict[str, Any] = {"data": data}
    if params:
        content["params"] = params
    return event(channel, "postback", from_person(person, group), {"postback": content})


def unsend(channel: Channel, person: Person, group: Group | None, message_id: str) -> Event:
    fields = {"unsend": {"messageId": message_id}}
    return event(channel, "unsend", from_person(person, group), fields, replyable=False)
