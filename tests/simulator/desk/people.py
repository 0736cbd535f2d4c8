"""Deeds of people and groups, asked for by tests and by the phones page."""

import base64
import binascii
from typing import Any

from tests.simulator.deeds import friendship, linking, pressing, talking
from tests.simulator.desk.asking import Asked
from tests.simulator.desk.knobs import Knobs
from tests.simulator.people import Impossible, Person
from tests.simulator.webhooks import events

PROFILE = Knobs(
    Person, ("name", "picture_url", "status_message", "language", "app", "gender", "age", "area", "consents")
)
MEMBERSHIP = ("joined", "left", "renewed")
EMOJI = {"index": int, "length": int, "productId": str, "emojiId": str}


async def person_added(asked: Asked) -> dict[str, Any]:
    return friendship.shown(asked.channel.add_person(asked.need("name"), asked.text("id", None)))


async def person_changed(asked: Asked) -> dict[str, Any]:
    """What stands in the profile, and what LINE believes to know: app, gender, age, area, consents."""
    person = asked.person
    PROFILE.set(person, asked.body)
    return friendship.shown(person)


async def person_looked_at(asked: Asked) -> dict[str, Any]:
    return friendship.shown(asked.person)


async def followed(asked: Asked) -> dict[str, Any]:
    return await asked.tell_bot(friendship.follow(asked.channel, asked.person))


async def blocked(asked: Asked) -> dict[str, Any]:
    return await asked.tell_bot(friendship.block(asked.channel, asked.person))


async def unblocked(asked: Asked) -> dict[str, Any]:
    return await asked.tell_bot(friendship.unblock(asked.channel, asked.person))


async def account_deleted(asked: Asked) -> dict[str, Any]:
    friendship.delete_account(asked.channel, asked.person)
    return await asked.tell_bot(None)


async def membership_changed(asked: Asked) -> dict[str, Any]:
    """type: joined, left or renewed; membership_id."""
    what = asked.need("type")
    if what not in MEMBERSHIP:
        raise Impossible(f"type is {', '.join(MEMBERSHIP)}")
    return await asked.tell_bot(events.membership(asked.channel, asked.person, what, asked.whole("membership_id")))


async def account_linked(asked: Asked) -> dict[str, Any]:
    """link_token and nonce, as a person brings them to access.line.me."""
    return await asked.tell_bot(
        linking.link(asked.channel, asked.person, asked.need("link_token"), asked.need("nonce"))
    )


async def said(asked: Asked) -> dict[str, Any]:
    """text, with in (group id), quotes (message id), mentions (names) and emojis (LINE emoji, as in LINE's events)."""
    bubble, event = talking.say(
        asked.channel,
        asked.person,
        asked.group(),
        asked.need("text"),
        quotes=asked.text("quotes", None),
        mentions=asked.texts("mentions"),
        emojis=emojis(asked),
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


async def edited(asked: Asked) -> dict[str, Any]:
    """message_id of an own text in the group under "in"; text, mentions and emojis are the new ones."""
    group = asked.group()
    if group is None:
        raise Impossible("messages can be edited in groups only", "メッセージを編集できるのは、グループだけです。")
    event = talking.edit(
        asked.channel,
        asked.person,
        group,
        asked.need("message_id"),
        asked.need("text"),
        mentions=asked.texts("mentions"),
        emojis=emojis(asked),
    )
    return await asked.tell_bot(event)


def emojis(asked: Asked) -> list[dict[str, Any]]:
    given = asked.body.get("emojis") or []
    if not isinstance(given, list) or not all(is_emoji(one) for one in given):
        raise Impossible(f"emojis must be a list of objects with {', '.join(EMOJI)}")
    return given


def is_emoji(one: Any) -> bool:
    return isinstance(one, dict) and {key: type(value) for key, value in one.items()} == EMOJI


async def unsent(asked: Asked) -> dict[str, Any]:
    event = talking.unsend(asked.channel, asked.person, asked.group(), asked.need("message_id"))
    return await asked.tell_bot(event)


async def pressed(asked: Asked) -> dict[str, Any]:
    """label, or message_id and pointer; value for a date picker. The event is the last one it made."""
    channel, person, group = asked.channel, asked.person, asked.group()
    chat_id = talking.talk_of(channel, person, group)
    button = pressing.find(
        channel, chat_id, asked.text("label", None), asked.text("message_id", None), asked.text("pointer", None)
    )
    done, made = pressing.press(channel, person, group, button, asked.text("value", None))
    for event in made[:-1]:
        await asked.tell_bot(event)
    return {**done, **await asked.tell_bot(made[-1] if made else None)}
