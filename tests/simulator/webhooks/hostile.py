"""Webhooks as LINE may send them one day, and as nobody hopes to get them: signed, valid JSON, and strange."""

import json
from collections.abc import Callable
from typing import Any

from tests.simulator import ids
from tests.simulator.channel import Channel
from tests.simulator.people import Person
from tests.simulator.webhooks import events
from tests.simulator.webhooks.events import Event

MAX_BATCH = 100
DEEP = 500
LONG = 5_000
Made = Callable[[Channel, Person], bytes]


def body(kind: str, channel: Channel, person: Person) -> bytes:
    """The whole request body of one kind, as if it came from this person."""
    return KINDS[kind](channel, person)


def envelope(channel: Channel, *made: Any, **more: Any) -> bytes:
    """Written with escapes, since a lone surrogate has no other form in JSON."""
    return json.dumps({"destination": channel.bot_user_id, "events": list(made), **more}).encode()


def said(channel: Channel, person: Person, text: str = "こんにちは", **more: Any) -> Event:
    """A text message, with other fields of the event instead."""
    message_id = str(channel.ledger.take_message_ids(1))
    message = {"type": "text", "id": message_id, "text": text, "quoteToken": ids.quote_token(person.id, message_id)}
    return events.event(channel, "message", events.from_person(person), {"message": message}) | more


def message(channel: Channel, person: Person, **content: Any) -> Event:
    """A message event with exactly this content besides its id."""
    return said(channel, person, message={"id": str(channel.ledger.take_message_ids(1)), **content})


def empty(channel: Channel, person: Person) -> bytes:
    """The console's Verify, and the API's test [R#request-body]."""
    return envelope(channel)


def verify_dummies(channel: Channel, person: Person) -> bytes:
    """What Verify sent in former years: tokens of zeros and effs, a user nobody is [T]."""
    nobody = {"type": "user", "userId": "Udeadbeefdeadbeefdeadbeefdeadbeef"}
    tokens = ("0" * 32, "f" * 32)
    return envelope(channel, *(said(channel, person, replyToken=token, source=nobody) for token in tokens))


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
    return envelope(
        channel, *(events.event(channel, kind, source, more, replyable=False) for kind, more in kinds.items())
    )


