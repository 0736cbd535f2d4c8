"""LINE's events are understood as far as they go, and nothing in them can do harm."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import events
from jobs import heard

USER = "U" + "1" * 32
GROUP = "C" + "2" * 32
ROOM = "R" + "3" * 32
EVENT_ID = "01KAQ2M6D1E8XW9Z5T4V3R2Q1P"


def event(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1_795_426_200_123,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": EVENT_ID,
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "b60d432864f44d079f6d8efe86cf404b",
    } | more


def read(kind: str, **more: Any) -> events.Heard:
    return events.read(events.serialise(event(kind, **more)))


def what(kind: str, **more: Any) -> heard.What:
    return read(kind, **more).what


def message(kind: str, **more: Any) -> heard.What:
    return what("message", message={"type": kind, "id": "99", "quoteToken": "q", **more})


def test_it_reads_who_where_and_when() -> None:
    found = read("follow")
    assert found.kind == "follow"
    assert (found.user_id, found.group_id, found.room_id) == (USER, None, None)
    assert found.reply_token == "b60d432864f44d079f6d8efe86cf404b"
    assert found.at == datetime(2026, 11, 23, 9, 30, 0, 123000, tzinfo=UTC)
    assert (found.event_id, found.mode) == (EVENT_ID, "active")


def test_it_reads_a_group_and_a_room_with_and_without_a_person() -> None:
    found = read("message", source={"type": "group", "groupId": GROUP, "userId": USER})
    assert (found.user_id, found.group_id, found.room_id) == (USER, GROUP, None)
    found = read("message", source={"type": "room", "roomId": ROOM})
    assert (found.user_id, found.group_id, found.room_id) == (None, None, ROOM)


def test_it_reads_a_text_with_all_that_hangs_on_it() -> None:
    said = message(
        "text",
        text="🎀@歩み 予約 $",
        quotedMessageId="77",
        mention={
            "mentionees": [
                {"index": 2, "length": 3, "type": "user", "userId": USER, "isSelf": True},
                {"index": 6, "length": 2, "type": "all"},
            ]
        },
        emojis=[{"index": 9, "length": 1, "productId": "5ac1", "emojiId": "001"}],
    )
    assert said == heard.Said(
        "🎀@歩み 予約 $",
        "99",
        "q",
        "77",
        (heard.Mention(2, 3, USER, True), heard.Mention(6, 2, None, False)),
        (heard.Emoji(9, 1, "5ac1", "001"),),
    )


def test_it_leaves_places_in_a_text_as_utf16_units() -> None:
    text = "🎀@歩み"
    said = message("text", text=text, mention={"mentionees": [{"index": 2, "length": 3, "isSelf": True}]})
    assert isinstance(said, heard.Said)
    at = said.mentions[0]
    marked = text.encode("utf-16-le")[2 * at.offset : 2 * (at.offset + at.length)].decode("utf-16-le")
    assert marked == "@歩み"


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("follow", {}, heard.Followed(False)),
        ("follow", {"follow": {"isUnblocked": True}}, heard.Followed(True)),
        ("unfollow", {}, heard.Unfollowed()),
        ("join", {}, heard.Joined()),
        ("leave", {}, heard.Left()),
        (
            "memberJoined",
            {"joined": {"members": [{"type": "user", "userId": USER}, {"type": "user"}, 5]}},
            heard.MembersJoined((USER,)),
        ),
        ("memberLeft", {"left": {"members": [{"userId": USER}]}}, heard.MembersLeft((USER,))),
        ("unsend", {"unsend": {"messageId": "99"}}, heard.Unsent("99")),
        ("videoPlayComplete", {"videoPlayComplete": {"trackingId": "t1"}}, heard.VideoPlayed("t1")),
        ("postback", {"postback": {"data": "b=7"}}, heard.Pressed("b=7", {})),
        (
            "postback",
            {"postback": {"data": "d", "params": {"datetime": "2026-12-01T10:00", "odd": 3}}},
            heard.Pressed("d", {"datetime": "2026-12-01T10:00"}),
        ),
        (
            "messageEdited",
            {"message": {"type": "text", "id": "99", "quoteToken": "n", "text": "タグ 一覧"}},
            heard.Edited("タグ 一覧", "99", "n"),
        ),
        ("beacon", {"beacon": {"hwid": "1"}}, heard.Other("beacon")),
        ("somethingNew", {}, heard.Other("somethingNew")),
    ],
)
def test_it_reads_every_kind_of_event(kind: str, more: dict[str, Any], expected: heard.What) -> None:
    assert what(kind, **more) == expected


def test_it_reads_media_stickers_and_kinds_not_yet_invented() -> None:
    line = {"type": "line"}
    assert message("image", contentProvider=line) == heard.SentMedia("image", "99", "q")
    assert message("video", contentProvider={"type": "external"}) == heard.SentMedia("video", "99", "q", True)
    assert message("file", fileName="表.pdf") == heard.SentMedia("file", "99", "q", False, "表.pdf")
    assert message("location", latitude=35.0) == heard.SentMedia("location", "99", "q")
    assert message("hologram") == heard.SentMedia("hologram", "99", "q")
    sticker = message("sticker", packageId="446", stickerId="1988", stickerResourceType="NEW_ONE", text="やあ")
    assert sticker == heard.SentSticker("99", "446", "1988", "q", None, "やあ")


@pytest.mark.parametrize("token", ["0" * 32, "f" * 32, "F" * 32, "", None, 5])
def test_it_takes_no_dummy_for_a_reply_token(token: object) -> None:
    assert read("message", replyToken=token).reply_token is None


def test_it_answers_nothing_while_another_has_the_talk() -> None:
    assert read("message", mode="standby").reply_token is None
    assert read("message", mode="standby").mode == "standby"


def test_it_passes_a_mode_it_does_not_know() -> None:
    found = read("follow", mode="relaxed")
    assert (found.mode, found.reply_token is None) == ("relaxed", False)


def test_it_keeps_reading_past_what_only_json_accepts() -> None:
    found = events.read(b'{"type":"message","message":{"type":"text","id":"1","text":"a\\ud83dz\\u0000"}}')
    assert found.what == heard.Said("a\ufffdz\ufffd", "1")


def test_it_writes_back_what_it_has_parsed_without_loss() -> None:
    for body in (rb'{"a":"\ud83d \u0000"}', '{"a":"歩み😊"}'.encode(), b'{"a":1.5,"b":[null,true]}'):
        assert json.loads(events.serialise(events.parse(body))) == json.loads(body)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"NaN", b'{"a":Infinity}', b"[" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000]
)
def test_it_calls_unreadable_what_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words are
        events.parse(body)
    assert events.read(body) == events.Heard("", heard.Other(""))


@pytest.mark.parametrize("body", [b"[]", b"5", b'"x"', b"null", b"{}", b'{"type":5}'])
def test_it_hears_nothing_in_json_that_is_no_event(body: bytes) -> None:
    assert events.read(body).what == heard.Other("")


@pytest.mark.parametrize("at", [None, "1795426200123", True, -1, 1e300, 10**18, [], "x"])
def test_it_knows_no_time_where_there_is_none(at: object) -> None:
    assert read("follow", timestamp=at).at is None


@pytest.mark.parametrize("id", ["../../bot/info", "U 1", "U\0", "Ｕ1", "", "U" * 65, 5, None])
def test_it_takes_no_id_that_could_be_something_else(id: object) -> None:
    assert read("follow", source={"type": "user", "userId": id}).user_id is None
    assert read("follow", webhookEventId=id).event_id is None


def test_it_finds_the_lane_of_an_event() -> None:
    assert events.chat(event("x")) == USER
    assert events.chat(event("x", source={"groupId": GROUP, "userId": USER})) == GROUP
    assert events.chat(event("x", source={"roomId": ROOM, "userId": USER})) == ROOM
    assert events.chat(event("x", source={"type": "planet"})) == ""
    assert events.chat({}) == ""


RICH = [
    event(
        "message",
        message={
            "type": "text",
            "id": "1",
            "text": "a",
            "quoteToken": "q",
            "quotedMessageId": "2",
            "mention": {"mentionees": [{"index": 0, "length": 1, "userId": USER, "isSelf": True}]},
            "emojis": [{"index": 0, "length": 1, "productId": "p", "emojiId": "e"}],
        },
    ),
    event("message", message={"type": "image", "id": "1", "contentProvider": {"type": "line"}, "fileName": "f"}),
    event("message", message={"type": "sticker", "id": "1", "packageId": "p", "stickerId": "s", "text": "t"}),
    event("messageEdited", message={"type": "text", "id": "1", "text": "a"}),
    event("follow", follow={"isUnblocked": False}),
    event("postback", postback={"data": "d", "params": {"date": "2026-12-01"}}),
    event("memberJoined", joined={"members": [{"type": "user", "userId": USER}]}),
    event("memberLeft", left={"members": [{"type": "user", "userId": USER}]}),
    event("unsend", unsend={"messageId": "1"}),
    event("videoPlayComplete", videoPlayComplete={"trackingId": "t"}),
]
STRANGE = [None, True, 0, -7, 10**30, 1.5, "", "x", "\0", "\ud83d", [], [None], ["\udc00"], {}, {"\0": "\ud800"}]


def paths(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Every place within a JSON value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (key,)
            yield from ((key, *rest) for rest in paths(value[key]))


def changed(value: Any, path: tuple[str | int, ...], strange: Any) -> Any:
    copy = json.loads(json.dumps(value))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = strange
    return copy


def taken_out(value: Any, path: tuple[str | int, ...]) -> Any:
    copy = changed(value, path, None)
    place = copy
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return copy


@pytest.mark.parametrize("rich", RICH, ids=lambda rich: rich["type"])
def test_it_never_raises_whatever_stands_anywhere_in_an_event(rich: dict[str, Any]) -> None:
    for path in paths(rich):
        odd = [changed(rich, path, strange) for strange in STRANGE]
        for one in (*odd, taken_out(rich, path)):
            found = events.read(events.serialise(one))
            assert isinstance(found.what, heard.What)
            assert b"\\u0000" not in orjson.dumps(found)  # fit to be stored; lone surrogates orjson itself refuses


@given(st.binary())
def test_it_never_raises_whatever_the_bytes_are(body: bytes) -> None:
    assert isinstance(events.read(body), events.Heard)
