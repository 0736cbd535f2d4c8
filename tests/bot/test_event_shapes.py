"""Every kind of event that LINE knows, and some it may invent, comes through the house without loss."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import events
from jobs import heard
from storage import clock, inbox
from tests.simulator import control
from tests.simulator_checks import event_shapes
from tests.simulator_checks.event_shapes import BOT, GROUP, OTHER, ROOM, USER, WORDS

MENTIONS = (
    heard.Mention(2, 3, BOT, True),
    heard.Mention(6, 4, None, False),
    heard.Mention(11, 3, None, False),
    heard.Mention(11, 3, OTHER, False),
)
EMOJIS = (heard.Emoji(18, 1, "5ac1bfd5040ab15980c9b435", "001"),)
YES = heard.Said("はい", "99", "q1")


def media(kind: str, **more: Any) -> heard.SentMedia:
    return heard.SentMedia(kind, "99", **more)


def sticker(**more: Any) -> heard.SentSticker:
    return heard.SentSticker("99", "446", "1988", "q1", **more)


READ: dict[str, heard.What] = {
    "text": heard.Said("予約したい", "99", "q1"),
    "text with everything": heard.Said(WORDS, "99", "q1", "77", MENTIONS, EMOJIS),
    "text in a room": YES,
    "text of somebody unnamed in a group": YES,
    "text of somebody unnamed in a room": YES,
    "text of nobody": YES,
    "text on standby": YES,
    "text delivered again": YES,
    "image": media("image", quote_token="q1"),
    "image from elsewhere": media("image", quote_token="q1", external=True),
    "image of a set": media("image", quote_token="q1"),
    "image of a set of unknown size": media("image", quote_token="q1"),
    "video": media("video", quote_token="q1"),
    "video with everything": media("video", quote_token="q1", external=True, duration_ms=60_000),
    "audio": media("audio"),
    "audio with everything": media("audio", external=True, duration_ms=60_000),
    "file": media("file", file_name="見積.pdf"),
    "file with everything": media("file", file_name="a.txt"),
    "location": media("location"),
    "location with everything": media("location", place="店 東京都千代田区紀尾井町1-3"),
    **{f"sticker {kind}": sticker() for kind in event_shapes.STICKERS},
    "sticker with everything": sticker(quoted_message_id="77", text="おはよう"),
    "messageEdited": heard.Edited("10時です", "99", "q2"),
    "messageEdited with everything": heard.Edited(WORDS, "99", "q2", MENTIONS, EMOJIS),
    "unsend": heard.Unsent("99"),
    "unsend in a group": heard.Unsent("99"),
    "follow": heard.Followed(False),
    "follow again": heard.Followed(True),
    "unfollow": heard.Unfollowed(),
    "join of a group": heard.Joined(),
    "join of a room": heard.Joined(),
    "leave of a group": heard.Left(),
    "leave of a room": heard.Left(),
    "memberJoined": heard.MembersJoined((USER, OTHER)),
    "memberLeft": heard.MembersLeft((USER,)),
    "postback": heard.Pressed("a=book", {}),
    "postback of a date": heard.Pressed("a=day", {"date": "2026-11-23"}),
    "postback of a time": heard.Pressed("a=time", {"time": "09:30"}),
    "postback of a moment": heard.Pressed("a=at", {"datetime": "2026-11-23T09:30"}),
    "postback of a rich menu's tab": heard.Pressed("a=tab", {"newRichMenuAliasId": "summer", "status": "SUCCESS"}),
    "postback of a rich menu's broken tab": heard.Pressed("a=tab", {"status": "RICHMENU_ALIAS_ID_NOTFOUND"}),
    "videoPlayComplete": heard.VideoPlayed("t-1"),
    "beacon": heard.Other("beacon"),
    "beacon with everything": heard.Other("beacon"),
    "beacon of a banner": heard.Other("beacon"),
    "accountLink": heard.Other("accountLink"),
    "accountLink that failed": heard.Other("accountLink"),
    "membership joined": heard.Other("membership"),
    "membership renewed": heard.Other("membership"),
    "membership left": heard.Other("membership"),
    "module attached": heard.Other("module"),
    "module detached": heard.Other("module"),
    "activated": heard.Other("activated"),
    "deactivated": heard.Other("deactivated"),
    "botSuspended": heard.Other("botSuspended"),
    "botResumed": heard.Other("botResumed"),
    "delivery": heard.Other("delivery"),
    "an event of an unknown kind": heard.Other("undefined"),
    "a message of an unknown kind": media("hologram", quote_token="q1"),
    "a sticker of an unknown kind": sticker(),
    "a source of an unknown kind": heard.Followed(False),
    "a provider of an unknown kind": media("image", quote_token="q1"),
    "a mention of an unknown kind": heard.Said("@店", "99", "q1", mentions=(heard.Mention(0, 2, None, False),)),
    "an unknown mode": YES,
    "unknown properties everywhere": YES,
    "a follow without its detail": heard.Followed(False),
    "a text without a quote token": heard.Said("はい", "99"),
    "a postback of an unknown picker": heard.Pressed("a=w", {"week": "2026-W48"}),
}


@pytest.mark.parametrize("name", event_shapes.ALL)
def test_it_reads_all_that_an_event_says(name: str) -> None:
    event = event_shapes.ALL[name]
    source = event.get("source", {})
    assert events.read(events.serialise(event)) == events.Heard(
        kind=event["type"],
        what=READ[name],
        user_id=source.get("userId"),
        group_id=source.get("groupId"),
        room_id=source.get("roomId"),
        reply_token=event.get("replyToken"),
        at=datetime(2026, 11, 23, 9, 30, 0, 123000, tzinfo=UTC),
        event_id=event["webhookEventId"],
        mode=event["mode"],
    )


def test_the_examples_bring_everything_that_is_heard() -> None:
    assert {type(one) for one in READ.values()} == set(heard.What.__args__)
    assert READ.keys() == event_shapes.ALL.keys()


def now(named: Sequence[str], at: datetime) -> list[event_shapes.Json]:
    return [event_shapes.ALL[name] | {"timestamp": int(at.timestamp() * 1000)} for name in named]


@pytest.mark.usefixtures("bot")
async def test_it_works_off_every_kind_of_event_and_parks_none(channel: control.Channel) -> None:
    """All in one request, as LINE may send them, and once more one by one from the last to the first."""
    names = list(event_shapes.ALL)
    told = now(names, await clock.now())
    sent = await channel.send_events(told)
    assert (sent.outcome, sent.status) == ("ok", 200)
    for one in reversed(told):
        assert (await channel.send_events([one])).status == 200
    ids = [one["webhookEventId"] for one in told]
    async with asyncio.timeout(60):
        while await inbox.InboxEvent.filter(state="open").exists():
            await asyncio.sleep(0.02)
    rows = await inbox.InboxEvent.filter(webhook_event_id__in=ids)
    states = {row.webhook_event_id: row.state for row in rows}
    assert {name: states.get(one["webhookEventId"]) for name, one in zip(names, told, strict=True)} == dict.fromkeys(
        names, "done"
    )
    assert [events.parse(row.body) for row in sorted(rows, key=lambda row: row.webhook_event_id)] == told
    assert {row.chat for row in rows} == {USER, GROUP, ROOM, ""}
