"""Messages that bots of these stories send."""

from typing import Any

from tests.simulator_checks.bots import text

Json = dict[str, Any]


def button(kind: str, label: str, **more: str) -> Json:
    return {"type": kind, "label": label, **more}


HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
NOWHERE = "https://nowhere.invalid/a.jpg"
BUTTONS: Json = {
    "type": "template",
    "altText": "ご予約",
    "template": {
        "type": "buttons",
        "text": "ご予約はこちら",
        "actions": [
            button("postback", "予約する", data="reserve", displayText="予約します"),
            button("datetimepicker", "日時を選ぶ", data="when", mode="datetime"),
        ],
    },
}
LINKED_CARD: Json = {
    "type": "template",
    "altText": "ご予約の確認",
    "template": {
        "type": "buttons",
        "thumbnailImageUrl": NOWHERE,
        "title": "ご予約の確認",
        "text": "土曜 10時 カット",
        "defaultAction": button("uri", "くわしく", uri="https://example.com/"),
        "actions": [button("message", "変更する", text="変更したい")],
    },
}
FLEX: Json = {
    "type": "flex",
    "altText": "席",
    "contents": {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [
                {"type": "text", "text": "空席 3", "weight": "bold", "size": "xl", "color": "#b3261e", "wrap": True},
                {"type": "separator", "margin": "md"},
                {
                    "type": "box",
                    "layout": "horizontal",
                    "contents": [
                        {
                            "type": "button",
                            "style": "primary",
                            "action": button("postback", "席を選ぶ", data="seat=3", displayText="席3"),
                        },
                    ],
                },
            ],
        },
    },
}
QUICK: Json = {
    "items": [
        {"type": "action", "action": button("message", "営業時間", text="営業時間は？")},
        {"type": "action", "action": button("clipboard", "コピー", clipboardText="COUPON-1")},
    ]
}
MEDIA: list[Json] = [
    {"type": "image", "originalContentUrl": NOWHERE, "previewImageUrl": NOWHERE},
    {"type": "video", "originalContentUrl": NOWHERE, "previewImageUrl": NOWHERE},
    {"type": "audio", "originalContentUrl": NOWHERE, "duration": 65_000},
    {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    {"type": "location", "title": "歩み美容室", "address": "東京都", "latitude": 35.6, "longitude": 139.7},
]
CAROUSEL: Json = {
    "type": "template",
    "altText": "コース",
    "template": {
        "type": "carousel",
        "columns": [{"text": f"{n}番", "actions": [button("postback", f"コース{n}", data=str(n))]} for n in (1, 2, 3)],
    },
}
IMAGES: Json = {
    "type": "template",
    "altText": "写真",
    "template": {
        "type": "image_carousel",
        "columns": [{"imageUrl": NOWHERE, "action": button("postback", "写真1", data="1")}],
    },
}
CONFIRM: Json = {
    "type": "template",
    "altText": "確認",
    "template": {
        "type": "confirm",
        "text": "よろしいですか",
        "actions": [button("message", "はい", text="はい"), button("message", "いいえ", text="いいえ")],
    },
}
CARDS = [CAROUSEL, IMAGES, CONFIRM]
EMOJI: Json = {**text("やあ $ また"), "emojis": [{"index": 3, "productId": "p", "emojiId": "1"}]}
HOSTILE_MESSAGES: list[Json] = [
    {"type": "constructor"},
    {**text(HOSTILE), "sender": {"name": HOSTILE, "iconUrl": "javascript:alert(1)"}},
    {
        "type": "template",
        "altText": HOSTILE,
        "template": {
            "type": "buttons",
            "text": HOSTILE,
            "actions": [button("uri", "ひらく", uri="javascript:alert(1)")],
        },
    },
    {
        "type": "flex",
        "altText": HOSTILE,
        "contents": {
            "type": "bubble",
            "size": "constructor",
            "body": {
                "type": "box",
                "layout": "vertical",
                "backgroundColor": "url(https://nowhere.invalid/)",
                "contents": [
                    {"type": "toString"},
                    {
                        "type": "text",
                        "text": HOSTILE,
                        "color": "red;background:url(https://nowhere.invalid/)",
                        "size": "__proto__",
                    },
                ],
            },
        },
    },
]
