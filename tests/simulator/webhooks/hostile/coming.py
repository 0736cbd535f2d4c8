"""Webhooks as LINE may send them one day: new kinds of everything, batches, duplicates, talks nobody knows."""

import json
from typing import Any

from tests.simulator import ids
from tests.simulator.channel import Channel
from tests.simulator.people import Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event
from tests.simulator.webhooks.hostile import making
from tests.simulator.webhooks.post import MAX_BATCH

LONG = 5_000


def empty(channel: Channel, person: Person) -> bytes:
    """The console's Verify, and the API's test [R#request-body]."""
    return making.envelope(channel)


def verify_dummies(channel: Channel, person: Person) -> bytes:
    """What Verify sent in former years: tokens of zeros and effs, a user nobody is [T]."""
    nobody = {"type": "user", "userId": "Udeadbeefdeadbeefdeadbeefdeadbeef"}
    tokens = ("0" * 32, "f" * 32)
    return making.envelope(
        channel, *(making.said(channel, person, replyToken=token, source=nobody) for token in tokens)
    )


def unknown_events(channel: Channel, person: Person) -> bytes:
    """A type of the future, and those that only corporate contracts bring [1.5]."""
    source = events.from_person(person)
    kinds: dict[str, dict[str, Any]] = {
        "sentient": {"sentient": {"mood": "curious", "level": 7}},
        "botSuspended": {},
        "botResumed": {},
        "activated": {"chatControl": {"expireAt": 1_462_629_479_859}},
        "deactivated": {},
        "module": {"module": {"type": "attached", "botId": channel.bot_user_id, "scopes": ["message:send"]}},
        "delivery": {"delivery": {"data": "hash"}},
        "beacon": {"beacon": {"hwid": "d41d8cd98f", "type": "enter", "dm": "ff"}},
        "": {},
    }
    return making.envelope(
        channel, *(events.event(channel, kind, source, more, replyable=False) for kind, more in kinds.items())
    )


def unknown_messages(channel: Channel, person: Person) -> bytes:
    return making.envelope(
        channel,
        making.message(channel, person, type="hologram", depth=3),
        making.message(channel, person, type=""),
        making.message(channel, person),
        making.message(channel, person, type=["text"], text="x"),
    )


def unknown_sources(channel: Channel, person: Person) -> bytes:
    """A chat of a new kind; a room; a group and a room without a user; no source; one that is no object."""
    sources: list[Any] = [
        {"type": "openchat", "openChatId": "O" + "0" * 32},
        {"type": "room", "roomId": "R" + "0" * 32, "userId": person.id},
        {"type": "group", "groupId": "C" + "1" * 32},
        {"type": "room", "roomId": "R" + "1" * 32},
        {"type": "user"},
        {"type": "user", "userId": "not an id"},
        {},
        None,
        "user",
    ]
    return making.envelope(channel, *(making.said(channel, person, source=source) for source in sources))


def unknown_enums(channel: Channel, person: Person) -> bytes:
    mentionees = [{"type": "role", "index": 0, "length": 3, "roleId": "staff"}]
    sticker = {"packageId": "1", "stickerId": "2", "stickerResourceType": "HOLOGRAM"}
    return making.envelope(
        channel,
        making.said(channel, person, mode="dormant"),
        making.message(channel, person, type="text", text="@皆様", mention={"mentionees": mentionees}),
        making.message(channel, person, type="sticker", **sticker),
        making.message(channel, person, type="image", contentProvider={"type": "moon"}),
        making.said(channel, person, type="membership", membership={"type": "gifted", "membershipId": 7}),
        making.said(channel, person, type="accountLink", link={"result": "perhaps", "nonce": "n"}),
        making.said(
            channel, person, type="postback", postback={"data": "x", "params": {"status": "MAYBE", "colour": "red"}}
        ),
    )


def unknown_fields(channel: Channel, person: Person) -> bytes:
    """At every level; other properties first; whitespace [G:development-guidelines]."""
    made = making.said(channel, person, weather={"sky": ["clear", None, {"km": 3.5}]})
    made["source"] = {"zodiac": "dragon", **made["source"]}
    made["message"]["reactions"] = [{"emoji": "🌸"}]
    made["deliveryContext"]["hops"] = 3
    turned = dict(reversed(made.items()))
    given = {"apiVersion": 9, "events": [turned], "destination": channel.bot_user_id, "next": None}
    return json.dumps(given, indent=4, ensure_ascii=False).encode() + b"\r\n\r\n"


def standby(channel: Channel, person: Person) -> bytes:
    """Somebody else has the talk: no reply token, and nothing should be sent [R#common-properties]."""
    made = making.said(channel, person, mode="standby")
    del made["replyToken"]
    return making.envelope(channel, made)


def long_words(channel: Channel, person: Person) -> bytes:
    """As long as LINE lets people write, in letters of two UTF-16 units; and longer."""
    return making.envelope(
        channel,
        making.said(channel, person, "𠮷" * (LONG // 2)),
        making.said(channel, person, "あ" * LONG),
        making.said(channel, person, "a" * 200_000),
        making.said(channel, person, type="postback", postback={"data": "x" * 10_000}),
    )


def duplicates_in_one(channel: Channel, person: Person) -> bytes:
    """One event three times in one request, with and without the mark of a redelivery [1.3]."""
    made = making.said(channel, person)
    again = {**made, "deliveryContext": {"isRedelivery": True}}
    return making.envelope(channel, made, made, again)


def mixed_batch(channel: Channel, person: Person) -> bytes:
    """As many events as we believe a request can hold: follows and words of many people, some we do not know [?]."""
    made: list[Event] = []
    for number in range(MAX_BATCH - 1):
        stranger = Person(ids.of_name("U", channel.id, f"stranger {number}"), f"客{number}")
        if number % 3 == 0:
            made.append(events.follow(channel, stranger, unblocked=False))
        elif number % 3 == 1:
            made.append(making.said(channel, stranger, f"{number}"))
        else:
            made.append(events.postback(channel, stranger, None, f"n={number}", None))
    return making.envelope(channel, *made, making.said(channel, person))


def edited_and_unsent(channel: Channel, person: Person) -> bytes:
    """Edits and withdrawals of messages nobody has seen, in a group nobody knows."""
    group = {"type": "group", "groupId": "C" + "2" * 32, "userId": person.id}
    content = {"type": "text", "id": "1", "text": "/停止", "quoteToken": "q"}
    return making.envelope(
        channel,
        making.said(channel, person, type="messageEdited", source=group, message=content),
        making.said(channel, person, type="messageEdited", message={"type": "image", "id": "1"}),
        making.said(channel, person, type="unsend", unsend={"messageId": "404"}),
        making.said(channel, person, type="unsend", source=group, unsend={}),
    )
