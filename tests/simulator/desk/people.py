"""Deeds of people and groups, asked for by tests and by the phones page."""

import base64
import binascii
from typing import Any

from tests.simulator import people as states
from tests.simulator.channel import Channel
from tests.simulator.deeds import friendship, groups, pressing, talking
from tests.simulator.desk.asking import Asked
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks.events import Event

ROUTINES = ("follow", "block", "say", "press")


async def person_added(asked: Asked) -> dict[str, Any]:
    return friendship.shown(asked.channel.add_person(asked.need("name"), asked.text("id", None)))


async def person_changed(asked: Asked) -> dict[str, Any]:
    person = asked.person
    for key in ("name", "picture_url", "status_message", "language"):
        if key in asked.body:
            setattr(person, key, asked.text(key, None))
    return friendship.shown(person)


async def person_looked_at(asked: Asked) -> dict[str, Any]:
    return friendship.shown(asked.person)


async def followed(asked: Asked) -> dict[str, Any]:
    return await asked.tell_bot(friendship.follow(asked.channel, asked.person))


async def blocked(asked: Asked) -> dict[str, Any]:
    return await asked.tell_bot(friendship.block(asked.channel, asked.person))


async def unblocked(asked: Asked) -> dict[str, Any]:
    return await asked.tell_bot(friendship.unblock(asked.channel, asked.person))


async def said(asked: Asked) -> dict[str, Any]:
    """text, with in (group id), quotes (message id) and mentions (names)."""
    bubble, event = talking.say(
        asked.channel,
        asked.person,
        asked.group(),
        asked.need("text"),
        quotes=asked.text("quotes", None),
        mentions=asked.texts("mentions"),
    )
    return {"message_id": bubble.id, **await asked.tell_bot(event)}


async def sent(asked: Asked) -> dict[str, Any]:
    """message: an object with its type and properties; content: its bytes in base64."""
    message = asked.body.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise Impossible("message must be an object with a type")
    content = asked.text("content", None)
    try:
        data = None if content is None else base64.b64decode(content, validate=True)
    except binascii.Error:
        raise Impossible("content must be base64") from None
    bubble, event = talking.send(asked.channel, asked.person, asked.group(), message, data)
    return {"message_id": bubble.id, **await asked.tell_bot(event)}


async def unsent(asked: Asked) -> dict[str, Any]:
    event = talking.unsend(asked.channel, asked.person, asked.group(), asked.need("message_id"))
    return await asked.tell_bot(event)


async def pressed(asked: Asked) -> dict[str, Any]:
    """label, or message_id and pointer; value for a date picker."""
    channel, person, group = asked.channel, asked.person, asked.group()
    chat_id = talking.talk_of(channel, person, group)
    button = pressing.find(
        channel, chat_id, asked.text("label", None), asked.text("message_id", None), asked.text("pointer", None)
    )
    done, event = pressing.press(channel, person, group, button, asked.text("value", None))
    return {**done, **await asked.tell_bot(event)}


async def crowd_added(asked: Asked) -> dict[str, Any]:
    """count people called "prefix 1".. ; follow: they are friends; webhooks: each tells the bot so."""
    channel = asked.channel
    prefix = asked.text("prefix", None) or "客"
    crowd = [channel.add_person(f"{prefix}{number}") for number in range(1, asked.whole("count") + 1)]
    answer: dict[str, Any] = {"ids": [person.id for person in crowd]}
    if asked.flag("follow", True):
        if asked.flag("webhooks"):
            made = [friendship.follow(channel, person) for person in crowd if person.state != states.FRIEND]
            answer["webhooks"] = await deliver_all(asked, made)
        else:
            for person in crowd:
                person.state, person.was_friend = states.FRIEND, True
    return answer


async def crowd_acted(asked: Asked) -> dict[str, Any]:
    """users do one deed (follow, block, say with text, press with label), `concurrency` webhooks at a time."""
    channel = asked.channel
    deed = asked.need("deed")
    if deed not in ROUTINES:
        raise Impossible(f"a crowd can {', '.join(ROUTINES)}")
    made = [act(asked, channel, channel.person(user_id), deed) for user_id in asked.texts("users")]
    return {"webhooks": await deliver_all(asked, [event for event in made if event is not None])}


def act(asked: Asked, channel: Channel, person: Person, deed: str) -> Event | None:
    if deed == "follow":
        return friendship.follow(channel, person)
    if deed == "block":
        return friendship.block(channel, person)
    if deed == "say":
        return talking.say(channel, person, asked.group(), asked.need("text"))[1]
    button = pressing.find(channel, person.id, asked.need("label"), None, None)
    return pressing.press(channel, person, None, button)[1]


async def deliver_all(asked: Asked, made: list[Event]) -> dict[str, int]:
    """How many webhooks ended in which outcome."""
    works = [asked.postman.deliver(asked.channel, event) for event in made]
    outcomes: dict[str, int] = {}
    for post in await friendship.gather_limited(works, asked.whole("concurrency", 50)):
        outcome = "not_sent" if post is None else post.outcome
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


async def group_added(asked: Asked) -> dict[str, Any]:
    group = asked.channel.add_group(asked.need("name"), asked.texts("members"), asked.text("id", None))
    return groups.shown(group)


async def group_looked_at(asked: Asked) -> dict[str, Any]:
    return groups.shown(asked.channel.group(asked.request.match_info["group"]))


async def group_deed(asked: Asked) -> dict[str, Any]:
    """invite-bot, remove-bot (optionally by a user), join and leave (of a user)."""
    channel = asked.channel
    group = channel.group(asked.request.match_info["group"])
    user_id = asked.text("user", None)
    person = None if user_id is None else channel.person(user_id)
    deed = asked.request.match_info["deed"]
    if deed == "invite-bot":
        return await asked.tell_bot(groups.invite_bot(channel, group, person))
    if deed == "remove-bot":
        return await asked.tell_bot(groups.remove_bot(channel, group, person))
    if person is None:
        raise Impossible("user must be given")
    if deed == "join":
        return await asked.tell_bot(groups.member_joins(channel, group, person))
    if deed == "leave":
        return await asked.tell_bot(groups.member_leaves(channel, group, person))
    raise Impossible(f"a group knows no {deed}")
