"""Webhook events of every kind that LINE's reference names, bare and with all they may carry; and what may yet come.

Put together from the fields of LINE_PLATFORM 1.4 and 1.5; ids, words and times are ours.
"""

from typing import Any

Json = dict[str, Any]

BOT = "U" + "b" * 32
USER, OTHER = "U" + "1" * 32, "U" + "2" * 32
GROUP, ROOM = "C" + "3" * 32, "R" + "4" * 32
AT_MS = 1_795_426_200_123
REPLY_TOKEN = "b60d432864f44d079f6d8efe86cf404b"
READ_TOKEN = "30yhdy232"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

IN_TALK: Json = {"type": "user", "userId": USER}
IN_GROUP: Json = {"type": "group", "groupId": GROUP, "userId": USER}
IN_ROOM: Json = {"type": "room", "roomId": ROOM, "userId": USER}
GROUP_ITSELF: Json = {"type": "group", "groupId": GROUP}
ROOM_ITSELF: Json = {"type": "room", "roomId": ROOM}

BY_LINE: Json = {"type": "line"}
ELSEWHERE: Json = {
    "type": "external",
    "originalContentUrl": "https://shop.example/a.jpg",
    "previewImageUrl": "https://shop.example/b.jpg",
}
# 🎀 is two UTF-16 units, and so is each $ behind it one further than it looks.
WORDS = "🎀@歩み @All @花子 予約 $"
MENTION: Json = {
    "mentionees": [
        {"type": "user", "index": 2, "length": 3, "userId": BOT, "isSelf": True},
        {"type": "all", "index": 6, "length": 4},
        {"type": "user", "index": 11, "length": 3},
        {"type": "user", "index": 11, "length": 3, "userId": OTHER, "isSelf": False},
    ]
}
EMOJIS: list[Json] = [{"index": 18, "length": 1, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}]
STICKERS = (
    *("STATIC", "ANIMATION", "SOUND", "ANIMATION_SOUND", "POPUP", "POPUP_SOUND"),
    *("CUSTOM", "MESSAGE", "NAME_TEXT", "PER_STICKER_TEXT"),
)


def event(kind: str, source: Json | None = IN_TALK, *, replyable: bool = True, **fields: Any) -> Json:
    """A field of None is left out, as LINE leaves out what has no value."""
    made = {
        "type": kind,
        "mode": "active",
        "timestamp": AT_MS,
        "source": source,
        "webhookEventId": None,
        "deliveryContext": {"isRedelivery": False},
        "replyToken": REPLY_TOKEN if replyable else None,
        **fields,
    }
    return {name: value for name, value in made.items() if value is not None}


def message(kind: str, source: Json = IN_TALK, *, quotable: bool = True, **content: Any) -> Json:
    quote = {"quoteToken": "q1"} if quotable else {}
    return event("message", source, message={"type": kind, "id": "99", **quote, **content})


def sticker(kind: str, **content: Any) -> Json:
    return message("sticker", packageId="446", stickerId="1988", stickerResourceType=kind, **content)


MESSAGES: dict[str, Json] = {
    "text": message("text", text="予約したい"),
    "text with everything": message(
        "text",
        IN_GROUP,
        text=WORDS,
        mention=MENTION,
        emojis=EMOJIS,
        quotedMessageId="77",
        markAsReadToken=READ_TOKEN,
    ),
    "text in a room": message("text", IN_ROOM, text="はい"),
    "text of somebody unnamed in a group": message("text", GROUP_ITSELF, text="はい"),
    "text of somebody unnamed in a room": message("text", ROOM_ITSELF, text="はい"),
    "text of nobody": message("text", {"type": "user"}, text="はい"),
    "image": message("image", contentProvider=BY_LINE),
    "image from elsewhere": message("image", contentProvider=ELSEWHERE, markAsReadToken=READ_TOKEN),
    "image of a set": message("image", contentProvider=BY_LINE, imageSet={"id": "E0", "index": 1, "total": 3}),
    "image of a set of unknown size": message("image", contentProvider=BY_LINE, imageSet={"id": "E0"}),
    "video": message("video", contentProvider=BY_LINE),
    "video with everything": message("video", contentProvider=ELSEWHERE, duration=60_000, markAsReadToken=READ_TOKEN),
    "audio": message("audio", quotable=False, contentProvider=BY_LINE),
    "audio with everything": message(
        "audio",
        quotable=False,
        contentProvider={"type": "external", "originalContentUrl": "https://shop.example/a.m4a"},
        duration=60_000,
        markAsReadToken=READ_TOKEN,
    ),
    "file": message("file", quotable=False, fileName="見積.pdf", fileSize=2_138),
    "file with everything": message("file", quotable=False, fileName="a.txt", fileSize=0, markAsReadToken=READ_TOKEN),
    "location": message("location", quotable=False, latitude=35.67966, longitude=139.73669),
    "location with everything": message(
        "location",
        quotable=False,
        title="店",
        address="東京都千代田区紀尾井町1-3",
        latitude=35.67966,
        longitude=139.73669,
        markAsReadToken=READ_TOKEN,
    ),
    **{f"sticker {kind}": sticker(kind) for kind in STICKERS},
    "sticker with everything": sticker(
        "MESSAGE",
        keywords=["cony", "sally"],
        text="おはよう",
        quotedMessageId="77",
        markAsReadToken=READ_TOKEN,
    ),
}

