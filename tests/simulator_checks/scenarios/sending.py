"""Replies, pushes, multicasts and broadcasts; what they cost and how they are counted."""

from tests.simulator_checks.scenarios.steps import Deed, Json, Scenario, Stage, call, refused, text

KEY = "123e4567-e89b-12d3-a456-426614174000"
ORIGIN = "https://shop.example"
SENT = {"id": "<message id>", "quoteToken": "<quote token>"}
SENT_FIRST = {"id": "$first.sentMessages.0.id", "quoteToken": "$first.sentMessages.0.quoteToken"}
SENT_QUIETLY = {"id": "<message id>"}
TOO_LONG = refused("The request body has 1 error(s)", ("Length must be between 0 and 5000", "messages[0].text"))
BUBBLE = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "a"}]}}

BAD_BUBBLE = {"type": "bubble", "hero": {"type": "image", "url": "ftp://shop.example/a.png"}}


def to(chat: str | list[str], *messages: Json) -> Json:
    return {"to": chat, "messages": list(messages)}


async def no_quota_left(on: Stage) -> Json:
    await on.channel.change(quota=0)
    return {}


async def too_fast(on: Stage) -> Json:
    await on.channel.fault("rate_limit", "push")
    return {}


async def next_day(on: Stage) -> Json:
    """The next day in Japan, when yesterday's counts are ready."""
    await on.channel.advance(days=1, hours=12)
    return {}


