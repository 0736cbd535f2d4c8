"""Webhooks as nobody hopes to get them: wrong types, times and ids, half letters, things that are no events."""

import json
from typing import Any

from tests.simulator.channel import Channel
from tests.simulator.people import Person
from tests.simulator.webhooks.hostile import making

DEEP = 500


def lone_surrogates(channel: Channel, person: Person) -> bytes:
    """Half an emoji, in words, postbacks, file names and mentions."""
    half = "\ud83d"
    mentionees = [{"type": "user", "index": 1, "length": 2, "userId": person.id}]
    return making.envelope(
        channel,
        making.said(channel, person, f"{half}半分\udc00"),
        making.message(channel, person, type="text", text=f"{half}@x{half}", mention={"mentionees": mentionees}),
        making.message(channel, person, type="file", fileName=f"{half}.pdf", fileSize=1),
        making.said(channel, person, type="postback", postback={"data": half, "params": {"date": half}}),
        making.said(channel, person, **{half: half}),
    )


def control_characters(channel: Channel, person: Person) -> bytes:
    """NUL, which PostgreSQL cannot keep, and words that turn round or overstrike."""
    return making.envelope(
        channel,
        making.said(channel, person, "\x00"),
        making.said(channel, person, "終\x00わり\x1b[31m\r\n"),
        making.said(channel, person, "\u202eesrever\u202c" + "\u0301" * 2_000),
        making.message(channel, person, type="file", fileName="../../etc/passwd\x00.png", fileSize=-1),
        making.said(channel, person, type="postback", postback={"data": "\x00'; DROP TABLE friends; --"}),
    )


def wrong_types(channel: Channel, person: Person) -> bytes:
    """null, numbers, lists and truths where something else belongs."""
    strange: list[Any] = [None, 0, -1.5, [], {}, True, "x"]
    return making.envelope(
        channel,
        *(making.said(channel, person, message=value) for value in strange),
        *(making.message(channel, person, type="text", text=value) for value in strange),
        *(making.message(channel, person, type="text", text="x", mention=value) for value in strange),
        *(making.said(channel, person, type="postback", postback=value) for value in strange),
        *(making.said(channel, person, type="follow", follow=value) for value in strange),
        *(making.said(channel, person, type="memberJoined", joined=value) for value in strange),
        *(making.said(channel, person, replyToken=value) for value in strange),
        *(making.said(channel, person, deliveryContext=value) for value in strange),
    )


def mentions_beyond(channel: Channel, person: Person) -> bytes:
    """Places that are not in the text, overlap, or cut a letter in two."""
    places = [(-1, 2), (0, 0), (2, 1), (1, 10_000), (2**53, 1), (0, 2), (0, 2)]
    mentionees = [
        {"type": "user", "index": index, "length": length, "userId": channel.bot_user_id, "isSelf": True}
        for index, length in places
    ]
    emojis = [{"index": 2**31, "length": 1, "productId": "p", "emojiId": "e"}, {"index": "0"}]
    return making.envelope(
        channel,
        making.message(channel, person, type="text", text="🌸🌸", mention={"mentionees": mentionees}, emojis=emojis),
        making.message(channel, person, type="text", text="", mention={"mentionees": mentionees * 20}),
    )


def wrong_times(channel: Channel, person: Person) -> bytes:
    """Before 1970, after the year 9999, in fractions, in words, none; and the newest first."""
    stamps: list[Any] = [-1, 0, 2**63 - 1, 2**70, 1.5, 1e300, "2026-11-23T00:00:00Z", None]
    now = channel.clock.now_ms()
    return making.envelope(
        channel,
        *(making.said(channel, person, timestamp=stamp) for stamp in stamps),
        *(making.said(channel, person, timestamp=now - age) for age in (0, 60_000, 3_600_000)),
    )


def wrong_ids(channel: Channel, person: Person) -> bytes:
    """No webhookEventId, an empty one, one of another form or kind."""
    strange: list[Any] = ["", "x" * 10_000, "../..", 7, None, "\x00"]
    made = making.said(channel, person)
    del made["webhookEventId"]
    return making.envelope(channel, made, *(making.said(channel, person, webhookEventId=value) for value in strange))


def no_objects(channel: Channel, person: Person) -> bytes:
    """Things among the events that are no events."""
    return making.envelope(channel, None, 1, "event", [], [{}], {}, making.said(channel, person))


def no_list(channel: Channel, person: Person) -> bytes:
    return making.envelope(channel, events={"0": making.said(channel, person)})


def not_for_us(channel: Channel, person: Person) -> bytes:
    """Signed by our secret, and meant for another bot."""
    return making.envelope(channel, making.said(channel, person), destination="U" + "9" * 32)


def doubled_keys(channel: Channel, person: Person) -> bytes:
    """The same property twice, which JSON leaves open."""
    one = json.dumps(making.said(channel, person))
    twice = one[:-1] + ', "type": "unfollow", "type": "message"}'
    return f'{{"destination": "{channel.bot_user_id}", "events": [], "events": [{twice}]}}'.encode()


def deeply_nested(channel: Channel, person: Person) -> bytes:
    """An unknown field with many floors, still readable; and one with more than most readers climb."""
    made = json.dumps(making.said(channel, person))
    floors = [made[:-1] + ', "deep": ' + "[" * deep + "]" * deep + "}" for deep in (DEEP, 100 * DEEP)]
    return f'{{"destination": "{channel.bot_user_id}", "events": [{",".join(floors)}]}}'.encode()