def unknown_messages(channel: Channel, person: Person) -> bytes:
    return envelope(
        channel,
        message(channel, person, type="hologram", depth=3),
        message(channel, person, type=""),
        message(channel, person),
        message(channel, person, type=["text"], text="x"),
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
    return envelope(channel, *(said(channel, person, source=source) for source in sources))


def unknown_enums(channel: Channel, person: Person) -> bytes:
    mentionees = [{"type": "role", "index": 0, "length": 3, "roleId": "staff"}]
    sticker = {"packageId": "1", "stickerId": "2", "stickerResourceType": "HOLOGRAM"}
    return envelope(
        channel,
        said(channel, person, mode="dormant"),
        message(channel, person, type="text", text="@皆様", mention={"mentionees": mentionees}),
        message(channel, person, type="sticker", **sticker),
        message(channel, person, type="image", contentProvider={"type": "moon"}),
        said(channel, person, type="membership", membership={"type": "gifted", "membershipId": 7}),
        said(channel, person, type="accountLink", link={"result": "perhaps", "nonce": "n"}),
        said(channel, person, type="postback", postback={"data": "x", "params": {"status": "MAYBE", "colour": "red"}}),
    )


def unknown_fields(channel: Channel, person: Person) -> bytes:
    """At every level; other properties first; whitespace [G:development-guidelines]."""
    made = said(channel, person, weather={"sky": ["clear", None, {"km": 3.5}]})
    made["source"] = {"zodiac": "dragon", **made["source"]}
    made["message"]["reactions"] = [{"emoji": "🌸"}]
    made["deliveryContext"]["hops"] = 3
    turned = dict(reversed(made.items()))
    given = {"apiVersion": 9, "events": [turned], "destination": channel.bot_user_id, "next": None}
    return json.dumps(given, indent=4, ensure_ascii=False).encode() + b"\r\n\r\n"


def standby(channel: Channel, person: Person) -> bytes:
    """Somebody else has the talk: no reply token, and nothing should be sent [R#common-properties]."""
    made = said(channel, person, mode="standby")
    del made["replyToken"]
    return envelope(channel, made)


def lone_surrogates(channel: Channel, person: Person) -> bytes:
    """Half an emoji, in words, postbacks, file names and mentions."""
    half = "\ud83d"
    mentionees = [{"type": "user", "index": 1, "length": 2, "userId": person.id}]
    return envelope(
        channel,
        said(channel, person, f"{half}半分\udc00"),
        message(channel, person, type="text", text=f"{half}@x{half}", mention={"mentionees": mentionees}),
        message(channel, person, type="file", fileName=f"{half}.pdf", fileSize=1),
        said(channel, person, type="postback", postback={"data": half, "params": {"date": half}}),
        said(channel, person, **{half: half}),
    )


def control_characters(channel: Channel, person: Person) -> bytes:
    """NUL, which PostgreSQL cannot keep, and words that turn round or overstrike."""
    return envelope(
        channel,
        said(channel, person, "\x00"),
        said(channel, person, "終\x00わり\x1b[31m\r\n"),
        said(channel, person, "\u202eesrever\u202c" + "\u0301" * 2_000),
        message(channel, person, type="file", fileName="../../etc/passwd\x00.png", fileSize=-1),
        said(channel, person, type="postback", postback={"data": "\x00'; DROP TABLE friends; --"}),
    )


def long_words(channel: Channel, person: Person) -> bytes:
    """As long as LINE lets people write, in letters of two UTF-16 units; and longer."""
    return envelope(
        channel,
        said(channel, person, "𠮷" * (LONG // 2)),
        said(channel, person, "あ" * LONG),
        said(channel, person, "a" * 200_000),
        said(channel, person, type="postback", postback={"data": "x" * 10_000}),
    )


def wrong_types(channel: Channel, person: Person) -> bytes:
    """null, numbers, lists and truths where something else belongs."""
    strange: list[Any] = [None, 0, -1.5, [], {}, True, "x"]
    return envelope(
        channel,
        *(said(channel, person, message=value) for value in strange),
        *(message(channel, person, type="text", text=value) for value in strange),
        *(message(channel, person, type="text", text="x", mention=value) for value in strange),
        *(said(channel, person, type="postback", postback=value) for value in strange),
        *(said(channel, person, type="follow", follow=value) for value in strange),
        *(said(channel, person, type="memberJoined", joined=value) for value in strange),
        *(said(channel, person, replyToken=value) for value in strange),
        *(said(channel, person, deliveryContext=value) for value in strange),
    )


def mentions_beyond(channel: Channel, person: Person) -> bytes:
    """Places that are not in the text, overlap, or cut a letter in two."""
    places = [(-1, 2), (0, 0), (2, 1), (1, 10_000), (2**53, 1), (0, 2), (0, 2)]
    mentionees = [
        {"type": "user", "index": index, "length": length, "userId": channel.bot_user_id, "isSelf": True}
        for index, length in places
    ]
    emojis = [{"index": 2**31, "length": 1, "productId": "p", "emojiId": "e"}, {"index": "0"}]
    return envelope(
        channel,
        message(channel, person, type="text", text="🌸🌸", mention={"mentionees": mentionees}, emojis=emojis),
        message(channel, person, type="text", text="", mention={"mentionees": mentionees * 20}),
    )


def wrong_times(channel: Channel, person: Person) -> bytes:
    """Before 1970, after the year 9999, in fractions, in words, none; and the newest first."""
    stamps: list[Any] = [-1, 0, 2**63 - 1, 2**70, 1.5, 1e300, "2026-11-23T00:00:00Z", None]
    now = channel.clock.now_ms()
    return envelope(
        channel,
        *(said(channel, person, timestamp=stamp) for stamp in stamps),
        *(said(channel, person, timestamp=now - age) for age in (0, 60_000, 3_600_000)),
    )


def wrong_ids(channel: Channel, person: Person) -> bytes:
    """No webhookEventId, an empty one, one of another form or kind."""
    strange: list[Any] = ["", "x" * 10_000, "../..", 7, None, "\x00"]
    made = said(channel, person)
    del made["webhookEventId"]
    return envelope(channel, made, *(said(channel, person, webhookEventId=value) for value in strange))


def duplicates_in_one(channel: Channel, person: Person) -> bytes:
    """One event three times in one request, with and without the mark of a redelivery [1.3]."""
    made = said(channel, person)
    again = {**made, "deliveryContext": {"isRedelivery": True}}
    return envelope(channel, made, made, again)


def mixed_batch(channel: Channel, person: Person) -> bytes:
    """As many events as we believe a request can hold: follows and words of many people, some we do not know [?]."""
    made: list[Event] = []
    for number in range(MAX_BATCH - 1):
        stranger = Person(ids.of_name("U", channel.id, f"stranger {number}"), f"客{number}")
        if number % 3 == 0:
            made.append(events.follow(channel, stranger, unblocked=False))
        elif number % 3 == 1:
            made.append(said(channel, stranger, f"{number}"))
        else:
            made.append(events.postback(channel, stranger, None, f"n={number}", None))
    return envelope(channel, *made, said(channel, person))


def no_objects(channel: Channel, person: Person) -> bytes:
    """Things among the events that are no events."""
    return envelope(channel, None, 1, "event", [], [{}], {}, said(channel, person))


def no_list(channel: Channel, person: Person) -> bytes:
    return envelope(channel, events={"0": said(channel, person)})


def not_for_us(channel: Channel, person: Person) -> bytes:
    """Signed by our secret, and meant for another bot."""
    return envelope(channel, said(channel, person), destination="U" + "9" * 32)


def doubled_keys(channel: Channel, person: Person) -> bytes:
    """The same property twice, which JSON leaves open."""
    one = json.dumps(said(channel, person))
    twice = one[:-1] + ', "type": "unfollow", "type": "message"}'
    return f'{{"destination": "{channel.bot_user_id}", "events": [], "events": [{twice}]}}'.encode()


def deeply_nested(channel: Channel, person: Person) -> bytes:
    """An unknown field with many floors, still readable; and one with more than most readers climb."""
    made = json.dumps(said(channel, person))
    floors = [made[:-1] + ', "deep": ' + "[" * deep + "]" * deep + "}" for deep in (DEEP, 100 * DEEP)]
    return f'{{"destination": "{channel.bot_user_id}", "events": [{",".join(floors)}]}}'.encode()


def edited_and_unsent(channel: Channel, person: Person) -> bytes:
    """Edits and withdrawals of messages nobody has seen, in a group nobody knows."""
    group = {"type": "group", "groupId": "C" + "2" * 32, "userId": person.id}
    content = {"type": "text", "id": "1", "text": "/停止", "quoteToken": "q"}
    return envelope(
        channel,
        said(channel, person, type="messageEdited", source=group, message=content),
        said(channel, person, type="messageEdited", message={"type": "image", "id": "1"}),
        said(channel, person, type="unsend", unsend={"messageId": "404"}),
        said(channel, person, type="unsend", source=group, unsend={}),
    )


KINDS: dict[str, Made] = {
    made.__name__: made
    for made in (
        empty,
        verify_dummies,
        unknown_events,
        unknown_messages,
        unknown_sources,
        unknown_enums,
        unknown_fields,
        standby,
        lone_surrogates,
        control_characters,
        long_words,
        wrong_types,
        mentions_beyond,
        wrong_times,
        wrong_ids,
        duplicates_in_one,
        mixed_batch,
        no_objects,
        no_list,
        not_for_us,
        doubled_keys,
        deeply_nested,
        edited_and_unsent,
    )
}
