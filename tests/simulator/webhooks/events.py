"""LINE's webhook event objects, built from what a person did (LINE_PLATFORM 1.4 and 1.5)."""

from typing import Any

from tests.simulator import ids
from tests.simulator.channel import Channel
from tests.simulator.people import Group, Person

Event = dict[str, Any]


def from_person(person: Person, group: Group | None = None) -> dict[str, str]:
    """In groups and rooms only people on iOS and Android are named [R#source-group]."""
    if group is None:
        return {"type": "user", "userId": person.id}
    return {**from_group(group), "userId": person.id} if person.on_phone else from_group(group)


def from_group(group: Group) -> dict[str, str]:
    kind = "room" if group.is_room else "group"
    return {"type": kind, f"{kind}Id": group.id}


def chat_of(source: dict[str, str]) -> str:
    """Where an answer to an event with this source goes."""
    return source.get("groupId") or source.get("roomId") or source["userId"]


def event(
    channel: Channel,
    kind: str,
    source: dict[str, str],
    fields: dict[str, Any] | None = None,
    *,
    replyable: bool = True,
) -> Event:
    """An event that happens now; a replyable one gets a fresh reply token, except in standby."""
    now = channel.clock.now_ms()
    made: Event = {
        "type": kind,
        "mode": "standby" if channel.settings.standby else "active",
        "timestamp": now,
        "webhookEventId": ids.ulid(now),
        "deliveryContext": {"isRedelivery": False},
        "source": source,
    }
    if replyable and not channel.settings.standby:
        token = made["replyToken"] = ids.reply_token()
        channel.reply_tokens.give(token, chat_of(source), now)
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


def message_edited(channel: Channel, person: Person, group: Group, content: dict[str, Any]) -> Event:
    return event(channel, "messageEdited", from_person(person, group), {"message": content})


def video_play_complete(channel: Channel, person: Person, tracking_id: str) -> Event:
    fields = {"videoPlayComplete": {"trackingId": tracking_id}}
    return event(channel, "videoPlayComplete", from_person(person), fields)


def account_link(channel: Channel, person: Person | None, nonce: str) -> Event:
    """Without a person it has failed: neither a source nor a reply token [1.5]."""
    link = {"result": "failed" if person is None else "ok", "nonce": nonce}
    source = {} if person is None else from_person(person)
    made = event(channel, "accountLink", source, {"link": link}, replyable=person is not None)
    if person is None:
        del made["source"]
    return made


def membership(channel: Channel, person: Person, what: str, membership_id: int) -> Event:
    """what: joined, left or renewed."""
    fields = {"membership": {"type": what, "membershipId": membership_id}}
    return event(channel, "membership", from_person(person), fields)