KINDS: list[Json] = [
    {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    {"type": "image", "originalContentUrl": f"{ORIGIN}/a.jpg", "previewImageUrl": f"{ORIGIN}/b.jpg"},
    {"type": "video", "originalContentUrl": f"{ORIGIN}/a.mp4", "previewImageUrl": f"{ORIGIN}/b.jpg", "trackingId": "t"},
    {"type": "audio", "originalContentUrl": f"{ORIGIN}/a.m4a", "duration": 60_000},
    {"type": "location", "title": "店", "address": "東京都", "latitude": 35.6, "longitude": 139.7},
]
MORE_KINDS: list[Json] = [
    {
        "type": "textV2",
        "text": "{smile} です",
        "substitution": {
            "smile": {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"},
        },
    },
    {
        "type": "template",
        "altText": "選ぶ",
        "template": {
            "type": "confirm",
            "text": "よいですか",
            "actions": [
                {"type": "message", "label": "はい", "text": "はい"},
                {"type": "postback", "label": "いいえ", "data": "a=no", "displayText": "いいえ"},
            ],
        },
    },
    {"type": "flex", "altText": "お知らせ", "contents": BUBBLE},
    {
        "type": "imagemap",
        "baseUrl": f"{ORIGIN}/map",
        "altText": "地図",
        "baseSize": {"width": 1040, "height": 700},
        "actions": [
            {"type": "message", "text": "左", "area": {"x": 0, "y": 0, "width": 520, "height": 700}},
        ],
    },
    {
        **text("どちら"),
        "quickReply": {"items": [{"type": "action", "action": {"type": "message", "label": "右", "text": "右"}}]},
        "sender": {"name": "店長", "iconUrl": f"{ORIGIN}/icon.png"},
    },
]

SCENARIOS = [
    Scenario(
        "a reply, once",
        [
            Deed("said", lambda on: on.tanaka.says("予約したい")),
            call(
                "replyMessage",
                {"replyToken": "$said.event.replyToken", "messages": [text(), text("はい")]},
                answer={"sentMessages": [SENT, SENT]},
            ),
            call(
                "replyMessage",
                {"replyToken": "$said.event.replyToken", "messages": [text()]},
                status=400,
                answer=refused("Invalid reply token"),
            ),
        ],
    ),
    Scenario(
        "a push of every kind of message",
        [
            call(
                "pushMessage",
                to("$tanaka", *KINDS),
                answer={"sentMessages": [SENT, SENT, SENT, SENT_QUIETLY, SENT_QUIETLY]},
            ),
            call(
                "pushMessage",
                to("$tanaka", *MORE_KINDS),
                answer={"sentMessages": [SENT, SENT, SENT, SENT_QUIETLY, SENT]},
            ),
            call("pushMessage", to("$group", text()), answer={"sentMessages": [SENT]}),
        ],
    ),
    Scenario(
        "a push with a retry key, twice",
        [
            call("pushMessage", to("$tanaka", text()), KEY, answer={"sentMessages": [SENT]}, keep="first"),
            call(
                "pushMessage",
                to("$tanaka", text()),
                KEY,
                status=409,
                answer={**refused("The retry key is already accepted"), "sentMessages": [SENT_FIRST]},
                accepted="first",
            ),
        ],
    ),
    Scenario(
        "pushes that LINE refuses",
        [
            call("pushMessage", to("U" + "0" * 32, text()), status=400, answer=refused("Failed to send messages")),
            call(
                "pushMessage",
                to("nobody", text()),
                status=400,
                answer=refused("The property, to, in the request body is invalid (line: -, column: -)"),
            ),
            call("pushMessage", to("$tanaka", text("x" * 5001)), status=400, answer=TOO_LONG),
            call(
                "pushMessage",
                to("$tanaka", {"type": "flex", "altText": "a", "contents": BAD_BUBBLE}),
                status=400,
                answer=refused("A message (messages[0]) in the request body is invalid", ("invalid uri", "/hero/url")),
            ),
            call(
                "pushMessage",
                to("$tanaka", text()),
                token="another-token",
                logged=False,
                status=401,
                answer=refused(
                    "Authentication failed due to the following reason: invalid token. "
                    "Confirm that the access token in the authorization header is valid."
                ),
            ),
            call(
                "pushMessage",
                to("$tanaka", text()),
                "no-uuid",
                status=400,
                answer=refused("The value for the 'X-Line-Retry-Key' header is invalid"),
            ),
            Deed("", too_fast),
            call(
                "pushMessage",
                to("$tanaka", text()),
                status=429,
                answer=refused("The API rate limit has been exceeded. Try again later."),
            ),
            Deed("", no_quota_left),
            call(
                "pushMessage",
                to("$tanaka", text()),
                status=429,
                answer=refused("You have reached your monthly limit."),
            ),
        ],
    ),
    Scenario(
        "a multicast",
        [
            call("multicast", to(["$tanaka", "$suzuki"], text()), KEY, keep="first"),
            call(
                "multicast",
                to(["$tanaka", "$suzuki"], text()),
                KEY,
                status=409,
                answer=refused("The retry key is already accepted"),
                accepted="first",
            ),
            call(
                "multicast",
                to(["$tanaka", "somebody"], text()),
                status=400,
                answer=refused("The property, to[1], in the request body is invalid (line: -, column: -)"),
            ),
        ],
    ),
    Scenario(
        "a broadcast",
        [
            call("broadcast", {"messages": [text()]}, KEY, keep="first"),
            call(
                "broadcast",
                {"messages": [text()]},
                KEY,
                status=409,
                answer=refused("The retry key is already accepted"),
                accepted="first",
            ),
            call("broadcast", {"messages": [text("x" * 5001)]}, status=400, answer=TOO_LONG),
        ],
    ),
    Scenario(
        "messages looked at and not sent",
        [
            step
            for how in ("Reply", "Push", "Multicast", "Narrowcast", "Broadcast")
            for step in (
                call(f"validate{how}", {"messages": [text()]}),
                call(f"validate{how}", {"messages": [text("x" * 5001)]}, status=400, answer=TOO_LONG),
            )
        ],
    ),
    Scenario(
        "what the month and the day have cost",
        [
            call("getMessageQuota", answer={"type": "none"}),
            call(
                "pushMessage",
                {**to("$tanaka", text()), "customAggregationUnits": ["spring_1"]},
                answer={"sentMessages": [SENT]},
            ),
            call("multicast", to(["$tanaka"], text())),
            call("broadcast", {"messages": [text()]}),
            call("getMessageQuotaConsumption", answer={"totalUsage": 3}),
            call("getNumberOfSentPushMessages", "$today", answer={"status": "unready"}),
            Deed("", next_day),
            *(
                call(f"getNumberOfSent{how}Messages", "$today", answer={"status": "ready", "success": count})
                for how, count in (("Reply", 0), ("Push", 1), ("Multicast", 1), ("Broadcast", 1))
            ),
            call("getAggregationUnitUsage", answer={"numOfCustomAggregationUnits": 1}),
            call("getAggregationUnitNameList", "10", answer={"customAggregationUnits": ["spring_1"]}),
        ],
    ),
]