EVENTS: dict[str, Json] = {
    "messageEdited": event(
        "messageEdited", IN_GROUP, message={"type": "text", "id": "99", "quoteToken": "q2", "text": "10時です"}
    ),
    "messageEdited with everything": event(
        "messageEdited",
        IN_GROUP,
        message={
            "type": "text",
            "id": "99",
            "quoteToken": "q2",
            "text": WORDS,
            "mention": MENTION,
            "emojis": EMOJIS,
        },
    ),
    "unsend": event("unsend", replyable=False, unsend={"messageId": "99"}),
    "unsend in a group": event("unsend", IN_GROUP, replyable=False, unsend={"messageId": "99"}),
    "follow": event("follow", follow={"isUnblocked": False}),
    "follow again": event("follow", follow={"isUnblocked": True}),
    "unfollow": event("unfollow", replyable=False),
    "join of a group": event("join", GROUP_ITSELF),
    "join of a room": event("join", ROOM_ITSELF),
    "leave of a group": event("leave", GROUP_ITSELF, replyable=False),
    "leave of a room": event("leave", ROOM_ITSELF, replyable=False),
    "memberJoined": event(
        "memberJoined", GROUP_ITSELF, joined={"members": [IN_TALK, {"type": "user", "userId": OTHER}]}
    ),
    "memberLeft": event("memberLeft", ROOM_ITSELF, replyable=False, left={"members": [IN_TALK]}),
    "postback": event("postback", postback={"data": "a=book"}),
    "postback of a date": event("postback", postback={"data": "a=day", "params": {"date": "2026-11-23"}}),
    "postback of a time": event("postback", postback={"data": "a=time", "params": {"time": "09:30"}}),
    "postback of a moment": event(
        "postback", IN_GROUP, postback={"data": "a=at", "params": {"datetime": "2026-11-23T09:30"}}
    ),
    "postback of a rich menu's tab": event(
        "postback",
        postback={"data": "a=tab", "params": {"newRichMenuAliasId": "summer", "status": "SUCCESS"}},
    ),
    "postback of a rich menu's broken tab": event(
        "postback", postback={"data": "a=tab", "params": {"status": "RICHMENU_ALIAS_ID_NOTFOUND"}}
    ),
    "videoPlayComplete": event("videoPlayComplete", videoPlayComplete={"trackingId": "t-1"}),
    "beacon": event("beacon", beacon={"hwid": "d41d8cd98f", "type": "enter"}),
    "beacon with everything": event("beacon", beacon={"hwid": "d41d8cd98f", "type": "stay", "dm": "ab01"}),
    "beacon of a banner": event("beacon", beacon={"hwid": "d41d8cd98f", "type": "banner"}),
    "accountLink": event("accountLink", link={"result": "ok", "nonce": "n" * 22}),
    "accountLink that failed": event(
        "accountLink", None, replyable=False, link={"result": "failed", "nonce": "n" * 22}
    ),
    "membership joined": event("membership", membership={"type": "joined", "membershipId": 3189}),
    "membership renewed": event("membership", membership={"type": "renewed", "membershipId": 3189}),
    "membership left": event("membership", membership={"type": "left", "membershipId": 3189}),
    "module attached": event(
        "module", None, replyable=False, module={"type": "attached", "botId": BOT, "scopes": ["message:send"]}
    ),
    "module detached": event(
        "module", None, replyable=False, module={"type": "detached", "botId": BOT, "reason": "bot_deleted"}
    ),
    "activated": event("activated", replyable=False, chatControl={"expireAt": AT_MS + 60_000}),
    "deactivated": event("deactivated", replyable=False),
    "botSuspended": event("botSuspended", None, replyable=False),
    "botResumed": event("botResumed", None, replyable=False),
    "delivery": event("delivery", replyable=False, delivery={"data": "e" * 64}),
    "text on standby": message("text", text="はい") | {"mode": "standby"},
    "text delivered again": message("text", text="はい") | {"deliveryContext": {"isRedelivery": True}},
}
del EVENTS["text on standby"]["replyToken"]

# Not in any description: what LINE says it may add without notice [1.4], and what it has sent before.
TO_COME: dict[str, Json] = {
    "an event of an unknown kind": event("undefined", undefined={"key": ["value", None]}),
    "a message of an unknown kind": message("hologram", depth=3),
    "a sticker of an unknown kind": sticker("HOLOGRAM"),
    "a source of an unknown kind": event("follow", {"type": "planet", "planetId": "P1"}, follow={"isUnblocked": False}),
    "a provider of an unknown kind": message("image", contentProvider={"type": "cloud"}),
    "a mention of an unknown kind": message(
        "text", text="@店", mention={"mentionees": [{"type": "shop", "index": 0, "length": 2}]}
    ),
    "an unknown mode": message("text", text="はい") | {"mode": "dozing"},
    "unknown properties everywhere": message("text", {**IN_TALK, "mood": 1}, text="はい", mood=[1, {"a": None}])
    | {"mood": 1},
    "a follow without its detail": event("follow"),
    "a text without a quote token": message("text", quotable=False, text="はい"),
    "a postback of an unknown picker": event("postback", postback={"data": "a=w", "params": {"week": "2026-W48"}}),
}


def ulid(number: int) -> str:
    """A webhookEventId of AT_MS."""
    value = (AT_MS << 80) | number
    return "".join(CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


ALL: dict[str, Json] = {
    name: {**made, "webhookEventId": ulid(number)}
    for number, (name, made) in enumerate((MESSAGES | EVENTS | TO_COME).items())
}
DESCRIBED: dict[str, Json] = {name: ALL[name] for name in MESSAGES | EVENTS}
